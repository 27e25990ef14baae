/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Downloads from a server that does as it is told, which is rarely what it should. */
#include "config.h"

#include <fcntl.h>
#include <string.h>
#include <sys/file.h>

#include <glib/gstdio.h>

#include "base/xeno-error.h"
#include "create/xeno-checksum.h"
#include "create/xeno-download-private.h"
#include "support/xeno-test.h"

#define FILE_BYTES (3 * 1024 * 1024)

typedef enum
{
  SERVES_WELL,
  BREAKS_OFF,      /* in the middle, once; with the rest it is well again */
  SAYS_MORE,       /* than it sends */
  STALLS,
  CHANGES,         /* has another version each time */
  HAS_NOTHING,
  IS_HUGE,
  MOVES_AWAY,      /* redirects to the file */
} Manner;

typedef enum
{
  NO_SUMS,
  GOOD_SUMS,
  BAD_SUMS,
} Sums;

typedef struct
{
  GSocketService *service;
  char           *folder;
  char           *url;
  char           *path;
  guint8         *bytes;
  Manner          manner;
  Sums            sums;
  gint            n_asked;    /* atomic: requests for the file */
  gint            n_resumed;  /* atomic: those for a part of it */
  GMutex          mutex;
  GCond           cond;
  gboolean        is_over;    /* whoever stalls may end */
} Fixture;

static gboolean
is_over (Fixture *fixture)
{
  gboolean over;

  g_mutex_lock (&fixture->mutex);
  over = fixture->is_over;
  g_mutex_unlock (&fixture->mutex);
  return over;
}

static void
wait_until_over (Fixture *fixture)
{
  g_mutex_lock (&fixture->mutex);
  while (!fixture->is_over)
    g_cond_wait (&fixture->cond, &fixture->mutex);
  g_mutex_unlock (&fixture->mutex);
}

static void
send (GOutputStream *output,
      gconstpointer  bytes,
      gsize          length)
{
  g_output_stream_write_all (output, bytes, length, NULL, NULL, NULL);
}

static void G_GNUC_PRINTF (2, 3)
send_text (GOutputStream *output,
           const char    *format,
           ...)
{
  g_autofree char *text = NULL;
  va_list args;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  send (output, text, strlen (text));
}

static void
send_sums (Fixture       *fixture,
           GOutputStream *output)
{
  g_autofree char *sum = g_compute_checksum_for_data (G_CHECKSUM_SHA256, fixture->bytes, FILE_BYTES);
  g_autofree char *list = NULL;

  if (fixture->sums == BAD_SUMS)
    sum[0] = sum[0] == '0' ? '1' : '0';
  list = g_strdup_printf ("%064d  other.iso\n%s *disc.iso\n", 0, sum);
  send_text (output, "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: %zu\r\n\r\n%s", strlen (list), list);
}

static void
send_file (Fixture       *fixture,
           GOutputStream *output,
           guint64        offset,
           const char    *version)
{
  int n_asked = g_atomic_int_add (&fixture->n_asked, 1);
  guint64 length = FILE_BYTES - offset;
  guint64 said = fixture->manner == SAYS_MORE ? length + 1000 : length;
  guint64 sent = length;

  if (offset > 0)
    {
      g_atomic_int_inc (&fixture->n_resumed);
      send_text (output, "HTTP/1.1 206 Partial Content\r\nContent-Range: bytes %" G_GUINT64_FORMAT "-%d/%d\r\n",
                 offset, FILE_BYTES - 1, FILE_BYTES);
    }
  else
    send_text (output, "HTTP/1.1 200 OK\r\n");
  if (fixture->manner == IS_HUGE)
    said = G_GUINT64_CONSTANT (1) << 55;
  send_text (output, "Connection: close\r\nETag: \"%s\"\r\nContent-Length: %" G_GUINT64_FORMAT "\r\n\r\n", version, said);

  if ((fixture->manner == BREAKS_OFF || fixture->manner == CHANGES) && n_asked == 0)
    sent = length / 2;
  if (fixture->manner == STALLS || fixture->manner == IS_HUGE)
    sent = 1000;
  send (output, fixture->bytes + offset, sent);
  if (fixture->manner == STALLS)
    wait_until_over (fixture);
}

