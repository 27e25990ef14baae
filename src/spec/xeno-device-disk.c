/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Disks and drives. */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "spec/xeno-device-private.h"
#include "spec/xeno-field-private.h"

static const XenoField disk_fields[] = {
  { "type", N_("Source type"), "@type", XENO_FIELD_STRING },
  { "device", N_("Device"), "@device", XENO_FIELD_STRING },
  { "driver-type", N_("Format"), "driver/@type", XENO_FIELD_STRING },
  { "driver-cache", N_("Cache mode"), "driver/@cache", XENO_FIELD_STRING },
  { "driver-io", N_("I/O mode"), "driver/@io", XENO_FIELD_STRING },
  { "driver-discard", N_("Discard"), "driver/@discard", XENO_FIELD_STRING },
  { "detect-zeroes", N_("Zero detection"), "driver/@detect_zeroes", XENO_FIELD_STRING },
  { "source-file", N_("File"), "source/@file", XENO_FIELD_STRING },
  { "source-dev", N_("Host device"), "source/@dev", XENO_FIELD_STRING },
  { "source-pool", N_("Pool"), "source/@pool", XENO_FIELD_STRING },
  { "source-volume", N_("Volume"), "source/@volume", XENO_FIELD_STRING },
  { "source-protocol", N_("Protocol"), "source/@protocol", XENO_FIELD_STRING },
  { "source-name", N_("Network name"), "source/@name", XENO_FIELD_STRING },
  { "source-host", N_("Network host"), "source/host/@name", XENO_FIELD_STRING },
  { "startup-policy", N_("When the source is missing"),
    "source/@startupPolicy", XENO_FIELD_STRING },
  { "target-dev", N_("Target"), "target/@dev", XENO_FIELD_STRING },
  { "bus", N_("Bus"), "target/@bus", XENO_FIELD_STRING },
  { "removable", N_("Removable"), "target/@removable", XENO_FIELD_SWITCH },
  { "rotation-rate", N_("Rotation rate"), "target/@rotation_rate", XENO_FIELD_UINT },
  { "readonly", N_("Read only"), "readonly", XENO_FIELD_PRESENT },
  { "shareable", N_("Shareable"), "shareable", XENO_FIELD_PRESENT },
  { "transient", N_("Changes are dropped at the end"), "transient", XENO_FIELD_PRESENT },
  { "serial", N_("Serial number"), "serial", XENO_FIELD_STRING },
  { "wwn", N_("World wide name"), "wwn", XENO_FIELD_STRING },
  { "boot-order", N_("Boot order"), "boot/@order", XENO_FIELD_UINT },
  { "backing-file", N_("Backing file"), "backingStore/source/@file", XENO_FIELD_STRING, XENO_FIELD_OF_RUN },
  { "backing-format", N_("Backing format"), "backingStore/format/@type", XENO_FIELD_STRING, XENO_FIELD_OF_RUN },
  { "read-iops", N_("Reads per second"), "iotune/read_iops_sec", XENO_FIELD_UINT },
  { "write-iops", N_("Writes per second"), "iotune/write_iops_sec", XENO_FIELD_UINT },
  { "read-bytes", N_("Bytes read per second"), "iotune/read_bytes_sec", XENO_FIELD_UINT },
  { "write-bytes", N_("Bytes written per second"), "iotune/write_bytes_sec", XENO_FIELD_UINT },
  { "alias", N_("Alias"), "alias/@name", XENO_FIELD_STRING, XENO_FIELD_OF_RUN },
};

static gboolean
is_disk (xmlNode *node)
{
  g_autofree char *what = xeno_node_dup_value (node, "@device");

  return g_strcmp0 (what, "cdrom") != 0 && g_strcmp0 (what, "floppy") != 0;
}

/* People count disks, not drives. */
static guint
get_disk_ordinal (XenoDevice *device)
{
  guint n = 1;

  for (xmlNode *node = xeno_device_get_node (device)->prev; node != NULL; node = node->prev)
    if (xeno_node_is (node, "disk") && is_disk (node))
      n++;
  return n;
}

static char *
dup_disk_title (XenoDevice *device)
{
  g_autofree char *what = xeno_device_dup_string (device, "device");
  g_autofree char *bus = xeno_device_dup_clean (device, "bus");
  guint ordinal = get_disk_ordinal (device);

  if (g_strcmp0 (what, "cdrom") == 0)
    return xeno_device_dup_plain_title (device, _("CD drive"), "target-dev");
  if (g_strcmp0 (what, "floppy") == 0)
    return xeno_device_dup_plain_title (device, _("Floppy drive"), "target-dev");
  if (bus == NULL)
    /* Translators: a disk of a machine, %u is its number */
    return g_strdup_printf (_("Disk %u"), ordinal);

  /* Translators: a disk of a machine, %u is its number, %s the bus: "virtio" */
  return g_strdup_printf (_("Disk %u (%s)"), ordinal, bus);
}

const XenoDeviceKind xeno_device_kind_disk = {
  "disk", N_("Disk"), disk_fields, G_N_ELEMENTS (disk_fields), dup_disk_title, NULL, "target-dev",
};
