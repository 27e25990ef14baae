/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which of this computer’s USB devices a guest is given. */
#include "config.h"

#include "app/xeno-application.h"
#include "app/xeno-console-guest-private.h"
#include "app/xeno-share-memory.h"
#include "dialogs/xeno-usb-dialog.h"

/* Where the kernel lists USB devices. */
#define SYSFS_USB "/sys/bus/usb/devices"

static void
failed_cb (XenoConsoleGuest *self,
           GError           *error)
{
  GApplication *application = g_application_get_default ();

  if (application != NULL)
    xeno_application_show_error (XENO_APPLICATION (application), self->window, error);
}

static gboolean
may_share_usb (XenoConsoleGuest *self)
{
  return !xeno_console_is_view_only (self->console) &&
         xeno_console_guest_may_share (self, XENO_DISPLAY_ABILITY_USB);
}

/* Nobody looks for devices while there is no rule for one. */
static void
recall_rules (XenoConsoleGuest *self)
{
  XenoMachine *machine = xeno_console_session_get_machine (self->session);
  g_auto (GStrv) kinds = NULL;

  if (machine == NULL)
    return;

  kinds = xeno_share_memory_dup_kinds (self->settings, xeno_machine_get_uuid (machine));
  if (*kinds == NULL)
    {
      g_clear_object (&self->usb_rules);
      return;
    }

  if (self->usb_rules == NULL)
    {
      g_autoptr (XenoUsbMonitor) monitor = xeno_usb_monitor_new (SYSFS_USB);

      self->usb_rules = xeno_usb_rules_new (self->plugs, monitor);
      g_signal_connect_object (self->usb_rules, "failed", G_CALLBACK (failed_cb), self, G_CONNECT_SWAPPED);
    }
  xeno_usb_rules_set_kinds (self->usb_rules, (const char *const *) kinds);
  xeno_usb_rules_set_active (self->usb_rules, may_share_usb (self));
}

static void
kind_cb (XenoConsoleGuest *self,
         const char       *kind,
         gboolean          is_given)
{
  XenoMachine *machine = xeno_console_session_get_machine (self->session);

  xeno_share_memory_set_kind (self->settings, xeno_machine_get_uuid (machine), kind, is_given);
}

static void
usb_devices_cb (GSimpleAction *action,
                GVariant      *parameter,
                gpointer       user_data)
{
  XenoConsoleGuest *self = user_data;
  XenoMachine *machine = xeno_console_session_get_machine (self->session);
  GtkWidget *dialog = xeno_usb_dialog_new (self->window, self->plugs, SYSFS_USB);

  if (machine != NULL)
    {
      g_auto (GStrv) kinds = xeno_share_memory_dup_kinds (self->settings, xeno_machine_get_uuid (machine));

      xeno_usb_dialog_set_kinds (XENO_USB_DIALOG (dialog), (const char *const *) kinds);
      g_signal_connect_object (dialog, "kind-changed", G_CALLBACK (kind_cb), self, G_CONNECT_SWAPPED);
    }
  gtk_window_present (GTK_WINDOW (dialog));
}

void
xeno_console_guest_update_usb (XenoConsoleGuest *self)
{
  if (self->is_untrusted)
    xeno_usb_plugs_detach_all (self->plugs);
  if (self->usb_rules != NULL)
    xeno_usb_rules_set_active (self->usb_rules, may_share_usb (self));
  g_simple_action_set_enabled (xeno_console_guest_get_action (self, "usb-devices"), may_share_usb (self));
}

void
xeno_console_guest_add_usb (XenoConsoleGuest *self)
{
  static const GActionEntry entries[] = {
    { "usb-devices", usb_devices_cb },
  };

  g_action_map_add_action_entries (self->actions, entries, G_N_ELEMENTS (entries), self);
  g_signal_connect_object (self->settings, "changed::usb-rules", G_CALLBACK (recall_rules), self,
                           G_CONNECT_SWAPPED);
  recall_rules (self);
}
