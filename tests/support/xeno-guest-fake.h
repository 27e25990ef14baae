/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A guest beside pixels and keys without a guest: a test is its agent. */
#pragma once

#include "console/xeno-guest.h"

G_BEGIN_DECLS

#define XENO_TYPE_GUEST_FAKE (xeno_guest_fake_get_type ())

G_DECLARE_FINAL_TYPE (XenoGuestFake, xeno_guest_fake, XENO, GUEST_FAKE, XenoGuest)

XenoGuest *xeno_guest_fake_new         (void);
char      *xeno_guest_fake_take_notes  (XenoGuestFake *self);
void       xeno_guest_fake_set_content (XenoGuestFake *self,
                                        GBytes        *content);
void       xeno_guest_fake_end_file    (XenoGuestFake *self,
                                        const char    *reason);

G_END_DECLS
