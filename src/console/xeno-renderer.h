/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Chooses how GTK draws before the first window is made. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

void xeno_renderer_prepare (void);
void xeno_renderer_choose  (void);

G_END_DECLS
