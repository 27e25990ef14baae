/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A frame's memory, kept as long as somebody looks at it. */
#include "config.h"

#include "console/xeno-surface.h"
#include "display/xeno-display-protocol.h"

struct _XenoSurface
{
  gatomicrefcount  ref_count;
  guint            width;
  guint            height;
  gsize            stride;
  guchar          *pixels;
  GDestroyNotify   free_func;
  gpointer         free_data;
};

/**
 * xeno_surface_new:
 * @width: in pixels
 * @height: in pixels
 * @stride: bytes from one row to the next, at least 4 * @width
 * @pixels: @stride * @height bytes of x8r8g8b8 in native byte order
 * @free_func: (nullable): called with @free_data when nobody uses @pixels any more
 * @free_data: for @free_func
 *
 * Wraps the memory of a frame.
 *
 * Returns: (transfer full): the surface
 */
XenoSurface *
xeno_surface_new (guint           width,
                  guint           height,
                  gsize           stride,
                  guchar         *pixels,
                  GDestroyNotify  free_func,
                  gpointer        free_data)
{
  XenoSurface *self;

  g_return_val_if_fail (width > 0 && width <= XENO_DISPLAY_MAX_SIDE, NULL);
  g_return_val_if_fail (height > 0 && height <= XENO_DISPLAY_MAX_SIDE, NULL);
  g_return_val_if_fail (stride >= 4 * (gsize) width, NULL);
  g_return_val_if_fail (pixels != NULL, NULL);

  self = g_new0 (XenoSurface, 1);
  g_atomic_ref_count_init (&self->ref_count);
  self->width = width;
  self->height = height;
  self->stride = stride;
  self->pixels = pixels;
  self->free_func = free_func;
  self->free_data = free_data;
  return self;
}

/**
 * xeno_surface_ref:
 * @self: a surface
 *
 * Keeps the frame's memory; any thread may.
 *
 * Returns: (transfer full): @self
 */
XenoSurface *
xeno_surface_ref (XenoSurface *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

/**
 * xeno_surface_unref:
 * @self: (transfer full): a surface
 *
 * Gives up the frame's memory; the last one frees it.
 */
void
xeno_surface_unref (XenoSurface *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  if (self->free_func != NULL)
    self->free_func (self->free_data);
  g_free (self);
}

/**
 * xeno_surface_get_width:
 * @self: a surface
 *
 * Returns: pixels in a row
 */
guint
xeno_surface_get_width (XenoSurface *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->width;
}

/**
 * xeno_surface_get_height:
 * @self: a surface
 *
 * Returns: how many rows there are
 */
guint
xeno_surface_get_height (XenoSurface *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->height;
}

/**
 * xeno_surface_get_stride:
 * @self: a surface
 *
 * Returns: bytes from one row to the next
 */
gsize
xeno_surface_get_stride (XenoSurface *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->stride;
}

/**
 * xeno_surface_get_pixels:
 * @self: a surface
 *
 * Gets the live memory of the frame: it changes under the reader as the guest paints, and its
 * unused byte is anything.
 *
 * Returns: (transfer none): the first row
 */
const guchar *
xeno_surface_get_pixels (XenoSurface *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->pixels;
}
