/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Shows what a machine's hypervisor wrote down. */
#pragma once

#include <adwaita.h>

#include "virt/xeno-machine.h"

G_BEGIN_DECLS

#define XENO_TYPE_LOG_DIALOG (xeno_log_dialog_get_type ())

G_DECLARE_FINAL_TYPE (XenoLogDialog, xeno_log_dialog, XENO, LOG_DIALOG, AdwWindow)

GtkWidget *xeno_log_dialog_new (GtkWindow   *parent,
                                XenoMachine *machine);

G_END_DECLS
