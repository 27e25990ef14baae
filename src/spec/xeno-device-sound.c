/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Sound cards. */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "spec/xeno-device-private.h"

static const XenoField sound_fields[] = {
  { "model", N_("Model"), "@model", XENO_FIELD_STRING },
  { "codec", N_("Codec"), "codec/@type", XENO_FIELD_STRING },
  { "audio-id", N_("Audio backend"), "audio/@id", XENO_FIELD_UINT },
  { "multichannel", N_("Multichannel"), "@multichannel", XENO_FIELD_BOOLEAN },
  { "alias", N_("Alias"), "alias/@name", XENO_FIELD_STRING, XENO_FIELD_OF_RUN },
};

static char *
dup_sound_title (XenoDevice *device)
{
  return xeno_device_dup_plain_title (device, NULL, "model");
}

const XenoDeviceKind xeno_device_kind_sound = {
  "sound", N_("Sound card"), sound_fields, G_N_ELEMENTS (sound_fields), dup_sound_title,
};
