/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Network cards. */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "spec/xeno-device-private.h"

static const XenoField interface_fields[] = {
  { "type", N_("Source type"), "@type", XENO_FIELD_STRING },
  { "mac", N_("MAC address"), "mac/@address", XENO_FIELD_STRING },
  { "model", N_("Model"), "model/@type", XENO_FIELD_STRING },
  { "source-network", N_("Network"), "source/@network", XENO_FIELD_STRING },
  { "source-bridge", N_("Bridge"), "source/@bridge", XENO_FIELD_STRING },
  { "source-dev", N_("Host device"), "source/@dev", XENO_FIELD_STRING },
  { "source-mode", N_("Mode"), "source/@mode", XENO_FIELD_STRING },
  { "backend-type", N_("Backend"), "backend/@type", XENO_FIELD_STRING },
  { "link-state", N_("Link"), "link/@state", XENO_FIELD_STRING },
  { "mtu", N_("MTU"), "mtu/@size", XENO_FIELD_UINT },
  { "target-dev", N_("Host interface"), "target/@dev", XENO_FIELD_STRING, XENO_FIELD_OF_RUN },
  { "port-isolated", N_("Isolated from other guests"), "port/@isolated", XENO_FIELD_BOOLEAN },
  { "queues", N_("Queues"), "driver/@queues", XENO_FIELD_UINT },
  { "filter", N_("Network filter"), "filterref/@filter", XENO_FIELD_STRING },
  { "trust-filters", N_("Trust the guest’s receive filters"),
    "@trustGuestRxFilters", XENO_FIELD_BOOLEAN },
  { "inbound-average", N_("Average inbound rate"), "bandwidth/inbound/@average", XENO_FIELD_UINT },
  { "outbound-average", N_("Average outbound rate"),
    "bandwidth/outbound/@average", XENO_FIELD_UINT },
  { "boot-order", N_("Boot order"), "boot/@order", XENO_FIELD_UINT },
  { "alias", N_("Alias"), "alias/@name", XENO_FIELD_STRING, XENO_FIELD_OF_RUN },
};

static char *
dup_interface_title (XenoDevice *device)
{
  g_autofree char *mac = xeno_device_dup_clean (device, "mac");
  guint ordinal = xeno_device_get_ordinal (device);

  if (mac == NULL)
    /* Translators: a network card of a machine, %u is its number */
    return g_strdup_printf (_("Network card %u"), ordinal);

  /* Translators: a network card of a machine, %u is its number, %s its MAC address */
  return g_strdup_printf (_("Network card %u (%s)"), ordinal, mac);
}

const XenoDeviceKind xeno_device_kind_interface = {
  "interface", N_("Network card"), interface_fields,
  G_N_ELEMENTS (interface_fields), dup_interface_title, NULL, "mac",
};
