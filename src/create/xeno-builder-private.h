/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the files of the builder share. */
#pragma once

#include "base/xeno-journal.h"
#include "create/xeno-builder.h"

G_BEGIN_DECLS

void     xeno_builder_undo_async  (XenoConnection       *connection,
                                   XenoJournalEntry     *entry,
                                   GAsyncReadyCallback   callback,
                                   gpointer              user_data);
gboolean xeno_builder_undo_finish (GAsyncResult         *result,
                                   GError              **error);

G_END_DECLS
