/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* xeno import of what xeno export wrote: a machine comes back as it was. */
#pragma once

#include "cli/xeno-cli-command.h"
#include "create/xeno-media.h"

G_BEGIN_DECLS

XenoCliStatus xeno_create_bring_back (XenoCli    *cli,
                                      XenoMedia  *media,
                                      const char *name,
                                      gboolean    start);

G_END_DECLS
