/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Storage pools and volumes, by blocking calls through libvirt-glib. */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <libvirt-gconfig/libvirt-gconfig.h>
#include <libvirt/virterror.h>
#include <unistd.h>

#include "base/xeno-error.h"
#include "spec/xeno-document.h"
#include "virt/xeno-pool.h"
#include "virt/xeno-virt-error.h"

/* The pool that every manager looks for, so that all of them show the same disks. */
#define POOL_NAME "default"

#define SYSTEM_POOL_PATH "/var/lib/libvirt/images"

/* As libvirt makes them. */
#define FOLDER_MODE 0711

static char *
dup_new_path (virConnectPtr  handle,
              const char    *data_dir,
              gboolean       is_local)
{
  g_autofree char *uri = virConnectGetURI (handle);

  if (uri != NULL && strstr (uri, "/session") == NULL)
    return g_strdup (SYSTEM_POOL_PATH);
  return is_local ? g_build_filename (data_dir, "libvirt", "images", NULL) : NULL;
}

static GVirStoragePool *
wrap_pool (virStoragePoolPtr handle)
{
  GVirStoragePool *pool = g_object_new (GVIR_TYPE_STORAGE_POOL, "handle", handle, NULL);

  virStoragePoolFree (handle);
  return pool;
}

static GVirStoragePool *
define_pool (virConnectPtr   handle,
             const char     *path,
             GError        **error)
{
  g_autoptr (GVirConfigStoragePool) config = gvir_config_storage_pool_new ();
  g_autoptr (GVirConfigStoragePoolTarget) target = gvir_config_storage_pool_target_new ();
  g_autoptr (GVirStoragePool) pool = NULL;
  g_autofree char *xml = NULL;
  virStoragePoolPtr pool_handle;

  gvir_config_storage_pool_target_set_path (target, path);
  gvir_config_storage_pool_set_pool_type (config, GVIR_CONFIG_STORAGE_POOL_TYPE_DIR);
  gvir_config_storage_pool_set_name (config, POOL_NAME);
  gvir_config_storage_pool_set_target (config, target);
  xml = gvir_config_object_to_xml (GVIR_CONFIG_OBJECT (config));

  pool_handle = virStoragePoolDefineXML (handle, xml, 0);
  if (pool_handle == NULL)
    {
      xeno_virt_set_error (error, _("A place for disks could not be made in “%s”."), path);
      return NULL;
    }

  pool = wrap_pool (pool_handle);
  if (!gvir_storage_pool_build (pool, 0, NULL))
    {
      xeno_virt_set_error (error, _("The folder “%s” for disks could not be made. Make it by hand, "
                                    "then try again."),
                           path);
      gvir_storage_pool_undefine (pool, NULL);
      return NULL;
    }
  gvir_storage_pool_set_autostart (pool, TRUE, NULL);
  return g_steal_pointer (&pool);
}

static gboolean
start_pool (GVirStoragePool  *pool,
            const char       *path,
            const char       *new_path,
            gboolean          is_local,
            GError          **error)
{
  gboolean is_missing = is_local && !g_file_test (path, G_FILE_TEST_EXISTS);

  /* Our own folder is made again; anybody else's may be on a disk that is not there now. */
  if (is_missing && g_strcmp0 (path, new_path) == 0)
    is_missing = !gvir_storage_pool_build (pool, 0, NULL);
  if (is_missing)
    {
      xeno_set_error (error, XENO_ERROR_NOT_FOUND, NULL,
                      _("The folder “%s” for disks is missing. Connect the disk it is on, or make "
                        "the folder again."),
                      path);
      return FALSE;
    }
  if (gvir_storage_pool_start (pool, 0, NULL) || xeno_virt_error_is (VIR_ERR_OPERATION_INVALID))
    return TRUE;

  xeno_virt_set_error (error, _("The folder “%s” for disks could not be opened. Look whether you may "
                                "read it, and whether a disk image in it is damaged."),
                       path);
  return FALSE;
}

/* The folder may go while the pool runs, and building is for pools that do not. */
static void
mend_folder (GVirStoragePool *pool,
             const char      *path)
{
  if (g_mkdir_with_parents (path, FOLDER_MODE) == 0)
    gvir_storage_pool_refresh (pool, NULL, NULL);
}

