/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One run of the command: its connection, how it waits, and how it says what went wrong. */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include <glib-unix.h>
#include <glib/gi18n-lib.h>

#include "base/xeno-text.h"
#include "cli/xeno-cli-command.h"
#include "cli/xeno-cli-output.h"
#include "virt/xeno-verb.h"

#define MAX_LINE_CHARS 1000

void
xeno_cli_init (XenoCli *cli)
{
  g_return_if_fail (cli != NULL);

  *cli = (XenoCli) { .cancellable = g_cancellable_new () };
}

void
xeno_cli_clear (XenoCli *cli)
{
  g_return_if_fail (cli != NULL);

  g_clear_object (&cli->connection);
  g_clear_object (&cli->cancellable);
  g_clear_pointer (&cli->uri, g_free);
}

/* Says one line, and which exit code it is. */
XenoCliStatus
xeno_cli_fail (XenoCli      *cli,
               const GError *error)
{
  g_autofree char *line = NULL;
  g_autofree char *details = NULL;

  g_return_val_if_fail (error != NULL, XENO_CLI_FAILED);

  line = xeno_text_clean (error->message, -1, MAX_LINE_CHARS);
  fprintf (stderr, "xeno: %s\n", line);
  if (cli->is_verbose && xeno_error_get_details (error) != NULL)
    {
      details = xeno_text_clean (xeno_error_get_details (error), -1, MAX_LINE_CHARS);
      fprintf (stderr, "xeno: (%s)\n", details);
    }
  return g_error_matches (error, XENO_ERROR, XENO_ERROR_NO_CONNECTION)
           ? XENO_CLI_NO_CONNECTION
           : XENO_CLI_FAILED;
}

/* Says what is wrong with the person's line, and where help is. */
XenoCliStatus
xeno_cli_misuse (XenoCli    *cli,
                 const char *sentence)
{
  g_autofree char *line = xeno_text_clean (sentence, -1, MAX_LINE_CHARS);
  const char *name = cli->command != NULL ? cli->command->name : NULL;

  if (name != NULL)
    /* Translators: the first %s is a sentence, the second a command */
    fprintf (stderr, _("xeno: %s See “xeno help %s”."), line, name);
  else
    /* Translators: %s is a sentence */
    fprintf (stderr, _("xeno: %s See “xeno help”."), line);
  fputc ('\n', stderr);
  return XENO_CLI_USAGE;
}

/* What a command does, in a sentence that is not translated yet. */
const char *
xeno_cli_command_get_summary (const XenoCliCommand *command)
{
  g_return_val_if_fail (command != NULL, NULL);

  return command->summary != NULL ? command->summary : xeno_verb_find (command->verb)->explanation;
}

static GOptionContext *
make_context (XenoCli            *cli,
              const GOptionEntry *entries,
              const GOptionEntry *common)
{
  g_autofree char *program = g_strconcat ("xeno ", cli->command->name, NULL);
  GOptionContext *context = g_option_context_new (cli->command->arguments);

  g_set_prgname (program); /* how help calls it */
  g_option_context_set_translation_domain (context, GETTEXT_PACKAGE);
  g_option_context_set_help_enabled (context, FALSE);
  g_option_context_set_summary (context, xeno_cli_command_get_summary (cli->command));
  g_option_context_set_description (context, cli->command->details);
  if (entries != NULL)
    g_option_context_add_main_entries (context, entries, GETTEXT_PACKAGE);
  g_option_context_add_main_entries (context, common, GETTEXT_PACKAGE);
  return context;
}

static XenoCliStatus
show_help (XenoCli        *cli,
           GOptionContext *context)
{
  g_autofree char *help = g_option_context_get_help (context, TRUE, NULL);
  g_autoptr (GError) error = NULL;

  return xeno_cli_print (help, &error) ? XENO_CLI_DONE : xeno_cli_fail (cli, error);
}

/* GOption leaves the "--" where an argument behind it begins with a dash. */
static void
drop_dashes (char **args)
{
  guint i = 1;

  while (args[i] != NULL && strcmp (args[i], "--") != 0)
    i++;
  if (args[i] == NULL)
    return;

  g_free (args[i]);
  for (; args[i] != NULL; i++)
    args[i] = args[i + 1];
}

/* Takes the options out of @args, which keeps the name and the arguments. FALSE: nothing is left to
 * do, and @status says why. */
