/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The part of the review page about a kernel: what it finds, and what it is told. */
#pragma once

#include <adwaita.h>

#include "create/xeno-recipe.h"

G_BEGIN_DECLS

#define XENO_TYPE_KERNEL_GROUP (xeno_kernel_group_get_type ())

G_DECLARE_FINAL_TYPE (XenoKernelGroup, xeno_kernel_group, XENO, KERNEL_GROUP, AdwBin)

void xeno_kernel_group_show (XenoKernelGroup *self,
                             XenoRecipe      *recipe,
                             gboolean         is_session);

G_END_DECLS
