/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Menus that are built when somebody opens them. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

void xeno_late_menu_set (GtkMenuButton *button,
                         GMenuModel    *menu);

G_END_DECLS
