/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A file on its way into a guest by the SPICE agent. */
#pragma once

#include <spice-client.h>

#include "display/xeno-display-server.h"

G_BEGIN_DECLS

void xeno_display_spice_file_send (SpiceMainChannel  *main,
                                   XenoDisplayServer *server,
                                   int                fd,
                                   const char        *name,
                                   guint64            size,
                                   GTask             *task);

G_END_DECLS