gboolean
xeno_cli_parse (XenoCli              *cli,
                const GOptionEntry   *entries,
                guint                 min_args,
                guint                 max_args,
                char               ***args,
                XenoCliStatus        *status)
{
  g_autofree char *uri = NULL;
  gboolean help = FALSE;
  const GOptionEntry common[] = {
    { "connect", 'c', 0, G_OPTION_ARG_FILENAME, &uri, N_("The libvirt connection to use"), N_("URI") },
    { "verbose", 'v', 0, G_OPTION_ARG_NONE, &cli->is_verbose,
      N_("Say what the library said, too"), NULL },
    { "help", 'h', 0, G_OPTION_ARG_NONE, &help, N_("Show this help"), NULL },
    { NULL }
  };
  g_autoptr (GOptionContext) context = make_context (cli, entries, common);
  g_autoptr (GError) error = NULL;
  guint n_args;

  if (!g_option_context_parse_strv (context, args, &error))
    {
      g_autofree char *sentence = g_strconcat (error->message, ".", NULL);

      *status = xeno_cli_misuse (cli, sentence);
      return FALSE;
    }
  if (help)
    {
      *status = show_help (cli, context);
      return FALSE;
    }
  if (uri != NULL)
    {
      g_free (cli->uri);
      cli->uri = g_steal_pointer (&uri);
    }

  drop_dashes (*args);
  n_args = g_strv_length (*args) - 1;
  if (n_args < min_args)
    *status = xeno_cli_misuse (cli, _("Something is missing on the line."));
  else if (n_args > max_args)
    *status = xeno_cli_misuse (cli, _("There is too much on the line."));
  return n_args >= min_args && n_args <= max_args;
}

/* Keeps the result for xeno_cli_await(). */
void
xeno_cli_result_cb (GObject      *source,
                    GAsyncResult *result,
                    gpointer      user_data)
{
  GAsyncResult **slot = user_data;

  *slot = g_object_ref (result);
}

/* Waits for a result, and lets everything else happen meanwhile. */
GAsyncResult *
xeno_cli_await (GAsyncResult **result)
{
  g_return_val_if_fail (result != NULL, NULL);

  while (*result == NULL)
    g_main_context_iteration (NULL, TRUE);
  return g_steal_pointer (result);
}

static gboolean
connect_to (XenoCli        *cli,
            XenoConnection *connection,
            XenoCliStatus  *status)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  GAsyncResult *slot = NULL;

  cli->connection = connection;
  g_signal_connect_object (cli->cancellable, "cancelled", G_CALLBACK (xeno_connection_close),
                           cli->connection, G_CONNECT_SWAPPED);
  xeno_connection_open_async (cli->connection, NULL, xeno_cli_result_cb, &slot);
  result = xeno_cli_await (&slot);
  g_signal_handlers_disconnect_by_data (cli->cancellable, cli->connection);
  if (xeno_connection_open_finish (cli->connection, result, &error))
    return TRUE;

  xeno_cli_fail (cli, error);
  *status = g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) ? XENO_CLI_FAILED
                                                                    : XENO_CLI_NO_CONNECTION;
  return FALSE;
}

/* Opens the connection, once, with the list of machines and all that happens to them. */
gboolean
xeno_cli_connect (XenoCli       *cli,
                  XenoCliStatus *status)
{
  return cli->connection != NULL || connect_to (cli, xeno_connection_new (cli->uri), status);
}

/* The machine a person means; NULL: nobody knows it, as was said. Without xeno_cli_connect()
 * before, the connection is a quiet one, which does not hear what becomes of the machine. */
XenoMachine *
xeno_cli_find (XenoCli       *cli,
               const char    *reference,
               XenoCliStatus *status)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  GAsyncResult *slot = NULL;
  XenoMachine *machine;

  if (cli->connection == NULL
      && !connect_to (cli, xeno_connection_new_quiet (cli->uri), status))
    return NULL;

  xeno_connection_look_up_async (cli->connection, reference, NULL, xeno_cli_result_cb, &slot);
  result = xeno_cli_await (&slot);
  machine = xeno_connection_look_up_finish (cli->connection, result, &error);
  if (machine == NULL)
    *status = xeno_cli_fail (cli, error);
  return machine;
}

static gboolean
signal_cb (gpointer user_data)
{
  XenoCli *cli = user_data;

  g_cancellable_cancel (cli->cancellable);
  return G_SOURCE_CONTINUE;
}

/* From now on Ctrl+C asks to stop, and whoever works undoes what was begun. */
void
xeno_cli_watch_signals (XenoCli *cli)
{
  g_return_if_fail (cli != NULL);

  g_unix_signal_add (SIGINT, signal_cb, cli);
  g_unix_signal_add (SIGTERM, signal_cb, cli);
  g_unix_signal_add (SIGHUP, signal_cb, cli);
}
