/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Throw-away machines for the commands that run them. */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include <glib/gi18n-lib.h>

#include "base/xeno-text.h"
#include "cli/xeno-create-answers.h"
#include "cli/xeno-create-progress.h"
#include "cli/xeno-create-throw-away.h"
#include "create/xeno-recipe.h"

#define MAX_LINE_CHARS 1000

static XenoPlan *
plan_file (XenoCli     *cli,
           const char  *path,
           GError     **error)
{
  g_auto (XenoCreateAnswers) answers = { NULL };
  g_autoptr (XenoRecipe) recipe = NULL;
  g_autoptr (XenoCaps) caps = NULL;
  g_autoptr (XenoStoragePlace) place = NULL;
  g_autoptr (GError) reason = NULL;
  g_autoptr (XenoOs) os = NULL;
  XenoMedia *media;

  xeno_create_answers_ask (&answers, cli, path, NULL);
  xeno_create_answers_ask_host (&answers, cli);
  media = xeno_create_answers_take_media (&answers, FALSE, error);
  if (media == NULL)
    return NULL;
  os = xeno_create_answers_take_os (&answers, &reason);
  if (reason != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&reason));
      return NULL;
    }
  caps = xeno_create_answers_take_caps (&answers, cli, error);
  if (caps == NULL || !xeno_create_answers_take_host (&answers, cli, error))
    return NULL;
  place = xeno_create_answers_take_place (&answers, cli, error);
  if (place == NULL)
    return NULL;

  recipe = xeno_recipe_new (media);
  xeno_recipe_recommend (recipe, os, xeno_connection_get_host (cli->connection), caps, place->available_bytes);
  if (xeno_media_get_ways (media) & XENO_DISK_OVERLAY)
    xeno_recipe_set_disk_way (recipe, XENO_DISK_OVERLAY);
  return xeno_recipe_check (recipe, error) ? XENO_PLAN (g_steal_pointer (&recipe)) : NULL;
}

/* Made from a machine of that name, or from a file. */
XenoDisposable *
xeno_create_plan_throw_away (XenoCli     *cli,
                             const char  *base,
                             gboolean     is_untrusted,
                             gboolean     is_cold,
                             GError     **error)
{
  g_autoptr (XenoPlan) plan = NULL;
  XenoDisposable *disposable;
  g_autoptr (GError) reason = NULL;
  XenoMachine *machine = NULL;

  if (strchr (base, '/') == NULL)
    machine = xeno_connection_find_machine (cli->connection, base, &reason);
  if (machine != NULL)
    return xeno_disposable_new_for_machine (machine, is_untrusted, is_cold);

  if (reason == NULL || g_file_test (base, G_FILE_TEST_EXISTS))
    plan = plan_file (cli, base, error);
  else
    g_propagate_error (error, g_steal_pointer (&reason));
  if (plan == NULL)
    return NULL;

  disposable = xeno_disposable_new (plan);
  xeno_disposable_set_untrusted (disposable, is_untrusted);
  return disposable;
}

/* A person who expected it at once, or with a network, is told. */
static void
say_notice (XenoDisposable *disposable)
{
  const char *notice = xeno_disposable_get_notice (disposable);
  g_autofree char *line = notice != NULL ? xeno_text_clean (notice, -1, MAX_LINE_CHARS) : NULL;

  if (line != NULL)
    fprintf (stderr, "xeno: %s\n", line);
}

XenoMachine *
xeno_create_start_throw_away (XenoCli         *cli,
                              XenoDisposable  *disposable,
                              GError         **error)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (XenoJob) job = NULL;
  GAsyncResult *slot = NULL;
  XenoMachine *machine;

  job = xeno_disposable_start (disposable, cli->connection, xeno_cli_result_cb, &slot);
  result = xeno_create_await_job (cli, job, &slot);
  machine = xeno_disposable_start_finish (disposable, result, error);
  xeno_create_explain_stop (error);
  if (machine != NULL)
    say_notice (disposable);
  return machine;
}

typedef struct
{
  gboolean  is_over;
  GError   *error;
} End;

static void
over_cb (XenoDisposable *disposable,
         const GError   *error,
         End            *end)
{
  end->is_over = TRUE;
  if (error != NULL)
    end->error = g_error_copy (error);
}

/* Waits until it is over, and ends it when @until is cancelled; at once without one. */
gboolean
xeno_create_end_throw_away (XenoDisposable  *disposable,
                            GCancellable    *until,
                            GError         **error)
{
  End end = { FALSE, NULL };
  gulong over_id;

  if (xeno_disposable_is_over (disposable))
    return TRUE;

  over_id = g_signal_connect (disposable, "over", G_CALLBACK (over_cb), &end);
  if (until != NULL)
    g_signal_connect_object (until, "cancelled", G_CALLBACK (xeno_disposable_end), disposable, G_CONNECT_SWAPPED);
  if (until == NULL || g_cancellable_is_cancelled (until))
    xeno_disposable_end (disposable);
  while (!end.is_over)
    g_main_context_iteration (NULL, TRUE);
  g_signal_handler_disconnect (disposable, over_id);

  if (end.error != NULL)
    g_propagate_error (error, end.error);
  return end.error == NULL;
}
