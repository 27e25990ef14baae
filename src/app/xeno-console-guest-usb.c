/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which of this computer’s USB devices a guest is given. */
#include "config.h"

#include "app/xeno-console-guest-private.h"
#include "dialogs/xeno-usb-dialog.h"

/* Where the kernel lists USB devices. */
#define SYSFS_USB "/sys/bus/usb/devices"

static void
usb_devices_cb (GSimpleAction *action,
                GVariant      *parameter,
                gpointer       user_data)
{
  XenoConsoleGuest *self = user_data;

  gtk_window_present (GTK_WINDOW (xeno_usb_dialog_new (self->window, self->plugs, SYSFS_USB)));
}

void
xeno_console_guest_update_usb (XenoConsoleGuest *self)
{
  if (self->is_untrusted)
    xeno_usb_plugs_detach_all (self->plugs);
  g_simple_action_set_enabled (xeno_console_guest_get_action (self, "usb-devices"),
                               !xeno_console_is_view_only (self->console) &&
                               xeno_console_guest_may_share (self, XENO_DISPLAY_ABILITY_USB));
}

void
xeno_console_guest_add_usb (XenoConsoleGuest *self)
{
  static const GActionEntry entries[] = {
    { "usb-devices", usb_devices_cb },
  };

  g_action_map_add_action_entries (self->actions, entries, G_N_ELEMENTS (entries), self);
}
