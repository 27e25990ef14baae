/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* libvirt and QEMU on bad days: what is shown stays true, and all comes back by itself. */
#include "config.h"

#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/xeno-error.h"
#include "machine/daemon-fixture.h"
#include "virt/xeno-machine-log.h"

typedef struct
{
  XenoConnection *connection;
  XenoMachine    *machine; /* runs; borrowed */
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  fixture->connection = open_session ();
  fixture->machine = add_machine (fixture->connection, "first", "");
  do_verb (fixture->machine, "start");
  g_assert_cmpint (xeno_machine_get_state (fixture->machine), ==, XENO_MACHINE_RUNNING);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  remove_machines (fixture->connection);
  g_assert_finalize_object (fixture->connection);
}

static double
since (gint64 start_us)
{
  return (g_get_monotonic_time () - start_us) / (double) G_USEC_PER_SEC;
}

/* Row 46. */
static void
a_killed_daemon_is_noticed_and_comes_back (Fixture       *fixture,
                                           gconstpointer  data)
{
  GPid qemu = find_qemu (fixture->machine);
  gint64 start_us = g_get_monotonic_time ();

  kill (find_daemon (), SIGKILL);
  wait_for_connection (fixture->connection, XENO_CONNECTION_LOST);
  g_test_message ("lost after %.2f s", since (start_us));
  g_assert_true (xeno_machine_is_stale (fixture->machine));
  g_assert_cmpint (xeno_machine_get_state (fixture->machine), ==, XENO_MACHINE_RUNNING);
  g_assert_false (xeno_verb_is_allowed (xeno_verb_find ("pause"), fixture->machine));
  g_assert_error (xeno_connection_get_error (fixture->connection), XENO_ERROR, XENO_ERROR_NO_CONNECTION);

  wait_for_connection (fixture->connection, XENO_CONNECTION_OPEN);
  g_test_message ("back after %.2f s", since (start_us));
  g_assert_cmpfloat (since (start_us), <, 10);
  g_assert_false (xeno_machine_is_stale (fixture->machine));
  g_assert_cmpint (xeno_machine_get_state (fixture->machine), ==, XENO_MACHINE_RUNNING);
  g_assert_cmpint (find_qemu (fixture->machine), ==, qemu);
  do_verb (fixture->machine, "pause");
  wait_for_machine (fixture->machine, XENO_MACHINE_PAUSED);
}

/* Rows 48 and 57: nothing waits for it but the connection it concerns. */
static void
a_stopped_daemon_is_noticed_within_seconds (Fixture       *fixture,
                                            gconstpointer  data)
{
  GPid daemon = find_daemon ();
  gint64 start_us = g_get_monotonic_time ();
  g_autoptr (GError) error = NULL;

  kill (daemon, SIGSTOP);
  wait_for_connection (fixture->connection, XENO_CONNECTION_LOST);
  g_test_message ("lost after %.2f s", since (start_us));
  g_assert_cmpfloat (since (start_us), <, 8);
  g_assert_true (xeno_machine_is_stale (fixture->machine));
  g_assert_false (run_verb (fixture->machine, "pause", &error));
  g_assert_error (error, XENO_ERROR, XENO_ERROR_NO_CONNECTION);

  kill (daemon, SIGCONT);
  wait_for_connection (fixture->connection, XENO_CONNECTION_OPEN);
  g_assert_false (xeno_machine_is_stale (fixture->machine));
  do_verb (fixture->machine, "pause");
}

/* Row 50. */
/* QEMU itself is told here what it was started with, and libvirt how it ended. */
static void
assert_has_log (XenoMachine *machine)
{
  GAsyncResult *pending = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;

  xeno_machine_read_log_async (machine, NULL, xeno_test_result_cb, &pending);
  result = xeno_test_await (&pending);
  text = xeno_machine_read_log_finish (machine, result, &error);
  g_assert_no_error (error);
  g_assert_nonnull (strstr (text, "qemu-system"));
  g_assert_nonnull (strstr (text, "shutting down, reason=crashed"));
}

static void
a_killed_qemu_stopped_unexpectedly_and_others_go_on (Fixture       *fixture,
                                                     gconstpointer  data)
{
  XenoMachine *other = add_machine (fixture->connection, "second", "");
  gint64 start_us;

  do_verb (other, "start");
  start_us = g_get_monotonic_time ();
  kill (find_qemu (fixture->machine), SIGKILL);
  wait_for_machine (fixture->machine, XENO_MACHINE_CRASHED);
  g_test_message ("seen after %.2f s", since (start_us));
  g_assert_cmpfloat (since (start_us), <, 3);
  g_assert_cmpstr (xeno_machine_get_state_reason (fixture->machine), ==, "It stopped unexpectedly.");
  g_assert_null (xeno_machine_get_started_at (fixture->machine));
  g_assert_cmpint (xeno_machine_get_state (other), ==, XENO_MACHINE_RUNNING);
  assert_has_log (fixture->machine);

  do_verb (fixture->machine, "start");
  g_assert_null (xeno_machine_get_state_reason (fixture->machine));
}

