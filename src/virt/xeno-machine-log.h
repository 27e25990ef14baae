/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a machine's hypervisor wrote down, on this computer. */
#pragma once

#include "virt/xeno-machine.h"

G_BEGIN_DECLS

void  xeno_machine_read_log_async  (XenoMachine          *self,
                                    GCancellable         *cancellable,
                                    GAsyncReadyCallback   callback,
                                    gpointer              user_data);
char *xeno_machine_read_log_finish (XenoMachine          *self,
                                    GAsyncResult         *result,
                                    GError              **error);

G_END_DECLS
