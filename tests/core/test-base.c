/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The small types of base: coalescer, series, job, read-only list, error. */
#include "config.h"

#include <math.h>

#include "base/xeno-coalescer.h"
#include "base/xeno-error.h"
#include "base/xeno-job.h"
#include "base/xeno-read-only-list.h"
#include "base/xeno-series.h"

#define INTERVAL_MS 40

static void
count_cb (gpointer user_data)
{
  (*(guint *) user_data)++;
}

static void
await_count (guint *count,
             guint  expected)
{
  while (*count < expected)
    g_main_context_iteration (NULL, TRUE);
}

static void
drain (void)
{
  while (g_main_context_iteration (NULL, FALSE))
    continue;
}

static void
test_coalescer (void)
{
  guint count = 0;
  XenoCoalescer *coalescer = xeno_coalescer_new (INTERVAL_MS, count_cb, &count);
  gint64 start_us;

  for (guint i = 0; i < 1000; i++)
    xeno_coalescer_trigger (coalescer);
  g_assert_cmpuint (count, ==, 0);
  await_count (&count, 1);
  start_us = g_get_monotonic_time ();
  for (guint i = 0; i < 1000; i++)
    xeno_coalescer_trigger (coalescer);
  await_count (&count, 2);
  g_assert_cmpint (g_get_monotonic_time () - start_us, >=, (INTERVAL_MS - 2) * 1000);
  drain ();
  g_assert_cmpuint (count, ==, 2);
  g_assert_finalize_object (coalescer);
}

static void
test_coalescer_cancel (void)
{
  guint count = 0;
  XenoCoalescer *coalescer = xeno_coalescer_new (0, count_cb, &count);

  xeno_coalescer_trigger (coalescer);
  xeno_coalescer_cancel (coalescer);
  drain ();
  g_assert_cmpuint (count, ==, 0);

  xeno_coalescer_trigger (coalescer);
  g_assert_finalize_object (coalescer);
  drain ();
  g_assert_cmpuint (count, ==, 0);
}

static void
test_series (void)
{
  XenoSeries *series = xeno_series_new (4);
  gint64 time_us;
  guint changed = 0;

  g_signal_connect_swapped (series, "changed", G_CALLBACK (count_cb), &changed);
  g_assert_cmpuint (xeno_series_get_length (series), ==, 0);
  g_assert_true (isnan (xeno_series_get_last (series)));
  g_assert_cmpfloat (xeno_series_get_max (series, 0), ==, 0.0);

  for (guint i = 1; i <= 6; i++)
    xeno_series_push (series, i * 1000, i);
  g_assert_cmpuint (changed, ==, 6);
  g_assert_cmpuint (xeno_series_get_length (series), ==, 4);
  g_assert_cmpfloat (xeno_series_get (series, 0, &time_us), ==, 3.0);
  g_assert_cmpint (time_us, ==, 3000);
  g_assert_cmpfloat (xeno_series_get_last (series), ==, 6.0);

  /* A clock that goes back is no news. */
  xeno_series_push (series, 5999, 100.0);
  g_assert_cmpfloat (xeno_series_get_last (series), ==, 6.0);
  g_assert_cmpuint (changed, ==, 6);

  xeno_series_clear (series);
  g_assert_cmpuint (changed, ==, 7);
  g_assert_cmpuint (xeno_series_get_length (series), ==, 0);
  g_assert_finalize_object (series);
}

static void
test_series_gaps (void)
{
  g_autoptr (XenoSeries) series = xeno_series_new (10);

  xeno_series_push_gap (series, 500);
  g_assert_cmpuint (xeno_series_get_length (series), ==, 0);
  xeno_series_push (series, 1000, 5.0);
  xeno_series_push_gap (series, 2000);
  xeno_series_push_gap (series, 3000);
  g_assert_cmpuint (xeno_series_get_length (series), ==, 2);
  g_assert_true (isnan (xeno_series_get_last (series)));
  xeno_series_push (series, 4000, INFINITY);
  g_assert_true (isnan (xeno_series_get_last (series)));
  xeno_series_push (series, 5000, 3.0);
  g_assert_cmpfloat (xeno_series_get_max (series, 0), ==, 5.0);
  g_assert_cmpfloat (xeno_series_get_max (series, 1001), ==, 3.0);
  g_assert_cmpfloat (xeno_series_get_max (series, 5001), ==, 0.0);
}

static gpointer
report_from_thread (gpointer data)
{
  for (guint i = 0; i <= 100; i++)
    xeno_job_report (data, i % 2 == 0 ? "even" : NULL, i / 100.0);
  return NULL;
}

