/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A daemon that is slow, breaks off, or talks nonsense: the window lives, and all comes back. */
#include "config.h"

#include <glib/gstdio.h>

#include "base/xeno-error.h"
#include "machine/daemon-fixture.h"

/* Attempts and the pauses of 250, 500 and 1000 ms between them. */
#define N_ATTEMPTS 4
#define PAUSES_S 1.75

/* Far more than a person notices, so that a busy computer does not fail the test. */
#define LONGEST_GAP_MS 500


typedef struct
{
  XenoConnection *direct;
  XenoMachine    *machine;    /* of the direct connection; runs; borrowed */
  XenoConnection *connection; /* through the proxy */
  GSubprocess    *proxy;
  char           *socket;
  char           *control;
  char           *log;
  XenoTestPulse   pulse;
} Fixture;

static gboolean
file_exists (gpointer path)
{
  return g_file_test (path, G_FILE_TEST_EXISTS);
}

static void
behave (Fixture    *fixture,
        const char *mode)
{
  g_autoptr (GError) error = NULL;

  g_file_set_contents (fixture->control, mode, -1, &error);
  g_assert_no_error (error);
}

static guint
count_attempts (Fixture *fixture)
{
  g_autofree char *text = NULL;
  guint n = 0;

  if (g_file_get_contents (fixture->log, &text, NULL, NULL))
    for (const char *c = text; *c != '\0'; c++)
      n += *c == '\n';
  return n;
}

static void
start_proxy (Fixture *fixture)
{
  const char *folder = g_get_user_runtime_dir ();
  g_autofree char *program = g_test_build_filename (G_TEST_DIST, "support", "virt-proxy.py", NULL);
  g_autofree char *daemon = g_build_filename (folder, "libvirt", "libvirt-sock", NULL);
  g_autoptr (GError) error = NULL;

  fixture->socket = g_build_filename (folder, "proxy", NULL);
  fixture->control = g_build_filename (folder, "proxy-control", NULL);
  fixture->log = g_build_filename (folder, "proxy-log", NULL);
  behave (fixture, "good");
  fixture->proxy = g_subprocess_new (G_SUBPROCESS_FLAGS_NONE, &error, "python3", program, fixture->socket,
                                     daemon, fixture->control, fixture->log, NULL);
  g_assert_no_error (error);
  xeno_test_until (file_exists, fixture->socket);
}

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  g_autofree char *uri = NULL;

  fixture->direct = open_session ();
  fixture->machine = add_machine (fixture->direct, "first", "");
  do_verb (fixture->machine, "start");
  start_proxy (fixture);
  uri = g_strconcat ("qemu+unix:///session?socket=", fixture->socket, NULL);
  fixture->connection = xeno_connection_new (uri);
  xeno_test_pulse_start (&fixture->pulse);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (xeno_test_pulse_stop (&fixture->pulse) / 1000, <, LONGEST_GAP_MS);

  xeno_connection_close (fixture->connection);
  g_object_unref (fixture->connection);
  g_subprocess_force_exit (fixture->proxy);
  g_subprocess_wait (fixture->proxy, NULL, &error);
  g_assert_no_error (error);
  g_object_unref (fixture->proxy);
  g_unlink (fixture->socket);
  g_unlink (fixture->log);
  g_free (fixture->socket);
  g_free (fixture->control);
  g_free (fixture->log);
  remove_machines (fixture->direct);
  g_assert_finalize_object (fixture->direct);
}

static XenoMachine *
find_machine (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  XenoMachine *machine = xeno_connection_find_machine (fixture->connection, "first", &error);

  g_assert_no_error (error);
  return machine;
}

/* Row 48 of the fault matrix, this one and the next. */
static void
slow_answers_hold_up_nobody (Fixture       *fixture,
                             gconstpointer  data)
{
  XenoMachine *machine;

  behave (fixture, "slow 400");
  xeno_connection_open (fixture->connection);
  wait_for_connection (fixture->connection, XENO_CONNECTION_OPEN);
  machine = find_machine (fixture);
  do_verb (machine, "pause");
  wait_for_machine (machine, XENO_MACHINE_PAUSED);
  wait_for_machine (fixture->machine, XENO_MACHINE_PAUSED);
}

