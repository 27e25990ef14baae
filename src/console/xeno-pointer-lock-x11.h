/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A pointer lock on X11: a grab, and the raw motion of the devices. */
#pragma once

#include "console/xeno-pointer-lock.h"

#ifdef XENO_WITH_X11
#include <gdk/x11/gdkx.h>
#endif

G_BEGIN_DECLS

#define XENO_TYPE_POINTER_LOCK_X11 (xeno_pointer_lock_x11_get_type ())

G_DECLARE_FINAL_TYPE (XenoPointerLockX11, xeno_pointer_lock_x11, XENO, POINTER_LOCK_X11, XenoPointerLock)

XenoPointerLock *xeno_pointer_lock_x11_new (GdkSurface         *surface,
                                            GdkDevice          *pointer,
                                            const GdkRectangle *area);

G_END_DECLS
