/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Machines that install themselves: the person hears when one is ready. */
#include "config.h"

#include <glib/gi18n.h>

#include "app/xeno-application-private.h"
#include "base/xeno-text.h"

#define MAX_TITLE_CHARS 60

typedef struct
{
  XenoApplication *application;
  XenoMachine     *machine;
} Installation;

static void
installation_free (gpointer  data,
                   GClosure *closure)
{
  Installation *installation = data;

  g_object_unref (installation->application);
  g_object_unref (installation->machine);
  g_free (installation);
}

static void
notify (Installation *installation)
{
  const char *uuid = xeno_machine_get_uuid (installation->machine);
  g_autofree char *title = xeno_text_clean (xeno_machine_get_title (installation->machine), -1, MAX_TITLE_CHARS);
  /* Translators: %s is the title of a machine */
  g_autofree char *text = g_strdup_printf (_("“%s” is installed and ready"), title);
  g_autoptr (GNotification) notification = g_notification_new (text);

  g_notification_set_default_action_and_target (notification, "app.open-console", "s", uuid);
  g_notification_add_button_with_target (notification, _("Open Console"), "app.open-console", "s", uuid);
  g_application_send_notification (G_APPLICATION (installation->application), uuid, notification);
}

static void
state_cb (XenoJob      *job,
          GParamSpec   *pspec,
          Installation *installation)
{
  if (xeno_job_get_state (job) == XENO_JOB_DONE)
    notify (installation);
  else if (xeno_job_get_state (job) == XENO_JOB_FAILED)
    xeno_application_show_error (installation->application, NULL, xeno_job_get_error (job));
}

/**
 * xeno_application_watch_installation:
 * @self: the application
 * @machine: a machine that was just made
 *
 * Tells the person on the desktop when the machine has installed itself, if it does that.
 */
void
xeno_application_watch_installation (XenoApplication *self,
                                     XenoMachine     *machine)
{
  GListModel *jobs = xeno_application_get_jobs (self);

  for (guint i = 0; i < g_list_model_get_n_items (jobs); i++)
    {
      g_autoptr (XenoJob) job = g_list_model_get_item (jobs, i);
      Installation *installation;

      if (xeno_job_get_state (job) != XENO_JOB_RUNNING || !xeno_job_is_usable (job)
          || g_strcmp0 (xeno_job_get_subject (job), xeno_machine_get_uuid (machine)) != 0)
        continue;

      installation = g_new0 (Installation, 1);
      installation->application = g_object_ref (self);
      installation->machine = g_object_ref (machine);
      g_signal_connect_data (job, "notify::state", G_CALLBACK (state_cb), installation, installation_free, 0);
    }
}
