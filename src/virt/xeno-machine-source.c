/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A machine as what others are made from: its whole document and its disks. */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "base/xeno-error.h"
#include "base/xeno-text.h"
#include "virt/xeno-disk-uses-private.h"
#include "virt/xeno-machine-call.h"
#include "virt/xeno-machine-snapshots-private.h"
#include "virt/xeno-machine-source.h"
#include "virt/xeno-places.h"
#include "virt/xeno-pool.h"
#include "virt/xeno-virt-error.h"

#define MAX_TARGET_CHARS 20
#define MAX_PATH_CHARS 300

static void
source_image_free (XenoSourceImage *image)
{
  g_free (image->path);
  g_free (image->format);
  g_free (image);
}

static void
source_disk_free (XenoSourceDisk *disk)
{
  g_clear_pointer (&disk->below, g_ptr_array_unref);
  g_free (disk->target);
  g_free (disk->path);
  g_free (disk->format);
  g_free (disk);
}

/* Of a disk that is written to meanwhile, a copy would be of no moment at all. */
static gboolean
check_still (virDomainPtr   domain,
             const char    *title,
             GError       **error)
{
  if (virDomainIsActive (domain) > 0)
    {
      xeno_set_error (error, XENO_ERROR_WRONG_STATE, NULL,
                      _("“%s” is running, and a copy of disks that change is of no use. Shut it down first."),
                      title);
      return FALSE;
    }
  if (virDomainHasManagedSaveImage (domain, 0) > 0)
    {
      xeno_set_error (error, XENO_ERROR_WRONG_STATE, NULL,
                      _("“%s” has a saved state, and its disks alone are of the middle of what it did. "
                        "Restore it and shut it down, or discard the saved state."),
                      title);
      return FALSE;
    }
  return TRUE;
}

/* Discs are shared, and so is what is only read or meant to be shared. */
static gboolean
is_written (XenoDevice *disk)
{
  g_autofree char *device = xeno_device_dup_string (disk, "device");

  return (device == NULL || g_str_equal (device, "disk"))
         && !xeno_device_get_boolean (disk, "readonly")
         && !xeno_device_get_boolean (disk, "shareable");
}

/* As libvirt knows it from the headers of its volumes, formats included. */
static gboolean
add_chain (XenoSourceDisk  *disk,
           virConnectPtr    handle,
           const char      *title,
           GError         **error)
{
  const char *path = disk->path;

  disk->below = g_ptr_array_new_with_free_func ((GDestroyNotify) source_image_free);
  while (disk->below->len < XENO_DISK_USES_MAX_CHAIN)
    {
      XenoSourceImage *image = g_new0 (XenoSourceImage, 1);

      image->path = xeno_pool_dup_backing_and_format (handle, path, &image->format);
      if (image->path == NULL)
        {
          source_image_free (image);
          return TRUE;
        }

      g_ptr_array_add (disk->below, image);
      if (image->format == NULL)
        {
          g_autofree char *shown = xeno_text_clean (path, -1, MAX_PATH_CHARS);

          xeno_set_error (error, XENO_ERROR_BAD_MEDIA, NULL,
                          _("“%s” cannot be copied: “%s” does not say of what format the image is that it is built "
                            "on. Say it with “qemu-img rebase -u -F”."), title, shown);
          return FALSE;
        }
      path = image->path;
    }
  return TRUE;
}

static gboolean
add_disk (XenoMachineSource  *source,
          virDomainPtr        domain,
          const char         *title,
          XenoDevice         *device,
          GError            **error)
{
  g_autofree char *type = xeno_device_dup_string (device, "type");
  g_autofree char *target = xeno_device_dup_string (device, "target-dev");
  g_autofree char *shown = xeno_text_clean (target != NULL ? target : "?", -1, MAX_TARGET_CHARS);
  g_autofree char *path = xeno_device_dup_string (device, "source-file");
  virDomainBlockInfo info;
  XenoSourceDisk *disk;

  if (g_strcmp0 (type, "file") != 0 || target == NULL || path == NULL)
    {
      xeno_set_error (error, XENO_ERROR_NOT_SUPPORTED, NULL,
                      _("“%s” cannot be copied: its disk “%s” is not a file. Copy that disk by its own means, "
                        "or take it out."), title, shown);
      return FALSE;
    }
  if (virDomainGetBlockInfo (domain, target, &info, 0) < 0)
    {
      xeno_virt_set_error (error, _("“%s” cannot be copied: its disk “%s” cannot be read."), title, shown);
      return FALSE;
    }

  disk = g_new0 (XenoSourceDisk, 1);
  disk->target = g_steal_pointer (&target);
  disk->path = g_steal_pointer (&path);
  disk->format = xeno_device_dup_string (device, "driver-type");
  if (disk->format == NULL)
    disk->format = g_strdup ("raw"); /* as libvirt takes it, too */
  disk->capacity_bytes = info.capacity;
  disk->allocated_bytes = info.allocation;
  g_ptr_array_add (source->disks, disk);
  return add_chain (disk, virDomainGetConnect (domain), title, error);
}

