/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a download asks of its server, how it takes the answers, and what they mean in a sentence. */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <libsoup/soup.h>

#include "base/xeno-error.h"
#include "base/xeno-text.h"
#include "create/xeno-checksum.h"
#include "create/xeno-download-http.h"

#define BLOCK_BYTES    (256 * 1024)
#define MAX_HOST_CHARS 80

struct _XenoDownloadHttp
{
  const char           *url;
  guint                 stall_seconds;
  XenoDownloadProgress *progress;
  GMainContext         *context;
  SoupSession          *session;
};

static void
set_network_error (GError           **error,
                   XenoDownloadHttp  *self,
                   const GError      *reason)
{
  g_autofree char *host = xeno_download_http_dup_host (self->url);

  if (g_error_matches (reason, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CANCELLED, reason->message);
  else if (g_error_matches (reason, G_IO_ERROR, G_IO_ERROR_TIMED_OUT))
    xeno_set_error (error, XENO_ERROR_TIMEOUT, reason->message,
                    _("“%s” has sent nothing for %u seconds. Download it again later: it goes on where it "
                      "stopped."), host, self->stall_seconds);
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
  g_autofree char *host = xeno_download_http_dup_host (url);
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

  host = xeno_download_http_dup_host (url);
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
send_message (XenoDownloadHttp  *self,
              SoupMessage       *message,
              GCancellable      *cancellable,
              GError           **error)
{
  g_autoptr (GError) reason = NULL;
  g_autoptr (GInputStream) stream = soup_session_send (self->session, message, cancellable, &reason);

  if (stream == NULL)
    set_network_error (error, self, reason);
  else if (check_privacy (self->url, message, error))
    return g_steal_pointer (&stream);
  return NULL;
}

/* What the server says it sends: the rest of what is there, or all of it. */
static gboolean
take_answer (XenoDownloadHttp  *self,
             SoupMessage       *message,
             XenoDownloadFile  *file,
             GError           **error)
{
  SoupMessageHeaders *headers = soup_message_get_response_headers (message);
  guint status = soup_message_get_status (message);
  goffset begin = 0;
  goffset end = 0;
  goffset total = 0;
  guint64 there_bytes, total_bytes;

  if (status == SOUP_STATUS_PARTIAL_CONTENT && soup_message_headers_get_content_range (headers, &begin, &end, &total)
      && (guint64) begin == xeno_download_file_get_length (file) && total > begin)
    total_bytes = total;
  else if (status == SOUP_STATUS_OK)
    {
      total_bytes = MAX (soup_message_headers_get_content_length (headers), 0);
      if (!xeno_download_file_begin (file, get_version (message), error))
        return FALSE;
    }
  else
    {
      set_status_error (error, self->url, message);
      return FALSE;
    }

  there_bytes = xeno_download_file_get_length (file);
  xeno_download_progress_begin (self->progress, there_bytes, total_bytes);
  return total_bytes < there_bytes || xeno_download_file_has_room (file, total_bytes - there_bytes, error);
}

static gboolean
take_bytes (XenoDownloadHttp  *self,
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
      xeno_download_progress_tell (self->progress, xeno_download_file_get_length (file));
    }
  if (n < 0)
    {
      set_network_error (error, self, reason);
      return FALSE;
    }

  if (self->progress->total_bytes == 0 || xeno_download_file_get_length (file) == self->progress->total_bytes)
    return TRUE;

  reason = g_error_new (G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT, "%" G_GUINT64_FORMAT " of %" G_GUINT64_FORMAT " bytes",
                        xeno_download_file_get_length (file), self->progress->total_bytes);
  set_network_error (error, self, reason);
  return FALSE;
}

/*< private >
 * xeno_download_http_new:
 * @url: what is downloaded
 * @stall_seconds: how long the server may send nothing
 * @progress: who is told how far it is
 *
 * Makes ready to ask a server. Belongs to the thread that makes it.
 *
 * Returns: (transfer full): to be freed by the same thread
 */
XenoDownloadHttp *
xeno_download_http_new (const char           *url,
                        guint                 stall_seconds,
                        XenoDownloadProgress *progress)
{
  XenoDownloadHttp *self = g_new0 (XenoDownloadHttp, 1);

  self->url = url;
  self->stall_seconds = stall_seconds;
  self->progress = progress;

  /* A session belongs to the context of the thread that makes it. */
  self->context = g_main_context_new ();
  g_main_context_push_thread_default (self->context);
  self->session = soup_session_new_with_options ("timeout", stall_seconds, "user-agent", "xenolith/" XENO_VERSION, NULL);
  return self;
}

/*< private >
 * xeno_download_http_free:
 * @self: (transfer full): what was made ready
 *
 * Ends the connections.
 */
void
xeno_download_http_free (XenoDownloadHttp *self)
{
  g_object_unref (self->session);
  g_main_context_pop_thread_default (self->context);
  g_main_context_unref (self->context);
  g_free (self);
}

/*< private >
 * xeno_download_http_fetch:
 * @self: what was made ready
 * @file: where to put it
 * @cancellable: (nullable): stops it
 * @error: %XENO_ERROR_NO_CONNECTION, %XENO_ERROR_TIMEOUT, %XENO_ERROR_NOT_FOUND or what the file says
 *
 * Fetches what is not there yet of the file, or all of it where the server has another version. Blocks.
 *
 * Returns: %TRUE if it is whole
 */
gboolean
xeno_download_http_fetch (XenoDownloadHttp  *self,
                          XenoDownloadFile  *file,
                          GCancellable      *cancellable,
                          GError           **error)
{
  g_autoptr (SoupMessage) message = soup_message_new (SOUP_METHOD_GET, self->url);
  g_autoptr (GInputStream) stream = NULL;

  ask_for_rest (message, file);
  stream = send_message (self, message, cancellable, error);
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
      message = soup_message_new (SOUP_METHOD_GET, self->url);
      stream = send_message (self, message, cancellable, error);
      if (stream == NULL)
        return FALSE;
    }
  return take_answer (self, message, file, error) && take_bytes (self, stream, file, cancellable, error);
}

