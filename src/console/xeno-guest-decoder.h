/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A guest as a decoder process reaches it. */
#pragma once

#include "console/xeno-guest.h"

G_BEGIN_DECLS

#define XENO_TYPE_GUEST_DECODER (xeno_guest_decoder_get_type ())

G_DECLARE_FINAL_TYPE (XenoGuestDecoder, xeno_guest_decoder, XENO, GUEST_DECODER, XenoGuest)

XenoGuest *xeno_guest_decoder_new            (void);
void       xeno_guest_decoder_set_connection (XenoGuestDecoder      *self,
                                              GDBusConnection       *connection);
gboolean   xeno_guest_decoder_take           (XenoGuestDecoder      *self,
                                              const char            *method,
                                              GVariant              *parameters,
                                              GDBusMethodInvocation *invocation);

G_END_DECLS
