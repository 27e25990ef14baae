/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The makers of files that come as they are: out of an archive of ours, or to a place of their own. */
#pragma once

#include "create/xeno-build.h"

G_BEGIN_DECLS

void xeno_build_restore (XenoBuild    *build,
                         XenoPlanFile *file);
void xeno_build_place   (XenoBuild    *build,
                         XenoPlanFile *file);

G_END_DECLS
