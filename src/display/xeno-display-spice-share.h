/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A shared folder by SPICE: bytes between the guest and the process that serves it. */
#pragma once

#include <spice-client.h>

#include "display/xeno-display-server.h"

G_BEGIN_DECLS

#define XENO_TYPE_DISPLAY_SPICE_SHARE (xeno_display_spice_share_get_type ())

G_DECLARE_FINAL_TYPE (XenoDisplaySpiceShare, xeno_display_spice_share, XENO, DISPLAY_SPICE_SHARE, GObject)

XenoDisplaySpiceShare *xeno_display_spice_share_new         (XenoDisplayServer     *server,
                                                             SpiceChannel          *channel);
gboolean               xeno_display_spice_share_is_channel  (XenoDisplaySpiceShare *self,
                                                             SpiceChannel          *channel);
void                   xeno_display_spice_share_set         (XenoDisplaySpiceShare *self,
                                                             gboolean               is_shared);

G_END_DECLS
