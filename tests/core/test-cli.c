/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The xeno command over the test driver: what it prints, how it ends, and what never gets out. */
#include "config.h"

#include <fcntl.h>
#include <gio/gio.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support/xeno-test.h"
#include "virt/xeno-verb.h"

#define EVIL "00000000-0000-4000-8000-000000000003"

typedef struct
{
  int   status;
  char *output;
  char *errors;
} Run;

static void
run_clear (Run *run)
{
  g_free (run->output);
  g_free (run->errors);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Run, run_clear)

static char *
fixture_path (const char *name)
{
  return g_test_build_filename (G_TEST_DIST, "..", "fixtures", "cli", name, NULL);
}

static char *
fixture_uri (void)
{
  g_autofree char *path = fixture_path ("machines.xml");
  g_autofree char *whole = g_canonicalize_filename (path, NULL);
  g_autofree char *escaped = g_uri_escape_string (whole, "/", FALSE);

  return g_strconcat ("test://", escaped, NULL);
}

static void
xeno_in (Run        *run,
         const char *locale,
         const char *arguments)
{
  g_autoptr (GSubprocessLauncher) launcher =
    g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_PIPE);
  g_autoptr (GSubprocess) process = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *uri = fixture_uri ();
  g_autofree char *line = g_strdup_printf ("'%s' --connect '%s' %s", g_getenv ("XENO_TEST_XENO"), uri,
                                           arguments);
  g_auto (GStrv) args = NULL;

  g_assert_true (g_shell_parse_argv (line, NULL, &args, NULL));
  g_subprocess_launcher_setenv (launcher, "LC_ALL", locale, TRUE);
  g_subprocess_launcher_setenv (launcher, "LANGUAGE", "en", TRUE);
  process = g_subprocess_launcher_spawnv (launcher, (const char * const *) args, &error);
  g_assert_no_error (error);
  g_subprocess_communicate_utf8 (process, NULL, NULL, &run->output, &run->errors, &error);
  g_assert_no_error (error);
  g_assert_true (g_subprocess_get_if_exited (process));
  run->status = g_subprocess_get_exit_status (process);
}

static void
xeno (Run        *run,
      const char *arguments)
{
  xeno_in (run, "C", arguments);
}

static void
assert_one_line (const Run *run)
{
  if (!g_str_has_prefix (run->errors, "xeno: "))
    g_error ("This does not say who speaks: %s", run->errors);
  g_assert_true (strchr (run->errors, '\n') == run->errors + strlen (run->errors) - 1);
}

