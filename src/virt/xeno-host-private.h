/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a connection does with the host it owns. */
#pragma once

#include "base/xeno-worker.h"
#include "virt/xeno-host.h"
#include "virt/xeno-link-pool.h"

G_BEGIN_DECLS

XenoHost *xeno_host_new      (XenoWorker *worker,
                              gboolean    is_local);
void      xeno_host_set_pool (XenoHost     *self,
                              XenoLinkPool *pool);

G_END_DECLS
