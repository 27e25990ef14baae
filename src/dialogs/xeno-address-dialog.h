/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Asks which display to open, and offers those opened last. */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define XENO_TYPE_ADDRESS_DIALOG (xeno_address_dialog_get_type ())

G_DECLARE_FINAL_TYPE (XenoAddressDialog, xeno_address_dialog, XENO, ADDRESS_DIALOG, AdwWindow)

GtkWidget *xeno_address_dialog_new (GtkWindow *parent,
                                    GSettings *settings);

G_END_DECLS
