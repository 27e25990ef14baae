/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The frame that all screens of a guest share, side by side. */
#pragma once

#include "display/xeno-display-server.h"

G_BEGIN_DECLS

#define XENO_TYPE_DISPLAY_WALL (xeno_display_wall_get_type ())

G_DECLARE_FINAL_TYPE (XenoDisplayWall, xeno_display_wall, XENO, DISPLAY_WALL, GObject)

/* A screen's place on the frame. */
typedef struct
{
  guint id;
  guint x;
  guint y;
  guint width;
  guint height;
} XenoDisplayScreen;

XenoDisplayWall         *xeno_display_wall_new         (XenoDisplayServer     *server);
gboolean                 xeno_display_wall_set_screen  (XenoDisplayWall       *self,
                                                        guint                  id,
                                                        guint                  width,
                                                        guint                  height);
void                     xeno_display_wall_show        (XenoDisplayWall       *self);
void                     xeno_display_wall_drop_screen (XenoDisplayWall       *self,
                                                        guint                  id);
void                     xeno_display_wall_set_heads   (XenoDisplayWall       *self,
                                                        guint                  id,
                                                        const XenoDisplayHead *heads,
                                                        guint                  n_heads);
void                     xeno_display_wall_set_outputs (XenoDisplayWall       *self,
                                                        guint                  outputs);
const XenoDisplayScreen *xeno_display_wall_get_screen  (XenoDisplayWall       *self,
                                                        guint                  id);
const XenoDisplayScreen *xeno_display_wall_find_screen (XenoDisplayWall       *self,
                                                        guint                  x,
                                                        guint                  y);
XenoDisplayHead          xeno_display_wall_find_head   (XenoDisplayWall       *self,
                                                        guint                  x,
                                                        guint                  y);
XenoFrameBuffer         *xeno_display_wall_get_frame   (XenoDisplayWall       *self);
void                     xeno_display_wall_damage      (XenoDisplayWall       *self,
                                                        guint                  id,
                                                        int                    x,
                                                        int                    y,
                                                        int                    width,
                                                        int                    height);

G_END_DECLS
