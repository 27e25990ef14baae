/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* xeno media: the discs and images there are, and who uses them. */
#include "config.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "base/xeno-error.h"
#include "base/xeno-units.h"
#include "cli/xeno-cli-json.h"
#include "cli/xeno-cli-output.h"
#include "cli/xeno-create-commands.h"
#include "create/xeno-media-library.h"

static GPtrArray *
list_media (XenoCli  *cli,
            GError  **error)
{
  g_autoptr (GAsyncResult) result = NULL;
  GAsyncResult *slot = NULL;

  xeno_media_library_list_async (cli->connection, cli->cancellable, xeno_cli_result_cb, &slot);
  result = xeno_cli_await (&slot);
  return xeno_media_library_list_finish (result, error);
}

static char *
format_json (GPtrArray *entries)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_array (builder);
  for (guint i = 0; i < entries->len; i++)
    {
      const XenoMediaEntry *entry = entries->pdata[i];

      json_builder_begin_object (builder);
      xeno_cli_json_add_string (builder, "path", entry->path);
      xeno_cli_json_add_int (builder, "size_bytes", entry->size_bytes);
      if (entry->capacity_bytes > 0)
        xeno_cli_json_add_int (builder, "capacity_bytes", entry->capacity_bytes);
      if (entry->problem != NULL)
        xeno_cli_json_add_string (builder, "problem", entry->problem);
      xeno_cli_json_add_boolean (builder, "partial", entry->is_part);
      json_builder_set_member_name (builder, "users");
      json_builder_begin_array (builder);
      for (guint j = 0; entry->users[j] != NULL; j++)
        json_builder_add_string_value (builder, entry->users[j]);
      json_builder_end_array (builder);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
  return xeno_cli_json_format (builder, TRUE);
}

static XenoCliTable *
tabulate (GPtrArray *entries)
{
  const char *titles[] = { _("SIZE"), _("USED BY"), _("FILE"), NULL };
  XenoCliTable *table = xeno_cli_table_new (titles);

  for (guint i = 0; i < entries->len; i++)
    {
      const XenoMediaEntry *entry = entries->pdata[i];
      g_autofree char *size = xeno_units_format_size (entry->size_bytes);
      g_autofree char *users = g_strjoinv (", ", entry->users);

      xeno_cli_table_add (table, size, *users != '\0' ? users : "-", entry->path, NULL);
    }
  return table;
}

static XenoCliStatus
print_list (XenoCli  *cli,
            gboolean  as_json)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) entries = list_media (cli, &error);

  if (entries == NULL)
    return xeno_cli_fail (cli, error);

  if (as_json)
    {
      g_autofree char *json = format_json (entries);

      xeno_cli_print (json, &error);
    }
  else
    {
      g_autoptr (XenoCliTable) table = tabulate (entries);

      xeno_cli_table_print (table, &error);
    }
  return error != NULL ? xeno_cli_fail (cli, error) : XENO_CLI_DONE;
}

static const XenoMediaEntry *
find (GPtrArray   *entries,
      const char  *name,
      GError     **error)
{
  for (guint i = 0; i < entries->len; i++)
    {
      const XenoMediaEntry *entry = entries->pdata[i];
      g_autofree char *base = g_path_get_basename (entry->path);

      if (strcmp (entry->path, name) == 0 || strcmp (base, name) == 0)
        return entry;
    }
  xeno_set_error (error, XENO_ERROR_NOT_FOUND, NULL,
                  _("There is no disc or image “%s”. “xeno media” lists them."), name);
  return NULL;
}

static XenoCliStatus
delete_media (XenoCli    *cli,
              const char *name)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) entries = list_media (cli, &error);
  const XenoMediaEntry *entry = entries != NULL ? find (entries, name, &error) : NULL;
  g_autoptr (GAsyncResult) result = NULL;
  GAsyncResult *slot = NULL;

  if (entry == NULL)
    return xeno_cli_fail (cli, error);

  xeno_media_library_remove_async (entry, cli->cancellable, xeno_cli_result_cb, &slot);
  result = xeno_cli_await (&slot);
  return xeno_media_library_remove_finish (result, &error) ? XENO_CLI_DONE : xeno_cli_fail (cli, error);
}

XenoCliStatus
xeno_create_run_media (XenoCli   *cli,
                       char    ***args)
{
  gboolean as_json = FALSE;
  const GOptionEntry entries[] = {
    { "json", 0, 0, G_OPTION_ARG_NONE, &as_json, N_("Print JSON"), NULL },
    { NULL }
  };
  XenoCliStatus status = XENO_CLI_DONE;
  const char *what;

  if (!xeno_cli_parse (cli, entries, 0, 2, args, &status))
    return status;

  what = (*args)[1];
  if (what != NULL && (strcmp (what, "delete") != 0 || (*args)[2] == NULL))
    return xeno_cli_misuse (cli, _("What can be done with media is “delete FILE”."));
  if (!xeno_cli_connect (cli, &status))
    return status;
  return what == NULL ? print_list (cli, as_json) : delete_media (cli, (*args)[2]);
}
