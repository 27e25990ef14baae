/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The window of one machine's console: its screen, its text console, and what keeps them away. */
#pragma once

#include <adwaita.h>

#include "app/xeno-console-session.h"
#include "virt/xeno-machine.h"

G_BEGIN_DECLS

#define XENO_TYPE_CONSOLE_WINDOW (xeno_console_window_get_type ())

G_DECLARE_FINAL_TYPE (XenoConsoleWindow, xeno_console_window, XENO, CONSOLE_WINDOW,
                      AdwApplicationWindow)

GtkWidget   *xeno_console_window_new           (GtkApplication      *application,
                                                XenoMachine         *machine);
GtkWidget   *xeno_console_window_new_with_open (GtkApplication      *application,
                                                XenoMachine         *machine,
                                                XenoConsoleOpenFunc  open);
XenoMachine *xeno_console_window_get_machine   (XenoConsoleWindow   *self);

G_END_DECLS
