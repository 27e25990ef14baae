/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Serves the shared folder over WebDAV. */
#include "config.h"

#include <errno.h>
#include <gio/gunixsocketaddress.h>
#include <libsoup/soup.h>
#include <string.h>
#include <unistd.h>

#include "share/xeno-share-answer.h"
#include "share/xeno-share-folder.h"
#include "share/xeno-share-server.h"

/* Of a file, as much is in memory as goes out at once. */
#define BLOCK_BYTES (128 * 1024)

/* Questions are short; only a file that is written is not. */
#define MAX_QUESTION (64 * 1024)

/* What locks are called, before a UUID. */
#define TOKEN_PREFIX "opaquelocktoken:"
#define UUID_LENGTH 36

struct _XenoShareServer
{
  SoupServer *soup;
  int         folder;
  gboolean    is_writable;
};

/* Returns: the answer's status; %SOUP_STATUS_NONE: it will be known later. */
typedef guint (*MethodFunc) (XenoShareServer   *self,
                             SoupServerMessage *message,
                             const char        *path);

typedef struct
{
  int     fd;
  goffset next;
  goffset end;
} Download;

typedef struct
{
  SoupServerMessage *message; /* which owns it */
  XenoShareUpload   *upload;
  int                fd;
  gboolean           replaces;
  guint              step_id;
} Copy;

static guint
get_status (int failed)
{
  switch (failed)
    {
    case 0:
      return SOUP_STATUS_NO_CONTENT;
    case ENOENT:
      return SOUP_STATUS_NOT_FOUND;
    case ENOTDIR:
    case ENOTEMPTY:
      return SOUP_STATUS_CONFLICT;
    case EEXIST:
    case EISDIR:
      return SOUP_STATUS_METHOD_NOT_ALLOWED;
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
    case EOVERFLOW:
      return SOUP_STATUS_INSUFFICIENT_STORAGE;
    case EIO:
    case ENOMEM:
    case EMFILE:
      return SOUP_STATUS_INTERNAL_SERVER_ERROR;
    default:
      return SOUP_STATUS_FORBIDDEN;
    }
}

static const char *
get_header (SoupServerMessage *message,
            const char        *name)
{
  return soup_message_headers_get_one (soup_server_message_get_request_headers (message), name);
}

static void
set_header (SoupServerMessage *message,
            const char        *name,
            const char        *value)
{
  soup_message_headers_replace (soup_server_message_get_response_headers (message), name, value);
}

static void
take_xml (SoupServerMessage *message,
          char              *text)
{
  soup_server_message_set_response (message, "application/xml; charset=utf-8", SOUP_MEMORY_TAKE, text,
                                    strlen (text));
}

static guint
do_options (XenoShareServer   *self,
            SoupServerMessage *message,
            const char        *path)
{
  set_header (message, "DAV", self->is_writable ? "1, 2" : "1");
  set_header (message, "MS-Author-Via", "DAV");
  set_header (message, "Allow", self->is_writable
                                ? "OPTIONS, GET, HEAD, PROPFIND, PROPPATCH, PUT, MKCOL, DELETE, MOVE, COPY, "
                                  "LOCK, UNLOCK"
                                : "OPTIONS, GET, HEAD, PROPFIND");
  return SOUP_STATUS_OK;
}

static void
download_free (gpointer  data,
               GClosure *closure)
{
  Download *download = data;

  close (download->fd);
  g_free (download);
}

/* A file that has become shorter meanwhile ends the connection early: whoever reads it sees that. */
static void
send_block_cb (SoupServerMessage *message,
               gpointer           user_data)
{
  Download *download = user_data;
  SoupMessageBody *body = soup_server_message_get_response_body (message);
  gsize wanted = MIN (download->end - download->next, BLOCK_BYTES);
  g_autofree char *block = wanted > 0 ? g_malloc (wanted) : NULL;
  gssize size = wanted > 0 ? pread (download->fd, block, wanted, download->next) : 0;

  if (size <= 0)
    {
      soup_message_body_complete (body);
      return;
    }

  download->next += size;
  soup_message_body_append_take (body, (guchar *) g_steal_pointer (&block), size);
}

