/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* xeno clone: another machine of the same make. */
#include "config.h"

#include <stdio.h>

#include <glib/gi18n-lib.h>

#include "cli/xeno-cli-command.h"
#include "cli/xeno-cli-output.h"
#include "cli/xeno-create-commands.h"
#include "cli/xeno-create-progress.h"
#include "create/xeno-builder.h"
#include "create/xeno-clone.h"

static XenoClone *
plan (XenoCli     *cli,
      const char  *reference,
      const char  *name,
      gboolean     is_linked,
      GError     **error)
{
  XenoMachine *machine = xeno_connection_find_machine (cli->connection, reference, error);
  g_autofree char *title = NULL;
  XenoClone *clone;

  if (machine == NULL)
    return NULL;

  clone = xeno_clone_new (machine, is_linked);
  title = name != NULL ? g_strdup (name)
                       : xeno_plan_dup_free_title (XENO_PLAN (clone),
                                                   xeno_connection_get_machines (cli->connection));
  xeno_plan_set_title (XENO_PLAN (clone), title);
  return clone;
}

/* A copy that lacks something is a copy all the same, but not without a word. */
static void
tell_lost (XenoClone *clone)
{
  GStrv lost = xeno_clone_get_lost (clone);
  g_autofree char *list = lost != NULL ? g_strjoinv (", ", lost) : NULL;

  if (list == NULL || *list == '\0')
    return;

  /* Translators: %s is a list of devices */
  fprintf (stderr, _("xeno: Only one machine can have these, so the copy does not: %s."), list);
  fputc ('\n', stderr);
}

static XenoCliStatus
make_copy (XenoCli    *cli,
           const char *reference,
           const char *name,
           gboolean    is_linked,
           gboolean    start)
{
  XenoCliStatus status = XENO_CLI_DONE;
  g_autoptr (XenoClone) clone = NULL;
  g_autoptr (XenoMachine) machine = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (XenoJob) job = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *line = NULL;
  GAsyncResult *slot = NULL;

  xeno_cli_watch_signals (cli);
  if (!xeno_cli_connect (cli, &status))
    return status;

  xeno_create_recover (cli);
  clone = plan (cli, reference, name, is_linked, &error);
  if (clone == NULL)
    return xeno_cli_fail (cli, error);

  job = xeno_builder_start (cli->connection, XENO_PLAN (clone), start, xeno_cli_result_cb, &slot);
  result = xeno_create_await_job (cli, job, &slot);
  machine = xeno_builder_finish (result, &error);
  xeno_create_explain_stop (&error);
  if (machine == NULL)
    return xeno_cli_fail (cli, error);

  tell_lost (clone);
  line = g_strconcat (xeno_machine_get_name (machine), "\n", NULL);
  return xeno_cli_print (line, &error) ? XENO_CLI_DONE : xeno_cli_fail (cli, error);
}

XenoCliStatus
xeno_create_run_clone (XenoCli   *cli,
                       char    ***args)
{
  gboolean is_linked = FALSE;
  gboolean start = FALSE;
  g_autofree char *name = NULL;
  const GOptionEntry entries[] = {
    { "linked", 0, 0, G_OPTION_ARG_NONE, &is_linked, N_("Only hold the changes to the disks"), NULL },
    { "name", 0, 0, G_OPTION_ARG_FILENAME, &name, N_("What to call it"), N_("NAME") },
    { "start", 0, 0, G_OPTION_ARG_NONE, &start, N_("Start it"), NULL },
    { NULL }
  };
  XenoCliStatus status = XENO_CLI_DONE;

  if (!xeno_cli_parse (cli, entries, 1, 1, args, &status))
    return status;
  return make_copy (cli, (*args)[1], name, is_linked, start);
}
