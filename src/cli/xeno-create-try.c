/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* xeno try: a script in a throw-away machine, its output as it comes, its exit code. */
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <glib/gi18n-lib.h>

#include "agent/xeno-agent-exec.h"
#include "agent/xeno-agent-file.h"
#include "agent/xeno-agent-machine.h"
#include "base/xeno-text.h"
#include "base/xeno-units.h"
#include "cli/xeno-cli-command.h"
#include "cli/xeno-create-commands.h"
#include "cli/xeno-create-progress.h"
#include "cli/xeno-create-throw-away.h"

/* How long a guest may take until its agent answers; emulation is slow. */
#define START_SECONDS 300

#define MAX_FILE_BYTES (64 << 20)
#define MAX_LINE_CHARS 1000

/* As coreutils' timeout and other programs that run programs. */
enum
{
  TRY_TIMEOUT = 124,
  TRY_FAILED = 125,
};

/* The line, as it was typed. */
typedef struct
{
  char     *base;
  char    **files;
  guint     timeout_s;
  gboolean  keeps_failed;
  gboolean  is_untrusted;
  gboolean  is_cold;
  char    **argv;
} Wish;

/* What is under way. */
typedef struct
{
  XenoCli        *cli;
  const Wish     *wish;
  GCancellable   *cancellable; /* Ctrl+C, the time being up, or output that nobody takes */
  XenoDisposable *disposable;
  XenoAgent      *agent;
  char           *folder;
  gboolean        has_timed_out;
  gboolean        is_output_lost;
} Attempt;

static gboolean
write_all (int           fd,
           const guint8 *data,
           gsize         length)
{
  while (length > 0)
    {
      gssize n = write (fd, data, length);

      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        return FALSE;
      data += n;
      length -= n;
    }
  return TRUE;
}

/* A terminal does not get what would make it do things; a file or a pipe gets every byte. */
static GBytes *
make_safe (GBytes *bytes)
{
  gsize length;
  const guint8 *data = g_bytes_get_data (bytes, &length);
  guint8 *safe = g_memdup2 (data, length);

  for (gsize i = 0; i < length; i++)
    if ((safe[i] < 0x20 && safe[i] != '\n' && safe[i] != '\t' && safe[i] != '\r') || safe[i] == 0x7f)
      safe[i] = '?';
    else if (i > 0 && safe[i - 1] == 0xc2 && safe[i] < 0xa0) /* C1, as UTF-8 has it */
      safe[i] = 0xbf;
  return g_bytes_new_take (safe, length);
}

static void
output_cb (gboolean  is_error,
           GBytes   *bytes,
           gpointer  user_data)
{
  Attempt *attempt = user_data;
  int fd = is_error ? STDERR_FILENO : STDOUT_FILENO;
  g_autoptr (GBytes) safe = isatty (fd) ? make_safe (bytes) : g_bytes_ref (bytes);
  gsize length;
  const guint8 *data = g_bytes_get_data (safe, &length);

  if (write_all (fd, data, length))
    return;

  attempt->is_output_lost = TRUE;
  g_cancellable_cancel (attempt->cancellable);
}

static gboolean
timeout_cb (gpointer user_data)
{
  Attempt *attempt = user_data;

  attempt->has_timed_out = TRUE;
  g_cancellable_cancel (attempt->cancellable);
  return G_SOURCE_CONTINUE;
}

static void
stopped_cb (GCancellable *cancellable,
            GCancellable *own)
{
  g_cancellable_cancel (own);
}

static gboolean
start_machine (Attempt  *attempt,
               GError  **error)
{
  XenoCli *cli = attempt->cli;
  g_autoptr (XenoMachine) machine = NULL;
  g_autoptr (XenoAgentTransport) transport = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  GAsyncResult *slot = NULL;

  attempt->disposable = xeno_create_plan_throw_away (cli, attempt->wish->base, attempt->wish->is_untrusted,
                                                     attempt->wish->is_cold, error);
  if (attempt->disposable == NULL)
    return FALSE;
  machine = xeno_create_start_throw_away (cli, attempt->disposable, error);
  if (machine == NULL)
    return FALSE;

  attempt->folder = g_strconcat ("/tmp/xeno-try-", xeno_machine_get_uuid (machine), NULL);
  transport = xeno_agent_machine_new (machine);
  attempt->agent = xeno_agent_new (transport);
  xeno_agent_await_async (attempt->agent, START_SECONDS, attempt->cancellable, xeno_cli_result_cb, &slot);
  result = xeno_cli_await (&slot);
  return xeno_agent_await_finish (attempt->agent, result, error);
}

static void
ignore_output (gboolean  is_error,
               GBytes   *bytes,
               gpointer  user_data)
{
}

