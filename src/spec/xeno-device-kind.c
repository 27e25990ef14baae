/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The registry of the kinds of devices: one row each, and one for all that are unknown. */
#include "config.h"

#include <string.h>

#include "spec/xeno-device-private.h"

/* In the order people look for them. */
static const XenoDeviceKind * const kinds[] = {
  &xeno_device_kind_disk,
  &xeno_device_kind_interface,
  &xeno_device_kind_graphics,
  &xeno_device_kind_video,
  &xeno_device_kind_sound,
  &xeno_device_kind_audio,
  &xeno_device_kind_input,
  &xeno_device_kind_hostdev,
  &xeno_device_kind_redirdev,
  &xeno_device_kind_redirfilter,
  &xeno_device_kind_filesystem,
  &xeno_device_kind_channel,
  &xeno_device_kind_serial,
  &xeno_device_kind_console,
  &xeno_device_kind_parallel,
  &xeno_device_kind_tpm,
  &xeno_device_kind_rng,
  &xeno_device_kind_watchdog,
  &xeno_device_kind_panic,
  &xeno_device_kind_memballoon,
  &xeno_device_kind_memory,
  &xeno_device_kind_shmem,
  &xeno_device_kind_vsock,
  &xeno_device_kind_smartcard,
  &xeno_device_kind_iommu,
  &xeno_device_kind_crypto,
  &xeno_device_kind_nvram,
  &xeno_device_kind_lease,
  &xeno_device_kind_hub,
  &xeno_device_kind_controller,
};

/**
 * xeno_device_kind_list:
 * @n_kinds: (out): how many there are
 *
 * Lists the kinds of devices, in the order people look for them.
 *
 * Returns: (transfer none) (array length=n_kinds): the kinds
 */
const XenoDeviceKind * const *
xeno_device_kind_list (gsize *n_kinds)
{
  g_return_val_if_fail (n_kinds != NULL, NULL);

  *n_kinds = G_N_ELEMENTS (kinds);
  return kinds;
}

/**
 * xeno_device_kind_find:
 * @id: the element's name: "disk"
 *
 * Finds a kind.
 *
 * Returns: (transfer none) (nullable): the kind, or %NULL where it is unknown
 */
const XenoDeviceKind *
xeno_device_kind_find (const char *id)
{
  g_return_val_if_fail (id != NULL, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      if (strcmp (kinds[i]->id, id) == 0)
        return kinds[i];
    }
  return NULL;
}

/**
 * xeno_device_kind_find_field:
 * @kind: a kind of device
 * @field_id: the field's stable name
 *
 * Finds a row of the kind's field table.
 *
 * Returns: (transfer none) (nullable): the field, or %NULL where the kind has none of this name
 */
const XenoField *
xeno_device_kind_find_field (const XenoDeviceKind *kind,
                             const char           *field_id)
{
  g_return_val_if_fail (kind != NULL, NULL);
  g_return_val_if_fail (field_id != NULL, NULL);

  for (gsize i = 0; i < kind->n_fields; i++)
    {
      if (strcmp (kind->fields[i].id, field_id) == 0)
        return &kind->fields[i];
    }
  return NULL;
}
