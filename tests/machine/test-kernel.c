/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Kernels under test, from the command to the guest: what they are told, how they give up, and the next build. */
#include "config.h"

#include <gio/gunixsocketaddress.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "base/xeno-panic.h"
#include "machine/cli-fixture.h"
#include "machine/daemon-fixture.h"

#define N_INITRD_BYTES 1234
#define WORDS          "No working init found."
#define KEY            "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f anna@desk"

typedef struct
{
  XenoConnection  *connection;
  XenoMachine     *machine; /* borrowed */
  char            *kernel;
  char            *initrd;
  XenoPanicReader *reader;
  GString         *text; /* what the guest says on its serial port */
  int              fd;
} Fixture;

static char *
make_file (const char *name,
           const char *bytes,
           gsize       length)
{
  char *path = g_build_filename (g_get_home_dir (), name, NULL);

  g_assert_true (g_file_set_contents (path, bytes, length, NULL));
  return path;
}

/* A build of the kernel: only its version tells it from others. */
static char *
build_kernel (const char *version)
{
  g_autofree char *bytes = NULL;
  gsize length = 0;
  char *place;

  g_assert_true (g_file_get_contents (g_getenv ("XENO_TEST_KERNEL"), &bytes, &length, NULL));
  place = memmem (bytes, length, "version 7.77.7", strlen ("version 7.77.7"));
  g_assert_nonnull (place);
  place += strlen ("version ");
  memcpy (place, version, strlen ("7.77.7"));
  return make_file ("bzImage", bytes, length);
}

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  g_autofree char *zeros = g_malloc0 (N_INITRD_BYTES);
  g_autofree char *line = NULL;

  fixture->fd = -1;
  fixture->kernel = build_kernel ("7.77.7");
  fixture->initrd = make_file ("initrd", zeros, N_INITRD_BYTES);
  fixture->reader = xeno_panic_reader_new ();
  fixture->text = g_string_new (NULL);
  line = g_strdup_printf ("create --kernel %s --initrd %s --cmdline 'one <two> panic' --light --gdb-wait --name k",
                          fixture->kernel, fixture->initrd);
  must (line);
  fixture->connection = open_session ();
  fixture->machine = xeno_connection_find_machine (fixture->connection, "k", NULL);
  g_assert_nonnull (fixture->machine);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  if (fixture->fd >= 0)
    close (fixture->fd);
  remove_machines (fixture->connection);
  g_assert_finalize_object (fixture->connection);
  g_unlink (fixture->kernel);
  g_unlink (fixture->initrd);
  xeno_panic_reader_free (fixture->reader);
  g_string_free (fixture->text, TRUE);
  g_free (fixture->kernel);
  g_free (fixture->initrd);
}

/* Before the kernel says its first word: it waits for its debugger. */
static void
listen_to_it (Fixture *fixture)
{
  GAsyncResult *pending = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  wait_for_machine (fixture->machine, XENO_MACHINE_PAUSED);
  if (fixture->fd >= 0)
    close (fixture->fd);
  g_string_truncate (fixture->text, 0);
  xeno_panic_reader_reset (fixture->reader);
  xeno_machine_open_console_async (fixture->machine, NULL, NULL, xeno_test_result_cb, &pending);
  result = xeno_test_await (&pending);
  fixture->fd = xeno_machine_open_console_finish (fixture->machine, result, &error);
  g_assert_no_error (error);
  do_verb (fixture->machine, "resume");
}

static gboolean
has_given_up (gpointer data)
{
  Fixture *fixture = data;
  char bytes[4096];
  gssize n_read = recv (fixture->fd, bytes, sizeof bytes, MSG_DONTWAIT);

  if (n_read <= 0)
    return FALSE;

  g_string_append_len (fixture->text, bytes, n_read);
  return xeno_panic_reader_feed (fixture->reader, bytes, n_read) == XENO_PANIC_PANICKED;
}

static void
note_panic (Fixture    *fixture,
            const char *text)
{
  GAsyncResult *pending = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  xeno_machine_set_note_async (fixture->machine, XENO_SPEC_NOTE_PANIC, text, NULL, xeno_test_result_cb, &pending);
  result = xeno_test_await (&pending);
  xeno_machine_set_note_finish (fixture->machine, result, &error);
  g_assert_no_error (error);
}

/* The protocol of gdb: why does it stand still? */
static void
assert_debugger_is_answered (Fixture *fixture)
{
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GSocketAddress) address = g_unix_socket_address_new (xeno_machine_get_debugger (fixture->machine));
  g_autoptr (GSocketConnection) line = NULL;
  g_autoptr (GError) error = NULL;
  char answer[3] = "";

  g_socket_client_set_timeout (client, 30);
  line = g_socket_client_connect (client, G_SOCKET_CONNECTABLE (address), NULL, &error);
  g_assert_no_error (error);
  g_output_stream_write_all (g_io_stream_get_output_stream (G_IO_STREAM (line)), "$?#3f", 5, NULL, NULL, &error);
  g_assert_no_error (error);
  g_input_stream_read_all (g_io_stream_get_input_stream (G_IO_STREAM (line)), answer, 3, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpmem (answer, 3, "+$T", 3);
}

