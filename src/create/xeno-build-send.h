/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Files for a place where we may not write: made here without a name, and sent there through libvirt. */
#pragma once

#include "create/xeno-build.h"

G_BEGIN_DECLS

/**
 * XenoBuildNamedFunc:
 * @build: what is being built
 * @error: (transfer full) (nullable): why it is not known
 *
 * Called when shared files have their names.
 */
typedef void (*XenoBuildNamedFunc) (XenoBuild *build,
                                    GError    *error);

const char *xeno_build_send_get_folder (void);
int         xeno_build_send_open       (GError             **error);
void        xeno_build_send            (XenoBuild           *build,
                                        XenoPlanFile        *file);
void        xeno_build_send_fd         (XenoBuild           *build,
                                        XenoPlanFile        *file,
                                        int                  fd);
void        xeno_build_send_name       (XenoBuild           *build,
                                        XenoBuildNamedFunc   callback);

G_END_DECLS
