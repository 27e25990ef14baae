/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is wrong with a machine on paper, found before libvirt is asked. */
#include "config.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "base/xeno-error.h"
#include "base/xeno-text.h"
#include "base/xeno-units.h"
#include "spec/xeno-name.h"
#include "spec/xeno-spec-check.h"

#define MAX_SHOWN_CHARS 60

typedef struct
{
  XenoSpec *spec;
  XenoCaps *caps;
  guint64   host_memory_bytes;
} Check;

typedef gboolean (*CheckFunc) (const Check  *check,
                               GError      **error);

static gboolean
check_values (const Check  *check,
              GError      **error)
{
  const char *refused = xeno_spec_get_refused (check->spec);

  if (refused == NULL)
    return TRUE;
  xeno_set_error (error, XENO_ERROR_INVALID, NULL,
                  _("The value of “%s” has characters that cannot be stored. Type it again, or "
                    "rename the file."),
                  refused);
  return FALSE;
}

static gboolean
check_memory (const Check  *check,
              GError      **error)
{
  guint64 bytes = xeno_spec_get_memory_bytes (check->spec);
  g_autofree char *wanted = xeno_units_format_size (bytes);
  g_autofree char *limit = xeno_units_format_size (check->host_memory_bytes);

  if (bytes < 1024)
    {
      xeno_set_error (error, XENO_ERROR_INVALID, NULL,
                      _("The machine has no memory. Give it some, for example 2 GiB."));
      return FALSE;
    }
  if (check->host_memory_bytes > 0 && bytes > check->host_memory_bytes)
    {
      /* Translators: both %s are amounts: "64.0 GiB" */
      xeno_set_error (error, XENO_ERROR_INVALID, NULL,
                      _("The memory of %s is more than the host has. The limit is %s."),
                      wanted, limit);
      return FALSE;
    }
  return TRUE;
}

static gboolean
check_cpus (const Check  *check,
            GError      **error)
{
  guint max_cpus = check->caps != NULL ? xeno_caps_get_max_cpus (check->caps) : G_MAXUINT;
  guint n_cpus = xeno_spec_get_n_cpus (check->spec);

  if (n_cpus <= max_cpus)
    return TRUE;
  xeno_set_error (error, XENO_ERROR_INVALID, NULL,
                  ngettext ("%u processors are more than the machine type can have. "
                            "The limit is %u processor.",
                            "%u processors are more than the machine type can have. "
                            "The limit is %u processors.", max_cpus),
                  n_cpus, max_cpus);
  return FALSE;
}

static gboolean
has_field (XenoDevice *device,
           const char *field_id)
{
  g_autofree char *value = xeno_device_dup_string (device, field_id);

  return value != NULL && *value != '\0';
}

static gboolean
is_field (XenoDevice *device,
          const char *field_id,
          const char *expected)
{
  g_autofree char *value = xeno_device_dup_string (device, field_id);

  return g_strcmp0 (value, expected) == 0;
}

static gboolean
check_disks (const Check  *check,
             GError      **error)
{
  g_autoptr (GPtrArray) disks = xeno_spec_list_devices (check->spec, "disk");

  for (guint i = 0; i < disks->len; i++)
    {
      XenoDevice *disk = g_ptr_array_index (disks, i);
      g_autofree char *title = NULL;

      if (has_field (disk, "driver-type")
          && (!has_field (disk, "backing-file") || has_field (disk, "backing-format")))
        continue;

      title = xeno_device_dup_title (disk);
      /* Translators: %s is a device: "Disk 1 (virtio)" */
      xeno_set_error (error, XENO_ERROR_INVALID, NULL,
                      _("%s does not say which format its file has, and guessing is not safe. "
                        "State it: raw or qcow2."),
                      title);
      return FALSE;
    }
  return TRUE;
}

static gboolean
check_new_name (const Check  *check,
                GError      **error)
{
  g_autofree char *name = xeno_spec_dup_name (check->spec);
  g_autofree char *title = xeno_spec_dup_title (check->spec);
  g_autofree char *shown = xeno_text_clean (name, -1, MAX_SHOWN_CHARS);

  if (name == NULL || !xeno_name_is_slug (name))
    {
      xeno_set_error (error, XENO_ERROR_INVALID, NULL,
                      _("“%s” cannot be a machine’s name. Use up to %d letters, digits, points, "
                        "underscores and dashes."),
                      shown, XENO_NAME_MAX_BYTES);
      return FALSE;
    }
  return title == NULL || xeno_name_check_title (title, error);
}

