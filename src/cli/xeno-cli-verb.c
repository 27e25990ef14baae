/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* xeno start, stop, pause, …: the verb table on the command line. */
#include "config.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "cli/xeno-cli-command.h"
#include "virt/xeno-verb.h"

#define DEFAULT_WAIT_SECONDS 120

static gboolean
late_cb (gpointer user_data)
{
  gboolean *is_late = user_data;

  *is_late = TRUE;
  return G_SOURCE_REMOVE;
}

/* One that is not kept is gone from the list when it is off. */
static gboolean
is_on (XenoCli     *cli,
       XenoMachine *machine)
{
  return xeno_machine_is_active (machine)
         && xeno_connection_find_machine (cli->connection, xeno_machine_get_uuid (machine), NULL) != NULL;
}

static XenoCliStatus
wait_until_off (XenoCli     *cli,
                XenoMachine *machine,
                guint        seconds)
{
  gboolean is_late = FALSE;
  guint source_id = g_timeout_add_seconds (seconds, late_cb, &is_late);
  g_autoptr (GError) error = NULL;

  while (is_on (cli, machine) && !is_late)
    g_main_context_iteration (NULL, TRUE);
  if (!is_late)
    {
      g_source_remove (source_id);
      return XENO_CLI_DONE;
    }

  error = xeno_error_new (XENO_ERROR_TIMEOUT, NULL,
                          _("“%s” did not shut down in time. Wait longer, or use --force."),
                          xeno_machine_get_title (machine));
  return xeno_cli_fail (cli, error);
}

static XenoCliStatus
run_on (XenoCli        *cli,
        const XenoVerb *verb,
        const char     *reference,
        guint           wait_seconds)
{
  XenoCliStatus status = XENO_CLI_DONE;
  g_autoptr (XenoMachine) machine = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  GAsyncResult *slot = NULL;

  /* Who waits has to hear what becomes of it. */
  if (wait_seconds > 0 && !xeno_cli_connect (cli, &status))
    return status;
  machine = xeno_cli_find (cli, reference, &status);
  if (machine == NULL)
    return status;

  /* To start what is saved is to go on where it was, as everywhere in libvirt. */
  if (strcmp (verb->id, "start") == 0 && xeno_machine_get_state (machine) == XENO_MACHINE_SAVED)
    verb = xeno_verb_find ("restore");
  xeno_machine_run_async (machine, verb, cli->cancellable, xeno_cli_result_cb, &slot);
  result = xeno_cli_await (&slot);
  if (!xeno_machine_run_finish (machine, result, &error))
    return xeno_cli_fail (cli, error);
  return wait_seconds > 0 ? wait_until_off (cli, machine, wait_seconds) : XENO_CLI_DONE;
}

XenoCliStatus
xeno_cli_run_verb (XenoCli   *cli,
                   char    ***args)
{
  gboolean force = FALSE;
  gboolean wait = FALSE;
  int timeout_s = DEFAULT_WAIT_SECONDS;
  const GOptionEntry stop_entries[] = {
    { "force", 'f', 0, G_OPTION_ARG_NONE, &force, N_("Pull the plug: unsaved work is lost"), NULL },
    { "wait", 'w', 0, G_OPTION_ARG_NONE, &wait, N_("Wait until it is off"), NULL },
    { "timeout", 0, 0, G_OPTION_ARG_INT, &timeout_s, N_("How long to wait"), N_("SECONDS") },
    { NULL }
  };
  gboolean is_stop = strcmp (cli->command->verb, "shut-down") == 0;
  XenoCliStatus status = XENO_CLI_DONE;
  const XenoVerb *verb;

  if (!xeno_cli_parse (cli, is_stop ? stop_entries : NULL, 1, G_MAXUINT, args, &status))
    return status;
  if (timeout_s <= 0)
    return xeno_cli_misuse (cli, _("The time to wait must be more than nothing."));

  verb = xeno_verb_find (force ? "force-off" : cli->command->verb);
  for (guint i = 1; (*args)[i] != NULL && status != XENO_CLI_NO_CONNECTION; i++)
    {
      XenoCliStatus one = run_on (cli, verb, (*args)[i], wait ? timeout_s : 0);

      status = MAX (status, one);
    }
  return status;
}
