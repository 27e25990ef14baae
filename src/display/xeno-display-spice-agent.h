/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the SPICE agent in a guest does: clipboard, size of the screen, files. */
#pragma once

#include <spice-client.h>

#include "display/xeno-display-server.h"

G_BEGIN_DECLS

#define XENO_TYPE_DISPLAY_SPICE_AGENT (xeno_display_spice_agent_get_type ())

G_DECLARE_FINAL_TYPE (XenoDisplaySpiceAgent, xeno_display_spice_agent, XENO, DISPLAY_SPICE_AGENT, GObject)

XenoDisplaySpiceAgent *xeno_display_spice_agent_new       (XenoDisplayServer     *server,
                                                           SpiceMainChannel      *main);
void                   xeno_display_spice_agent_arrange   (XenoDisplaySpiceAgent *self,
                                                           const XenoDisplayMonitor *monitors,
                                                           guint                  n_monitors);
void                   xeno_display_spice_agent_grab      (XenoDisplaySpiceAgent *self,
                                                           guint                  forms);
void                   xeno_display_spice_agent_request   (XenoDisplaySpiceAgent *self,
                                                           guint                  form,
                                                           GTask                 *task);
void                   xeno_display_spice_agent_send_file (XenoDisplaySpiceAgent *self,
                                                           int                    fd,
                                                           const char            *name,
                                                           guint64                size,
                                                           GTask                 *task);

G_END_DECLS
