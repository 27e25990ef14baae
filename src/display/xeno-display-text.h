/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Clipboard text between what a display protocol carries and UTF-8 with line feeds. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

GBytes *xeno_display_text_from_crlf   (GBytes   *text);
GBytes *xeno_display_text_to_crlf     (GBytes   *text);
GBytes *xeno_display_text_from_latin1 (const char *text,
                                       gsize       size);
GBytes *xeno_display_text_to_latin1   (GBytes   *text);

G_END_DECLS
