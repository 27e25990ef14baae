/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One connection to a display's server, from the first byte until a decoder can read it. */
#pragma once

#include "viewer/xeno-certificate.h"

G_BEGIN_DECLS

/**
 * XenoViewerAttempt:
 * @address: where to
 * @known: (nullable): the fingerprint the person trusts
 * @username: (nullable): who the person is
 * @password: (nullable): what proves it
 * @certificate: (nullable): what the server showed and was not believed
 * @trust: why it was not
 * @wants_credentials: the server wants to know name and password before it goes on
 * @is_encrypted: nobody on the way can read along
 * @is_certified: nobody at all but the server whose certificate is believed
 *
 * What one attempt needs, and what it found out when it came to nothing.
 */
typedef struct
{
  XenoAddress     *address;
  char            *known;
  char            *username;
  char            *password;
  GTlsCertificate *certificate;
  XenoTrust        trust;
  gboolean         wants_credentials;
  gboolean         is_encrypted;
  gboolean         is_certified;
} XenoViewerAttempt;

void                     xeno_viewer_attempt_run_async  (XenoAddress          *address,
                                                         const char           *known,
                                                         const char           *username,
                                                         const char           *password,
                                                         GCancellable         *cancellable,
                                                         GAsyncReadyCallback   callback,
                                                         gpointer              user_data);
int                      xeno_viewer_attempt_run_finish (GAsyncResult         *result,
                                                         GError              **error);
const XenoViewerAttempt *xeno_viewer_attempt_get        (GAsyncResult         *result);

G_END_DECLS
