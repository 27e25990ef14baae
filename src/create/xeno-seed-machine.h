/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A machine that was made with a seed: the file, the drive it is in, and what it would be told again. */
#pragma once

#include "create/xeno-plan.h"
#include "create/xeno-seed.h"
#include "spec/xeno-spec.h"

G_BEGIN_DECLS

/* The file of a plan that is a seed. */
#define XENO_SEED_ROLE "seed"

XenoPlanFile *xeno_seed_plan_file  (const XenoSeed *self);
void          xeno_seed_note       (const XenoSeed *self,
                                    XenoSpec       *spec);
XenoSeed     *xeno_seed_new_again  (XenoSpec       *spec,
                                    const char     *title);
XenoDevice   *xeno_seed_find_drive (XenoSpec       *spec);

G_END_DECLS
