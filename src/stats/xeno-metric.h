/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The table of what is measured; every graph comes from a row of it. */
#pragma once

#include "virt/xeno-stats-record.h"

G_BEGIN_DECLS

/**
 * XenoUnit:
 * @XENO_UNIT_PERCENT: a share, 100 for all of it
 * @XENO_UNIT_BYTES: an amount
 * @XENO_UNIT_BYTES_PER_SECOND: a rate
 *
 * What a value counts.
 */
typedef enum
{
  XENO_UNIT_PERCENT,
  XENO_UNIT_BYTES,
  XENO_UNIT_BYTES_PER_SECOND,
} XenoUnit;

#define XENO_METRIC_MAX_LINES 2

/**
 * XenoMetric:
 * @id: stable name: "cpu", "memory", "disk", "network"
 * @title: untranslated title, marked with N_()
 * @unit: what its values count
 * @n_lines: how many lines its graph has
 * @line_titles: untranslated titles of the lines, marked with N_()
 * @is_rate: whether a value takes two records
 * @read: the value of @line at @now; NaN where it is not known or counters went back. @before is
 *   %NULL for levels
 * @limit: the natural upper end of the scale, or 0 for one that follows the data
 *
 * One row.
 */
typedef struct
{
  const char *id;
  const char *title;
  XenoUnit    unit;
  guint       n_lines;
  const char *line_titles[XENO_METRIC_MAX_LINES];
  gboolean    is_rate;
  double    (*read)  (const XenoStatsRecord *now,
                      const XenoStatsRecord *before,
                      guint                  line);
  double    (*limit) (const XenoStatsRecord *now);
} XenoMetric;

const XenoMetric *xeno_metric_list (gsize                 *n_metrics);
const XenoMetric *xeno_metric_find (const char            *id);
double            xeno_metric_read (const XenoMetric      *metric,
                                    const XenoStatsRecord *now,
                                    const XenoStatsRecord *before,
                                    guint                  line);

G_END_DECLS
