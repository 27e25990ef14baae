/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the guest shows: its frame, the monitors on it, the pointer, and what changes. */
#include "config.h"

#include "console/xeno-console-backend-private.h"

/**
 * xeno_console_backend_get_surface:
 * @self: a backend
 *
 * Returns: (nullable) (transfer none): the newest frame
 */
XenoSurface *
xeno_console_backend_get_surface (XenoConsoleBackend *self)
{
  g_return_val_if_fail (XENO_IS_CONSOLE_BACKEND (self), NULL);

  return xeno_console_backend_get_private (self)->surface;
}

/**
 * xeno_console_backend_get_heads:
 * @self: a backend
 * @n_heads: (out): how many there are
 *
 * Gets what the guest's monitors show of the surface. Some of it may lie outside: the two do not
 * change at the same moment.
 *
 * Returns: (transfer none) (array length=n_heads): the monitors; none where one shows all there is
 */
const XenoDisplayHead *
xeno_console_backend_get_heads (XenoConsoleBackend *self,
                                guint              *n_heads)
{
  g_return_val_if_fail (XENO_IS_CONSOLE_BACKEND (self), NULL);
  g_return_val_if_fail (n_heads != NULL, NULL);

  *n_heads = xeno_console_backend_get_private (self)->n_heads;
  return xeno_console_backend_get_private (self)->heads;
}

/**
 * xeno_console_backend_get_outputs:
 * @self: a backend
 *
 * Returns: how many monitors the guest could have; 0: nobody knows
 */
guint
xeno_console_backend_get_outputs (XenoConsoleBackend *self)
{
  g_return_val_if_fail (XENO_IS_CONSOLE_BACKEND (self), 0);

  return xeno_console_backend_get_private (self)->outputs;
}

/**
 * xeno_console_backend_get_cursor:
 * @self: a backend
 *
 * Gets the pointer's shape; without pixels it is hidden.
 *
 * Returns: (nullable) (transfer none): the shape, or %NULL where the guest has set none
 */
const XenoCursorShape *
xeno_console_backend_get_cursor (XenoConsoleBackend *self)
{
  XenoConsoleBackendPrivate *priv;

  g_return_val_if_fail (XENO_IS_CONSOLE_BACKEND (self), NULL);

  priv = xeno_console_backend_get_private (self);
  return priv->has_cursor ? &priv->cursor : NULL;
}

/**
 * xeno_console_backend_get_cursor_place:
 * @self: a backend
 * @x: (out): the guest pixel it points at
 * @y: (out): the guest pixel it points at
 *
 * Finds a relative pointer, which whoever shows the frame draws over it in the shape there is.
 *
 * Returns: whether the guest has said where it is
 */
gboolean
xeno_console_backend_get_cursor_place (XenoConsoleBackend *self,
                                       int                *x,
                                       int                *y)
{
  XenoConsoleBackendPrivate *priv;

  g_return_val_if_fail (XENO_IS_CONSOLE_BACKEND (self), FALSE);
  g_return_val_if_fail (x != NULL && y != NULL, FALSE);

  priv = xeno_console_backend_get_private (self);
  *x = priv->cursor_x;
  *y = priv->cursor_y;
  return priv->has_cursor_place && !priv->has_absolute_pointer;
}

/**
 * xeno_console_backend_frame_done:
 * @self: a backend
 *
 * Says that what was damaged has been painted, so that more may come.
 */
void
xeno_console_backend_frame_done (XenoConsoleBackend *self)
{
  g_return_if_fail (XENO_IS_CONSOLE_BACKEND (self));

  XENO_CONSOLE_BACKEND_GET_CLASS (self)->frame_done (self);
}

/**
 * xeno_console_backend_set_surface:
 * @self: a backend
 * @surface: (nullable) (transfer none): the frame, filled
 *
 * For implementations.
 */
void
xeno_console_backend_set_surface (XenoConsoleBackend *self,
                                  XenoSurface        *surface)
{
  XenoConsoleBackendPrivate *priv;
  g_autoptr (XenoSurface) old = NULL;

  g_return_if_fail (XENO_IS_CONSOLE_BACKEND (self));

  priv = xeno_console_backend_get_private (self);
  if (priv->surface == surface)
    return;

  old = g_steal_pointer (&priv->surface);
  priv->surface = surface != NULL ? xeno_surface_ref (surface) : NULL;
  g_signal_emit (self, xeno_console_backend_signals[XENO_BACKEND_SURFACE_CHANGED], 0);
}

/**
 * xeno_console_backend_set_heads:
 * @self: a backend
 * @heads: (array length=n_heads): what each of the guest's monitors shows, the first one first
 * @n_heads: how many there are, %XENO_DISPLAY_MAX_HEADS at most
 * @outputs: how many there could be
 *
 * For implementations.
 */
