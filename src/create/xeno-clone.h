/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A copy of a machine: with disks of its own, or with its changes to the disks of the other. */
#pragma once

#include "create/xeno-plan.h"
#include "virt/xeno-machine.h"

G_BEGIN_DECLS

#define XENO_TYPE_CLONE (xeno_clone_get_type ())

G_DECLARE_FINAL_TYPE (XenoClone, xeno_clone, XENO, CLONE, GObject)

XenoClone   *xeno_clone_new        (XenoMachine *machine,
                                    gboolean     is_linked);
XenoMachine *xeno_clone_get_source (XenoClone   *self);
gboolean     xeno_clone_is_linked  (XenoClone   *self);
void         xeno_clone_set_passing (XenoClone  *self,
                                    gboolean     is_passing);
GStrv        xeno_clone_get_lost   (XenoClone   *self);

G_END_DECLS
