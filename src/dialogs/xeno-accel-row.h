/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The row of the review page that says how fast a machine will run on this host, and why. */
#pragma once

#include <adwaita.h>

#include "create/xeno-recipe.h"

G_BEGIN_DECLS

#define XENO_TYPE_ACCEL_ROW (xeno_accel_row_get_type ())

G_DECLARE_FINAL_TYPE (XenoAccelRow, xeno_accel_row, XENO, ACCEL_ROW, AdwActionRow)

void xeno_accel_row_show (XenoAccelRow *self,
                          XenoRecipe   *recipe,
                          XenoHost     *host,
                          XenoCaps     *caps);

G_END_DECLS
