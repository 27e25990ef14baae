/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Gives up what a decoder does not need, before it reads what a stranger sends. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

void xeno_sandbox_limit (void);
void xeno_sandbox_seal  (void);

G_END_DECLS
