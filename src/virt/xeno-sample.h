/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One bulk statistics call, turned into plain records. */
#pragma once

#include <libvirt/libvirt.h>

#include "virt/xeno-stats-record.h"

G_BEGIN_DECLS

void xeno_sample_read (const virDomainStatsRecord *stats,
                       XenoStatsRecord            *record);

G_END_DECLS
