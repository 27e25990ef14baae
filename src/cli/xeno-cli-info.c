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

/* What is known of a machine beside its properties. */
typedef struct
{
  XenoSpec *spec; /* or NULL */
  GStrv     addresses;
  guint64   disk_capacity_bytes; /* 0: not known */
  guint64   disk_allocated_bytes;
} Findings;

static void
findings_clear (Findings *findings)
{
  g_clear_object (&findings->spec);
  g_clear_pointer (&findings->addresses, g_strfreev);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Findings, findings_clear)

/* Labels and values by turns. */
static void
add_row (GPtrArray  *rows,
         const char *label,
         const char *value)
{
  if (value == NULL || *value == '\0')
    return;

  g_ptr_array_add (rows, g_strconcat (label, ":", NULL));
  g_ptr_array_add (rows, xeno_text_clean (value, -1, MAX_VALUE_CHARS));
}

static char *
format_rows (GPtrArray *rows)
{
  GString *text = g_string_new (NULL);
  int width = 0;

  for (guint i = 0; i < rows->len; i += 2)
    width = MAX (width, (int) g_utf8_strlen (rows->pdata[i], -1));
  for (guint i = 0; i < rows->len; i += 2)
    g_string_append_printf (text, "%s%*s %s\n", (char *) rows->pdata[i],
                            width - (int) g_utf8_strlen (rows->pdata[i], -1), "",
                            (char *) rows->pdata[i + 1]);
  return g_string_free (text, FALSE);
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

/* A hypervisor that hangs, or disks that are out of reach, leave them unknown. */
static void
read_disks (XenoCli     *cli,
            XenoMachine *machine,
            Findings    *findings)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  GAsyncResult *slot = NULL;

  xeno_machine_read_disks_async (machine, cli->cancellable, xeno_cli_result_cb, &slot);
  result = xeno_cli_await (&slot);
  if (!xeno_machine_read_disks_finish (machine, result, &findings->disk_capacity_bytes,
                                       &findings->disk_allocated_bytes, &error))
    g_debug ("No sizes of disks: %s", error->message);
}

static const char *
firmware_of (XenoSpec *spec)
{
  return xeno_spec_is_uefi (spec) ? "uefi" : "bios";
}

static const char *
accel_to_label (const char *virt_type)
{
  if (g_strcmp0 (virt_type, "qemu") == 0)
    return _("none, emulated by QEMU");
  return g_strcmp0 (virt_type, "kvm") == 0 ? _("KVM") : virt_type;
}

static char *
dup_network (XenoDevice *interface)
{
  static const char * const fields[] = { "source-network", "source-bridge", "source-dev" };
  g_autofree char *type = xeno_device_dup_string (interface, "type");

  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    {
      g_autofree char *source = xeno_device_dup_string (interface, fields[i]);

      if (source != NULL)
        return g_strdup_printf ("%s, %s", type, source);
    }
  return g_steal_pointer (&type);
}

static void
add_devices (GPtrArray *rows,
             XenoSpec  *spec)
{
  g_autoptr (GPtrArray) devices = xeno_spec_list_devices (spec, NULL);

  for (guint i = 0; i < devices->len; i++)
    {
      XenoDevice *device = g_ptr_array_index (devices, i);
      const char *kind = xeno_device_get_kind (device)->id;
      g_autofree char *title = xeno_device_dup_title (device);
      g_autofree char *value = NULL;

      if (strcmp (kind, "disk") == 0)
        {
          value = dup_source (device);
          add_row (rows, title, value != NULL ? value : _("empty"));
        }
      else if (strcmp (kind, "interface") == 0)
        {
          value = dup_network (device);
          add_row (rows, title, value);
        }
      else if (strcmp (kind, "graphics") == 0)
        {
          g_autofree char *type = xeno_device_dup_string (device, "type");

          value = g_ascii_strup (type != NULL ? type : "", -1);
          add_row (rows, _("Display"), value);
        }
    }
}

