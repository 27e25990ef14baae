/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The xeno command, run as a person runs it. */
#include "config.h"

#include "machine/cli-fixture.h"

#define URI "qemu:///session"

void
run_clear (Run *run)
{
  g_free (run->output);
  g_free (run->errors);
}

GSubprocess *
spawn_xeno (const char *arguments)
{
  g_autofree char *line = g_strdup_printf ("'%s' --connect " URI " %s", g_getenv ("XENO_TEST_XENO"),
                                           arguments);
  g_auto (GStrv) args = NULL;
  g_autoptr (GError) error = NULL;
  GSubprocess *process;

  g_assert_true (g_shell_parse_argv (line, NULL, &args, NULL));
  process = g_subprocess_newv ((const char * const *) args,
                               G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_PIPE,
                               &error);
  g_assert_no_error (error);
  return process;
}

void
finish_run (Run         *run,
            GSubprocess *process)
{
  g_autoptr (GError) error = NULL;

  g_subprocess_communicate_utf8 (process, NULL, NULL, &run->output, &run->errors, &error);
  g_assert_no_error (error);
  g_assert_true (g_subprocess_get_if_exited (process));
  run->status = g_subprocess_get_exit_status (process);
}

void
run_xeno (Run        *run,
          const char *arguments)
{
  g_autoptr (GSubprocess) process = spawn_xeno (arguments);

  finish_run (run, process);
}

void
must (const char *arguments)
{
  g_auto (Run) run = { 0 };

  run_xeno (&run, arguments);
  if (run.status != 0)
    g_error ("“xeno %s” ended with %d: %s", arguments, run.status, run.errors);
}

/* It fails, and says so in one line. */
void
must_not (const char *arguments)
{
  g_auto (Run) run = { 0 };

  run_xeno (&run, arguments);
  g_test_message ("%s", run.errors);
  g_assert_cmpint (run.status, ==, 1);
  g_assert_cmpstr (run.output, ==, "");
  g_assert_true (g_str_has_prefix (run.errors, "xeno: "));
  g_assert_true (strchr (run.errors, '\n') == run.errors + strlen (run.errors) - 1);
}
