/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The files of a machine that is being built: where they go, how each is made, and that none stays. */
#pragma once

#include "create/xeno-build.h"

G_BEGIN_DECLS

gboolean xeno_build_files_is_needed (XenoBuild *build);
void     xeno_build_files_place     (XenoBuild *build);
void     xeno_build_files_make      (XenoBuild *build);
void     xeno_build_files_remove    (XenoBuild *build);
void     xeno_build_files_made      (XenoBuild *build,
                                     GError    *error);

G_END_DECLS
