/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A command in a guest, by its agent, with its output as it comes. */
#pragma once

#include "agent/xeno-agent.h"

G_BEGIN_DECLS

/**
 * XenoAgentOutputFunc:
 * @is_error: whether it came by the command's standard error
 * @bytes: what it wrote, as it is and untrusted
 * @user_data: what xeno_agent_exec_async() was given
 *
 * Takes a piece of output.
 */
typedef void (*XenoAgentOutputFunc) (gboolean  is_error,
                                     GBytes   *bytes,
                                     gpointer  user_data);

void     xeno_agent_exec_async  (XenoAgent            *self,
                                 const char           *folder,
                                 const char * const   *argv,
                                 XenoAgentOutputFunc   output,
                                 gpointer              output_data,
                                 GCancellable         *cancellable,
                                 GAsyncReadyCallback   callback,
                                 gpointer              user_data);
gboolean xeno_agent_exec_finish (XenoAgent            *self,
                                 GAsyncResult         *result,
                                 int                  *exit_status,
                                 GError              **error);

G_END_DECLS
