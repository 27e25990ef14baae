/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The xeno command: finds the row of the table, and ends with its exit code. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <signal.h>
#include <string.h>

#include <glib/gi18n-lib.h>

#include "cli/xeno-cli-command.h"
#include "cli/xeno-cli-help.h"
#include "cli/xeno-cli-output.h"

/* A socket that got the number of a closed stream would be written to as if it were the stream. */
static void
occupy_closed_streams (void)
{
  for (int fd = 0; fd <= 2; fd++)
    {
      if (fcntl (fd, F_GETFD) < 0 && errno == EBADF)
        open ("/dev/null", O_RDONLY);
    }
}

static GOptionContext *
make_context (const GOptionEntry *entries)
{
  GOptionContext *context = g_option_context_new (NULL);

  g_option_context_set_translation_domain (context, GETTEXT_PACKAGE);
  g_option_context_set_help_enabled (context, FALSE);
  g_option_context_set_strict_posix (context, TRUE); /* what follows the command is its own */
  g_option_context_add_main_entries (context, entries, GETTEXT_PACKAGE);
  return context;
}

static XenoCliStatus
run_command (XenoCli  *cli,
             char   ***args)
{
  g_auto (GStrv) own_args = NULL;

  /* The program's name goes; the command's takes its place. */
  own_args = g_strdupv (*args + 1);
  if (strcmp (own_args[0], "--") == 0)
    return xeno_cli_misuse (cli, _("A command is missing."));

  cli->command = xeno_cli_command_find (own_args[0]);
  if (cli->command == NULL)
    return xeno_cli_help_unknown (cli, own_args[0]);
  return cli->command->run (cli, &own_args);
}

static XenoCliStatus
run (XenoCli  *cli,
     char   ***args)
{
  gboolean version = FALSE;
  gboolean help = FALSE;
  const GOptionEntry entries[] = {
    { "connect", 'c', 0, G_OPTION_ARG_FILENAME, &cli->uri, NULL, NULL },
    { "verbose", 'v', 0, G_OPTION_ARG_NONE, &cli->is_verbose, NULL, NULL },
    { "version", 0, 0, G_OPTION_ARG_NONE, &version, NULL, NULL },
    { "help", 'h', 0, G_OPTION_ARG_NONE, &help, NULL, NULL },
    { NULL }
  };
  g_autoptr (GOptionContext) context = make_context (entries);
  g_autoptr (GError) error = NULL;

  if (!g_option_context_parse_strv (context, args, &error))
    {
      g_autofree char *sentence = g_strconcat (error->message, ".", NULL);

      return xeno_cli_misuse (cli, sentence);
    }
  if (help)
    return xeno_cli_help_print (cli);
  if (version)
    return xeno_cli_print ("xeno " XENO_VERSION "\n", &error) ? XENO_CLI_DONE
                                                              : xeno_cli_fail (cli, error);
  if ((*args)[0] == NULL || (*args)[1] == NULL)
    return xeno_cli_misuse (cli, _("A command is missing."));

  if (cli->uri == NULL)
    cli->uri = g_strdup (xeno_connection_get_default_uri ());
  return run_command (cli, args);
}

int
main (int    argc,
      char **argv)
{
  g_auto (GStrv) args = NULL;
  XenoCliStatus status;
  XenoCli cli;

  occupy_closed_streams ();
  signal (SIGPIPE, SIG_IGN); /* an output nobody reads is an error as any other */
  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, XENO_LOCALEDIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");

  args = g_strdupv (argv);
  xeno_cli_init (&cli);
  status = run (&cli, &args);
  xeno_cli_clear (&cli);
  return status;
}
