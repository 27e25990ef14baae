/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* xeno info: what is known of a machine, or of the host and its readiness. */
#include "config.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "base/xeno-text.h"
#include "base/xeno-units.h"
#include "cli/xeno-cli-command.h"
#include "cli/xeno-cli-json.h"
#include "cli/xeno-cli-output.h"

#define MAX_VALUE_CHARS 400

static void
add_line (GString    *text,
          const char *label,
          const char *value)
{
  g_autofree char *clean = NULL;
  int padding;

  if (value == NULL || *value == '\0')
    return;

  clean = xeno_text_clean (value, -1, MAX_VALUE_CHARS);
  padding = MAX (1, 16 - (int) g_utf8_strlen (label, -1));
  g_string_append_printf (text, "%s:%*s%s\n", label, padding, "", clean);
}

static char *
dup_source (XenoDevice *disk)
{
  static const char * const fields[] = { "source-file", "source-dev", "source-volume", "source-name" };

  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    {
      char *source = xeno_device_dup_string (disk, fields[i]);

      if (source != NULL)
        return source;
    }
  return NULL;
}

static GStrv
list_addresses (XenoCli     *cli,
                XenoMachine *machine)
{
  g_autoptr (GAsyncResult) result = NULL;
  GAsyncResult *slot = NULL;

  if (!xeno_machine_is_active (machine))
    return NULL;

  xeno_machine_list_addresses_async (machine, cli->cancellable, xeno_cli_result_cb, &slot);
  result = xeno_cli_await (&slot);
  return xeno_machine_list_addresses_finish (machine, result, NULL);
}

static const char *
firmware_of (XenoSpec *spec)
{
  return xeno_spec_is_uefi (spec) ? "uefi" : "bios";
}

static void
add_devices (GString  *text,
             XenoSpec *spec)
{
  g_autoptr (GPtrArray) devices = xeno_spec_list_devices (spec, NULL);

  for (guint i = 0; i < devices->len; i++)
    {
      XenoDevice *device = g_ptr_array_index (devices, i);
      g_autofree char *title = NULL;
      g_autofree char *source = NULL;

      if (strcmp (xeno_device_get_kind (device)->id, "disk") == 0)
        {
          title = xeno_device_dup_title (device);
          source = dup_source (device);
          add_line (text, title, source != NULL ? source : _("empty"));
        }
      else if (strcmp (xeno_device_get_kind (device)->id, "interface") == 0
               || strcmp (xeno_device_get_kind (device)->id, "graphics") == 0)
        {
          title = xeno_device_dup_title (device);
          source = xeno_device_dup_string (device, "type");
          add_line (text, title, source);
        }
    }
}

static char *
format_machine (XenoMachine *machine,
                XenoSpec    *spec,
                GStrv        addresses)
{
  GString *text = g_string_new (NULL);
  g_autofree char *n_cpus = g_strdup_printf ("%u", xeno_machine_get_n_cpus (machine));
  g_autofree char *memory = xeno_units_format_size (xeno_machine_get_memory_bytes (machine));
  g_autofree char *virt_type = spec != NULL ? xeno_spec_dup_virt_type (spec) : NULL;
  g_autofree char *address = addresses != NULL ? g_strjoinv (", ", addresses) : NULL;
  g_autofree char *started = NULL;

  if (xeno_machine_get_started_at (machine) != NULL)
    started = g_date_time_format (xeno_machine_get_started_at (machine), "%F %T");

  add_line (text, _("Name"), xeno_machine_get_name (machine));
  add_line (text, _("Title"), xeno_machine_get_title (machine));
  add_line (text, _("UUID"), xeno_machine_get_uuid (machine));
  add_line (text, _("State"), xeno_machine_state_to_label (xeno_machine_get_state (machine)));
  add_line (text, _("Reason"), xeno_machine_get_state_reason (machine));
  add_line (text, _("Running since"), started);
  add_line (text, _("Addresses"), address);
  add_line (text, _("System"), xeno_machine_get_os_name (machine));
  add_line (text, _("Processors"), n_cpus);
  add_line (text, _("Memory"), memory);
  add_line (text, _("Autostart"), xeno_machine_has_autostart (machine) ? _("yes") : _("no"));
  if (spec != NULL)
    {
      add_line (text, _("Firmware"), xeno_spec_is_uefi (spec) ? _("UEFI") : _("BIOS"));
      add_line (text, _("Runs by"), virt_type);
      add_devices (text, spec);
    }
  return g_string_free (text, FALSE);
}

