/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Speaks SPICE to a display server. */
#pragma once

#include "display/xeno-display-source.h"

G_BEGIN_DECLS

#define XENO_TYPE_DISPLAY_SPICE (xeno_display_spice_get_type ())

G_DECLARE_FINAL_TYPE (XenoDisplaySpice, xeno_display_spice, XENO, DISPLAY_SPICE, XenoDisplaySource)

G_END_DECLS
