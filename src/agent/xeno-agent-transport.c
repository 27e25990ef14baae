/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How a guest agent is reached: one question at a time, and its answer as it came. */
#include "config.h"

#include "agent/xeno-agent-transport.h"

G_DEFINE_INTERFACE (XenoAgentTransport, xeno_agent_transport, G_TYPE_OBJECT)

static void
xeno_agent_transport_default_init (XenoAgentTransportInterface *iface)
{
}

/**
 * xeno_agent_transport_ask_async:
 * @self: a way to an agent
 * @question: JSON
 * @timeout_s: after so many seconds there is no answer any more
 * @cancellable: (nullable): stops the waiting
 * @callback: called with the answer
 * @user_data: for @callback
 *
 * Asks an agent.
 */
void
xeno_agent_transport_ask_async (XenoAgentTransport  *self,
                                const char          *question,
                                guint                timeout_s,
                                GCancellable        *cancellable,
                                GAsyncReadyCallback  callback,
                                gpointer             user_data)
{
  g_return_if_fail (XENO_IS_AGENT_TRANSPORT (self));
  g_return_if_fail (question != NULL);

  XENO_AGENT_TRANSPORT_GET_IFACE (self)->ask_async (self, question, timeout_s, cancellable, callback, user_data);
}

/**
 * xeno_agent_transport_ask_finish:
 * @self: a way to an agent
 * @result: what the callback was given
 * @error: %XENO_ERROR_NO_AGENT, %XENO_ERROR_TIMEOUT, or what the agent refused
 *
 * Ends xeno_agent_transport_ask_async().
 *
 * Returns: (transfer full): the answer, untrusted, or %NULL
 */
char *
xeno_agent_transport_ask_finish (XenoAgentTransport  *self,
                                 GAsyncResult        *result,
                                 GError             **error)
{
  g_return_val_if_fail (XENO_IS_AGENT_TRANSPORT (self), NULL);

  return XENO_AGENT_TRANSPORT_GET_IFACE (self)->ask_finish (self, result, error);
}
