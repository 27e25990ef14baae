/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What `xeno create` has to know first, asked for at the same time. */
#include "config.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "base/xeno-error.h"
#include "base/xeno-text.h"
#include "cli/xeno-create-answers.h"
#include "create/xeno-builder.h"
#include "create/xeno-recipe.h"

#define MAX_LIST_CHARS 400

/* Of an appliance that holds several machines one has to be meant. */
static void
choose_machine (XenoCreateAnswers *answers)
{
  g_auto (GStrv) names = xeno_media_list_machines (answers->media);
  g_autoptr (XenoMedia) media = g_steal_pointer (&answers->media);
  g_autofree char *list = names != NULL ? g_strjoinv (", ", names) : NULL;
  g_autofree char *shown = xeno_text_clean (list, -1, MAX_LIST_CHARS);

  for (guint i = 0; names != NULL && answers->machine != NULL && names[i] != NULL; i++)
    if (strcmp (names[i], answers->machine) == 0)
      {
        answers->media = xeno_media_dup_machine (media, i);
        return;
      }

  if (names == NULL && answers->machine == NULL)
    answers->media = g_steal_pointer (&media);
  else if (names == NULL)
    xeno_set_error (&answers->media_error, XENO_ERROR_INVALID, NULL,
                    _("“%s” does not hold several machines. Leave --machine out."), xeno_media_get_path (media));
  else if (answers->machine == NULL)
    xeno_set_error (&answers->media_error, XENO_ERROR_INVALID, NULL,
                    _("“%s” holds several machines. Say which one with --machine NAME: %s."),
                    xeno_media_get_path (media), shown);
  else
    xeno_set_error (&answers->media_error, XENO_ERROR_NOT_FOUND, NULL,
                    _("“%s” holds no machine “%s”, but these: %s."), xeno_media_get_path (media), answers->machine, shown);
}

/* The database is asked as soon as there is something to ask: it is read on one processor while libvirt
 * answers on another. */
static void
media_opened_cb (GObject      *source,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  XenoCreateAnswers *answers = user_data;

  answers->media = xeno_media_open_finish (result, &answers->media_error);
  answers->has_media = TRUE;
  if (answers->media != NULL)
    choose_machine (answers);
  if (answers->media != NULL && answers->os_id == NULL)
    xeno_os_db_identify_async (answers->db, answers->media, answers->cancellable, xeno_cli_result_cb,
                               &answers->os);
}

/* What is not kept before the process ends is read again by the next. */
static void
keep_systems (XenoOsDb *db)
{
  GAsyncResult *pending = NULL;
  g_autoptr (GAsyncResult) kept = NULL;

  xeno_os_db_keep_async (db, xeno_cli_result_cb, &pending);
  kept = xeno_cli_await (&pending);
}

void
xeno_create_answers_clear (XenoCreateAnswers *answers)
{
  g_return_if_fail (answers != NULL);

  if (answers->db != NULL)
    keep_systems (answers->db);
  g_clear_object (&answers->cancellable);
  g_clear_object (&answers->db);
  g_free (answers->os_id);
  g_free (answers->folder);
  g_free (answers->machine);
  g_clear_object (&answers->os);
  g_clear_object (&answers->media);
  g_clear_error (&answers->media_error);
  g_clear_object (&answers->caps);
  g_clear_object (&answers->host);
  g_clear_object (&answers->place);
  g_clear_object (&answers->recovery);
}

/* What needs no connection. */
void
xeno_create_answers_ask (XenoCreateAnswers *answers,
                         XenoCli           *cli,
                         const char        *file_name,
                         const char        *os_id)
{
  g_autoptr (GFile) file = file_name != NULL ? g_file_new_for_commandline_arg (file_name) : NULL;

  g_set_object (&answers->cancellable, cli->cancellable);
  answers->db = xeno_os_db_new ();
  answers->os_id = g_strdup (os_id);
  if (os_id != NULL)
    xeno_os_db_lookup_async (answers->db, os_id, cli->cancellable, xeno_cli_result_cb, &answers->os);
  if (file != NULL)
    xeno_media_open_async (file, cli->cancellable, media_opened_cb, answers);
  else
    answers->has_media = TRUE;
}

