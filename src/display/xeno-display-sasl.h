/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Has SASL's mechanisms load what they need while there are files. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

void xeno_display_load_sasl (void);

G_END_DECLS
