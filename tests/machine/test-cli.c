/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The whole life of a real machine through the xeno command. */
#include "config.h"

#include <glib/gstdio.h>
#include <json-glib/json-glib.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "machine/cli-fixture.h"

/* A member of `xeno info --json NAME`. */
static char *
dup_info (const char *name,
          const char *member)
{
  g_autofree char *arguments = g_strdup_printf ("info --json '%s'", name);
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autoptr (GError) error = NULL;
  g_auto (Run) run = { 0 };
  JsonObject *object;

  run_xeno (&run, arguments);
  g_assert_cmpstr (run.errors, ==, "");
  json_parser_load_from_data (parser, run.output, -1, &error);
  g_assert_no_error (error);
  object = json_node_get_object (json_parser_get_root (parser));
  return g_strdup (json_object_get_string_member_with_default (object, member, NULL));
}

static void
assert_state (const char *name,
              const char *expected)
{
  g_autofree char *state = dup_info (name, "state");

  g_assert_cmpstr (state, ==, expected);
}

static char *
images_folder (void)
{
  return g_build_filename (g_get_user_data_dir (), "libvirt", "images", NULL);
}

/* Files of disks that are neither hidden nor in the trash. */
static guint
count_disks (void)
{
  g_autofree char *path = images_folder ();
  g_autoptr (GDir) folder = g_dir_open (path, 0, NULL);
  const char *name;
  guint n = 0;

  while (folder != NULL && (name = g_dir_read_name (folder)) != NULL)
    {
      if (*name != '.')
        n++;
    }
  return n;
}

static guint
count_machines (void)
{
  g_auto (Run) run = { 0 };
  guint n = 0;

  run_xeno (&run, "list --names");
  g_assert_cmpint (run.status, ==, 0);
  for (const char *p = strchr (run.output, '\n'); p != NULL; p = strchr (p + 1, '\n'))
    n++;
  return n;
}

static void
create (const char *options)
{
  g_autofree char *arguments =
    g_strdup_printf ("create --iso '%s' --memory 64M --cpus 1 --disk-size 1G %s",
                     g_getenv ("XENO_TEST_SCREEN_ISO"), options);

  must (arguments);
}

