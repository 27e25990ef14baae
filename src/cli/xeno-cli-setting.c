/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Settings of devices as people type them, FIELD=VALUE, and what became of them. */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include <glib/gi18n-lib.h>

#include "base/xeno-text.h"
#include "base/xeno-units.h"
#include "cli/xeno-cli-setting.h"

#define MAX_SHOWN_CHARS 80

/* What tells a device from others of its kind in one word, where there is such a thing. */
static const char * const names[] = { "target-dev", "mac", "target", "target-name", NULL };

static char *
dup_name (XenoDevice *device)
{
  for (gsize i = 0; names[i] != NULL; i++)
    if (xeno_device_kind_find_field (xeno_device_get_kind (device), names[i]) != NULL)
      {
        g_autofree char *name = xeno_device_dup_string (device, names[i]);

        if (name != NULL && strpbrk (name, " \t\n") == NULL)
          return g_steal_pointer (&name);
      }
  return NULL;
}

static char *
dup_number (XenoDevice *device)
{
  return g_strdup_printf ("%s-%u", xeno_device_get_name (device), xeno_device_get_ordinal (device));
}

/* What a person can type for a device: "vda", "52:54:00:12:34:56", "sound-1", and for a part of the
 * machine: "ram". */
char *
xeno_cli_setting_dup_handle (XenoDevice *device)
{
  char *name = dup_name (device);

  if (name != NULL)
    return name;
  return xeno_device_is_part (device) ? g_strdup (xeno_device_get_kind (device)->id) : dup_number (device);
}

static gboolean
is_meant (XenoDevice *device,
          const char *handle)
{
  g_autofree char *name = dup_name (device);
  g_autofree char *number = dup_number (device);

  return g_strcmp0 (name, handle) == 0 || strcmp (number, handle) == 0;
}

/* Finds a device by what xeno_cli_setting_dup_handle() says of it, by kind and number ("disk-2"), or a part
 * of the machine by its name ("ram"). */
XenoDevice *
xeno_cli_setting_find_device (XenoSpec    *spec,
                              const char  *handle,
                              GError     **error)
{
  g_autoptr (GPtrArray) devices = xeno_spec_list_devices (spec, NULL);
  XenoDevice *part = xeno_spec_get_part (spec, handle);
  g_autofree char *shown = NULL;

  if (part != NULL)
    return part;
  for (guint i = 0; i < devices->len; i++)
    if (is_meant (devices->pdata[i], handle))
      return g_object_ref (devices->pdata[i]);

  shown = xeno_text_clean (handle, -1, MAX_SHOWN_CHARS);
  xeno_set_error (error, XENO_ERROR_NOT_FOUND, NULL,
                  _("There is no device “%s”. “xeno device list” says which there are."), shown);
  return NULL;
}

static char *
join_fields (const XenoDeviceKind *kind)
{
  g_autoptr (GString) ids = g_string_new (NULL);

  for (gsize i = 0; i < kind->n_fields; i++)
    g_string_append_printf (ids, "%s%s", i > 0 ? ", " : "", kind->fields[i].id);
  return g_string_free (g_steal_pointer (&ids), FALSE);
}

static char *
read_boolean (const XenoField  *field,
              const char       *value,
              GError          **error)
{
  static const char * const yes[] = { "yes", "on", "true", "1", NULL };
  static const char * const no[] = { "no", "off", "false", "0", NULL };
  gboolean is_switch = field->kind == XENO_FIELD_SWITCH;

  if (g_strv_contains (yes, value))
    return g_strdup (field->kind == XENO_FIELD_PRESENT ? "" : is_switch ? "on" : "yes");
  if (g_strv_contains (no, value))
    return g_strdup (is_switch ? "off" : "no");

  xeno_set_error (error, XENO_ERROR_INVALID, NULL, _("“%s” is “yes” or “no”."), field->id);
  return NULL;
}

