/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What was measured of one machine: a series for every line of every metric. */
#include "config.h"

#include "stats/xeno-history.h"
#include "virt/xeno-machine.h"

struct _XenoHistory
{
  GObject          parent_instance;
  XenoStatsRecord  record;
  gboolean         has_record; /* there is no gap between it and the next one */
  GPtrArray       *series;     /* line after line of metric after metric */
};

G_DEFINE_FINAL_TYPE (XenoHistory, xeno_history, G_TYPE_OBJECT)

static guint
get_index (const XenoMetric *metric,
           guint             line)
{
  gsize n_metrics;

  return (metric - xeno_metric_list (&n_metrics)) * XENO_METRIC_MAX_LINES + line;
}

static gboolean
is_at_work (const XenoStatsRecord *record)
{
  return record->state == XENO_MACHINE_RUNNING || record->state == XENO_MACHINE_SHUTTING_DOWN;
}

static void
xeno_history_finalize (GObject *object)
{
  g_ptr_array_unref (XENO_HISTORY (object)->series);

  G_OBJECT_CLASS (xeno_history_parent_class)->finalize (object);
}

static void
xeno_history_class_init (XenoHistoryClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = xeno_history_finalize;
}

static void
xeno_history_init (XenoHistory *self)
{
  gsize n_metrics;

  xeno_metric_list (&n_metrics);
  self->series = g_ptr_array_new_with_free_func (g_object_unref);
  for (gsize i = 0; i < n_metrics * XENO_METRIC_MAX_LINES; i++)
    g_ptr_array_add (self->series, xeno_series_new (XENO_HISTORY_CAPACITY));
}

/**
 * xeno_history_new:
 *
 * Makes an empty history.
 *
 * Returns: (transfer full): the history
 */
XenoHistory *
xeno_history_new (void)
{
  return g_object_new (XENO_TYPE_HISTORY, NULL);
}

/**
 * xeno_history_push:
 * @self: a history
 * @record: what was just measured
 *
 * Adds a sample to every series. A machine that does not run leaves a gap.
 */
void
xeno_history_push (XenoHistory           *self,
                   const XenoStatsRecord *record)
{
  const XenoMetric *metrics;
  gsize n_metrics;

  g_return_if_fail (XENO_IS_HISTORY (self));
  g_return_if_fail (record != NULL);

  if (!is_at_work (record))
    {
      xeno_history_push_gap (self, record->time_us);
      return;
    }

  metrics = xeno_metric_list (&n_metrics);
  for (gsize i = 0; i < n_metrics; i++)
    for (guint line = 0; line < metrics[i].n_lines; line++)
      xeno_series_push (xeno_history_get_series (self, &metrics[i], line), record->time_us,
                        xeno_metric_read (&metrics[i], record, self->has_record ? &self->record : NULL, line));
  self->record = *record;
  self->has_record = TRUE;
}

/**
 * xeno_history_push_gap:
 * @self: a history
 * @time_us: when, in microseconds of the monotonic clock
 *
 * Says that nothing is known from here to the next record.
 */
void
xeno_history_push_gap (XenoHistory *self,
                       gint64       time_us)
{
  g_return_if_fail (XENO_IS_HISTORY (self));

  for (guint i = 0; i < self->series->len; i++)
    xeno_series_push_gap (g_ptr_array_index (self->series, i), time_us);
  self->has_record = FALSE;
}

/**
 * xeno_history_get_series:
 * @self: a history
 * @metric: a row of the metric table
 * @line: which of its lines
 *
 * Gets what was measured on one line.
 *
 * Returns: (transfer none): the series
 */
XenoSeries *
xeno_history_get_series (XenoHistory      *self,
                         const XenoMetric *metric,
                         guint             line)
{
  g_return_val_if_fail (XENO_IS_HISTORY (self), NULL);
  g_return_val_if_fail (metric != NULL, NULL);
  g_return_val_if_fail (line < metric->n_lines, NULL);

  return g_ptr_array_index (self->series, get_index (metric, line));
}

/**
 * xeno_history_get_record:
 * @self: a history
 *
 * Gets the newest record.
 *
 * Returns: (nullable) (transfer none): the record, or %NULL where nothing is known now
 */
const XenoStatsRecord *
xeno_history_get_record (XenoHistory *self)
{
  g_return_val_if_fail (XENO_IS_HISTORY (self), NULL);

  return self->has_record ? &self->record : NULL;
}
