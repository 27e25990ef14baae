/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The place where new disks live. */
#include "config.h"

#include <sys/statvfs.h>

#include <glib/gi18n-lib.h>

#include "virt/xeno-connection-private.h"
#include "virt/xeno-pool.h"
#include "virt/xeno-storage.h"
#include "virt/xeno-upload.h"

#define LANE "storage"

typedef struct
{
  char       *pool;
  char       *path;
  XenoVolume  volume;
  XenoUpload  upload;
  gboolean    is_local;
} Request;

static Request *
request_new (XenoConnection *connection,
             const char     *pool,
             const char     *path)
{
  Request *request = g_new0 (Request, 1);

  request->pool = g_strdup (pool);
  request->path = g_strdup (path);
  request->is_local = xeno_connection_is_local (connection);
  return request;
}

static void
request_free (Request *request)
{
  g_free (request->pool);
  g_free (request->path);
  g_free ((char *) request->volume.name);
  g_free ((char *) request->volume.backing_path);
  g_free ((char *) request->volume.backing_format);
  g_free ((char *) request->upload.name);
  g_clear_pointer (&request->upload.contents, g_bytes_unref);
  g_clear_object (&request->upload.stop);
  g_free (request);
}

/* libvirt counts what is kept back for root, too, which neither we nor QEMU may use, and remembers what was
 * free when it last had something to do there. A pool of devices is no folder. */
static guint64
get_usable (const char *path,
            guint64     available_bytes)
{
  struct statvfs info;

  if (g_str_has_prefix (path, "/dev/") || statvfs (path, &info) != 0)
    return available_bytes;
  return (guint64) info.f_bavail * info.f_frsize;
}

static gpointer
ensure_work (virConnectPtr   handle,
             gpointer        data,
             GCancellable   *cancellable,
             GError        **error)
{
  Request *request = data;
  g_autoptr (XenoStoragePlace) place = g_new0 (XenoStoragePlace, 1);
  g_autoptr (GVirStoragePool) pool = NULL;

  pool = xeno_pool_ensure (handle, g_get_user_data_dir (), request->is_local, error);
  if (pool == NULL)
    return NULL;

  if (!request->is_local)
    gvir_storage_pool_refresh (pool, NULL, NULL);
  place->pool = g_strdup (gvir_storage_pool_get_name (pool));
  place->path = xeno_pool_dup_path (pool, error);
  if (place->path == NULL || !xeno_pool_get_available (pool, &place->available_bytes, error))
    return NULL;
  if (request->is_local)
    place->available_bytes = get_usable (place->path, place->available_bytes);
  place->promised_bytes = xeno_pool_get_promised (handle, place->pool);
  return g_steal_pointer (&place);
}

static gpointer
create_work (virConnectPtr   handle,
             gpointer        data,
             GCancellable   *cancellable,
             GError        **error)
{
  Request *request = data;
  g_autoptr (GVirStoragePool) pool = xeno_pool_find (handle, request->pool, error);
  char *path;

  if (pool == NULL)
    return NULL;

  path = xeno_pool_create_volume (pool, &request->volume, error);
  /* Nobody waits for it any more, so nobody would remove it. */
  if (path != NULL && g_cancellable_set_error_if_cancelled (cancellable, error))
    {
      xeno_pool_delete_volume (handle, path, NULL);
      g_clear_pointer (&path, g_free);
    }
  return path;
}

static gpointer
upload_work (virConnectPtr   handle,
             gpointer        data,
             GCancellable   *cancellable,
             GError        **error)
{
  Request *request = data;
  g_autoptr (GVirStoragePool) pool = xeno_pool_find (handle, request->pool, error);

  return pool != NULL ? xeno_upload_volume (handle, pool, &request->upload, error) : NULL;
}

/* The answer is never nothing. */
static gpointer
look_work (virConnectPtr   handle,
           gpointer        data,
           GCancellable   *cancellable,
           GError        **error)
{
  Request *request = data;
  g_autoptr (GVirStoragePool) pool = xeno_pool_find (handle, request->pool, error);

  return pool != NULL ? GINT_TO_POINTER (1 + xeno_upload_look (handle, pool, request->upload.name)) : NULL;
}

