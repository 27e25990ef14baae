/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A machine on paper that a stranger wrote, made one that may be defined here. */
#pragma once

#include "spec/xeno-spec.h"

G_BEGIN_DECLS

GStrv xeno_spec_distrust (XenoSpec *self);

G_END_DECLS
