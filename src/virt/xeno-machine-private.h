/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the connection does to its machines, and they to it. */
#pragma once

#include "virt/xeno-connection.h"
#include "virt/xeno-facts.h"
#include "virt/xeno-link.h"

G_BEGIN_DECLS

XenoMachine *xeno_machine_new         (XenoConnection  *connection,
                                       const XenoFacts *facts);
void         xeno_machine_apply       (XenoMachine     *self,
                                       const XenoFacts *facts);
void         xeno_machine_set_stale   (XenoMachine     *self,
                                       gboolean         is_stale);
void         xeno_machine_set_io_error (XenoMachine    *self,
                                       const char      *io_error);
void         xeno_machine_note_reason (XenoMachine     *self,
                                       const char      *sentence);
void         xeno_machine_hold_busy   (XenoMachine     *self);
void         xeno_machine_drop_busy   (XenoMachine     *self);

G_END_DECLS