static gboolean
has_tried_enough (gpointer data)
{
  return count_attempts (data) >= 1 + N_ATTEMPTS;
}

static void
breaks_and_comes_back (Fixture       *fixture,
                       gconstpointer  mode)
{
  g_autoptr (GError) error = NULL;
  XenoMachine *machine;
  gint64 start_us;

  xeno_connection_open (fixture->connection);
  wait_for_connection (fixture->connection, XENO_CONNECTION_OPEN);
  machine = find_machine (fixture);

  behave (fixture, mode);
  start_us = g_get_monotonic_time ();
  g_assert_false (run_verb (machine, "pause", &error));
  g_assert_nonnull (error);
  wait_for_connection (fixture->connection, XENO_CONNECTION_LOST);
  g_assert_true (xeno_machine_is_stale (machine));

  xeno_test_until (has_tried_enough, fixture);
  g_assert_cmpfloat ((g_get_monotonic_time () - start_us) / (double) G_USEC_PER_SEC, >=, PAUSES_S);
  g_assert_cmpint (xeno_connection_get_state (fixture->connection), ==, XENO_CONNECTION_LOST);
  g_assert_nonnull (xeno_connection_get_error (fixture->connection));
  /* Nobody else hears of it. */
  g_assert_cmpint (xeno_connection_get_state (fixture->direct), ==, XENO_CONNECTION_OPEN);

  behave (fixture, "good");
  wait_for_connection (fixture->connection, XENO_CONNECTION_OPEN);
  g_assert_null (xeno_connection_get_error (fixture->connection));
  g_assert_false (xeno_machine_is_stale (machine));
  do_verb (machine, "force-off");
  wait_for_machine (fixture->machine, XENO_MACHINE_OFF);
}

static void
a_daemon_that_stalls_leaves_the_other_connection_alone (Fixture       *fixture,
                                                        gconstpointer  data)
{
  xeno_connection_open (fixture->connection);
  wait_for_connection (fixture->connection, XENO_CONNECTION_OPEN);
  behave (fixture, "stall");
  do_verb (fixture->machine, "pause");
  do_verb (fixture->machine, "resume");
  wait_for_connection (fixture->connection, XENO_CONNECTION_LOST);
  do_verb (fixture->machine, "pause");

  behave (fixture, "good");
  wait_for_connection (fixture->connection, XENO_CONNECTION_OPEN);
  wait_for_machine (find_machine (fixture), XENO_MACHINE_PAUSED);
}

/* What happened is read, not taken from the event. */
static void
events_of_unknown_kinds_are_no_harm (Fixture       *fixture,
                                     gconstpointer  data)
{
  XenoMachine *machine;

  xeno_connection_open (fixture->connection);
  wait_for_connection (fixture->connection, XENO_CONNECTION_OPEN);
  machine = find_machine (fixture);
  behave (fixture, "newer");
  do_verb (fixture->machine, "pause");
  wait_for_machine (machine, XENO_MACHINE_PAUSED);
  do_verb (fixture->machine, "force-off");
  wait_for_machine (machine, XENO_MACHINE_OFF);
  g_assert_cmpint (xeno_connection_get_state (fixture->connection), ==, XENO_CONNECTION_OPEN);
}

static const struct
{
  const char *path;
  const char *mode;
  void      (*func) (Fixture *fixture, gconstpointer data);
} tests[] = {
  { "slow-answers-hold-up-nobody", NULL, slow_answers_hold_up_nobody },
  { "an-answer-cut-in-the-middle-is-survived", "cut", breaks_and_comes_back },
  { "a-corrupt-answer-is-survived", "corrupt", breaks_and_comes_back },
  { "an-answer-that-claims-two-gibibytes-is-survived", "huge", breaks_and_comes_back },
  { "a-daemon-that-stalls-leaves-the-other-connection-alone", NULL,
    a_daemon_that_stalls_leaves_the_other_connection_alone },
  { "events-of-unknown-kinds-are-no-harm", NULL, events_of_unknown_kinds_are_no_harm },
};

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    {
      g_autofree char *path = g_strconcat ("/xeno/proxy/", tests[i].path, NULL);

      g_test_add (path, Fixture, tests[i].mode, set_up, tests[i].func, tear_down);
    }
  return g_test_run ();
}
