/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Paints the guest from one texture that stays on the graphics processor. */
#pragma once

#include "console/xeno-painter.h"

G_BEGIN_DECLS

#define XENO_TYPE_PAINTER_GL (xeno_painter_gl_get_type ())

G_DECLARE_FINAL_TYPE (XenoPainterGl, xeno_painter_gl, XENO, PAINTER_GL, XenoPainter)

gboolean     xeno_painter_gl_suits       (GskRenderer    *renderer);
XenoPainter *xeno_painter_gl_new         (GdkSurface     *surface);
guint64      xeno_painter_gl_get_uploads (XenoPainterGl  *self);

G_END_DECLS
