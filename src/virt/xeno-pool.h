/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Storage pools and volumes, by blocking calls through libvirt-glib. */
#pragma once

#include <gio/gio.h>
#include <libvirt-gconfig/libvirt-gconfig.h>
#include <libvirt/libvirt.h>

#include "virt/xeno-gvir.h"
#include "virt/xeno-storage.h"

G_BEGIN_DECLS

GVirStoragePool *xeno_pool_ensure        (virConnectPtr     handle,
                                          const char       *data_dir,
                                          gboolean          is_local,
                                          GError          **error);
GVirStoragePool *xeno_pool_find          (virConnectPtr     handle,
                                          const char       *name,
                                          GError          **error);
char            *xeno_pool_dup_path      (GVirStoragePool  *pool,
                                          GError          **error);
gboolean         xeno_pool_get_available (GVirStoragePool  *pool,
                                          guint64          *available_bytes,
                                          GError          **error);
guint64          xeno_pool_get_promised  (virConnectPtr     handle,
                                          const char       *name);
char            *xeno_pool_create_volume (GVirStoragePool   *pool,
                                          const XenoVolume  *volume,
                                          GError           **error);
virStorageVolPtr xeno_pool_make_volume   (GVirStoragePool  *pool,
                                          GVirConfigStorageVol *config,
                                          const char       *name,
                                          char            **path,
                                          GError          **error);
gboolean         xeno_pool_delete_volume (virConnectPtr     handle,
                                          const char       *path,
                                          GError          **error);
gboolean         xeno_pool_is_built_on   (virConnectPtr     handle,
                                          const char       *path);
char            *xeno_pool_dup_backing   (virConnectPtr     handle,
                                          const char       *path);
char            *xeno_pool_dup_backing_and_format (virConnectPtr handle,
                                          const char       *path,
                                          char            **format);
void             xeno_pool_refresh_of    (virConnectPtr     handle,
                                          const char       *path);

G_END_DECLS
