/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Fetches a large file from the network: with progress, resumed where it broke off, and checked. */
#include "config.h"

#include <string.h>

#include <glib/gi18n-lib.h>
#include <libsoup/soup.h>

#include "base/xeno-error.h"
#include "base/xeno-text.h"
#include "base/xeno-units.h"
#include "base/xeno-worker.h"
#include "create/xeno-checksum.h"
#include "create/xeno-download-file.h"
#include "create/xeno-download-private.h"

#define BLOCK_BYTES    (256 * 1024)
#define MAX_NAME_BYTES 200
#define MAX_HOST_CHARS 80

/* How often a person is told, and over how long the speed is measured. */
#define REPORT_US (G_USEC_PER_SEC / 4)

typedef struct
{
  XenoJob  *job;
  char     *url;
  char     *folder;
  guint     stall_seconds;

  /* Of the thread that does the work. */
  gint64    reported_us;
  gint64    began_us;
  guint64   began_bytes;  /* what was there then */
  guint64   total_bytes;  /* 0: nobody knows */
} Download;

typedef struct
{
  char     *path;
  gboolean  is_checked;
} Outcome;

typedef struct
{
  XenoJob *job;
  char    *step;
  double   fraction;
} Report;

static void
download_free (Download *download)
{
  g_object_unref (download->job);
  g_free (download->url);
  g_free (download->folder);
  g_free (download);
}

static void
outcome_free (Outcome *outcome)
{
  g_free (outcome->path);
  g_free (outcome);
}

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

/* From the thread that works to the one that is looked at. */
static void
tell (Download *download,
      char     *step,
      double    fraction)
{
  Report *report = g_new0 (Report, 1);

  report->job = g_object_ref (download->job);
  report->step = step;
  report->fraction = fraction;
  g_main_context_invoke_full (NULL, G_PRIORITY_DEFAULT, report_cb, report, (GDestroyNotify) report_free);
}

static gboolean
is_time_to_tell (Download *download)
{
  gint64 now_us = g_get_monotonic_time ();

  if (now_us - download->reported_us < REPORT_US)
    return FALSE;

  download->reported_us = now_us;
  return TRUE;
}

static void
tell_progress (Download *download,
               guint64   done_bytes)
{
  double seconds = (g_get_monotonic_time () - download->began_us) / (double) G_USEC_PER_SEC;
  g_autofree char *done = xeno_units_format_size (done_bytes);
  g_autofree char *rate = xeno_units_format_rate (seconds > 0 ? (done_bytes - download->began_bytes) / seconds : 0);
  g_autofree char *total = NULL;

  if (download->total_bytes == 0)
    {
      /* Translators: how much has been downloaded, and how fast: "120 MiB, 3.2 MiB/s" */
      tell (download, g_strdup_printf (_("%s, %s"), done, rate), -1.0);
      return;
    }

  total = xeno_units_format_size (download->total_bytes);
  /* Translators: "120 MiB of 650 MiB, 3.2 MiB/s" */
  tell (download, g_strdup_printf (_("%s of %s, %s"), done, total, rate),
        (double) done_bytes / download->total_bytes);
}

static void
checked_cb (guint64  done_bytes,
            gpointer user_data)
{
  Download *download = user_data;

  if (is_time_to_tell (download))
    tell (download, g_strdup (_("Checking what was downloaded…")),
          (double) done_bytes / MAX (download->total_bytes, done_bytes));
}

static char *
dup_host (const char *url)
{
  g_autoptr (GUri) uri = g_uri_parse (url, SOUP_HTTP_URI_FLAGS, NULL);

  return xeno_text_clean (uri != NULL && g_uri_get_host (uri) != NULL ? g_uri_get_host (uri) : url, -1, MAX_HOST_CHARS);
}

