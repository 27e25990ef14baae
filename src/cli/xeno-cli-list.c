/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* xeno list: the machines, for people, for scripts and for programs. */
#include "config.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "base/xeno-units.h"
#include "cli/xeno-cli-command.h"
#include "cli/xeno-cli-json.h"
#include "cli/xeno-cli-output.h"
#include "virt/xeno-brief.h"

#define MAX_TITLES 100

static int
compare_briefs (gconstpointer a,
                gconstpointer b)
{
  return strcmp ((*(XenoBrief **) a)->name, (*(XenoBrief **) b)->name);
}

static char *
format_names (GPtrArray *briefs)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < briefs->len; i++)
    {
      const XenoBrief *brief = g_ptr_array_index (briefs, i);

      g_string_append (text, brief->name);
      g_string_append_c (text, '\n');
    }
  return g_string_free (text, FALSE);
}

static gboolean
has_titles (GPtrArray *briefs)
{
  for (guint i = 0; i < briefs->len; i++)
    {
      const XenoBrief *brief = g_ptr_array_index (briefs, i);

      if (strcmp (brief->title, brief->name) != 0)
        return TRUE;
    }
  return FALSE;
}

static XenoCliTable *
tabulate (GPtrArray *briefs)
{
  gboolean with_titles = has_titles (briefs);
  const char *titles[] = {
    _("NAME"), _("STATE"), _("CPUS"), _("MEMORY"), with_titles ? _("TITLE") : NULL, NULL,
  };
  XenoCliTable *table = xeno_cli_table_new (titles);

  for (guint i = 0; i < briefs->len; i++)
    {
      const XenoBrief *brief = g_ptr_array_index (briefs, i);
      g_autofree char *n_cpus = g_strdup_printf ("%u", brief->n_cpus);
      g_autofree char *memory = xeno_units_format_size (brief->memory_bytes);

      xeno_cli_table_add (table,
                          brief->name,
                          xeno_machine_state_to_label (brief->state),
                          brief->n_cpus > 0 ? n_cpus : "-",
                          brief->memory_bytes > 0 ? memory : "-",
                          with_titles ? brief->title : NULL,
                          NULL);
    }
  return table;
}

static XenoCliStatus
list_briefly (XenoCli  *cli,
              gboolean  names_only)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) briefs =
    xeno_connection_list_brief_sync (cli->uri, names_only ? 0 : MAX_TITLES, &error);

  if (briefs == NULL)
    {
      xeno_cli_fail (cli, error);
      return XENO_CLI_NO_CONNECTION;
    }
  g_ptr_array_sort (briefs, compare_briefs);

  if (names_only)
    {
      g_autofree char *names = format_names (briefs);

      xeno_cli_print (names, &error);
    }
  else
    {
      g_autoptr (XenoCliTable) table = tabulate (briefs);

      xeno_cli_table_print (table, &error);
    }
  return error != NULL ? xeno_cli_fail (cli, error) : XENO_CLI_DONE;
}

static int
compare_machines (gconstpointer a,
                  gconstpointer b)
{
  return strcmp (xeno_machine_get_name (*(XenoMachine **) a),
                 xeno_machine_get_name (*(XenoMachine **) b));
}

static GPtrArray *
sort_machines (GListModel *machines)
{
  GPtrArray *sorted = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < g_list_model_get_n_items (machines); i++)
    g_ptr_array_add (sorted, g_list_model_get_item (machines, i));
  g_ptr_array_sort (sorted, compare_machines);
  return sorted;
}

static XenoCliTable *
tabulate_all (GPtrArray *machines)
{
  const char *titles[] = {
    _("NAME"), _("STATE"), _("CPUS"), _("MEMORY"), _("AUTOSTART"), _("SYSTEM"), _("UUID"),
    _("TITLE"), NULL,
  };
  XenoCliTable *table = xeno_cli_table_new (titles);

  for (guint i = 0; i < machines->len; i++)
    {
      XenoMachine *machine = g_ptr_array_index (machines, i);
      g_autofree char *n_cpus = g_strdup_printf ("%u", xeno_machine_get_n_cpus (machine));
      g_autofree char *memory = xeno_units_format_size (xeno_machine_get_memory_bytes (machine));
      const char *os_name = xeno_machine_get_os_name (machine);

      xeno_cli_table_add (table,
                          xeno_machine_get_name (machine),
                          xeno_machine_state_to_label (xeno_machine_get_state (machine)),
                          n_cpus,
                          memory,
                          xeno_machine_has_autostart (machine) ? _("yes") : _("no"),
                          os_name != NULL ? os_name : "-",
                          xeno_machine_get_uuid (machine),
                          xeno_machine_get_title (machine),
                          NULL);
    }
  return table;
}

static char *
format_json (GPtrArray *machines)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_array (builder);
  for (guint i = 0; i < machines->len; i++)
    {
      json_builder_begin_object (builder);
      xeno_cli_json_add_machine (builder, g_ptr_array_index (machines, i));
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
  return xeno_cli_json_format (builder, TRUE);
}

static XenoCliStatus
list_fully (XenoCli  *cli,
            gboolean  as_json)
{
  XenoCliStatus status = XENO_CLI_DONE;
  g_autoptr (GPtrArray) machines = NULL;
  g_autoptr (GError) error = NULL;

  if (!xeno_cli_connect (cli, &status))
    return status;

  machines = sort_machines (xeno_connection_get_machines (cli->connection));
  if (as_json)
    {
      g_autofree char *json = format_json (machines);

      xeno_cli_print (json, &error);
    }
  else
    {
      g_autoptr (XenoCliTable) table = tabulate_all (machines);

      xeno_cli_table_print (table, &error);
    }
  return error != NULL ? xeno_cli_fail (cli, error) : status;
}

XenoCliStatus
xeno_cli_run_list (XenoCli   *cli,
                   char    ***args)
{
  gboolean names_only = FALSE;
  gboolean as_json = FALSE;
  gboolean is_long = FALSE;
  const GOptionEntry entries[] = {
    { "names", 0, 0, G_OPTION_ARG_NONE, &names_only, N_("Print the names alone"), NULL },
    { "long", 'l', 0, G_OPTION_ARG_NONE, &is_long, N_("Print more columns"), NULL },
    { "json", 0, 0, G_OPTION_ARG_NONE, &as_json, N_("Print JSON"), NULL },
    { NULL }
  };
  XenoCliStatus status = XENO_CLI_DONE;

  if (!xeno_cli_parse (cli, entries, 0, 0, args, &status))
    return status;
  if (names_only + as_json + is_long > 1)
    return xeno_cli_misuse (cli, _("Choose one of --names, --long and --json."));

  return as_json || is_long ? list_fully (cli, as_json) : list_briefly (cli, names_only);
}
