/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The text consoles of a machine: which there are, and what they are called.
 *
 * A port is named by its kind and its number among those of its kind, as "serial-0", which is the
 * same whether the machine runs or not. */
#include "config.h"

#include <glib/gi18n.h>
#include <string.h>

#include "app/xeno-text-port.h"

/* More than any machine has of one kind. */
#define MAX_PORTS 16

static const char * const kinds[] = { "serial", "console" };

/* libvirt opens pseudo terminals only. The first console of most machines is the first serial port
 * by another name. */
static gboolean
is_port (XenoDevice *device,
         gboolean    has_serial)
{
  g_autofree char *type = xeno_device_dup_string (device, "type");
  g_autofree char *target = xeno_device_dup_string (device, "target-type");

  if (g_strcmp0 (type, "pty") != 0)
    return FALSE;

  return !has_serial || g_strcmp0 (xeno_device_get_kind (device)->id, "console") != 0 ||
         g_strcmp0 (target, "serial") != 0;
}

/* The devices that are ports, each with its name. */
static GPtrArray *
find_ports (XenoMachine *machine,
            GPtrArray   *names)
{
  g_autoptr(XenoSpec) spec = xeno_machine_dup_spec (machine);
  GPtrArray *ports = g_ptr_array_new_with_free_func (g_object_unref);
  gboolean has_serial = FALSE;

  if (spec == NULL)
    return ports;

  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      g_autoptr(GPtrArray) devices = xeno_spec_list_devices (spec, kinds[i]);
      guint n_ports = 0;

      for (guint j = 0; j < devices->len && n_ports < MAX_PORTS; j++)
        {
          XenoDevice *device = g_ptr_array_index (devices, j);

          if (!is_port (device, has_serial))
            continue;

          g_ptr_array_add (names, g_strdup_printf ("%s-%u", kinds[i], n_ports));
          g_ptr_array_add (ports, g_object_ref (device));
          n_ports++;
        }
      has_serial |= n_ports > 0;
    }

  return ports;
}

/**
 * xeno_text_port_list:
 * @machine: a machine
 *
 * Lists the text consoles that can be opened. One there always is, if only to say why it is not.
 *
 * Returns: (transfer full): their names
 */
GStrv
xeno_text_port_list (XenoMachine *machine)
{
  g_autoptr(GPtrArray) names = g_ptr_array_new ();
  g_autoptr(GPtrArray) ports = NULL;

  g_return_val_if_fail (XENO_IS_MACHINE (machine), NULL);

  ports = find_ports (machine, names);
  if (names->len == 0)
    g_ptr_array_add (names, g_strdup ("text"));
  g_ptr_array_add (names, NULL);
  return (GStrv) g_ptr_array_free (g_steal_pointer (&names), FALSE);
}

/**
 * xeno_text_port_dup_label:
 * @port: the name of a text console
 *
 * Returns: (transfer full): what people call it
 */
char *
xeno_text_port_dup_label (const char *port)
{
  const char *dash;
  guint number;

  g_return_val_if_fail (port != NULL, NULL);

  dash = strrchr (port, '-');
  if (dash == NULL)
    return g_strdup (_("Text Console"));

  number = (guint) g_ascii_strtoull (dash + 1, NULL, 10) + 1;
  return g_str_has_prefix (port, "serial")
         /* Translators: %u is its number, from 1 */
         ? g_strdup_printf (_("Serial Port %u"), number)
         /* Translators: %u is its number, from 1 */
         : g_strdup_printf (_("Text Console %u"), number);
}

/**
 * xeno_text_port_dup_alias:
 * @machine: a machine that runs
 * @port: the name of one of its text consoles
 *
 * Returns: (transfer full) (nullable): what libvirt calls it, or %NULL for the first there is
 */
char *
xeno_text_port_dup_alias (XenoMachine *machine,
                          const char  *port)
{
  g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr(GPtrArray) ports = NULL;
  guint index;

  g_return_val_if_fail (XENO_IS_MACHINE (machine), NULL);
  g_return_val_if_fail (port != NULL, NULL);

  ports = find_ports (machine, names);
  if (!g_ptr_array_find_with_equal_func (names, port, g_str_equal, &index))
    return NULL;

  return xeno_device_dup_string (g_ptr_array_index (ports, index), "alias");
}