/*< private >
 * xeno_download_http_fetch_list:
 * @self: what was made ready
 * @url: a small text
 * @cancellable: (nullable): stops it
 *
 * Fetches a list of checksums. One that is not there, or is nonsense, is as good as none. Blocks.
 *
 * Returns: (transfer full) (nullable): the list
 */
GBytes *
xeno_download_http_fetch_list (XenoDownloadHttp *self,
                               const char       *url,
                               GCancellable     *cancellable)
{
  g_autoptr (SoupMessage) message = soup_message_new (SOUP_METHOD_GET, url);
  g_autoptr (GInputStream) stream = NULL;
  g_autofree char *text = g_malloc (XENO_CHECKSUM_MAX_LIST_BYTES);
  gsize length;

  stream = send_message (self, message, cancellable, NULL);
  if (stream == NULL || soup_message_get_status (message) != SOUP_STATUS_OK
      || !g_input_stream_read_all (stream, text, XENO_CHECKSUM_MAX_LIST_BYTES, &length, cancellable, NULL))
    return NULL;

  return g_bytes_new (text, length);
}

/*< private >
 * xeno_download_http_dup_host:
 * @url: an address
 *
 * Makes of an address what a sentence calls the server.
 *
 * Returns: (transfer full): clean text
 */
char *
xeno_download_http_dup_host (const char *url)
{
  g_autoptr (GUri) uri = g_uri_parse (url, SOUP_HTTP_URI_FLAGS, NULL);

  return xeno_text_clean (uri != NULL && g_uri_get_host (uri) != NULL ? g_uri_get_host (uri) : url, -1, MAX_HOST_CHARS);
}
