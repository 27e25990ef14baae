/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* No copy is kept ready any more. */
#pragma once

#include "virt/xeno-warm-note.h"

G_BEGIN_DECLS

void     xeno_warm_discard_async       (XenoMachine          *machine,
                                        GAsyncReadyCallback   callback,
                                        gpointer              user_data);
gboolean xeno_warm_discard_finish      (XenoMachine          *machine,
                                        GAsyncResult         *result,
                                        GError              **error);
void     xeno_warm_remove_files_async  (XenoMachine          *machine,
                                        const XenoWarmNote   *note,
                                        GAsyncReadyCallback   callback,
                                        gpointer              user_data);
gboolean xeno_warm_remove_files_finish (XenoMachine          *machine,
                                        GAsyncResult         *result,
                                        GError              **error);

G_END_DECLS
