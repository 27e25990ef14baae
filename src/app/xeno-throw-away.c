/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Throw-away copies of machines: started, shown, and held on to until nothing of them is left. */
#include "config.h"

#include "app/xeno-application.h"
#include "app/xeno-throw-away.h"
#include "create/xeno-disposable.h"

/* Without this process nobody removes what is left of it before the next start. */
static void
over_cb (XenoDisposable  *disposable,
         const GError    *error,
         XenoApplication *app)
{
  if (error != NULL)
    xeno_application_show_error (app, NULL, error);
  g_application_release (G_APPLICATION (app));
  g_object_unref (disposable);
}

static void
started_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  XenoDisposable *disposable = XENO_DISPOSABLE (source);
  XenoApplication *app = XENO_APPLICATION (g_application_get_default ());
  g_autoptr (GError) error = NULL;
  g_autoptr (XenoMachine) machine = xeno_disposable_start_finish (disposable, result, &error);

  if (machine != NULL)
    {
      g_action_group_activate_action (G_ACTION_GROUP (app), "open-console",
                                      g_variant_new_string (xeno_machine_get_uuid (machine)));
      return;
    }

  if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    xeno_application_show_error (app, NULL, error);
  g_application_release (G_APPLICATION (app));
  g_object_unref (disposable);
}

/**
 * xeno_throw_away_begin:
 * @machine: a machine that is off
 *
 * Runs a throw-away copy of a machine and shows its screen. With a machine that nothing is shared with,
 * the copy has no way out either.
 */
void
xeno_throw_away_begin (XenoMachine *machine)
{
  XenoApplication *app = XENO_APPLICATION (g_application_get_default ());
  g_autoptr (XenoJob) job = NULL;
  XenoDisposable *disposable;

  g_return_if_fail (XENO_IS_MACHINE (machine));

  disposable = xeno_disposable_new_for_machine (machine, xeno_machine_is_untrusted (machine), FALSE);
  g_signal_connect_object (disposable, "over", G_CALLBACK (over_cb), app, 0);
  g_application_hold (G_APPLICATION (app));
  job = xeno_disposable_start (disposable, xeno_machine_get_connection (machine), started_cb, NULL);
  xeno_application_add_job (app, job);
}