static gboolean
execute (Attempt              *attempt,
         const char * const   *argv,
         XenoAgentOutputFunc   output,
         int                  *exit_status,
         GError              **error)
{
  g_autoptr (GAsyncResult) result = NULL;
  GAsyncResult *slot = NULL;

  xeno_agent_exec_async (attempt->agent, attempt->folder, argv, output, attempt, attempt->cancellable,
                         xeno_cli_result_cb, &slot);
  result = xeno_cli_await (&slot);
  return xeno_agent_exec_finish (attempt->agent, result, exit_status, error);
}

static gboolean
send_file (Attempt     *attempt,
           const char  *path,
           GBytes      *content,
           GError     **error)
{
  g_autofree char *name = g_path_get_basename (path);
  g_autofree char *there = g_strconcat (attempt->folder, "/", name, NULL);
  g_autoptr (GAsyncResult) result = NULL;
  GAsyncResult *slot = NULL;

  xeno_agent_write_file_async (attempt->agent, there, content, attempt->cancellable, xeno_cli_result_cb, &slot);
  result = xeno_cli_await (&slot);
  return xeno_agent_write_file_finish (attempt->agent, result, error);
}

/* The folder first, then the script and the files named, then the right to run the script. */
static gboolean
send_all (Attempt     *attempt,
          GPtrArray   *contents,
          GError     **error)
{
  const char * const make_folder[] = { "true", NULL };
  const char *allow[] = { "chmod", "700", attempt->wish->argv[0], NULL };
  g_autofree char *script = g_path_get_basename (attempt->wish->argv[0]);
  int status;

  allow[2] = script;
  if (!execute (attempt, make_folder, ignore_output, &status, error)
      || !send_file (attempt, attempt->wish->argv[0], g_ptr_array_index (contents, 0), error))
    return FALSE;
  for (guint i = 0; attempt->wish->files != NULL && attempt->wish->files[i] != NULL; i++)
    if (!send_file (attempt, attempt->wish->files[i], g_ptr_array_index (contents, i + 1), error))
      return FALSE;
  return execute (attempt, allow, ignore_output, &status, error);
}

static gboolean
run_script (Attempt   *attempt,
            int       *exit_status,
            GError   **error)
{
  g_autofree char *name = g_path_get_basename (attempt->wish->argv[0]);
  g_autofree char *script = g_strconcat ("./", name, NULL);
  g_autoptr (GPtrArray) line = g_ptr_array_new ();

  g_ptr_array_add (line, script);
  for (guint i = 1; attempt->wish->argv[i] != NULL; i++)
    g_ptr_array_add (line, attempt->wish->argv[i]);
  g_ptr_array_add (line, NULL);
  return execute (attempt, (const char * const *) line->pdata, output_cb, exit_status, error);
}

/* Read before anything is started: what is not there is said at once. */
static gboolean
read_file (GPtrArray   *contents,
           const char  *path,
           GError     **error)
{
  g_autofree char *shown = g_filename_display_name (path);
  g_autoptr (GError) reason = NULL;
  g_autofree char *data = NULL;
  gsize length = 0;

  if (!g_file_test (path, G_FILE_TEST_IS_REGULAR))
    xeno_set_error (error, XENO_ERROR_NOT_FOUND, NULL, _("There is no file “%s”."), shown);
  else if (!g_file_get_contents (path, &data, &length, &reason))
    xeno_set_error (error, XENO_ERROR_NO_PERMISSION, reason->message, _("“%s” cannot be read."), shown);
  else if (length > MAX_FILE_BYTES)
    xeno_set_error (error, XENO_ERROR_INVALID, NULL,
                    _("“%s” is too large to go in by the agent. Put it on a disk of the machine."), shown);
  else
    {
      g_ptr_array_add (contents, g_bytes_new_take (g_steal_pointer (&data), length));
      return TRUE;
    }
  return FALSE;
}

static GPtrArray *
read_files (const Wish  *wish,
            GError     **error)
{
  g_autoptr (GPtrArray) contents = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);

  if (!read_file (contents, wish->argv[0], error))
    return NULL;
  for (guint i = 0; wish->files != NULL && wish->files[i] != NULL; i++)
    if (!read_file (contents, wish->files[i], error))
      return NULL;
  return g_steal_pointer (&contents);
}

static int
explain (Attempt      *attempt,
         const GError *error)
{
  g_autoptr (GError) reason = NULL;

  if (attempt->has_timed_out)
    {
      reason = xeno_error_new (XENO_ERROR_TIMEOUT, NULL, _("The time is up. The machine is thrown away."));
      xeno_cli_fail (attempt->cli, reason);
      return TRY_TIMEOUT;
    }
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      reason = xeno_error_new (XENO_ERROR_FAILED, NULL,
                               attempt->is_output_lost ? _("The output cannot be written. The machine is thrown away.")
                                                       : _("Stopped. The machine is thrown away."));
      xeno_cli_fail (attempt->cli, reason);
    }
  else
    xeno_cli_fail (attempt->cli, error);
  return TRY_FAILED;
}

