/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One console, as a tab shows it: its screen, its text consoles, and what keeps them away. */
#pragma once

#include <gtk/gtk.h>

#include "app/xeno-console-guest.h"
#include "app/xeno-console-session.h"
#include "console/xeno-console.h"

G_BEGIN_DECLS

#define XENO_TYPE_CONSOLE_VIEW (xeno_console_view_get_type ())

G_DECLARE_FINAL_TYPE (XenoConsoleView, xeno_console_view, XENO, CONSOLE_VIEW, GtkWidget)

GtkWidget          *xeno_console_view_new            (XenoConsoleSession *session);
XenoConsoleSession *xeno_console_view_get_session    (XenoConsoleView    *self);
XenoConsole        *xeno_console_view_get_console    (XenoConsoleView    *self);
XenoConsoleGuest   *xeno_console_view_get_guest      (XenoConsoleView    *self);
GActionGroup       *xeno_console_view_get_actions    (XenoConsoleView    *self);
gboolean            xeno_console_view_is_clear       (XenoConsoleView    *self);
gboolean            xeno_console_view_has_text       (XenoConsoleView    *self);
gboolean            xeno_console_view_shows_text     (XenoConsoleView    *self);
const char         *xeno_console_view_get_shown      (XenoConsoleView    *self);
void                xeno_console_view_set_shown      (XenoConsoleView    *self,
                                                      const char         *shown);
GMenuModel         *xeno_console_view_get_displays   (XenoConsoleView    *self);
guint               xeno_console_view_list_displays  (XenoConsoleView    *self,
                                                      guint               ids[XENO_DISPLAY_MAX_HEADS]);
GMenuModel         *xeno_console_view_get_faces      (XenoConsoleView    *self);
void                xeno_console_view_close          (XenoConsoleView    *self);
GMenuModel         *xeno_console_view_keys_menu_new  (GSettings          *settings);

G_END_DECLS
