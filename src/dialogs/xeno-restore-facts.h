/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a person is told of a machine in an archive before it comes back. */
#pragma once

#include "create/xeno-restore.h"
#include "dialogs/xeno-plan-page.h"

G_BEGIN_DECLS

void xeno_restore_facts_show (XenoRestore    *restore,
                              XenoPlanPage   *page,
                              guint64         free_bytes);

G_END_DECLS
