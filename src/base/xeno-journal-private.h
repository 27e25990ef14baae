/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the journal and its entries share. */
#pragma once

#include "base/xeno-journal-entry.h"

G_BEGIN_DECLS

#define XENO_JOURNAL_SUFFIX ".journal"

/* What an entry is written to before it takes the place of the one before. */
#define XENO_JOURNAL_NEW_SUFFIX ".journal.new"

XenoJournalEntry *xeno_journal_entry_begin (const char          *directory,
                                            const char          *kind,
                                            const char          *uri,
                                            const char          *machine_uuid,
                                            const char          *step,
                                            const char * const  *paths,
                                            GError             **error);
XenoJournalEntry *xeno_journal_entry_load  (const char          *path,
                                            int                  fd,
                                            GError             **error);
gboolean          xeno_journal_is_named    (int                  fd,
                                            const char          *path);

G_END_DECLS
