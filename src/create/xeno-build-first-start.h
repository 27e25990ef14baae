/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a machine has for its first start alone. */
#pragma once

#include "create/xeno-build.h"

G_BEGIN_DECLS

gboolean xeno_build_first_start_is_needed (XenoBuild *build);
void     xeno_build_first_start_end       (XenoBuild *build);
void     xeno_build_first_start_give_up   (XenoBuild *build,
                                           GError    *error);

G_END_DECLS
