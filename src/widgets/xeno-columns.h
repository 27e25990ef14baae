/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A layout that puts children side by side where there is room, and one below the other elsewhere. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define XENO_TYPE_COLUMNS (xeno_columns_get_type ())

G_DECLARE_FINAL_TYPE (XenoColumns, xeno_columns, XENO, COLUMNS, GtkLayoutManager)

GtkLayoutManager *xeno_columns_new (void);

G_END_DECLS
