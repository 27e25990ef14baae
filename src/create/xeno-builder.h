/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Makes a machine from a plan: a job of steps, each with an undo. */
#pragma once

#include "base/xeno-job.h"
#include "create/xeno-plan.h"
#include "virt/xeno-connection.h"

G_BEGIN_DECLS

XenoJob     *xeno_builder_start          (XenoConnection       *connection,
                                          XenoPlan             *plan,
                                          gboolean              start_machine,
                                          GAsyncReadyCallback   callback,
                                          gpointer              user_data);
XenoMachine *xeno_builder_finish         (GAsyncResult         *result,
                                          GError              **error);
XenoMachine *xeno_builder_get_machine    (GAsyncResult         *result);
void         xeno_builder_clear_async    (GAsyncResult         *built,
                                          GAsyncReadyCallback   callback,
                                          gpointer              user_data);
gboolean     xeno_builder_clear_finish   (GAsyncResult         *result,
                                          GError              **error);
void         xeno_builder_keep_async     (GAsyncResult         *built,
                                          GAsyncReadyCallback   callback,
                                          gpointer              user_data);
gboolean     xeno_builder_keep_finish    (GAsyncResult         *result,
                                          GError              **error);
void         xeno_builder_recover_async  (XenoConnection       *connection,
                                          GCancellable         *cancellable,
                                          GAsyncReadyCallback   callback,
                                          gpointer              user_data);
gboolean     xeno_builder_recover_finish (GAsyncResult         *result,
                                          GError              **error);

G_END_DECLS
