/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How somebody says by SASL who they are: with what was loaded in time, and never in clear. */
#pragma once

#include "display/xeno-display-protocol.h"

G_BEGIN_DECLS

void               xeno_display_load_sasl      (void);
void               xeno_display_sasl_take_link (gboolean           link_is_certified);
XenoDisplayFailure xeno_display_sasl_explain   (XenoDisplayFailure failure);

G_END_DECLS
