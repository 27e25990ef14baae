/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The sampler on libvirt's pretended machines: it works while somebody looks, and rests otherwise. */
#include "config.h"

#include <math.h>

#include "core/virt-fixture.h"
#include "stats/xeno-sampler.h"

typedef struct
{
  XenoSampler *sampler;
  guint        n_sampled;
  guint        n_wanted;
} Watch;

static void
sampled_cb (XenoSampler *sampler,
            Watch       *watch)
{
  watch->n_sampled++;
}

static gboolean
has_sampled (gpointer data)
{
  Watch *watch = data;

  return watch->n_sampled >= watch->n_wanted;
}

static void
wait_for_samples (Watch *watch,
                  guint  n_more)
{
  watch->n_wanted = watch->n_sampled + n_more;
  xeno_test_until (has_sampled, watch);
}

static Watch
watch_new (Fixture *fixture)
{
  return (Watch) { xeno_sampler_new (fixture->connection) };
}

static gboolean
is_gone (gpointer data)
{
  return ((Watch *) data)->sampler == NULL;
}

/* A call under way holds it until it comes back. */
static void
drop (Watch *watch)
{
  g_object_add_weak_pointer (G_OBJECT (watch->sampler), (gpointer *) &watch->sampler);
  g_object_unref (watch->sampler);
  xeno_test_until (is_gone, watch);
}

static XenoSeries *
get_series (Watch      *watch,
            const char *id)
{
  return xeno_sampler_get_series (watch->sampler, TEST_UUID, xeno_metric_find (id), 0);
}

static void
test_samples_while_watched (Fixture       *fixture,
                            gconstpointer  data)
{
  Watch watch = watch_new (fixture);
  XenoSeries *memory = get_series (&watch, "memory");
  guint length;

  g_signal_connect (watch.sampler, "sampled", G_CALLBACK (sampled_cb), &watch);
  g_assert_null (xeno_sampler_get_record (watch.sampler, TEST_UUID));
  xeno_sampler_watch (watch.sampler, XENO_SAMPLER_MACHINE);
  xeno_sampler_watch (watch.sampler, XENO_SAMPLER_MACHINE);
  wait_for_samples (&watch, 2);
  g_assert_nonnull (xeno_sampler_get_record (watch.sampler, TEST_UUID));
  g_assert_cmpfloat (xeno_sampler_get_limit (watch.sampler, TEST_UUID, xeno_metric_find ("cpu")), ==, 100.0);

  /* One of two looks away: it goes on. */
  xeno_sampler_unwatch (watch.sampler, XENO_SAMPLER_MACHINE);
  wait_for_samples (&watch, 1);

  xeno_sampler_unwatch (watch.sampler, XENO_SAMPLER_MACHINE);
  g_assert_null (xeno_sampler_get_record (watch.sampler, TEST_UUID));
  g_assert_true (isnan (xeno_series_get_last (memory)));
  length = xeno_series_get_length (memory);
  for (guint i = 0; i < 50; i++)
    g_main_context_iteration (NULL, FALSE);
  g_assert_cmpuint (xeno_series_get_length (memory), ==, length);
  drop (&watch);
}

/* What is looked at decides what is measured. */
static void
test_measures_what_is_looked_at (Fixture       *fixture,
                                 gconstpointer  data)
{
  Watch watch = watch_new (fixture);
  XenoSeries *cpu = xeno_sampler_get_host_series (watch.sampler, "cpu");

  g_signal_connect (watch.sampler, "sampled", G_CALLBACK (sampled_cb), &watch);
  g_assert_false (xeno_sampler_is_watched (watch.sampler));
  xeno_sampler_watch (watch.sampler, XENO_SAMPLER_LIST);
  g_assert_true (xeno_sampler_is_watched (watch.sampler));
  wait_for_samples (&watch, 2);
  g_assert_nonnull (xeno_sampler_get_record (watch.sampler, TEST_UUID));
  g_assert_cmpuint (xeno_series_get_length (cpu), ==, 0);

  xeno_sampler_watch (watch.sampler, XENO_SAMPLER_HOST);
  xeno_sampler_unwatch (watch.sampler, XENO_SAMPLER_LIST);
  g_assert_null (xeno_sampler_get_record (watch.sampler, TEST_UUID));
  wait_for_samples (&watch, 2);
  g_assert_null (xeno_sampler_get_record (watch.sampler, TEST_UUID));

  xeno_sampler_unwatch (watch.sampler, XENO_SAMPLER_HOST);
  g_assert_false (xeno_sampler_is_watched (watch.sampler));
  drop (&watch);
}

static void
test_host_is_sampled (Fixture       *fixture,
                      gconstpointer  data)
{
  Watch watch = watch_new (fixture);

  g_assert_nonnull (xeno_sampler_get_host_series (watch.sampler, "cpu"));
  g_assert_nonnull (xeno_sampler_get_host_series (watch.sampler, "memory"));
  g_assert_null (xeno_sampler_get_host_series (watch.sampler, "disk"));
  drop (&watch);
}

static void
test_paused_machine_leaves_gap (Fixture       *fixture,
                                gconstpointer  data)
{
  Watch watch = watch_new (fixture);
  g_autoptr (GError) error = NULL;

  g_signal_connect (watch.sampler, "sampled", G_CALLBACK (sampled_cb), &watch);
  xeno_sampler_watch (watch.sampler, XENO_SAMPLER_MACHINE);
  wait_for_samples (&watch, 2);
  g_assert_true (run_verb (fixture->machine, "pause", &error));
  g_assert_no_error (error);
  wait_for_samples (&watch, 2);
  g_assert_null (xeno_sampler_get_record (watch.sampler, TEST_UUID));
  g_assert_true (isnan (xeno_series_get_last (get_series (&watch, "cpu"))));
  xeno_sampler_unwatch (watch.sampler, XENO_SAMPLER_MACHINE);
  drop (&watch);
}

static void
test_lost_watchers_stop_it (Fixture       *fixture,
                            gconstpointer  data)
{
  Watch watch = watch_new (fixture);

  xeno_sampler_watch (watch.sampler, XENO_SAMPLER_MACHINE);
  g_object_run_dispose (G_OBJECT (watch.sampler));
  drop (&watch);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/xeno/sampler/samples-while-watched-and-rests-otherwise", Fixture, NULL, fixture_set_up,
              test_samples_while_watched, fixture_tear_down);
  g_test_add ("/xeno/sampler/measures-what-is-looked-at", Fixture, NULL, fixture_set_up,
              test_measures_what_is_looked_at, fixture_tear_down);
  g_test_add ("/xeno/sampler/has-series-of-the-host", Fixture, NULL, fixture_set_up, test_host_is_sampled,
              fixture_tear_down);
  g_test_add ("/xeno/sampler/a-paused-machine-leaves-a-gap", Fixture, NULL, fixture_set_up,
              test_paused_machine_leaves_gap, fixture_tear_down);
  g_test_add ("/xeno/sampler/stops-when-it-is-dropped", Fixture, NULL, fixture_set_up, test_lost_watchers_stop_it,
              fixture_tear_down);
  return g_test_run ();
}