/* The lines of a request: which part is asked for, if it is still the version in question. */
static guint64
get_offset (char       **lines,
            const char  *version)
{
  g_autofree char *condition = g_strdup_printf ("If-Range: \"%s\"", version);
  guint64 offset = 0;
  gboolean is_same = FALSE;

  for (guint i = 0; lines[i] != NULL; i++)
    {
      if (g_str_has_prefix (lines[i], "Range: bytes="))
        offset = g_ascii_strtoull (lines[i] + strlen ("Range: bytes="), NULL, 10);
      is_same = is_same || g_str_equal (lines[i], condition);
    }
  return is_same ? offset : 0;
}

static gboolean
serve_cb (GThreadedSocketService *service,
          GSocketConnection      *connection,
          GObject                *source,
          gpointer                user_data)
{
  Fixture *fixture = user_data;
  GOutputStream *output = g_io_stream_get_output_stream (G_IO_STREAM (connection));
  g_autoptr (GDataInputStream) input =
    g_data_input_stream_new (g_io_stream_get_input_stream (G_IO_STREAM (connection)));
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_autofree char *version = NULL;
  g_auto (GStrv) lines = NULL;
  char *line;

  g_data_input_stream_set_newline_type (input, G_DATA_STREAM_NEWLINE_TYPE_CR_LF);
  while ((line = g_data_input_stream_read_line (input, NULL, NULL, NULL)) != NULL && *line != '\0')
    {
      g_strv_builder_add (builder, line);
      g_free (line);
    }
  g_free (line);
  lines = g_strv_builder_end (builder);
  if (lines[0] == NULL || is_over (fixture))
    return TRUE;

  version = g_strdup_printf ("v%d", fixture->manner == CHANGES ? g_atomic_int_get (&fixture->n_asked) : 1);
  if (fixture->manner == MOVES_AWAY && g_str_has_prefix (lines[0], "GET /disc.iso"))
    send_text (output, "HTTP/1.1 302 Found\r\nConnection: close\r\nLocation: /elsewhere/other.iso\r\nContent-Length: 0\r\n\r\n");
  else if (fixture->manner != HAS_NOTHING && strstr (lines[0], ".iso HTTP") != NULL)
    send_file (fixture, output, get_offset (lines, version), version);
  else if (fixture->sums != NO_SUMS && strstr (lines[0], "/SHA256SUMS HTTP") != NULL)
    send_sums (fixture, output);
  else
    send_text (output, "HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
  return TRUE;
}

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  g_autoptr (GInetAddress) address = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocketAddress) wanted = g_inet_socket_address_new (address, 0);
  g_autoptr (GSocketAddress) bound = NULL;
  g_autoptr (GError) error = NULL;

  fixture->folder = g_dir_make_tmp ("xn-XXXXXX", &error);
  g_assert_no_error (error);
  fixture->path = g_build_filename (fixture->folder, "disc.iso", NULL);
  fixture->bytes = g_malloc (FILE_BYTES);
  for (guint i = 0; i < FILE_BYTES; i++)
    fixture->bytes[i] = i * 7 + (i >> 11);

  fixture->service = g_threaded_socket_service_new (8);
  g_socket_listener_add_address (G_SOCKET_LISTENER (fixture->service), wanted, G_SOCKET_TYPE_STREAM,
                                 G_SOCKET_PROTOCOL_TCP, NULL, &bound, &error);
  g_assert_no_error (error);
  g_signal_connect (fixture->service, "run", G_CALLBACK (serve_cb), fixture);
  fixture->url = g_strdup_printf ("http://127.0.0.1:%u/disc.iso",
                                  g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (bound)));
  g_mutex_init (&fixture->mutex);
  g_cond_init (&fixture->cond);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  g_mutex_lock (&fixture->mutex);
  fixture->is_over = TRUE;
  g_cond_broadcast (&fixture->cond);
  g_mutex_unlock (&fixture->mutex);
  g_socket_service_stop (fixture->service);
  g_socket_listener_close (G_SOCKET_LISTENER (fixture->service));
  g_clear_object (&fixture->service);

  xeno_test_remove_tree (fixture->folder);
  g_free (fixture->folder);
  g_free (fixture->path);
  g_free (fixture->url);
  g_free (fixture->bytes);
  g_mutex_clear (&fixture->mutex);
  g_cond_clear (&fixture->cond);
}

