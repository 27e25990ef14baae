/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What was read from the database before, so that it need not be read again. */
#pragma once

#include "create/xeno-os-index.h"

G_BEGIN_DECLS

char     *xeno_os_memory_make_stamp (const char * const *folders,
                                     const char         *arch);
GVariant *xeno_os_memory_recall     (const char         *stamp);
void      xeno_os_memory_keep       (const char         *stamp,
                                     GVariant           *index);

G_END_DECLS
