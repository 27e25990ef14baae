/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A keyboard and a mouse that belong to the X server, not to the program under test. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

void xdotool (const char *first,
              ...) G_GNUC_NULL_TERMINATED;

G_END_DECLS
