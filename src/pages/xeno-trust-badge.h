/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A word beside a machine that does not stay, or is not trusted. */
#pragma once

#include <adwaita.h>

#include "virt/xeno-machine.h"

G_BEGIN_DECLS

#define XENO_TYPE_TRUST_BADGE (xeno_trust_badge_get_type ())

G_DECLARE_FINAL_TYPE (XenoTrustBadge, xeno_trust_badge, XENO, TRUST_BADGE, AdwBin)

void xeno_trust_badge_set_machine (XenoTrustBadge *self,
                                   XenoMachine    *machine);

G_END_DECLS