static void
test_job (void)
{
  XenoJob *job = xeno_job_new ("Making it");
  GThread *thread;
  guint steps = 0;
  guint fractions = 0;
  guint states = 0;

  g_signal_connect_swapped (job, "notify::step", G_CALLBACK (count_cb), &steps);
  g_signal_connect_swapped (job, "notify::fraction", G_CALLBACK (count_cb), &fractions);
  g_signal_connect_swapped (job, "notify::state", G_CALLBACK (count_cb), &states);
  g_assert_cmpstr (xeno_job_get_title (job), ==, "Making it");
  g_assert_cmpfloat (xeno_job_get_fraction (job), <, 0.0);

  thread = g_thread_new ("reporter", report_from_thread, job);
  g_thread_join (thread);
  g_assert_null (xeno_job_get_step (job));
  drain ();
  g_assert_cmpstr (xeno_job_get_step (job), ==, "even");
  g_assert_cmpfloat (xeno_job_get_fraction (job), ==, 1.0);
  g_assert_cmpuint (steps, ==, 1);
  g_assert_cmpuint (fractions, ==, 101);

  xeno_job_report (job, "too late", 0.5);
  xeno_job_finish (job, NULL);
  drain ();
  g_assert_cmpint (xeno_job_get_state (job), ==, XENO_JOB_DONE);
  g_assert_cmpuint (states, ==, 1);
  g_assert_cmpstr (xeno_job_get_step (job), ==, "even");
  g_assert_null (xeno_job_get_error (job));
  g_assert_finalize_object (job);
}

static void
test_job_failed (void)
{
  g_autoptr (XenoJob) job = xeno_job_new ("Making it");
  g_autoptr (GError) error = xeno_error_new (XENO_ERROR_NO_SPACE, "ENOSPC", "It is full.");
  g_autoptr (GError) shown = NULL;

  xeno_job_finish (job, error);
  g_assert_cmpint (xeno_job_get_state (job), ==, XENO_JOB_FAILED);
  g_object_get (job, "error", &shown, NULL);
  g_assert_error (shown, XENO_ERROR, XENO_ERROR_NO_SPACE);
  g_assert_cmpstr (xeno_error_get_details (shown), ==, "ENOSPC");
}

static void
test_job_cancelled (void)
{
  g_autoptr (XenoJob) job = xeno_job_new ("Making it");
  g_autoptr (GError) error = NULL;

  xeno_job_cancel (job);
  g_assert_cmpint (xeno_job_get_state (job), ==, XENO_JOB_RUNNING);
  g_assert_true (g_cancellable_set_error_if_cancelled (xeno_job_get_cancellable (job), &error));
  xeno_job_finish (job, error);
  g_assert_cmpint (xeno_job_get_state (job), ==, XENO_JOB_CANCELLED);
  g_assert_null (xeno_job_get_error (job));
}

static void
test_list (void)
{
  GListStore *store = g_list_store_new (XENO_TYPE_JOB);
  g_autoptr (XenoJob) job = xeno_job_new ("one");
  g_autoptr (XenoJob) item = NULL;
  GListModel *list = xeno_read_only_list_new (G_LIST_MODEL (store));
  guint notified = 0;
  guint n_items;

  g_signal_connect_swapped (list, "notify::n-items", G_CALLBACK (count_cb), &notified);
  g_list_store_append (store, job);
  g_list_store_append (store, job);
  g_assert_cmpuint (g_list_model_get_n_items (list), ==, 2);
  g_assert_true (g_list_model_get_item_type (list) == XENO_TYPE_JOB);
  g_object_get (list, "n-items", &n_items, NULL);
  g_assert_cmpuint (n_items, ==, 2);
  item = g_list_model_get_item (list, 1);
  g_assert_true (item == job);
  g_assert_null (g_list_model_get_item (list, 2));
  g_assert_cmpuint (notified, ==, 2);
  g_assert_false (G_IS_LIST_STORE (list));

  /* Neither holds on to the other once it is dropped. */
  g_assert_finalize_object (list);
  g_list_store_remove_all (store);
  g_assert_finalize_object (store);
}

static void
test_error (void)
{
  g_autoptr (GError) error = xeno_error_new (XENO_ERROR_IN_USE, "EBUSY %s", "“%s” is in use.", "a");
  g_autoptr (GError) copy = g_error_copy (error);
  g_autoptr (GError) plain = g_error_new (G_IO_ERROR, G_IO_ERROR_FAILED, "x");
  g_autoptr (GError) set = NULL;

  g_assert_cmpstr (error->message, ==, "“a” is in use.");
  g_assert_cmpstr (xeno_error_get_details (copy), ==, "EBUSY %s");
  g_assert_null (xeno_error_get_details (plain));
  xeno_set_error (NULL, XENO_ERROR_FAILED, NULL, "nobody asked");
  xeno_set_error (&set, XENO_ERROR_FAILED, NULL, "asked");
  g_prefix_error (&set, "first: ");
  g_assert_cmpstr (set->message, ==, "first: asked");
  g_assert_null (xeno_error_get_details (set));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/xeno/coalescer/a-storm-is-one-call-an-interval", test_coalescer);
  g_test_add_func ("/xeno/coalescer/a-call-can-be-forgotten", test_coalescer_cancel);
  g_test_add_func ("/xeno/series/the-oldest-goes-for-the-newest", test_series);
  g_test_add_func ("/xeno/series/gaps-do-not-pile-up", test_series_gaps);
  g_test_add_func ("/xeno/job/threads-report-and-the-main-thread-shows", test_job);
  g_test_add_func ("/xeno/job/a-failure-keeps-its-details", test_job_failed);
  g_test_add_func ("/xeno/job/cancelling-asks-and-the-end-tells", test_job_cancelled);
  g_test_add_func ("/xeno/read-only-list/it-shows-what-the-store-has", test_list);
  g_test_add_func ("/xeno/error/a-copy-keeps-the-details", test_error);

  return g_test_run ();
}