static char *
format_machine (XenoMachine    *machine,
                const Findings *findings)
{
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *n_cpus = g_strdup_printf ("%u", xeno_machine_get_n_cpus (machine));
  g_autofree char *memory = xeno_units_format_size (xeno_machine_get_memory_bytes (machine));
  g_autofree char *address = NULL;
  g_autofree char *started = NULL;
  g_autofree char *disks = NULL;
  g_autofree char *debugger = NULL;

  if (findings->addresses != NULL)
    address = g_strjoinv (", ", findings->addresses);
  if (xeno_machine_get_started_at (machine) != NULL)
    started = g_date_time_format (xeno_machine_get_started_at (machine), "%F %T");
  if (findings->disk_capacity_bytes > 0)
    {
      g_autofree char *used = xeno_units_format_size (findings->disk_allocated_bytes);
      g_autofree char *total = xeno_units_format_size (findings->disk_capacity_bytes);

      /* Translators: both are sizes: what the disks take on the host, and what the guest sees */
      disks = g_strdup_printf (_("%s used of %s"), used, total);
    }

  if (xeno_machine_get_debugger (machine) != NULL)
    debugger = g_strconcat ("target remote ", xeno_machine_get_debugger (machine), NULL);

  add_row (rows, _("Name"), xeno_machine_get_name (machine));
  add_row (rows, _("Title"), xeno_machine_get_title (machine));
  add_row (rows, _("UUID"), xeno_machine_get_uuid (machine));
  add_row (rows, _("State"), xeno_machine_state_to_label (xeno_machine_get_state (machine)));
  add_row (rows, _("Reason"), xeno_machine_get_state_reason (machine));
  add_row (rows, _("Running since"), started);
  add_row (rows, _("Debugger"), debugger);
  add_row (rows, _("Addresses"), address);
  add_row (rows, _("System"), xeno_machine_get_os_name (machine));
  add_row (rows, _("Processors"), n_cpus);
  add_row (rows, _("Memory"), memory);
  add_row (rows, _("Disk space"), disks);
  add_row (rows, _("Autostart"), xeno_machine_has_autostart (machine) ? _("yes") : _("no"));
  if (findings->spec != NULL)
    {
      g_autofree char *virt_type = xeno_spec_dup_virt_type (findings->spec);

      add_row (rows, _("Firmware"), xeno_spec_is_uefi (findings->spec) ? _("UEFI") : _("BIOS"));
      add_row (rows, _("Acceleration"), accel_to_label (virt_type));
      add_devices (rows, findings->spec);
    }
  return format_rows (rows);
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
format_machine_json (XenoMachine    *machine,
                     const Findings *findings)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  XenoSpec *spec = findings->spec;
  g_autofree char *virt_type = spec != NULL ? xeno_spec_dup_virt_type (spec) : NULL;

  json_builder_begin_object (builder);
  xeno_cli_json_add_machine (builder, machine);
  xeno_cli_json_add_string (builder, "reason", xeno_machine_get_state_reason (machine));
  xeno_cli_json_add_string (builder, "debugger", xeno_machine_get_debugger (machine));
  xeno_cli_json_add_string (builder, "virt_type", virt_type);
  xeno_cli_json_add_string (builder, "firmware", spec != NULL ? firmware_of (spec) : NULL);
  json_builder_set_member_name (builder, "addresses");
  json_builder_begin_array (builder);
  for (guint i = 0; findings->addresses != NULL && findings->addresses[i] != NULL; i++)
    json_builder_add_string_value (builder, findings->addresses[i]);
  json_builder_end_array (builder);
  xeno_cli_json_add_int (builder, "disk_capacity_bytes", findings->disk_capacity_bytes);
  xeno_cli_json_add_int (builder, "disk_allocated_bytes", findings->disk_allocated_bytes);
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
  g_auto (Findings) findings = { NULL };
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (XenoMachine) machine = xeno_cli_find (cli, reference, &status);

  if (machine == NULL)
    return status;

  findings.spec = xeno_machine_dup_spec (machine);
  findings.addresses = list_addresses (cli, machine);
  read_disks (cli, machine, &findings);
  text = as_json ? format_machine_json (machine, &findings) : format_machine (machine, &findings);
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
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func (g_free);
  GListModel *checks = xeno_host_get_checks (host);
  g_autofree char *n_cpus = g_strdup_printf ("%u", xeno_host_get_n_cpus (host));
  g_autofree char *memory = xeno_units_format_size (xeno_host_get_memory_bytes (host));
  g_autofree char *facts = NULL;
  GString *text;

  add_row (rows, _("Host"), xeno_host_get_hostname (host));
  add_row (rows, _("Processors"), n_cpus);
  add_row (rows, _("Memory"), memory);
  facts = format_rows (rows);
  text = g_string_new (facts);
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
