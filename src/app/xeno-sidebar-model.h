/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the sidebar lists: the machines of each connection in order, under its heading where one helps. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

GListModel *xeno_sidebar_model_new (GListModel *connections,
                                    GtkFilter  *machine_filter);

G_END_DECLS