static char *
read_number (const XenoField  *field,
             const char       *value,
             GError          **error)
{
  guint64 number;

  if (g_ascii_string_to_unsigned (value, 10, 0, G_MAXUINT64, &number, NULL))
    return g_strdup_printf ("%" G_GUINT64_FORMAT, number);

  xeno_set_error (error, XENO_ERROR_INVALID, NULL, _("“%s” is a whole number."), field->id);
  return NULL;
}

/* The value as documents have it. */
static char *
read_value (const XenoField  *field,
            const char       *value,
            GError          **error)
{
  guint64 bytes;

  switch (field->kind)
    {
    case XENO_FIELD_UINT:
      return read_number (field, value, error);

    case XENO_FIELD_BOOLEAN:
    case XENO_FIELD_SWITCH:
    case XENO_FIELD_PRESENT:
      return read_boolean (field, value, error);

    case XENO_FIELD_SIZE:
      return xeno_units_parse_size (value, &bytes, error) ? g_strdup_printf ("%" G_GUINT64_FORMAT, bytes) : NULL;

    case XENO_FIELD_STRING:
    case XENO_FIELD_ELEMENTS:
    default:
      return g_strdup (value);
    }
}

/* Does "FIELD=VALUE" to a device; "FIELD=" takes the value away. */
gboolean
xeno_cli_setting_apply (XenoDevice  *device,
                        const char  *setting,
                        GError     **error)
{
  const XenoDeviceKind *kind = xeno_device_get_kind (device);
  const char *equals = strchr (setting, '=');
  g_autofree char *id = equals != NULL ? g_strndup (setting, equals - setting) : g_strdup (setting);
  const XenoField *field = xeno_device_kind_find_field (kind, id);
  g_autofree char *value = NULL;

  if (field == NULL || equals == NULL)
    {
      g_autofree char *fields = join_fields (kind);
      g_autofree char *shown = xeno_text_clean (setting, -1, MAX_SHOWN_CHARS);

      xeno_set_error (error, XENO_ERROR_INVALID, NULL,
                      /* Translators: what was typed, and a list of names */
                      _("“%s” is no setting of this device. Say FIELD=VALUE, where FIELD is one of: %s."), shown, fields);
      return FALSE;
    }
  if (equals[1] != '\0')
    {
      value = read_value (field, equals + 1, error);
      if (value == NULL)
        return FALSE;
    }
  if (field->kind == XENO_FIELD_PRESENT)
    xeno_device_set_boolean (device, field->id, value != NULL && strcmp (value, "no") != 0);
  else
    xeno_device_set_string (device, field->id, value);
  return TRUE;
}

static void
tell (const XenoChangeOutcome *outcome)
{
  g_autofree char *title = xeno_change_dup_title (outcome->change);
  g_autofree char *text = xeno_change_dup_text (outcome->change);

  if (outcome->is_now)
    return;

  /* Translators: what is changed, and how: "Memory: Memory", "2.0 GiB → 4.0 GiB" */
  fprintf (stderr, _("After the next shutdown: %s: %s"), title, text);
  fputc ('\n', stderr);
  if (outcome->reason != NULL)
    fprintf (stderr, "  %s\n", outcome->reason->message);
}

/* Makes the machine what the draft says, and tells what waits for the next shutdown. */
XenoCliStatus
xeno_cli_setting_commit (XenoCli     *cli,
                         XenoMachine *machine,
                         XenoSpec    *before,
                         XenoSpec    *draft)
{
  g_autoptr (GPtrArray) changes = xeno_change_list (before, draft);
  g_autoptr (GPtrArray) outcomes = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  GAsyncResult *slot = NULL;

  if (changes->len == 0)
    return XENO_CLI_DONE;

  xeno_machine_change_async (machine, changes, NULL, xeno_cli_result_cb, &slot);
  result = xeno_cli_await (&slot);
  outcomes = xeno_machine_change_finish (machine, result, &error);
  if (outcomes == NULL)
    return xeno_cli_fail (cli, error);

  for (guint i = 0; i < outcomes->len; i++)
    tell (outcomes->pdata[i]);
  return XENO_CLI_DONE;
}
