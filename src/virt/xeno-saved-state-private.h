/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Going on from the memory of another machine. */
#pragma once

#include <libvirt/libvirt.h>

#include "virt/xeno-saved-state.h"

G_BEGIN_DECLS

gboolean xeno_saved_state_restore (virConnectPtr   handle,
                                   const char     *path,
                                   const char     *pipe_path,
                                   const char     *xml,
                                   GError        **error);

G_END_DECLS
