/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Row 100 of the fault matrix: a clock that jumps leaves no gap and no spike in what is measured. */
#include "config.h"

#include "core/virt-fixture.h"

#define HOUR (60 * 60 * G_TIME_SPAN_SECOND)

/* How far the clock on the wall was moved. */
static gint64 jump_us;

/* In the place of GLib's own. */
gint64
g_get_real_time (void)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();

  return g_date_time_to_unix (now) * G_TIME_SPAN_SECOND + g_date_time_get_microsecond (now) + jump_us;
}

static gint64
measure (XenoConnection *connection)
{
  GAsyncResult *pending = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GPtrArray) records = NULL;
  g_autoptr (GError) error = NULL;

  xeno_connection_sample_async (connection, NULL, xeno_test_result_cb, &pending);
  result = xeno_test_await (&pending);
  records = xeno_connection_sample_finish (connection, result, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (records->len, ==, 1);
  return ((XenoStatsRecord *) g_ptr_array_index (records, 0))->time_us;
}

static gint64
measure_host (XenoConnection *connection)
{
  GAsyncResult *pending = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  XenoHostStatsRecord record = { 0 };
  g_autoptr (GError) error = NULL;

  xeno_host_sample_async (xeno_connection_get_host (connection), NULL, xeno_test_result_cb, &pending);
  result = xeno_test_await (&pending);
  xeno_host_sample_finish (xeno_connection_get_host (connection), result, &record, &error);
  g_assert_no_error (error);
  return record.time_us;
}

static void
measurements_stand_where_they_were_made (Fixture       *fixture,
                                         gconstpointer  data)
{
  static const gint64 jumps_us[] = { 24 * HOUR, -HOUR, 0 };
  gint64 before_us = measure (fixture->connection);

  for (gsize i = 0; i < G_N_ELEMENTS (jumps_us); i++)
    {
      gint64 host_us;

      jump_us = jumps_us[i];
      host_us = measure_host (fixture->connection);
      g_assert_cmpint (host_us, >=, before_us);
      before_us = measure (fixture->connection);
      g_assert_cmpint (before_us, >=, host_us);
      g_assert_cmpint (before_us - host_us, <, XENO_TEST_SECONDS * G_TIME_SPAN_SECOND);
    }
}

static void
nothing_else_waits_for_the_clock (Fixture       *fixture,
                                  gconstpointer  data)
{
  virDomainPtr domain = virDomainLookupByUUIDString (fixture->outside, TEST_UUID);

  jump_us = -24 * HOUR;
  g_assert_cmpint (virDomainSuspend (domain), ==, 0);
  wait_for_state (fixture->machine, XENO_MACHINE_PAUSED);
  jump_us = 24 * HOUR;
  g_assert_true (run_verb (fixture->machine, "resume", NULL));
  wait_for_state (fixture->machine, XENO_MACHINE_RUNNING);
  virDomainFree (domain);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add ("/xeno/clock/measurements-stand-where-they-were-made", Fixture, NULL, fixture_set_up,
              measurements_stand_where_they_were_made, fixture_tear_down);
  g_test_add ("/xeno/clock/nothing-else-waits-for-the-clock", Fixture, NULL, fixture_set_up,
              nothing_else_waits_for_the_clock, fixture_tear_down);
  return g_test_run ();
}
