/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* QEMU's monitor: a line goes there, its answer comes back, after a warning. */
#pragma once

#include "console/xeno-terminal.h"
#include "virt/xeno-machine.h"

G_BEGIN_DECLS

#define XENO_TYPE_MONITOR_PAGE (xeno_monitor_page_get_type ())

G_DECLARE_FINAL_TYPE (XenoMonitorPage, xeno_monitor_page, XENO, MONITOR_PAGE, GtkWidget)

GtkWidget    *xeno_monitor_page_new          (XenoMachine     *machine);
XenoTerminal *xeno_monitor_page_get_terminal (XenoMonitorPage *self);

G_END_DECLS
