/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The gate that text from guests, images and servers passes before anybody reads it. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

char    *xeno_text_clean    (const char *text,
                             gssize      length,
                             guint       max_chars);
gboolean xeno_text_is_plain (const char *text);

G_END_DECLS
