/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The place where new disks live. */
#pragma once

#include "virt/xeno-connection.h"

G_BEGIN_DECLS

/**
 * XenoStoragePlace:
 * @pool: its pool's name
 * @path: the folder
 * @available_bytes: what is free in it
 * @promised_bytes: how much the disks in it may still grow
 *
 * Where a connection keeps new disks.
 */
typedef struct
{
  char    *pool;
  char    *path;
  guint64  available_bytes;
  guint64  promised_bytes;
} XenoStoragePlace;

/**
 * XenoVolume:
 * @name: a file name made by us, never by a person
 * @capacity_bytes: what the guest will see
 * @backing_path: (nullable): what it holds the changes to, or %NULL for an empty disk
 * @backing_format: (nullable): the format of that, which is never probed
 *
 * A sparse qcow2 disk to be made.
 */
typedef struct
{
  const char *name;
  guint64     capacity_bytes;
  const char *backing_path;
  const char *backing_format;
} XenoVolume;

void              xeno_storage_place_free     (XenoStoragePlace     *place);
void              xeno_storage_ensure_async   (XenoConnection       *connection,
                                               GCancellable         *cancellable,
                                               GAsyncReadyCallback   callback,
                                               gpointer              user_data);
XenoStoragePlace *xeno_storage_ensure_finish  (XenoConnection       *connection,
                                               GAsyncResult         *result,
                                               GError              **error);
void              xeno_storage_create_async   (XenoConnection       *connection,
                                               const char           *pool,
                                               const XenoVolume     *volume,
                                               GCancellable         *cancellable,
                                               GAsyncReadyCallback   callback,
                                               gpointer              user_data);
char             *xeno_storage_create_finish  (XenoConnection       *connection,
                                               GAsyncResult         *result,
                                               GError              **error);
void              xeno_storage_upload_async   (XenoConnection       *connection,
                                               const char           *pool,
                                               const char           *name,
                                               GBytes               *contents,
                                               GCancellable         *cancellable,
                                               GAsyncReadyCallback   callback,
                                               gpointer              user_data);
char             *xeno_storage_upload_finish  (XenoConnection       *connection,
                                               GAsyncResult         *result,
                                               GError              **error);
void              xeno_storage_delete_async   (XenoConnection       *connection,
                                               const char           *path,
                                               GCancellable         *cancellable,
                                               GAsyncReadyCallback   callback,
                                               gpointer              user_data);
gboolean          xeno_storage_delete_finish  (XenoConnection       *connection,
                                               GAsyncResult         *result,
                                               GError              **error);
void              xeno_storage_refresh_async  (XenoConnection       *connection,
                                               const char           *path,
                                               GCancellable         *cancellable,
                                               GAsyncReadyCallback   callback,
                                               gpointer              user_data);
gboolean          xeno_storage_refresh_finish (XenoConnection       *connection,
                                               GAsyncResult         *result,
                                               GError              **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (XenoStoragePlace, xeno_storage_place_free)

G_END_DECLS