/* Until the person has seen enough. */
static void
keep (Attempt *attempt)
{
  XenoMachine *machine = xeno_disposable_get_machine (attempt->disposable);
  g_autofree char *name = xeno_text_clean (xeno_machine_get_name (machine), -1, MAX_LINE_CHARS);

  fprintf (stderr, _("xeno: “%s” is kept as it is. Ctrl+C throws it away."), name);
  fputc ('\n', stderr);
}

static int
attempt_run (Attempt *attempt)
{
  g_autoptr (GPtrArray) contents = NULL;
  g_autoptr (GError) error = NULL;
  int status = TRY_FAILED;
  gboolean keeps = FALSE;

  contents = read_files (attempt->wish, &error);
  if (contents == NULL || !start_machine (attempt, &error) || !send_all (attempt, contents, &error)
      || !run_script (attempt, &status, &error))
    status = explain (attempt, error);
  g_clear_error (&error);

  if (attempt->disposable == NULL || xeno_disposable_get_machine (attempt->disposable) == NULL)
    return status;

  keeps = status != 0 && attempt->wish->keeps_failed && !g_cancellable_is_cancelled (attempt->cli->cancellable);
  if (keeps)
    keep (attempt);
  if (!xeno_create_end_throw_away (attempt->disposable, keeps ? attempt->cli->cancellable : NULL, &error))
    xeno_cli_fail (attempt->cli, error);
  return status;
}

static int
try (XenoCli    *cli,
     const Wish *wish)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  Attempt attempt = { cli, wish, cancellable };
  XenoCliStatus connected = XENO_CLI_DONE;
  guint timeout_id = 0;
  int status;

  xeno_cli_watch_signals (cli);
  if (!xeno_cli_connect (cli, &connected))
    return TRY_FAILED;
  xeno_create_recover (cli);

  g_signal_connect (cli->cancellable, "cancelled", G_CALLBACK (stopped_cb), cancellable);
  if (wish->timeout_s > 0)
    timeout_id = g_timeout_add_seconds (wish->timeout_s, timeout_cb, &attempt);
  status = attempt_run (&attempt);
  g_clear_handle_id (&timeout_id, g_source_remove);
  g_signal_handlers_disconnect_by_data (cli->cancellable, cancellable);
  g_clear_object (&attempt.agent);
  g_clear_object (&attempt.disposable);
  g_free (attempt.folder);
  return status;
}

XenoCliStatus
xeno_create_run_try (XenoCli   *cli,
                     char    ***args)
{
  g_autofree char *timeout = NULL;
  g_autofree char *base = NULL;
  g_auto (GStrv) files = NULL;
  Wish wish = { NULL };
  const GOptionEntry entries[] = {
    { "base", 0, 0, G_OPTION_ARG_FILENAME, &base, N_("The machine or image to try it in"), N_("BASE") },
    { "file", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &files, N_("A file the script needs; may be said again"), N_("FILE") },
    { "timeout", 0, 0, G_OPTION_ARG_STRING, &timeout, N_("How long it may take, as 90s, 15m or 2h"), N_("TIME") },
    { "keep-on-failure", 0, 0, G_OPTION_ARG_NONE, &wish.keeps_failed, N_("Keep the machine when the script fails"), NULL },
    { "untrusted", 0, 0, G_OPTION_ARG_NONE, &wish.is_untrusted, N_("Give it no way out"), NULL },
    { "cold", 0, 0, G_OPTION_ARG_NONE, &wish.is_cold, N_("Start it, even where a copy is kept ready"), NULL },
    { NULL }
  };
  XenoCliStatus status = XENO_CLI_DONE;
  g_autoptr (GError) error = NULL;

  if (!xeno_cli_parse (cli, entries, 1, G_MAXUINT, args, &status))
    return status == XENO_CLI_USAGE ? (XenoCliStatus) TRY_FAILED : status;
  if (base == NULL)
    xeno_set_error (&error, XENO_ERROR_INVALID, NULL, _("Say what to try it in: --base BASE."));
  else if (timeout != NULL)
    xeno_units_parse_duration (timeout, &wish.timeout_s, &error);
  if (error != NULL)
    {
      xeno_cli_misuse (cli, error->message);
      return (XenoCliStatus) TRY_FAILED;
    }

  wish.base = base;
  wish.files = files;
  wish.argv = *args + 1;
  return (XenoCliStatus) try (cli, &wish);
}
