/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* xeno run: a throw-away machine, from its start until nothing of it is left. */
#include "config.h"

#include <stdio.h>

#include <glib/gi18n-lib.h>

#include "base/xeno-units.h"
#include "cli/xeno-cli-command.h"
#include "cli/xeno-cli-output.h"
#include "cli/xeno-create-commands.h"
#include "cli/xeno-create-progress.h"
#include "cli/xeno-create-throw-away.h"

static void
warn_of_emulation (XenoMachine *machine)
{
  g_autoptr (XenoSpec) spec = xeno_machine_dup_spec (machine);
  g_autofree char *virt_type = spec != NULL ? xeno_spec_dup_virt_type (spec) : NULL;

  if (g_strcmp0 (virt_type, "qemu") == 0)
    fprintf (stderr, "xeno: %s\n",
             _("It runs by emulation, which is no wall against a guest that means harm."));
}

static XenoCliStatus
run (XenoCli    *cli,
     const char *base,
     guint       lifetime_s,
     gboolean    is_untrusted,
     gboolean    is_cold)
{
  XenoCliStatus status = XENO_CLI_DONE;
  g_autoptr (XenoDisposable) disposable = NULL;
  g_autoptr (XenoMachine) machine = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *line = NULL;

  xeno_cli_watch_signals (cli);
  if (!xeno_cli_connect (cli, &status))
    return status;

  xeno_create_recover (cli);
  disposable = xeno_create_plan_throw_away (cli, base, is_untrusted, is_cold, &error);
  if (disposable == NULL)
    return xeno_cli_fail (cli, error);

  xeno_disposable_set_lifetime (disposable, lifetime_s);
  machine = xeno_create_start_throw_away (cli, disposable, &error);
  if (machine == NULL)
    return xeno_cli_fail (cli, error);

  if (is_untrusted)
    warn_of_emulation (machine);
  line = g_strconcat (xeno_machine_get_name (machine), "\n", NULL);
  if (!xeno_cli_print (line, &error))
    status = xeno_cli_fail (cli, error);
  g_clear_error (&error);
  if (!xeno_create_end_throw_away (disposable, status == XENO_CLI_DONE ? cli->cancellable : NULL, &error))
    status = xeno_cli_fail (cli, error);
  return status;
}

XenoCliStatus
xeno_create_run_run (XenoCli   *cli,
                     char    ***args)
{
  g_autofree char *lifetime = NULL;
  gboolean is_untrusted = FALSE;
  gboolean is_cold = FALSE;
  const GOptionEntry entries[] = {
    { "lifetime", 0, 0, G_OPTION_ARG_STRING, &lifetime, N_("How long it may run, as 90s, 15m or 2h"), N_("TIME") },
    { "untrusted", 0, 0, G_OPTION_ARG_NONE, &is_untrusted, N_("Give it no way out"), NULL },
    { "cold", 0, 0, G_OPTION_ARG_NONE, &is_cold, N_("Start it, even where a copy is kept ready"), NULL },
    { NULL }
  };
  XenoCliStatus status = XENO_CLI_DONE;
  g_autoptr (GError) error = NULL;
  guint lifetime_s = 0;

  if (!xeno_cli_parse (cli, entries, 1, 1, args, &status))
    return status;
  if (lifetime != NULL && !xeno_units_parse_duration (lifetime, &lifetime_s, &error))
    return xeno_cli_misuse (cli, error->message);
  return run (cli, (*args)[1], lifetime_s, is_untrusted, is_cold);
}
