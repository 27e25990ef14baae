/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A window of consoles: one, or several as tabs. */
#pragma once

#include <adwaita.h>

#include "app/xeno-console-session.h"
#include "app/xeno-console-view.h"

G_BEGIN_DECLS

#define XENO_TYPE_CONSOLE_WINDOW (xeno_console_window_get_type ())

G_DECLARE_FINAL_TYPE (XenoConsoleWindow, xeno_console_window, XENO, CONSOLE_WINDOW,
                      AdwApplicationWindow)

GtkWidget       *xeno_console_window_new         (GtkApplication     *application,
                                                  XenoConsoleSession *session);
void             xeno_console_window_add_session (XenoConsoleWindow  *self,
                                                  XenoConsoleSession *session);
gboolean         xeno_console_window_select      (XenoConsoleWindow  *self,
                                                  const char         *id);
XenoConsoleView *xeno_console_window_get_view    (XenoConsoleWindow  *self);
void             xeno_console_window_add_keys    (XenoConsoleWindow  *self,
                                                  const char         *keys,
                                                  const char         *action,
                                                  GVariant           *target);
XenoMachine     *xeno_console_window_get_machine (XenoConsoleWindow  *self);

G_END_DECLS
