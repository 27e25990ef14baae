/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How fast a machine can be typed into. */
#include "config.h"

#include "console/xeno-typist.h"

/* Of a kind of devices: whether there are any, and all have this. */
static gboolean
all_have (GPtrArray  *devices,
          const char *field,
          const char *value)
{
  for (guint i = 0; i < devices->len; i++)
    {
      g_autofree char *found = xeno_device_dup_string (g_ptr_array_index (devices, i), field);

      if (g_strcmp0 (found, value) != 0)
        return FALSE;
    }

  return devices->len > 0;
}

static gboolean
is_no_keyboard (gconstpointer device)
{
  g_autofree char *type = xeno_device_dup_string ((XenoDevice *) device, "type");

  return g_strcmp0 (type, "keyboard") != 0;
}

/**
 * xeno_typist_can_be_fast:
 * @spec: a machine
 *
 * Its guest hears of each key as it is pressed where all of its keyboards are on PS/2, for a second one would
 * be the one that counts, and no display of its is VNC, whose server in QEMU takes its time for each key.
 *
 * Returns: whether it can be typed into fast
 */
gboolean
xeno_typist_can_be_fast (XenoSpec *spec)
{
  g_autoptr (GPtrArray) keyboards = NULL;
  g_autoptr (GPtrArray) displays = NULL;

  g_return_val_if_fail (XENO_IS_SPEC (spec), FALSE);

  displays = xeno_spec_list_devices (spec, "graphics");
  keyboards = xeno_spec_list_devices (spec, "input");
  for (guint i = keyboards->len; i > 0; i--)
    if (is_no_keyboard (g_ptr_array_index (keyboards, i - 1)))
      g_ptr_array_remove_index (keyboards, i - 1);

  return all_have (keyboards, "bus", "ps2") && all_have (displays, "type", "spice");
}
