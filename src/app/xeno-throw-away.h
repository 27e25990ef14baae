/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Throw-away copies of machines: started, shown, and held on to until nothing of them is left. */
#pragma once

#include "virt/xeno-machine.h"

G_BEGIN_DECLS

void xeno_throw_away_begin (XenoMachine *machine);

G_END_DECLS
