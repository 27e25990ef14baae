/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Every metric, from records to values: gaps where nothing is known, never a spike. */
#include "config.h"

#include <math.h>

#include "stats/xeno-history.h"
#include "virt/xeno-machine.h"

static const XenoStatsRecord first = {
  .uuid = "6695eb01-f6a4-8304-79aa-97f2502e193f",
  .time_us = 100 * G_USEC_PER_SEC,
  .state = XENO_MACHINE_RUNNING,
  .n_cpus = 2,
  .cpu_time_ns = 5000000000,
  .memory_total_bytes = 1 << 30,
  .memory_used_bytes = 1 << 29,
  .disk_read_bytes = 1000,
  .disk_written_bytes = 2000,
  .disk_allocated_bytes = 1 << 20,
  .disk_capacity_bytes = 1 << 30,
  .network_received_bytes = 3000,
  .network_sent_bytes = 4000,
};

/* A second later: one of two processors was busy. */
static const XenoStatsRecord second = {
  .uuid = "6695eb01-f6a4-8304-79aa-97f2502e193f",
  .time_us = 101 * G_USEC_PER_SEC,
  .state = XENO_MACHINE_RUNNING,
  .n_cpus = 2,
  .cpu_time_ns = 6000000000,
  .memory_total_bytes = 1 << 30,
  .memory_used_bytes = 1 << 28,
  .disk_read_bytes = 1500,
  .disk_written_bytes = 2600,
  .disk_allocated_bytes = 1 << 20,
  .disk_capacity_bytes = 1 << 30,
  .network_received_bytes = 3700,
  .network_sent_bytes = 4800,
};

static const struct
{
  const char *id;
  double      values[XENO_METRIC_MAX_LINES];
  double      limit;
} expected[] = {
  { "cpu", { 50.0 }, 100.0 },
  { "memory", { 1 << 28 }, 1 << 30 },
  { "disk", { 500.0, 600.0 }, 0.0 },
  { "network", { 700.0, 800.0 }, 0.0 },
};

static void
test_every_metric_reads (void)
{
  gsize n_metrics;
  const XenoMetric *metrics = xeno_metric_list (&n_metrics);

  g_assert_cmpuint (n_metrics, ==, G_N_ELEMENTS (expected)); /* a new row needs a line here */
  for (gsize i = 0; i < n_metrics; i++)
    {
      g_assert_cmpstr (metrics[i].id, ==, expected[i].id);
      g_assert_true (xeno_metric_find (metrics[i].id) == &metrics[i]);
      g_assert_cmpuint (metrics[i].n_lines, >=, 1);
      g_assert_cmpuint (metrics[i].n_lines, <=, XENO_METRIC_MAX_LINES);
      g_assert_nonnull (metrics[i].title);
      g_assert_cmpfloat (metrics[i].limit (&second), ==, expected[i].limit);
      for (guint line = 0; line < metrics[i].n_lines; line++)
        {
          g_assert_nonnull (metrics[i].line_titles[line]);
          g_assert_cmpfloat_with_epsilon (xeno_metric_read (&metrics[i], &second, &first, line),
                                          expected[i].values[line], 1e-6);
        }
    }
  g_assert_null (xeno_metric_find ("temperature"));
}

/* Reads every line of every metric, and expects only levels to have a value. */
static void
assert_rates_unknown (const XenoStatsRecord *now,
                      const XenoStatsRecord *before)
{
  gsize n_metrics;
  const XenoMetric *metrics = xeno_metric_list (&n_metrics);

  for (gsize i = 0; i < n_metrics; i++)
    for (guint line = 0; line < metrics[i].n_lines; line++)
      g_assert_true (isnan (xeno_metric_read (&metrics[i], now, before, line)) == metrics[i].is_rate);
}

static void
test_rates_need_two_records (void)
{
  assert_rates_unknown (&second, NULL);
}

/* Fault matrix, row 107. */
static void
test_counters_that_go_back_are_a_gap (void)
{
  XenoStatsRecord back = first;

  back.time_us = second.time_us + G_USEC_PER_SEC;
  assert_rates_unknown (&back, &second);
}

static void
test_no_time_is_a_gap (void)
{
  XenoStatsRecord now = second;

  now.time_us = first.time_us;
  assert_rates_unknown (&now, &first);
  now.time_us = first.time_us - 1;
  assert_rates_unknown (&now, &first);
}

static void
test_too_much_time_is_a_gap (void)
{
  XenoStatsRecord now = second;

  now.time_us = first.time_us + 60 * (gint64) G_USEC_PER_SEC;
  assert_rates_unknown (&now, &first);
}

static void
test_new_processors_are_a_gap (void)
{
  const XenoMetric *cpu = xeno_metric_find ("cpu");
  XenoStatsRecord now = second;

  now.n_cpus = 4;
  g_assert_true (isnan (xeno_metric_read (cpu, &now, &first, 0)));
  now.n_cpus = 0;
  g_assert_true (isnan (xeno_metric_read (cpu, &now, &first, 0)));
}