/* What was begun with another file cannot be gone on with. */
static gboolean
is_same_file (SoupServerMessage *message,
              const char        *tag,
              const char        *date)
{
  const char *wanted = get_header (message, "If-Range");

  return wanted == NULL || g_str_equal (wanted, tag) || g_str_equal (wanted, date);
}

/* What of a file is asked for; one piece at most. */
static guint
find_range (SoupServerMessage *message,
            Download          *download)
{
  SoupMessageHeaders *question = soup_server_message_get_request_headers (message);
  SoupMessageHeaders *answer = soup_server_message_get_response_headers (message);
  const goffset size = download->end;
  g_autofree char *nothing = g_strdup_printf ("bytes */%" G_GOFFSET_FORMAT, size);
  SoupRange *ranges;
  SoupRange range;
  int n_ranges;

  if (!soup_message_headers_get_ranges (question, size, &ranges, &n_ranges))
    return SOUP_STATUS_OK;

  range = ranges[0];
  soup_message_headers_free_ranges (question, ranges);
  if (n_ranges == 1 && range.start >= size)
    {
      set_header (message, "Content-Range", nothing);
      download->end = 0;
      return SOUP_STATUS_REQUESTED_RANGE_NOT_SATISFIABLE;
    }
  if (n_ranges != 1 || range.end < range.start)
    return SOUP_STATUS_OK;

  download->next = MAX (range.start, 0);
  download->end = MIN (range.end, size - 1) + 1;
  soup_message_headers_set_content_range (answer, download->next, download->end - 1, size);
  return SOUP_STATUS_PARTIAL_CONTENT;
}

static guint
do_get (XenoShareServer   *self,
        SoupServerMessage *message,
        const char        *path)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (message);
  g_autofree char *tag = NULL, *date = NULL;
  struct stat info;
  Download *download;
  int fd;
  int failed = xeno_share_open (self->folder, path, &fd, &info);
  guint status;

  if (failed != 0)
    return get_status (failed);

  tag = xeno_share_dup_tag (&info);
  date = xeno_share_dup_date (&info);
  set_header (message, "ETag", tag);
  set_header (message, "Last-Modified", date);
  set_header (message, "Accept-Ranges", "bytes");
  soup_message_headers_set_content_type (headers, "application/octet-stream", NULL);

  download = g_new0 (Download, 1);
  download->fd = fd;
  download->end = info.st_size;
  status = is_same_file (message, tag, date) ? find_range (message, download) : SOUP_STATUS_OK;
  soup_message_headers_set_content_length (headers, download->end - download->next);
  soup_message_body_set_accumulate (soup_server_message_get_response_body (message), FALSE);
  g_signal_connect_data (message, "wrote-chunk", G_CALLBACK (send_block_cb), download, download_free, 0);
  if (soup_server_message_get_method (message) != SOUP_METHOD_HEAD)
    {
      set_header (message, "Connection", "close");
      send_block_cb (message, download);
    }
  return status;
}

static SoupMessageBody *
get_question (SoupServerMessage *message)
{
  return soup_server_message_get_request_body (message);
}

/* Returns: whether there is room for another one. */
static gboolean
tell_child (XenoShareServer      *self,
            XenoShareAnswer      *answer,
            const char           *path,
            const XenoShareEntry *entry)
{
  const char *slash = g_str_has_suffix (path, "/") ? "" : "/";
  g_autofree char *child = g_strconcat (path, slash, entry->name, S_ISDIR (entry->info.st_mode) ? "/" : "", NULL);

  return xeno_share_answer_tell (answer, self->folder, child, &entry->info);
}

