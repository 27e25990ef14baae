/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Asks a guest for the size its screen should have: not too often, and one size at a time. */
#pragma once

#include "console/xeno-guest.h"

G_BEGIN_DECLS

#define XENO_TYPE_GUEST_SIZER (xeno_guest_sizer_get_type ())

G_DECLARE_FINAL_TYPE (XenoGuestSizer, xeno_guest_sizer, XENO, GUEST_SIZER, GObject)

/* Signals: "wanted" (guint width, guint height) when a size is wanted that the guest may follow. */
XenoGuestSizer *xeno_guest_sizer_new         (void);
void            xeno_guest_sizer_set_guest   (XenoGuestSizer *self,
                                              XenoGuest      *guest);
gboolean        xeno_guest_sizer_is_enabled  (XenoGuestSizer *self);
void            xeno_guest_sizer_set_enabled (XenoGuestSizer *self,
                                              gboolean        enabled);
void            xeno_guest_sizer_set_size    (XenoGuestSizer *self,
                                              guint           width,
                                              guint           height);
void            xeno_guest_sizer_want        (XenoGuestSizer *self,
                                              guint           width,
                                              guint           height);

G_END_DECLS
