/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the two halves of the plot share: what it knows, and how that is drawn. */
#pragma once

#include "widgets/xeno-line-style.h"
#include "widgets/xeno-plot.h"

G_BEGIN_DECLS

#define WINDOW_US (5 * 60 * G_USEC_PER_SEC)
/* Samples further apart than this are not joined: nobody knows what was between them. */
#define LONGEST_STEP_US (5 * G_USEC_PER_SEC)

enum
{
  LABEL_TOP,
  LABEL_MIDDLE,
  LABEL_WIDE,
  LABEL_OLDEST,
  LABEL_NEWEST,
  LABEL_READOUT,
  N_LABELS
};

typedef struct
{
  XenoSeries *series;
  char       *title;
  gulong      changed_id;
} Line;

struct _XenoPlot
{
  GtkWidget        parent_instance;
  Line             lines[XENO_METRIC_MAX_LINES];
  XenoUnit         unit;
  double           limit;
  double           top;
  gint64           edge_us;
  double           pointer_x;
  gint64           cursor_us;
  guint            tick_id;
  graphene_rect_t  area; /* of the lines, between the labels */
  PangoLayout     *labels[N_LABELS];
};

guint    xeno_plot_find_sample    (XenoSeries  *series,
                                   gint64       time_us);
double   xeno_plot_find_value     (XenoSeries  *series,
                                   gint64       time_us);
gboolean xeno_plot_is_mirrored    (XenoPlot    *self);
gint64   xeno_plot_get_readout_us (XenoPlot    *self);
void     xeno_plot_draw           (GtkWidget   *widget,
                                   GtkSnapshot *snapshot);

G_END_DECLS
