/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the parts of a console's view share. */
#pragma once

#include <adwaita.h>

#include "app/xeno-console-view.h"
#include "app/xeno-panic-bar.h"
#include "app/xeno-text-page.h"
#include "console/xeno-console-hint.h"

G_BEGIN_DECLS

struct _XenoConsoleView
{
  GtkWidget           parent_instance;

  XenoConsoleSession *session;
  GSettings          *settings;
  GSimpleActionGroup *actions;
  XenoConsoleGuest   *guest;
  char               *subtitle;
  gboolean            accepts_keys;

  GtkStack           *views;
  XenoConsole        *console;
  GtkWidget          *notice;
  guint               notice_id;
  gboolean            has_notice;
  gboolean            is_notice_due;
  AdwStatusPage      *page;
  GtkButton          *help_button;
  GtkWidget          *log_button;
  XenoConsoleHint    *hint;
  GtkRevealer        *transfer;
  XenoPanicBar       *panic_bar;

  gboolean            is_closed;
  GMenu              *displays;
  gboolean            has_displays; /* more than one */
  GMenu              *faces;
  GStrv               ports;
  char               *shown;
  char               *last_text;
};

/* xeno-console-view-actions.c */
void          xeno_console_view_add_actions   (XenoConsoleView *self);

/* xeno-console-view-displays.c */
void          xeno_console_view_follow_displays (XenoConsoleView *self);
void          xeno_console_view_update_displays (XenoConsoleView *self);

/* xeno-console-view-faces.c */
XenoTextPage *xeno_console_view_get_text      (XenoConsoleView *self);
XenoTerminal *xeno_console_view_get_terminal  (XenoConsoleView *self);
gboolean      xeno_console_view_shows_screen  (XenoConsoleView *self);
const char   *xeno_console_view_get_text_face (XenoConsoleView *self);
gboolean      xeno_console_view_has_face      (XenoConsoleView *self,
                                               const char      *face);
void          xeno_console_view_show_face     (XenoConsoleView *self,
                                               const char      *face);
void          xeno_console_view_update_faces  (XenoConsoleView *self);
void          xeno_console_view_close_faces   (XenoConsoleView *self);

/* xeno-console-view-keys.c */
void          xeno_console_view_add_keys      (XenoConsoleView *self);
void          xeno_console_view_update_keys   (XenoConsoleView *self);

/* xeno-console-view-notice.c */
void          xeno_console_view_update_notice (XenoConsoleView *self);
void          xeno_console_view_drop_notice   (XenoConsoleView *self);

/* xeno-console-view-typing.c */
void          xeno_console_view_add_typing    (XenoConsoleView *self);
void          xeno_console_view_update_typing (XenoConsoleView *self);
void          xeno_console_view_append_typing_to_menu (GMenu *menu);

/* xeno-console-view.c */
void          xeno_console_view_update        (XenoConsoleView *self);

G_END_DECLS
