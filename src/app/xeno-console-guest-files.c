/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Files a person drops on a console, or chooses, on their way into the guest. */
#include "config.h"

#include <glib/gi18n.h>

#include "app/xeno-application.h"
#include "app/xeno-console-guest-private.h"
#include "app/xeno-file-sender.h"

void
xeno_console_guest_update_files (XenoConsoleGuest *self)
{
  g_simple_action_set_enabled (xeno_console_guest_get_action (self, "send-files"),
                               self->job == NULL && !xeno_console_is_view_only (self->console) &&
                               xeno_console_guest_may_share (self, XENO_DISPLAY_ABILITY_FILES));
}

static void
job_cb (XenoConsoleGuest *self)
{
  if (xeno_job_get_state (self->job) == XENO_JOB_RUNNING)
    return;

  g_clear_object (&self->job);
  xeno_console_guest_notify_job (self);
  xeno_console_guest_update_files (self);
}

static void
chosen_cb (GtkFileChooserNative *chooser,
           int                   response,
           XenoConsoleGuest     *self)
{
  g_autoptr (GListModel) files = gtk_file_chooser_get_files (GTK_FILE_CHOOSER (chooser));

  if (response == GTK_RESPONSE_ACCEPT)
    xeno_console_guest_send_files (self, files);
  gtk_native_dialog_destroy (GTK_NATIVE_DIALOG (chooser));
  g_object_unref (chooser);
}

static void
send_files_cb (GSimpleAction *action,
               GVariant      *parameter,
               gpointer       user_data)
{
  XenoConsoleGuest *self = user_data;
  GtkFileChooserNative *chooser =
    gtk_file_chooser_native_new (_("Send Files"), self->window, GTK_FILE_CHOOSER_ACTION_OPEN, _("_Send"), NULL);

  gtk_file_chooser_set_select_multiple (GTK_FILE_CHOOSER (chooser), TRUE);
  g_signal_connect_object (chooser, "response", G_CALLBACK (chosen_cb), self, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (chooser));
}

static gboolean
drop_cb (XenoConsoleGuest *self,
         const GValue     *value)
{
  GSList *dropped = g_value_get_boxed (value);
  g_autoptr (GListStore) files = g_list_store_new (G_TYPE_FILE);

  if (!g_action_get_enabled (G_ACTION (xeno_console_guest_get_action (self, "send-files"))))
    return FALSE;

  for (; dropped != NULL; dropped = dropped->next)
    g_list_store_append (files, dropped->data);
  xeno_console_guest_send_files (self, G_LIST_MODEL (files));
  return TRUE;
}

static GdkDragAction
enter_cb (XenoConsoleGuest *self)
{
  GAction *action = G_ACTION (xeno_console_guest_get_action (self, "send-files"));

  return g_action_get_enabled (action) ? GDK_ACTION_COPY : 0;
}

static void
add_drop_target (XenoConsoleGuest *self)
{
  GtkDropTarget *target = gtk_drop_target_new (GDK_TYPE_FILE_LIST, GDK_ACTION_COPY);

  g_signal_connect_object (target, "enter", G_CALLBACK (enter_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (target, "motion", G_CALLBACK (enter_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (target, "drop", G_CALLBACK (drop_cb), self, G_CONNECT_SWAPPED);
  gtk_widget_add_controller (GTK_WIDGET (self->console), GTK_EVENT_CONTROLLER (target));
}

void
xeno_console_guest_add_files (XenoConsoleGuest *self)
{
  static const GActionEntry entries[] = {
    { "send-files", send_files_cb },
  };

  g_action_map_add_action_entries (self->actions, entries, G_N_ELEMENTS (entries), self);
  add_drop_target (self);
}

void
xeno_console_guest_dispose_files (XenoConsoleGuest *self)
{
  if (self->job != NULL)
    g_signal_handlers_disconnect_by_data (self->job, self);
  g_clear_object (&self->job);
}

/**
 * xeno_console_guest_send_files:
 * @self: a console's guest
 * @files: a list of #GFile
 *
 * Sends them into the guest, one after the other.
 */
void
xeno_console_guest_send_files (XenoConsoleGuest *self,
                               GListModel       *files)
{
  GApplication *application = g_application_get_default ();
  XenoGuest *guest;

  g_return_if_fail (XENO_IS_CONSOLE_GUEST (self));
  g_return_if_fail (G_IS_LIST_MODEL (files));

  guest = xeno_console_guest_get_guest (self);
  if (self->job != NULL || self->is_untrusted || guest == NULL || g_list_model_get_n_items (files) == 0)
    return;

  self->job = xeno_file_sender_start (guest, xeno_console_session_get_title (self->session), files);
  g_signal_connect_object (self->job, "notify::state", G_CALLBACK (job_cb), self, G_CONNECT_SWAPPED);
  if (application != NULL)
    xeno_application_add_job (XENO_APPLICATION (application), self->job);
  xeno_console_guest_notify_job (self);
  xeno_console_guest_update_files (self);
}
