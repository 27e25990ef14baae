/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a guest's picture has to look like at any scale, computed pixel by pixel. */
#pragma once

#include "console/xeno-surface.h"
#include "console/xeno-transform.h"

G_BEGIN_DECLS

void golden_picture_assert (XenoSurface         *surface,
                            const XenoTransform *transform,
                            int                  x,
                            int                  y,
                            guint32              shown);

G_END_DECLS
