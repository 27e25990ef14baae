/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Everything about the selected machine at a glance: its screen, its facts, its graphs. */
#pragma once

#include <adwaita.h>

#include "stats/xeno-sampler.h"
#include "virt/xeno-machine.h"

G_BEGIN_DECLS

#define XENO_TYPE_MACHINE_PAGE (xeno_machine_page_get_type ())

G_DECLARE_FINAL_TYPE (XenoMachinePage, xeno_machine_page, XENO, MACHINE_PAGE, AdwBin)

GtkWidget   *xeno_machine_page_new         (void);
XenoMachine *xeno_machine_page_get_machine (XenoMachinePage *self);
void         xeno_machine_page_set_machine (XenoMachinePage *self,
                                            XenoMachine     *machine,
                                            XenoSampler     *sampler);

G_END_DECLS
