/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* xeno try with a guest that runs: what a script writes arrives byte for byte, and nothing stays of it. */
#include "config.h"

#include <locale.h>
#include <signal.h>
#include <string.h>

#include <glib/gstdio.h>

#include "machine/cli-fixture.h"
#include "machine/clone-fixture.h"
#include "virt/xeno-warm-note.h"

/* As xeno try has them. */
#define TIMED_OUT 124
#define NOT_RUN   125

#define MANY_BYTES (10 << 20)

static CloneFixture world;

static XenoMachine *
add_guest (void)
{
  const char *guest = g_getenv ("XENO_TEST_TINY_GUEST");
  g_autofree char *xml =
    g_strdup_printf ("<domain type='qemu'><name>tiny</name><memory unit='MiB'>160</memory><vcpu>1</vcpu>"
                     "<os><type arch='x86_64' machine='q35'>hvm</type><kernel>%s/vmlinuz</kernel>"
                     "<initrd>%s/initrd.img</initrd><cmdline>console=ttyS0 quiet</cmdline></os>"
                     "<features><acpi/><apic/></features><devices>"
                     "<disk type='file' device='disk'><driver name='qemu' type='qcow2'/><source file='%s'/>"
                     "<target dev='vda' bus='virtio'/></disk><controller type='usb' model='none'/>"
                     "<channel type='unix'><target type='virtio' name='org.qemu.guest_agent.0'/></channel>"
                     "<interface type='user'/><serial type='pty'/><memballoon model='none'/></devices></domain>",
                     guest, guest, world.disk);

  return add_machine_of_xml (world.connection, xml);
}

static gboolean
is_ready_now (gpointer data)
{
  g_autoptr (XenoWarmNote) note = xeno_warm_note_of_machine (world.base);

  return note != NULL;
}

/* One guest boots for all of them: the rest goes on from it. */
static gboolean
prepare (gboolean is_ready)
{
  if (g_getenv ("XENO_TEST_TINY_GUEST") == NULL)
    {
      g_test_skip ("there is no tiny guest (XENO_TEST_TINY_GUEST)");
      return FALSE;
    }
  if (world.connection == NULL)
    {
      clone_fixture_set_up (&world, NULL);
      world.base = add_guest ();
    }
  if (is_ready && !is_ready_now (NULL))
    {
      must ("ready tiny");
      xeno_test_until (is_ready_now, NULL);
    }
  return TRUE;
}

static gboolean
are_alone (gpointer data)
{
  return g_list_model_get_n_items (xeno_connection_get_machines (world.connection)) == 2;
}

static void
assert_nothing_is_left (void)
{
  xeno_test_until (are_alone, NULL);
  g_assert_cmpuint (count_files (), ==, is_ready_now (NULL) ? 3 : 1);
  g_assert_cmpuint (count_journal (), ==, 0);
}

static void
write_file (const char *name,
            GBytes     *bytes)
{
  g_autofree char *path = g_build_filename (g_get_home_dir (), name, NULL);
  gsize length;
  const char *data = g_bytes_get_data (bytes, &length);

  g_assert_true (g_file_set_contents (path, data, length, NULL));
}

static void
write_script (const char *text)
{
  g_autofree char *script = g_strconcat ("#!/bin/sh\n", text, NULL);
  g_autoptr (GBytes) bytes = g_bytes_new (script, strlen (script));

  write_file ("script", bytes);
}

/* Its words run in the home of the test, where script and data are. */
static GSubprocess *
start_try (const char * const *words)
{
  g_autoptr (GSubprocessLauncher) launcher = NULL;
  g_autoptr (GPtrArray) argv = g_ptr_array_new ();
  g_autoptr (GError) error = NULL;
  GSubprocess *process;

  g_ptr_array_add (argv, (gpointer) g_getenv ("XENO_TEST_XENO"));
  g_ptr_array_add (argv, (gpointer) "--connect");
  g_ptr_array_add (argv, (gpointer) SESSION_URI);
  g_ptr_array_add (argv, (gpointer) "try");
  g_ptr_array_add (argv, (gpointer) "--base");
  g_ptr_array_add (argv, (gpointer) "tiny");
  for (; *words != NULL; words++)
    g_ptr_array_add (argv, (gpointer) *words);
  g_ptr_array_add (argv, NULL);
  launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_PIPE);
  g_subprocess_launcher_set_cwd (launcher, g_get_home_dir ());
  process = g_subprocess_launcher_spawnv (launcher, (const char * const *) argv->pdata, &error);
  g_assert_no_error (error);
  return process;
}

