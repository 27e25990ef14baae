/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One operation in the journal: what it is about, and the steps it was about to take. */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

#define XENO_TYPE_JOURNAL_ENTRY (xeno_journal_entry_get_type ())

G_DECLARE_FINAL_TYPE (XenoJournalEntry, xeno_journal_entry, XENO, JOURNAL_ENTRY, GObject)

const char         *xeno_journal_entry_get_id           (XenoJournalEntry    *self);
const char         *xeno_journal_entry_get_kind         (XenoJournalEntry    *self);
const char         *xeno_journal_entry_get_uri          (XenoJournalEntry    *self);
const char         *xeno_journal_entry_get_machine_uuid (XenoJournalEntry    *self);
gint64              xeno_journal_entry_get_started_s    (XenoJournalEntry    *self);
guint               xeno_journal_entry_get_n_steps      (XenoJournalEntry    *self);
const char         *xeno_journal_entry_get_step         (XenoJournalEntry    *self,
                                                         guint                index);
const char * const *xeno_journal_entry_get_paths        (XenoJournalEntry    *self,
                                                         guint                index);
gboolean            xeno_journal_entry_has_step         (XenoJournalEntry    *self,
                                                         const char          *step);
gboolean            xeno_journal_entry_note_step        (XenoJournalEntry    *self,
                                                         const char          *step,
                                                         const char * const  *paths,
                                                         GError             **error);
gboolean            xeno_journal_entry_done             (XenoJournalEntry    *self,
                                                         GError             **error);

G_END_DECLS