static void
set_network_error (GError       **error,
                   Download      *download,
                   const GError  *reason)
{
  g_autofree char *host = dup_host (download->url);

  if (g_error_matches (reason, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CANCELLED, reason->message);
  else if (g_error_matches (reason, G_IO_ERROR, G_IO_ERROR_TIMED_OUT))
    xeno_set_error (error, XENO_ERROR_TIMEOUT, reason->message,
                    _("“%s” has sent nothing for %u seconds. Download it again later: it goes on where it "
                      "stopped."), host, download->stall_seconds);
  else if (reason->domain == G_TLS_ERROR)
    xeno_set_error (error, XENO_ERROR_NO_CONNECTION, reason->message,
                    _("“%s” could not prove that it is what it says it is, so nothing was downloaded from it."), host);
  else if (g_error_matches (reason, G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT))
    xeno_set_error (error, XENO_ERROR_NO_CONNECTION, reason->message,
                    _("“%s” stopped in the middle. Download it again: it goes on where it stopped."), host);
  else
    xeno_set_error (error, XENO_ERROR_NO_CONNECTION, reason->message,
                    _("“%s” cannot be reached. Look whether this computer is connected to the network."), host);
}

static void
set_status_error (GError     **error,
                  const char  *url,
                  SoupMessage *message)
{
  g_autofree char *host = dup_host (url);
  g_autofree char *details = g_strdup_printf ("%u %s", soup_message_get_status (message), url);

  if (soup_message_get_status (message) == SOUP_STATUS_NOT_FOUND)
    xeno_set_error (error, XENO_ERROR_NOT_FOUND, details,
                    _("“%s” does not have the file any more. There may be a newer release."), host);
  else
    xeno_set_error (error, XENO_ERROR_NO_CONNECTION, details,
                    _("“%s” refuses the download (%u). Try again later."), host, soup_message_get_status (message));
}

/* Who began in private does not go on in public. */
static gboolean
check_privacy (const char   *url,
               SoupMessage  *message,
               GError      **error)
{
  g_autofree char *host = NULL;

  if (!g_str_has_prefix (url, "https:") || g_str_equal (g_uri_get_scheme (soup_message_get_uri (message)), "https"))
    return TRUE;

  host = dup_host (url);
  xeno_set_error (error, XENO_ERROR_NO_CONNECTION, NULL,
                  _("“%s” leads to a place without encryption, where anybody could change the file on its way. "
                    "Nothing was downloaded."), host);
  return FALSE;
}

/* A version can be gone on with where two names of it cannot mean different bytes. */
static const char *
get_version (SoupMessage *message)
{
  SoupMessageHeaders *headers = soup_message_get_response_headers (message);
  const char *etag = soup_message_headers_get_one (headers, "ETag");

  if (etag != NULL && !g_str_has_prefix (etag, "W/"))
    return etag;
  return soup_message_headers_get_one (headers, "Last-Modified");
}

static void
ask_for_rest (SoupMessage      *message,
              XenoDownloadFile *file)
{
  SoupMessageHeaders *headers = soup_message_get_request_headers (message);

  if (xeno_download_file_get_version (file) == NULL || xeno_download_file_get_length (file) == 0)
    return;

  soup_message_headers_set_range (headers, xeno_download_file_get_length (file), -1);
  soup_message_headers_append (headers, "If-Range", xeno_download_file_get_version (file));
}

static GInputStream *
send_message (Download      *download,
              SoupSession   *session,
              SoupMessage   *message,
              GCancellable  *cancellable,
              GError       **error)
{
  g_autoptr (GError) reason = NULL;
  g_autoptr (GInputStream) stream = soup_session_send (session, message, cancellable, &reason);

  if (stream == NULL)
    set_network_error (error, download, reason);
  else if (check_privacy (download->url, message, error))
    return g_steal_pointer (&stream);
  return NULL;
}

/* What the server says it sends: the rest of what is there, or all of it. */
static gboolean
take_answer (Download          *download,
             SoupMessage       *message,
             XenoDownloadFile  *file,
             GError           **error)
{
  SoupMessageHeaders *headers = soup_message_get_response_headers (message);
  guint status = soup_message_get_status (message);
  goffset begin = 0;
  goffset end = 0;
  goffset total = 0;

  if (status == SOUP_STATUS_PARTIAL_CONTENT && soup_message_headers_get_content_range (headers, &begin, &end, &total)
      && (guint64) begin == xeno_download_file_get_length (file) && total > begin)
    download->total_bytes = total;
  else if (status == SOUP_STATUS_OK)
    {
      download->total_bytes = MAX (soup_message_headers_get_content_length (headers), 0);
      if (!xeno_download_file_begin (file, get_version (message), error))
        return FALSE;
    }
  else
    {
      set_status_error (error, download->url, message);
      return FALSE;
    }

  download->began_us = g_get_monotonic_time ();
  download->began_bytes = xeno_download_file_get_length (file);
  return download->total_bytes < download->began_bytes
         || xeno_download_file_has_room (file, download->total_bytes - download->began_bytes, error);
}

static gboolean
take_bytes (Download          *download,
            GInputStream      *stream,
            XenoDownloadFile  *file,
            GCancellable      *cancellable,
            GError           **error)
{
  g_autofree guint8 *block = g_malloc (BLOCK_BYTES);
  g_autoptr (GError) reason = NULL;
  gssize n;

  while ((n = g_input_stream_read (stream, block, BLOCK_BYTES, cancellable, &reason)) > 0)
    {
      if (!xeno_download_file_append (file, block, n, error))
        return FALSE;
      if (is_time_to_tell (download))
        tell_progress (download, xeno_download_file_get_length (file));
    }
  if (n < 0)
    {
      set_network_error (error, download, reason);
      return FALSE;
    }

  if (download->total_bytes == 0 || xeno_download_file_get_length (file) == download->total_bytes)
    return TRUE;

  reason = g_error_new (G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT, "%" G_GUINT64_FORMAT " of %" G_GUINT64_FORMAT " bytes",
                        xeno_download_file_get_length (file), download->total_bytes);
  set_network_error (error, download, reason);
  return FALSE;
}

static gboolean
fetch (Download          *download,
       SoupSession       *session,
       XenoDownloadFile  *file,
       GCancellable      *cancellable,
       GError           **error)
{
  g_autoptr (SoupMessage) message = soup_message_new (SOUP_METHOD_GET, download->url);
  g_autoptr (GInputStream) stream = NULL;

  ask_for_rest (message, file);
  stream = send_message (download, session, message, cancellable, error);
  if (stream == NULL)
    return FALSE;

  /* All of it is there already, or another version is: what there is to say is said by asking for all. */
  if (soup_message_get_status (message) == SOUP_STATUS_REQUESTED_RANGE_NOT_SATISFIABLE
      && xeno_download_file_get_length (file) > 0)
    {
      g_clear_object (&stream);
      g_clear_object (&message);
      if (!xeno_download_file_begin (file, NULL, error))
        return FALSE;
      message = soup_message_new (SOUP_METHOD_GET, download->url);
      stream = send_message (download, session, message, cancellable, error);
      if (stream == NULL)
        return FALSE;
    }
  return take_answer (download, message, file, error) && take_bytes (download, stream, file, cancellable, error);
}

/* A list that is not there, or is nonsense, is as good as none. */
static GBytes *
fetch_list (Download     *download,
            SoupSession  *session,
            const char   *url,
            GCancellable *cancellable)
{
  g_autoptr (SoupMessage) message = soup_message_new (SOUP_METHOD_GET, url);
  g_autoptr (GInputStream) stream = NULL;
  g_autofree char *text = g_malloc (XENO_CHECKSUM_MAX_LIST_BYTES);
  gsize length;

  stream = send_message (download, session, message, cancellable, NULL);
  if (stream == NULL || soup_message_get_status (message) != SOUP_STATUS_OK
      || !g_input_stream_read_all (stream, text, XENO_CHECKSUM_MAX_LIST_BYTES, &length, cancellable, NULL))
    return NULL;

  return g_bytes_new (text, length);
}

static char *
find_checksum (Download      *download,
               SoupSession   *session,
               GChecksumType *type,
               GCancellable  *cancellable)
{
  g_auto (GStrv) urls = xeno_checksum_list_urls (download->url);
  g_autofree char *name = xeno_download_make_name (download->url, NULL);

  for (guint i = 0; urls[i] != NULL && !g_cancellable_is_cancelled (cancellable); i++)
    {
      g_autoptr (GBytes) list = fetch_list (download, session, urls[i], cancellable);
      char *sum = NULL;

      if (list != NULL)
        sum = xeno_checksum_find (g_bytes_get_data (list, NULL), g_bytes_get_size (list), name, type);
      if (sum != NULL)
        return sum;
    }
  return NULL;
}

static gboolean
check (Download          *download,
       SoupSession       *session,
       XenoDownloadFile  *file,
       gboolean          *is_checked,
       GCancellable      *cancellable,
       GError           **error)
{
  GChecksumType type;
  g_autofree char *published = NULL;
  g_autofree char *own = NULL;
  g_autofree char *host = NULL;

  tell (download, g_strdup (_("Checking what was downloaded…")), -1.0);
  published = find_checksum (download, session, &type, cancellable);
  if (published == NULL)
    return !g_cancellable_set_error_if_cancelled (cancellable, error);

  own = xeno_checksum_read (xeno_download_file_get_fd (file), type, checked_cb, download, cancellable, error);
  if (own == NULL)
    return FALSE;
  *is_checked = g_str_equal (own, published);
  if (*is_checked)
    return TRUE;

  host = dup_host (download->url);
  xeno_download_file_discard (file);
  xeno_set_error (error, XENO_ERROR_BAD_MEDIA, own,
                  _("What “%s” sent is not the file it publishes the checksum of, so it was thrown away. "
                    "Download it again."), host);
  return FALSE;
}

static gpointer
download_work (gpointer       data,
               GCancellable  *cancellable,
               GError       **error)
{
  Download *download = data;
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autofree char *name = xeno_download_make_name (download->url, error);
  g_autoptr (XenoDownloadFile) file = NULL;
  Outcome *outcome = NULL;
  SoupSession *session;
  gboolean is_checked = FALSE;

  if (name == NULL)
    return NULL;

  /* A session belongs to the context of the thread that makes it. */
  g_main_context_push_thread_default (context);
  session = soup_session_new_with_options ("timeout", download->stall_seconds, "user-agent", "xenolith/" XENO_VERSION, NULL);
  file = xeno_download_file_open (download->folder, name, download->url, error);
  if (file != NULL && fetch (download, session, file, cancellable, error)
      && check (download, session, file, &is_checked, cancellable, error))
    {
      char *path = xeno_download_file_keep (file, error);

      if (path != NULL)
        {
          outcome = g_new0 (Outcome, 1);
          outcome->path = path;
          outcome->is_checked = is_checked;
        }
    }
  g_object_unref (session);
  g_main_context_pop_thread_default (context);
  return outcome;
}

static void
downloaded_cb (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  XenoJob *job = g_task_get_task_data (task);
  GError *error = NULL;
  Outcome *outcome = g_task_propagate_pointer (G_TASK (result), &error);

  xeno_job_finish (job, error);
  if (outcome != NULL)
    g_task_return_pointer (task, outcome, (GDestroyNotify) outcome_free);
  else
    g_task_return_error (task, error);
}

/**
 * xeno_download_make_name:
 * @url: what is downloaded
 * @error: %XENO_ERROR_INVALID when it is no address of a file
 *
 * Makes the name of the file: that in the URL, if it is a name and nothing else.
 *
 * Returns: (transfer full): the name, without a folder
 */
char *
xeno_download_make_name (const char  *url,
                         GError     **error)
{
  g_autoptr (GUri) uri = NULL;
  g_autofree char *name = NULL;
  g_autofree char *shown = NULL;
  const char *scheme = NULL;

  g_return_val_if_fail (url != NULL, NULL);

  uri = g_uri_parse (url, SOUP_HTTP_URI_FLAGS & ~G_URI_FLAGS_ENCODED & ~G_URI_FLAGS_ENCODED_PATH, NULL);
  scheme = uri != NULL ? g_uri_get_scheme (uri) : "";
  if ((g_str_equal (scheme, "https") || g_str_equal (scheme, "http")) && !g_str_has_suffix (g_uri_get_path (uri), "/"))
    name = g_path_get_basename (g_uri_get_path (uri));
  if (name != NULL && g_utf8_validate (name, -1, NULL) && strlen (name) <= MAX_NAME_BYTES && name[0] != '.'
      && strpbrk (name, "/\\\n\r\t") == NULL && g_ascii_isalnum (name[0]))
    return g_steal_pointer (&name);

  shown = xeno_text_clean (url, -1, MAX_HOST_CHARS);
  xeno_set_error (error, XENO_ERROR_INVALID, NULL,
                  _("“%s” is not the address of a file on the web. It begins with https:// and ends in the name of "
                    "the file."), shown);
  return NULL;
}

/*< private >
 * xeno_download_start_impatient:
 * @url: what to download: http or https
 * @folder: where to put it
 * @stall_seconds: how long the server may send nothing
 * @callback: called when it is there, or is not
 * @user_data: for @callback
 *
 * Does what xeno_download_start() does, and waits less long.
 *
 * Returns: (transfer full): the job, to watch and to cancel
 */
XenoJob *
xeno_download_start_impatient (const char          *url,
                               const char          *folder,
                               guint                stall_seconds,
                               GAsyncReadyCallback  callback,
                               gpointer             user_data)
{
  g_autofree char *name = NULL;
  g_autofree char *title = NULL;
  g_autoptr (XenoWorker) worker = NULL;
  g_autoptr (GTask) working = NULL;
  GTask *task;
  Download *download;
  XenoJob *job;

  g_return_val_if_fail (url != NULL, NULL);
  g_return_val_if_fail (folder != NULL, NULL);

  name = xeno_download_make_name (url, NULL);
  /* Translators: %s is the name of a file */
  title = g_strdup_printf (_("Downloading “%s”"), name != NULL ? name : "");
  job = xeno_job_new (title);
  task = g_task_new (NULL, NULL, callback, user_data);
  g_task_set_source_tag (task, xeno_download_start);
  g_task_set_task_data (task, g_object_ref (job), g_object_unref);

  download = g_new0 (Download, 1);
  download->job = g_object_ref (job);
  download->url = g_strdup (url);
  download->folder = g_strdup (folder);
  download->stall_seconds = stall_seconds;

  worker = xeno_worker_new (1);
  working = g_task_new (NULL, xeno_job_get_cancellable (job), downloaded_cb, task);
  xeno_worker_run (worker, NULL, 0, working, download_work, download, (GDestroyNotify) download_free,
                   (GDestroyNotify) outcome_free);
  return job;
}

/**
 * xeno_download_start:
 * @url: what to download: http or https
 * @folder: where to put it
 * @callback: called when it is there, or is not
 * @user_data: for @callback
 *
 * Downloads a file into a folder. It has its name when it is whole and, where the vendor publishes checksums
 * beside it, agrees with them. What a download that broke off or was cancelled left is gone on with by the
 * next one of the same URL, if the server still has the same version.
 *
 * Returns: (transfer full): the job, to watch and to cancel
 */
XenoJob *
xeno_download_start (const char          *url,
                     const char          *folder,
                     GAsyncReadyCallback  callback,
                     gpointer             user_data)
{
  return xeno_download_start_impatient (url, folder, XENO_DOWNLOAD_STALL_SECONDS, callback, user_data);
}

/**
 * xeno_download_finish:
 * @result: what the callback was given
 * @is_checked: (out) (optional): whether it agrees with a checksum that its vendor publishes
 * @error: why it is not there, with what to do
 *
 * Ends xeno_download_start().
 *
 * Returns: (transfer full): where the file is
 */
char *
xeno_download_finish (GAsyncResult  *result,
                      gboolean      *is_checked,
                      GError       **error)
{
  g_autofree Outcome *outcome = NULL;

  g_return_val_if_fail (g_async_result_is_tagged (result, xeno_download_start), NULL);

  outcome = g_task_propagate_pointer (G_TASK (result), error);
  if (outcome == NULL)
    return NULL;

  if (is_checked != NULL)
    *is_checked = outcome->is_checked;
  return outcome->path;
}
