/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Shows the certificate of a display's server, and asks whether to trust it. */
#pragma once

#include "viewer/xeno-viewer.h"
#include "widgets/xeno-message-dialog.h"

G_BEGIN_DECLS

#define XENO_TYPE_TRUST_DIALOG (xeno_trust_dialog_get_type ())

G_DECLARE_FINAL_TYPE (XenoTrustDialog, xeno_trust_dialog, XENO, TRUST_DIALOG, XenoMessageDialog)

GtkWidget *xeno_trust_dialog_new (GtkWindow  *parent,
                                  XenoViewer *viewer);

G_END_DECLS
