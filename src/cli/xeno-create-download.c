/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* xeno download: discs and images from those who make them. */
#include "config.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <glib/gi18n-lib.h>

#include "base/xeno-error.h"
#include "cli/xeno-cli-json.h"
#include "cli/xeno-cli-output.h"
#include "cli/xeno-create-commands.h"
#include "cli/xeno-create-progress.h"
#include "create/xeno-download.h"
#include "create/xeno-media-library.h"
#include "create/xeno-os-db.h"

static GPtrArray *
list_downloads (XenoCli  *cli,
                GError  **error)
{
  g_autoptr (XenoOsDb) db = xeno_os_db_new ();
  g_autoptr (GAsyncResult) result = NULL;
  GAsyncResult *slot = NULL;

  xeno_os_db_list_downloads_async (db, cli->cancellable, xeno_cli_result_cb, &slot);
  result = xeno_cli_await (&slot);
  return xeno_os_db_list_downloads_finish (db, result, error);
}

static GPtrArray *
filter (GPtrArray  *downloads,
        char      **words)
{
  GPtrArray *found = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < downloads->len; i++)
    if (xeno_os_download_matches (downloads->pdata[i], (const char * const *) words))
      g_ptr_array_add (found, g_object_ref (downloads->pdata[i]));
  return found;
}

static char *
format_json (GPtrArray *downloads)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_array (builder);
  for (guint i = 0; i < downloads->len; i++)
    {
      XenoOsDownload *download = downloads->pdata[i];

      json_builder_begin_object (builder);
      xeno_cli_json_add_string (builder, "title", xeno_os_download_get_title (download));
      xeno_cli_json_add_string (builder, "os", xeno_os_get_short_id (xeno_os_download_get_os (download)));
      xeno_cli_json_add_string (builder, "kind", xeno_os_download_get_kind_id (download));
      xeno_cli_json_add_string (builder, "arch", xeno_os_download_get_arch (download));
      xeno_cli_json_add_string (builder, "url", xeno_os_download_get_url (download));
      xeno_cli_json_add_boolean (builder, "recommended", xeno_os_download_is_recommended (download));
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
  return xeno_cli_json_format (builder, TRUE);
}

static XenoCliTable *
tabulate (GPtrArray *downloads)
{
  const char *titles[] = { _("SYSTEM"), _("KIND"), _("ARCH"), _("TITLE"), _("URL"), NULL };
  XenoCliTable *table = xeno_cli_table_new (titles);

  for (guint i = 0; i < downloads->len; i++)
    {
      XenoOsDownload *download = downloads->pdata[i];
      const char *short_id = xeno_os_get_short_id (xeno_os_download_get_os (download));

      xeno_cli_table_add (table, short_id != NULL ? short_id : "-", xeno_os_download_get_kind_id (download),
                          xeno_os_download_get_arch (download), xeno_os_download_get_title (download),
                          xeno_os_download_get_url (download), NULL);
    }
  return table;
}

static XenoCliStatus
print_list (XenoCli   *cli,
            char     **words,
            gboolean   as_json)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) downloads = list_downloads (cli, &error);
  g_autoptr (GPtrArray) found = NULL;

  if (downloads == NULL)
    return xeno_cli_fail (cli, error);

  found = filter (downloads, words);
  if (as_json)
    {
      g_autofree char *json = format_json (found);

      xeno_cli_print (json, &error);
    }
  else
    {
      g_autoptr (XenoCliTable) table = tabulate (found);

      xeno_cli_table_print (table, &error);
    }
  return error != NULL ? xeno_cli_fail (cli, error) : XENO_CLI_DONE;
}

/* The one download that the words mean. */
static char *
choose_url (XenoCli  *cli,
            char    **words,
            GError  **error)
{
  g_autoptr (GPtrArray) downloads = NULL;
  g_autoptr (GPtrArray) found = NULL;
  g_autofree char *line = g_strjoinv (" ", words);

  if (strstr (line, "://") != NULL)
    return g_strdup (line);

  downloads = list_downloads (cli, error);
  if (downloads == NULL)
    return NULL;

  found = filter (downloads, words);
  if (found->len == 1)
    return g_strdup (xeno_os_download_get_url (found->pdata[0]));
  if (found->len == 0)
    xeno_set_error (error, XENO_ERROR_NOT_FOUND, NULL,
                    _("Nothing that can be downloaded is called “%s”. “xeno download --list” shows all there is; "
                      "the address of a file (https://…) will do, too."), line);
  else
    xeno_set_error (error, XENO_ERROR_INVALID, NULL,
                    /* Translators: %u is 2 or more */
                    _("“%s” can mean %u downloads. Add words of the one you want: “xeno download --list %s” shows "
                      "them."), line, found->len, line);
  return NULL;
}

static XenoCliStatus
download (XenoCli    *cli,
          char      **words,
          const char *folder)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (XenoJob) job = NULL;
  g_autofree char *url = NULL;
  g_autofree char *path = NULL;
  g_autofree char *line = NULL;
  GAsyncResult *slot = NULL;
  gboolean is_checked = FALSE;

  xeno_cli_watch_signals (cli);
  url = choose_url (cli, words, &error);
  if (url == NULL)
    return xeno_cli_fail (cli, error);

  job = xeno_download_start (url, folder != NULL ? folder : xeno_media_library_get_folder (), xeno_cli_result_cb,
                             &slot);
  result = xeno_create_await_job (cli, job, &slot);
  path = xeno_download_finish (result, &is_checked, &error);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_clear_error (&error);
      error = xeno_error_new (XENO_ERROR_FAILED, NULL, _("Stopped. The next download of it goes on from here."));
    }
  if (path == NULL)
    return xeno_cli_fail (cli, error);

  fprintf (stderr, "%s\n", is_checked ? _("It agrees with the checksum its vendor publishes.")
                                      : _("Its vendor publishes no checksum beside it, so it was not checked."));
  line = g_strconcat (path, "\n", NULL);
  return xeno_cli_print (line, &error) ? XENO_CLI_DONE : xeno_cli_fail (cli, error);
}

XenoCliStatus
xeno_create_run_download (XenoCli   *cli,
                          char    ***args)
{
  gboolean list = FALSE;
  gboolean as_json = FALSE;
  g_autofree char *folder = NULL;
  const GOptionEntry entries[] = {
    { "list", 'l', 0, G_OPTION_ARG_NONE, &list, N_("List what there is, instead"), NULL },
    { "json", 0, 0, G_OPTION_ARG_NONE, &as_json, N_("List it as JSON"), NULL },
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &folder, N_("Where to put it"), N_("FOLDER") },
    { NULL }
  };
  XenoCliStatus status = XENO_CLI_DONE;

  if (!xeno_cli_parse (cli, entries, 0, G_MAXUINT, args, &status))
    return status;
  if (list || as_json)
    return print_list (cli, *args + 1, as_json);
  if ((*args)[1] == NULL)
    return xeno_cli_misuse (cli, _("Say which system, or the address of a file."));
  return download (cli, *args + 1, folder);
}