static void
test_percent_has_an_end (void)
{
  XenoStatsRecord now = second;

  now.cpu_time_ns = first.cpu_time_ns + G_GUINT64_CONSTANT (90000000000);
  g_assert_cmpfloat (xeno_metric_read (xeno_metric_find ("cpu"), &now, &first, 0), ==, 100.0);
  now.memory_used_bytes = G_GUINT64_CONSTANT (1) << 40;
  g_assert_cmpfloat (xeno_metric_read (xeno_metric_find ("memory"), &now, NULL, 0), ==, 1 << 30);
}

static void
test_what_is_not_told_is_unknown (void)
{
  gsize n_metrics;
  const XenoMetric *metrics = xeno_metric_list (&n_metrics);
  XenoStatsRecord before = first;
  XenoStatsRecord now = second;

  now.cpu_time_ns = now.memory_total_bytes = now.memory_used_bytes = G_MAXUINT64;
  now.disk_read_bytes = now.disk_written_bytes = G_MAXUINT64;
  now.network_received_bytes = now.network_sent_bytes = G_MAXUINT64;
  for (gsize i = 0; i < n_metrics; i++)
    for (guint line = 0; line < metrics[i].n_lines; line++)
      {
        g_assert_true (isnan (xeno_metric_read (&metrics[i], &now, &before, line)));
        if (metrics[i].is_rate)
          g_assert_true (isnan (xeno_metric_read (&metrics[i], &second, &now, line)));
      }
  g_assert_cmpfloat (xeno_metric_find ("memory")->limit (&now), ==, 0.0);
}

static void
test_history_keeps_every_line (void)
{
  g_autoptr (XenoHistory) history = xeno_history_new ();
  gsize n_metrics;
  const XenoMetric *metrics = xeno_metric_list (&n_metrics);

  g_assert_null (xeno_history_get_record (history));
  xeno_history_push (history, &first);
  xeno_history_push (history, &second);
  for (gsize i = 0; i < n_metrics; i++)
    for (guint line = 0; line < metrics[i].n_lines; line++)
      g_assert_cmpfloat_with_epsilon (xeno_series_get_last (xeno_history_get_series (history, &metrics[i], line)),
                                      expected[i].values[line], 1e-6);
  g_assert_cmpint (xeno_history_get_record (history)->time_us, ==, second.time_us);
  g_assert_finalize_object (g_steal_pointer (&history));
}

static void
test_history_has_a_gap_while_paused (void)
{
  g_autoptr (XenoHistory) history = xeno_history_new ();
  XenoSeries *cpu = xeno_history_get_series (history, xeno_metric_find ("cpu"), 0);
  XenoStatsRecord paused = second;
  XenoStatsRecord later = second;

  xeno_history_push (history, &first);
  xeno_history_push (history, &second);
  paused.state = XENO_MACHINE_PAUSED;
  for (guint i = 1; i < 4; i++)
    {
      paused.time_us = second.time_us + i * G_USEC_PER_SEC;
      xeno_history_push (history, &paused);
    }
  g_assert_true (isnan (xeno_series_get_last (cpu)));
  g_assert_null (xeno_history_get_record (history));

  /* The first record after a gap is no rate over it. */
  later.time_us = paused.time_us + G_USEC_PER_SEC;
  later.cpu_time_ns += 1000000000;
  xeno_history_push (history, &later);
  g_assert_true (isnan (xeno_series_get_last (cpu)));
  later.time_us += G_USEC_PER_SEC;
  later.cpu_time_ns += 500000000;
  xeno_history_push (history, &later);
  g_assert_cmpfloat_with_epsilon (xeno_series_get_last (cpu), 25.0, 1e-6);
}

static void
test_history_forgets_what_is_old (void)
{
  g_autoptr (XenoHistory) history = xeno_history_new ();
  XenoSeries *memory = xeno_history_get_series (history, xeno_metric_find ("memory"), 0);
  XenoStatsRecord record = first;

  for (guint i = 0; i < 3 * XENO_HISTORY_CAPACITY; i++)
    {
      record.time_us += G_USEC_PER_SEC;
      xeno_history_push (history, &record);
    }
  g_assert_cmpuint (xeno_series_get_length (memory), ==, XENO_HISTORY_CAPACITY);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/xeno/metric/every-metric-reads", test_every_metric_reads);
  g_test_add_func ("/xeno/metric/rates-need-two-records", test_rates_need_two_records);
  g_test_add_func ("/xeno/metric/counters-that-go-back-are-a-gap", test_counters_that_go_back_are_a_gap);
  g_test_add_func ("/xeno/metric/no-time-is-a-gap", test_no_time_is_a_gap);
  g_test_add_func ("/xeno/metric/too-much-time-is-a-gap", test_too_much_time_is_a_gap);
  g_test_add_func ("/xeno/metric/new-processors-are-a-gap", test_new_processors_are_a_gap);
  g_test_add_func ("/xeno/metric/percent-has-an-end", test_percent_has_an_end);
  g_test_add_func ("/xeno/metric/what-is-not-told-is-unknown", test_what_is_not_told_is_unknown);
  g_test_add_func ("/xeno/history/keeps-every-line", test_history_keeps_every_line);
  g_test_add_func ("/xeno/history/has-a-gap-while-paused", test_history_has_a_gap_while_paused);
  g_test_add_func ("/xeno/history/forgets-what-is-old", test_history_forgets_what_is_old);
  return g_test_run ();
}
