/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* xeno help: the table of commands, for reading. */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "cli/xeno-cli-command.h"
#include "cli/xeno-cli-help.h"
#include "cli/xeno-cli-output.h"

static char *
format_overview (void)
{
  GString *text = g_string_new (NULL);
  gsize n_commands;
  const XenoCliCommand *commands = xeno_cli_command_list (&n_commands);

  g_string_append (text, _("Usage: xeno [--connect URI] COMMAND [ARGUMENT…]"));
  g_string_append (text, "\n\n");
  g_string_append (text, _("Virtual machines on the command line."));
  g_string_append (text, "\n\n");
  g_string_append (text, _("Commands:"));
  g_string_append_c (text, '\n');
  for (gsize i = 0; i < n_commands; i++)
    g_string_append_printf (text, "  %-20s %s\n", commands[i].name,
                            _(xeno_cli_command_get_summary (&commands[i])));

  g_string_append_c (text, '\n');
  g_string_append (text, _("A machine is meant by its name, its title or its UUID."));
  g_string_append_c (text, '\n');
  g_string_append (text, _("“xeno help COMMAND” says more about one command."));
  g_string_append_c (text, '\n');
  g_string_append (text, _("Exit codes: 0 done, 1 failed, 2 the line is wrong, 3 no connection."));
  g_string_append_c (text, '\n');
  return g_string_free (text, FALSE);
}

/* Prints the list of commands. */
XenoCliStatus
xeno_cli_help_print (XenoCli *cli)
{
  g_autofree char *text = format_overview ();
  g_autoptr (GError) error = NULL;

  return xeno_cli_print (text, &error) ? XENO_CLI_DONE : xeno_cli_fail (cli, error);
}

XenoCliStatus
xeno_cli_run_help (XenoCli   *cli,
                   char    ***args)
{
  XenoCliStatus status = XENO_CLI_DONE;
  g_auto (GStrv) help_args = NULL;
  const XenoCliCommand *command;

  if (!xeno_cli_parse (cli, NULL, 0, 1, args, &status))
    return status;
  if ((*args)[1] == NULL)
    return xeno_cli_help_print (cli);

  command = xeno_cli_command_find ((*args)[1]);
  if (command == NULL)
    return xeno_cli_misuse (cli, _("There is no such command."));

  cli->command = command;
  help_args = g_new0 (char *, 3);
  help_args[0] = g_strdup (command->name);
  help_args[1] = g_strdup ("--help");
  return command->run (cli, &help_args);
}