static GPtrArray *
sample (XenoConnection  *connection,
        GError         **error)
{
  GAsyncResult *pending = NULL;
  g_autoptr (GAsyncResult) result = NULL;

  xeno_connection_sample_async (connection, NULL, xeno_test_result_cb, &pending);
  result = xeno_test_await (&pending);
  return xeno_connection_sample_finish (connection, result, error);
}

static void
a_stopped_qemu_holds_up_nobody_else (Fixture       *fixture,
                                     gconstpointer  data)
{
  XenoMachine *other = add_machine (fixture->connection, "second", "");
  g_autoptr (GPtrArray) first = NULL;
  g_autoptr (GPtrArray) second = NULL;
  g_autoptr (GError) error = NULL;
  GPid qemu = find_qemu (fixture->machine);
  GAsyncResult *stuck = NULL;
  g_autoptr (GAsyncResult) ended = NULL;

  do_verb (other, "start");
  kill (qemu, SIGSTOP);

  /* The first measurement meets it, the next ones pass it by. */
  first = sample (fixture->connection, NULL);
  second = sample (fixture->connection, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (second->len, ==, 2);

  /* Both are done while a call to the stopped machine is still waited for. */
  xeno_machine_run_async (fixture->machine, xeno_verb_find ("pause"), NULL, xeno_test_result_cb, &stuck);
  do_verb (other, "pause");
  do_verb (other, "resume");
  g_assert_null (stuck);

  kill (qemu, SIGCONT);
  ended = xeno_test_await (&stuck);
  g_assert_true (xeno_machine_run_finish (fixture->machine, ended, &error));
  g_assert_no_error (error);
  wait_for_machine (fixture->machine, XENO_MACHINE_PAUSED);
}

static void
what_does_not_answer_is_unknown_and_not_failed (Fixture       *fixture,
                                                gconstpointer  data)
{
  GPid qemu = find_qemu (fixture->machine);
  g_autoptr (GError) error = NULL;
  gint64 start_us = g_get_monotonic_time ();

  kill (qemu, SIGSTOP);
  g_assert_false (run_verb (fixture->machine, "pause", &error));
  g_assert_error (error, XENO_ERROR, XENO_ERROR_TIMEOUT);
  g_assert_cmpfloat (since (start_us), <, 15);
  g_assert_false (xeno_machine_is_busy (fixture->machine));

  /* It was done all the same, and shows. */
  kill (qemu, SIGCONT);
  wait_for_machine (fixture->machine, XENO_MACHINE_PAUSED);
}

static void
forcing_off_overtakes_what_hangs (Fixture       *fixture,
                                  gconstpointer  data)
{
  GAsyncResult *stuck = NULL;
  g_autoptr (GAsyncResult) result = NULL;

  kill (find_qemu (fixture->machine), SIGSTOP);
  xeno_machine_run_async (fixture->machine, xeno_verb_find ("pause"), NULL, xeno_test_result_cb, &stuck);
  do_verb (fixture->machine, "force-off");
  wait_for_machine (fixture->machine, XENO_MACHINE_OFF);
  result = xeno_test_await (&stuck);
  g_assert_false (xeno_machine_run_finish (fixture->machine, result, NULL));
}

static gboolean
is_off (gpointer machine)
{
  return !xeno_machine_is_active (machine);
}

/* Row 51. */
static void
a_qemu_that_died_while_the_daemon_was_dead_is_off_in_the_end (Fixture       *fixture,
                                                              gconstpointer  data)
{
  GPid qemu = find_qemu (fixture->machine);

  kill (find_daemon (), SIGKILL);
  kill (qemu, SIGKILL);
  wait_for_connection (fixture->connection, XENO_CONNECTION_LOST);
  wait_for_connection (fixture->connection, XENO_CONNECTION_OPEN);
  xeno_test_until (is_off, fixture->machine);
  g_assert_cmpint (xeno_machine_get_state (fixture->machine), !=, XENO_MACHINE_RUNNING);
  do_verb (fixture->machine, "start");
}

/* Row 47: what is true is read from libvirt, not assumed. */
static void
a_daemon_killed_while_starting_leaves_a_true_state (Fixture       *fixture,
                                                    gconstpointer  data)
{
  XenoMachine *other = add_machine (fixture->connection, "second", "");
  GAsyncResult *pending = NULL;
  g_autoptr (GAsyncResult) result = NULL;

  xeno_machine_run_async (other, xeno_verb_find ("start"), NULL, xeno_test_result_cb, &pending);
  kill (find_daemon (), SIGKILL);
  result = xeno_test_await (&pending);
  g_assert_false (xeno_machine_run_finish (other, result, NULL));
  wait_for_connection (fixture->connection, XENO_CONNECTION_LOST);
  wait_for_connection (fixture->connection, XENO_CONNECTION_OPEN);
  g_assert_false (xeno_machine_is_stale (other));
  if (!xeno_machine_is_active (other))
    do_verb (other, "start");
  wait_for_machine (other, XENO_MACHINE_RUNNING);
}

/* A daemon that takes connections and never says a word. */
static int
listen_and_say_nothing (const char *path)
{
  struct sockaddr_un address = { .sun_family = AF_UNIX };
  int fd = socket (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

  g_strlcpy (address.sun_path, path, sizeof address.sun_path);
  g_assert_cmpint (bind (fd, (struct sockaddr *) &address, sizeof address), ==, 0);
  g_assert_cmpint (listen (fd, 8), ==, 0);
  return fd;
}

/* Row 57. */
static void
a_connection_that_hangs_leaves_the_other_alone (Fixture       *fixture,
                                                gconstpointer  data)
{
  g_autofree char *path = g_build_filename (g_get_user_runtime_dir (), "mute", NULL);
  g_autofree char *uri = g_strconcat ("qemu+unix:///session?socket=", path, NULL);
  XenoConnection *mute = xeno_connection_new (uri);
  int fd = listen_and_say_nothing (path);

  xeno_connection_open (mute);
  do_verb (fixture->machine, "pause");
  do_verb (fixture->machine, "resume");
  wait_for_connection (mute, XENO_CONNECTION_UNREACHABLE);
  g_assert_error (xeno_connection_get_error (mute), XENO_ERROR, XENO_ERROR_TIMEOUT);
  do_verb (fixture->machine, "pause");

  /* It goes away, and with it the thread that waited. */
  close (fd);
  unlink (path);
  xeno_connection_close (mute);
  g_assert_cmpint (xeno_connection_get_state (mute), ==, XENO_CONNECTION_CLOSED);
  g_object_unref (mute);
}

/* Row 54, and back by itself once the cause is gone. */
static void
a_socket_one_may_not_use_says_so (Fixture       *fixture,
                                  gconstpointer  data)
{
  g_autofree char *path = g_build_filename (g_get_user_runtime_dir (), "libvirt", "libvirt-sock", NULL);
  XenoConnection *refused = xeno_connection_new (SESSION_URI "?");

  g_assert_cmpint (chmod (path, 0), ==, 0);
  xeno_connection_open (refused);
  wait_for_connection (refused, XENO_CONNECTION_UNREACHABLE);
  g_test_message ("%s", xeno_connection_get_error (refused)->message);
  g_assert_error (xeno_connection_get_error (refused), XENO_ERROR, XENO_ERROR_NO_PERMISSION);
  g_assert_cmpint (chmod (path, 0700), ==, 0);
  wait_for_connection (refused, XENO_CONNECTION_OPEN);
  g_assert_finalize_object (refused);
}

static const struct
{
  const char *path;
  void      (*func) (Fixture *fixture, gconstpointer data);
} tests[] = {
  { "a-killed-daemon-is-noticed-and-comes-back", a_killed_daemon_is_noticed_and_comes_back },
  { "a-stopped-daemon-is-noticed-within-seconds", a_stopped_daemon_is_noticed_within_seconds },
  { "a-killed-qemu-stopped-unexpectedly-and-others-go-on", a_killed_qemu_stopped_unexpectedly_and_others_go_on },
  { "a-stopped-qemu-holds-up-nobody-else", a_stopped_qemu_holds_up_nobody_else },
  { "what-does-not-answer-is-unknown-and-not-failed", what_does_not_answer_is_unknown_and_not_failed },
  { "forcing-off-overtakes-what-hangs", forcing_off_overtakes_what_hangs },
  { "a-qemu-that-died-while-the-daemon-was-dead-is-off-in-the-end",
    a_qemu_that_died_while_the_daemon_was_dead_is_off_in_the_end },
  { "a-daemon-killed-while-starting-leaves-a-true-state", a_daemon_killed_while_starting_leaves_a_true_state },
  { "a-connection-that-hangs-leaves-the-other-alone", a_connection_that_hangs_leaves_the_other_alone },
  { "a-socket-one-may-not-use-says-so", a_socket_one_may_not_use_says_so },
};

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    {
      g_autofree char *path = g_strconcat ("/xeno/daemon/", tests[i].path, NULL);

      g_test_add (path, Fixture, NULL, set_up, tests[i].func, tear_down);
    }
  return g_test_run ();
}
