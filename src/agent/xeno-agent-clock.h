/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The clock of a guest, by its agent. */
#pragma once

#include "agent/xeno-agent.h"

G_BEGIN_DECLS

void     xeno_agent_set_clock_async  (XenoAgent            *self,
                                      guint                 timeout_s,
                                      GCancellable         *cancellable,
                                      GAsyncReadyCallback   callback,
                                      gpointer              user_data);
gboolean xeno_agent_set_clock_finish (XenoAgent            *self,
                                      GAsyncResult         *result,
                                      GError              **error);

G_END_DECLS
