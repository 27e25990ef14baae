/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the journal and its entries share. */
#pragma once

#include "base/xeno-journal-entry.h"

G_BEGIN_DECLS

#define XENO_JOURNAL_SUFFIX ".journal"

XenoJournalEntry *xeno_journal_entry_begin (const char  *directory,
                                            const char  *kind,
                                            const char  *uri,
                                            const char  *machine_uuid,
                                            GError     **error);
XenoJournalEntry *xeno_journal_entry_load  (const char  *path,
                                            int          fd,
                                            GError     **error);

G_END_DECLS
