/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which machines use which files, by a blocking call. */
#pragma once

#include <libvirt/libvirt.h>

#include "virt/xeno-disk-uses.h"

G_BEGIN_DECLS

/* Longer chains than this are a loop, or somebody's joke. */
#define XENO_DISK_USES_MAX_CHAIN 64

GHashTable *xeno_disk_uses_list (virConnectPtr   handle,
                                 GError        **error);

G_END_DECLS
