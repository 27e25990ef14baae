/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Machines as JSON. Names of members are promised to programs: they are added, never changed. */
#include "config.h"

#include <string.h>

#include "cli/xeno-cli-json.h"

/* A text, or null. */
void
xeno_cli_json_add_string (JsonBuilder *builder,
                          const char  *member,
                          const char  *value)
{
  g_return_if_fail (JSON_IS_BUILDER (builder));

  json_builder_set_member_name (builder, member);
  if (value != NULL)
    json_builder_add_string_value (builder, value);
  else
    json_builder_add_null_value (builder);
}

void
xeno_cli_json_add_int (JsonBuilder *builder,
                       const char  *member,
                       gint64       value)
{
  g_return_if_fail (JSON_IS_BUILDER (builder));

  json_builder_set_member_name (builder, member);
  json_builder_add_int_value (builder, value);
}

void
xeno_cli_json_add_boolean (JsonBuilder *builder,
                           const char  *member,
                           gboolean     value)
{
  g_return_if_fail (JSON_IS_BUILDER (builder));

  json_builder_set_member_name (builder, member);
  json_builder_add_boolean_value (builder, value);
}

/* The members every command says of a machine. */
void
xeno_cli_json_add_machine (JsonBuilder *builder,
                           XenoMachine *machine)
{
  GDateTime *started_at = xeno_machine_get_started_at (machine);
  g_autofree char *started = started_at != NULL ? g_date_time_format_iso8601 (started_at) : NULL;

  xeno_cli_json_add_string (builder, "name", xeno_machine_get_name (machine));
  xeno_cli_json_add_string (builder, "title", xeno_machine_get_title (machine));
  xeno_cli_json_add_string (builder, "uuid", xeno_machine_get_uuid (machine));
  xeno_cli_json_add_string (builder, "state",
                            xeno_machine_state_to_id (xeno_machine_get_state (machine)));
  xeno_cli_json_add_int (builder, "cpus", xeno_machine_get_n_cpus (machine));
  xeno_cli_json_add_int (builder, "memory_bytes", xeno_machine_get_memory_bytes (machine));
  xeno_cli_json_add_string (builder, "os_id", xeno_machine_get_os_id (machine));
  xeno_cli_json_add_boolean (builder, "autostart", xeno_machine_has_autostart (machine));
  xeno_cli_json_add_boolean (builder, "persistent", xeno_machine_is_persistent (machine));
  xeno_cli_json_add_boolean (builder, "saved", xeno_machine_has_saved_state (machine));
  xeno_cli_json_add_boolean (builder, "template", xeno_machine_is_template (machine));
  xeno_cli_json_add_boolean (builder, "throw_away", xeno_machine_is_throw_away (machine));
  xeno_cli_json_add_string (builder, "started_at", started);
}

static gboolean
is_visible (gunichar c)
{
  switch (g_unichar_type (c))
    {
    case G_UNICODE_CONTROL:
    case G_UNICODE_FORMAT:
    case G_UNICODE_LINE_SEPARATOR:
    case G_UNICODE_PARAGRAPH_SEPARATOR:
      return FALSE;

    default:
      return TRUE;
    }
}

/* A program gets a path as it is; a terminal does not get what turns its text around. */
static char *
escape_invisible (const char *json)
{
  GString *text = g_string_sized_new (strlen (json) + 1);

  for (const char *p = json; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (c < 0x80 || is_visible (c))
        g_string_append_len (text, p, g_utf8_next_char (p) - p);
      else if (c < 0x10000)
        g_string_append_printf (text, "\\u%04x", c);
      else
        g_string_append_printf (text, "\\u%04x\\u%04x", 0xd800 + ((c - 0x10000) >> 10),
                                0xdc00 + ((c - 0x10000) & 0x3ff));
    }
  g_string_append_c (text, '\n');
  return g_string_free (text, FALSE);
}

/* The text, with a line end. */
char *
xeno_cli_json_format (JsonBuilder *builder,
                      gboolean     is_pretty)
{
  g_autoptr (JsonGenerator) generator = json_generator_new ();
  g_autoptr (JsonNode) root = json_builder_get_root (builder);
  g_autofree char *text = NULL;

  json_generator_set_root (generator, root);
  json_generator_set_pretty (generator, is_pretty);
  text = json_generator_to_data (generator, NULL);
  return escape_invisible (text);
}