static void
add_json_disks (JsonBuilder *builder,
                XenoSpec    *spec)
{
  g_autoptr (GPtrArray) disks = xeno_spec_list_devices (spec, "disk");

  json_builder_set_member_name (builder, "disks");
  json_builder_begin_array (builder);
  for (guint i = 0; i < disks->len; i++)
    {
      XenoDevice *disk = g_ptr_array_index (disks, i);
      g_autofree char *device = xeno_device_dup_string (disk, "device");
      g_autofree char *bus = xeno_device_dup_string (disk, "bus");
      g_autofree char *format = xeno_device_dup_string (disk, "driver-type");
      g_autofree char *source = dup_source (disk);

      json_builder_begin_object (builder);
      xeno_cli_json_add_string (builder, "device", device != NULL ? device : "disk");
      xeno_cli_json_add_string (builder, "bus", bus);
      xeno_cli_json_add_string (builder, "format", format);
      xeno_cli_json_add_string (builder, "source", source);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
}

static char *
format_machine_json (XenoMachine *machine,
                     XenoSpec    *spec,
                     GStrv        addresses)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autofree char *virt_type = spec != NULL ? xeno_spec_dup_virt_type (spec) : NULL;

  json_builder_begin_object (builder);
  xeno_cli_json_add_machine (builder, machine);
  xeno_cli_json_add_string (builder, "reason", xeno_machine_get_state_reason (machine));
  xeno_cli_json_add_string (builder, "virt_type", virt_type);
  xeno_cli_json_add_string (builder, "firmware", spec != NULL ? firmware_of (spec) : NULL);
  json_builder_set_member_name (builder, "addresses");
  json_builder_begin_array (builder);
  for (guint i = 0; addresses != NULL && addresses[i] != NULL; i++)
    json_builder_add_string_value (builder, addresses[i]);
  json_builder_end_array (builder);
  if (spec != NULL)
    add_json_disks (builder, spec);
  json_builder_end_object (builder);
  return xeno_cli_json_format (builder, TRUE);
}

static XenoCliStatus
show_machine (XenoCli    *cli,
              const char *reference,
              gboolean    as_json)
{
  XenoCliStatus status = XENO_CLI_DONE;
  g_autoptr (XenoSpec) spec = NULL;
  g_auto (GStrv) addresses = NULL;
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;
  XenoMachine *machine = xeno_cli_find (cli, reference, &status);

  if (machine == NULL)
    return status;

  spec = xeno_machine_dup_spec (machine);
  addresses = list_addresses (cli, machine);
  text = as_json ? format_machine_json (machine, spec, addresses)
                 : format_machine (machine, spec, addresses);
  return xeno_cli_print (text, &error) ? XENO_CLI_DONE : xeno_cli_fail (cli, error);
}

static const char *
level_to_id (XenoCheckLevel level)
{
  static const char * const ids[] = {
    [XENO_CHECK_GOOD] = "good",
    [XENO_CHECK_NOTE] = "note",
    [XENO_CHECK_BAD] = "bad",
  };

  return ids[level];
}

static const char *
level_to_mark (XenoCheckLevel level)
{
  static const char * const marks[] = {
    [XENO_CHECK_GOOD] = "✓",
    [XENO_CHECK_NOTE] = "•",
    [XENO_CHECK_BAD] = "✗",
  };

  return marks[level];
}

