/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What becomes of the disks of a machine that is deleted, and why. */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "base/xeno-text.h"
#include "spec/xeno-spec.h"
#include "virt/xeno-delete-plan-private.h"
#include "virt/xeno-disk-uses-private.h"
#include "virt/xeno-machine-call.h"
#include "virt/xeno-pool.h"
#include "virt/xeno-virt-error.h"

static const XenoDiskUse *
find_other_use (GHashTable *uses,
                const char *path,
                const char *uuid,
                gboolean    as_backing)
{
  GPtrArray *list = g_hash_table_lookup (uses, path);

  for (guint i = 0; list != NULL && i < list->len; i++)
    {
      const XenoDiskUse *use = list->pdata[i];

      if (g_strcmp0 (use->uuid, uuid) != 0 && (use->is_backing || !as_backing))
        return use;
    }
  return NULL;
}

static gboolean
is_made_for (const char *path,
             const char *uuid)
{
  g_autofree char *name = g_path_get_basename (path);

  return g_str_has_prefix (name, uuid);
}

/* Of those that were built on it, this machine is the last. */
static gboolean
is_base (const char *path)
{
  g_autofree char *name = g_path_get_basename (path);

  return g_str_has_prefix (name, XENO_STORAGE_BASE_PREFIX);
}

static void
judge_owner (XenoDiskFate *fate,
             const char   *uuid)
{
  fate->may_remove = TRUE;
  if (is_base (fate->path))
    {
      fate->remove = TRUE;
      fate->reason = g_strdup (_("It was uploaded for machines made from it, and this is the last one."));
      return;
    }

  fate->remove = is_made_for (fate->path, uuid);
  fate->reason = g_strdup (fate->remove ? _("It was made for this machine.")
                                        : _("It was not made by Xenolith, so it is kept unless you "
                                            "choose otherwise."));
}

static void
judge (XenoDiskFate  *fate,
       virConnectPtr  handle,
       GHashTable    *uses,
       XenoDevice    *disk,
       const char    *uuid)
{
  g_autofree char *device = xeno_device_dup_string (disk, "device");
  gboolean is_disc = g_strcmp0 (device, "cdrom") == 0 || g_strcmp0 (device, "floppy") == 0;
  const XenoDiskUse *other = find_other_use (uses, fate->path, uuid, FALSE);
  virStorageVolPtr volume;
  virStorageVolInfo info;

  if (other != NULL)
    {
      fate->reason = g_strdup_printf (other->is_backing ? _("The disk of “%s” is built on it.")
                                                        : _("It is also used by “%s”."),
                                      other->title);
      return;
    }
  if (is_disc && !is_made_for (fate->path, uuid) && !is_base (fate->path))
    {
      fate->reason = g_strdup (_("It is a disc that can be used again."));
      return;
    }

  volume = virStorageVolLookupByPath (handle, fate->path);
  if (volume == NULL || virStorageVolGetInfo (volume, &info) < 0)
    fate->reason = g_strdup (_("It is in no storage pool, so it is kept."));
  else if (info.type != VIR_STORAGE_VOL_FILE)
    fate->reason = g_strdup (_("It is not a file, so it is kept."));
  else if (!is_disc && (xeno_device_get_boolean (disk, "readonly")
                        || xeno_device_get_boolean (disk, "shareable")))
    fate->reason = g_strdup (_("It is read-only or shared, so it is kept."));
  else
    judge_owner (fate, uuid);

  if (volume != NULL && fate->may_remove)
    fate->size_bytes = info.allocation;
  g_clear_pointer (&volume, virStorageVolFree);
}

static void
add_fate (GPtrArray     *fates,
          virConnectPtr  handle,
          GHashTable    *uses,
          XenoDevice    *disk,
          const char    *path,
          const char    *uuid)
{
  XenoDiskFate *fate;

  for (guint i = 0; i < fates->len; i++)
    if (g_str_equal (((XenoDiskFate *) fates->pdata[i])->path, path))
      return;

  fate = g_new0 (XenoDiskFate, 1);
  fate->path = g_strdup (path);
  judge (fate, handle, uses, disk, uuid);
  g_ptr_array_add (fates, fate);
}

/*
 * xeno_delete_plan_make:
 * @handle: an open connection
 * @domain: the machine
 * @error: why nothing can be planned
 *
 * Looks at every machine and every chain of disks just now, and judges each disk of one machine.
 *
 * Returns: (transfer full) (element-type XenoDiskFate): the fates, or %NULL
 */
