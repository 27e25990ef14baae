/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a copy that is kept ready depends on, and whether it is still so. */
#pragma once

#include "virt/xeno-machine-source.h"
#include "virt/xeno-warm-note.h"

G_BEGIN_DECLS

void        xeno_warm_marks_take (XenoWarmNote             *note,
                                  const XenoMachineSource  *source);
const char *xeno_warm_marks_judge (const XenoWarmNote      *note,
                                   const XenoMachineSource *source);

G_END_DECLS
