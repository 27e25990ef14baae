/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The main window: the machines at the side, the chosen one beside them. */
#pragma once

#include "app/xeno-application.h"

G_BEGIN_DECLS

#define XENO_TYPE_WINDOW (xeno_window_get_type ())

G_DECLARE_FINAL_TYPE (XenoWindow, xeno_window, XENO, WINDOW, AdwApplicationWindow)

XenoWindow *xeno_window_new             (XenoApplication *application);
void        xeno_window_show_machine    (XenoWindow      *self,
                                         XenoMachine     *machine);
void        xeno_window_show_hardware   (XenoWindow      *self,
                                         XenoMachine     *machine);
void        xeno_window_show_connection (XenoWindow      *self,
                                         XenoConnection  *connection);
void        xeno_window_search          (XenoWindow      *self,
                                         const char      *text);

G_END_DECLS
