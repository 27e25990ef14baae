/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What of a machine can be changed while it runs: the table, and the blocking calls it points to. */
#pragma once

#include <libvirt/libvirt.h>

#include "virt/xeno-machine-change.h"

G_BEGIN_DECLS

gboolean xeno_live_is_possible (XenoChange   *change);
void     xeno_live_apply       (virDomainPtr  domain,
                                const char   *title,
                                GPtrArray    *outcomes);

G_END_DECLS
