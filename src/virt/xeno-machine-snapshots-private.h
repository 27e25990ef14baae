/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What libvirt notes of a machine's snapshots, for this folder. */
#pragma once

#include <libvirt/libvirt.h>

#include "virt/xeno-machine-snapshots.h"

G_BEGIN_DECLS

GStrv xeno_machine_read_snapshots (virDomainPtr   domain,
                                   const char    *title,
                                   char         **current,
                                   GError       **error);

G_END_DECLS
