/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A command in a guest, by its agent, with its output as it comes. */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "agent/xeno-agent-exec.h"
#include "agent/xeno-agent-file.h"
#include "base/xeno-error.h"

/* The agent keeps output to itself until the command ends, and no more of it than libvirt can carry. So
 * it goes to files, which are read while they grow. The words of the command are no part of the script. */
#define SCRIPT "d=$1; shift; mkdir -p \"$d\" && cd \"$d\" && exec \"$@\" >.out 2>.err </dev/null"

/* Between two looks at a command that is quiet; one that writes is looked at again at once. */
#define FIRST_PAUSE_MS 10
#define LONGEST_PAUSE_MS 400

/* As shells say that a signal ended it. */
#define SIGNAL_STATUS 128

enum
{
  OUT,
  ERR,
  N_STREAMS
};

static const char * const names[N_STREAMS] = { ".out", ".err" };

typedef struct
{
  char                *folder;
  XenoAgentOutputFunc  output;
  gpointer             output_data;
  gint64               pid;
  gint64               handles[N_STREAMS];
  gboolean             is_open[N_STREAMS];
  guint                stream;      /* which is dealt with */
  guint                pause_ms;
  gboolean             had_output;  /* in this round */
  gboolean             has_exited;
  int                  exit_status;
} Exec;

static void look (GTask *task);
static void read_stream (GTask *task);

static void
exec_free (Exec *exec)
{
  g_free (exec->folder);
  g_free (exec);
}

static JsonNode *
make_pid_arguments (gint64 pid)
{
  g_autoptr (JsonBuilder) builder = json_builder_new_immutable ();

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "pid");
  json_builder_add_int_value (builder, pid);
  json_builder_end_object (builder);
  return json_builder_get_root (builder);
}

static JsonNode *
make_exec_arguments (const char         *folder,
                     const char * const *argv)
{
  g_autoptr (JsonBuilder) builder = json_builder_new_immutable ();

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "path");
  json_builder_add_string_value (builder, "sh"); /* the guest's own */
  json_builder_set_member_name (builder, "arg");
  json_builder_begin_array (builder);
  json_builder_add_string_value (builder, "-c");
  json_builder_add_string_value (builder, SCRIPT);
  json_builder_add_string_value (builder, "sh");
  json_builder_add_string_value (builder, folder);
  for (; *argv != NULL; argv++)
    json_builder_add_string_value (builder, *argv);
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  return json_builder_get_root (builder);
}

static gboolean
look_again_cb (gpointer user_data)
{
  look (user_data);
  return G_SOURCE_REMOVE;
}

static void
look_later (GTask *task)
{
  Exec *exec = g_task_get_task_data (task);

  exec->pause_ms = exec->had_output ? FIRST_PAUSE_MS : MIN (exec->pause_ms * 2, LONGEST_PAUSE_MS);
  exec->had_output = FALSE;
  g_timeout_add_full (G_PRIORITY_DEFAULT, exec->pause_ms, look_again_cb, g_object_ref (task), g_object_unref);
}

/* The next stream, or the next round; it is over when nothing more can come. */
static void
go_on (GTask *task)
{
  Exec *exec = g_task_get_task_data (task);

  exec->stream++;
  if (exec->stream < N_STREAMS)
    read_stream (task);
  else if (exec->has_exited)
    g_task_return_boolean (task, TRUE);
  else
    look_later (task);
}

