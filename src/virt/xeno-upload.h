/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Files that libvirt writes to its pools for us. */
#pragma once

#include "virt/xeno-pool.h"

G_BEGIN_DECLS

char             *xeno_upload_volume (virConnectPtr      handle,
                                      GVirStoragePool   *pool,
                                      const XenoUpload  *upload,
                                      GError           **error);
XenoStorageFound  xeno_upload_look   (virConnectPtr      handle,
                                      GVirStoragePool   *pool,
                                      const char        *name);
gboolean          xeno_upload_is_needed (virConnectPtr   handle,
                                      const char        *path);

G_END_DECLS
