/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A throw-away copy of a machine that goes on from the memory of one that was kept ready. */
#pragma once

#include "create/xeno-plan.h"
#include "virt/xeno-machine.h"

G_BEGIN_DECLS

#define XENO_TYPE_WARM_COPY (xeno_warm_copy_get_type ())

G_DECLARE_FINAL_TYPE (XenoWarmCopy, xeno_warm_copy, XENO, WARM_COPY, GObject)

XenoPlan *xeno_warm_copy_new           (XenoMachine  *machine,
                                        const char   *walls);
gboolean  xeno_warm_copy_has_agent     (XenoWarmCopy *self);
gboolean  xeno_warm_copy_is_unplugged  (XenoWarmCopy *self);

G_END_DECLS
