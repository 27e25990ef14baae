/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A row in which a person says what a machine is connected to. */
#pragma once

#include <adwaita.h>

#include "virt/xeno-connection.h"

G_BEGIN_DECLS

#define XENO_TYPE_NETWORK_ROW (xeno_network_row_get_type ())

G_DECLARE_FINAL_TYPE (XenoNetworkRow, xeno_network_row, XENO, NETWORK_ROW, AdwComboRow)

void        xeno_network_row_ask         (XenoNetworkRow *self,
                                          XenoConnection *connection);
const char *xeno_network_row_get_network (XenoNetworkRow *self);
void        xeno_network_row_set_boots   (XenoNetworkRow *self,
                                          gboolean        boots);
const char *xeno_network_row_get_note    (XenoNetworkRow *self);

G_END_DECLS
