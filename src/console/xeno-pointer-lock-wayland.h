/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A pointer lock on Wayland: the compositor's pointer constraints and relative motion. */
#pragma once

#include "console/xeno-pointer-lock.h"

#ifdef XENO_WITH_WAYLAND
#include <gdk/wayland/gdkwayland.h>
#endif

G_BEGIN_DECLS

#define XENO_TYPE_POINTER_LOCK_WAYLAND (xeno_pointer_lock_wayland_get_type ())

G_DECLARE_FINAL_TYPE (XenoPointerLockWayland, xeno_pointer_lock_wayland, XENO, POINTER_LOCK_WAYLAND,
                      XenoPointerLock)

void             xeno_pointer_lock_wayland_prepare (GdkDisplay *display);
XenoPointerLock *xeno_pointer_lock_wayland_new     (GdkSurface *surface,
                                                    GdkDevice  *pointer);

G_END_DECLS