static void
expect_event (GDataInputStream *lines,
              const char       *wanted)
{
  for (;;)
    {
      GAsyncResult *pending = NULL;
      g_autoptr (GAsyncResult) result = NULL;
      g_autoptr (GError) error = NULL;
      g_autofree char *line = NULL;

      g_data_input_stream_read_line_async (lines, G_PRIORITY_DEFAULT, NULL, xeno_test_result_cb, &pending);
      result = xeno_test_await (&pending);
      line = g_data_input_stream_read_line_finish_utf8 (lines, result, NULL, &error);
      g_assert_no_error (error);
      g_assert_nonnull (line);
      g_test_message ("%s", line);
      if (strstr (line, wanted) != NULL)
        return;
    }
}

static void
a_panic_is_noticed_and_the_next_build_runs (Fixture       *fixture,
                                            gconstpointer  data)
{
  g_autoptr (GSubprocess) events = spawn_xeno ("events");
  g_autoptr (GDataInputStream) lines = g_data_input_stream_new (g_subprocess_get_stdout_pipe (events));
  g_auto (Run) info = { 0 };
  g_auto (Run) after = { 0 };
  g_autofree char *kernel = NULL;

  expect_event (lines, "\"connected\"");
  listen_to_it (fixture);
  xeno_test_until (has_given_up, fixture);
  g_assert_nonnull (strstr (fixture->text->str, "kernel told: console=ttyS0 one <two> panic\r\n"));
  g_assert_nonnull (strstr (fixture->text->str, "initrd: 1234 bytes\r\n"));
  g_assert_cmpstr (xeno_panic_reader_get_text (fixture->reader), ==, WORDS);

  /* QEMU heard it, too; who reads the text notes why, for everybody. */
  wait_for_machine (fixture->machine, XENO_MACHINE_PANICKED);
  note_panic (fixture, xeno_panic_reader_get_text (fixture->reader));
  g_assert_cmpstr (xeno_machine_get_panic (fixture->machine), ==, WORDS);
  expect_event (lines, "\"panic\"");
  run_xeno (&info, "info k");
  g_assert_nonnull (strstr (info.output, "Its kernel panicked: " WORDS "\n"));
  g_assert_nonnull (strstr (info.output, "target remote /"));

  /* The same path, another build. */
  kernel = build_kernel ("8.88.8");
  must ("run-again k");
  g_assert_false (xeno_verb_is_allowed (xeno_verb_find ("start"), fixture->machine));
  listen_to_it (fixture);
  g_assert_null (xeno_machine_get_panic (fixture->machine));
  xeno_test_until (has_given_up, fixture);
  g_assert_nonnull (strstr (fixture->text->str, "Linux version 8.88.8-xenolith"));
  run_xeno (&after, "info k");
  g_assert_null (strstr (after.output, WORDS));

  g_subprocess_send_signal (events, SIGINT);
  g_assert_true (g_subprocess_wait (events, NULL, NULL));
}

static void
a_debugger_is_waited_for (Fixture       *fixture,
                          gconstpointer  data)
{
  wait_for_machine (fixture->machine, XENO_MACHINE_PAUSED);
  assert_debugger_is_answered (fixture);
  g_assert_cmpint (xeno_machine_get_state (fixture->machine), ==, XENO_MACHINE_PAUSED);
}

static void
only_a_kernel_runs_again (Fixture       *fixture,
                          gconstpointer  data)
{
  XenoMachine *other = add_machine (fixture->connection, "other", "");

  g_assert_true (xeno_verb_is_allowed (xeno_verb_find ("run-again"), fixture->machine));
  g_assert_false (xeno_verb_is_allowed (xeno_verb_find ("run-again"), other));
  must_not ("run-again other");
}

