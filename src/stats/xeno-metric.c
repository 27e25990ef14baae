/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The table of what is measured; every graph comes from a row of it. */
#include "config.h"

#include <math.h>

#include <glib/gi18n-lib.h>

#include "stats/xeno-metric.h"

/* Two records further apart say nothing of what happened between: the sampler or the host stood still. */
#define MAX_ELAPSED_US (5 * G_USEC_PER_SEC)

static gboolean
is_known (guint64 counter)
{
  return counter != G_MAXUINT64;
}

static double
get_rate (guint64                now,
          guint64                before,
          const XenoStatsRecord *now_record,
          const XenoStatsRecord *before_record)
{
  gint64 elapsed_us = now_record->time_us - before_record->time_us;

  if (!is_known (now) || !is_known (before) || now < before || elapsed_us <= 0 || elapsed_us > MAX_ELAPSED_US)
    return NAN;

  return (double) (now - before) * G_USEC_PER_SEC / elapsed_us;
}

static double
read_cpu (const XenoStatsRecord *now,
          const XenoStatsRecord *before,
          guint                  line)
{
  double ns_per_second;

  if (now->n_cpus == 0 || now->n_cpus != before->n_cpus)
    return NAN;

  ns_per_second = get_rate (now->cpu_time_ns, before->cpu_time_ns, now, before);
  return isnan (ns_per_second) ? NAN : MIN (ns_per_second / 1e9 / now->n_cpus, 1.0) * 100.0;
}

static double
limit_percent (const XenoStatsRecord *now)
{
  return 100.0;
}

static double
read_memory (const XenoStatsRecord *now,
             const XenoStatsRecord *before,
             guint                  line)
{
  if (!is_known (now->memory_used_bytes))
    return NAN;

  /* What is resident on the host may be more than the guest has: QEMU needs some for itself. */
  return is_known (now->memory_total_bytes) ? MIN (now->memory_used_bytes, now->memory_total_bytes)
                                            : now->memory_used_bytes;
}

static double
limit_memory (const XenoStatsRecord *now)
{
  return is_known (now->memory_total_bytes) ? now->memory_total_bytes : 0.0;
}

static double
read_disk (const XenoStatsRecord *now,
           const XenoStatsRecord *before,
           guint                  line)
{
  return line == 0 ? get_rate (now->disk_read_bytes, before->disk_read_bytes, now, before)
                   : get_rate (now->disk_written_bytes, before->disk_written_bytes, now, before);
}

static double
read_network (const XenoStatsRecord *now,
              const XenoStatsRecord *before,
              guint                  line)
{
  return line == 0 ? get_rate (now->network_received_bytes, before->network_received_bytes, now, before)
                   : get_rate (now->network_sent_bytes, before->network_sent_bytes, now, before);
}

static double
limit_none (const XenoStatsRecord *now)
{
  return 0.0;
}

static const XenoMetric metrics[] = {
  {
    .id = "cpu", .title = N_("Processor"), .unit = XENO_UNIT_PERCENT,
    .n_lines = 1, .line_titles = { N_("Used") }, .is_rate = TRUE,
    .read = read_cpu, .limit = limit_percent,
  },
  {
    .id = "memory", .title = N_("Memory"), .unit = XENO_UNIT_BYTES,
    .n_lines = 1, .line_titles = { N_("Used") }, .is_rate = FALSE,
    .read = read_memory, .limit = limit_memory,
  },
  {
    .id = "disk", .title = N_("Disk"), .unit = XENO_UNIT_BYTES_PER_SECOND,
    .n_lines = 2, .line_titles = { N_("Read"), N_("Written") }, .is_rate = TRUE,
    .read = read_disk, .limit = limit_none,
  },
  {
    .id = "network", .title = N_("Network"), .unit = XENO_UNIT_BYTES_PER_SECOND,
    .n_lines = 2, .line_titles = { N_("Received"), N_("Sent") }, .is_rate = TRUE,
    .read = read_network, .limit = limit_none,
  },
};

/**
 * xeno_metric_list:
 * @n_metrics: (out): how many there are
 *
 * Gets the table.
 *
 * Returns: (transfer none) (array length=n_metrics): its rows, in the order to show them
 */
const XenoMetric *
xeno_metric_list (gsize *n_metrics)
{
  g_return_val_if_fail (n_metrics != NULL, NULL);

  *n_metrics = G_N_ELEMENTS (metrics);
  return metrics;
}

/**
 * xeno_metric_find:
 * @id: a stable name
 *
 * Finds a row.
 *
 * Returns: (nullable) (transfer none): the row, or %NULL
 */
const XenoMetric *
xeno_metric_find (const char *id)
{
  g_return_val_if_fail (id != NULL, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (metrics); i++)
    if (g_str_equal (metrics[i].id, id))
      return &metrics[i];

  return NULL;
}

/**
 * xeno_metric_read:
 * @metric: a row
 * @now: a record
 * @before: (nullable): the record before it, of the same machine
 * @line: which of its lines
 *
 * Gets a value.
 *
 * Returns: the value, or NaN where there is none: the driver does not tell, the counters went back,
 *   no time has passed or too much, or a rate has no record before
 */
double
xeno_metric_read (const XenoMetric      *metric,
                  const XenoStatsRecord *now,
                  const XenoStatsRecord *before,
                  guint                  line)
{
  g_return_val_if_fail (metric != NULL, NAN);
  g_return_val_if_fail (now != NULL, NAN);
  g_return_val_if_fail (line < metric->n_lines, NAN);

  if (metric->is_rate && before == NULL)
    return NAN;

  return metric->read (now, before, line);
}
