/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Asks who a person is, on behalf of a display's server. */
#pragma once

#include "viewer/xeno-viewer.h"
#include "widgets/xeno-message-dialog.h"

G_BEGIN_DECLS

#define XENO_TYPE_PASSWORD_DIALOG (xeno_password_dialog_get_type ())

G_DECLARE_FINAL_TYPE (XenoPasswordDialog, xeno_password_dialog, XENO, PASSWORD_DIALOG, XenoMessageDialog)

GtkWidget  *xeno_password_dialog_new                 (GtkWindow          *parent,
                                                      XenoViewer         *viewer);
const char *xeno_password_dialog_get_username        (XenoPasswordDialog *self);
const char *xeno_password_dialog_get_password        (XenoPasswordDialog *self);
gboolean    xeno_password_dialog_is_to_be_remembered (XenoPasswordDialog *self);

G_END_DECLS
