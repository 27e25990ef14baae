/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Speaks VNC to a display server. */
#pragma once

#include "display/xeno-display-source.h"

G_BEGIN_DECLS

#define XENO_TYPE_DISPLAY_VNC (xeno_display_vnc_get_type ())

G_DECLARE_FINAL_TYPE (XenoDisplayVnc, xeno_display_vnc, XENO, DISPLAY_VNC, XenoDisplaySource)

G_END_DECLS
