/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Templates: machines that others are made from, and that nothing writes to. */
#pragma once

#include "virt/xeno-machine.h"

G_BEGIN_DECLS

void     xeno_machine_set_template_async  (XenoMachine          *self,
                                           gboolean              is_template,
                                           GCancellable         *cancellable,
                                           GAsyncReadyCallback   callback,
                                           gpointer              user_data);
gboolean xeno_machine_set_template_finish (XenoMachine          *self,
                                           GAsyncResult         *result,
                                           GError              **error);

G_END_DECLS
