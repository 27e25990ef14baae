/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How far a download is, told by the thread that does the work to the job that a person looks at. */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "base/xeno-units.h"
#include "create/xeno-download-progress.h"

/* How often a person is told. */
#define TELL_US (G_USEC_PER_SEC / 4)

typedef struct
{
  XenoJob *job;
  char    *step;
  double   fraction;
} Report;

static void
report_free (Report *report)
{
  g_object_unref (report->job);
  g_free (report->step);
  g_free (report);
}

static gboolean
report_cb (gpointer user_data)
{
  Report *report = user_data;

  if (xeno_job_get_state (report->job) == XENO_JOB_RUNNING)
    xeno_job_report (report->job, report->step, report->fraction);
  return G_SOURCE_REMOVE;
}

static void
send_report (XenoDownloadProgress *self,
             char                 *step,
             double                fraction)
{
  Report *report = g_new0 (Report, 1);

  report->job = g_object_ref (self->job);
  report->step = step;
  report->fraction = fraction;
  g_main_context_invoke_full (NULL, G_PRIORITY_DEFAULT, report_cb, report, (GDestroyNotify) report_free);
}

static gboolean
is_time_to_tell (XenoDownloadProgress *self)
{
  gint64 now_us = g_get_monotonic_time ();

  if (now_us - self->told_us < TELL_US)
    return FALSE;

  self->told_us = now_us;
  return TRUE;
}

/*< private >
 * xeno_download_progress_begin:
 * @self: a progress
 * @there_bytes: what an earlier download left
 * @total_bytes: how much it will be, or 0 if nobody knows
 *
 * Begins to measure how fast it is.
 */
void
xeno_download_progress_begin (XenoDownloadProgress *self,
                              guint64               there_bytes,
                              guint64               total_bytes)
{
  self->began_us = g_get_monotonic_time ();
  self->began_bytes = there_bytes;
  self->total_bytes = total_bytes;
}

/*< private >
 * xeno_download_progress_tell:
 * @self: a progress
 * @done_bytes: what is there
 *
 * Tells how much has come, if it was not told a moment ago.
 */
void
xeno_download_progress_tell (XenoDownloadProgress *self,
                             guint64               done_bytes)
{
  double seconds = (g_get_monotonic_time () - self->began_us) / (double) G_USEC_PER_SEC;
  g_autofree char *done = NULL;
  g_autofree char *rate = NULL;
  g_autofree char *total = NULL;

  if (!is_time_to_tell (self))
    return;

  done = xeno_units_format_size (done_bytes);
  rate = xeno_units_format_rate (seconds > 0 ? (done_bytes - self->began_bytes) / seconds : 0);
  if (self->total_bytes == 0)
    {
      /* Translators: how much has been downloaded, and how fast: "120 MiB, 3.2 MiB/s" */
      send_report (self, g_strdup_printf (_("%s, %s"), done, rate), -1.0);
      return;
    }

  total = xeno_units_format_size (self->total_bytes);
  /* Translators: "120 MiB of 650 MiB, 3.2 MiB/s" */
  send_report (self, g_strdup_printf (_("%s of %s, %s"), done, total, rate), (double) done_bytes / self->total_bytes);
}

/*< private >
 * xeno_download_progress_check:
 * @self: a progress
 * @fraction: how much is checked, or a negative number as it begins
 *
 * Tells that what came is being checked, if it was not told a moment ago.
 */
void
xeno_download_progress_check (XenoDownloadProgress *self,
                              double                fraction)
{
  if (fraction < 0.0 || is_time_to_tell (self))
    send_report (self, g_strdup (_("Checking what was downloaded…")), fraction);
}