static gboolean
check_folder (const char  *path,
              gboolean     is_local,
              gboolean     is_session,
              GError     **error)
{
  if (!is_local || !is_session || g_access (path, W_OK) == 0)
    return TRUE;

  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    xeno_set_error (error, XENO_ERROR_NOT_FOUND, NULL,
                    _("The folder “%s” for disks is missing. Connect the disk it is on, or make the "
                      "folder again."),
                    path);
  else
    xeno_set_error (error, XENO_ERROR_NO_PERMISSION, NULL,
                    _("You may not write to the folder “%s”, where disks are kept. Change its "
                      "permissions with “chmod u+w”, then try again."),
                    path);
  return FALSE;
}

/*
 * xeno_pool_ensure:
 * @handle: an open connection
 * @data_dir: the person's data folder, for a pool of the session
 * @is_local: whether paths are of this computer
 * @error: what is wrong with the place, each cause with its own sentence
 *
 * Finds the pool for new disks and makes it ready: defined, its folder there, started, writable.
 *
 * Returns: (transfer full): the pool, or %NULL
 */
GVirStoragePool *
xeno_pool_ensure (virConnectPtr   handle,
                  const char     *data_dir,
                  gboolean        is_local,
                  GError        **error)
{
  g_autoptr (GVirStoragePool) pool = NULL;
  g_autofree char *new_path = dup_new_path (handle, data_dir, is_local);
  gboolean is_session = g_strcmp0 (new_path, SYSTEM_POOL_PATH) != 0;
  g_autofree char *path = NULL;
  virStoragePoolPtr pool_handle = virStoragePoolLookupByName (handle, POOL_NAME);

  g_return_val_if_fail (data_dir != NULL, NULL);

  if (pool_handle != NULL)
    pool = wrap_pool (pool_handle);
  else if (xeno_virt_error_is (VIR_ERR_NO_STORAGE_POOL) && new_path != NULL)
    pool = define_pool (handle, new_path, error);
  else
    xeno_virt_set_error (error, _("The host has no storage pool named “default”. Define one there, "
                                  "then try again."));
  if (pool == NULL)
    return NULL;

  path = xeno_pool_dup_path (pool, error);
  if (path == NULL)
    return NULL;
  if (!gvir_storage_pool_get_active (pool) && !start_pool (pool, path, new_path, is_local, error))
    return NULL;
  if (is_local && is_session && g_strcmp0 (path, new_path) == 0
      && !g_file_test (path, G_FILE_TEST_EXISTS))
    mend_folder (pool, path);
  if (!check_folder (path, is_local, is_session, error))
    return NULL;
  return g_steal_pointer (&pool);
}

/*
 * xeno_pool_find:
 * @name: a pool's name
 *
 * Returns: (transfer full): the pool, or %NULL with @error set
 */
GVirStoragePool *
xeno_pool_find (virConnectPtr   handle,
                const char     *name,
                GError        **error)
{
  virStoragePoolPtr pool = virStoragePoolLookupByName (handle, name);

  if (pool != NULL)
    return wrap_pool (pool);

  xeno_virt_set_error (error, _("There is no storage pool “%s” any more."), name);
  return NULL;
}

/*
 * xeno_pool_dup_path:
 *
 * Returns: (transfer full): the folder of a pool, or %NULL with @error set
 */
char *
xeno_pool_dup_path (GVirStoragePool  *pool,
                    GError          **error)
{
  g_autoptr (GVirConfigStoragePool) config = gvir_storage_pool_get_config (pool, 0, NULL);
  g_autoptr (GVirConfigStoragePoolTarget) target = NULL;
  const char *path = NULL;

  if (config != NULL)
    target = gvir_config_storage_pool_get_target (config);
  if (target != NULL)
    path = gvir_config_storage_pool_target_get_path (target);
  if (path == NULL)
    xeno_virt_set_error (error, _("The storage pool “%s” has no folder."),
                         gvir_storage_pool_get_name (pool));
  return g_strdup (path);
}

/*
 * xeno_pool_get_available:
 * @available_bytes: (out): what is free
 *
 * Returns: %TRUE when it is known
 */
gboolean
xeno_pool_get_available (GVirStoragePool  *pool,
                         guint64          *available_bytes,
                         GError          **error)
{
  GVirStoragePoolInfo *info = gvir_storage_pool_get_info (pool, NULL);

  if (info == NULL)
    {
      xeno_virt_set_error (error, _("The free space of the storage pool “%s” is not known."),
                           gvir_storage_pool_get_name (pool));
      return FALSE;
    }

  *available_bytes = info->available;
  g_boxed_free (GVIR_TYPE_STORAGE_POOL_INFO, info);
  return TRUE;
}

