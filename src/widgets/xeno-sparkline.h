/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The last minute of a series in the space of a word. */
#pragma once

#include <gtk/gtk.h>

#include "base/xeno-series.h"

G_BEGIN_DECLS

#define XENO_TYPE_SPARKLINE (xeno_sparkline_get_type ())

G_DECLARE_FINAL_TYPE (XenoSparkline, xeno_sparkline, XENO, SPARKLINE, GtkWidget)

GtkWidget  *xeno_sparkline_new        (void);
XenoSeries *xeno_sparkline_get_series (XenoSparkline *self);
void        xeno_sparkline_set_series (XenoSparkline *self,
                                       XenoSeries    *series);

G_END_DECLS
