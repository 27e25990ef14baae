/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* USB devices of this computer's in a guest, by descriptors the app has opened. */
#pragma once

#include <spice-client.h>

G_BEGIN_DECLS

#define XENO_TYPE_DISPLAY_SPICE_USB (xeno_display_spice_usb_get_type ())

G_DECLARE_FINAL_TYPE (XenoDisplaySpiceUsb, xeno_display_spice_usb, XENO, DISPLAY_SPICE_USB, GObject)

XenoDisplaySpiceUsb *xeno_display_spice_usb_new    (SpiceSession        *session);
void                 xeno_display_spice_usb_attach (XenoDisplaySpiceUsb *self,
                                                    guint                number,
                                                    int                  fd,
                                                    GTask               *task);
void                 xeno_display_spice_usb_detach (XenoDisplaySpiceUsb *self,
                                                    guint                number);

G_END_DECLS
