/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What starts a guest. */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/**
 * XenoFirmware:
 * @XENO_FIRMWARE_AUTO: what the medium and the operating system need
 * @XENO_FIRMWARE_BIOS: a BIOS
 * @XENO_FIRMWARE_UEFI: UEFI
 *
 * What starts the guest.
 */
typedef enum
{
  XENO_FIRMWARE_AUTO,
  XENO_FIRMWARE_BIOS,
  XENO_FIRMWARE_UEFI,
} XenoFirmware;

#define XENO_TYPE_FIRMWARE (xeno_firmware_get_type ())
GType xeno_firmware_get_type (void);

G_END_DECLS
