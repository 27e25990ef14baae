/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The memory of a machine in a file of ours, for many machines to go on from. */
#pragma once

#include "virt/xeno-machine.h"

G_BEGIN_DECLS

void      xeno_saved_state_make_async  (XenoMachine          *machine,
                                        const char           *path,
                                        GCancellable         *cancellable,
                                        GAsyncReadyCallback   callback,
                                        gpointer              user_data);
gboolean  xeno_saved_state_make_finish (XenoMachine          *machine,
                                        GAsyncResult         *result,
                                        GError              **error);
XenoSpec *xeno_saved_state_read        (const char           *path,
                                        GError              **error);

G_END_DECLS
