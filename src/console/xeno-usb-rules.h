/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Kinds of USB devices that a guest is given whenever one is plugged in. */
#pragma once

#include "console/xeno-usb-plugs.h"
#include "passthrough/xeno-usb-monitor.h"

G_BEGIN_DECLS

#define XENO_TYPE_USB_RULES (xeno_usb_rules_get_type ())

/* Signals: "failed" (#GError) when a device could not be given to the guest. */
G_DECLARE_FINAL_TYPE (XenoUsbRules, xeno_usb_rules, XENO, USB_RULES, GObject)

XenoUsbRules *xeno_usb_rules_new        (XenoUsbPlugs       *plugs,
                                         XenoUsbMonitor     *monitor);
void          xeno_usb_rules_set_kinds  (XenoUsbRules       *self,
                                         const char *const  *kinds);
void          xeno_usb_rules_set_active (XenoUsbRules       *self,
                                         gboolean            is_active);

G_END_DECLS