/* What does. */
void
xeno_create_answers_ask_host (XenoCreateAnswers *answers,
                              XenoCli           *cli)
{
  xeno_connection_load_caps_async (cli->connection, cli->cancellable, xeno_cli_result_cb, &answers->caps);
  xeno_host_load_async (xeno_connection_get_host (cli->connection), cli->cancellable, xeno_cli_result_cb,
                        &answers->host);
  xeno_storage_ensure_async (cli->connection, cli->cancellable, xeno_cli_result_cb, &answers->place);
  xeno_builder_recover_async (cli->connection, NULL, xeno_cli_result_cb, &answers->recovery);
}

/* Borrowed from the answers; NULL without an error where it was not asked for. */
XenoMedia *
xeno_create_answers_take_media (XenoCreateAnswers  *answers,
                                gboolean            anyway,
                                GError            **error)
{
  const char *warning;

  while (!answers->has_media)
    g_main_context_iteration (NULL, TRUE);
  if (answers->media == NULL)
    {
      if (answers->media_error != NULL)
        g_propagate_error (error, g_steal_pointer (&answers->media_error));
      return NULL;
    }

  warning = xeno_media_get_warning (answers->media);
  if (warning == NULL || anyway)
    return answers->media;

  /* Translators: %s is a whole sentence about a file */
  xeno_set_error (error, XENO_ERROR_BAD_MEDIA, NULL, _("%s Say --anyway to use it all the same."), warning);
  return NULL;
}

/* The system on the medium, or the one that was named; NULL without an error is an unknown one. */
XenoOs *
xeno_create_answers_take_os (XenoCreateAnswers  *answers,
                             GError            **error)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) reason = NULL;
  XenoOs *os;

  if (answers->os_id == NULL && answers->media == NULL)
    return NULL;

  result = xeno_cli_await (&answers->os);
  if (answers->os_id == NULL)
    return xeno_os_db_identify_finish (answers->db, result, error);

  os = xeno_os_db_lookup_finish (answers->db, result, &reason);
  if (reason != NULL)
    g_propagate_error (error, g_steal_pointer (&reason));
  else if (os == NULL)
    xeno_set_error (error, XENO_ERROR_NOT_FOUND, NULL,
                    _("The database of this host knows no operating system “%s”. “osinfo-query os” lists "
                      "those it knows; leave --os out for any other."), answers->os_id);
  return os;
}

XenoCaps *
xeno_create_answers_take_caps (XenoCreateAnswers  *answers,
                               XenoCli            *cli,
                               GError            **error)
{
  g_autoptr (GAsyncResult) result = xeno_cli_await (&answers->caps);

  return xeno_connection_load_caps_finish (cli->connection, result, error);
}

gboolean
xeno_create_answers_take_host (XenoCreateAnswers  *answers,
                               XenoCli            *cli,
                               GError            **error)
{
  g_autoptr (GAsyncResult) result = xeno_cli_await (&answers->host);

  return xeno_host_load_finish (xeno_connection_get_host (cli->connection), result, error);
}

XenoStoragePlace *
xeno_create_answers_take_place (XenoCreateAnswers  *answers,
                                XenoCli            *cli,
                                GError            **error)
{
  g_autoptr (GAsyncResult) result = xeno_cli_await (&answers->place);
  XenoStoragePlace *place = xeno_storage_ensure_finish (cli->connection, result, error);

  if (place != NULL)
    {
      g_free (answers->folder);
      answers->folder = g_strdup (place->path);
    }
  return place;
}

/* Where the files of a machine go; NULL before xeno_create_answers_take_place(). */
const char *
xeno_create_answers_get_folder (XenoCreateAnswers *answers)
{
  return answers->folder;
}

/* What an earlier run left half-made goes first; what cannot go now is tried again next time. */
void
xeno_create_answers_take_recovery (XenoCreateAnswers *answers,
                                   XenoCli           *cli)
{
  g_autoptr (GAsyncResult) result = xeno_cli_await (&answers->recovery);
  g_autoptr (GError) error = NULL;

  if (!xeno_builder_recover_finish (result, &error))
    xeno_cli_fail (cli, error);
}
