/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A guest's frame in a graphics processor's memory. */
#pragma once

#include "display/xeno-display-wall.h"

G_BEGIN_DECLS

#define XENO_TYPE_DISPLAY_TEXTURE (xeno_display_texture_get_type ())

G_DECLARE_FINAL_TYPE (XenoDisplayTexture, xeno_display_texture, XENO, DISPLAY_TEXTURE, GObject)

XenoDisplayTexture *xeno_display_texture_new           (XenoDisplayServer       *server,
                                                        XenoDisplayWall         *wall,
                                                        guint                    id,
                                                        int                      fd,
                                                        const XenoTextureShape  *shape,
                                                        gboolean                 y0_top);
void                xeno_display_texture_open_async    (XenoDisplayTexture      *self,
                                                        GAsyncReadyCallback      callback,
                                                        gpointer                 user_data);
gboolean            xeno_display_texture_open_finish   (XenoDisplayTexture      *self,
                                                        GAsyncResult            *result,
                                                        GError                 **error);
void                xeno_display_texture_update_async  (XenoDisplayTexture      *self,
                                                        const XenoRectangle     *rectangle,
                                                        GAsyncReadyCallback      callback,
                                                        gpointer                 user_data);
gboolean            xeno_display_texture_update_finish (XenoDisplayTexture      *self,
                                                        GAsyncResult            *result,
                                                        GError                 **error);

G_END_DECLS
