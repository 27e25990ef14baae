/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* xeno show: hands the machine to the window program, or says in one line why it cannot. */
#include "config.h"

#include <glib/gstdio.h>
#include <unistd.h>

#include "machine/cli-fixture.h"
#include "machine/daemon-fixture.h"

typedef struct
{
  XenoConnection *connection;
  XenoMachine    *machine; /* borrowed */
  char           *folder; /* all of PATH */
  char           *program;
  char           *path_before;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  g_autoptr (GError) error = NULL;

  fixture->connection = open_session ();
  fixture->machine = add_machine (fixture->connection, "shown", "");
  fixture->folder = g_dir_make_tmp ("xeno-show-XXXXXX", &error);
  g_assert_no_error (error);
  fixture->program = g_build_filename (fixture->folder, "xenolith", NULL);
  fixture->path_before = g_strdup (g_getenv ("PATH"));
  g_setenv ("PATH", fixture->folder, TRUE);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  g_setenv ("PATH", fixture->path_before, TRUE);
  remove_machines (fixture->connection);
  g_assert_finalize_object (fixture->connection);
  g_unlink (fixture->program);
  g_rmdir (fixture->folder);
  g_free (fixture->path_before);
  g_free (fixture->program);
  g_free (fixture->folder);
}

static void
the_app_is_asked_for_the_console (Fixture       *fixture,
                                  gconstpointer  data)
{
  g_autofree char *expected = g_strdup_printf ("--connect %s --show-domain-console %s\n", SESSION_URI,
                                               xeno_machine_get_uuid (fixture->machine));
  g_auto (Run) run = { 0 };

  g_assert_true (g_file_set_contents_full (fixture->program, "#!/bin/sh\necho \"$@\"\n", -1,
                                           G_FILE_SET_CONTENTS_NONE, 0755, NULL));
  run_xeno (&run, "show shown");
  g_assert_cmpstr (run.errors, ==, "");
  g_assert_cmpstr (run.output, ==, expected);
  g_assert_cmpint (run.status, ==, 0);
}

static void
a_missing_app_is_said (Fixture       *fixture,
                       gconstpointer  data)
{
  must_not ("show shown");
}

static void
a_machine_nobody_knows_starts_no_app (Fixture       *fixture,
                                      gconstpointer  data)
{
  g_assert_true (g_file_set_contents_full (fixture->program, "#!/bin/sh\necho started\n", -1,
                                           G_FILE_SET_CONTENTS_NONE, 0755, NULL));
  must_not ("show nobody");
}

static void
without_a_display_there_is_one_line (Fixture       *fixture,
                                     gconstpointer  data)
{
  g_auto (Run) run = { 0 };

  g_assert_null (g_getenv ("DISPLAY"));
  g_assert_cmpint (symlink (g_getenv ("XENO_TEST_APP"), fixture->program), ==, 0);
  run_xeno (&run, "show shown");
  g_test_message ("%s", run.errors);
  g_assert_cmpint (run.status, !=, 0);
  g_assert_cmpstr (run.output, ==, "");
  g_assert_nonnull (strstr (run.errors, "display"));
  g_assert_true (strchr (run.errors, '\n') == run.errors + strlen (run.errors) - 1);
}

static const struct
{
  const char *path;
  void      (*func) (Fixture *fixture, gconstpointer data);
} tests[] = {
  { "the-app-is-asked-for-the-console", the_app_is_asked_for_the_console },
  { "a-missing-app-is-said", a_missing_app_is_said },
  { "a-machine-nobody-knows-starts-no-app", a_machine_nobody_knows_starts_no_app },
  { "without-a-display-there-is-one-line", without_a_display_there_is_one_line },
};

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    {
      g_autofree char *path = g_strconcat ("/xeno/cli-show/", tests[i].path, NULL);

      g_test_add (path, Fixture, NULL, set_up, tests[i].func, tear_down);
    }
  return g_test_run ();
}
