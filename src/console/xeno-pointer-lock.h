/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Holds the host's pointer in place and tells how the mouse moves, beyond every edge. */
#pragma once

#include <gdk/gdk.h>

G_BEGIN_DECLS

#define XENO_TYPE_POINTER_LOCK (xeno_pointer_lock_get_type ())

G_DECLARE_DERIVABLE_TYPE (XenoPointerLock, xeno_pointer_lock, XENO, POINTER_LOCK, GObject)

/* Signals:
 *  "moved" (double dx, double dy)  how far the mouse went, in its own counts, before acceleration
 *
 * The lock ends with its last reference. */
struct _XenoPointerLockClass
{
  GObjectClass parent_class;
};

void             xeno_pointer_lock_prepare (GdkDisplay         *display);
XenoPointerLock *xeno_pointer_lock_new     (GdkSurface         *surface,
                                            GdkDevice          *pointer,
                                            const GdkRectangle *area);

/* For implementations. */
void             xeno_pointer_lock_moved   (XenoPointerLock    *self,
                                            double              dx,
                                            double              dy);

G_END_DECLS
