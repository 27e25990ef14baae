/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* From fingers on a screen to the mouse of a guest that knows no fingers. */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

#define XENO_TYPE_TOUCH (xeno_touch_get_type ())

G_DECLARE_FINAL_TYPE (XenoTouch, xeno_touch, XENO, TOUCH, GObject)

/* Signals:
 *  "moved"    (double x, double y)            the pointer is here now
 *  "button"   (guint button, gboolean is_down) as GDK counts: 1 left, 3 right
 *  "scrolled" (double dx, double dy)          as far as the fingers went, the other way round
 *  "rested"   ()                              the fingers that scrolled were lifted */
XenoTouch *xeno_touch_new    (void);
void       xeno_touch_begin  (XenoTouch     *self,
                              gconstpointer  finger,
                              double         x,
                              double         y);
void       xeno_touch_update (XenoTouch     *self,
                              gconstpointer  finger,
                              double         x,
                              double         y);
void       xeno_touch_end    (XenoTouch     *self,
                              gconstpointer  finger);
void       xeno_touch_cancel (XenoTouch     *self);

G_END_DECLS
