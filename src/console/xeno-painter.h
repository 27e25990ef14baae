/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Turns a guest's surface into render nodes, and repaints only what changed. */
#pragma once

#include <gtk/gtk.h>

#include "console/xeno-console-backend.h"
#include "console/xeno-transform.h"

G_BEGIN_DECLS

#define XENO_TYPE_PAINTER (xeno_painter_get_type ())

G_DECLARE_DERIVABLE_TYPE (XenoPainter, xeno_painter, XENO, PAINTER, GObject)

struct _XenoPainterClass
{
  GObjectClass parent_class;

  void (*set_surface) (XenoPainter          *self,
                       XenoSurface          *surface);
  void (*damage)      (XenoPainter          *self,
                       const cairo_region_t *region);
  void (*snapshot)    (XenoPainter          *self,
                       GtkSnapshot          *snapshot,
                       const XenoTransform  *transform);

  gpointer padding[4];
};

XenoPainter *xeno_painter_new_for_native (GtkNative            *native);
void         xeno_painter_set_surface    (XenoPainter          *self,
                                          XenoSurface          *surface);
void         xeno_painter_damage         (XenoPainter          *self,
                                          const cairo_region_t *region);
void         xeno_painter_snapshot       (XenoPainter          *self,
                                          GtkSnapshot          *snapshot,
                                          const XenoTransform  *transform);

G_END_DECLS
