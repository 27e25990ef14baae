/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A row in which a person says how a machine gets its disk from a file. */
#pragma once

#include <adwaita.h>

#include "create/xeno-media.h"

G_BEGIN_DECLS

#define XENO_TYPE_DISK_WAY_ROW (xeno_disk_way_row_get_type ())

G_DECLARE_FINAL_TYPE (XenoDiskWayRow, xeno_disk_way_row, XENO, DISK_WAY_ROW, AdwComboRow)

void        xeno_disk_way_row_show_media (XenoDiskWayRow *self,
                                          XenoMedia      *media,
                                          const GError   *in_place_problem);
XenoDiskWay xeno_disk_way_row_get_way    (XenoDiskWayRow *self);
gboolean    xeno_disk_way_row_check      (XenoDiskWayRow *self);
gboolean    xeno_disk_way_row_has_seed   (XenoDiskWayRow *self);

G_END_DECLS