static char *
format_host (XenoHost *host)
{
  GString *text = g_string_new (NULL);
  GListModel *checks = xeno_host_get_checks (host);
  g_autofree char *n_cpus = g_strdup_printf ("%u", xeno_host_get_n_cpus (host));
  g_autofree char *memory = xeno_units_format_size (xeno_host_get_memory_bytes (host));

  add_line (text, _("Host"), xeno_host_get_hostname (host));
  add_line (text, _("Processors"), n_cpus);
  add_line (text, _("Memory"), memory);
  for (guint i = 0; i < g_list_model_get_n_items (checks); i++)
    {
      g_autoptr (XenoCheck) check = g_list_model_get_item (checks, i);

      g_string_append_printf (text, "%s %s: %s\n", level_to_mark (xeno_check_get_level (check)),
                              xeno_check_get_title (check), xeno_check_get_result (check));
      if (xeno_check_get_advice (check) != NULL)
        g_string_append_printf (text, "  → %s\n", xeno_check_get_advice (check));
    }
  return g_string_free (text, FALSE);
}

static char *
format_host_json (XenoHost *host)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  GListModel *checks = xeno_host_get_checks (host);

  json_builder_begin_object (builder);
  xeno_cli_json_add_string (builder, "hostname", xeno_host_get_hostname (host));
  xeno_cli_json_add_int (builder, "cpus", xeno_host_get_n_cpus (host));
  xeno_cli_json_add_int (builder, "memory_bytes", xeno_host_get_memory_bytes (host));
  json_builder_set_member_name (builder, "checks");
  json_builder_begin_array (builder);
  for (guint i = 0; i < g_list_model_get_n_items (checks); i++)
    {
      g_autoptr (XenoCheck) check = g_list_model_get_item (checks, i);

      json_builder_begin_object (builder);
      xeno_cli_json_add_string (builder, "id", xeno_check_get_id (check));
      xeno_cli_json_add_string (builder, "level", level_to_id (xeno_check_get_level (check)));
      xeno_cli_json_add_string (builder, "title", xeno_check_get_title (check));
      xeno_cli_json_add_string (builder, "result", xeno_check_get_result (check));
      xeno_cli_json_add_string (builder, "advice", xeno_check_get_advice (check));
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  return xeno_cli_json_format (builder, TRUE);
}

/* A host that cannot be reached has something to say all the same: why. */
static XenoCliStatus
show_host (XenoCli  *cli,
           gboolean  as_json)
{
  XenoCliStatus status = XENO_CLI_DONE;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;
  GAsyncResult *slot = NULL;
  XenoHost *host;

  xeno_cli_connect (cli, &status);
  host = xeno_connection_get_host (cli->connection);
  xeno_host_load_async (host, cli->cancellable, xeno_cli_result_cb, &slot);
  result = xeno_cli_await (&slot);
  if (!xeno_host_load_finish (host, result, &error))
    return xeno_cli_fail (cli, error);

  text = as_json ? format_host_json (host) : format_host (host);
  return xeno_cli_print (text, &error) ? status : xeno_cli_fail (cli, error);
}

XenoCliStatus
xeno_cli_run_info (XenoCli   *cli,
                   char    ***args)
{
  gboolean is_host = FALSE;
  gboolean as_json = FALSE;
  const GOptionEntry entries[] = {
    { "host", 0, 0, G_OPTION_ARG_NONE, &is_host, N_("Show the host, and what it lacks"), NULL },
    { "json", 0, 0, G_OPTION_ARG_NONE, &as_json, N_("Print JSON"), NULL },
    { NULL }
  };
  XenoCliStatus status = XENO_CLI_DONE;

  if (!xeno_cli_parse (cli, entries, 0, 1, args, &status))
    return status;
  if (is_host == ((*args)[1] != NULL))
    return xeno_cli_misuse (cli, _("Give the name of a machine, or --host."));

  return is_host ? show_host (cli, as_json) : show_machine (cli, (*args)[1], as_json);
}
