/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How large the disks of a machine are, for the time when no sampler measures them. */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "virt/xeno-machine-call.h"
#include "virt/xeno-virt-error.h"

static void
disk_size_free (XenoDiskSize *size)
{
  g_free (size->target);
  g_free (size);
}

/* Discs and what is only read are not the machine's own. */
static gboolean
is_own (XenoDevice *disk)
{
  g_autofree char *device = xeno_device_dup_string (disk, "device");

  return (device == NULL || g_str_equal (device, "disk"))
         && !xeno_device_get_boolean (disk, "readonly");
}

static void
add_disk (GPtrArray    *sizes,
          virDomainPtr  domain,
          XenoDevice   *disk)
{
  g_autofree char *target = xeno_device_dup_string (disk, "target-dev");
  virDomainBlockInfo info;
  XenoDiskSize *size;

  /* One that is lost or out of reach has no size, and the others have theirs. */
  if (target == NULL || virDomainGetBlockInfo (domain, target, &info, 0) < 0)
    return;

  size = g_new0 (XenoDiskSize, 1);
  size->target = g_steal_pointer (&target);
  size->capacity_bytes = info.capacity;
  size->allocated_bytes = info.allocation;
  size->is_own = is_own (disk);
  g_ptr_array_add (sizes, size);
}

static gpointer
read_sizes (virDomainPtr   domain,
            const char    *title,
            gpointer       data,
            GError       **error)
{
  g_autofree char *xml = virDomainGetXMLDesc (domain, 0);
  g_autoptr (XenoSpec) spec = NULL;
  g_autoptr (GPtrArray) disks = NULL;
  GPtrArray *sizes;

  if (xml == NULL)
    {
      xeno_virt_set_error (error, _("“%s” could not be read."), title);
      return NULL;
    }
  spec = xeno_spec_new_from_xml (xml, error);
  if (spec == NULL)
    return NULL;

  sizes = g_ptr_array_new_with_free_func ((GDestroyNotify) disk_size_free);
  disks = xeno_spec_list_devices (spec, "disk");
  for (guint i = 0; i < disks->len; i++)
    add_disk (sizes, domain, disks->pdata[i]);
  return sizes;
}

/**
 * xeno_machine_read_disks_async:
 * @self: a machine
 * @cancellable: (nullable): stops the waiting
 * @callback: (scope async): called with the sizes
 * @user_data: passed to @callback
 *
 * Asks how large the disks are. For the sum over those of machines that run, the sampler knows.
 */
void
xeno_machine_read_disks_async (XenoMachine         *self,
                               GCancellable        *cancellable,
                               GAsyncReadyCallback  callback,
                               gpointer             user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (XENO_IS_MACHINE (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, xeno_machine_read_disks_async);
  xeno_machine_call (self, XENO_CALL_MACHINE, XENO_CALL_MS, task, read_sizes, NULL, NULL,
                     (GDestroyNotify) g_ptr_array_unref);
}

/**
 * xeno_machine_read_disk_sizes_finish:
 * @self: a machine
 * @result: what the callback got
 * @error: where to say why they are not known
 *
 * Finishes xeno_machine_read_disks_async() with each disk and disc that could be read.
 *
 * Returns: (transfer full) (element-type XenoDiskSize) (nullable): their sizes
 */
GPtrArray *
xeno_machine_read_disk_sizes_finish (XenoMachine   *self,
                                     GAsyncResult  *result,
                                     GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * xeno_machine_read_disks_finish:
 * @self: a machine
 * @result: what the callback got
 * @capacity_bytes: (out): what the guest sees, over all its disks; 0 where it has none
 * @allocated_bytes: (out): what they take on the host
 * @error: where to say why they are not known
 *
 * Finishes xeno_machine_read_disks_async() with the sum over those disks which the machine may write
 * to.
 *
 * Returns: whether they are known
 */
gboolean
xeno_machine_read_disks_finish (XenoMachine   *self,
                                GAsyncResult  *result,
                                guint64       *capacity_bytes,
                                guint64       *allocated_bytes,
                                GError       **error)
{
  g_autoptr (GPtrArray) sizes = NULL;

  g_return_val_if_fail (capacity_bytes != NULL, FALSE);
  g_return_val_if_fail (allocated_bytes != NULL, FALSE);

  sizes = xeno_machine_read_disk_sizes_finish (self, result, error);
  if (sizes == NULL)
    return FALSE;

  *capacity_bytes = *allocated_bytes = 0;
  for (guint i = 0; i < sizes->len; i++)
    {
      const XenoDiskSize *size = sizes->pdata[i];

      if (!size->is_own)
        continue;
      *capacity_bytes += size->capacity_bytes;
      *allocated_bytes += size->allocated_bytes;
    }
  return TRUE;
}
