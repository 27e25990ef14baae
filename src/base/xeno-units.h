/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Amounts as people read and write them. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

char    *xeno_units_format_size     (guint64      bytes);
char    *xeno_units_format_rate     (double       bytes_per_second);
char    *xeno_units_format_percent  (double       percent);
char    *xeno_units_format_duration (guint64      seconds);
gboolean xeno_units_parse_size      (const char  *text,
                                     guint64     *bytes,
                                     GError     **error);
gboolean xeno_units_parse_duration  (const char  *text,
                                     guint       *seconds,
                                     GError     **error);

G_END_DECLS
