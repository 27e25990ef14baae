/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A machine's text console: a terminal over the socket of its serial port. */
#pragma once

#include "console/xeno-terminal.h"

G_BEGIN_DECLS

#define XENO_TYPE_SERIAL_CONSOLE (xeno_serial_console_get_type ())

G_DECLARE_FINAL_TYPE (XenoSerialConsole, xeno_serial_console, XENO, SERIAL_CONSOLE, GtkWidget)

GtkWidget    *xeno_serial_console_new          (void);
void          xeno_serial_console_connect_fd   (XenoSerialConsole *self,
                                                int                fd);
void          xeno_serial_console_disconnect   (XenoSerialConsole *self);
gboolean      xeno_serial_console_is_connected (XenoSerialConsole *self);
XenoTerminal *xeno_serial_console_get_terminal (XenoSerialConsole *self);

G_END_DECLS
