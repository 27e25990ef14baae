/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How the lines of a graph look, so that two can be told apart without seeing colours. */
#pragma once

#include <gtk/gtk.h>

#include "stats/xeno-metric.h"

G_BEGIN_DECLS

void xeno_line_style_get_foreground (GtkWidget *widget,
                                     GdkRGBA   *color);
void xeno_line_style_get_color      (GtkWidget *widget,
                                     guint      line,
                                     GdkRGBA   *color);
void xeno_line_style_set_stroke     (GtkWidget *widget,
                                     cairo_t   *cr,
                                     guint      line,
                                     double     width);

G_END_DECLS
