/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What an operating system needs and has drivers for, as the database says. */
#include "config.h"

#include <string.h>

#include "create/xeno-os-private.h"

static gboolean
is_for_arch (const char *wanted,
             const char *arch)
{
  return g_strcmp0 (arch, wanted) == 0 || g_strcmp0 (arch, OSINFO_ARCHITECTURE_ALL) == 0;
}

static void
take_resources (XenoOsResources     *resources,
                OsinfoResourcesList *list,
                const char          *arch)
{
  g_autoptr (GList) elements = osinfo_list_get_elements (OSINFO_LIST (list));

  for (GList *l = elements; l != NULL; l = l->next)
    {
      if (!is_for_arch (arch, osinfo_resources_get_architecture (l->data)))
        continue;

      /* -1 stands for not known; the architecture's own entry beats the one for all. */
      resources->memory_bytes = MAX (osinfo_resources_get_ram (l->data), (gint64) resources->memory_bytes);
      resources->n_cpus = MAX (osinfo_resources_get_n_cpus (l->data), (int) resources->n_cpus);
      resources->disk_bytes = MAX (osinfo_resources_get_storage (l->data), (gint64) resources->disk_bytes);
    }
  g_object_unref (list);
}

static void
take_devices (XenoOsFacts *self,
              OsinfoOs    *os)
{
  g_autoptr (OsinfoDeviceList) list = osinfo_os_get_all_devices (os, NULL);
  g_autoptr (GList) elements = osinfo_list_get_elements (OSINFO_LIST (list));

  for (GList *l = elements; l != NULL; l = l->next)
    {
      const char *name = osinfo_device_get_name (l->data);

      if (name != NULL)
        g_ptr_array_add (self->devices, (gpointer) g_intern_string (name));
    }
}

static void
take_firmware (XenoOsFacts *self,
               OsinfoOs    *os,
               const char  *arch)
{
  g_autoptr (OsinfoFirmwareList) list = osinfo_os_get_complete_firmware_list (os, NULL);
  g_autoptr (GList) elements = osinfo_list_get_elements (OSINFO_LIST (list));

  for (GList *l = elements; l != NULL; l = l->next)
    {
      const char *type = osinfo_firmware_get_firmware_type (l->data);
      gboolean is_supported = osinfo_firmware_is_supported (l->data);

      if (!is_for_arch (arch, osinfo_firmware_get_architecture (l->data)))
        continue;
      if (g_strcmp0 (type, "bios") == 0)
        self->no_bios = !is_supported;
      else if (g_strcmp0 (type, "efi") == 0)
        self->has_uefi = is_supported;
    }
}

/*< private >
 * xeno_os_facts_new:
 *
 * Makes facts that say nothing.
 *
 * Returns: (transfer full): the facts
 */
XenoOsFacts *
xeno_os_facts_new (void)
{
  XenoOsFacts *self = g_new0 (XenoOsFacts, 1);

  self->devices = g_ptr_array_new ();
  return self;
}

/*< private >
 * xeno_os_facts_new_from_osinfo:
 * @os: an entry of the database
 * @arch: the architecture its machines will have
 *
 * Reads what is known of a system.
 *
 * Returns: (transfer full): the facts
 */
XenoOsFacts *
xeno_os_facts_new_from_osinfo (OsinfoOs   *os,
                               const char *arch)
{
  XenoOsFacts *self = xeno_os_facts_new ();

  take_resources (&self->minimum, osinfo_os_get_minimum_resources (os), arch);
  take_resources (&self->recommended, osinfo_os_get_recommended_resources (os), arch);
  take_devices (self, os);
  take_firmware (self, os, arch);
  return self;
}

/*< private >
 * xeno_os_facts_free:
 * @self: (transfer full): facts
 *
 * Frees them.
 */
void
xeno_os_facts_free (XenoOsFacts *self)
{
  g_return_if_fail (self != NULL);

  g_ptr_array_unref (self->devices);
  g_free (self);
}

/*< private >
 * xeno_os_facts_has_device:
 * @self: facts
 * @device_name: the database's name of a device
 *
 * Looks for a driver, for the old or the new form of a virtio device.
 *
 * Returns: %TRUE if there is one
 */
gboolean
xeno_os_facts_has_device (XenoOsFacts *self,
                          const char  *device_name)
{
  g_autofree char *modern = NULL;

  g_return_val_if_fail (self != NULL, FALSE);

  if (g_str_has_prefix (device_name, "virtio-"))
    modern = g_strconcat ("virtio1.0-", device_name + strlen ("virtio-"), NULL);

  for (guint i = 0; i < self->devices->len; i++)
    {
      const char *name = g_ptr_array_index (self->devices, i);

      if (g_str_equal (name, device_name) || g_strcmp0 (name, modern) == 0)
        return TRUE;
    }
  return FALSE;
}
