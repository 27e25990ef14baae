/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a machine is made of. */
#pragma once

#include <adwaita.h>

#include "virt/xeno-machine.h"

G_BEGIN_DECLS

#define XENO_TYPE_HARDWARE_PAGE (xeno_hardware_page_get_type ())

/* Property: "machine" (readable). */
G_DECLARE_FINAL_TYPE (XenoHardwarePage, xeno_hardware_page, XENO, HARDWARE_PAGE, AdwBin)

GtkWidget   *xeno_hardware_page_new         (void);
XenoMachine *xeno_hardware_page_get_machine (XenoHardwarePage *self);
void         xeno_hardware_page_set_machine (XenoHardwarePage *self,
                                             XenoMachine      *machine);

G_END_DECLS
