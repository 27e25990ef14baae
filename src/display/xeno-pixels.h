/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* From the pixels a server has to the pixels the app takes. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

guint xeno_pixels_get_bytes (guint         format);
void  xeno_pixels_copy      (guint         format,
                             guchar       *to,
                             const guchar *from,
                             guint         n_pixels);

G_END_DECLS