/*
 * xeno_pool_get_promised:
 * @name: a pool
 *
 * Returns: how much its disks may still grow, in bytes; 0 where nobody knows
 */
guint64
xeno_pool_get_promised (virConnectPtr  handle,
                        const char    *name)
{
  virStoragePoolPtr pool = virStoragePoolLookupByName (handle, name);
  virStorageVolPtr *volumes = NULL;
  int n_volumes = pool != NULL ? virStoragePoolListAllVolumes (pool, &volumes, 0) : 0;
  guint64 promised_bytes = 0;

  for (int i = 0; i < n_volumes; i++)
    {
      virStorageVolInfo info;

      if (virStorageVolGetInfo (volumes[i], &info) == 0 && info.capacity > info.allocation
          && !g_uint64_checked_add (&promised_bytes, promised_bytes, info.capacity - info.allocation))
        promised_bytes = G_MAXUINT64;
      virStorageVolFree (volumes[i]);
    }
  free (volumes);
  g_clear_pointer (&pool, virStoragePoolFree);
  return promised_bytes;
}

static void
set_backing (GVirConfigStorageVol *config,
             const XenoVolume     *volume)
{
  g_autoptr (GVirConfigStorageVolBackingStore) backing = gvir_config_storage_vol_backing_store_new ();

  gvir_config_storage_vol_backing_store_set_path (backing, volume->backing_path);
  gvir_config_storage_vol_backing_store_set_format (backing, volume->backing_format);
  gvir_config_storage_vol_set_backing_store (config, backing);
}

/*
 * xeno_pool_make_volume:
 * @config: what to make
 * @name: what it is called
 * @path: (out): where it is
 *
 * Makes a volume; gvir_storage_pool_create_volume() wants every volume of the pool fetched before.
 *
 * Returns: (transfer full): the volume, or %NULL with @error set
 */
virStorageVolPtr
xeno_pool_make_volume (GVirStoragePool       *pool,
                       GVirConfigStorageVol  *config,
                       const char            *name,
                       char                 **path,
                       GError               **error)
{
  g_autofree char *xml = gvir_config_object_to_xml (GVIR_CONFIG_OBJECT (config));
  virStoragePoolPtr pool_handle;
  virStorageVolPtr volume;

  g_object_get (pool, "handle", &pool_handle, NULL);
  volume = virStorageVolCreateXML (pool_handle, xml, 0);
  if (volume == NULL)
    xeno_virt_set_error (error, _("The disk “%s” could not be made."), name);
  g_boxed_free (GVIR_TYPE_STORAGE_POOL_HANDLE, pool_handle); /* which forgets libvirt's error */
  if (volume == NULL)
    return NULL;

  *path = virStorageVolGetPath (volume);
  if (*path != NULL)
    return volume;

  xeno_virt_set_error (error, _("The disk “%s” was made, but is not where it should be."), name);
  virStorageVolDelete (volume, 0);
  virStorageVolFree (volume);
  return NULL;
}

/*
 * xeno_pool_create_volume:
 * @volume: what to make; hardly anything of its capacity is taken on the host at first
 *
 * Makes a sparse qcow2 volume.
 *
 * Returns: (transfer full): its path, or %NULL with @error set; then there is no file
 */
char *
xeno_pool_create_volume (GVirStoragePool   *pool,
                         const XenoVolume  *volume,
                         GError           **error)
{
  g_autoptr (GVirConfigStorageVol) config = gvir_config_storage_vol_new ();
  g_autoptr (GVirConfigStorageVolTarget) target = gvir_config_storage_vol_target_new ();
  virStorageVolPtr volume_handle;
  char *path;

  gvir_config_storage_vol_target_set_format (target, "qcow2");
  gvir_config_storage_vol_target_set_compat (target, "1.1");
  gvir_config_storage_vol_set_name (config, volume->name);
  gvir_config_storage_vol_set_capacity (config, volume->capacity_bytes);
  gvir_config_storage_vol_set_allocation (config, 0);
  gvir_config_storage_vol_set_target (config, target);
  if (volume->backing_path != NULL)
    set_backing (config, volume);
  volume_handle = xeno_pool_make_volume (pool, config, volume->name, &path, error);
  if (volume_handle == NULL)
    return NULL;

  virStorageVolFree (volume_handle);
  return path;
}

