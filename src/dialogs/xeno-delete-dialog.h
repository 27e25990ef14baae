/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Asks whether to delete a machine, and which of its disks, with the reason for each. */
#pragma once

#include "virt/xeno-machine.h"
#include "widgets/xeno-message-dialog.h"

G_BEGIN_DECLS

#define XENO_TYPE_DELETE_DIALOG (xeno_delete_dialog_get_type ())

/* A XenoMessageDialog that answers "delete" or "cancel". */
G_DECLARE_FINAL_TYPE (XenoDeleteDialog, xeno_delete_dialog, XENO, DELETE_DIALOG, XenoMessageDialog)

GtkWidget *xeno_delete_dialog_new       (GtkWindow        *parent,
                                         XenoMachine      *machine);
GStrv      xeno_delete_dialog_dup_disks (XenoDeleteDialog *self);

G_END_DECLS