static void
test_life (void)
{
  g_autofree char *folder = g_dir_make_tmp ("xeno-cli-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "screen.png", NULL);
  g_autofree char *screenshot = g_strdup_printf ("screenshot life '%s'", path);
  g_autofree char *picture = NULL;
  g_autofree char *title = NULL;
  gsize length;

  create ("--name life");
  assert_state ("life", "running");
  g_assert_cmpuint (count_disks (), ==, 1);

  must ("pause life");
  assert_state ("life", "paused");
  must_not ("pause life");
  must ("resume life");
  must ("save life");
  assert_state ("life", "saved");
  must ("restore life");
  assert_state ("life", "running");
  must ("save life");
  must ("start life"); /* what is saved goes on where it was */
  assert_state ("life", "running");
  must ("reset life");

  must (screenshot);
  g_assert_true (g_file_get_contents (path, &picture, &length, NULL));
  g_assert_cmpmem (picture, MIN (length, 4), "\x89PNG", 4);
  g_assert_cmpint (g_remove (path), ==, 0);
  g_assert_cmpint (g_rmdir (folder), ==, 0);

  must ("stop --force life");
  assert_state ("life", "off");
  must ("rename life 'Жизнь 生命'");
  title = dup_info ("Жизнь 生命", "title");
  g_assert_cmpstr (title, ==, "Жизнь 生命");
  must ("start 'Жизнь 生命'");
  must ("stop --force --wait 'Жизнь 生命'");

  must ("delete --yes --delete-disks 'Жизнь 生命'");
  g_assert_cmpuint (count_machines (), ==, 0);
  g_assert_cmpuint (count_disks (), ==, 0);
}

static void
test_delete_keeps_disks (void)
{
  create ("--name kept --no-start");
  assert_state ("kept", "off");
  must ("delete --yes kept");
  g_assert_cmpuint (count_machines (), ==, 0);
  g_assert_cmpuint (count_disks (), ==, 1);
}

static void
test_twice (void)
{
  guint n_disks = count_disks ();
  g_autofree char *again = g_strdup_printf ("create --iso '%s' --name twice --no-start",
                                            g_getenv ("XENO_TEST_SCREEN_ISO"));

  create ("--name twice --no-start");
  must_not (again);
  g_assert_cmpuint (count_machines (), ==, 1);
  g_assert_cmpuint (count_disks (), ==, n_disks + 1);
  must ("delete --yes --delete-disks twice");
  g_assert_cmpuint (count_disks (), ==, n_disks);
}

/* One line that says what is wrong, and nothing is there afterwards. */
static void
must_refuse (const char *arguments,
             int         status,
             const char *words)
{
  guint n_machines = count_machines ();
  guint n_disks = count_disks ();
  g_auto (Run) run = { 0 };

  run_xeno (&run, arguments);
  g_test_message ("%s: %s", arguments, run.errors);
  g_assert_cmpint (run.status, ==, status);
  g_assert_true (g_str_has_prefix (run.errors, "xeno: "));
  g_assert_true (strchr (run.errors, '\n') == run.errors + strlen (run.errors) - 1);
  g_assert_nonnull (strstr (run.errors, words));
  g_assert_cmpuint (count_machines (), ==, n_machines);
  g_assert_cmpuint (count_disks (), ==, n_disks);
}

/* Fault matrix, row 29. */
static void
test_limits (void)
{
  static const struct
  {
    const char *options;
    int         status;
    const char *words;
  } cases[] = {
    { "--memory 1000000G", 1, "The host has" },
    { "--memory 0", 1, "is too little" },
    { "--memory=-1G", 2, "is not a size" },
    { "--memory 16777216T", 2, "is not a size" },
    { "--cpus 100000", 1, "The host has" },
    { "--cpus 0", 1, "at least one" },
    { "--cpus=-1", 1, "at least one" },
    { "--disk-size 1000000G", 1, "has " },
    { "--disk-size 1", 1, "is too little" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *arguments = g_strdup_printf ("create --iso '%s' --name limits %s",
                                                    g_getenv ("XENO_TEST_SCREEN_ISO"), cases[i].options);

      must_refuse (arguments, cases[i].status, cases[i].words);
    }
}

/* Rows 18 and 22. */
static void
test_bad_names (void)
{
  g_autofree char *long_name = g_strnfill (5000, 'x');
  const struct
  {
    const char *name;
    const char *words;
  } cases[] = {
    { "", "is empty" },
    { " ", "is empty" },
    { " a", "blank" },
    { "a ", "blank" },
    { "/", "slash" },
    { "../../x", "slash" },
    { "..", "only dots" },
    { "host", "a meaning of its own" },
    { "all", "a meaning of its own" },
    { "a\033[2J", "cannot be shown" },
    { long_name, "longer than 100 characters" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *arguments = g_strdup_printf ("create --iso '%s' --name '%s'", g_getenv ("XENO_TEST_SCREEN_ISO"),
                                                    cases[i].name);

      must_refuse (arguments, 1, cases[i].words);
    }
}

/* Rows 1 to 4: said by the command too, and at once. */
static void
test_bad_media (void)
{
  static const char link_target[] = "/dev/zero";
  g_autofree char *folder = g_dir_make_tmp ("xeno-cli-XXXXXX", NULL);
  const struct
  {
    const char *name;
    const char *words;
  } cases[] = {
    { "empty.iso", "is empty" },
    { "text.iso", "is not an installation image" },
    { "cut.iso", "Say --anyway" },
    { "pipe.iso", "is a pipe" },
    { "zero.iso", "is a device" },
    { "missing.iso", "is not there" },
    { "", "is a folder" },
  };
  g_autofree char *iso = NULL;
  gsize length;

  g_assert_true (g_file_get_contents (g_getenv ("XENO_TEST_SCREEN_ISO"), &iso, &length, NULL));
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_build_filename (folder, cases[i].name, NULL);
      g_autofree char *arguments = g_strdup_printf ("create --iso '%s' --name media", path);
      gint64 start;

      if (g_str_has_prefix (cases[i].name, "empty"))
        g_assert_true (g_file_set_contents (path, "", 0, NULL));
      else if (g_str_has_prefix (cases[i].name, "text"))
        g_assert_true (g_file_set_contents (path, "Dear disc,\n", -1, NULL));
      else if (g_str_has_prefix (cases[i].name, "cut"))
        g_assert_true (g_file_set_contents (path, iso, 40960, NULL));
      else if (g_str_has_prefix (cases[i].name, "pipe"))
        g_assert_cmpint (mkfifo (path, 0600), ==, 0);
      else if (g_str_has_prefix (cases[i].name, "zero"))
        g_assert_cmpint (symlink (link_target, path), ==, 0);
      start = g_get_monotonic_time ();
      must_refuse (arguments, 1, cases[i].words);
      g_assert_cmpint (g_get_monotonic_time () - start, <, 10 * G_USEC_PER_SEC);
      g_remove (path);
    }
}

/* Row 9: what a file is called is never an option, nor more than one word. */
static void
test_odd_file_names (void)
{
  static const char * const names[] = { "-rf.iso", "a,b=c;d.iso", "$(id) `id` %s%n.iso" };
  g_autofree char *folder = g_dir_make_tmp ("xeno-cli-XXXXXX", NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = g_build_filename (folder, names[i], NULL);
      g_autofree char *arguments = g_strdup_printf ("create --iso '%s' --name odd --memory 64M --disk-size 0 --no-start",
                                                    path);
      g_autoptr (GFile) from = g_file_new_for_path (g_getenv ("XENO_TEST_SCREEN_ISO"));
      g_autoptr (GFile) to = g_file_new_for_path (path);

      g_assert_true (g_file_copy (from, to, G_FILE_COPY_NONE, NULL, NULL, NULL, NULL));
      must (arguments);
      must ("delete --yes odd");
      g_remove (path);
    }
  g_rmdir (folder);
}

/* Row 28: one warning, with numbers, and the machine is made. */
static void
test_overcommitted (void)
{
  g_autofree char *images = images_folder ();
  g_autoptr (GFile) file = g_file_new_for_path (images);
  g_autoptr (GFileInfo) info = g_file_query_filesystem_info (file, G_FILE_ATTRIBUTE_FILESYSTEM_FREE, NULL, NULL);
  guint64 most_gib = g_file_info_get_attribute_uint64 (info, G_FILE_ATTRIBUTE_FILESYSTEM_FREE) >> 30;
  static const char * const names[] = { "first", "second" };

  g_assert_cmpuint (most_gib, >, 1);
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *arguments =
        g_strdup_printf ("create --iso '%s' --name %s --memory 64M --disk-size %" G_GUINT64_FORMAT "G --no-start",
                         g_getenv ("XENO_TEST_SCREEN_ISO"), names[i], most_gib / 2 + (most_gib > 20 ? 10 : 1));
      g_auto (Run) run = { 0 };

      run_xeno (&run, arguments);
      g_test_message ("%s", run.errors);
      g_assert_cmpint (run.status, ==, 0);
      if (i == 0)
        g_assert_cmpstr (run.errors, ==, "");
      else
        g_assert_nonnull (strstr (run.errors, "may grow by"));
    }
  must ("delete --yes --delete-disks first");
  must ("delete --yes --delete-disks second");
}

typedef struct
{
  GSubprocess *process;
  gboolean     is_sent;
} Interrupt;

static gboolean
interrupt_cb (gpointer user_data)
{
  Interrupt *interrupt = user_data;

  g_subprocess_send_signal (interrupt->process, SIGINT);
  interrupt->is_sent = TRUE;
  return G_SOURCE_REMOVE;
}

static gboolean
is_sent (gpointer data)
{
  return ((Interrupt *) data)->is_sent;
}

/* Whenever it comes, what is there afterwards is a whole machine or nothing. */
static void
test_interrupt (void)
{
  guint n_disks = count_disks ();
  guint n_stopped = 0;

  for (guint delay_ms = 10; delay_ms <= 400; delay_ms += 30)
    {
      g_autofree char *arguments =
        g_strdup_printf ("create --iso '%s' --name stopped --memory 64M --disk-size 1G --no-start",
                         g_getenv ("XENO_TEST_SCREEN_ISO"));
      g_autoptr (GSubprocess) process = spawn_xeno (arguments);
      Interrupt interrupt = { process, FALSE };
      g_auto (Run) run = { 0 };

      g_timeout_add (delay_ms, interrupt_cb, &interrupt);
      xeno_test_until (is_sent, &interrupt);
      g_subprocess_wait (process, NULL, NULL);
      n_stopped += !g_subprocess_get_if_exited (process) || g_subprocess_get_exit_status (process) != 0;
      g_assert_cmpuint (count_disks (), ==, n_disks + count_machines ());
      if (count_machines () > 0)
        must ("delete --yes --delete-disks stopped");
    }
  g_assert_cmpuint (n_stopped, >, 0);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/xeno/cli/a-machine-lives-its-whole-life", test_life);
  g_test_add_func ("/xeno/cli/deleting-keeps-disks-unless-asked", test_delete_keeps_disks);
  g_test_add_func ("/xeno/cli/a-taken-name-is-refused-and-nothing-is-lost", test_twice);
  g_test_add_func ("/xeno/cli/what-is-beyond-the-host-is-refused-with-the-limit", test_limits);
  g_test_add_func ("/xeno/cli/a-bad-name-is-refused-in-words", test_bad_names);
  g_test_add_func ("/xeno/cli/a-bad-medium-is-refused-in-words", test_bad_media);
  g_test_add_func ("/xeno/cli/a-file-may-be-called-anything", test_odd_file_names);
  g_test_add_func ("/xeno/cli/disks-that-may-outgrow-their-place-are-warned-of-once", test_overcommitted);
  g_test_add_func ("/xeno/cli/an-interrupt-leaves-nothing-half-made", test_interrupt);

  return g_test_run ();
}
