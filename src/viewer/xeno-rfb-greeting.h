/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Greets a VNC server as far as its TLS, so that the decoder finds none. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * XenoRfbEncryption:
 * @XENO_RFB_PLAIN: everybody on the way can read along
 * @XENO_RFB_ANONYMOUS: encrypted by the decoder, but nobody knows who is at the other end
 * @XENO_RFB_CERTIFIED: to be encrypted now, before anything else; the server will show a certificate
 *
 * How what passes is protected.
 */
typedef enum
{
  XENO_RFB_PLAIN,
  XENO_RFB_ANONYMOUS,
  XENO_RFB_CERTIFIED,
} XenoRfbEncryption;

/**
 * XenoRfbGreeting:
 * @encryption: how what passes is protected
 * @wants_plain: within TLS, name and password follow as they are
 * @prelude: what a server with nothing but the chosen way would have told a client until now
 * @n_replies: how many bytes that client replies to it, which are not for the server
 *
 * What came of a greeting.
 */
typedef struct
{
  XenoRfbEncryption  encryption;
  gboolean           wants_plain;
  GByteArray        *prelude;
  gsize              n_replies;
} XenoRfbGreeting;

gboolean xeno_rfb_greet      (GIOStream        *stream,
                              gboolean          is_remote,
                              const char       *place,
                              XenoRfbGreeting  *greeting,
                              GCancellable     *cancellable,
                              GError          **error);
gboolean xeno_rfb_send_plain (GIOStream        *stream,
                              const char       *username,
                              const char       *password,
                              GCancellable     *cancellable,
                              GError          **error);

G_END_DECLS
