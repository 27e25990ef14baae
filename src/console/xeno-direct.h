/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Shows what changed past GTK, where the X server can read the guest's frame by itself. */
#pragma once

#include "console/xeno-surface.h"
#include "console/xeno-transform.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

typedef struct _XenoDirect XenoDirect;

XenoDirect *xeno_direct_new         (GtkWidget            *widget);
void        xeno_direct_free        (XenoDirect           *self);
void        xeno_direct_set_surface (XenoDirect           *self,
                                     XenoSurface          *surface);
void        xeno_direct_follow      (XenoDirect           *self,
                                     const XenoTransform  *transform);
gboolean    xeno_direct_show        (XenoDirect           *self,
                                     const cairo_region_t *damage);
guint       xeno_direct_get_shown   (XenoDirect           *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (XenoDirect, xeno_direct_free)

G_END_DECLS
