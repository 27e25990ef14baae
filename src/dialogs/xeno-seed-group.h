/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The part of the review page in which a person says who logs in to a cloud image. */
#pragma once

#include <adwaita.h>

#include "create/xeno-seed.h"

G_BEGIN_DECLS

#define XENO_TYPE_SEED_GROUP (xeno_seed_group_get_type ())

/* Signal: "changed" (): something else is said. */
G_DECLARE_FINAL_TYPE (XenoSeedGroup, xeno_seed_group, XENO, SEED_GROUP, AdwBin)

void      xeno_seed_group_set_title (XenoSeedGroup *self,
                                     const char    *title);
XenoSeed *xeno_seed_group_dup_seed  (XenoSeedGroup *self);
gboolean  xeno_seed_group_check     (XenoSeedGroup *self);

G_END_DECLS
