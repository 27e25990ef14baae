/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a guest plays, on its way into a pipe of the app's. */
#pragma once

#include "display/xeno-display-server.h"

G_BEGIN_DECLS

#define XENO_TYPE_DISPLAY_PLAYER (xeno_display_player_get_type ())

G_DECLARE_FINAL_TYPE (XenoDisplayPlayer, xeno_display_player, XENO, DISPLAY_PLAYER, GObject)

XenoDisplayPlayer *xeno_display_player_new        (XenoDisplayServer *server);
void               xeno_display_player_begin      (XenoDisplayPlayer *self,
                                                   guint              rate,
                                                   guint              channels);
void               xeno_display_player_play       (XenoDisplayPlayer *self,
                                                   gconstpointer      samples,
                                                   gsize              size,
                                                   double             guest_volume);
void               xeno_display_player_end        (XenoDisplayPlayer *self);
void               xeno_display_player_set_volume (XenoDisplayPlayer *self,
                                                   double             volume);
void               xeno_display_player_close      (XenoDisplayPlayer *self);

G_END_DECLS
