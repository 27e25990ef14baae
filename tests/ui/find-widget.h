/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Looks for widgets on a screen. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

gpointer find_widget   (GtkWidget  *widget,
                        GType       type);
guint    count_widgets (GtkWidget  *widget,
                        GType       type);
gpointer get_child     (gpointer    widget,
                        const char *name);

G_END_DECLS
