/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the parts of a console's view share. */
#pragma once

#include <adwaita.h>

#include "app/xeno-console-view.h"
#include "console/xeno-serial-console.h"

G_BEGIN_DECLS

struct _XenoConsoleView
{
  GtkWidget           parent_instance;

  XenoConsoleSession *session;
  GSettings          *settings;
  GSimpleActionGroup *actions;
  char               *subtitle;
  gboolean            accepts_keys;

  GtkStack           *views;
  XenoConsole        *console;
  XenoSerialConsole  *serial;
  GtkWidget          *notice;
  AdwStatusPage      *page;
  GtkButton          *help_button;
  GtkRevealer        *hint;
  GtkLabel           *hint_label;
  guint               hint_id;

  gboolean            shows_text;
  GCancellable       *text_cancellable;
  GError             *text_error;
};

/* xeno-console-view-actions.c */
void                 xeno_console_view_add_actions    (XenoConsoleView *self);

/* xeno-console-view-text.c */
void                 xeno_console_view_update_text    (XenoConsoleView *self);
void                 xeno_console_view_retry_text     (XenoConsoleView *self);
void                 xeno_console_view_close_text     (XenoConsoleView *self);
XenoConsoleSituation xeno_console_view_text_situation (XenoConsoleView *self);

/* xeno-console-view.c */
void                 xeno_console_view_update         (XenoConsoleView *self);

G_END_DECLS
