/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* xeno import: a disk or appliance that somebody made elsewhere becomes a machine. */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "base/xeno-text.h"
#include "cli/xeno-cli-json.h"
#include "cli/xeno-cli-output.h"
#include "cli/xeno-create-commands.h"
#include "cli/xeno-create-restore.h"
#include "create/xeno-recipe.h"
#include "create/xeno-restore.h"

#define MAX_NAME_CHARS 120

static void
add_machine (JsonBuilder *builder,
             XenoMedia   *media,
             const char  *name)
{
  g_autoptr (XenoRecipe) recipe = xeno_recipe_new (media);

  xeno_recipe_recommend (recipe, NULL, NULL, NULL, 0);
  json_builder_begin_object (builder);
  xeno_cli_json_add_string (builder, "name", name != NULL ? name : xeno_recipe_get_title (recipe));
  xeno_cli_json_add_int (builder, "cpus", xeno_recipe_get_n_cpus (recipe));
  xeno_cli_json_add_int (builder, "memory_bytes", xeno_recipe_get_memory_bytes (recipe));
  xeno_cli_json_add_int (builder, "disk_bytes", xeno_media_get_capacity_bytes (media));
  json_builder_end_object (builder);
}

static char *
format_json (XenoMedia  *media,
             GStrv       names)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_array (builder);
  if (names == NULL)
    add_machine (builder, media, NULL);
  for (guint i = 0; names != NULL && names[i] != NULL; i++)
    {
      g_autoptr (XenoMedia) machine = xeno_media_dup_machine (media, i);

      add_machine (builder, machine, names[i]);
    }
  json_builder_end_array (builder);
  return xeno_cli_json_format (builder, TRUE);
}

/* For a terminal, which a name from elsewhere must not command. */
static char *
format_lines (XenoMedia *media,
              GStrv      names)
{
  g_autoptr (GString) lines = g_string_new (NULL);
  g_autoptr (XenoRecipe) recipe = xeno_recipe_new (media);

  xeno_recipe_recommend (recipe, NULL, NULL, NULL, 0);
  if (names == NULL)
    g_string_append_printf (lines, "%s\n", xeno_recipe_get_title (recipe));
  for (guint i = 0; names != NULL && names[i] != NULL; i++)
    {
      g_autofree char *name = xeno_text_clean (names[i], -1, MAX_NAME_CHARS);

      g_string_append_printf (lines, "%s\n", name);
    }
  return g_string_free (g_steal_pointer (&lines), FALSE);
}

static XenoMedia *
open_file (XenoCli     *cli,
           const char  *name,
           GError     **error)
{
  g_autoptr (GFile) file = g_file_new_for_commandline_arg (name);
  g_autoptr (GAsyncResult) result = NULL;
  GAsyncResult *slot = NULL;

  xeno_media_open_async (file, cli->cancellable, xeno_cli_result_cb, &slot);
  result = xeno_cli_await (&slot);
  return xeno_media_open_finish (result, error);
}

/* Nothing is asked of libvirt. */
static XenoCliStatus
list_machines (XenoCli     *cli,
               XenoMedia   *media,
               gboolean     as_json)
{
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) names = NULL;
  g_autofree char *text = NULL;

  names = xeno_media_list_machines (media);
  text = as_json ? format_json (media, names) : format_lines (media, names);
  return xeno_cli_print (text, &error) ? XENO_CLI_DONE : xeno_cli_fail (cli, error);
}

static void
add_word (GPtrArray  *line,
          const char *option,
          const char *value)
{
  if (value != NULL)
    g_ptr_array_add (line, g_strconcat (option, value, NULL));
}

/* It is xeno create with the choices made that fit. */
XenoCliStatus
xeno_create_run_import (XenoCli   *cli,
                        char    ***args)
{
  g_autofree char *name = NULL;
  g_autofree char *machine = NULL;
  gboolean in_place = FALSE;
  gboolean no_start = FALSE;
  gboolean anyway = FALSE;
  gboolean list = FALSE;
  gboolean as_json = FALSE;
  const GOptionEntry entries[] = {
    { "name", 0, 0, G_OPTION_ARG_FILENAME, &name, N_("What to call it"), N_("NAME") },
    { "machine", 0, 0, G_OPTION_ARG_FILENAME, &machine, N_("Which one, of an appliance with several"), N_("NAME") },
    { "list", 0, 0, G_OPTION_ARG_NONE, &list, N_("Make nothing: say which machines are in it"), NULL },
    { "json", 0, 0, G_OPTION_ARG_NONE, &as_json, N_("Print JSON"), NULL },
    { "in-place", 0, 0, G_OPTION_ARG_NONE, &in_place, N_("Do not copy the disk but use it"), NULL },
    { "no-start", 0, 0, G_OPTION_ARG_NONE, &no_start, N_("Do not start it"), NULL },
    { "anyway", 0, 0, G_OPTION_ARG_NONE, &anyway, N_("Use an image that seems damaged"), NULL },
    { NULL }
  };
  g_autoptr (GPtrArray) line = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (XenoMedia) media = NULL;
  g_autoptr (GError) error = NULL;
  XenoCliStatus status = XENO_CLI_DONE;
  char **words;

  if (!xeno_cli_parse (cli, entries, 1, 1, args, &status))
    return status;
  if (as_json && !list)
    return xeno_cli_misuse (cli, _("--json goes with --list."));

  xeno_cli_watch_signals (cli);
  media = open_file (cli, (*args)[1], &error);
  if (media == NULL)
    return xeno_cli_fail (cli, error);
  if (list)
    return list_machines (cli, media, as_json);
  if (g_str_equal (xeno_media_get_device (media), XENO_RESTORE_DEVICE) && !in_place && !anyway && machine == NULL)
    return xeno_create_bring_back (cli, media, name, !no_start);

  g_ptr_array_add (line, g_strdup ("create"));
  add_word (line, "--import=", (*args)[1]);
  add_word (line, "--name=", name);
  add_word (line, "--machine=", machine);
  add_word (line, "--in-place", in_place ? "" : NULL);
  add_word (line, "--no-start", no_start ? "" : NULL);
  add_word (line, "--anyway", anyway ? "" : NULL);
  g_ptr_array_add (line, NULL);

  words = g_strdupv ((char **) line->pdata);
  status = xeno_create_run_machine (cli, &words);
  g_strfreev (words);
  return status;
}
