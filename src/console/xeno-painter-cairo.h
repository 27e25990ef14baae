/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Paints the guest with cairo, in retained nodes, one for each tile of the widget. */
#pragma once

#include "console/xeno-painter.h"

G_BEGIN_DECLS

#define XENO_TYPE_PAINTER_CAIRO (xeno_painter_cairo_get_type ())

G_DECLARE_FINAL_TYPE (XenoPainterCairo, xeno_painter_cairo, XENO, PAINTER_CAIRO, XenoPainter)

XenoPainter *xeno_painter_cairo_new          (GdkDisplay       *display,
                                              GskRenderer      *renderer);
guint        xeno_painter_cairo_get_repaints (XenoPainterCairo *self);

G_END_DECLS
