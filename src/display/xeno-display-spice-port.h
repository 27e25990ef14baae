/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A port by SPICE: bytes between the guest and the process that serves it. */
#pragma once

#include <spice-client.h>

#include "display/xeno-display-server.h"

G_BEGIN_DECLS

#define XENO_TYPE_DISPLAY_SPICE_PORT (xeno_display_spice_port_get_type ())

/* Signals: "ended", when what served it does not any more. */
G_DECLARE_FINAL_TYPE (XenoDisplaySpicePort, xeno_display_spice_port, XENO, DISPLAY_SPICE_PORT, GObject)

XenoDisplaySpicePort *xeno_display_spice_port_new         (XenoDisplayServer    *server,
                                                           XenoDisplayPort       port,
                                                           SpiceChannel         *channel);
gboolean              xeno_display_spice_port_is_channel  (XenoDisplaySpicePort *self,
                                                           SpiceChannel         *channel);
gboolean              xeno_display_spice_port_is_busy     (XenoDisplaySpicePort *self);
void                  xeno_display_spice_port_set         (XenoDisplaySpicePort *self,
                                                           gboolean              is_served);

G_END_DECLS
