/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the journal knows of machines that are being made. */
#pragma once

#include "base/xeno-journal.h"
#include "base/xeno-worker.h"
#include "create/xeno-build.h"

G_BEGIN_DECLS

void              xeno_build_note_begin_async       (XenoBuild            *build,
                                                     XenoWorker           *worker,
                                                     GAsyncReadyCallback   callback,
                                                     gpointer              user_data);
XenoJournalEntry *xeno_build_note_begin_finish      (GAsyncResult         *result,
                                                     GError              **error);
void              xeno_build_note_start_async       (XenoBuild            *build,
                                                     XenoJournalEntry     *entry,
                                                     XenoWorker           *worker,
                                                     GAsyncReadyCallback   callback,
                                                     gpointer              user_data);
gboolean          xeno_build_note_start_finish      (GAsyncResult         *result,
                                                     GError              **error);
void              xeno_build_note_strike_out_async  (XenoJournalEntry     *entry,
                                                     XenoWorker           *worker,
                                                     GAsyncReadyCallback   callback,
                                                     gpointer              user_data);
gboolean          xeno_build_note_strike_out_finish (GAsyncResult         *result,
                                                     GError              **error);
void              xeno_build_note_take_left_async   (const char           *uri,
                                                     XenoWorker           *worker,
                                                     GAsyncReadyCallback   callback,
                                                     gpointer              user_data);
GPtrArray        *xeno_build_note_take_left_finish  (GAsyncResult         *result,
                                                     GError              **error);
GPtrArray        *xeno_build_note_list_files        (XenoJournalEntry     *entry);
GPtrArray        *xeno_build_note_list_start_files  (XenoJournalEntry     *entry);

G_END_DECLS
