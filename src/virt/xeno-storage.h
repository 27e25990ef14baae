/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The place where new disks live, and what becomes of disks when a machine goes. */
#pragma once

#include "virt/xeno-connection.h"

G_BEGIN_DECLS

/* The storage place of a connection: the pool "default", made and started when missing
 * (session: $XDG_DATA_HOME/libvirt/images; system: /var/lib/libvirt/images). Blocking parts run in the
 * connection's worker. Errors tell each cause apart: read-only, folder deleted, pool inactive, full. */
typedef struct
{
  char    *pool;            /* its name */
  char    *path;            /* the folder */
  guint64  available_bytes;
} XenoStoragePlace;
void              xeno_storage_place_free        (XenoStoragePlace *place);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (XenoStoragePlace, xeno_storage_place_free)

void              xeno_storage_ensure_async      (XenoConnection *connection, GCancellable *cancellable,
                                                  GAsyncReadyCallback callback, gpointer user_data);
XenoStoragePlace *xeno_storage_ensure_finish     (XenoConnection *connection, GAsyncResult *result, GError **error);

/* A sparse qcow2 volume; returns its path. @name is a file name made by us. */
void              xeno_storage_create_async      (XenoConnection *connection, const char *pool, const char *name,
                                                  guint64 capacity_bytes, GCancellable *cancellable,
                                                  GAsyncReadyCallback callback, gpointer user_data);
char             *xeno_storage_create_finish     (XenoConnection *connection, GAsyncResult *result, GError **error);
void              xeno_storage_delete_async      (XenoConnection *connection, const char *path,
                                                  GCancellable *cancellable,
                                                  GAsyncReadyCallback callback, gpointer user_data);
gboolean          xeno_storage_delete_finish     (XenoConnection *connection, GAsyncResult *result, GError **error);

/**
 * XenoDiskFate:
 * @path: the file
 * @size_bytes: what it takes on the host
 * @may_remove: whether it can be removed at all
 * @remove: whether it should be, unless the person says otherwise
 * @reason: translated sentence: why it will or will not be removed (shared with “X”, read-only
 *   medium, backing file of “Y”, not made by Xenolith, …)
 *
 * What becomes of one disk of a machine that is deleted.
 */
typedef struct
{
  char     *path;
  guint64   size_bytes;
  gboolean  may_remove;
  gboolean  remove;
  char     *reason;
} XenoDiskFate;

/* Plans a deletion: an array of XenoDiskFate, all domains and chains looked at just now. */
void              xeno_machine_plan_delete_async  (XenoMachine *self, GCancellable *cancellable,
                                                  GAsyncReadyCallback callback, gpointer user_data);
GPtrArray        *xeno_machine_plan_delete_finish (XenoMachine *self, GAsyncResult *result, GError **error);

/* Deletes: force off if needed, undefine (nvram, saved state, snapshots' metadata), then the disks of
 * @disk_paths go to a trash folder on the same file system with the saved document. Returns an id by
 * which it can be undone until it is purged (after 7 days, or on request). */
void              xeno_machine_delete_async       (XenoMachine *self, const char * const *disk_paths,
                                                  GCancellable *cancellable,
                                                  GAsyncReadyCallback callback, gpointer user_data);
char             *xeno_machine_delete_finish      (XenoMachine *self, GAsyncResult *result, GError **error);
void              xeno_storage_undo_delete_async  (XenoConnection *connection, const char *trash_id,
                                                  GCancellable *cancellable,
                                                  GAsyncReadyCallback callback, gpointer user_data);
gboolean          xeno_storage_undo_delete_finish (XenoConnection *connection, GAsyncResult *result, GError **error);
void              xeno_storage_purge_async        (XenoConnection *connection, const char *trash_id /* NULL: all older than 7 days */,
                                                  GCancellable *cancellable,
                                                  GAsyncReadyCallback callback, gpointer user_data);
gboolean          xeno_storage_purge_finish       (XenoConnection *connection, GAsyncResult *result, GError **error);

G_END_DECLS
