/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Whether a display's server is who it says it is. */
#pragma once

#include "viewer/xeno-address.h"

G_BEGIN_DECLS

/**
 * XenoTrust:
 * @XENO_TRUST_UNKNOWN: nobody vouches for it, and it was never seen before
 * @XENO_TRUST_GIVEN: somebody vouches for it, or the person did
 * @XENO_TRUST_CHANGED: the person trusts another one of this server's
 * @XENO_TRUST_DENIED: who would have to vouch for it does not
 *
 * What is to be thought of a certificate.
 */
typedef enum
{
  XENO_TRUST_UNKNOWN,
  XENO_TRUST_GIVEN,
  XENO_TRUST_CHANGED,
  XENO_TRUST_DENIED,
} XenoTrust;

XenoTrust  xeno_certificate_judge              (GTlsCertificate      *certificate,
                                                GTlsCertificateFlags  problems,
                                                const XenoAddress    *address,
                                                const char           *known);
char      *xeno_certificate_dup_fingerprint    (GTlsCertificate      *certificate);
char      *xeno_certificate_recall_fingerprint (GSettings            *settings,
                                                const XenoAddress    *address);
void       xeno_certificate_store_fingerprint  (GSettings            *settings,
                                                const XenoAddress    *address,
                                                const char           *fingerprint);

G_END_DECLS
