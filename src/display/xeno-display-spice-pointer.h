/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The pointer of a SPICE server: one shape, whichever of the guest's screens it is on. */
#pragma once

#include <spice-client.h>

#include "display/xeno-display-wall.h"

G_BEGIN_DECLS

#define XENO_TYPE_DISPLAY_SPICE_POINTER (xeno_display_spice_pointer_get_type ())

G_DECLARE_FINAL_TYPE (XenoDisplaySpicePointer, xeno_display_spice_pointer, XENO, DISPLAY_SPICE_POINTER, GObject)

XenoDisplaySpicePointer *xeno_display_spice_pointer_new (XenoDisplayServer       *server,
                                                         XenoDisplayWall         *wall);
void                     xeno_display_spice_pointer_add (XenoDisplaySpicePointer *self,
                                                         SpiceChannel            *channel);

G_END_DECLS
