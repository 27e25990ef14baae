/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Private channels between host and guest. */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "spec/xeno-device-private.h"

static const XenoField channel_fields[] = {
  { "type", N_("Type"), "@type", XENO_FIELD_STRING },
  { "source-path", N_("Path"), "source/@path", XENO_FIELD_STRING, XENO_FIELD_OF_RUN },
  { "source-mode", N_("Connection mode"), "source/@mode", XENO_FIELD_STRING, XENO_FIELD_OF_RUN },
  { "source-host", N_("Host"), "source/@host", XENO_FIELD_STRING },
  { "source-service", N_("Port"), "source/@service", XENO_FIELD_STRING },
  { "target-type", N_("Target type"), "target/@type", XENO_FIELD_STRING },
  { "target-name", N_("Name"), "target/@name", XENO_FIELD_STRING },
  { "state", N_("State"), "target/@state", XENO_FIELD_STRING, XENO_FIELD_OF_RUN },
  { "source-channel", N_("SPICE channel"), "source/@channel", XENO_FIELD_STRING },
  { "clipboard-copypaste", N_("Clipboard"), "source/clipboard/@copypaste", XENO_FIELD_BOOLEAN },
  { "mouse-mode", N_("Mouse mode"), "source/mouse/@mode", XENO_FIELD_STRING },
  { "log-file", N_("Log file"), "log/@file", XENO_FIELD_STRING },
  { "alias", N_("Alias"), "alias/@name", XENO_FIELD_STRING, XENO_FIELD_OF_RUN },
};

static char *
dup_channel_title (XenoDevice *device)
{
  g_autofree char *name = xeno_device_dup_clean (device, "target-name");

  if (g_strcmp0 (name, "org.qemu.guest_agent.0") == 0)
    return g_strdup (_("Guest agent channel"));
  if (g_strcmp0 (name, "com.redhat.spice.0") == 0)
    return g_strdup (_("Display agent channel"));
  return xeno_device_dup_plain_title (device, NULL, "target-name");
}

const XenoDeviceKind xeno_device_kind_channel = {
  "channel", N_("Channel"), channel_fields, G_N_ELEMENTS (channel_fields), dup_channel_title, NULL, "target-type target-name",
};
