/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The upper end of a graph's scale, and its values as text. */
#pragma once

#include "stats/xeno-metric.h"

G_BEGIN_DECLS

double  xeno_scale_fit    (XenoUnit unit,
                           double   max);
char   *xeno_scale_format (XenoUnit unit,
                           double   value);

G_END_DECLS
