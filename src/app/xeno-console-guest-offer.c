/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A device that a machine needs before something can be shared with it: offered for its next start. */
#include "config.h"

#include <glib/gi18n.h>

#include "app/xeno-application.h"
#include "app/xeno-console-guest-private.h"
#include "spec/xeno-device.h"
#include "widgets/xeno-message-dialog.h"

void
xeno_console_guest_show_error (GtkWindow    *window,
                               const GError *error)
{
  GApplication *application = g_application_get_default ();

  if (application != NULL)
    xeno_application_show_error (XENO_APPLICATION (application), window, error);
}

/* Only then can its ports be served. */
gboolean
xeno_console_guest_speaks_spice (XenoSpec *spec)
{
  g_autoptr (GPtrArray) graphics = xeno_spec_list_devices (spec, "graphics");

  for (guint i = 0; i < graphics->len; i++)
    {
      g_autofree char *type = xeno_device_dup_string (graphics->pdata[i], "type");

      if (g_strcmp0 (type, "spice") == 0)
        return TRUE;
    }
  return FALSE;
}

static void
added_cb (GObject      *machine,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr (XenoConsoleGuest) self = user_data;
  g_autoptr (GError) error = NULL;

  if (!xeno_machine_edit_finish (XENO_MACHINE (machine), result, &error))
    xeno_console_guest_show_error (self->window, error);
}

static void
response_cb (XenoConsoleGuest *self,
             const char       *response,
             GtkWidget        *dialog)
{
  XenoMachine *machine = xeno_console_session_get_machine (self->session);
  XenoMachineEditFunc add = g_object_get_data (G_OBJECT (dialog), "add");

  if (g_strcmp0 (response, "add") == 0 && machine != NULL)
    xeno_machine_edit_async (machine, add, NULL, NULL, NULL, added_cb, g_object_ref (self));
}

void
xeno_console_guest_offer (XenoConsoleGuest    *self,
                          const char          *heading,
                          const char          *body,
                          const char          *label,
                          XenoMachineEditFunc  add)
{
  GtkWidget *dialog = xeno_message_dialog_new (self->window, heading, body);

  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "cancel", _("_Cancel"), "add", label, NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "add", ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "add");
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  g_object_set_data (G_OBJECT (dialog), "add", add);
  g_signal_connect_object (dialog, "response", G_CALLBACK (response_cb), self, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}
