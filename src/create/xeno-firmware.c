/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What starts a guest. */
#include "config.h"

#include "create/xeno-firmware.h"

GType
xeno_firmware_get_type (void)
{
  static gsize type;
  static const GEnumValue values[] = {
    { XENO_FIRMWARE_AUTO, "XENO_FIRMWARE_AUTO", "auto" },
    { XENO_FIRMWARE_BIOS, "XENO_FIRMWARE_BIOS", "bios" },
    { XENO_FIRMWARE_UEFI, "XENO_FIRMWARE_UEFI", "uefi" },
    { 0, NULL, NULL }
  };

  if (g_once_init_enter (&type))
    g_once_init_leave (&type, g_enum_register_static ("XenoFirmware", values));
  return type;
}
