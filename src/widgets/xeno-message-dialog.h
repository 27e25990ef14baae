/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A question in a dialog whose heading may be of any length. */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define XENO_TYPE_MESSAGE_DIALOG (xeno_message_dialog_get_type ())

G_DECLARE_DERIVABLE_TYPE (XenoMessageDialog, xeno_message_dialog, XENO, MESSAGE_DIALOG, AdwMessageDialog)

struct _XenoMessageDialogClass
{
  AdwMessageDialogClass parent_class;
};

GtkWidget *xeno_message_dialog_new (GtkWindow  *parent,
                                    const char *heading,
                                    const char *body);

G_END_DECLS
