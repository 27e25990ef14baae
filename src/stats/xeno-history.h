/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What was measured of one machine: a series for every line of every metric. */
#pragma once

#include "base/xeno-series.h"
#include "stats/xeno-metric.h"

G_BEGIN_DECLS

/* Ten minutes at one sample a second. */
#define XENO_HISTORY_CAPACITY 600

#define XENO_TYPE_HISTORY (xeno_history_get_type ())

G_DECLARE_FINAL_TYPE (XenoHistory, xeno_history, XENO, HISTORY, GObject)

XenoHistory           *xeno_history_new        (void);
void                   xeno_history_push       (XenoHistory           *self,
                                                const XenoStatsRecord *record);
void                   xeno_history_push_gap   (XenoHistory           *self,
                                                gint64                 time_us);
XenoSeries            *xeno_history_get_series (XenoHistory           *self,
                                                const XenoMetric      *metric,
                                                guint                  line);
const XenoStatsRecord *xeno_history_get_record (XenoHistory           *self);

G_END_DECLS