void
xeno_console_backend_set_heads (XenoConsoleBackend    *self,
                                const XenoDisplayHead *heads,
                                guint                  n_heads,
                                guint                  outputs)
{
  XenoConsoleBackendPrivate *priv;

  g_return_if_fail (XENO_IS_CONSOLE_BACKEND (self));
  g_return_if_fail (n_heads <= XENO_DISPLAY_MAX_HEADS);

  priv = xeno_console_backend_get_private (self);
  outputs = MAX (outputs, n_heads);
  if (priv->n_heads == n_heads && priv->outputs == outputs &&
      (n_heads == 0 || memcmp (priv->heads, heads, n_heads * sizeof *heads) == 0))
    return;

  if (n_heads > 0)
    memcpy (priv->heads, heads, n_heads * sizeof *heads);
  priv->n_heads = n_heads;
  priv->outputs = outputs;
  g_signal_emit (self, xeno_console_backend_signals[XENO_BACKEND_HEADS_CHANGED], 0);
}

/**
 * xeno_console_backend_set_cursor:
 * @self: a backend
 * @shape: (nullable) (transfer none): the shape
 *
 * For implementations. The shape must have been checked: no side above %XENO_DISPLAY_MAX_CURSOR_SIDE,
 * the hot spot inside, and all of its pixels there.
 */
void
xeno_console_backend_set_cursor (XenoConsoleBackend    *self,
                                 const XenoCursorShape *shape)
{
  XenoConsoleBackendPrivate *priv;

  g_return_if_fail (XENO_IS_CONSOLE_BACKEND (self));
  g_return_if_fail (shape == NULL || shape->rgba == NULL ||
                    (shape->width <= XENO_DISPLAY_MAX_CURSOR_SIDE &&
                     shape->height <= XENO_DISPLAY_MAX_CURSOR_SIDE &&
                     g_bytes_get_size (shape->rgba) == 4 * (gsize) shape->width * shape->height));

  priv = xeno_console_backend_get_private (self);
  if (shape == NULL)
    priv->has_cursor_place = FALSE;
  if (shape == NULL && !priv->has_cursor)
    return;

  g_clear_pointer (&priv->cursor.rgba, g_bytes_unref);
  priv->cursor = shape != NULL ? *shape : (XenoCursorShape) { 0 };
  if (priv->cursor.rgba != NULL)
    g_bytes_ref (priv->cursor.rgba);
  priv->has_cursor = shape != NULL;
  g_signal_emit (self, xeno_console_backend_signals[XENO_BACKEND_CURSOR_CHANGED], 0);
}

/**
 * xeno_console_backend_move_cursor:
 * @self: a backend
 * @x: the guest pixel it points at, or one outside of the frame
 * @y: the guest pixel it points at, or one outside of the frame
 *
 * For implementations: says where a relative pointer is. It is forgotten with the shape.
 */
void
xeno_console_backend_move_cursor (XenoConsoleBackend *self,
                                  int                 x,
                                  int                 y)
{
  XenoConsoleBackendPrivate *priv;

  g_return_if_fail (XENO_IS_CONSOLE_BACKEND (self));

  priv = xeno_console_backend_get_private (self);
  priv->has_cursor_place = TRUE;
  priv->cursor_x = CLAMP (x, -XENO_DISPLAY_MAX_SIDE, XENO_DISPLAY_MAX_SIDE);
  priv->cursor_y = CLAMP (y, -XENO_DISPLAY_MAX_SIDE, XENO_DISPLAY_MAX_SIDE);
  g_signal_emit (self, xeno_console_backend_signals[XENO_BACKEND_CURSOR_MOVED], 0);
}

/**
 * xeno_console_backend_damage:
 * @self: a backend
 * @x: the left edge
 * @y: the upper edge
 * @width: in pixels
 * @height: in pixels
 *
 * For implementations: says which pixels of the surface changed. What lies outside it is cut off.
 * When all rectangles of an update have been named, xeno_console_backend_end_update() follows.
 */
void
xeno_console_backend_damage (XenoConsoleBackend *self,
                             int                 x,
                             int                 y,
                             int                 width,
                             int                 height)
{
  XenoSurface *surface;
  gint64 right, bottom;

  g_return_if_fail (XENO_IS_CONSOLE_BACKEND (self));

  surface = xeno_console_backend_get_private (self)->surface;
  if (surface == NULL)
    return;

  right = MIN ((gint64) x + width, xeno_surface_get_width (surface));
  bottom = MIN ((gint64) y + height, xeno_surface_get_height (surface));
  x = MAX (x, 0);
  y = MAX (y, 0);
  if (x < right && y < bottom)
    g_signal_emit (self, xeno_console_backend_signals[XENO_BACKEND_DAMAGE], 0,
                   x, y, (int) (right - x), (int) (bottom - y));
}

/**
 * xeno_console_backend_end_update:
 * @self: a backend
 *
 * For implementations: has what was damaged shown.
 */
void
xeno_console_backend_end_update (XenoConsoleBackend *self)
{
  g_return_if_fail (XENO_IS_CONSOLE_BACKEND (self));

  g_signal_emit (self, xeno_console_backend_signals[XENO_BACKEND_UPDATED], 0);
}
