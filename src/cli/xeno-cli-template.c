/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* xeno template: a machine that is only copied, and back. */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "cli/xeno-cli-command.h"
#include "virt/xeno-machine-template.h"

XenoCliStatus
xeno_cli_run_template (XenoCli   *cli,
                       char    ***args)
{
  gboolean off = FALSE;
  const GOptionEntry entries[] = {
    { "off", 0, 0, G_OPTION_ARG_NONE, &off, N_("Let it be a template no more"), NULL },
    { NULL }
  };
  XenoCliStatus status = XENO_CLI_DONE;
  g_autoptr (XenoMachine) machine = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  GAsyncResult *slot = NULL;

  if (!xeno_cli_parse (cli, entries, 1, 1, args, &status))
    return status;
  machine = xeno_cli_find (cli, (*args)[1], &status);
  if (machine == NULL)
    return status;

  xeno_machine_set_template_async (machine, !off, NULL, xeno_cli_result_cb, &slot);
  result = xeno_cli_await (&slot);
  return xeno_machine_set_template_finish (machine, result, &error) ? XENO_CLI_DONE
                                                                    : xeno_cli_fail (cli, error);
}