static int
finish_try (GSubprocess  *process,
            GBytes      **output,
            GBytes      **errors)
{
  g_autoptr (GError) error = NULL;

  g_subprocess_communicate (process, NULL, NULL, output, errors, &error);
  g_assert_no_error (error);
  g_assert_true (g_subprocess_get_if_exited (process));
  g_test_message ("%.*s", (int) MIN (g_bytes_get_size (*errors), 200), (const char *) g_bytes_get_data (*errors, NULL));
  return g_subprocess_get_exit_status (process);
}

static GBytes *
make_every_byte (void)
{
  GByteArray *bytes = g_byte_array_new ();

  for (guint i = 0; i < 1024; i++)
    {
      guint8 byte = (guint8) (i * 7);

      g_byte_array_append (bytes, &byte, 1);
    }
  return g_byte_array_free_to_bytes (bytes);
}

static void
assert_bytes (GBytes *bytes,
              GBytes *expected)
{
  gsize length;
  const guint8 *data = g_bytes_get_data (expected, &length);

  g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), data, length);
}

/* A file goes in and comes out as it is, words are not words of a shell, and errors have their own way. */
static void
test_arrives_byte_for_byte (void)
{
  static const char * const words[] = { "--file", "data", "--", "./script", "a b", "$(id)", "", "--off", NULL };
  static const char expected[] = "5:a b:$(id)::--off\n";
  g_autoptr (GBytes) all = make_every_byte ();
  g_autoptr (GBytes) wanted = g_bytes_new_static (expected, strlen (expected));
  g_autoptr (GSubprocess) process = NULL;
  g_autoptr (GBytes) output = NULL;
  g_autoptr (GBytes) errors = NULL;

  if (!prepare (FALSE))
    return;

  write_file ("data", all);
  write_script ("cat data\n"
                "printf '%d:%s:%s:%s:%s\\n' $(($# + 1)) \"$@\" >&2\n"
                "exit 42\n");
  process = start_try (words);
  g_assert_cmpint (finish_try (process, &output, &errors), ==, 42);
  assert_bytes (output, all);
  assert_bytes (errors, wanted);
  assert_nothing_is_left ();
}

/* The guest goes on from where it was saved, and knows what time it is all the same. */
static void
test_goes_on_from_a_copy_that_is_ready (void)
{
  static const char * const words[] = { "--", "./script", NULL };
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;
  g_autoptr (GSubprocess) process = NULL;
  g_autoptr (GBytes) output = NULL;
  g_autoptr (GBytes) errors = NULL;
  gint64 then_s, now_s;

  if (!prepare (TRUE))
    return;

  before = checksum_file (world.disk);
  then_s = g_get_real_time () / G_USEC_PER_SEC;
  write_script ("date +%s; echo later; kill -9 $$\n");
  process = start_try (words);
  g_assert_cmpint (finish_try (process, &output, &errors), ==, 128 + SIGKILL);
  g_assert_cmpuint (g_bytes_get_size (errors), ==, 0); /* no word of a start */
  now_s = g_ascii_strtoll (g_bytes_get_data (output, NULL), NULL, 10);
  g_assert_cmpint (now_s, >=, then_s);
  g_assert_cmpint (now_s, <=, g_get_real_time () / G_USEC_PER_SEC);
  assert_nothing_is_left ();
  after = checksum_file (world.disk);
  g_assert_cmpstr (before, ==, after);
}

static void
test_ten_megabytes_arrive (void)
{
  static const char * const words[] = { "--", "./script", NULL };
  g_autoptr (GSubprocess) process = NULL;
  g_autoptr (GBytes) output = NULL;
  g_autoptr (GBytes) errors = NULL;
  g_autoptr (GByteArray) wanted = g_byte_array_new ();

  if (!prepare (TRUE))
    return;

  while (wanted->len < MANY_BYTES)
    g_byte_array_append (wanted, (const guint8 *) "0123456789abcde\n", 16);
  write_script ("yes 0123456789abcde | head -c 10485760\n");
  process = start_try (words);
  g_assert_cmpint (finish_try (process, &output, &errors), ==, 0);
  g_assert_cmpmem (g_bytes_get_data (output, NULL), g_bytes_get_size (output), wanted->data, wanted->len);
  assert_nothing_is_left ();
}

