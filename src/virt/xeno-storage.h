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

/* What is uploaded once for all machines that are made from it begins so; its checksum follows. */
#define XENO_STORAGE_BASE_PREFIX "xenolith-base-"

/**
 * XenoStorageFunc:
 * @fraction: how much is done, from 0 to 1
 * @user_data: what was given with it
 */
typedef void (*XenoStorageFunc) (double    fraction,
                                 gpointer  user_data);

/**
 * XenoUpload:
 * @name: a file name made by us, never by a person
 * @contents: (nullable): what is in it
 * @fd: a file with what is in it, where @contents is %NULL; it stays the caller's, and open until the end
 * @n_bytes: how long that is
 * @stop: (nullable): ends it; unlike the task's own, whoever waits hears of it when it is over
 * @progress: (nullable): called now and then, in another thread
 * @progress_data: for @progress
 *
 * A file to be written to a place for disks.
 */
typedef struct
{
  const char      *name;
  GBytes          *contents;
  int              fd;
  guint64          n_bytes;
  GCancellable    *stop;
  XenoStorageFunc  progress;
  gpointer         progress_data;
} XenoUpload;

/**
 * XenoStorageFound:
 * @XENO_STORAGE_ABSENT: there is no such file
 * @XENO_STORAGE_HALF: it is being uploaded, or was left half way
 * @XENO_STORAGE_WHOLE: it is there
 */
typedef enum
{
  XENO_STORAGE_ABSENT,
  XENO_STORAGE_HALF,
  XENO_STORAGE_WHOLE,
} XenoStorageFound;

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
                                               const XenoUpload     *upload,
                                               GAsyncReadyCallback   callback,
                                               gpointer              user_data);
char             *xeno_storage_upload_finish  (XenoConnection       *connection,
                                               GAsyncResult         *result,
                                               GError              **error);
void              xeno_storage_look_async     (XenoConnection       *connection,
                                               const char           *pool,
                                               const char           *name,
                                               GCancellable         *cancellable,
                                               GAsyncReadyCallback   callback,
                                               gpointer              user_data);
gboolean          xeno_storage_look_finish    (XenoConnection       *connection,
                                               GAsyncResult         *result,
                                               XenoStorageFound     *found,
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
