/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* xeno export: a machine in one file. */
#include "config.h"

#include <stdio.h>

#include <glib/gi18n-lib.h>

#include "cli/xeno-create-commands.h"
#include "cli/xeno-create-progress.h"
#include "create/xeno-export.h"

/* What a file lacks that should have all is said, though it is a file all the same. */
static void
tell_missing (GAsyncResult *result)
{
  GStrv missing = xeno_export_get_missing (result);
  g_autofree char *list = missing != NULL ? g_strjoinv (", ", missing) : NULL;

  if (list == NULL || *list == '\0')
    return;

  /* Translators: %s is a list of what a machine has */
  fprintf (stderr, _("xeno: This is not in the file: %s."), list);
  fputc ('\n', stderr);
}

XenoCliStatus
xeno_create_run_export (XenoCli   *cli,
                        char    ***args)
{
  gboolean force = FALSE;
  g_autofree char *format = NULL;
  const GOptionEntry entries[] = {
    { "format", 0, 0, G_OPTION_ARG_STRING, &format, N_("Write ova (for other programs) or xeno (with all it has)"),
      N_("FORMAT") },
    { "force", 'f', 0, G_OPTION_ARG_NONE, &force, N_("Replace the file if it is there"), NULL },
    { NULL }
  };
  XenoCliStatus status = XENO_CLI_DONE;
  g_autoptr (XenoMachine) machine = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (XenoJob) job = NULL;
  g_autoptr (GError) error = NULL;
  GAsyncResult *slot = NULL;

  if (!xeno_cli_parse (cli, entries, 2, 2, args, &status))
    return status;
  if (format != NULL && !g_str_equal (format, "ova") && !g_str_equal (format, "xeno"))
    return xeno_cli_misuse (cli, _("--format is ova or xeno."));
  if (!force && g_file_test ((*args)[2], G_FILE_TEST_EXISTS))
    {
      error = xeno_error_new (XENO_ERROR_EXISTS, NULL, _("“%s” is there already. Say --force to replace it."),
                              (*args)[2]);
      return xeno_cli_fail (cli, error);
    }

  xeno_cli_watch_signals (cli);
  machine = xeno_cli_find (cli, (*args)[1], &status);
  if (machine == NULL)
    return status;

  job = xeno_export_start (machine, (*args)[2], format != NULL ? format : xeno_export_guess_format ((*args)[2]),
                           xeno_cli_result_cb, &slot);
  result = xeno_create_await_job (cli, job, &slot);
  if (xeno_export_finish (result, &error))
    {
      tell_missing (result);
      return XENO_CLI_DONE;
    }

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_clear_error (&error);
      error = xeno_error_new (XENO_ERROR_FAILED, NULL, _("Stopped. Nothing was made."));
    }
  return xeno_cli_fail (cli, error);
}
