/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The picture in a graph: five minutes of one or two series, a scale, and a readout to move over it. */
#pragma once

#include <gtk/gtk.h>

#include "base/xeno-series.h"
#include "stats/xeno-metric.h"

G_BEGIN_DECLS

#define XENO_TYPE_PLOT (xeno_plot_get_type ())

G_DECLARE_FINAL_TYPE (XenoPlot, xeno_plot, XENO, PLOT, GtkWidget)

GtkWidget  *xeno_plot_new              (void);
void        xeno_plot_set_scale        (XenoPlot   *self,
                                        XenoUnit    unit,
                                        double      limit);
void        xeno_plot_set_line         (XenoPlot   *self,
                                        guint       line,
                                        const char *title,
                                        XenoSeries *series);
double      xeno_plot_get_top          (XenoPlot   *self);
char       *xeno_plot_dup_value_text   (XenoPlot   *self,
                                        guint       line);
char       *xeno_plot_dup_readout_text (XenoPlot   *self);

G_END_DECLS
