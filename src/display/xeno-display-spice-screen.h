/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What one display channel of a SPICE server shows: a surface, and what monitors show of that. */
#pragma once

#include <spice-client.h>

#include "display/xeno-display-wall.h"

G_BEGIN_DECLS

#define XENO_TYPE_DISPLAY_SPICE_SCREEN (xeno_display_spice_screen_get_type ())

G_DECLARE_FINAL_TYPE (XenoDisplaySpiceScreen, xeno_display_spice_screen, XENO, DISPLAY_SPICE_SCREEN, GObject)

XenoDisplaySpiceScreen *xeno_display_spice_screen_new         (XenoDisplayServer      *server,
                                                               XenoDisplayWall        *wall,
                                                               SpiceChannel           *channel);
SpiceChannel           *xeno_display_spice_screen_get_channel (XenoDisplaySpiceScreen *self);
guint                   xeno_display_spice_screen_get_outputs (XenoDisplaySpiceScreen *self);
void                    xeno_display_spice_screen_paint       (XenoDisplaySpiceScreen *self,
                                                               XenoFrameBuffer        *frame,
                                                               const XenoRectangle    *rectangle);

G_END_DECLS