GPtrArray *
xeno_delete_plan_make (virConnectPtr   handle,
                       virDomainPtr    domain,
                       GError        **error)
{
  g_autoptr (GPtrArray) fates = g_ptr_array_new_with_free_func ((GDestroyNotify) xeno_disk_fate_free);
  g_autoptr (GHashTable) uses = xeno_disk_uses_list (handle, error);
  g_autofree char *xml = NULL;
  g_autofree char *uuid = NULL;
  g_autoptr (XenoSpec) spec = NULL;
  g_autoptr (GPtrArray) disks = NULL;

  if (uses == NULL)
    return NULL;

  xml = virDomainGetXMLDesc (domain, VIR_DOMAIN_XML_INACTIVE);
  if (xml == NULL)
    {
      xeno_virt_set_error (error, _("The machine “%s” cannot be read, so nothing is removed."),
                           virDomainGetName (domain));
      return NULL;
    }
  spec = xeno_spec_new_from_xml (xml, error);
  if (spec == NULL)
    return NULL;

  uuid = xeno_spec_dup_uuid (spec);
  disks = xeno_spec_list_devices (spec, "disk");
  for (guint i = 0; i < disks->len; i++)
    {
      g_autofree char *path = xeno_device_dup_string (disks->pdata[i], "source-file");

      if (path == NULL)
        path = xeno_device_dup_string (disks->pdata[i], "source-dev");
      for (guint depth = 0; path != NULL && depth < XENO_DISK_USES_MAX_CHAIN; depth++)
        {
          char *backing = xeno_pool_dup_backing (handle, path);

          add_fate (fates, handle, uses, disks->pdata[i], path, uuid);
          g_free (path);
          path = backing;
        }
    }
  return g_steal_pointer (&fates);
}

/*
 * xeno_delete_plan_find_heir:
 * @handle: an open connection
 * @domain: the machine
 * @error: why it is not known
 *
 * Finds a machine whose disk is built on one that this machine writes to.
 *
 * Returns: (transfer full) (nullable): its title, or %NULL where there is none
 */
char *
xeno_delete_plan_find_heir (virConnectPtr   handle,
                            virDomainPtr    domain,
                            GError        **error)
{
  g_autoptr (GHashTable) uses = xeno_disk_uses_list (handle, error);
  g_autofree char *xml = virDomainGetXMLDesc (domain, VIR_DOMAIN_XML_INACTIVE);
  g_autoptr (XenoSpec) spec = xml != NULL ? xeno_spec_new_from_xml (xml, NULL) : NULL;
  g_autofree char *uuid = spec != NULL ? xeno_spec_dup_uuid (spec) : NULL;
  g_autoptr (GPtrArray) disks = spec != NULL ? xeno_spec_list_devices (spec, "disk") : NULL;

  for (guint i = 0; uses != NULL && disks != NULL && i < disks->len; i++)
    {
      g_autofree char *path = xeno_device_dup_string (disks->pdata[i], "source-file");
      const XenoDiskUse *other = path != NULL ? find_other_use (uses, path, uuid, TRUE) : NULL;

      if (other != NULL && !xeno_device_get_boolean (disks->pdata[i], "readonly"))
        return g_strdup (other->title);
    }
  return NULL;
}

static gpointer
plan_work (virDomainPtr   domain,
           const char    *title,
           gpointer       data,
           GError       **error)
{
  return xeno_delete_plan_make (virDomainGetConnect (domain), domain, error);
}

/**
 * xeno_disk_fate_free:
 * @fate: (transfer full): a fate
 *
 * Frees a fate.
 */
void
xeno_disk_fate_free (XenoDiskFate *fate)
{
  g_return_if_fail (fate != NULL);

  g_free (fate->path);
  g_free (fate->reason);
  g_free (fate);
}

/**
 * xeno_machine_plan_delete_async:
 * @self: a machine
 * @cancellable: (nullable): to give up waiting
 * @callback: called when the plan is there
 * @user_data: passed to @callback
 *
 * Finds out what would become of each disk if the machine were deleted. Nothing is changed.
 */
void
xeno_machine_plan_delete_async (XenoMachine         *self,
                                GCancellable        *cancellable,
                                GAsyncReadyCallback  callback,
                                gpointer             user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (XENO_IS_MACHINE (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, xeno_machine_plan_delete_async);
  xeno_machine_call (self, XENO_CALL_MACHINE, XENO_LONG_CALL_MS, task, plan_work, NULL, NULL,
                     (GDestroyNotify) g_ptr_array_unref);
}

/**
 * xeno_machine_plan_delete_finish:
 * @self: a machine
 * @result: what the callback was given
 * @error: why nothing can be planned
 *
 * Ends xeno_machine_plan_delete_async().
 *
 * Returns: (transfer full) (element-type XenoDiskFate): the fates, or %NULL
 */
GPtrArray *
xeno_machine_plan_delete_finish (XenoMachine   *self,
                                 GAsyncResult  *result,
                                 GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
