/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Turns a guest's surface into render nodes, and repaints only what changed. */
#include "config.h"

#include "console/xeno-painter.h"
#include "console/xeno-painter-cairo.h"
#include "console/xeno-painter-gl.h"

G_DEFINE_ABSTRACT_TYPE (XenoPainter, xeno_painter, G_TYPE_OBJECT)

static void
xeno_painter_class_init (XenoPainterClass *klass)
{
}

static void
xeno_painter_init (XenoPainter *self)
{
}

/**
 * xeno_painter_new_for_native:
 * @native: the realized window the guest is shown in
 *
 * Chooses the painter that costs least with the window's renderer.
 *
 * Returns: (transfer full): a painter without a surface
 */
XenoPainter *
xeno_painter_new_for_native (GtkNative *native)
{
  GskRenderer *renderer;
  XenoPainter *painter = NULL;

  g_return_val_if_fail (GTK_IS_NATIVE (native), NULL);

  renderer = gtk_native_get_renderer (native);
  if (xeno_painter_gl_suits (renderer))
    painter = xeno_painter_gl_new (gtk_native_get_surface (native));
  if (painter == NULL)
    painter = xeno_painter_cairo_new (gtk_widget_get_display (GTK_WIDGET (native)), renderer);
  return painter;
}

/**
 * xeno_painter_set_surface:
 * @self: a painter
 * @surface: (nullable): what to paint from now on
 */
void
xeno_painter_set_surface (XenoPainter *self,
                          XenoSurface *surface)
{
  g_return_if_fail (XENO_IS_PAINTER (self));

  XENO_PAINTER_GET_CLASS (self)->set_surface (self, surface);
}

/**
 * xeno_painter_damage:
 * @self: a painter
 * @region: guest pixels that changed since the last snapshot
 */
void
xeno_painter_damage (XenoPainter          *self,
                     const cairo_region_t *region)
{
  g_return_if_fail (XENO_IS_PAINTER (self));
  g_return_if_fail (region != NULL);

  XENO_PAINTER_GET_CLASS (self)->damage (self, region);
}

/**
 * xeno_painter_snapshot:
 * @self: a painter
 * @snapshot: where to append
 * @transform: where the picture stands
 *
 * Appends the guest's picture.
 */
void
xeno_painter_snapshot (XenoPainter         *self,
                       GtkSnapshot         *snapshot,
                       const XenoTransform *transform)
{
  g_return_if_fail (XENO_IS_PAINTER (self));
  g_return_if_fail (GTK_IS_SNAPSHOT (snapshot));
  g_return_if_fail (transform != NULL);

  XENO_PAINTER_GET_CLASS (self)->snapshot (self, snapshot, transform);
}
