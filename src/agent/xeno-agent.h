/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* QEMU's guest agent: questions and answers, of which no answer is trusted. */
#pragma once

#include <json-glib/json-glib.h>

#include "agent/xeno-agent-transport.h"

G_BEGIN_DECLS

#define XENO_TYPE_AGENT (xeno_agent_get_type ())

G_DECLARE_FINAL_TYPE (XenoAgent, xeno_agent, XENO, AGENT, GObject)

XenoAgent  *xeno_agent_new          (XenoAgentTransport   *transport);
void        xeno_agent_call_async   (XenoAgent            *self,
                                     const char           *command,
                                     JsonNode             *arguments,
                                     GCancellable         *cancellable,
                                     GAsyncReadyCallback   callback,
                                     gpointer              user_data);
JsonNode   *xeno_agent_call_finish  (XenoAgent            *self,
                                     GAsyncResult         *result,
                                     GError              **error);
void        xeno_agent_await_async  (XenoAgent            *self,
                                     guint                 timeout_s,
                                     GCancellable         *cancellable,
                                     GAsyncReadyCallback   callback,
                                     gpointer              user_data);
gboolean    xeno_agent_await_finish (XenoAgent            *self,
                                     GAsyncResult         *result,
                                     GError              **error);

G_END_DECLS
