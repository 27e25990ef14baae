/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A frame's memory, kept as long as somebody looks at it. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* A frame's memory: x8r8g8b8 in native byte order, the unused byte holds anything. It is a live
 * mapping that the decoder writes; it stays valid (the last picture) until unreferenced. */
typedef struct _XenoSurface XenoSurface;

XenoSurface  *xeno_surface_new        (guint           width,
                                       guint           height,
                                       gsize           stride,
                                       guchar         *pixels,
                                       GDestroyNotify  free_func,
                                       gpointer        free_data);
XenoSurface  *xeno_surface_new_part   (XenoSurface    *whole,
                                       guint           x,
                                       guint           y,
                                       guint           width,
                                       guint           height);
XenoSurface  *xeno_surface_ref        (XenoSurface    *self);
void          xeno_surface_unref      (XenoSurface    *self);
guint         xeno_surface_get_width  (XenoSurface    *self);
guint         xeno_surface_get_height (XenoSurface    *self);
gsize         xeno_surface_get_stride (XenoSurface    *self);
const guchar *xeno_surface_get_pixels (XenoSurface    *self);
XenoSurface  *xeno_surface_get_whole  (XenoSurface    *self);
void          xeno_surface_get_origin (XenoSurface    *self,
                                       guint          *x,
                                       guint          *y);
void          xeno_surface_take_fd    (XenoSurface    *self,
                                       int             fd);
int           xeno_surface_get_fd     (XenoSurface    *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (XenoSurface, xeno_surface_unref)

G_END_DECLS
