/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What somebody may have meant who mistyped. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

const char *xeno_nearest (const char         *typed,
                          const char * const *candidates);

G_END_DECLS
