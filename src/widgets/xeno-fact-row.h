/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A fact about a machine: what it is, its value, and a button to copy it. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define XENO_TYPE_FACT_ROW (xeno_fact_row_get_type ())

G_DECLARE_FINAL_TYPE (XenoFactRow, xeno_fact_row, XENO, FACT_ROW, GtkBox)

GtkWidget  *xeno_fact_row_new       (void);
const char *xeno_fact_row_get_value (XenoFactRow *self);
void        xeno_fact_row_set_value (XenoFactRow *self,
                                     const char  *value);

G_END_DECLS
