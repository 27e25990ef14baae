/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Folders shared with the guest. */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "spec/xeno-device-private.h"

static const XenoField filesystem_fields[] = {
  { "type", N_("Type"), "@type", XENO_FIELD_STRING },
  { "accessmode", N_("Access mode"), "@accessmode", XENO_FIELD_STRING },
  { "driver", N_("Driver"), "driver/@type", XENO_FIELD_STRING },
  { "queue", N_("Queue size"), "driver/@queue", XENO_FIELD_UINT },
  { "source-dir", N_("Folder"), "source/@dir", XENO_FIELD_STRING },
  { "source-file", N_("File"), "source/@file", XENO_FIELD_STRING },
  { "source-socket", N_("Socket"), "source/@socket", XENO_FIELD_STRING, XENO_FIELD_OF_RUN },
  { "binary", N_("Program"), "binary/@path", XENO_FIELD_STRING },
  { "target", N_("Name in the guest"), "target/@dir", XENO_FIELD_STRING },
  { "readonly", N_("Read only"), "readonly", XENO_FIELD_PRESENT },
  { "alias", N_("Alias"), "alias/@name", XENO_FIELD_STRING, XENO_FIELD_OF_RUN },
};

static char *
dup_filesystem_title (XenoDevice *device)
{
  return xeno_device_dup_plain_title (device, NULL, "target");
}

const XenoDeviceKind xeno_device_kind_filesystem = {
  "filesystem", N_("Shared folder"), filesystem_fields,
  G_N_ELEMENTS (filesystem_fields), dup_filesystem_title, NULL, "target",
};
