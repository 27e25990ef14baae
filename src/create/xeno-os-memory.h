/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What was found in the database before, so that it need not be read again for the same disc. */
#pragma once

#include "create/xeno-os-private.h"

G_BEGIN_DECLS

char     *xeno_os_memory_make_stamp (const char  *folder,
                                     const char  *arch);
gboolean  xeno_os_memory_recall     (const char  *stamp,
                                     const char  *question,
                                     XenoOs     **os);
void      xeno_os_memory_keep       (const char  *stamp,
                                     const char  *question,
                                     XenoOs      *os);

G_END_DECLS
