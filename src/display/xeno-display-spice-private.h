/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the parts of a SPICE viewer share. */
#pragma once

#include <spice-client.h>

#include "display/xeno-display-server.h"
#include "display/xeno-display-spice-agent.h"
#include "display/xeno-display-spice-inputs.h"
#include "display/xeno-display-spice-pointer.h"
#include "display/xeno-display-spice-port.h"
#include "display/xeno-display-spice-screen.h"
#include "display/xeno-display-spice-sound.h"
#include "display/xeno-display-spice-usb.h"
#include "display/xeno-display-spice.h"

G_BEGIN_DECLS

struct _XenoDisplaySpice
{
  XenoDisplaySource       parent_instance;
  XenoDisplayServer      *server;
  GCancellable           *cancellable;
  SpiceSession           *session;
  SpiceChannel           *main;
  XenoDisplayWall        *wall;
  GPtrArray              *screens; /* of XenoDisplaySpiceScreen, one for each card */
  XenoDisplaySpicePointer *pointer;
  XenoDisplaySpiceInputs *inputs;
  XenoDisplaySpiceAgent  *agent;
  XenoDisplaySpiceSound  *sound; /* while there is a channel of it */
  XenoDisplaySpicePort   *ports[XENO_DISPLAY_N_PORTS]; /* the same */
  XenoDisplaySpiceUsb    *usb;
  double                  volume;
  gboolean                listens;
  gboolean                is_port_served[XENO_DISPLAY_N_PORTS];
  gboolean                is_absolute;
  gboolean                is_remote;
  gboolean                is_waiting; /* for a person who says who they are */
  gboolean                has_credentials;
  SpiceSession           *refused_session;
  GSourceOnceFunc         stopped;
  gpointer                stopped_data;
  guint                   stop_id; /* while a port has something to say */
};

/* xeno-display-spice-session.c */
void xeno_display_spice_open_session (XenoDisplaySpice *self,
                                      const char       *username,
                                      const char       *password);

G_END_DECLS
