/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Displays: how the screen leaves the machine. */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "spec/xeno-device-private.h"

static const XenoField graphics_fields[] = {
  { "type", N_("Type"), "@type", XENO_FIELD_STRING },
  { "listen", N_("Listen address"), "@listen", XENO_FIELD_STRING, XENO_FIELD_OF_RUN },
  { "listen-type", N_("Listener"), "listen/@type", XENO_FIELD_STRING },
  { "listen-address", N_("Listener address"), "listen/@address", XENO_FIELD_STRING, XENO_FIELD_OF_RUN },
  { "listen-network", N_("Listener network"), "listen/@network", XENO_FIELD_STRING },
  { "listen-socket", N_("Listener socket"), "listen/@socket", XENO_FIELD_STRING, XENO_FIELD_OF_RUN },
  { "socket", N_("Socket"), "@socket", XENO_FIELD_STRING, XENO_FIELD_OF_RUN },
  { "port", N_("Port"), "@port", XENO_FIELD_STRING, XENO_FIELD_OF_RUN },
  { "tls-port", N_("TLS port"), "@tlsPort", XENO_FIELD_STRING, XENO_FIELD_OF_RUN },
  { "autoport", N_("Automatic port"), "@autoport", XENO_FIELD_BOOLEAN },
  { "websocket", N_("Websocket port"), "@websocket", XENO_FIELD_STRING, XENO_FIELD_OF_RUN },
  { "keymap", N_("Keyboard layout"), "@keymap", XENO_FIELD_STRING },
  { "password", N_("Password"), "@passwd", XENO_FIELD_STRING, XENO_FIELD_SECRET },
  { "password-valid-to", N_("Password valid until"), "@passwdValidTo", XENO_FIELD_STRING },
  { "share-policy", N_("Sharing"), "@sharePolicy", XENO_FIELD_STRING },
  { "image-compression", N_("Image compression"), "image/@compression", XENO_FIELD_STRING },
  { "jpeg-compression", N_("JPEG compression"), "jpeg/@compression", XENO_FIELD_STRING },
  { "zlib-compression", N_("zlib compression"), "zlib/@compression", XENO_FIELD_STRING },
  { "playback-compression", N_("Audio compression"), "playback/@compression", XENO_FIELD_SWITCH },
  { "streaming-mode", N_("Video streaming"), "streaming/@mode", XENO_FIELD_STRING },
  { "clipboard-copypaste", N_("Clipboard"), "clipboard/@copypaste", XENO_FIELD_BOOLEAN },
  { "filetransfer", N_("File transfer"), "filetransfer/@enable", XENO_FIELD_BOOLEAN },
  { "mouse-mode", N_("Mouse mode"), "mouse/@mode", XENO_FIELD_STRING },
  { "gl", N_("OpenGL"), "gl/@enable", XENO_FIELD_BOOLEAN },
  { "rendernode", N_("Render node"), "gl/@rendernode", XENO_FIELD_STRING },
  { "p2p", N_("Peer to peer"), "@p2p", XENO_FIELD_BOOLEAN },
  { "address", N_("Bus address"), "@address", XENO_FIELD_STRING, XENO_FIELD_OF_RUN },
  { "audio-id", N_("Audio backend"), "audio/@id", XENO_FIELD_UINT },
};

static char *
dup_graphics_title (XenoDevice *device)
{
  g_autofree char *type = xeno_device_dup_string (device, "type");

  if (g_strcmp0 (type, "spice") == 0)
    return g_strdup (_("Display (SPICE)"));
  if (g_strcmp0 (type, "vnc") == 0)
    return g_strdup (_("Display (VNC)"));
  if (g_strcmp0 (type, "dbus") == 0)
    return g_strdup (_("Display (D-Bus)"));
  return xeno_device_dup_plain_title (device, NULL, "type");
}

const XenoDeviceKind xeno_device_kind_graphics = {
  "graphics", N_("Display"), graphics_fields, G_N_ELEMENTS (graphics_fields), dup_graphics_title, NULL, "type",
};
