/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Says above a console that the guest's kernel gave up, and why. */
#pragma once

#include <gtk/gtk.h>

#include "virt/xeno-machine.h"

G_BEGIN_DECLS

#define XENO_TYPE_PANIC_BAR (xeno_panic_bar_get_type ())

G_DECLARE_FINAL_TYPE (XenoPanicBar, xeno_panic_bar, XENO, PANIC_BAR, GtkWidget)

void        xeno_panic_bar_set_machine (XenoPanicBar *self,
                                        XenoMachine  *machine);
const char *xeno_panic_bar_get_text    (XenoPanicBar *self);

G_END_DECLS
