/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A row in which a person says what a system is like that nobody recognised. */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define XENO_TYPE_OS_KIND_ROW (xeno_os_kind_row_get_type ())

G_DECLARE_FINAL_TYPE (XenoOsKindRow, xeno_os_kind_row, XENO, OS_KIND_ROW, AdwComboRow)

const char *xeno_os_kind_row_get_os_id (XenoOsKindRow *self);

G_END_DECLS
