/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Lets a person choose a keyboard layout. */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define XENO_TYPE_LAYOUT_DIALOG (xeno_layout_dialog_get_type ())

G_DECLARE_FINAL_TYPE (XenoLayoutDialog, xeno_layout_dialog, XENO, LAYOUT_DIALOG, AdwWindow)

GtkWidget *xeno_layout_dialog_new (GtkWindow  *parent,
                                   const char *description,
                                   const char *none,
                                   const char *present);

G_END_DECLS
