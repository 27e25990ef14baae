/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A metric over time: its title, its newest values, and the plot. */
#pragma once

#include "widgets/xeno-plot.h"

G_BEGIN_DECLS

#define XENO_TYPE_GRAPH (xeno_graph_get_type ())

G_DECLARE_FINAL_TYPE (XenoGraph, xeno_graph, XENO, GRAPH, GtkBox)

GtkWidget  *xeno_graph_new       (void);
const char *xeno_graph_get_title (XenoGraph  *self);
void        xeno_graph_set_title (XenoGraph  *self,
                                  const char *title);
void        xeno_graph_set_scale (XenoGraph  *self,
                                  XenoUnit    unit,
                                  double      limit);
void        xeno_graph_set_line  (XenoGraph  *self,
                                  guint       line,
                                  const char *title,
                                  XenoSeries *series);
XenoPlot   *xeno_graph_get_plot  (XenoGraph  *self);

G_END_DECLS
