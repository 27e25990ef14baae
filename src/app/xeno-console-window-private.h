/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the parts of the console window share. */
#pragma once

#include "app/xeno-console-window.h"
#include "console/xeno-console.h"
#include "console/xeno-serial-console.h"

G_BEGIN_DECLS

struct _XenoConsoleWindow
{
  AdwApplicationWindow  parent_instance;

  XenoMachine          *machine;
  XenoConsoleSession   *session;
  GSettings            *settings;

  AdwToastOverlay      *toasts;
  GtkWidget            *flap;
  GtkWidget            *header;
  AdwWindowTitle       *title;
  GtkMenuButton        *keys_button;
  GtkMenuButton        *menu_button;
  GMenu                *menu;
  GtkStack             *views;
  XenoConsole          *console;
  XenoSerialConsole    *serial;
  GtkWidget            *notice;
  AdwStatusPage        *page;
  GtkButton            *help_button;
  GtkRevealer          *hint;
  GtkLabel             *hint_label;
  GtkShortcutController *shortcuts;

  gboolean              shows_text;
  GCancellable         *text_cancellable;
  GError               *text_error;

  guint                 hint_id;
  guint                 bar_id;
};

/* xeno-console-window-text.c */
void                 xeno_console_window_update_text    (XenoConsoleWindow *self);
void                 xeno_console_window_retry_text     (XenoConsoleWindow *self);
void                 xeno_console_window_close_text     (XenoConsoleWindow *self);
XenoConsoleSituation xeno_console_window_text_situation (XenoConsoleWindow *self);

/* xeno-console-window-bar.c */
void                 xeno_console_window_init_bar       (XenoConsoleWindow *self);
void                 xeno_console_window_show_bar       (XenoConsoleWindow *self);

/* xeno-console-window.c */
void                 xeno_console_window_update         (XenoConsoleWindow *self);

G_END_DECLS