static char *
download (Fixture   *fixture,
          gboolean  *is_checked,
          GError   **error)
{
  GAsyncResult *pending = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (XenoJob) job = xeno_download_start_impatient (fixture->url, fixture->folder, 1, xeno_test_result_cb,
                                                           &pending);

  result = xeno_test_await (&pending);
  return xeno_download_finish (result, is_checked, error);
}

static void
assert_is_whole (Fixture    *fixture,
                 const char *path)
{
  g_autofree char *contents = NULL;
  g_autofree char *part = g_strconcat (fixture->path, XENO_DOWNLOAD_PART_SUFFIX, NULL);
  g_autofree char *note = g_strconcat (part, ".note", NULL);
  gsize length;

  g_assert_cmpstr (path, ==, fixture->path);
  g_assert_true (g_file_get_contents (path, &contents, &length, NULL));
  g_assert_cmpmem (contents, length, fixture->bytes, FILE_BYTES);
  g_assert_false (g_file_test (part, G_FILE_TEST_EXISTS));
  g_assert_false (g_file_test (note, G_FILE_TEST_EXISTS));
}

static void
test_has_its_name_when_whole (Fixture       *fixture,
                              gconstpointer  data)
{
  g_autoptr (GError) error = NULL;
  gboolean is_checked = TRUE;
  g_autofree char *path = download (fixture, &is_checked, &error);
  g_autofree char *again = NULL;

  g_assert_no_error (error);
  assert_is_whole (fixture, path);
  g_assert_false (is_checked);

  again = download (fixture, NULL, &error);
  g_assert_null (again);
  g_assert_error (error, XENO_ERROR, XENO_ERROR_EXISTS);
}

static void
test_goes_on_where_it_broke_off (Fixture       *fixture,
                                 gconstpointer  data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = NULL;

  fixture->manner = BREAKS_OFF;
  path = download (fixture, NULL, &error);
  g_assert_null (path);
  g_assert_error (error, XENO_ERROR, XENO_ERROR_NO_CONNECTION);
  g_assert_false (g_file_test (fixture->path, G_FILE_TEST_EXISTS));

  g_clear_error (&error);
  path = download (fixture, NULL, &error);
  g_assert_no_error (error);
  assert_is_whole (fixture, path);
  g_assert_cmpint (g_atomic_int_get (&fixture->n_resumed), ==, 1);
}

static void
test_another_version_begins_anew (Fixture       *fixture,
                                  gconstpointer  data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = NULL;

  fixture->manner = CHANGES;
  path = download (fixture, NULL, &error);
  g_assert_null (path);
  g_clear_error (&error);

  path = download (fixture, NULL, &error);
  g_assert_no_error (error);
  assert_is_whole (fixture, path);
  g_assert_cmpint (g_atomic_int_get (&fixture->n_resumed), ==, 0);
}

static void
test_agrees_with_published_sums (Fixture       *fixture,
                                 gconstpointer  data)
{
  g_autoptr (GError) error = NULL;
  gboolean is_checked = FALSE;
  g_autofree char *path = NULL;

  fixture->sums = GOOD_SUMS;
  path = download (fixture, &is_checked, &error);
  g_assert_no_error (error);
  assert_is_whole (fixture, path);
  g_assert_true (is_checked);
}

static void
assert_nothing_left (Fixture *fixture)
{
  g_autoptr (GDir) folder = g_dir_open (fixture->folder, 0, NULL);

  g_assert_nonnull (folder);
  g_assert_cmpstr (g_dir_read_name (folder), ==, NULL);
}

