/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A small picture of a machine's screen. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define XENO_TYPE_THUMBNAIL (xeno_thumbnail_get_type ())

G_DECLARE_FINAL_TYPE (XenoThumbnail, xeno_thumbnail, XENO, THUMBNAIL, GtkWidget)

GtkWidget  *xeno_thumbnail_new         (gboolean       is_large);
GdkTexture *xeno_thumbnail_get_texture (XenoThumbnail *self);
void        xeno_thumbnail_set_texture (XenoThumbnail *self,
                                        GdkTexture    *texture);
gboolean    xeno_thumbnail_is_dimmed   (XenoThumbnail *self);
void        xeno_thumbnail_set_dimmed  (XenoThumbnail *self,
                                        gboolean       is_dimmed);

G_END_DECLS
