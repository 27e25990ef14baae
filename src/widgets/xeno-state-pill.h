/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A machine's state as a word and a shape, never a colour alone. */
#pragma once

#include <gtk/gtk.h>

#include "virt/xeno-machine.h"

G_BEGIN_DECLS

#define XENO_TYPE_STATE_PILL (xeno_state_pill_get_type ())

G_DECLARE_FINAL_TYPE (XenoStatePill, xeno_state_pill, XENO, STATE_PILL, GtkBox)

GtkWidget        *xeno_state_pill_new       (void);
XenoMachineState  xeno_state_pill_get_state (XenoStatePill    *self);
void              xeno_state_pill_set_state (XenoStatePill    *self,
                                             XenoMachineState  state);

G_END_DECLS