/* Where the document does not say it, libvirt has places of its own. */
static void
find_places (XenoMachineSource *source,
             virDomainPtr       domain)
{
  g_autoptr (GPtrArray) tpms = xeno_spec_list_devices (source->spec, "tpm");
  char *uri = virConnectGetURI (virDomainGetConnect (domain));
  char uuid[VIR_UUID_STRING_BUFLEN] = "";

  source->nvram = xeno_spec_dup_value (source->spec, "os/nvram");
  if (source->nvram != NULL && *source->nvram == '\0')
    g_clear_pointer (&source->nvram, g_free);
  if (source->nvram == NULL && uri != NULL && xeno_spec_is_uefi (source->spec))
    source->nvram = xeno_places_dup_nvram (uri, virDomainGetName (domain));

  virDomainGetUUIDString (domain, uuid);
  for (guint i = 0; i < tpms->len && uri != NULL && source->tpm == NULL; i++)
    {
      g_autofree char *version = xeno_device_dup_string (tpms->pdata[i], "version");
      g_autofree char *backend = xeno_device_dup_string (tpms->pdata[i], "backend-type");

      if (g_strcmp0 (backend, "emulator") == 0)
        source->tpm = xeno_places_dup_tpm (uri, uuid, version);
    }
  free (uri);
}

static gpointer
read_source (virDomainPtr   domain,
             const char    *title,
             gpointer       data,
             GError       **error)
{
  g_autoptr (XenoMachineSource) source = g_new0 (XenoMachineSource, 1);
  g_autofree char *xml = NULL;
  g_autoptr (GPtrArray) devices = NULL;

  if (!check_still (domain, title, error))
    return NULL;

  xml = virDomainGetXMLDesc (domain, VIR_DOMAIN_XML_INACTIVE | VIR_DOMAIN_XML_SECURE);
  if (xml == NULL)
    {
      xeno_virt_set_error (error, _("“%s” could not be read."), title);
      return NULL;
    }
  source->spec = xeno_spec_new_from_xml (xml, error);
  if (source->spec == NULL)
    return NULL;

  source->snapshots = xeno_machine_read_snapshots (domain, title, &source->current_snapshot, error);
  if (source->snapshots == NULL)
    return NULL;

  find_places (source, domain);
  if (virConnectGetVersion (virDomainGetConnect (domain), &source->hypervisor_version) < 0)
    source->hypervisor_version = 0;
  source->disks = g_ptr_array_new_with_free_func ((GDestroyNotify) source_disk_free);
  devices = xeno_spec_list_devices (source->spec, "disk");
  for (guint i = 0; i < devices->len; i++)
    if (is_written (devices->pdata[i]) && !add_disk (source, domain, title, devices->pdata[i], error))
      return NULL;
  return g_steal_pointer (&source);
}

/**
 * xeno_machine_source_free:
 * @source: (transfer full): what another machine is made from
 *
 * Frees it.
 */
void
xeno_machine_source_free (XenoMachineSource *source)
{
  g_return_if_fail (source != NULL);

  g_clear_object (&source->spec);
  g_clear_pointer (&source->disks, g_ptr_array_unref);
  g_strfreev (source->snapshots);
  g_free (source->current_snapshot);
  g_free (source->nvram);
  g_free (source->tpm);
  g_free (source);
}

/**
 * xeno_machine_read_source_async:
 * @self: a machine
 * @cancellable: (nullable): stops the waiting
 * @callback: (scope async): called with the source
 * @user_data: passed to @callback
 *
 * Reads what another machine would be made from. Errors: %XENO_ERROR_WRONG_STATE while it runs or has
 * a saved state, %XENO_ERROR_NOT_SUPPORTED where a disk is not a file.
 */
void
xeno_machine_read_source_async (XenoMachine         *self,
                                GCancellable        *cancellable,
                                GAsyncReadyCallback  callback,
                                gpointer             user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (XENO_IS_MACHINE (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, xeno_machine_read_source_async);
  xeno_machine_call (self, XENO_CALL_MACHINE, XENO_CALL_MS, task, read_source, NULL, NULL,
                     (GDestroyNotify) xeno_machine_source_free);
}

/**
 * xeno_machine_read_source_finish:
 * @self: a machine
 * @result: what the callback got
 * @error: where to say why no other machine can be made from it
 *
 * Finishes xeno_machine_read_source_async().
 *
 * Returns: (transfer full) (nullable): the source
 */
XenoMachineSource *
xeno_machine_read_source_finish (XenoMachine   *self,
                                 GAsyncResult  *result,
                                 GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
