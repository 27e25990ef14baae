/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A job on the terminal: how far it is, and Ctrl+C stops it. */
#include "config.h"

#include <stdio.h>
#include <unistd.h>

#include <glib/gi18n-lib.h>

#include "base/xeno-text.h"
#include "cli/xeno-create-progress.h"
#include "create/xeno-builder.h"

#define MAX_STEP_CHARS 60

static void
progress_cb (XenoJob    *job,
             GParamSpec *pspec,
             gpointer    user_data)
{
  g_autofree char *step = xeno_text_clean (xeno_job_get_step (job), -1, MAX_STEP_CHARS);
  double fraction = xeno_job_get_fraction (job);

  if (fraction >= 0.0)
    fprintf (stderr, "\r\033[K%s %.0f %%", step, fraction * 100.0);
  else
    fprintf (stderr, "\r\033[K%s", step);
}

static GAsyncResult *
await (XenoCli       *cli,
       XenoJob       *job,
       gboolean       to_the_end,
       GAsyncResult **slot)
{
  gboolean shows_progress = isatty (STDERR_FILENO);

  g_signal_connect_object (cli->cancellable, "cancelled", G_CALLBACK (xeno_job_cancel), job, G_CONNECT_SWAPPED);
  if (shows_progress)
    {
      g_signal_connect (job, "notify::step", G_CALLBACK (progress_cb), NULL);
      g_signal_connect (job, "notify::fraction", G_CALLBACK (progress_cb), NULL);
    }

  /* Asked to stop before there was a job to tell. */
  if (g_cancellable_is_cancelled (cli->cancellable))
    xeno_job_cancel (job);
  while (*slot == NULL && (to_the_end || !xeno_job_is_usable (job)))
    g_main_context_iteration (NULL, TRUE);
  if (shows_progress)
    fputs ("\r\033[K", stderr);
  return g_steal_pointer (slot);
}

/* Waits for what xeno_cli_result_cb() puts into @slot; stops the job when the person stops the command. */
GAsyncResult *
xeno_create_await_job (XenoCli       *cli,
                       XenoJob       *job,
                       GAsyncResult **slot)
{
  return await (cli, job, TRUE, slot);
}

/* The same, but no longer than until the machine can be used: NULL where the job goes on, and @slot is filled later. */
GAsyncResult *
xeno_create_await_machine (XenoCli       *cli,
                           XenoJob       *job,
                           GAsyncResult **slot)
{
  return await (cli, job, FALSE, slot);
}

/* What an earlier run left goes first; what cannot go now is tried again next time. */
void
xeno_create_recover (XenoCli *cli)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  GAsyncResult *slot = NULL;

  xeno_builder_recover_async (cli->connection, NULL, xeno_cli_result_cb, &slot);
  result = xeno_cli_await (&slot);
  if (!xeno_builder_recover_finish (result, &error))
    xeno_cli_fail (cli, error);
}

/* What a person reads who pressed Ctrl+C. */
void
xeno_create_explain_stop (GError **error)
{
  if (!g_error_matches (*error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  g_clear_error (error);
  *error = xeno_error_new (XENO_ERROR_FAILED, NULL, _("Stopped. Nothing was made."));
}
