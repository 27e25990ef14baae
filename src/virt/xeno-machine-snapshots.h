/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What libvirt notes of a machine's snapshots, read and written down again. */
#pragma once

#include "virt/xeno-machine.h"

G_BEGIN_DECLS

void     xeno_machine_restore_snapshots_async  (XenoMachine          *self,
                                                const char * const   *documents,
                                                const char           *current,
                                                GCancellable         *cancellable,
                                                GAsyncReadyCallback   callback,
                                                gpointer              user_data);
gboolean xeno_machine_restore_snapshots_finish (XenoMachine          *self,
                                                GAsyncResult         *result,
                                                GError              **error);

G_END_DECLS
