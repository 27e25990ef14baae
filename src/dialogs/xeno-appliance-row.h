/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A row in which a person says which machine of an appliance is meant. */
#pragma once

#include <adwaita.h>

#include "create/xeno-media.h"

G_BEGIN_DECLS

#define XENO_TYPE_APPLIANCE_ROW (xeno_appliance_row_get_type ())

G_DECLARE_FINAL_TYPE (XenoApplianceRow, xeno_appliance_row, XENO, APPLIANCE_ROW, AdwComboRow)

void       xeno_appliance_row_show_media (XenoApplianceRow *self,
                                          XenoMedia        *media);
XenoMedia *xeno_appliance_row_dup_chosen (XenoApplianceRow *self);

G_END_DECLS