static void
test_ends_when_the_time_is_up (void)
{
  static const char * const words[] = { "--timeout", "1s", "--", "./script", NULL };
  g_autoptr (GSubprocess) process = NULL;
  g_autoptr (GBytes) output = NULL;
  g_autoptr (GBytes) errors = NULL;

  if (!prepare (TRUE))
    return;

  write_script ("exec sleep 1000\n");
  process = start_try (words);
  g_assert_cmpint (finish_try (process, &output, &errors), ==, TIMED_OUT);
  assert_nothing_is_left ();
}

/* A script that says that it runs, and does for ever. */
static GSubprocess *
start_endless (void)
{
  static const char * const words[] = { "--", "./script", NULL };
  GSubprocess *process;
  char line[sizeof "begun\n"] = "";

  write_script ("echo begun; exec sleep 1000\n");
  process = start_try (words);
  g_assert_true (g_input_stream_read_all (g_subprocess_get_stdout_pipe (process), line, strlen ("begun\n"), NULL, NULL,
                                          NULL));
  g_assert_cmpstr (line, ==, "begun\n");
  return process;
}

static void
test_stops_where_a_person_stops_it (void)
{
  g_autoptr (GSubprocess) process = NULL;
  g_autoptr (GBytes) output = NULL;
  g_autoptr (GBytes) errors = NULL;

  if (!prepare (TRUE))
    return;

  process = start_endless ();
  g_subprocess_send_signal (process, SIGINT);
  g_assert_cmpint (finish_try (process, &output, &errors), ==, NOT_RUN);
  assert_nothing_is_left ();
}

static void
test_killed_leaves_nothing_after_the_next (void)
{
  g_autoptr (GSubprocess) process = NULL;
  g_auto (Run) late = { 0 };

  if (!prepare (TRUE))
    return;

  process = start_endless ();
  g_subprocess_send_signal (process, SIGKILL);
  g_assert_true (g_subprocess_wait (process, NULL, NULL));
  g_assert_cmpuint (count_journal (), ==, 1);
  run_xeno (&late, "run nothing-of-this-name");
  g_assert_cmpint (late.status, ==, 1);
  assert_nothing_is_left ();
}

static gboolean
says_kept (const char *errors)
{
  return strstr (errors, "Ctrl+C") != NULL;
}

static void
test_keeps_what_failed (void)
{
  static const char * const words[] = { "--keep-on-failure", "--", "./script", NULL };
  g_autoptr (GSubprocess) process = NULL;
  g_autoptr (GBytes) output = NULL;
  g_autoptr (GBytes) errors = NULL;
  g_autoptr (GString) said = g_string_new (NULL);
  char byte;

  if (!prepare (TRUE))
    return;

  write_script ("exit 3\n");
  process = start_try (words);
  while (!says_kept (said->str)
         && g_input_stream_read (g_subprocess_get_stderr_pipe (process), &byte, 1, NULL, NULL) == 1)
    g_string_append_c (said, byte);
  g_test_message ("%s", said->str);
  g_assert_true (says_kept (said->str));
  g_assert_cmpuint (count_journal (), ==, 1);
  g_subprocess_send_signal (process, SIGINT);
  g_assert_cmpint (finish_try (process, &output, &errors), ==, 3);
  assert_nothing_is_left ();
}

static void
clean_up (void)
{
  if (world.connection == NULL)
    return;

  if (is_ready_now (NULL))
    must ("ready tiny --off");
  clone_fixture_tear_down (&world, NULL);
}

int
main (int    argc,
      char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  setlocale (LC_ALL, "");

  g_test_add_func ("/xeno/try/arrives-byte-for-byte", test_arrives_byte_for_byte);
  g_test_add_func ("/xeno/try/goes-on-from-a-copy-that-is-ready", test_goes_on_from_a_copy_that_is_ready);
  g_test_add_func ("/xeno/try/ten-megabytes-arrive", test_ten_megabytes_arrive);
  g_test_add_func ("/xeno/try/ends-when-the-time-is-up", test_ends_when_the_time_is_up);
  g_test_add_func ("/xeno/try/stops-where-a-person-stops-it", test_stops_where_a_person_stops_it);
  g_test_add_func ("/xeno/try/killed-leaves-nothing-after-the-next", test_killed_leaves_nothing_after_the_next);
  g_test_add_func ("/xeno/try/keeps-what-failed", test_keeps_what_failed);
  status = g_test_run ();
  clean_up ();
  return status;
}