/* A folder and what is in it; who wants more asks again. */
static guint
do_propfind (XenoShareServer   *self,
             SoupServerMessage *message,
             const char        *path)
{
  SoupMessageBody *question = get_question (message);
  g_autoptr (GArray) entries = NULL;
  g_autofree char *text = NULL;
  const char *depth = get_header (message, "Depth");
  XenoShareAnswer *answer;
  gboolean has_room;
  struct stat info;
  int failed = xeno_share_look (self->folder, path, &info);

  if (g_strcmp0 (depth, "0") != 0 && g_strcmp0 (depth, "1") != 0)
    return SOUP_STATUS_FORBIDDEN;
  if (failed == 0 && !S_ISREG (info.st_mode) && !S_ISDIR (info.st_mode))
    failed = EACCES;
  if (failed == 0 && S_ISDIR (info.st_mode) && *depth == '1')
    failed = xeno_share_list (self->folder, path, self->is_writable, &entries);
  if (failed != 0)
    return get_status (failed);

  answer = xeno_share_answer_new (question->data, question->length);
  if (answer == NULL)
    return SOUP_STATUS_BAD_REQUEST;

  has_room = xeno_share_answer_tell (answer, self->folder, path, &info);
  for (guint i = 0; entries != NULL && has_room && i < entries->len; i++)
    has_room = tell_child (self, answer, path, &g_array_index (entries, XenoShareEntry, i));
  text = xeno_share_answer_end (answer);
  if (!has_room)
    return SOUP_STATUS_INSUFFICIENT_STORAGE;

  take_xml (message, g_steal_pointer (&text));
  return SOUP_STATUS_MULTI_STATUS;
}

/* Windows sets dates of what it has copied, and goes on when it may not. */
static guint
do_proppatch (XenoShareServer   *self,
              SoupServerMessage *message,
              const char        *path)
{
  SoupMessageBody *question = get_question (message);
  XenoShareAnswer *answer;
  struct stat info;
  int failed = xeno_share_look (self->folder, path, &info);

  if (failed != 0)
    return get_status (failed);

  answer = xeno_share_answer_new (question->data, question->length);
  if (answer == NULL)
    return SOUP_STATUS_BAD_REQUEST;

  xeno_share_answer_refuse (answer, path);
  take_xml (message, xeno_share_answer_end (answer));
  return SOUP_STATUS_MULTI_STATUS;
}

static guint
do_mkcol (XenoShareServer   *self,
          SoupServerMessage *message,
          const char        *path)
{
  int failed;

  if (get_question (message)->length > 0)
    return SOUP_STATUS_UNSUPPORTED_MEDIA_TYPE;

  failed = xeno_share_make_folder (self->folder, path);
  if (failed == 0)
    return SOUP_STATUS_CREATED;
  return failed == ENOENT ? SOUP_STATUS_CONFLICT : get_status (failed);
}

static guint
do_delete (XenoShareServer   *self,
           SoupServerMessage *message,
           const char        *path)
{
  return get_status (xeno_share_remove (self->folder, path));
}

/* Where to, in this folder; the host's name is the guest's own idea. */
static char *
dup_destination (SoupServerMessage *message)
{
  const char *text = get_header (message, "Destination");
  g_autoptr (GUri) base = g_uri_parse ("http://localhost/", G_URI_FLAGS_NONE, NULL);
  g_autoptr (GUri) uri = text != NULL ? g_uri_parse_relative (base, text, G_URI_FLAGS_NONE, NULL) : NULL;

  return uri != NULL && xeno_share_is_path (g_uri_get_path (uri)) ? g_strdup (g_uri_get_path (uri)) : NULL;
}

/* What a copy or a move comes to. */
static guint
get_moved_status (int      failed,
                  gboolean was_there)
{
  if (failed == EEXIST)
    return SOUP_STATUS_PRECONDITION_FAILED;
  if (failed == ENOENT)
    return SOUP_STATUS_CONFLICT;
  if (failed != 0)
    return get_status (failed);
  return was_there ? SOUP_STATUS_NO_CONTENT : SOUP_STATUS_CREATED;
}

static gboolean
overwrites (SoupServerMessage *message)
{
  return g_strcmp0 (get_header (message, "Overwrite"), "F") != 0;
}

/* Returns: why nothing can go from @path to the destination; 0: it can. */
static guint
check_destination (XenoShareServer    *self,
                   SoupServerMessage  *message,
                   const char         *path,
                   char              **destination,
                   gboolean           *is_there)
{
  struct stat source, target;
  int failed = xeno_share_look (self->folder, path, &source);

  *destination = dup_destination (message);
  if (*destination == NULL)
    return SOUP_STATUS_BAD_REQUEST;
  if (failed != 0)
    return get_status (failed);

  /* By whatever name: what takes its own place would be gone. */
  *is_there = xeno_share_look (self->folder, *destination, &target) == 0;
  if (*is_there && source.st_dev == target.st_dev && source.st_ino == target.st_ino)
    return SOUP_STATUS_FORBIDDEN;
  return *is_there && !overwrites (message) ? SOUP_STATUS_PRECONDITION_FAILED : SOUP_STATUS_NONE;
}

