/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* xeno ready: a copy of a machine that throw-away copies go on from, instead of starting. */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "base/xeno-units.h"
#include "cli/xeno-cli-command.h"
#include "cli/xeno-create-commands.h"
#include "cli/xeno-create-progress.h"
#include "create/xeno-warm-discard.h"
#include "create/xeno-warm-up.h"

static XenoCliStatus
discard (XenoCli     *cli,
         XenoMachine *machine)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  GAsyncResult *slot = NULL;

  xeno_warm_discard_async (machine, xeno_cli_result_cb, &slot);
  result = xeno_cli_await (&slot);
  return xeno_warm_discard_finish (machine, result, &error) ? XENO_CLI_DONE : xeno_cli_fail (cli, error);
}

static XenoCliStatus
make (XenoCli     *cli,
      XenoMachine *machine,
      guint        delay_s,
      gboolean     is_untrusted)
{
  g_autoptr (XenoWarmUp) warm_up = xeno_warm_up_new (machine);
  g_autoptr (XenoJob) job = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  GAsyncResult *slot = NULL;

  xeno_warm_up_set_delay (warm_up, delay_s);
  xeno_warm_up_set_untrusted (warm_up, is_untrusted);
  if (xeno_warm_up_needs_word (warm_up))
    return xeno_cli_misuse (cli, _("The machine has no channel for an agent, so say when it is ready: --after TIME."));

  job = xeno_warm_up_start (warm_up, xeno_cli_result_cb, &slot);
  result = xeno_create_await_job (cli, job, &slot);
  if (xeno_warm_up_start_finish (warm_up, result, &error))
    return XENO_CLI_DONE;

  xeno_create_explain_stop (&error);
  return xeno_cli_fail (cli, error);
}

XenoCliStatus
xeno_create_run_ready (XenoCli   *cli,
                       char    ***args)
{
  g_autofree char *after = NULL;
  gboolean is_untrusted = FALSE;
  gboolean off = FALSE;
  const GOptionEntry entries[] = {
    { "after", 0, 0, G_OPTION_ARG_STRING, &after, N_("Wait so long, as 90s or 5m, and not for its agent"), N_("TIME") },
    { "untrusted", 0, 0, G_OPTION_ARG_NONE, &is_untrusted, N_("For copies with no way out"), NULL },
    { "off", 0, 0, G_OPTION_ARG_NONE, &off, N_("Keep none ready any more"), NULL },
    { NULL }
  };
  XenoCliStatus status = XENO_CLI_DONE;
  g_autoptr (GError) error = NULL;
  XenoMachine *machine;
  guint delay_s = 0;

  if (!xeno_cli_parse (cli, entries, 1, 1, args, &status))
    return status;
  if (after != NULL && !xeno_units_parse_duration (after, &delay_s, &error))
    return xeno_cli_misuse (cli, error->message);

  xeno_cli_watch_signals (cli);
  if (!xeno_cli_connect (cli, &status))
    return status;
  xeno_create_recover (cli);
  machine = xeno_connection_find_machine (cli->connection, (*args)[1], &error);
  if (machine == NULL)
    return xeno_cli_fail (cli, error);
  return off ? discard (cli, machine) : make (cli, machine, delay_s, is_untrusted);
}
