/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A USB device of this computer's that could be given to a machine. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define XENO_TYPE_USB_DEVICE (xeno_usb_device_get_type ())

G_DECLARE_FINAL_TYPE (XenoUsbDevice, xeno_usb_device, XENO, USB_DEVICE, GObject)

const char *xeno_usb_device_get_title   (XenoUsbDevice  *self);
const char *xeno_usb_device_get_details (XenoUsbDevice  *self);
const char *xeno_usb_device_get_kind    (XenoUsbDevice  *self);
guint       xeno_usb_device_get_number  (XenoUsbDevice  *self);
int         xeno_usb_device_open        (XenoUsbDevice  *self,
                                         GError        **error);
GListModel *xeno_usb_device_list        (const char     *sysfs);

G_END_DECLS