static guint
do_move (XenoShareServer   *self,
         SoupServerMessage *message,
         const char        *path)
{
  g_autofree char *destination = NULL;
  gboolean is_there;
  guint status = check_destination (self, message, path, &destination, &is_there);

  if (status != SOUP_STATUS_NONE)
    return status;
  return get_moved_status (xeno_share_move (self->folder, path, destination, overwrites (message)), is_there);
}

static void
copy_free (gpointer data)
{
  Copy *copy = data;

  g_clear_handle_id (&copy->step_id, g_source_remove);
  g_clear_pointer (&copy->upload, xeno_share_upload_free);
  close (copy->fd);
  g_free (copy);
}

/* One block when nobody else wants anything. */
static gboolean
copy_step_cb (gpointer user_data)
{
  Copy *copy = user_data;
  int failed;

  if (xeno_share_upload_copy (copy->upload, copy->fd))
    return G_SOURCE_CONTINUE;

  copy->step_id = 0;
  failed = xeno_share_upload_finish (copy->upload, overwrites (copy->message));
  soup_server_message_set_status (copy->message, get_moved_status (failed, copy->replaces), NULL);
  soup_server_message_unpause (copy->message);
  return G_SOURCE_REMOVE;
}

/* Copies one file; a folder's files are copied one by one by whoever wants that. */
static guint
do_copy (XenoShareServer   *self,
         SoupServerMessage *message,
         const char        *path)
{
  g_autofree char *destination = NULL;
  XenoShareUpload *upload;
  struct stat info;
  Copy *copy;
  gboolean is_there;
  guint status = check_destination (self, message, path, &destination, &is_there);
  int fd, failed;

  if (status != SOUP_STATUS_NONE)
    return status;

  failed = xeno_share_open (self->folder, path, &fd, &info);
  if (failed != 0)
    return failed == EISDIR ? SOUP_STATUS_FORBIDDEN : get_status (failed);

  failed = xeno_share_upload_begin (self->folder, destination, &upload);
  if (failed != 0)
    {
      close (fd);
      return get_moved_status (failed, is_there);
    }

  copy = g_new0 (Copy, 1);
  *copy = (Copy) { message, upload, fd, is_there };
  copy->step_id = g_idle_add (copy_step_cb, copy);
  g_object_set_data_full (G_OBJECT (message), "copy", copy, copy_free);
  soup_server_message_pause (message);
  return SOUP_STATUS_NONE;
}

/* A lock that is held on to keeps its name. */
static char *
dup_token (SoupServerMessage *message)
{
  const char *conditions = get_header (message, "If");
  const char *known = conditions != NULL ? strstr (conditions, "<" TOKEN_PREFIX) : NULL;
  g_autofree char *uuid = known != NULL ? g_strndup (known + strlen ("<" TOKEN_PREFIX), UUID_LENGTH) : NULL;

  if (uuid == NULL || !g_uuid_string_is_valid (uuid))
    {
      g_free (uuid);
      uuid = g_uuid_string_random ();
    }
  return g_strconcat (TOKEN_PREFIX, uuid, NULL);
}

