/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The plan of a deletion, by blocking calls, for whoever deletes. */
#pragma once

#include <libvirt/libvirt.h>

#include "virt/xeno-delete-plan.h"

G_BEGIN_DECLS

GPtrArray *xeno_delete_plan_make (virConnectPtr   handle,
                                  virDomainPtr    domain,
                                  GError        **error);
char      *xeno_delete_plan_find_heir (virConnectPtr   handle,
                                       virDomainPtr    domain,
                                       GError        **error);

G_END_DECLS
