/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The guest agent's own language, for those who speak it. libvirt-qemu is loaded when it is first asked for. */
#pragma once

#include "virt/xeno-machine.h"

G_BEGIN_DECLS

void  xeno_machine_ask_agent_async  (XenoMachine          *self,
                                     const char           *command,
                                     guint                 timeout_s,
                                     GCancellable         *cancellable,
                                     GAsyncReadyCallback   callback,
                                     gpointer              user_data);
char *xeno_machine_ask_agent_finish (XenoMachine          *self,
                                     GAsyncResult         *result,
                                     GError              **error);

G_END_DECLS
