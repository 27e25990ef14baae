/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which of this computer's USB devices a machine shall have. */
#pragma once

#include <adwaita.h>

#include "console/xeno-usb-plugs.h"

G_BEGIN_DECLS

#define XENO_TYPE_USB_DIALOG (xeno_usb_dialog_get_type ())

/* Signals: "kind-changed" (kind, is_given) when a person says what the machine is always given. */
G_DECLARE_FINAL_TYPE (XenoUsbDialog, xeno_usb_dialog, XENO, USB_DIALOG, AdwWindow)

GtkWidget *xeno_usb_dialog_new       (GtkWindow          *parent,
                                      XenoUsbPlugs       *plugs,
                                      const char         *sysfs);
void       xeno_usb_dialog_set_kinds (XenoUsbDialog      *self,
                                      const char *const  *kinds);

G_END_DECLS