/* libvirt may not know a file that it was writing when it was killed. */
static virStorageVolPtr
look_up (virConnectPtr  handle,
         const char    *path)
{
  virStorageVolPtr volume = virStorageVolLookupByPath (handle, path);

  if (volume == NULL && xeno_virt_error_is (VIR_ERR_NO_STORAGE_VOL))
    {
      xeno_pool_refresh_of (handle, path);
      volume = virStorageVolLookupByPath (handle, path);
    }
  return volume;
}

/*
 * xeno_pool_delete_volume:
 * @path: the file
 *
 * Removes a disk for good. One that is not there any more is removed enough.
 *
 * Returns: %TRUE when it is gone
 */
gboolean
xeno_pool_delete_volume (virConnectPtr   handle,
                         const char     *path,
                         GError        **error)
{
  virStorageVolPtr volume = look_up (handle, path);
  gboolean is_gone;

  if (volume == NULL && xeno_virt_error_is (VIR_ERR_NO_STORAGE_VOL))
    return TRUE;

  is_gone = volume != NULL && virStorageVolDelete (volume, 0) == 0;
  if (!is_gone)
    xeno_virt_set_error (error, _("The disk “%s” could not be removed."), path);
  g_clear_pointer (&volume, virStorageVolFree);
  return is_gone;
}

/*
 * xeno_pool_is_built_on:
 * @path: a disk image in a pool
 *
 * Returns: whether another image of its pool is built on it, or nobody knows
 */
gboolean
xeno_pool_is_built_on (virConnectPtr  handle,
                       const char    *path)
{
  g_autofree char *folder = g_path_get_dirname (path);
  virStoragePoolPtr pool = virStoragePoolLookupByTargetPath (handle, folder);
  virStorageVolPtr *volumes = NULL;
  int n_volumes = pool != NULL ? virStoragePoolListAllVolumes (pool, &volumes, 0) : -1;
  gboolean is_needed = n_volumes < 0;

  for (int i = 0; i < n_volumes; i++)
    {
      char *other = virStorageVolGetPath (volumes[i]);
      g_autofree char *backing = other != NULL ? xeno_pool_dup_backing (handle, other) : NULL;

      is_needed = is_needed || g_strcmp0 (backing, path) == 0;
      free (other);
      virStorageVolFree (volumes[i]);
    }
  free (volumes);
  g_clear_pointer (&pool, virStoragePoolFree);
  return is_needed;
}

/*
 * xeno_pool_dup_backing:
 * @path: a disk image in a pool
 *
 * Returns: (transfer full): the image it is built on, or %NULL where there is none or nobody knows
 */
char *
xeno_pool_dup_backing (virConnectPtr  handle,
                       const char    *path)
{
  return xeno_pool_dup_backing_and_format (handle, path, NULL);
}

/*
 * xeno_pool_dup_backing_and_format:
 * @path: a disk image in a pool
 * @format: (out) (optional) (nullable): the format of what it is built on, as its header states it
 *
 * Returns: (transfer full): as xeno_pool_dup_backing()
 */
char *
xeno_pool_dup_backing_and_format (virConnectPtr   handle,
                                  const char     *path,
                                  char          **format)
{
  virStorageVolPtr volume = virStorageVolLookupByPath (handle, path);
  g_autofree char *xml = volume != NULL ? virStorageVolGetXMLDesc (volume, 0) : NULL;

  g_clear_pointer (&volume, virStorageVolFree);
  if (format != NULL)
    *format = xml != NULL ? xeno_document_dup_value (xml, "volume", "backingStore/format/@type") : NULL;
  return xml != NULL ? xeno_document_dup_value (xml, "volume", "backingStore/path") : NULL;
}

/*
 * xeno_pool_refresh_of:
 * @path: a disk image
 *
 * Makes libvirt look again at the folder of an image that came or went behind its back. A pool that
 * cannot be refreshed is not the matter of whoever asks.
 */
void
xeno_pool_refresh_of (virConnectPtr  handle,
                      const char    *path)
{
  g_autofree char *folder = g_path_get_dirname (path);
  virStoragePoolPtr pool = virStoragePoolLookupByTargetPath (handle, folder);

  if (pool == NULL)
    return;

  virStoragePoolRefresh (pool, 0);
  virStoragePoolFree (pool);
}
