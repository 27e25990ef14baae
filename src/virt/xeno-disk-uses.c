/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which machines use which files. */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "base/xeno-text.h"
#include "spec/xeno-spec.h"
#include "virt/xeno-connection-private.h"
#include "virt/xeno-disk-uses-private.h"
#include "virt/xeno-pool.h"
#include "virt/xeno-virt-error.h"

#define MAX_TITLE 100

#define LANE "disk-uses"

static void
use_free (XenoDiskUse *use)
{
  g_free (use->uuid);
  g_free (use->title);
  g_free (use);
}

static void
note_use (GHashTable *uses,
          const char *path,
          XenoSpec   *spec,
          gboolean    is_backing)
{
  GPtrArray *list = g_hash_table_lookup (uses, path);
  g_autofree char *title = xeno_spec_dup_title (spec);
  g_autofree char *name = xeno_spec_dup_name (spec);
  XenoDiskUse *use = g_new0 (XenoDiskUse, 1);

  if (list == NULL)
    {
      list = g_ptr_array_new_with_free_func ((GDestroyNotify) use_free);
      g_hash_table_insert (uses, g_strdup (path), list);
    }

  use->uuid = xeno_spec_dup_uuid (spec);
  use->title = xeno_text_clean (title != NULL ? title : name, -1, MAX_TITLE);
  use->is_backing = is_backing;
  g_ptr_array_add (list, use);
}

static void
note_chain (virConnectPtr  handle,
            GHashTable    *uses,
            const char    *path,
            XenoSpec      *spec)
{
  g_autofree char *link = g_strdup (path);

  note_use (uses, path, spec, FALSE);
  for (guint i = 0; i < XENO_DISK_USES_MAX_CHAIN; i++)
    {
      char *backing = xeno_pool_dup_backing (handle, link);

      if (backing == NULL)
        return;

      note_use (uses, backing, spec, TRUE);
      g_free (link);
      link = backing;
    }
}

static void
note_document (virConnectPtr  handle,
               GHashTable    *uses,
               virDomainPtr   domain,
               guint          flags)
{
  g_autofree char *xml = virDomainGetXMLDesc (domain, flags);
  g_autoptr (XenoSpec) spec = xml != NULL ? xeno_spec_new_from_xml (xml, NULL) : NULL;
  g_autoptr (GPtrArray) disks = NULL;

  if (spec == NULL)
    return;

  disks = xeno_spec_list_devices (spec, "disk");
  for (guint i = 0; i < disks->len; i++)
    {
      g_autofree char *file = xeno_device_dup_string (disks->pdata[i], "source-file");
      g_autofree char *dev = xeno_device_dup_string (disks->pdata[i], "source-dev");

      if (file != NULL)
        note_chain (handle, uses, file, spec);
      else if (dev != NULL)
        note_use (uses, dev, spec, FALSE);
    }
}

/*< private >
 * xeno_disk_uses_list:
 * @handle: an open connection
 * @error: what libvirt said
 *
 * Finds out which machines use which files, and what those are built on. Blocks.
 *
 * Returns: (transfer full) (element-type utf8 GPtrArray): lists of #XenoDiskUse by path
 */
GHashTable *
xeno_disk_uses_list (virConnectPtr   handle,
                     GError        **error)
{
  g_autoptr (GHashTable) uses = NULL;
  g_autofree virDomainPtr *domains = NULL;
  int n_domains = virConnectListAllDomains (handle, &domains, 0);

  if (n_domains < 0)
    {
      xeno_virt_set_error (error, _("It is not known which machines use the disks, so nothing is "
                                    "removed."));
      return NULL;
    }

  uses = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                (GDestroyNotify) g_ptr_array_unref);
  for (int i = 0; i < n_domains; i++)
    {
      note_document (handle, uses, domains[i], VIR_DOMAIN_XML_INACTIVE);
      if (virDomainIsActive (domains[i]) == 1)
        note_document (handle, uses, domains[i], 0);
      virDomainFree (domains[i]);
    }
  return g_steal_pointer (&uses);
}

static gpointer
list_work (virConnectPtr   handle,
           gpointer        data,
           GCancellable   *cancellable,
           GError        **error)
{
  return xeno_disk_uses_list (handle, error);
}

/**
 * xeno_connection_list_disk_uses_async:
 * @self: a connection
 * @cancellable: (nullable): to give up waiting
 * @callback: called when it is known
 * @user_data: passed to @callback
 *
 * Finds out which machines use which files, and what those are built on.
 */
void
xeno_connection_list_disk_uses_async (XenoConnection      *self,
                                      GCancellable        *cancellable,
                                      GAsyncReadyCallback  callback,
                                      gpointer             user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (XENO_IS_CONNECTION (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, xeno_connection_list_disk_uses_async);
  xeno_connection_call (self, XENO_CALL_DAEMON, LANE, XENO_CALL_MS, task, list_work, NULL, NULL,
                        (GDestroyNotify) g_hash_table_unref);
}

/**
 * xeno_connection_list_disk_uses_finish:
 * @self: a connection
 * @result: what the callback was given
 * @error: what libvirt said
 *
 * Ends xeno_connection_list_disk_uses_async().
 *
 * Returns: (transfer full) (element-type utf8 GPtrArray): lists of #XenoDiskUse by path
 */
GHashTable *
xeno_connection_list_disk_uses_finish (XenoConnection  *self,
                                       GAsyncResult    *result,
                                       GError         **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
