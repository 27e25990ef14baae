/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The file chooser for what a machine can be made from. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

GtkNativeDialog *xeno_media_chooser_new            (GtkWindow *parent);
GtkNativeDialog *xeno_media_chooser_new_for_kernel (GtkWindow *parent);

G_END_DECLS
