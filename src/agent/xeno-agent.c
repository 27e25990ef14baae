/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* QEMU's guest agent: questions and answers, of which no answer is trusted. */
#include "config.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "agent/xeno-agent.h"
#include "base/xeno-error.h"

/* libvirt gives up on an agent for good after 10 MiB, and nothing above 4 MiB crosses its wire. */
#define MAX_ANSWER_BYTES (4 << 20)

/* Deeper than any answer is, and far less deep than a stack. */
#define MAX_DEPTH 16

#define CALL_TIMEOUT_S 10
#define PING_TIMEOUT_S 2

/* Between two attempts to find an agent that has not started yet. */
#define AWAIT_PAUSE_MS 100

struct _XenoAgent
{
  GObject             parent_instance;
  XenoAgentTransport *transport;
};

G_DEFINE_FINAL_TYPE (XenoAgent, xeno_agent, G_TYPE_OBJECT)

static gboolean
is_shallow (const char *json)
{
  gboolean in_string = FALSE;
  guint depth = 0;

  for (const char *p = json; *p != '\0'; p++)
    {
      if (in_string && *p == '\\' && p[1] != '\0')
        p++;
      else if (*p == '"')
        in_string = !in_string;
      else if (!in_string && (*p == '{' || *p == '['))
        {
          if (++depth > MAX_DEPTH)
            return FALSE;
        }
      else if (!in_string && (*p == '}' || *p == ']') && depth > 0)
        depth--;
    }
  return TRUE;
}

static JsonNode *
read_answer (const char  *answer,
             GError     **error)
{
  g_autoptr (JsonNode) root = NULL;
  JsonNode *value = NULL;

  if (strlen (answer) <= MAX_ANSWER_BYTES && is_shallow (answer) && g_utf8_validate (answer, -1, NULL))
    root = json_from_string (answer, NULL);
  if (root != NULL && JSON_NODE_HOLDS_OBJECT (root))
    value = json_object_dup_member (json_node_get_object (root), "return");
  if (value == NULL)
    xeno_set_error (error, XENO_ERROR_FAILED, NULL,
                    _("The guest’s agent said what no agent says. It is not listened to any more."));
  return value;
}

static void
answered_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autofree char *answer = NULL;
  GError *error = NULL;
  JsonNode *value = NULL;

  answer = xeno_agent_transport_ask_finish (XENO_AGENT_TRANSPORT (source), result, &error);
  if (answer != NULL)
    value = read_answer (answer, &error);
  if (value != NULL)
    g_task_return_pointer (task, value, (GDestroyNotify) json_node_unref);
  else
    g_task_return_error (task, error);
}

static void
ask (XenoAgent  *self,
     const char *command,
     JsonNode   *arguments,
     guint       timeout_s,
     GTask      *task)
{
  g_autoptr (JsonBuilder) builder = json_builder_new_immutable ();
  g_autoptr (JsonNode) root = NULL;
  g_autofree char *question = NULL;

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "execute");
  json_builder_add_string_value (builder, command);
  if (arguments != NULL)
    {
      json_builder_set_member_name (builder, "arguments");
      json_builder_add_value (builder, arguments);
    }
  json_builder_end_object (builder);
  root = json_builder_get_root (builder);
  question = json_to_string (root, FALSE);
  xeno_agent_transport_ask_async (self->transport, question, timeout_s, g_task_get_cancellable (task),
                                  answered_cb, g_object_ref (task));
}

static void
xeno_agent_finalize (GObject *object)
{
  g_clear_object (&XENO_AGENT (object)->transport);

  G_OBJECT_CLASS (xeno_agent_parent_class)->finalize (object);
}

static void
xeno_agent_class_init (XenoAgentClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = xeno_agent_finalize;
}

static void
xeno_agent_init (XenoAgent *self)
{
}

/**
 * xeno_agent_new:
 * @transport: how it is reached
 *
 * Makes a client of a guest's agent. Nothing is asked yet.
 *
 * Returns: (transfer full): the client
 */
XenoAgent *
xeno_agent_new (XenoAgentTransport *transport)
{
  XenoAgent *self;

  g_return_val_if_fail (XENO_IS_AGENT_TRANSPORT (transport), NULL);

  self = g_object_new (XENO_TYPE_AGENT, NULL);
  self->transport = g_object_ref (transport);
  return self;
}

