/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A row in which a person finds an operating system among many. */
#pragma once

#include <adwaita.h>

#include "create/xeno-os.h"

G_BEGIN_DECLS

#define XENO_TYPE_OS_ROW (xeno_os_row_get_type ())

G_DECLARE_FINAL_TYPE (XenoOsRow, xeno_os_row, XENO, OS_ROW, AdwActionRow)

GtkWidget *xeno_os_row_new         (void);
void       xeno_os_row_set_systems (XenoOsRow  *self,
                                    GListModel *systems);
XenoOs    *xeno_os_row_get_os      (XenoOsRow  *self);
void       xeno_os_row_set_os      (XenoOsRow  *self,
                                    XenoOs     *os);

G_END_DECLS