/* A Linux of today, as far as its userland and its last word, if somebody has fetched one. */
static void
a_linux_boots_and_panics (void)
{
  const char *kernel = g_getenv ("XENO_TEST_LINUX");
  Fixture fixture = { .fd = -1 };
  g_autofree char *line = NULL;

  if (kernel == NULL)
    {
      g_test_skip ("XENO_TEST_LINUX is no kernel with its initrd: build-linux-guest.sh fetches one");
      return;
    }

  fixture.reader = xeno_panic_reader_new ();
  fixture.text = g_string_new (NULL);
  line = g_strdup_printf ("create --kernel %s --initrd %s.initrd --cmdline 'quiet die' --light --gdb-wait --name k "
                          "--memory 512M", kernel, kernel);
  must (line);
  fixture.connection = open_session ();
  fixture.machine = xeno_connection_find_machine (fixture.connection, "k", NULL);
  listen_to_it (&fixture);
  xeno_test_until (has_given_up, &fixture);
  g_assert_nonnull (strstr (fixture.text->str, "userland: console=ttyS0 quiet die"));
  g_assert_true (g_str_has_prefix (xeno_panic_reader_get_text (fixture.reader), "Attempted to kill init!"));

  close (fixture.fd);
  remove_machines (fixture.connection);
  g_assert_finalize_object (fixture.connection);
  xeno_panic_reader_free (fixture.reader);
  g_string_free (fixture.text, TRUE);
}

/* Nothing is made: what libvirt would be told, of each thing that machines are made from. */
static void
assert_document (const char *arguments,
                 const char *wanted)
{
  g_autofree char *line = g_strconcat ("create --dry-run ", arguments, NULL);
  g_auto (Run) run = { 0 };

  run_xeno (&run, line);
  g_test_message ("%s: %s", line, run.errors);
  g_assert_cmpint (run.status, ==, 0);
  g_assert_true (g_str_has_prefix (run.output, "<domain"));
  g_assert_nonnull (strstr (run.output, wanted));
}

static void
each_source_can_be_looked_at_first (void)
{
  g_autofree char *kernel = g_strdup_printf ("--kernel %s --cmdline quiet", g_getenv ("XENO_TEST_KERNEL"));
  g_autofree char *iso = g_strdup_printf ("--iso %s", g_getenv ("XENO_TEST_SCREEN_ISO"));

  assert_document (kernel, "<cmdline>console=ttyS0 quiet</cmdline>");
  assert_document (iso, "screen.iso");
  assert_document ("--pxe", "<interface type=\"user\">");
  assert_document ("--empty", "<disk type=\"file\" device=\"disk\">");
}

/* What a recipe says of who logs in: its files lie beside it, and no password is among them. */
static void
a_recipe_says_who_logs_in (void)
{
  g_autofree char *recipe = g_build_filename (g_get_home_dir (), "recipe.json", NULL);
  g_autofree char *run = make_file ("run.sh", "echo hello\n", 11);
  g_autofree char *key = make_file ("key.pub", KEY "\n", strlen (KEY) + 1);
  g_autofree char *text = g_strdup_printf ("{\"cloud\": \"%s\", \"user\": \"anna\", \"ssh-key\": [\"key.pub\"], "
                                           "\"hostname\": \"box\", \"package\": \"htop\", \"run\": \"run.sh\", "
                                           "\"disk-size\": \"4G\"}", g_getenv ("XENO_TEST_CLOUD_IMAGE"));
  g_autofree char *arguments = g_strdup_printf ("--recipe %s", recipe);
  g_auto (Run) refused = { 0 };
  g_auto (Run) wrong = { 0 };
  g_autofree char *line = g_strconcat ("create ", arguments, NULL);

  g_assert_true (g_file_set_contents (recipe, text, -1, NULL));
  assert_document (arguments, "<xenolith:note key=\"seed-hostname\" value=\"box\"/>");
  assert_document (arguments, "<xenolith:note key=\"seed-user\" value=\"anna\"/>");
  g_assert_true (g_file_set_contents (recipe, "{\"cloud\": \"x.img\", \"password\": \"secret\"}", -1, NULL));
  run_xeno (&refused, line);
  g_assert_cmpint (refused.status, ==, 2);
  g_assert_nonnull (strstr (refused.errors, "“password”"));
  g_assert_null (strstr (refused.errors, "secret"));
  g_assert_true (g_file_set_contents (recipe, "{\"cloud\": \"x.img\", \"package\": [1]}", -1, NULL));
  run_xeno (&wrong, line);
  g_assert_nonnull (strstr (wrong.errors, "“package” must be a text in quotes, or a list of them"));
  g_unlink (recipe);
  g_unlink (run);
  g_unlink (key);
}

#define ADD(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  ADD ("/xeno/kernel/a-panic-is-noticed-and-the-next-build-runs", a_panic_is_noticed_and_the_next_build_runs);
  ADD ("/xeno/kernel/a-debugger-is-waited-for", a_debugger_is_waited_for);
  ADD ("/xeno/kernel/only-a-kernel-runs-again", only_a_kernel_runs_again);
  g_test_add_func ("/xeno/kernel/a-linux-boots-and-panics", a_linux_boots_and_panics);
  g_test_add_func ("/xeno/create/each-source-can-be-looked-at-first", each_source_can_be_looked_at_first);
  g_test_add_func ("/xeno/create/a-recipe-says-who-logs-in", a_recipe_says_who_logs_in);

  return g_test_run ();
}