static void
test_what_disagrees_is_thrown_away (Fixture       *fixture,
                                    gconstpointer  data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = NULL;

  fixture->sums = BAD_SUMS;
  path = download (fixture, NULL, &error);
  g_assert_null (path);
  g_assert_error (error, XENO_ERROR, XENO_ERROR_BAD_MEDIA);
  assert_nothing_left (fixture);
}

static void
test_lies_about_its_length (Fixture       *fixture,
                            gconstpointer  data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = NULL;

  fixture->manner = SAYS_MORE;
  path = download (fixture, NULL, &error);
  g_assert_null (path);
  g_assert_error (error, XENO_ERROR, XENO_ERROR_NO_CONNECTION);
  g_assert_false (g_file_test (fixture->path, G_FILE_TEST_EXISTS));
}

static void
test_stalls (Fixture       *fixture,
             gconstpointer  data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = NULL;

  fixture->manner = STALLS;
  path = download (fixture, NULL, &error);
  g_assert_null (path);
  g_assert_error (error, XENO_ERROR, XENO_ERROR_TIMEOUT);
}

static gboolean
is_asked (gpointer data)
{
  return g_atomic_int_get (&((Fixture *) data)->n_asked) > 0;
}

/* Who hears that it was cancelled may begin anew at once, or remove the folder. */
static gboolean
has_let_go (Fixture *fixture)
{
  g_autofree char *part = g_strconcat (fixture->path, XENO_DOWNLOAD_PART_SUFFIX, NULL);
  int fd = open (part, O_RDWR | O_CLOEXEC);
  gboolean is_free = fd >= 0 && flock (fd, LOCK_EX | LOCK_NB) == 0;

  g_close (fd, NULL);
  return is_free;
}

