/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Records a key combination and gives it a name. */
#pragma once

#include "console/xeno-own-combination.h"
#include "widgets/xeno-message-dialog.h"

G_BEGIN_DECLS

#define XENO_TYPE_COMBINATION_DIALOG (xeno_combination_dialog_get_type ())

G_DECLARE_FINAL_TYPE (XenoCombinationDialog, xeno_combination_dialog, XENO, COMBINATION_DIALOG, XenoMessageDialog)

GtkWidget          *xeno_combination_dialog_new  (GtkWindow             *parent);
XenoOwnCombination *xeno_combination_dialog_make (XenoCombinationDialog *self);

G_END_DECLS
