/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The operations journal: what is being made or removed, so that a later start can finish or undo. */
#pragma once

#include "base/xeno-journal-entry.h"

G_BEGIN_DECLS

#define XENO_TYPE_JOURNAL (xeno_journal_get_type ())

G_DECLARE_FINAL_TYPE (XenoJournal, xeno_journal, XENO, JOURNAL, GObject)

XenoJournal      *xeno_journal_new             (const char          *directory);
XenoJournalEntry *xeno_journal_begin           (XenoJournal         *self,
                                                const char          *kind,
                                                const char          *uri,
                                                const char          *machine_uuid,
                                                const char          *step,
                                                const char * const  *paths,
                                                GError             **error);
GPtrArray        *xeno_journal_take_unfinished (XenoJournal         *self,
                                                const char          *kind,
                                                const char          *uri,
                                                GStrv               *put_aside,
                                                GError             **error);

G_END_DECLS
