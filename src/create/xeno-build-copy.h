/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The makers of files that copy: a disk from another format, and what was packed. */
#pragma once

#include "create/xeno-build.h"

G_BEGIN_DECLS

void xeno_build_clone  (XenoBuild    *build,
                        XenoPlanFile *file);
void xeno_build_copy   (XenoBuild    *build,
                        XenoPlanFile *file);
void xeno_build_unpack (XenoBuild    *build,
                        XenoPlanFile *file);

G_END_DECLS
