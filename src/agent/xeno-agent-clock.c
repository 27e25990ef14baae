/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The clock of a guest, by its agent. */
#include "config.h"

#include "agent/xeno-agent-clock.h"

#define NS_PER_US 1000

static void
set_cb (GObject      *source,
        GAsyncResult *result,
        gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  g_autoptr (JsonNode) answer = xeno_agent_call_finish (XENO_AGENT (source), result, &error);

  if (answer != NULL)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
came_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  XenoAgent *self = XENO_AGENT (source);
  g_autoptr (JsonBuilder) builder = json_builder_new_immutable ();
  GError *error = NULL;

  if (!xeno_agent_await_finish (self, result, &error))
    {
      g_task_return_error (task, error);
      return;
    }

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "time");
  json_builder_add_int_value (builder, g_get_real_time () * NS_PER_US);
  json_builder_end_object (builder);
  xeno_agent_call_async (self, "guest-set-time", json_builder_get_root (builder), g_task_get_cancellable (task),
                         set_cb, g_object_ref (task));
}

/**
 * xeno_agent_set_clock_async:
 * @self: a client
 * @timeout_s: how long the agent may take to answer at all
 * @cancellable: (nullable): stops the waiting
 * @callback: called when it is set, or not
 * @user_data: for @callback
 *
 * Sets the guest's clock to this computer's.
 */
void
xeno_agent_set_clock_async (XenoAgent           *self,
                            guint                timeout_s,
                            GCancellable        *cancellable,
                            GAsyncReadyCallback  callback,
                            gpointer             user_data)
{
  GTask *task;

  g_return_if_fail (XENO_IS_AGENT (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, xeno_agent_set_clock_async);
  xeno_agent_await_async (self, timeout_s, cancellable, came_cb, task);
}

/**
 * xeno_agent_set_clock_finish:
 * @self: a client
 * @result: what the callback was given
 * @error: %XENO_ERROR_NO_AGENT, %XENO_ERROR_TIMEOUT, or what the agent refused
 *
 * Ends xeno_agent_set_clock_async().
 *
 * Returns: %TRUE if it is set
 */
gboolean
xeno_agent_set_clock_finish (XenoAgent     *self,
                             GAsyncResult  *result,
                             GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
