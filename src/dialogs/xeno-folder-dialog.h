/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which folder of this computer's a machine sees, and what it may do there. */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define XENO_TYPE_FOLDER_DIALOG (xeno_folder_dialog_get_type ())

/* Signals: "changed" (path, is_writable) when a person has chosen; a %NULL path: nothing is shared. */
G_DECLARE_FINAL_TYPE (XenoFolderDialog, xeno_folder_dialog, XENO, FOLDER_DIALOG, AdwWindow)

GtkWidget *xeno_folder_dialog_new     (GtkWindow        *parent,
                                       const char       *path,
                                       gboolean          is_writable);
void       xeno_folder_dialog_set     (XenoFolderDialog *self,
                                       const char       *path,
                                       gboolean          is_writable);
void       xeno_folder_dialog_set_seen (XenoFolderDialog *self,
                                        gboolean          is_seen);

G_END_DECLS