/* Nobody but the one guest is kept out by it; but Windows writes nothing it could not lock. */
static guint
do_lock (XenoShareServer   *self,
         SoupServerMessage *message,
         const char        *path)
{
  SoupMessageBody *question = get_question (message);
  g_autofree char *token = dup_token (message);
  g_autofree char *coded = g_strdup_printf ("<%s>", token);
  g_autofree char *text = xeno_share_answer_lock (question->data, question->length, path, token);
  g_autoptr (XenoShareUpload) empty = NULL;
  struct stat info;
  int failed = xeno_share_look (self->folder, path, &info);
  gboolean is_there = failed != ENOENT;

  if (text == NULL)
    return SOUP_STATUS_BAD_REQUEST;
  if (!is_there)
    failed = xeno_share_upload_begin (self->folder, path, &empty);
  if (!is_there && failed == 0)
    failed = xeno_share_upload_finish (empty, FALSE);
  if (failed != 0)
    return failed == ENOENT ? SOUP_STATUS_CONFLICT : get_status (failed);

  set_header (message, "Lock-Token", coded);
  take_xml (message, g_steal_pointer (&text));
  return is_there ? SOUP_STATUS_OK : SOUP_STATUS_CREATED;
}

static guint
do_unlock (XenoShareServer   *self,
           SoupServerMessage *message,
           const char        *path)
{
  return SOUP_STATUS_NO_CONTENT;
}

static void
got_block_cb (SoupServerMessage *message,
              GBytes            *block,
              gpointer           user_data)
{
  xeno_share_upload_write (user_data, g_bytes_get_data (block, NULL), g_bytes_get_size (block));
}

static void
upload_free (gpointer  data,
             GClosure *closure)
{
  xeno_share_upload_free (data);
}

/* Whoever changes a file he has read may want to know that nobody did so meanwhile. */
static gboolean
is_expected (SoupServerMessage *message,
             const struct stat *info)
{
  const char *wanted = get_header (message, "If-Match");
  g_autofree char *tag = info != NULL ? xeno_share_dup_tag (info) : NULL;

  return wanted == NULL || (tag != NULL && (g_str_equal (wanted, "*") || strstr (wanted, tag) != NULL));
}

/* The body comes in blocks; before the first of them it is decided whether they are wanted. */
static guint
begin_put (XenoShareServer   *self,
           SoupServerMessage *message,
           const char        *path)
{
  XenoShareUpload *upload;
  struct stat info;
  gboolean is_there = xeno_share_look (self->folder, path, &info) == 0;
  int failed;

  if (get_header (message, "Content-Range") != NULL)
    return SOUP_STATUS_BAD_REQUEST;
  if (is_there && g_strcmp0 (get_header (message, "If-None-Match"), "*") == 0)
    return SOUP_STATUS_PRECONDITION_FAILED;
  if (!is_expected (message, is_there ? &info : NULL))
    return SOUP_STATUS_PRECONDITION_FAILED;

  failed = xeno_share_upload_begin (self->folder, path, &upload);
  if (failed != 0)
    return failed == ENOENT ? SOUP_STATUS_CONFLICT : get_status (failed);

  g_object_set_data (G_OBJECT (message), "upload", upload);
  g_object_set_data (G_OBJECT (message), "replaces", GINT_TO_POINTER (is_there));
  g_signal_connect_data (message, "got-chunk", G_CALLBACK (got_block_cb), upload, upload_free, 0);
  return SOUP_STATUS_NONE;
}

static guint
do_put (XenoShareServer   *self,
        SoupServerMessage *message,
        const char        *path)
{
  XenoShareUpload *upload = g_object_get_data (G_OBJECT (message), "upload");
  int failed = xeno_share_upload_finish (upload, TRUE);

  if (failed != 0)
    return get_status (failed);
  return g_object_get_data (G_OBJECT (message), "replaces") != NULL ? SOUP_STATUS_NO_CONTENT : SOUP_STATUS_CREATED;
}

static const struct
{
  const char *method;
  gboolean    changes;
  MethodFunc  func;
} methods[] = {
  { "OPTIONS", FALSE, do_options },
  { "GET", FALSE, do_get },
  { "HEAD", FALSE, do_get },
  { "PROPFIND", FALSE, do_propfind },
  { "PROPPATCH", TRUE, do_proppatch },
  { "PUT", TRUE, do_put },
  { "MKCOL", TRUE, do_mkcol },
  { "DELETE", TRUE, do_delete },
  { "MOVE", TRUE, do_move },
  { "COPY", TRUE, do_copy },
  { "LOCK", TRUE, do_lock },
  { "UNLOCK", TRUE, do_unlock },
};

