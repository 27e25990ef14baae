/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which USB devices of this computer's a guest has. */
#pragma once

#include "console/xeno-guest.h"
#include "passthrough/xeno-usb-device.h"

G_BEGIN_DECLS

#define XENO_TYPE_USB_PLUGS (xeno_usb_plugs_get_type ())

G_DECLARE_FINAL_TYPE (XenoUsbPlugs, xeno_usb_plugs, XENO, USB_PLUGS, GObject)

/* Signals: "changed" () when a guest has got or lost a device. */
XenoUsbPlugs *xeno_usb_plugs_new           (void);
void          xeno_usb_plugs_set_guest     (XenoUsbPlugs         *self,
                                            XenoGuest            *guest);
gboolean      xeno_usb_plugs_has           (XenoUsbPlugs         *self,
                                            XenoUsbDevice        *device);
void          xeno_usb_plugs_attach_async  (XenoUsbPlugs         *self,
                                            XenoUsbDevice        *device,
                                            GAsyncReadyCallback   callback,
                                            gpointer              user_data);
gboolean      xeno_usb_plugs_attach_finish (XenoUsbPlugs         *self,
                                            GAsyncResult         *result,
                                            GError              **error);
void          xeno_usb_plugs_detach        (XenoUsbPlugs         *self,
                                            XenoUsbDevice        *device);
void          xeno_usb_plugs_detach_all    (XenoUsbPlugs         *self);

G_END_DECLS
