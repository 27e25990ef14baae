/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Asks whether to delete a machine, and which of its disks, with the reason for each. */
#pragma once

#include <adwaita.h>

#include "virt/xeno-machine.h"

G_BEGIN_DECLS

#define XENO_TYPE_DELETE_DIALOG (xeno_delete_dialog_get_type ())

/* An AdwMessageDialog that answers "delete" or "cancel". */
G_DECLARE_FINAL_TYPE (XenoDeleteDialog, xeno_delete_dialog, XENO, DELETE_DIALOG, AdwMessageDialog)

GtkWidget *xeno_delete_dialog_new       (GtkWindow        *parent,
                                         XenoMachine      *machine);
GStrv      xeno_delete_dialog_dup_disks (XenoDeleteDialog *self);

G_END_DECLS
