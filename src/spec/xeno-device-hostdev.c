/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Devices of the host given to the machine. */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "spec/xeno-device-private.h"

static const XenoField hostdev_fields[] = {
  { "mode", N_("Mode"), "@mode", XENO_FIELD_STRING },
  { "type", N_("Type"), "@type", XENO_FIELD_STRING },
  { "managed", N_("Managed"), "@managed", XENO_FIELD_BOOLEAN },
  { "model", N_("Model"), "@model", XENO_FIELD_STRING },
  { "display", N_("Display"), "@display", XENO_FIELD_SWITCH },
  { "ramfb", N_("Boot display"), "@ramfb", XENO_FIELD_SWITCH },
  { "driver", N_("Driver"), "driver/@name", XENO_FIELD_STRING },
  { "startup-policy", N_("When the device is missing"),
    "source/@startupPolicy", XENO_FIELD_STRING },
  { "guest-reset", N_("Guest may reset"), "source/@guestReset", XENO_FIELD_STRING },
  { "vendor", N_("USB vendor"), "source/vendor/@id", XENO_FIELD_STRING },
  { "product", N_("USB product"), "source/product/@id", XENO_FIELD_STRING },
  { "source-bus", N_("Bus"), "source/address/@bus", XENO_FIELD_STRING },
  { "source-device", N_("Device number"), "source/address/@device", XENO_FIELD_STRING },
  { "source-domain", N_("PCI domain"), "source/address/@domain", XENO_FIELD_STRING },
  { "source-slot", N_("PCI slot"), "source/address/@slot", XENO_FIELD_STRING },
  { "source-function", N_("PCI function"), "source/address/@function", XENO_FIELD_STRING },
  { "source-uuid", N_("Mediated device"), "source/address/@uuid", XENO_FIELD_STRING },
  { "adapter", N_("SCSI adapter"), "source/adapter/@name", XENO_FIELD_STRING },
  { "rom-bar", N_("ROM visible"), "rom/@bar", XENO_FIELD_SWITCH },
  { "rom-file", N_("ROM file"), "rom/@file", XENO_FIELD_STRING },
  { "boot-order", N_("Boot order"), "boot/@order", XENO_FIELD_UINT },
  { "alias", N_("Alias"), "alias/@name", XENO_FIELD_STRING, XENO_FIELD_OF_RUN },
};

static char *
dup_hostdev_title (XenoDevice *device)
{
  g_autofree char *type = xeno_device_dup_string (device, "type");
  g_autofree char *vendor = xeno_device_dup_clean (device, "vendor");
  g_autofree char *product = xeno_device_dup_clean (device, "product");

  if (g_strcmp0 (type, "usb") == 0 && vendor != NULL && product != NULL)
    /* Translators: a USB device of the host, as "USB device 0x1234:0xbeef" */
    return g_strdup_printf (_("USB device %s:%s"), vendor, product);
  if (g_strcmp0 (type, "pci") == 0)
    /* Translators: a PCI device of the host, as "PCI device 0000:06:02.0" */
    return g_strdup_printf (_("PCI device %04x:%02x:%02x.%x"),
                            (guint) xeno_device_get_uint (device, "source-domain", 0),
                            (guint) xeno_device_get_uint (device, "source-bus", 0),
                            (guint) xeno_device_get_uint (device, "source-slot", 0),
                            (guint) xeno_device_get_uint (device, "source-function", 0));
  return xeno_device_dup_plain_title (device, NULL, "type");
}

const XenoDeviceKind xeno_device_kind_hostdev = {
  "hostdev", N_("Host device"), hostdev_fields, G_N_ELEMENTS (hostdev_fields), dup_hostdev_title,
};
