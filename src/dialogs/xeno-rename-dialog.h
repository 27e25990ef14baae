/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Asks for a machine's new name. */
#pragma once

#include "widgets/xeno-message-dialog.h"

G_BEGIN_DECLS

#define XENO_TYPE_RENAME_DIALOG (xeno_rename_dialog_get_type ())

/* A XenoMessageDialog that answers "rename" or "cancel". */
G_DECLARE_FINAL_TYPE (XenoRenameDialog, xeno_rename_dialog, XENO, RENAME_DIALOG, XenoMessageDialog)

GtkWidget  *xeno_rename_dialog_new      (GtkWindow        *parent,
                                         const char       *title);
const char *xeno_rename_dialog_get_text (XenoRenameDialog *self);

G_END_DECLS
