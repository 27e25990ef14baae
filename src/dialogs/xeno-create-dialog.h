/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a double-clicked file opens: looks at it, lets a person review the machine, and makes it. */
#pragma once

#include <adwaita.h>

#include "create/xeno-os-db.h"
#include "create/xeno-recipe.h"
#include "virt/xeno-connection.h"

G_BEGIN_DECLS

#define XENO_TYPE_CREATE_DIALOG (xeno_create_dialog_get_type ())

/* Signals: "job-started" (XenoJob), "created" (XenoMachine, gboolean: whether it was
 * started, GError: why it could not be). */
G_DECLARE_FINAL_TYPE (XenoCreateDialog, xeno_create_dialog, XENO, CREATE_DIALOG, AdwWindow)

GtkWidget *xeno_create_dialog_new            (GtkWindow        *parent,
                                              XenoConnection   *connection,
                                              XenoOsDb         *os_db);
void       xeno_create_dialog_look_at_file   (XenoCreateDialog *self,
                                              GFile            *file);
void       xeno_create_dialog_look_at_recipe (XenoCreateDialog *self,
                                              XenoRecipe       *recipe);

G_END_DECLS