/**
 * xeno_agent_call_async:
 * @self: a client
 * @command: what to do: "guest-exec"
 * @arguments: (nullable) (transfer full): an object
 * @cancellable: (nullable): stops the waiting
 * @callback: called with the answer
 * @user_data: for @callback
 *
 * Lets the agent do something.
 */
void
xeno_agent_call_async (XenoAgent           *self,
                       const char          *command,
                       JsonNode            *arguments,
                       GCancellable        *cancellable,
                       GAsyncReadyCallback  callback,
                       gpointer             user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (XENO_IS_AGENT (self));
  g_return_if_fail (command != NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, xeno_agent_call_async);
  ask (self, command, arguments, CALL_TIMEOUT_S, task);
}

/**
 * xeno_agent_call_finish:
 * @self: a client
 * @result: what the callback was given
 * @error: %XENO_ERROR_NO_AGENT, %XENO_ERROR_TIMEOUT, or what it refused
 *
 * Ends xeno_agent_call_async().
 *
 * Returns: (transfer full): what it returned, of any type, untrusted; or %NULL
 */
JsonNode *
xeno_agent_call_finish (XenoAgent     *self,
                        GAsyncResult  *result,
                        GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

static void ping (GTask *task);

static gboolean
ping_again_cb (gpointer user_data)
{
  ping (user_data);
  return G_SOURCE_REMOVE;
}

static gboolean
may_come (const GError *error)
{
  return g_error_matches (error, XENO_ERROR, XENO_ERROR_NO_AGENT)
         || g_error_matches (error, XENO_ERROR, XENO_ERROR_TIMEOUT);
}

static void
pinged_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  const gint64 *deadline_us = g_task_get_task_data (task);
  g_autoptr (JsonNode) value = NULL;
  GError *error = NULL;

  value = g_task_propagate_pointer (G_TASK (result), &error);
  if (value != NULL)
    g_task_return_boolean (task, TRUE);
  else if (!may_come (error) || g_get_monotonic_time () > *deadline_us)
    g_task_return_error (task, error);
  else
    {
      g_error_free (error);
      g_timeout_add_full (G_PRIORITY_DEFAULT, AWAIT_PAUSE_MS, ping_again_cb, g_steal_pointer (&task),
                          g_object_unref);
    }
}

static void
ping (GTask *task)
{
  XenoAgent *self = g_task_get_source_object (task);
  g_autoptr (GTask) one = NULL;

  if (g_task_return_error_if_cancelled (task))
    return;

  one = g_task_new (self, g_task_get_cancellable (task), pinged_cb, g_object_ref (task));
  ask (self, "guest-ping", NULL, PING_TIMEOUT_S, one);
}

/**
 * xeno_agent_await_async:
 * @self: a client
 * @timeout_s: how long a guest may take to start
 * @cancellable: (nullable): stops the waiting
 * @callback: called when the agent answers, or has not in time
 * @user_data: for @callback
 *
 * Waits until the agent is there.
 */
void
xeno_agent_await_async (XenoAgent           *self,
                        guint                timeout_s,
                        GCancellable        *cancellable,
                        GAsyncReadyCallback  callback,
                        gpointer             user_data)
{
  g_autoptr (GTask) task = NULL;
  gint64 *deadline_us;

  g_return_if_fail (XENO_IS_AGENT (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, xeno_agent_await_async);
  deadline_us = g_new (gint64, 1);
  *deadline_us = g_get_monotonic_time () + (gint64) timeout_s * G_USEC_PER_SEC;
  g_task_set_task_data (task, deadline_us, g_free);
  ping (task);
}

/**
 * xeno_agent_await_finish:
 * @self: a client
 * @result: what the callback was given
 * @error: %XENO_ERROR_NO_AGENT or %XENO_ERROR_TIMEOUT
 *
 * Ends xeno_agent_await_async().
 *
 * Returns: %TRUE if it answers
 */
gboolean
xeno_agent_await_finish (XenoAgent     *self,
                         GAsyncResult  *result,
                         GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
