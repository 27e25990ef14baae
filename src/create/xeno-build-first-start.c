/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a machine has for its first start alone: an installer's kernel, started past its disc, or its answers. */
#include "config.h"

#include "create/xeno-build-files.h"
#include "create/xeno-build-first-start.h"

static gboolean
is_for_first_start (XenoBuild  *build,
                    const char *path)
{
  for (guint i = 0; path != NULL && i < build->files->len; i++)
    {
      XenoPlanFile *file = g_ptr_array_index (build->files, i);

      if (file->is_for_first_start && g_strcmp0 (file->path, path) == 0)
        return TRUE;
    }
  return FALSE;
}

/* What runs keeps the kernel it was started with, and the discs. */
static gboolean
edit_next_start (XenoSpec  *spec,
                 gpointer   user_data,
                 GError   **error)
{
  static const char * const only_once[] = { "os/kernel", "os/initrd", "os/cmdline" };
  XenoBuild *build = user_data;
  g_autoptr (GPtrArray) disks = xeno_spec_list_devices (spec, "disk");
  g_autofree char *medium = xeno_spec_dup_note (spec, "made-from");
  g_autofree char *kernel = xeno_spec_dup_value (spec, "os/kernel");

  for (gsize i = 0; is_for_first_start (build, kernel) && i < G_N_ELEMENTS (only_once); i++)
    xeno_spec_set_value (spec, only_once[i], NULL);
  xeno_spec_set_value (spec, "on_reboot", "restart");

  for (guint i = 0; i < disks->len; i++)
    {
      XenoDevice *disk = g_ptr_array_index (disks, i);
      g_autofree char *path = xeno_device_dup_string (disk, "source-file");

      if (is_for_first_start (build, path))
        xeno_spec_remove_device (spec, disk);
      else if (path != NULL && !build->keeps_medium && g_strcmp0 (path, medium) == 0)
        xeno_device_set_string (disk, "source-file", NULL);
    }
  return TRUE;
}

/* Why it did not start is the news, whatever else went wrong. */
static void
end (XenoBuild *build,
     GError    *error)
{
  build->is_put_away = error == NULL;
  build->puts_away = FALSE;
  build->done = build->done_putting_away;
  if (build->start_error != NULL)
    g_clear_error (&error);
  build->done (build, build->start_error != NULL ? g_steal_pointer (&build->start_error) : error);
}

/* They know a password. QEMU has read them by the time it runs, or has them open: only their names go. */
static void
edited_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  XenoBuild *build = user_data;
  GError *error = NULL;

  if (!xeno_machine_edit_finish (build->machine, result, &error))
    {
      end (build, error);
      return;
    }
  build->puts_away = TRUE;
  xeno_build_files_remove (build);
}

/*< private >
 * xeno_build_first_start_is_needed:
 * @build: what is being built
 *
 * Returns: whether the machine was started with what it shall not have again
 */
gboolean
xeno_build_first_start_is_needed (XenoBuild *build)
{
  for (guint i = 0; build->start_machine && i < build->files->len; i++)
    if (((XenoPlanFile *) g_ptr_array_index (build->files, i))->is_for_first_start)
      return TRUE;
  return FALSE;
}

/*< private >
 * xeno_build_first_start_end:
 * @build: what is being built, running
 *
 * Lets the machine start from its disk the next time, and removes what it was started with. May be done
 * again where a process died in the middle of it.
 */
void
xeno_build_first_start_end (XenoBuild *build)
{
  build->done_putting_away = build->done;
  build->done = end;
  xeno_machine_edit_async (build->machine, edit_next_start, build, NULL, NULL, edited_cb, build);
}

/*< private >
 * xeno_build_first_start_give_up:
 * @build: what is being built, not running
 * @error: (transfer full): why it did not start
 *
 * Makes it a machine as any other, whose disc is in its drive, and ends with @error.
 */
void
xeno_build_first_start_give_up (XenoBuild *build,
                                GError    *error)
{
  build->start_error = error;
  build->keeps_medium = TRUE;
  xeno_build_first_start_end (build);
}
