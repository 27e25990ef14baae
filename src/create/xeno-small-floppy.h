/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A floppy image of a few small files, made in memory. */
#pragma once

#include "create/xeno-small-disc.h"

G_BEGIN_DECLS

GBytes *xeno_small_floppy_make (const char           *volume_id,
                                const XenoSmallFile  *files,
                                gsize                 n_files,
                                GError              **error);

G_END_DECLS
