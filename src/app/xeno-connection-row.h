/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The heading of a connection's machines: its name, and what ails it. */
#pragma once

#include <gtk/gtk.h>

#include "virt/xeno-connection.h"

G_BEGIN_DECLS

#define XENO_TYPE_CONNECTION_ROW (xeno_connection_row_get_type ())

/* Property: "connection". */
G_DECLARE_FINAL_TYPE (XenoConnectionRow, xeno_connection_row, XENO, CONNECTION_ROW, GtkBox)

GtkWidget *xeno_connection_row_new (XenoConnection *connection);

G_END_DECLS
