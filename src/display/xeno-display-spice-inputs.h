/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What goes to a SPICE server: keys, the pointer, its wheel. */
#pragma once

#include <spice-client.h>

#include "display/xeno-display-server.h"

G_BEGIN_DECLS

#define XENO_TYPE_DISPLAY_SPICE_INPUTS (xeno_display_spice_inputs_get_type ())

G_DECLARE_FINAL_TYPE (XenoDisplaySpiceInputs, xeno_display_spice_inputs, XENO, DISPLAY_SPICE_INPUTS, GObject)

XenoDisplaySpiceInputs *xeno_display_spice_inputs_new         (XenoDisplayServer      *server);
void                    xeno_display_spice_inputs_set_channel (XenoDisplaySpiceInputs *self,
                                                               SpiceChannel           *channel);
gboolean                xeno_display_spice_inputs_is_channel  (XenoDisplaySpiceInputs *self,
                                                               SpiceChannel           *channel);
void                    xeno_display_spice_inputs_key         (XenoDisplaySpiceInputs *self,
                                                               guint                   qnum,
                                                               gboolean                pressed);
void                    xeno_display_spice_inputs_set_locks   (XenoDisplaySpiceInputs *self,
                                                               guint                   locks);
void                    xeno_display_spice_inputs_move_to     (XenoDisplaySpiceInputs *self,
                                                               int                     x,
                                                               int                     y,
                                                               guint                   monitor);
void                    xeno_display_spice_inputs_move_by     (XenoDisplaySpiceInputs *self,
                                                               int                     dx,
                                                               int                     dy);
void                    xeno_display_spice_inputs_button      (XenoDisplaySpiceInputs *self,
                                                               guint                   button,
                                                               gboolean                pressed);
void                    xeno_display_spice_inputs_wheel       (XenoDisplaySpiceInputs *self,
                                                               int                     dx,
                                                               int                     dy);

G_END_DECLS
