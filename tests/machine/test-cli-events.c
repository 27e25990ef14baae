/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* xeno events: what another program does, one JSON object a line, until somebody stops it. */
#include "config.h"

#include <json-glib/json-glib.h>
#include <signal.h>

#include "machine/cli-fixture.h"
#include "machine/daemon-fixture.h"

typedef struct
{
  GSubprocess      *process;
  GDataInputStream *lines;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  fixture->process = spawn_xeno ("events");
  fixture->lines = g_data_input_stream_new (g_subprocess_get_stdout_pipe (fixture->process));
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  remove_machines (NULL);
  g_object_unref (fixture->lines);
  g_object_unref (fixture->process);
}

static JsonObject *
read_event (Fixture *fixture)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autofree char *line = NULL;
  GAsyncResult *pending = NULL;

  g_data_input_stream_read_line_async (fixture->lines, G_PRIORITY_DEFAULT, NULL, xeno_test_result_cb,
                                       &pending);
  result = xeno_test_await (&pending);
  line = g_data_input_stream_read_line_finish_utf8 (fixture->lines, result, NULL, &error);
  g_assert_no_error (error);
  g_assert_nonnull (line);
  g_test_message ("%s", line);
  json_parser_load_from_data (parser, line, -1, &error);
  g_assert_no_error (error);
  return json_object_ref (json_node_get_object (json_parser_get_root (parser)));
}

/* The next line is this; others may not come in between. */
static void
expect (Fixture    *fixture,
        const char *event,
        const char *member,
        const char *value)
{
  g_autoptr (JsonObject) object = read_event (fixture);

  g_assert_cmpstr (json_object_get_string_member_with_default (object, "event", NULL), ==, event);
  g_assert_true (json_object_has_member (object, "time"));
  if (member != NULL)
    g_assert_cmpstr (json_object_get_string_member_with_default (object, member, NULL), ==, value);
}

/* A QEMU that finds the time tells first that it is shutting down. */
static void
expect_off (Fixture *fixture)
{
  g_autoptr (JsonObject) object = read_event (fixture);

  if (g_strcmp0 (json_object_get_string_member_with_default (object, "state", NULL), "shutting-down") == 0)
    {
      expect (fixture, "state", "state", "off");
      return;
    }
  g_assert_cmpstr (json_object_get_string_member_with_default (object, "event", NULL), ==, "state");
  g_assert_cmpstr (json_object_get_string_member_with_default (object, "state", NULL), ==, "off");
}

static void
virsh (const char *arguments)
{
  g_autofree char *line = g_strconcat ("virsh -q -c " SESSION_URI " ", arguments, NULL);
  g_autofree char *errors = NULL;
  g_autoptr (GError) error = NULL;
  int status;

  g_spawn_command_line_sync (line, NULL, &errors, &status, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (errors, ==, "");
  g_assert_cmpint (status, ==, 0);
}

static void
define (const char *name)
{
  g_autofree char *xml = make_machine_xml (name, "");
  g_autofree char *path = g_build_filename (g_get_home_dir (), "machine.xml", NULL);
  g_autofree char *arguments = g_strconcat ("define ", path, NULL);

  g_assert_true (g_file_set_contents (path, xml, -1, NULL));
  virsh (arguments);
}

static void
assert_ends_well (Fixture *fixture)
{
  GAsyncResult *pending = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  g_subprocess_wait_check_async (fixture->process, NULL, xeno_test_result_cb, &pending);
  result = xeno_test_await (&pending);
  g_subprocess_wait_check_finish (fixture->process, result, &error);
  g_assert_no_error (error);
}

static void
what_virsh_does_is_told_line_by_line (Fixture       *fixture,
                                      gconstpointer  data)
{
  expect (fixture, "connected", NULL, NULL);
  define ("seen");
  expect (fixture, "added", "name", "seen");
  virsh ("domrename seen renamed");
  expect (fixture, "changed", "name", "renamed");
  virsh ("desc renamed --config --title 'Имя'");
  expect (fixture, "changed", "title", "Имя");
  virsh ("start renamed");
  expect (fixture, "state", "state", "running");
  virsh ("suspend renamed");
  expect (fixture, "state", "state", "paused");
  virsh ("destroy renamed");
  expect_off (fixture);
  virsh ("undefine renamed");
  expect (fixture, "removed", "name", "renamed");

  g_subprocess_send_signal (fixture->process, SIGINT);
  assert_ends_well (fixture);
}

static void
it_goes_on_when_the_daemon_was_away (Fixture       *fixture,
                                     gconstpointer  data)
{
  expect (fixture, "connected", NULL, NULL);
  define ("kept");
  expect (fixture, "added", "name", "kept");
  kill (find_daemon (), SIGKILL);
  expect (fixture, "disconnected", NULL, NULL);
  expect (fixture, "connected", NULL, NULL);
  virsh ("undefine kept");
  expect (fixture, "removed", "name", "kept");

  g_subprocess_send_signal (fixture->process, SIGTERM);
  assert_ends_well (fixture);
}

static void
it_ends_when_nobody_reads_it (Fixture       *fixture,
                              gconstpointer  data)
{
  GAsyncResult *pending = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *errors = NULL;

  expect (fixture, "connected", NULL, NULL);
  g_input_stream_close (G_INPUT_STREAM (fixture->lines), NULL, &error);
  g_assert_no_error (error);
  define ("unread");

  g_subprocess_wait_async (fixture->process, NULL, xeno_test_result_cb, &pending);
  result = xeno_test_await (&pending);
  g_assert_true (g_subprocess_get_if_exited (fixture->process));
  g_assert_cmpint (g_subprocess_get_exit_status (fixture->process), ==, 1);
}

static const struct
{
  const char *path;
  void      (*func) (Fixture *fixture, gconstpointer data);
} tests[] = {
  { "what-virsh-does-is-told-line-by-line", what_virsh_does_is_told_line_by_line },
  { "it-goes-on-when-the-daemon-was-away", it_goes_on_when_the_daemon_was_away },
  { "it-ends-when-nobody-reads-it", it_ends_when_nobody_reads_it },
};

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    {
      g_autofree char *path = g_strconcat ("/xeno/cli-events/", tests[i].path, NULL);

      g_test_add (path, Fixture, NULL, set_up, tests[i].func, tear_down);
    }
  return g_test_run ();
}
