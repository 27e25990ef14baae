/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Changes of a machine's hardware: at once where machine and host can, else at its next start. */
#pragma once

#include "spec/xeno-change.h"
#include "virt/xeno-machine.h"

G_BEGIN_DECLS

/**
 * XenoChangeOutcome:
 * @change: what was changed
 * @is_now: whether it holds already; if not, it will when the machine starts the next time
 * @reason: (nullable): why not, where that was not to be expected
 *
 * What became of a change.
 */
typedef struct
{
  XenoChange *change;
  gboolean    is_now;
  GError     *reason;
} XenoChangeOutcome;

void        xeno_change_outcome_free           (XenoChangeOutcome    *outcome);

gboolean    xeno_machine_can_change_now        (XenoChange           *change);
void        xeno_machine_change_async          (XenoMachine          *self,
                                                GPtrArray            *changes,
                                                GCancellable         *cancellable,
                                                GAsyncReadyCallback   callback,
                                                gpointer              user_data);
GPtrArray  *xeno_machine_change_finish         (XenoMachine          *self,
                                                GAsyncResult         *result,
                                                GError              **error);
void        xeno_machine_list_pending_async    (XenoMachine          *self,
                                                GCancellable         *cancellable,
                                                GAsyncReadyCallback   callback,
                                                gpointer              user_data);
GPtrArray  *xeno_machine_list_pending_finish   (XenoMachine          *self,
                                                GAsyncResult         *result,
                                                GError              **error);

G_END_DECLS
