/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Runs blocking calls on threads of its own, in lanes, and gives the person back control in time. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define XENO_TYPE_WORKER (xeno_worker_get_type ())

G_DECLARE_FINAL_TYPE (XenoWorker, xeno_worker, XENO, WORKER, GObject)

/**
 * XenoWorkFunc:
 * @data: (nullable): what xeno_worker_run() was given; owned by this call until it returns
 * @cancellable: (nullable): the task's cancellable
 * @error: where to say why there is no result
 *
 * Blocking work, run on a worker's thread. It touches no GObject property.
 *
 * Returns: (nullable): the result, or %NULL with @error set
 */
typedef gpointer (*XenoWorkFunc) (gpointer       data,
                                  GCancellable  *cancellable,
                                  GError       **error);

XenoWorker *xeno_worker_new (guint           n_threads);
void        xeno_worker_run (XenoWorker     *self,
                             const char     *lane,
                             guint           deadline_ms,
                             GTask          *task,
                             XenoWorkFunc    func,
                             gpointer        data,
                             GDestroyNotify  free_data,
                             GDestroyNotify  free_result);

G_END_DECLS
