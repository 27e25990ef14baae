/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Notices when a USB device is plugged into this computer. */
#pragma once

#include "passthrough/xeno-usb-device.h"

G_BEGIN_DECLS

#define XENO_TYPE_USB_MONITOR (xeno_usb_monitor_get_type ())

/* Signals: "listed" (#GListModel of #XenoUsbDevice) when it has looked. */
G_DECLARE_FINAL_TYPE (XenoUsbMonitor, xeno_usb_monitor, XENO, USB_MONITOR, GObject)

XenoUsbMonitor *xeno_usb_monitor_new  (const char     *sysfs);
void            xeno_usb_monitor_look (XenoUsbMonitor *self);

G_END_DECLS
