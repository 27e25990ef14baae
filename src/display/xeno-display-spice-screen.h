/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a SPICE server shows: a surface, what its monitors show of that, and a pointer's shape. */
#pragma once

#include <spice-client.h>

#include "display/xeno-display-server.h"

G_BEGIN_DECLS

#define XENO_TYPE_DISPLAY_SPICE_SCREEN (xeno_display_spice_screen_get_type ())

G_DECLARE_FINAL_TYPE (XenoDisplaySpiceScreen, xeno_display_spice_screen, XENO, DISPLAY_SPICE_SCREEN, GObject)

XenoDisplaySpiceScreen *xeno_display_spice_screen_new         (XenoDisplayServer      *server);
void                    xeno_display_spice_screen_set_display (XenoDisplaySpiceScreen *self,
                                                               SpiceChannel           *channel);
void                    xeno_display_spice_screen_set_cursor  (XenoDisplaySpiceScreen *self,
                                                               SpiceChannel           *channel);
gboolean                xeno_display_spice_screen_is_display  (XenoDisplaySpiceScreen *self,
                                                               SpiceChannel           *channel);
XenoDisplayHead         xeno_display_spice_screen_find_head   (XenoDisplaySpiceScreen *self,
                                                               guint                   x,
                                                               guint                   y);
void                    xeno_display_spice_screen_paint       (XenoDisplaySpiceScreen *self,
                                                               XenoFrameBuffer        *frame,
                                                               const XenoRectangle    *rectangle);

G_END_DECLS