static void
piece_read_cb (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  Exec *exec = g_task_get_task_data (task);
  g_autoptr (GBytes) bytes = NULL;
  GError *error = NULL;

  bytes = xeno_agent_read_file_finish (XENO_AGENT (source), result, &error);
  if (bytes == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  if (g_bytes_get_size (bytes) == 0)
    {
      go_on (task);
      return;
    }

  exec->had_output = TRUE;
  exec->output (exec->stream == ERR, bytes, exec->output_data);
  read_stream (task);
}

static void
stream_opened_cb (GObject      *source,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  Exec *exec = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;

  exec->is_open[exec->stream] =
    xeno_agent_open_file_finish (XENO_AGENT (source), result, &exec->handles[exec->stream], &error);
  if (exec->is_open[exec->stream])
    read_stream (task);
  else if (g_task_return_error_if_cancelled (task))
    return;
  else
    go_on (task); /* the shell has not made it yet, or never will */
}

static void
read_stream (GTask *task)
{
  XenoAgent *self = g_task_get_source_object (task);
  Exec *exec = g_task_get_task_data (task);
  g_autofree char *path = NULL;

  if (exec->is_open[exec->stream])
    {
      xeno_agent_read_file_async (self, exec->handles[exec->stream], g_task_get_cancellable (task), piece_read_cb,
                                  g_object_ref (task));
      return;
    }
  path = g_strconcat (exec->folder, "/", names[exec->stream], NULL);
  xeno_agent_open_file_async (self, path, g_task_get_cancellable (task), stream_opened_cb, g_object_ref (task));
}

static void
take_status (Exec       *exec,
             JsonObject *status)
{
  gint64 signal_number = json_object_get_int_member_with_default (status, "signal", 0);

  exec->has_exited = json_object_get_boolean_member_with_default (status, "exited", FALSE);
  if (signal_number > 0)
    exec->exit_status = SIGNAL_STATUS + (int) (signal_number & 0x7f);
  else
    exec->exit_status = (int) (json_object_get_int_member_with_default (status, "exitcode", 0) & 0xff);
}

static void
looked_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  Exec *exec = g_task_get_task_data (task);
  g_autoptr (JsonNode) value = NULL;
  GError *error = NULL;

  value = xeno_agent_call_finish (XENO_AGENT (source), result, &error);
  if (value != NULL && !JSON_NODE_HOLDS_OBJECT (value))
    xeno_set_error (&error, XENO_ERROR_FAILED, NULL, _("The guest’s agent did not say what became of the command."));
  if (error != NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  take_status (exec, json_node_get_object (value));
  exec->stream = 0;
  read_stream (task);
}

static void
look (GTask *task)
{
  XenoAgent *self = g_task_get_source_object (task);
  Exec *exec = g_task_get_task_data (task);

  if (!g_task_return_error_if_cancelled (task))
    xeno_agent_call_async (self, "guest-exec-status", make_pid_arguments (exec->pid), g_task_get_cancellable (task),
                           looked_cb, g_object_ref (task));
}

static void
started_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  Exec *exec = g_task_get_task_data (task);
  g_autoptr (JsonNode) value = NULL;
  GError *error = NULL;

  value = xeno_agent_call_finish (XENO_AGENT (source), result, &error);
  if (value != NULL && JSON_NODE_HOLDS_OBJECT (value))
    exec->pid = json_object_get_int_member_with_default (json_node_get_object (value), "pid", -1);
  if (error == NULL && exec->pid <= 0)
    xeno_set_error (&error, XENO_ERROR_FAILED, NULL, _("The guest’s agent did not say what became of the command."));
  if (error != NULL)
    g_task_return_error (task, error);
  else
    look (task);
}

/**
 * xeno_agent_exec_async:
 * @self: a client
 * @folder: a folder of the guest, made where it is missing: the command runs there and its output goes there
 * @argv: (array zero-terminated=1): the command and its arguments, which arrive as they are
 * @output: called with each piece of output
 * @output_data: for @output
 * @cancellable: (nullable): stops the waiting; the command goes on
 * @callback: called when the command has ended and all of its output was given
 * @user_data: for @callback
 *
 * Runs a command in a guest that has a shell.
 */
void
xeno_agent_exec_async (XenoAgent           *self,
                       const char          *folder,
                       const char * const  *argv,
                       XenoAgentOutputFunc  output,
                       gpointer             output_data,
                       GCancellable        *cancellable,
                       GAsyncReadyCallback  callback,
                       gpointer             user_data)
{
  g_autoptr (GTask) task = NULL;
  Exec *exec;

  g_return_if_fail (XENO_IS_AGENT (self));
  g_return_if_fail (folder != NULL && argv != NULL && argv[0] != NULL);
  g_return_if_fail (output != NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, xeno_agent_exec_async);
  exec = g_new0 (Exec, 1);
  exec->folder = g_strdup (folder);
  exec->output = output;
  exec->output_data = output_data;
  exec->pid = -1;
  exec->pause_ms = FIRST_PAUSE_MS;
  g_task_set_task_data (task, exec, (GDestroyNotify) exec_free);
  xeno_agent_call_async (self, "guest-exec", make_exec_arguments (folder, argv), cancellable, started_cb,
                         g_steal_pointer (&task));
}

/**
 * xeno_agent_exec_finish:
 * @self: a client
 * @result: what the callback was given
 * @exit_status: (out): the command's exit status, or 128 and the number of the signal that ended it
 * @error: %XENO_ERROR_NO_AGENT, %XENO_ERROR_TIMEOUT, or what the agent refused; the output so far was given
 *
 * Ends xeno_agent_exec_async().
 *
 * Returns: %TRUE if the command ran to its end
 */
gboolean
xeno_agent_exec_finish (XenoAgent     *self,
                        GAsyncResult  *result,
                        int           *exit_status,
                        GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  g_return_val_if_fail (exit_status != NULL, FALSE);

  *exit_status = ((Exec *) g_task_get_task_data (G_TASK (result)))->exit_status;
  return g_task_propagate_boolean (G_TASK (result), error);
}
