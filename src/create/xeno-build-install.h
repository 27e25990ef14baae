/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A machine that installs itself: how long that takes, and what comes then. */
#pragma once

#include "create/xeno-build.h"

G_BEGIN_DECLS

void xeno_build_install_wait  (XenoBuild *build);
void xeno_build_install_start (XenoBuild *build);

G_END_DECLS