static gpointer
delete_work (virConnectPtr   handle,
             gpointer        data,
             GCancellable   *cancellable,
             GError        **error)
{
  Request *request = data;

  if (xeno_upload_is_needed (handle, request->path))
    return GINT_TO_POINTER (TRUE);
  return GINT_TO_POINTER (xeno_pool_delete_volume (handle, request->path, error));
}

static gpointer
refresh_work (virConnectPtr   handle,
              gpointer        data,
              GCancellable   *cancellable,
              GError        **error)
{
  Request *request = data;

  xeno_pool_refresh_of (handle, request->path);
  return GINT_TO_POINTER (TRUE);
}

/**
 * xeno_storage_place_free:
 * @place: (transfer full): a place
 *
 * Frees what xeno_storage_ensure_finish() gave.
 */
void
xeno_storage_place_free (XenoStoragePlace *place)
{
  g_return_if_fail (place != NULL);

  g_free (place->pool);
  g_free (place->path);
  g_free (place);
}

/**
 * xeno_storage_ensure_async:
 * @connection: a connection
 * @cancellable: (nullable): to give up waiting
 * @callback: called when the place is ready
 * @user_data: passed to @callback
 *
 * Finds the place for new disks, the pool “default”, and makes it ready: it is defined, its folder
 * is there, it is started and can be written to.
 */
void
xeno_storage_ensure_async (XenoConnection      *connection,
                           GCancellable        *cancellable,
                           GAsyncReadyCallback  callback,
                           gpointer             user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (XENO_IS_CONNECTION (connection));

  task = g_task_new (connection, cancellable, callback, user_data);
  g_task_set_source_tag (task, xeno_storage_ensure_async);
  xeno_connection_call (connection, XENO_CALL_DAEMON, LANE, XENO_CALL_MS, task, ensure_work,
                        request_new (connection, NULL, NULL), (GDestroyNotify) request_free,
                        (GDestroyNotify) xeno_storage_place_free);
}

/**
 * xeno_storage_ensure_finish:
 * @connection: a connection
 * @result: what the callback was given
 * @error: %XENO_ERROR_NOT_FOUND without the folder, %XENO_ERROR_NO_PERMISSION when it cannot be
 *   written to, or what libvirt said
 *
 * Ends xeno_storage_ensure_async().
 *
 * Returns: (transfer full): the place, or %NULL
 */