static void
test_is_cancelled_at_once (Fixture       *fixture,
                           gconstpointer  data)
{
  GAsyncResult *pending = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (XenoJob) job = NULL;

  fixture->manner = STALLS;
  job = xeno_download_start (fixture->url, fixture->folder, xeno_test_result_cb, &pending);
  xeno_test_until (is_asked, fixture);
  xeno_job_cancel (job);
  result = xeno_test_await (&pending);
  g_assert_true (has_let_go (fixture));
  g_assert_null (xeno_download_finish (result, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpint (xeno_job_get_state (job), ==, XENO_JOB_CANCELLED);
}

static void
test_two_do_not_write_one_file (Fixture       *fixture,
                                gconstpointer  data)
{
  GAsyncResult *pending = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (XenoJob) job = NULL;
  g_autofree char *path = NULL;

  fixture->manner = STALLS;
  job = xeno_download_start (fixture->url, fixture->folder, xeno_test_result_cb, &pending);
  xeno_test_until (is_asked, fixture);
  path = download (fixture, NULL, &error);
  g_assert_null (path);
  g_assert_error (error, XENO_ERROR, XENO_ERROR_IN_USE);

  xeno_job_cancel (job);
  result = xeno_test_await (&pending);
  g_assert_true (has_let_go (fixture));
}

static void
test_no_room_is_said_first (Fixture       *fixture,
                            gconstpointer  data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = NULL;

  fixture->manner = IS_HUGE;
  path = download (fixture, NULL, &error);
  g_assert_null (path);
  g_assert_error (error, XENO_ERROR, XENO_ERROR_NO_SPACE);
}

static void
test_is_not_there (Fixture       *fixture,
                   gconstpointer  data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = NULL;

  fixture->manner = HAS_NOTHING;
  path = download (fixture, NULL, &error);
  g_assert_null (path);
  g_assert_error (error, XENO_ERROR, XENO_ERROR_NOT_FOUND);
}

static void
test_follows_to_another_place (Fixture       *fixture,
                               gconstpointer  data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = NULL;

  fixture->manner = MOVES_AWAY;
  path = download (fixture, NULL, &error);
  g_assert_no_error (error);
  assert_is_whole (fixture, path);
}

static void
test_names_are_names_and_nothing_else (void)
{
  static const char * const bad[] = {
    "disc.iso", "file:///etc/passwd", "ftp://h/disc.iso", "https://h/", "https://h", "https://h/a/", "https://h/..",
    "https://h/.hidden", "https://h/a%2f..%2f..%2fb.iso", "https://h/%00", "https://h/a%0ab.iso", "https://h/-x",
    "javascript:1", "",
  };
  g_autofree char *plain = xeno_download_make_name ("https://h/p/Fedora%20Live-1.iso?mirror=2#x", NULL);

  g_assert_cmpstr (plain, ==, "Fedora Live-1.iso");
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *name = xeno_download_make_name (bad[i], &error);

      if (name != NULL && strchr (name, '/') == NULL && g_str_equal (bad[i], "https://h/a%2f..%2f..%2fb.iso"))
        continue; /* the last part of it is a name */
      g_assert_null (name);
      g_assert_error (error, XENO_ERROR, XENO_ERROR_INVALID);
    }
}

static void
test_sums_are_found_in_lists (void)
{
#define SUM "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
  static const struct
  {
    const char *list;
    gboolean    is_found;
  } cases[] = {
    { SUM "  a.iso\n", TRUE },
    { SUM " *a.iso\n", TRUE },
    { SUM "  ./x/a.iso\n", TRUE },
    { "SHA256 (a.iso) = " SUM "\n", TRUE },
    { "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\n# a.iso: 3 bytes\nSHA256 (a.iso) = " SUM "\n", TRUE },
    { SUM "\n", TRUE },
    { SUM "\n" SUM "\n", FALSE },
    { SUM "  b.iso\n", FALSE },
    { SUM "  a.iso.torrent\n", FALSE },
    { "d41d8cd98f00b204e9800998ecf8427e  a.iso\n", FALSE },
    { "MD5 (a.iso) = d41d8cd98f00b204e9800998ecf8427e\n", FALSE },
    { "SHA256 (a.iso) = " SUM "00\n", FALSE },
    { "<html><body>a.iso</body></html>", FALSE },
    { "", FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      GChecksumType type;
      g_autofree char *sum = xeno_checksum_find (cases[i].list, strlen (cases[i].list), "a.iso", &type);

      g_assert_cmpstr (sum, ==, cases[i].is_found ? SUM : NULL);
      if (sum != NULL)
        g_assert_cmpint (type, ==, G_CHECKSUM_SHA256);
    }
}

typedef struct
{
  const char *path;
  void      (*test) (Fixture       *fixture,
                     gconstpointer  data);
} Case;

static const Case cases[] = {
  { "/xeno/download/a-file-has-its-name-when-it-is-whole", test_has_its_name_when_whole },
  { "/xeno/download/it-goes-on-where-it-broke-off", test_goes_on_where_it_broke_off },
  { "/xeno/download/another-version-begins-anew", test_another_version_begins_anew },
  { "/xeno/download/it-agrees-with-published-sums", test_agrees_with_published_sums },
  { "/xeno/download/what-disagrees-with-its-sum-is-thrown-away", test_what_disagrees_is_thrown_away },
  { "/xeno/download/a-server-lies-about-the-length", test_lies_about_its_length },
  { "/xeno/download/a-server-stalls", test_stalls },
  { "/xeno/download/cancelling-is-at-once", test_is_cancelled_at_once },
  { "/xeno/download/two-do-not-write-one-file", test_two_do_not_write_one_file },
  { "/xeno/download/no-room-is-said-first", test_no_room_is_said_first },
  { "/xeno/download/a-file-is-not-there", test_is_not_there },
  { "/xeno/download/it-follows-to-another-place", test_follows_to_another_place },
};

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    g_test_add (cases[i].path, Fixture, NULL, set_up, cases[i].test, tear_down);
  g_test_add_func ("/xeno/download/names-are-names-and-nothing-else", test_names_are_names_and_nothing_else);
  g_test_add_func ("/xeno/checksum/sums-are-found-in-lists-of-all-kinds", test_sums_are_found_in_lists);
  return g_test_run ();
}
