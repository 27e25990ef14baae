/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Fetches a large file from the network: with progress, resumed where it broke off, and checked. */
#include "config.h"

#include <string.h>

#include <glib/gi18n-lib.h>
#include <libsoup/soup.h>

#include "base/xeno-error.h"
#include "base/xeno-text.h"
#include "base/xeno-worker.h"
#include "create/xeno-checksum.h"
#include "create/xeno-download-http.h"
#include "create/xeno-download-private.h"

#define MAX_NAME_BYTES  200
#define MAX_SHOWN_CHARS 80

typedef struct
{
  char                 *url;
  char                 *folder;
  guint                 stall_seconds;
  GCancellable         *cancellable;
  XenoDownloadProgress  progress;
} Download;

typedef struct
{
  char     *path;
  gboolean  is_checked;
} Outcome;

static void
download_free (Download *download)
{
  g_object_unref (download->cancellable);
  g_object_unref (download->progress.job);
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
checked_cb (guint64  done_bytes,
            gpointer user_data)
{
  Download *download = user_data;

  xeno_download_progress_check (&download->progress,
                                (double) done_bytes / MAX (download->progress.total_bytes, done_bytes));
}

static char *
find_checksum (Download         *download,
               XenoDownloadHttp *http,
               GChecksumType    *type,
               GCancellable     *cancellable)
{
  g_auto (GStrv) urls = xeno_checksum_list_urls (download->url);
  g_autofree char *name = xeno_download_make_name (download->url, NULL);

  for (guint i = 0; urls[i] != NULL && !g_cancellable_is_cancelled (cancellable); i++)
    {
      g_autoptr (GBytes) list = xeno_download_http_fetch_list (http, urls[i], cancellable);
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
       XenoDownloadHttp  *http,
       XenoDownloadFile  *file,
       gboolean          *is_checked,
       GCancellable      *cancellable,
       GError           **error)
{
  GChecksumType type;
  g_autofree char *published = NULL;
  g_autofree char *own = NULL;
  g_autofree char *host = NULL;

  xeno_download_progress_check (&download->progress, -1.0);
  published = find_checksum (download, http, &type, cancellable);
  if (published == NULL)
    return !g_cancellable_set_error_if_cancelled (cancellable, error);

  own = xeno_checksum_read (xeno_download_file_get_fd (file), type, checked_cb, download, cancellable, error);
  if (own == NULL)
    return FALSE;
  *is_checked = g_str_equal (own, published);
  if (*is_checked)
    return TRUE;

  host = xeno_download_http_dup_host (download->url);
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
  g_autofree char *name = xeno_download_make_name (download->url, error);
  g_autoptr (XenoDownloadHttp) http = NULL;
  g_autoptr (XenoDownloadFile) file = NULL;
  Outcome *outcome = NULL;
  gboolean is_checked = FALSE;

  if (name == NULL)
    return NULL;

  http = xeno_download_http_new (download->url, download->stall_seconds, &download->progress);
  file = xeno_download_file_open (download->folder, name, download->url, error);
  if (file != NULL && xeno_download_http_fetch (http, file, download->cancellable, error)
      && check (download, http, file, &is_checked, download->cancellable, error))
    {
      char *path = xeno_download_file_keep (file, error);

      if (path != NULL)
        {
          outcome = g_new0 (Outcome, 1);
          outcome->path = path;
          outcome->is_checked = is_checked;
        }
    }
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

  shown = xeno_text_clean (url, -1, MAX_SHOWN_CHARS);
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
  download->cancellable = g_object_ref (xeno_job_get_cancellable (job));
  download->progress.job = g_object_ref (job);
  download->url = g_strdup (url);
  download->folder = g_strdup (folder);
  download->stall_seconds = stall_seconds;

  /* Without a cancellable: whoever hears that it was cancelled may begin anew at once, or remove the folder. */
  worker = xeno_worker_new (1);
  working = g_task_new (NULL, NULL, downloaded_cb, task);
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
