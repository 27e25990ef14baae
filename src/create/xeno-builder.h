/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Makes a machine from a recipe: a job of steps, each with an undo. */
#pragma once

#include "base/xeno-job.h"
#include "create/xeno-recipe.h"
#include "virt/xeno-connection.h"

G_BEGIN_DECLS

/* Storage place, disk, define, start. Whatever fails or is cancelled, no half machine and no stray
 * disk stays behind; a machine that was defined and only failed to start is kept, off, and the error says so. The
 * journal lets the next start finish the undoing when this process dies. */
XenoJob     *xeno_builder_start     (XenoConnection *connection, XenoRecipe *recipe, gboolean start_machine,
                                     GAsyncReadyCallback callback, gpointer user_data); /* transfer full */
XenoMachine *xeno_builder_finish    (GAsyncResult *result, GError **error);
/* Finishes or undoes what an earlier process left; called once per connection after it opened. */
void         xeno_builder_recover_async  (XenoConnection *connection, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
gboolean     xeno_builder_recover_finish (GAsyncResult *result, GError **error);

G_END_DECLS
