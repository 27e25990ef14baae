/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* QEMU's own monitor, for those who know it. */
#pragma once

#include "virt/xeno-machine.h"

G_BEGIN_DECLS

void  xeno_machine_run_monitor_async  (XenoMachine          *self,
                                       const char           *command,
                                       GCancellable         *cancellable,
                                       GAsyncReadyCallback   callback,
                                       gpointer              user_data);
char *xeno_machine_run_monitor_finish (XenoMachine          *self,
                                       GAsyncResult         *result,
                                       GError              **error);

G_END_DECLS
