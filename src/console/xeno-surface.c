/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A frame's memory, kept as long as somebody looks at it. */
#include "config.h"

#include <glib/gstdio.h>

#include "console/xeno-surface.h"
#include "display/xeno-display-protocol.h"

struct _XenoSurface
{
  gatomicrefcount  ref_count;
  guint            width;
  guint            height;
  gsize            stride;
  guchar          *pixels;
  int              fd;
  XenoSurface     *whole;
  guint            x;
  guint            y;
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
  self->fd = -1;
  self->free_func = free_func;
  self->free_data = free_data;
  return self;
}

/**
 * xeno_surface_new_part:
 * @whole: a surface
 * @x: the left edge in it
 * @y: the upper edge in it
 * @width: in pixels; the part lies inside of @whole
 * @height: in pixels
 *
 * Returns: (transfer full): a surface that shows part of @whole, and keeps it
 */
XenoSurface *
xeno_surface_new_part (XenoSurface *whole,
                       guint        x,
                       guint        y,
                       guint        width,
                       guint        height)
{
  XenoSurface *self;

  g_return_val_if_fail (whole != NULL && whole->whole == NULL, NULL);
  g_return_val_if_fail ((guint64) x + width <= whole->width, NULL);
  g_return_val_if_fail ((guint64) y + height <= whole->height, NULL);

  self = xeno_surface_new (width, height, whole->stride, whole->pixels + y * whole->stride + 4 * (gsize) x,
                           (GDestroyNotify) xeno_surface_unref, xeno_surface_ref (whole));
  self->whole = whole;
  self->x = x;
  self->y = y;
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
  if (self->fd >= 0)
    g_close (self->fd, NULL);
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

/**
 * xeno_surface_get_whole:
 * @self: a surface
 *
 * Returns: (transfer none): what it is a part of, or itself
 */
XenoSurface *
xeno_surface_get_whole (XenoSurface *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->whole != NULL ? self->whole : self;
}

/**
 * xeno_surface_get_origin:
 * @self: a surface
 * @x: (out): its left edge in the whole
 * @y: (out): its upper edge in the whole
 */
void
xeno_surface_get_origin (XenoSurface *self,
                         guint       *x,
                         guint       *y)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (x != NULL && y != NULL);

  *x = self->x;
  *y = self->y;
}

/**
 * xeno_surface_take_fd:
 * @self: a surface
 * @fd: (transfer full): memory that begins with the first row and keeps its size
 *
 * Says where the frame's memory can be mapped from.
 */
void
xeno_surface_take_fd (XenoSurface *self,
                      int          fd)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (self->fd < 0);

  self->fd = fd;
}

/**
 * xeno_surface_get_fd:
 * @self: a surface
 *
 * Returns: (transfer none): what others can map the frame's memory from, or -1
 */
int
xeno_surface_get_fd (XenoSurface *self)
{
  g_return_val_if_fail (self != NULL, -1);

  return self->fd;
}
