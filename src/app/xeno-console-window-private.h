/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the parts of the console window share. */
#pragma once

#include "app/xeno-console-window.h"

G_BEGIN_DECLS

struct _XenoConsoleWindow
{
  AdwApplicationWindow   parent_instance;

  GSettings             *settings;
  XenoConsoleView       *view;
  GSignalGroup          *console_signals;
  char                  *session_prefix;
  gboolean               is_wide;
  int                    n_own_sections;
  GListStore            *reserved;
  GtkFlattenListModel   *reserved_shortcuts;

  GtkWidget             *flap;
  GtkWidget             *bar;
  AdwWindowTitle        *title;
  GtkMenuButton         *keys_button;
  GtkMenuButton         *share_button;
  GtkMenuButton         *menu_button;
  GMenu                 *menu;
  GMenuModel            *share_menu;
  AdwTabView            *tabs;
  AdwTabPage            *menu_page; /* whose context menu is open */
  GtkShortcutController *shortcuts;
  GtkShortcutController *tab_shortcuts;

  GMenu                 *monitors_menu;

  guint                  show_id;
  guint                  hide_id;
};

/* xeno-console-window-tabs.c */
void xeno_console_window_class_init_tabs     (GtkWidgetClass    *widget_class);
void xeno_console_window_update_tabs         (XenoConsoleWindow *self);
void xeno_console_window_follow_view         (XenoConsoleView   *view);
XenoConsoleWindow *
     xeno_console_window_make_sibling        (XenoConsoleWindow *self);

/* xeno-console-window-displays.c */
void xeno_console_window_class_init_displays (GtkWidgetClass    *widget_class);

/* xeno-console-window-bar.c */
void xeno_console_window_init_bar            (XenoConsoleWindow *self);
void xeno_console_window_close_bar           (XenoConsoleWindow *self);
void xeno_console_window_show_bar            (XenoConsoleWindow *self);

/* xeno-console-window-monitors.c */
void xeno_console_window_class_init_monitors (GtkWidgetClass    *widget_class);
void xeno_console_window_init_monitors       (XenoConsoleWindow *self);
void xeno_console_window_list_monitors       (XenoConsoleWindow *self,
                                              GListModel        *monitors);

/* xeno-console-window.c */
void xeno_console_window_store_look          (XenoConsoleWindow *self,
                                              XenoConsoleView   *view);

G_END_DECLS