XenoStoragePlace *
xeno_storage_ensure_finish (XenoConnection  *connection,
                            GAsyncResult    *result,
                            GError         **error)
{
  g_return_val_if_fail (g_task_is_valid (result, connection), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * xeno_storage_create_async:
 * @connection: a connection
 * @pool: the pool of a place
 * @volume: what to make
 * @cancellable: (nullable): a disk made too late is removed again
 * @callback: called when the disk is there
 * @user_data: passed to @callback
 *
 * Makes a sparse qcow2 disk in a place for disks.
 */
void
xeno_storage_create_async (XenoConnection      *connection,
                           const char          *pool,
                           const XenoVolume    *volume,
                           GCancellable        *cancellable,
                           GAsyncReadyCallback  callback,
                           gpointer             user_data)
{
  g_autoptr (GTask) task = NULL;
  Request *request;

  g_return_if_fail (XENO_IS_CONNECTION (connection));
  g_return_if_fail (pool != NULL);
  g_return_if_fail (volume != NULL && volume->name != NULL);
  g_return_if_fail ((volume->backing_path != NULL) == (volume->backing_format != NULL));

  request = request_new (connection, pool, NULL);
  request->volume = (XenoVolume) {
    g_strdup (volume->name), volume->capacity_bytes, g_strdup (volume->backing_path),
    g_strdup (volume->backing_format)
  };

  task = g_task_new (connection, cancellable, callback, user_data);
  g_task_set_source_tag (task, xeno_storage_create_async);
  xeno_connection_call (connection, XENO_CALL_DAEMON, LANE, XENO_LONG_CALL_MS, task, create_work,
                        request, (GDestroyNotify) request_free, g_free);
}

/**
 * xeno_storage_create_finish:
 * @connection: a connection
 * @result: what the callback was given
 * @error: %XENO_ERROR_NO_SPACE, %XENO_ERROR_EXISTS, %XENO_ERROR_NO_PERMISSION, or what libvirt said
 *
 * Ends xeno_storage_create_async().
 *
 * Returns: (transfer full): the path of the disk, or %NULL; then there is none
 */
char *
xeno_storage_create_finish (XenoConnection  *connection,
                            GAsyncResult    *result,
                            GError         **error)
{
  g_return_val_if_fail (g_task_is_valid (result, connection), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * xeno_storage_upload_async:
 * @connection: a connection
 * @pool: the pool of a place
 * @upload: what to write
 * @callback: called when the file is there, or nothing is written any more
 * @user_data: passed to @callback
 *
 * Writes a file to a place for disks, which its owner and the hypervisor alone may read. libvirt writes it: so
 * its pool knows of it, and may be where this person, or this computer, could not write. It takes as long as it
 * takes, and keeps nothing else waiting.
 */
void
xeno_storage_upload_async (XenoConnection      *connection,
                           const char          *pool,
                           const XenoUpload    *upload,
                           GAsyncReadyCallback  callback,
                           gpointer             user_data)
{
  g_autoptr (GTask) task = NULL;
  Request *request;

  g_return_if_fail (XENO_IS_CONNECTION (connection));
  g_return_if_fail (pool != NULL);
  g_return_if_fail (upload != NULL && upload->name != NULL);

  request = request_new (connection, pool, NULL);
  request->upload = *upload;
  request->upload.name = g_strdup (upload->name);
  if (upload->contents != NULL)
    g_bytes_ref (upload->contents);
  if (upload->stop != NULL)
    g_object_ref (upload->stop);

  task = g_task_new (connection, NULL, callback, user_data);
  g_task_set_source_tag (task, xeno_storage_upload_async);
  xeno_connection_call (connection, XENO_CALL_DAEMON, NULL, 0, task, upload_work, request,
                        (GDestroyNotify) request_free, g_free);
}

/**
 * xeno_storage_upload_finish:
 * @connection: a connection
 * @result: what the callback was given
 * @error: as for xeno_storage_create_finish()
 *
 * Ends xeno_storage_upload_async().
 *
 * Returns: (transfer full): the path of the file, or %NULL; then there is none unless it could not be removed
 */
char *
xeno_storage_upload_finish (XenoConnection  *connection,
                            GAsyncResult    *result,
                            GError         **error)
{
  g_return_val_if_fail (g_task_is_valid (result, connection), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * xeno_storage_look_async:
 * @connection: a connection
 * @pool: the pool of a place
 * @name: what an upload would be called
 * @cancellable: (nullable): to give up waiting
 * @callback: called when it is known
 * @user_data: passed to @callback
 *
 * Looks whether an upload is in a place for disks already. Half of one is known by its missing beginning.
 */
void
xeno_storage_look_async (XenoConnection      *connection,
                         const char          *pool,
                         const char          *name,
                         GCancellable        *cancellable,
                         GAsyncReadyCallback  callback,
                         gpointer             user_data)
{
  g_autoptr (GTask) task = NULL;
  Request *request;

  g_return_if_fail (XENO_IS_CONNECTION (connection));
  g_return_if_fail (pool != NULL && name != NULL);

  request = request_new (connection, pool, NULL);
  request->upload.name = g_strdup (name);

  task = g_task_new (connection, cancellable, callback, user_data);
  g_task_set_source_tag (task, xeno_storage_look_async);
  xeno_connection_call (connection, XENO_CALL_DAEMON, LANE, XENO_LONG_CALL_MS, task, look_work, request,
                        (GDestroyNotify) request_free, NULL);
}

/**
 * xeno_storage_look_finish:
 * @connection: a connection
 * @result: what the callback was given
 * @found: (out): what is there
 * @error: what libvirt said
 *
 * Ends xeno_storage_look_async().
 *
 * Returns: %TRUE if it is known
 */
gboolean
xeno_storage_look_finish (XenoConnection    *connection,
                          GAsyncResult      *result,
                          XenoStorageFound  *found,
                          GError           **error)
{
  gpointer answer;

  g_return_val_if_fail (g_task_is_valid (result, connection), FALSE);
  g_return_val_if_fail (found != NULL, FALSE);

  answer = g_task_propagate_pointer (G_TASK (result), error);
  *found = GPOINTER_TO_INT (answer) - 1;
  return answer != NULL;
}

/**
 * xeno_storage_delete_async:
 * @connection: a connection
 * @path: a disk that we made and nobody uses
 * @cancellable: (nullable): to give up waiting
 * @callback: called when it is gone
 * @user_data: passed to @callback
 *
 * Removes a disk for good: the undo of xeno_storage_create_async() and xeno_storage_upload_async(). What was
 * uploaded for several machines stays while a disk is built on it.
 */
void
xeno_storage_delete_async (XenoConnection      *connection,
                           const char          *path,
                           GCancellable        *cancellable,
                           GAsyncReadyCallback  callback,
                           gpointer             user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (XENO_IS_CONNECTION (connection));
  g_return_if_fail (path != NULL);

  task = g_task_new (connection, cancellable, callback, user_data);
  g_task_set_source_tag (task, xeno_storage_delete_async);
  xeno_connection_call (connection, XENO_CALL_DAEMON, LANE, XENO_LONG_CALL_MS, task, delete_work,
                        request_new (connection, NULL, path), (GDestroyNotify) request_free,
                        NULL);
}

/**
 * xeno_storage_delete_finish:
 * @connection: a connection
 * @result: what the callback was given
 * @error: what libvirt said
 *
 * Ends xeno_storage_delete_async().
 *
 * Returns: %TRUE when the disk is gone
 */
gboolean
xeno_storage_delete_finish (XenoConnection  *connection,
                            GAsyncResult    *result,
                            GError         **error)
{
  g_return_val_if_fail (g_task_is_valid (result, connection), FALSE);

  return g_task_propagate_pointer (G_TASK (result), error) != NULL;
}

/**
 * xeno_storage_refresh_async:
 * @connection: a connection
 * @path: a disk that came or went without libvirt
 * @cancellable: (nullable): to give up waiting
 * @callback: called when libvirt has looked
 * @user_data: passed to @callback
 *
 * Makes libvirt look again at the folder a disk is in.
 */
void
xeno_storage_refresh_async (XenoConnection      *connection,
                            const char          *path,
                            GCancellable        *cancellable,
                            GAsyncReadyCallback  callback,
                            gpointer             user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (XENO_IS_CONNECTION (connection));
  g_return_if_fail (path != NULL);

  task = g_task_new (connection, cancellable, callback, user_data);
  g_task_set_source_tag (task, xeno_storage_refresh_async);
  xeno_connection_call (connection, XENO_CALL_DAEMON, LANE, XENO_CALL_MS, task, refresh_work,
                        request_new (connection, NULL, path), (GDestroyNotify) request_free, NULL);
}

/**
 * xeno_storage_refresh_finish:
 * @connection: a connection
 * @result: what the callback was given
 * @error: that nobody answered
 *
 * Ends xeno_storage_refresh_async().
 *
 * Returns: %TRUE if libvirt has looked
 */
gboolean
xeno_storage_refresh_finish (XenoConnection  *connection,
                             GAsyncResult    *result,
                             GError         **error)
{
  g_return_val_if_fail (g_task_is_valid (result, connection), FALSE);

  return g_task_propagate_pointer (G_TASK (result), error) != NULL;
}
