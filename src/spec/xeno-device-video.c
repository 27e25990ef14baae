/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Graphics cards. */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "spec/xeno-device-private.h"

static const XenoField video_fields[] = {
  { "model", N_("Model"), "model/@type", XENO_FIELD_STRING },
  { "vram", N_("Video memory (KiB)"), "model/@vram", XENO_FIELD_UINT },
  { "ram", N_("Memory (KiB)"), "model/@ram", XENO_FIELD_UINT },
  { "vgamem", N_("VGA memory (KiB)"), "model/@vgamem", XENO_FIELD_UINT },
  { "vram64", N_("64-bit video memory (KiB)"), "model/@vram64", XENO_FIELD_UINT },
  { "heads", N_("Screens"), "model/@heads", XENO_FIELD_UINT },
  { "primary", N_("Primary"), "model/@primary", XENO_FIELD_BOOLEAN },
  { "blob", N_("Blob resources"), "model/@blob", XENO_FIELD_SWITCH },
  { "accel3d", N_("3D acceleration"), "model/acceleration/@accel3d", XENO_FIELD_BOOLEAN },
  { "accel2d", N_("2D acceleration"), "model/acceleration/@accel2d", XENO_FIELD_BOOLEAN },
  { "rendernode", N_("Render node"), "model/acceleration/@rendernode", XENO_FIELD_STRING },
  { "width", N_("Width"), "model/resolution/@x", XENO_FIELD_UINT },
  { "height", N_("Height"), "model/resolution/@y", XENO_FIELD_UINT },
  { "driver", N_("Driver"), "driver/@name", XENO_FIELD_STRING },
  { "alias", N_("Alias"), "alias/@name", XENO_FIELD_STRING, XENO_FIELD_OF_RUN },
};

static char *
dup_video_title (XenoDevice *device)
{
  return xeno_device_dup_plain_title (device, NULL, "model");
}

const XenoDeviceKind xeno_device_kind_video = {
  "video", N_("Graphics card"), video_fields, G_N_ELEMENTS (video_fields), dup_video_title,
};
