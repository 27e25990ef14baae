/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A machine in the list: its picture, its name, its state, and how busy it is. */
#pragma once

#include <gtk/gtk.h>

#include "stats/xeno-sampler.h"
#include "virt/xeno-machine.h"

G_BEGIN_DECLS

#define XENO_TYPE_SIDEBAR_ROW (xeno_sidebar_row_get_type ())

G_DECLARE_FINAL_TYPE (XenoSidebarRow, xeno_sidebar_row, XENO, SIDEBAR_ROW, GtkBox)

GtkWidget   *xeno_sidebar_row_new         (void);
XenoMachine *xeno_sidebar_row_get_machine (XenoSidebarRow *self);
void         xeno_sidebar_row_set_machine (XenoSidebarRow *self,
                                           XenoMachine    *machine,
                                           XenoSampler    *sampler);

G_END_DECLS