static void
test_json (gconstpointer data)
{
  static const struct
  {
    const char *arguments;
    const char *fixture;
  } cases[] = {
    { "list --json", "list.json" },
    { "info --json " EVIL, "info.json" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = fixture_path (cases[i].fixture);
      g_autofree char *expected = NULL;
      g_auto (Run) run = { 0 };

      g_assert_true (g_file_get_contents (path, &expected, NULL, NULL));
      xeno_in (&run, data, cases[i].arguments);
      g_assert_cmpstr (run.output, ==, expected);
      g_assert_cmpstr (run.errors, ==, "");
      g_assert_cmpint (run.status, ==, 0);
    }
}

static void
test_exit (void)
{
  static const struct
  {
    const char *arguments;
    int         status;
  } cases[] = {
    { "list", 0 },
    { "list --names", 0 },
    { "list --long", 0 },
    { "info plain", 0 },
    { "info -- -rf", 0 },
    { "info 'Größe 日本語 <b>&amp;'", 1 },
    { "info '$(touch canary)`id`%s%n;\\'", 0 },
    { "info --host", 0 },
    { "pause plain", 0 },
    { "pause plain twin-1 -- -rf", 0 },
    { "stop --force plain", 0 },
    { "stop --force --wait plain", 0 },
    { "autostart plain", 0 },
    { "autostart plain on", 0 },
    { "device list plain", 0 },
    { "device list plain disk --json", 0 },
    { "device list --parts plain", 0 },
    { "set plain machine.description='a & b'", 0 },
    { "pending plain", 0 },
    { "rename plain новый", 0 },
    { "help", 0 },
    { "help list", 0 },
    { "--help", 0 },
    { "list --help", 0 },
    { "--version", 0 },
    { "--connect test:///default list", 0 },
    { "list --connect test:///default", 0 },
    { "start plain", 1 },
    { "resume plain", 1 },
    { "info Twin", 1 },
    { "info nobody", 1 },
    { "info ''", 1 },
    { "pause nobody plain", 1 },
    { "rename plain ..", 1 },
    { "rename plain host", 1 },
    { "rename plain a/b", 1 },
    { "rename nobody new", 1 },
    { "device set plain nosuch bus=virtio", 1 },
    { "device remove plain nosuch", 1 },
    { "device set plain ram nosuch=1", 1 },
    { "device set plain ram memory=much", 1 },
    { "set plain nosuch.field=1", 1 },
    { "set plain --memory much", 1 },
    { "set plain --cpus -1", 1 },
    { "pending nobody", 1 },
    { "screenshot plain /nosuch/folder/file.png", 1 },
    { "screenshot plain /dev/full", 1 },
    { "", 2 },
    { "nosuch", 2 },
    { "list extra", 2 },
    { "list --nosuch", 2 },
    { "list --names --json", 2 },
    { "info", 2 },
    { "info plain --host", 2 },
    { "pause", 2 },
    { "rename plain", 2 },
    { "rename a b c", 2 },
    { "autostart plain maybe", 2 },
    { "device list", 2 },
    { "device mend plain", 2 },
    { "device set plain vda", 2 },
    { "device add plain teleporter", 2 },
    { "device remove plain ram", 2 },
    { "set plain", 2 },
    { "stop --timeout 0 plain", 2 },
    { "delete plain", 2 },
    { "help nosuch", 2 },
    { "create", 2 },
    { "create --iso x --memory much", 2 },
    { "create --iso x --accel warp", 2 },
    { "create --iso x --firmware coreboot", 2 },
    { "create extra", 2 },
    { "create --pxe --empty", 2 },
    { "create --empty --initrd x", 2 },
    { "create --iso x --light", 2 },
    { "create --empty --tpm maybe", 2 },
    { "create --recipe /nosuch/file.json", 2 },
    { "create --kernel /nosuch/bzImage", 1 },
    { "--nosuch list", 2 },
    { "create --iso /nosuch/file.iso", 1 },
    { "--connect nonsense list", 3 },
    { "--connect nonsense info plain", 3 },
    { "--connect nonsense pause plain", 3 },
    { "--connect nonsense list --json", 3 },
    { "--connect nonsense:///system list", 3 },
    { "--connect nonsense events", 3 },
    { "--connect nonsense create --iso x", 3 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_auto (Run) run = { 0 };

      xeno (&run, cases[i].arguments);
      if (run.status != cases[i].status)
        g_error ("“xeno %s” ended with %d instead of %d: %s", cases[i].arguments, run.status,
                 cases[i].status, run.errors);
      if (run.status == 0)
        g_assert_cmpstr (run.errors, ==, "");
      else
        assert_one_line (&run);
      if (run.status == 2)
        g_assert_nonnull (strstr (run.errors, "xeno help"));
    }
  g_assert_false (g_file_test ("canary", G_FILE_TEST_EXISTS));
}

static void
test_advice (void)
{
  static const struct
  {
    const char *arguments;
    const char *sentence;
  } cases[] = {
    { "strat plain", "xeno: There is no command “strat”. Did you mean “start”? See “xeno help”.\n" },
    { "help lits", "xeno: There is no command “lits”. Did you mean “list”? See “xeno help help”.\n" },
    { "pause plian", "xeno: There is no machine “plian” on “Pretended machines”. Did you mean “plain”?\n" },
    { "pause nobody", "xeno: There is no machine “nobody” on “Pretended machines”.\n" },
    { "frobnicate", "xeno: There is no command “frobnicate”. See “xeno help”.\n" },
    { "--connect nonsense:///system list",
      "xeno: “nonsense:///system” is not an address libvirt understands. A right one looks like "
      "qemu:///session or qemu+ssh://user@host/system.\n" },
    { "--connect nonsense:///system info plain",
      "xeno: “nonsense:///system” is not an address libvirt understands. A right one looks like "
      "qemu:///session or qemu+ssh://user@host/system.\n" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_auto (Run) run = { 0 };

      xeno (&run, cases[i].arguments);
      g_assert_cmpstr (run.errors, ==, cases[i].sentence);
    }
}

static void
test_plain_output (void)
{
  static const char * const lines[] = {
    "list", "list --long", "list --json", "list --names", "info " EVIL, "info --json " EVIL,
  };

  for (guint i = 0; i < G_N_ELEMENTS (lines); i++)
    {
      g_auto (Run) run = { 0 };

      xeno (&run, lines[i]);
      g_assert_true (g_utf8_validate (run.output, -1, NULL));
      for (const char *p = run.output; *p != '\0'; p = g_utf8_next_char (p))
        {
          gunichar c = g_utf8_get_char (p);

          g_assert_true (c == '\n' || !g_unichar_iscntrl (c));
          g_assert_cmpint (g_unichar_type (c), !=, G_UNICODE_FORMAT);
        }
    }
}

static void
test_list (void)
{
  g_auto (Run) table = { 0 };
  g_auto (Run) names = { 0 };
  g_auto (GStrv) lines = NULL;

  xeno (&names, "list --names");
  g_assert_cmpstr (names.output, ==, "$(touch canary)`id`%s%n;\\\n-rf\nplain\ntwin-1\ntwin-2\n");

  xeno (&table, "list");
  lines = g_strsplit (table.output, "\n", -1);
  g_assert_cmpuint (g_strv_length (lines), ==, 7);
  g_assert_true (g_str_has_prefix (lines[0], "NAME "));
  g_assert_true (g_str_has_prefix (lines[3], "plain "));
  g_assert_nonnull (strstr (lines[3], "Running"));
  g_assert_nonnull (strstr (lines[3], "512.0"));
}

static void
test_help (void)
{
  g_auto (Run) overview = { 0 };
  gsize n_verbs;
  const XenoVerb *verbs = xeno_verb_list (&n_verbs);

  xeno (&overview, "help");
  for (gsize i = 0; i < n_verbs; i++)
    {
      g_autofree char *line = g_strconcat ("\n  ", verbs[i].id, " ", NULL);

      if (strcmp (verbs[i].id, "shut-down") == 0 || strcmp (verbs[i].id, "force-off") == 0)
        g_assert_nonnull (strstr (overview.output, "\n  stop "));
      else if (strstr (overview.output, line) == NULL)
        g_error ("There is no command for the verb “%s”", verbs[i].id);
    }
}

static void
test_help_of_each (void)
{
  g_auto (Run) overview = { 0 };
  g_auto (GStrv) lines = NULL;
  guint n_commands = 0;

  xeno (&overview, "help");
  lines = g_strsplit (overview.output, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    {
      g_auto (GStrv) words = g_strsplit (lines[i], " ", 4);
      g_auto (Run) run = { 0 };
      g_autofree char *line = NULL;
      g_autofree char *usage = NULL;

      if (!g_str_has_prefix (lines[i], "  ") || g_str_has_prefix (lines[i], "  -"))
        continue; /* neither prose nor an option */
      n_commands++;
      line = g_strconcat ("help ", words[2], NULL);
      usage = g_strconcat ("xeno ", words[2], " ", NULL);
      xeno (&run, line);
      g_assert_cmpint (run.status, ==, 0);
      g_assert_nonnull (strstr (run.output, usage));
      g_assert_nonnull (strstr (run.output, "--connect"));
    }
  g_assert_cmpuint (n_commands, >, 15);
}

/* Runs with an odd standard output, and gives the exit code. */
static int
run_with_output (const char *arguments,
                 int         fd)
{
  g_autofree char *uri = fixture_uri ();
  g_autofree char *line = g_strdup_printf ("'%s' --connect '%s' %s", g_getenv ("XENO_TEST_XENO"), uri,
                                           arguments);
  g_auto (GStrv) args = NULL;
  int status;
  pid_t child;

  g_assert_true (g_shell_parse_argv (line, NULL, &args, NULL));
  child = fork ();
  if (child == 0)
    {
      if (fd >= 0)
        dup2 (fd, STDOUT_FILENO);
      else
        close (STDOUT_FILENO);
      execv (args[0], args);
      _exit (99);
    }
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  g_assert_true (WIFEXITED (status));
  return WEXITSTATUS (status);
}

static void
test_lost_output (void)
{
  static const char * const lines[] = {
    "list", "list --names", "list --json", "info plain", "help", "--version", "autostart plain",
    "device list plain", "device list --parts --json plain", "screenshot plain -", "events",
  };
  int full = open ("/dev/full", O_WRONLY | O_CLOEXEC);
  int ends[2];

  g_assert_cmpint (pipe2 (ends, O_CLOEXEC), ==, 0);
  close (ends[0]);
  for (guint i = 0; i < G_N_ELEMENTS (lines); i++)
    {
      g_assert_cmpint (run_with_output (lines[i], full), ==, 1);
      g_assert_cmpint (run_with_output (lines[i], ends[1]), ==, 1);
      g_assert_cmpint (run_with_output (lines[i], -1), ==, 1);
    }
  close (ends[1]);
  close (full);
}

static void
test_screenshot (void)
{
  g_autofree char *folder = g_dir_make_tmp ("xeno-cli-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "a b.png", NULL);
  g_autofree char *arguments = g_strdup_printf ("screenshot plain '%s'", path);
  g_autofree char *picture = NULL;
  g_auto (Run) run = { 0 };
  gsize length;

  xeno (&run, arguments);
  g_assert_cmpstr (run.errors, ==, "");
  g_assert_true (g_file_get_contents (path, &picture, &length, NULL));
  g_assert_cmpmem (picture, MIN (length, 4), "\x89PNG", 4);
  unlink (path);
  rmdir (folder);
}

static void
test_events (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocess) process =
    g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error, g_getenv ("XENO_TEST_XENO"),
                      "--connect", "test:///default", "events", NULL);
  g_autoptr (GDataInputStream) stream = NULL;
  g_autofree char *line = NULL;

  g_assert_no_error (error);
  stream = g_data_input_stream_new (g_subprocess_get_stdout_pipe (process));
  line = g_data_input_stream_read_line_utf8 (stream, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (g_str_has_prefix (line, "{\"time\":\""));
  g_assert_true (g_str_has_suffix (line, "\"event\":\"connected\"}"));

  g_subprocess_send_signal (process, SIGINT);
  g_assert_true (g_subprocess_wait (process, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpint (g_subprocess_get_exit_status (process), ==, 0);
}

static void
test_libraries (void)
{
  static const char * const banned[] = { "libgtk", "libgdk", "libadwaita", "libosinfo", "libsoup" };
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocess) process =
    g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error, "ldd", g_getenv ("XENO_TEST_XENO"), NULL);
  g_autofree char *libraries = NULL;

  g_assert_no_error (error);
  g_subprocess_communicate_utf8 (process, NULL, NULL, &libraries, NULL, &error);
  g_assert_no_error (error);
  g_assert_nonnull (strstr (libraries, "libvirt"));
  for (guint i = 0; i < G_N_ELEMENTS (banned); i++)
    g_assert_null (strstr (libraries, banned[i]));
}

int
main (int    argc,
      char **argv)
{
  static const char * const locales[] = { "C", "de_DE.UTF-8", "he_IL.UTF-8", "tr_TR.UTF-8" };

  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (locales); i++)
    {
      g_autofree char *path = g_strconcat ("/xeno/cli/json-is-the-same-in-", locales[i], NULL);

      g_test_add_data_func (path, locales[i], test_json);
    }
  g_test_add_func ("/xeno/cli/every-line-ends-as-promised", test_exit);
  g_test_add_func ("/xeno/cli/a-wrong-line-is-answered-with-what-may-have-been-meant", test_advice);
  g_test_add_func ("/xeno/cli/nothing-steers-the-terminal", test_plain_output);
  g_test_add_func ("/xeno/cli/the-list-is-sorted-and-whole", test_list);
  g_test_add_func ("/xeno/cli/every-verb-has-a-command", test_help);
  g_test_add_func ("/xeno/cli/every-command-has-help", test_help_of_each);
  g_test_add_func ("/xeno/cli/an-output-that-is-lost-is-a-failure", test_lost_output);
  g_test_add_func ("/xeno/cli/a-screenshot-is-a-picture", test_screenshot);
  g_test_add_func ("/xeno/cli/events-come-line-by-line-until-stopped", test_events);
  g_test_add_func ("/xeno/cli/it-links-no-window-library", test_libraries);

  return g_test_run ();
}