static gboolean
has_open_display (XenoDevice *graphics)
{
  if (!is_field (graphics, "type", "spice") && !is_field (graphics, "type", "vnc")
      && !is_field (graphics, "type", "rdp"))
    return FALSE;
  return !has_field (graphics, "socket")
         && !is_field (graphics, "listen-type", "none")
         && !is_field (graphics, "listen-type", "socket");
}

static gboolean
is_reachable_by_network (XenoDevice *device)
{
  if (strcmp (xeno_device_get_kind (device)->id, "graphics") == 0)
    return has_open_display (device);
  return is_field (device, "type", "tcp") || is_field (device, "type", "udp");
}

static gboolean
check_listeners (const Check  *check,
                 GError      **error)
{
  static const char * const kinds[] = { "graphics", "serial", "parallel", "console", "channel" };

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      g_autoptr (GPtrArray) devices = xeno_spec_list_devices (check->spec, kinds[i]);

      for (guint j = 0; j < devices->len; j++)
        {
          XenoDevice *device = g_ptr_array_index (devices, j);
          g_autofree char *title = NULL;

          if (!is_reachable_by_network (device))
            continue;

          title = xeno_device_dup_title (device);
          /* Translators: %s is a device: "Display (VNC)" */
          xeno_set_error (error, XENO_ERROR_INVALID, NULL,
                          _("%s would be open to the network. New machines do not listen there."),
                          title);
          return FALSE;
        }
    }
  return TRUE;
}

static gboolean
run (const CheckFunc  *funcs,
     guint             n_funcs,
     XenoSpec         *spec,
     XenoCaps         *caps,
     guint64           host_memory_bytes,
     GError          **error)
{
  const Check check = { spec, caps, host_memory_bytes };

  for (guint i = 0; i < n_funcs; i++)
    {
      if (!funcs[i] (&check, error))
        return FALSE;
    }
  return TRUE;
}

/**
 * xeno_spec_check:
 * @spec: a machine on paper, perhaps one that others made
 * @caps: (nullable): what the host offers
 * @host_memory_bytes: the host's memory, or 0 where it is not known
 * @error: %XENO_ERROR_INVALID with a sentence that names the value and its limit
 *
 * Checks what would fail at the start, or get lost: values that could not be written, memory and
 * processors.
 *
 * Returns: %TRUE when nothing was found
 */
gboolean
xeno_spec_check (XenoSpec  *spec,
                 XenoCaps  *caps,
                 guint64    host_memory_bytes,
                 GError   **error)
{
  static const CheckFunc funcs[] = { check_values, check_memory, check_cpus };

  g_return_val_if_fail (XENO_IS_SPEC (spec), FALSE);
  g_return_val_if_fail (caps == NULL || XENO_IS_CAPS (caps), FALSE);

  return run (funcs, G_N_ELEMENTS (funcs), spec, caps, host_memory_bytes, error);
}

/**
 * xeno_spec_check_new:
 * @spec: a machine on paper that is to be defined for the first time
 * @caps: (nullable): what the host offers
 * @host_memory_bytes: the host's memory, or 0 where it is not known
 * @error: %XENO_ERROR_INVALID with a sentence that names the value and its limit
 *
 * Checks all that xeno_spec_check() does, and what only new machines promise: a name of ours, disks
 * whose format nobody has to guess, and nothing that listens on the network.
 *
 * Returns: %TRUE when nothing was found
 */
gboolean
xeno_spec_check_new (XenoSpec  *spec,
                     XenoCaps  *caps,
                     guint64    host_memory_bytes,
                     GError   **error)
{
  static const CheckFunc funcs[] = { check_new_name, check_disks, check_listeners };

  g_return_val_if_fail (XENO_IS_SPEC (spec), FALSE);
  g_return_val_if_fail (caps == NULL || XENO_IS_CAPS (caps), FALSE);

  return xeno_spec_check (spec, caps, host_memory_bytes, error)
         && run (funcs, G_N_ELEMENTS (funcs), spec, caps, host_memory_bytes, error);
}
