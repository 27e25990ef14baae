/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* xeno import of what xeno export wrote: a machine comes back as it was. */
#include "config.h"

#include <stdio.h>

#include <glib/gi18n-lib.h>

#include "cli/xeno-cli-output.h"
#include "cli/xeno-create-progress.h"
#include "cli/xeno-create-restore.h"
#include "create/xeno-builder.h"
#include "create/xeno-restore.h"

static void
explain (XenoRestore *restore)
{
  g_auto (GStrv) left_out = xeno_restore_list_left_out (restore);
  g_auto (GStrv) missing = xeno_restore_list_missing (restore);
  g_autofree char *out = g_strjoinv (", ", left_out);
  g_autofree char *less = g_strjoinv (", ", missing);

  if (*out != '\0')
    {
      /* Translators: %s is a list of devices and settings */
      fprintf (stderr, _("xeno: A file may not decide on this, so it was left out: %s."), out);
      fputc ('\n', stderr);
    }
  if (*less != '\0')
    {
      /* Translators: %s is a list of what a machine had */
      fprintf (stderr, _("xeno: The machine had this when it was exported, and the file has not: %s."), less);
      fputc ('\n', stderr);
    }
}

static void
choose_title (XenoCli     *cli,
              XenoRestore *restore,
              const char  *name)
{
  g_autofree char *title = NULL;

  title = name != NULL ? g_strdup (name)
                       : xeno_plan_dup_free_title (XENO_PLAN (restore), xeno_connection_get_machines (cli->connection));
  xeno_plan_set_title (XENO_PLAN (restore), title);
}

/* A machine out of an archive of ours. */
XenoCliStatus
xeno_create_bring_back (XenoCli    *cli,
                        XenoMedia  *media,
                        const char *name,
                        gboolean    start)
{
  XenoCliStatus status = XENO_CLI_DONE;
  g_autoptr (XenoRestore) restore = xeno_restore_new (media);
  g_autoptr (XenoMachine) machine = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (XenoJob) job = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *line = NULL;
  GAsyncResult *slot = NULL;

  if (!xeno_cli_connect (cli, &status))
    return status;

  xeno_create_recover (cli);
  choose_title (cli, restore, name);
  job = xeno_builder_start (cli->connection, XENO_PLAN (restore), start, xeno_cli_result_cb, &slot);
  result = xeno_create_await_job (cli, job, &slot);
  machine = xeno_builder_finish (result, &error);
  xeno_create_explain_stop (&error);
  if (machine == NULL)
    return xeno_cli_fail (cli, error);

  explain (restore);
  line = g_strconcat (xeno_machine_get_name (machine), "\n", NULL);
  return xeno_cli_print (line, &error) ? XENO_CLI_DONE : xeno_cli_fail (cli, error);
}
