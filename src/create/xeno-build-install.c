/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A machine that installs itself: how long that takes, and what comes then. */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "base/xeno-error.h"
#include "create/xeno-build-install.h"
#include "virt/xeno-verb.h"

static void
end_waiting (XenoBuild *build,
             GError    *error)
{
  g_clear_signal_handler (&build->state_id, build->machine);
  g_clear_signal_handler (&build->removed_id, build->connection);
  g_clear_signal_handler (&build->cancelled_id, build->cancellable);
  build->done (build, error);
}

/* So that a person can install what did not install itself. */
static gboolean
put_medium_back (XenoSpec  *spec,
                 gpointer   user_data,
                 GError   **error)
{
  g_autoptr (GPtrArray) disks = xeno_spec_list_devices (spec, "disk");
  g_autofree char *medium = xeno_spec_dup_note (spec, "made-from");

  for (guint i = 0; i < disks->len; i++)
    {
      XenoDevice *disk = g_ptr_array_index (disks, i);
      g_autofree char *kind = xeno_device_dup_string (disk, "device");
      g_autofree char *path = xeno_device_dup_string (disk, "source-file");

      if (g_strcmp0 (kind, "cdrom") != 0 || path != NULL)
        continue;
      xeno_device_set_string (disk, "source-file", medium);
      return TRUE;
    }
  return TRUE;
}

static void
put_back_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  XenoBuild *build = user_data;
  g_autoptr (GError) problem = NULL;

  if (!xeno_machine_edit_finish (build->machine, result, &problem))
    g_info ("%s", problem->message);
  build->done (build, g_steal_pointer (&build->start_error));
}

static void
give_up (XenoBuild *build)
{
  g_clear_signal_handler (&build->state_id, build->machine);
  g_clear_signal_handler (&build->removed_id, build->connection);
  g_clear_signal_handler (&build->cancelled_id, build->cancellable);
  build->start_error = xeno_error_new (XENO_ERROR_FAILED, xeno_machine_get_state_reason (build->machine),
                                       _("It was switched off before its system had installed itself. The disc is in "
                                         "its drive: start it and install from there, or delete it."));
  xeno_machine_edit_async (build->machine, put_medium_back, NULL, NULL, NULL, put_back_cb, build);
}

/* The installer ends by switching off, or by a restart, which switches off while its kernel would start again. */
static void
state_cb (XenoBuild *build)
{
  XenoMachineState state = xeno_machine_get_state (build->machine);

  if (state == XENO_MACHINE_OFF && xeno_machine_has_ended_itself (build->machine))
    end_waiting (build, NULL);
  else if (state == XENO_MACHINE_OFF || state == XENO_MACHINE_CRASHED)
    give_up (build);
}

static void
removed_cb (XenoConnection *connection,
            XenoMachine    *machine,
            XenoBuild      *build)
{
  if (machine == build->machine)
    end_waiting (build, xeno_error_new (XENO_ERROR_NOT_FOUND, NULL,
                                        _("It was deleted before its system had installed itself.")));
}

static gboolean
cancelled_idle_cb (gpointer user_data)
{
  XenoBuild *build = user_data;

  if (build->cancelled_id != 0)
    end_waiting (build, NULL);
  return G_SOURCE_REMOVE;
}

/* Not from within: who disconnects there waits for itself. */
static void
cancelled_cb (GCancellable *cancellable,
              XenoBuild    *build)
{
  g_idle_add_full (G_PRIORITY_DEFAULT, cancelled_idle_cb, build, NULL);
}

/*< private >
 * xeno_build_install_wait:
 * @build: what is being built, running
 *
 * Waits until the guest has installed itself.
 */
void
xeno_build_install_wait (XenoBuild *build)
{
  build->state_id = g_signal_connect_swapped (build->machine, "notify::state", G_CALLBACK (state_cb), build);
  build->removed_id = g_signal_connect (build->connection, "machine-removed", G_CALLBACK (removed_cb), build);
  build->cancelled_id = g_signal_connect (build->cancellable, "cancelled", G_CALLBACK (cancelled_cb), build);
  if (g_cancellable_is_cancelled (build->cancellable))
    end_waiting (build, NULL);
  else
    state_cb (build); /* it may have been quick */
}

static void
started_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  XenoBuild *build = user_data;
  GError *error = NULL;

  xeno_machine_run_finish (build->machine, result, &error);
  build->done (build, error);
}

/*< private >
 * xeno_build_install_start:
 * @build: what is being built, installed
 *
 * Starts what was installed.
 */
void
xeno_build_install_start (XenoBuild *build)
{
  xeno_machine_run_async (build->machine, xeno_verb_find ("start"), build->cancellable, started_cb, build);
}
