/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a machine has for its first start alone: an installer's kernel, started past its disc. */
#include "config.h"

#include "create/xeno-build-first-start.h"

static void remove_next (XenoBuild *build);

/* What runs keeps the kernel it was started with, and the disc. */
static gboolean
edit_next_start (XenoSpec  *spec,
                 gpointer   user_data,
                 GError   **error)
{
  static const char * const only_once[] = { "os/kernel", "os/initrd", "os/cmdline" };
  g_autoptr (GPtrArray) disks = xeno_spec_list_devices (spec, "disk");

  for (gsize i = 0; i < G_N_ELEMENTS (only_once); i++)
    xeno_spec_set_value (spec, only_once[i], NULL);
  xeno_spec_set_value (spec, "on_reboot", "restart");

  /* Where there is a reason why nothing was started, a person installs from the disc. */
  for (guint i = 0; user_data == NULL && i < disks->len; i++)
    {
      XenoDevice *disk = g_ptr_array_index (disks, i);
      g_autofree char *kind = xeno_device_dup_string (disk, "device");

      if (g_strcmp0 (kind, "cdrom") == 0)
        xeno_device_set_string (disk, "source-file", NULL);
    }
  return TRUE;
}

/* Why it did not start is the news, whatever else went wrong. */
static void
end (XenoBuild *build,
     GError    *error)
{
  if (build->start_error != NULL)
    g_clear_error (&error);
  build->done (build, build->start_error != NULL ? g_steal_pointer (&build->start_error) : error);
}

static void
removed_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  XenoBuild *build = user_data;
  GError *error = NULL;

  if (!xeno_storage_delete_finish (build->connection, result, &error))
    {
      end (build, error);
      return;
    }
  build->n_files_removed++;
  remove_next (build);
}

/* QEMU has read them by the time it runs; the initial RAM disk knows a password. */
static void
remove_next (XenoBuild *build)
{
  while (build->n_files_removed < build->files->len)
    {
      XenoPlanFile *file = g_ptr_array_index (build->files, build->n_files_removed);

      if (file->is_for_first_start)
        {
          xeno_storage_delete_async (build->connection, file->path, NULL, removed_cb, build);
          return;
        }
      build->n_files_removed++;
    }
  end (build, NULL);
}

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
  build->n_files_removed = 0;
  remove_next (build);
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
 * Lets the machine start from its disk the next time, and removes what it was started with.
 */
void
xeno_build_first_start_end (XenoBuild *build)
{
  xeno_machine_edit_async (build->machine, edit_next_start, NULL, NULL, NULL, edited_cb, build);
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
  xeno_machine_edit_async (build->machine, edit_next_start, error, NULL, NULL, edited_cb, build);
}
