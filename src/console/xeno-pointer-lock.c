/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Holds the host's pointer in place and tells how the mouse moves, beyond every edge. */
#include "config.h"

#include "console/xeno-pointer-lock-wayland.h"
#include "console/xeno-pointer-lock-x11.h"

G_DEFINE_ABSTRACT_TYPE (XenoPointerLock, xeno_pointer_lock, G_TYPE_OBJECT)

enum { MOVED, N_SIGNALS };

static guint signals[N_SIGNALS];

static void
xeno_pointer_lock_class_init (XenoPointerLockClass *klass)
{
  signals[MOVED] =
    g_signal_new ("moved", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                  0, NULL, NULL, NULL, G_TYPE_NONE, 2, G_TYPE_DOUBLE, G_TYPE_DOUBLE);
}

static void
xeno_pointer_lock_init (XenoPointerLock *self)
{
}

/**
 * xeno_pointer_lock_prepare:
 * @display: a display
 *
 * Asks the display what it can do, so that the answer is there when a lock is wanted. Cheap, and
 * harmless to repeat.
 */
void
xeno_pointer_lock_prepare (GdkDisplay *display)
{
  g_return_if_fail (GDK_IS_DISPLAY (display));

#ifdef XENO_WITH_WAYLAND
  if (GDK_IS_WAYLAND_DISPLAY (display))
    xeno_pointer_lock_wayland_prepare (display);
#endif
}

/**
 * xeno_pointer_lock_new:
 * @surface: a window's surface, with the pointer over it
 * @pointer: the pointer
 * @area: the part of the surface that gets the buttons
 *
 * Locks the pointer until the result is let go.
 *
 * Returns: (transfer full) (nullable): the lock, or %NULL where the desktop has none
 */
XenoPointerLock *
xeno_pointer_lock_new (GdkSurface         *surface,
                       GdkDevice          *pointer,
                       const GdkRectangle *area)
{
  g_return_val_if_fail (GDK_IS_SURFACE (surface), NULL);
  g_return_val_if_fail (GDK_IS_DEVICE (pointer), NULL);
  g_return_val_if_fail (area != NULL, NULL);

#ifdef XENO_WITH_X11
  if (GDK_IS_X11_SURFACE (surface))
    return xeno_pointer_lock_x11_new (surface, pointer, area);
#endif
#ifdef XENO_WITH_WAYLAND
  if (GDK_IS_WAYLAND_SURFACE (surface))
    return xeno_pointer_lock_wayland_new (surface, pointer);
#endif
  return NULL;
}

void
xeno_pointer_lock_moved (XenoPointerLock *self,
                         double           dx,
                         double           dy)
{
  g_return_if_fail (XENO_IS_POINTER_LOCK (self));

  g_signal_emit (self, signals[MOVED], 0, dx, dy);
}
