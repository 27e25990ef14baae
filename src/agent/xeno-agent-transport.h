/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How a guest agent is reached: one question at a time, and its answer as it came. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define XENO_TYPE_AGENT_TRANSPORT (xeno_agent_transport_get_type ())

G_DECLARE_INTERFACE (XenoAgentTransport, xeno_agent_transport, XENO, AGENT_TRANSPORT, GObject)

/**
 * XenoAgentTransportInterface:
 * @ask_async: asks, and gives up after some seconds
 * @ask_finish: (transfer full): ends @ask_async with the answer
 *
 * What a way to an agent has to do.
 */
struct _XenoAgentTransportInterface
{
  GTypeInterface parent_iface;

  void  (*ask_async)  (XenoAgentTransport   *self,
                       const char           *question,
                       guint                 timeout_s,
                       GCancellable         *cancellable,
                       GAsyncReadyCallback   callback,
                       gpointer              user_data);
  char *(*ask_finish) (XenoAgentTransport   *self,
                       GAsyncResult         *result,
                       GError              **error);
};

void  xeno_agent_transport_ask_async  (XenoAgentTransport   *self,
                                       const char           *question,
                                       guint                 timeout_s,
                                       GCancellable         *cancellable,
                                       GAsyncReadyCallback   callback,
                                       gpointer              user_data);
char *xeno_agent_transport_ask_finish (XenoAgentTransport   *self,
                                       GAsyncResult         *result,
                                       GError              **error);

G_END_DECLS
