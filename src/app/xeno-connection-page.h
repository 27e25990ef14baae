/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What shows in place of a connection's machines while it cannot be reached: why, and what to do. */
#pragma once

#include <adwaita.h>

#include "virt/xeno-connection.h"

G_BEGIN_DECLS

#define XENO_TYPE_CONNECTION_PAGE (xeno_connection_page_get_type ())

/* Property: "connection". */
G_DECLARE_FINAL_TYPE (XenoConnectionPage, xeno_connection_page, XENO, CONNECTION_PAGE, AdwBin)

GtkWidget *xeno_connection_page_new            (void);
void       xeno_connection_page_set_connection (XenoConnectionPage *self,
                                                XenoConnection     *connection);

G_END_DECLS