static gboolean
is_short (SoupServerMessage *message)
{
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (message);
  SoupEncoding encoding = soup_message_headers_get_encoding (headers);

  return encoding == SOUP_ENCODING_NONE ||
         (encoding == SOUP_ENCODING_CONTENT_LENGTH &&
          soup_message_headers_get_content_length (headers) <= MAX_QUESTION);
}

/* Returns: why it is refused before any of its body is read; 0: it is not. */
static guint
check_early (XenoShareServer   *self,
             SoupServerMessage *message,
             const char        *path)
{
  const char *method = soup_server_message_get_method (message);

  if (!xeno_share_is_path (path))
    return SOUP_STATUS_FORBIDDEN;

  for (guint i = 0; i < G_N_ELEMENTS (methods); i++)
    if (g_str_equal (methods[i].method, method))
      {
        if (methods[i].changes && !self->is_writable)
          return SOUP_STATUS_FORBIDDEN;
        if (methods[i].func == do_put)
          return begin_put (self, message, path);
        if (!is_short (message))
          return SOUP_STATUS_REQUEST_ENTITY_TOO_LARGE;
        soup_message_body_set_accumulate (get_question (message), TRUE);
        return SOUP_STATUS_NONE;
      }
  return SOUP_STATUS_METHOD_NOT_ALLOWED;
}

/* No body is kept before somebody wants it: libsoup reads what follows a refusal to its end. */
static void
started_cb (SoupServer        *soup,
            SoupServerMessage *message,
            gpointer           user_data)
{
  soup_message_body_set_accumulate (get_question (message), FALSE);
}

static void
early_cb (SoupServer        *soup,
          SoupServerMessage *message,
          const char        *path,
          GHashTable        *query,
          gpointer           user_data)
{
  guint status = check_early (user_data, message, path);

  if (status == SOUP_STATUS_NONE)
    return;

  set_header (message, "Connection", "close");
  soup_server_message_set_status (message, status, NULL);
}

static void
request_cb (SoupServer        *soup,
            SoupServerMessage *message,
            const char        *path,
            GHashTable        *query,
            gpointer           user_data)
{
  XenoShareServer *self = user_data;
  const char *method = soup_server_message_get_method (message);

  for (guint i = 0; i < G_N_ELEMENTS (methods); i++)
    if (g_str_equal (methods[i].method, method))
      {
        guint status = methods[i].func (self, message, path);

        if (status != SOUP_STATUS_NONE)
          soup_server_message_set_status (message, status, NULL);
      }
}

/**
 * xeno_share_server_new:
 * @folder: what is shared
 * @is_writable: whether it may be changed
 *
 * Returns: (transfer full): a server without connections
 */
XenoShareServer *
xeno_share_server_new (int      folder,
                       gboolean is_writable)
{
  XenoShareServer *self = g_new0 (XenoShareServer, 1);

  self->folder = folder;
  self->is_writable = is_writable;
  self->soup = g_object_new (SOUP_TYPE_SERVER, NULL);
  g_signal_connect (self->soup, "request-started", G_CALLBACK (started_cb), NULL);
  soup_server_add_early_handler (self->soup, NULL, early_cb, self, NULL);
  soup_server_add_handler (self->soup, NULL, request_cb, self, NULL);
  return self;
}

/**
 * xeno_share_server_free:
 * @self: (transfer full): a server
 */
void
xeno_share_server_free (XenoShareServer *self)
{
  soup_server_disconnect (self->soup);
  g_object_unref (self->soup);
  g_free (self);
}

/**
 * xeno_share_server_accept:
 * @stream: (transfer full): a connection
 * @server: a #XenoShareServer
 *
 * Answers what is asked through a connection.
 */
void
xeno_share_server_accept (GIOStream *stream,
                          gpointer   server)
{
  XenoShareServer *self = server;
  g_autoptr (GSocketAddress) nowhere =
    g_unix_socket_address_new_with_type ("", 0, G_UNIX_SOCKET_ADDRESS_ANONYMOUS);
  g_autoptr (GIOStream) owned = stream;
  g_autoptr (GError) error = NULL;

  if (!soup_server_accept_iostream (self->soup, stream, nowhere, nowhere, &error))
    g_info ("A connection was not taken: %s", error->message);
}
