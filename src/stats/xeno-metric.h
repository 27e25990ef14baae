/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The table of what is measured; every graph comes from a row of it. */
#pragma once

#include "virt/xeno-stats-record.h"

G_BEGIN_DECLS

typedef enum { XENO_UNIT_PERCENT, XENO_UNIT_BYTES, XENO_UNIT_BYTES_PER_SECOND } XenoUnit;

/* A metric has one or two lines ("read", "written"). A rate is made from two records, a level from one. */
typedef struct
{
  const char *id;             /* "cpu", "memory", "disk", "network" */
  const char *title;          /* N_("Processor") */
  XenoUnit    unit;
  guint       n_lines;
  const char *line_titles[2]; /* N_("Read"), N_("Written") */
  gboolean    is_rate;
  /* The value of @line at @now; NaN where not known or counters went back. @before is NULL for levels. */
  double    (*read) (const XenoStatsRecord *now, const XenoStatsRecord *before, guint line);
  /* The natural upper end of the scale (100 %, all memory), or 0 for one that follows the data. */
  double    (*limit) (const XenoStatsRecord *now);
} XenoMetric;

const XenoMetric *xeno_metric_list (gsize *n_metrics);
const XenoMetric *xeno_metric_find (const char *id);

G_END_DECLS
