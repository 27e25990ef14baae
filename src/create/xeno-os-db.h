/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is known of operating systems: the libosinfo database, loaded once in a thread. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define XENO_TYPE_OS (xeno_os_get_type ())
G_DECLARE_FINAL_TYPE (XenoOs, xeno_os, XENO, OS, GObject)   /* properties: "id", "short-id", "name" */
const char *xeno_os_get_id       (XenoOs *self);
const char *xeno_os_get_short_id (XenoOs *self);
const char *xeno_os_get_name     (XenoOs *self);
const char *xeno_os_get_family   (XenoOs *self); /* "linux", "winnt", … */
/* Recommended, else minimum, resources; 0 where the database says nothing. */
guint64     xeno_os_get_memory_bytes (XenoOs *self, gboolean minimum);
guint       xeno_os_get_n_cpus       (XenoOs *self, gboolean minimum);
guint64     xeno_os_get_disk_bytes   (XenoOs *self, gboolean minimum);
gboolean    xeno_os_supports_device  (XenoOs *self, const char *device_name); /* "virtio-block", "virtio-net", … */
gboolean    xeno_os_supports_uefi    (XenoOs *self);

#define XENO_TYPE_OS_DB (xeno_os_db_get_type ())
G_DECLARE_FINAL_TYPE (XenoOsDb, xeno_os_db, XENO, OS_DB, GObject)
XenoOsDb   *xeno_os_db_new           (void);
void        xeno_os_db_load_async    (XenoOsDb *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
gboolean    xeno_os_db_load_finish   (XenoOsDb *self, GAsyncResult *result, GError **error);
XenoOs     *xeno_os_db_find          (XenoOsDb *self, const char *id_or_short_id); /* borrowed */
GListModel *xeno_os_db_get_list      (XenoOsDb *self); /* of XenoOs, newest first */
/* Identifies a medium; NULL without error when unknown. */
void        xeno_os_db_identify_async  (XenoOsDb *self, const char *path, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
XenoOs     *xeno_os_db_identify_finish (XenoOsDb *self, GAsyncResult *result, GError **error);

G_END_DECLS
