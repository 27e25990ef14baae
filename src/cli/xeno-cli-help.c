/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* xeno help: the table of commands, for reading. */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "base/xeno-nearest.h"
#include "cli/xeno-cli-command.h"
#include "cli/xeno-cli-help.h"
#include "cli/xeno-cli-output.h"

/* Those of every command. */
static const struct
{
  const char *name;
  const char *meaning;
} options[] = {
  { "-c, --connect=URI", N_("The libvirt connection to use") },
  { "-v, --verbose", N_("Say what the library said, too") },
  { "-h, --help", N_("Show this help") },
  { "--version", N_("Show the version") },
};

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
  g_string_append (text, _("Options:"));
  g_string_append_c (text, '\n');
  for (gsize i = 0; i < G_N_ELEMENTS (options); i++)
    g_string_append_printf (text, "  %-20s %s\n", options[i].name, _(options[i].meaning));

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

/* Says that there is no such command, and which one may have been meant. */
XenoCliStatus
xeno_cli_help_unknown (XenoCli    *cli,
                       const char *name)
{
  gsize n_commands;
  const XenoCliCommand *commands = xeno_cli_command_list (&n_commands);
  g_autofree const char **names = g_new0 (const char *, n_commands + 1);
  g_autofree char *typed = g_utf8_make_valid (name, -1);
  g_autofree char *sentence = NULL;
  const char *nearest;

  for (gsize i = 0; i < n_commands; i++)
    names[i] = commands[i].name;
  nearest = xeno_nearest (typed, names);

  if (nearest != NULL)
    /* Translators: both are commands: what was typed, and what may have been meant */
    sentence = g_strdup_printf (_("There is no command “%s”. Did you mean “%s”?"), typed, nearest);
  else
    sentence = g_strdup_printf (_("There is no command “%s”."), typed);
  return xeno_cli_misuse (cli, sentence);
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
    return xeno_cli_help_unknown (cli, (*args)[1]);

  cli->command = command;
  help_args = g_new0 (char *, 3);
  help_args[0] = g_strdup (command->name);
  help_args[1] = g_strdup ("--help");
  return command->run (cli, &help_args);
}
