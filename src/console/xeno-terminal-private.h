/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the terminal and its search share. */
#pragma once

#include <vte/vte.h>

#include "console/xeno-terminal.h"

G_BEGIN_DECLS

struct _XenoTerminal
{
  GtkWidget         parent_instance;

  VteTerminal      *vte;
  GtkSearchBar     *search_bar;
  GtkSearchEntry   *search_entry;
  GMenuModel       *menu;
  GtkWidget        *popover;
  GListModel       *controllers;
  GCancellable     *cancellable;
  gboolean          is_pasting;

  gboolean          matches_case;
  gboolean          uses_regex;
};

/* xeno-terminal-search.c */
void xeno_terminal_class_init_search (GtkWidgetClass *widget_class);
void xeno_terminal_update_search     (XenoTerminal   *self);

G_END_DECLS
