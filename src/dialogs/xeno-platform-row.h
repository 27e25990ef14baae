/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The rows of the review page about what computer it is: processor, Secure Boot, TPM, drivers. */
#pragma once

#include <adwaita.h>

#include "create/xeno-recipe.h"

G_BEGIN_DECLS

#define XENO_TYPE_PLATFORM_ROW (xeno_platform_row_get_type ())

G_DECLARE_FINAL_TYPE (XenoPlatformRow, xeno_platform_row, XENO, PLATFORM_ROW, AdwExpanderRow)

void xeno_platform_row_show (XenoPlatformRow *self,
                             XenoRecipe      *recipe,
                             XenoCaps        *caps);

G_END_DECLS
