/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One graphics device of a machine, as a place to get sockets from. */
#pragma once

#include "console/xeno-console-backend.h"
#include "virt/xeno-machine.h"

G_BEGIN_DECLS

#define XENO_TYPE_GRAPHICS_SOCKET (xeno_graphics_socket_get_type ())

G_DECLARE_FINAL_TYPE (XenoGraphicsSocket, xeno_graphics_socket, XENO, GRAPHICS_SOCKET, GObject)

XenoConsoleBackend *xeno_graphics_socket_open (XenoMachine *machine,
                                               const char  *type,
                                               guint        index);

G_END_DECLS
