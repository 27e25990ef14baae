/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A guest's sound by SPICE: what it plays goes into a pipe, what it records comes out of one. */
#pragma once

#include <spice-client.h>

#include "display/xeno-display-server.h"

G_BEGIN_DECLS

#define XENO_TYPE_DISPLAY_SPICE_SOUND (xeno_display_spice_sound_get_type ())

G_DECLARE_FINAL_TYPE (XenoDisplaySpiceSound, xeno_display_spice_sound, XENO, DISPLAY_SPICE_SOUND, GObject)

XenoDisplaySpiceSound *xeno_display_spice_sound_new          (XenoDisplayServer     *server);
void                   xeno_display_spice_sound_set_playback (XenoDisplaySpiceSound *self,
                                                              SpiceChannel          *channel);
void                   xeno_display_spice_sound_set_record   (XenoDisplaySpiceSound *self,
                                                              SpiceChannel          *channel);
void                   xeno_display_spice_sound_set          (XenoDisplaySpiceSound *self,
                                                              double                 volume,
                                                              gboolean               listens);

G_END_DECLS
