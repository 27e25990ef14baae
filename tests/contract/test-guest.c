/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What flows between guest and desktop beside pixels and keys, through a real decoder. */
#include "config.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "support/display-rig.h"
#include "support/xeno-test.h"

/* What the agent of vdagent.py copies as a picture. */
#define PICTURE_SIZE (8 + 256 * 1000)

typedef struct
{
  DisplayRig         *rig;
  XenoConsoleBackend *backend;
  XenoGuest          *guest;
  char               *log;
  const char         *expected;
  const char         *given; /* what the desktop's clipboard has */
  guint               n_questions;
  guint               grabbed;
  guint               n_grabs;
  guint64             sent;
  guint               ability;
  guint               width;
} Fixture;

static void
grabbed_cb (Fixture *fixture,
            guint    forms)
{
  fixture->grabbed = forms;
  fixture->n_grabs++;
}

static gboolean
requested_cb (Fixture *fixture,
              guint    form,
              GTask   *task)
{
  fixture->n_questions++;
  if (fixture->given == NULL)
    return FALSE;

  g_task_return_pointer (task, g_bytes_new (fixture->given, strlen (fixture->given)),
                         (GDestroyNotify) g_bytes_unref);
  return TRUE;
}

static void
sent_cb (Fixture *fixture,
         guint64  bytes)
{
  g_assert_cmpuint (bytes, >=, fixture->sent);
  fixture->sent = bytes;
}

static gboolean
has_ability (gpointer data)
{
  Fixture *fixture = data;

  return xeno_guest_can (fixture->guest, fixture->ability);
}

static gboolean
lacks_ability (gpointer data)
{
  return !has_ability (data);
}

static void
await_ability (Fixture *fixture,
               guint    ability)
{
  fixture->ability = ability;
  xeno_test_until (has_ability, fixture);
}

static void
start (Fixture    *fixture,
       const char *server,
       const char *mode)
{
  g_autofree char *name = g_strdup_printf ("%s-server.py", server);
  g_autofree char *program = g_build_filename (g_getenv ("G_TEST_SRCDIR"), "support", name, NULL);
  const char *argv[] = { program, NULL, mode, NULL, NULL };

  fixture->rig = display_rig_new ();
  fixture->log = g_strconcat (display_rig_get_path (fixture->rig), ".log", NULL);
  argv[1] = display_rig_get_path (fixture->rig);
  argv[3] = fixture->log;
  display_rig_start_server (fixture->rig, argv);

  fixture->backend = display_rig_new_backend (fixture->rig, g_str_equal (server, "rfb") ? "vnc" : server);
  fixture->guest = xeno_console_backend_get_guest (fixture->backend);
  g_signal_connect_swapped (fixture->guest, "grabbed", G_CALLBACK (grabbed_cb), fixture);
  g_signal_connect_swapped (fixture->guest, "requested", G_CALLBACK (requested_cb), fixture);
  g_signal_connect_swapped (fixture->guest, "sent", G_CALLBACK (sent_cb), fixture);
  await_ability (fixture, XENO_DISPLAY_ABILITY_TEXT);
}

static void
set_up_spice (Fixture       *fixture,
              gconstpointer  mode)
{
  start (fixture, "spice", mode);
}

static void
set_up_vnc (Fixture       *fixture,
            gconstpointer  mode)
{
  start (fixture, "rfb", mode);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  mode)
{
  xeno_console_backend_stop (fixture->backend);
  g_assert_finalize_object (fixture->backend);
  display_rig_stop_server (fixture->rig);
  g_unlink (fixture->log);
  g_object_unref (fixture->rig);
  g_free (fixture->log);
}

static gboolean
has_logged (gpointer data)
{
  Fixture *fixture = data;
  g_autofree char *text = NULL;

  return g_file_get_contents (fixture->log, &text, NULL, NULL) && strstr (text, fixture->expected) != NULL;
}

static void
assert_logs (Fixture    *fixture,
             const char *expected)
{
  fixture->expected = expected;
  xeno_test_until (has_logged, fixture);
}

/* Copies on the desktop what makes the guest's agent do something. */
static void
tell (Fixture    *fixture,
      const char *text)
{
  g_autofree char *expected = g_strdup_printf ("text '%s'", text);

  fixture->given = text;
  xeno_guest_grab (fixture->guest, XENO_DISPLAY_FORM_TEXT);
  assert_logs (fixture, expected);
}

static gboolean
has_grabbed (gpointer data)
{
  return ((Fixture *) data)->grabbed != 0;
}

static gboolean
has_let_go (gpointer data)
{
  return ((Fixture *) data)->grabbed == 0;
}

static void
make_guest_copy (Fixture    *fixture,
                 const char *command,
                 guint       forms)
{
  fixture->grabbed = 0;
  tell (fixture, command);
  xeno_test_until (has_grabbed, fixture);
  g_assert_cmpuint (fixture->grabbed, ==, forms);
}

static GBytes *
request (Fixture  *fixture,
         guint     form,
         GError  **error)
{
  GAsyncResult *pending = NULL;
  g_autoptr (GAsyncResult) result = NULL;

  xeno_guest_request_async (fixture->guest, form, NULL, xeno_test_result_cb, &pending);
  result = xeno_test_await (&pending);
  return xeno_guest_request_finish (fixture->guest, result, error);
}

static void
assert_guest_has_text (Fixture    *fixture,
                       const char *expected)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) text = request (fixture, XENO_DISPLAY_FORM_TEXT, &error);

  g_assert_no_error (error);
  g_assert_cmpmem (g_bytes_get_data (text, NULL), g_bytes_get_size (text), expected, strlen (expected));
}

static void
test_carries_text_both_ways (Fixture       *fixture,
                             gconstpointer  mode)
{
  make_guest_copy (fixture, "say Grüße, 世界", XENO_DISPLAY_FORM_TEXT);
  assert_logs (fixture, "grab 1\n");
  assert_guest_has_text (fixture, "Grüße, 世界");

  xeno_guest_grab (fixture->guest, XENO_DISPLAY_FORM_TEXT);
  xeno_guest_grab (fixture->guest, 0);
  assert_logs (fixture, "release\n");
}

static void
test_ends_lines_as_the_guest_does (Fixture       *fixture,
                                   gconstpointer  mode)
{
  fixture->given = "say one\ntwo\r\nthree";
  xeno_guest_grab (fixture->guest, XENO_DISPLAY_FORM_TEXT);
  assert_logs (fixture, "text 'say one\\r\\ntwo\\r\\nthree'");
  xeno_test_until (has_grabbed, fixture);
  assert_guest_has_text (fixture, "one\ntwo\nthree");
}

static void
test_cleans_text_of_the_guest (Fixture       *fixture,
                               gconstpointer  mode)
{
  make_guest_copy (fixture, "garbage", XENO_DISPLAY_FORM_TEXT);
  assert_guest_has_text (fixture, "a[31mb\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd" "c\nd\xef\xbf\xbd");
}

static void
test_refuses_what_is_too_much (Fixture       *fixture,
                               gconstpointer  mode)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) text = NULL;

  make_guest_copy (fixture, "long", XENO_DISPLAY_FORM_TEXT);
  text = request (fixture, XENO_DISPLAY_FORM_TEXT, &error);
  g_assert_null (text);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_FAILED);
}

static void
test_carries_pictures (Fixture       *fixture,
                       gconstpointer  mode)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) picture = NULL;

  make_guest_copy (fixture, "picture", XENO_DISPLAY_FORM_PNG);
  picture = request (fixture, XENO_DISPLAY_FORM_PNG, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_bytes_get_size (picture), ==, PICTURE_SIZE);
  g_assert_cmpint (memcmp (g_bytes_get_data (picture, NULL), "\x89PNG\r\n\x1a\n", 8), ==, 0);

  fixture->given = "a picture";
  xeno_guest_grab (fixture->guest, XENO_DISPLAY_FORM_JPEG);
  assert_logs (fixture, "grab 5\ncontent 5 9 ");
}

static void
test_gives_nothing_that_was_not_offered (Fixture       *fixture,
                                         gconstpointer  mode)
{
  xeno_guest_grab (fixture->guest, XENO_DISPLAY_FORM_TEXT);
  assert_logs (fixture, "content 0 0 ");
  g_assert_cmpuint (fixture->n_questions, ==, 1);
}

static void
test_gives_up_on_a_guest_that_does_not_answer (Fixture       *fixture,
                                               gconstpointer  mode)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) text = NULL;

  make_guest_copy (fixture, "silent", XENO_DISPLAY_FORM_TEXT);
  text = request (fixture, XENO_DISPLAY_FORM_TEXT, &error);
  g_assert_null (text);
  g_assert_nonnull (error);
  assert_logs (fixture, "silent\n");

  make_guest_copy (fixture, "say again", XENO_DISPLAY_FORM_TEXT);
  assert_guest_has_text (fixture, "again");
}

static void
test_forgets_what_a_guest_lets_go (Fixture       *fixture,
                                   gconstpointer  mode)
{
  make_guest_copy (fixture, "say x", XENO_DISPLAY_FORM_TEXT);
  tell (fixture, "let go");
  xeno_test_until (has_let_go, fixture);
}

static void
test_notices_an_agent_that_leaves_and_comes (Fixture       *fixture,
                                             gconstpointer  mode)
{
  make_guest_copy (fixture, "say x", XENO_DISPLAY_FORM_TEXT);
  fixture->ability = XENO_DISPLAY_ABILITY_TEXT;
  tell (fixture, "leave");
  xeno_test_until (has_let_go, fixture);
  await_ability (fixture, XENO_DISPLAY_ABILITY_TEXT);
  make_guest_copy (fixture, "say y", XENO_DISPLAY_FORM_TEXT);
  assert_guest_has_text (fixture, "y");
}

static gboolean
has_width (gpointer data)
{
  Fixture *fixture = data;
  XenoSurface *surface = xeno_console_backend_get_surface (fixture->backend);

  return surface != NULL && xeno_surface_get_width (surface) == fixture->width;
}

static void
test_resizes_the_screen (Fixture       *fixture,
                         gconstpointer  mode)
{
  await_ability (fixture, XENO_DISPLAY_ABILITY_RESIZE);
  fixture->width = 64;
  xeno_test_until (has_width, fixture);
  xeno_guest_arrange (fixture->guest, &(XenoDisplayMonitor) { 0, 0, 0, 1000, 700, 0, 0 }, 1);
  assert_logs (fixture, "monitors 0:1000x700+0+0\n");
  fixture->width = 1000;
  xeno_test_until (has_width, fixture);
}

/* A temporary file with nothing but its descriptor left. */
static int
open_file (gsize size)
{
  g_autofree char *path = NULL;
  g_autofree char *content = g_strnfill (size, 'x');
  int fd = g_file_open_tmp ("xg-XXXXXX", &path, NULL);

  g_assert_cmpint (fd, >=, 0);
  g_unlink (path);
  g_assert_cmpint (write (fd, content, size), ==, size);
  g_assert_cmpint (lseek (fd, 0, SEEK_SET), ==, 0);
  return fd;
}

static gboolean
send_file (Fixture       *fixture,
           const char    *name,
           gsize          size,
           gsize          claimed,
           GError       **error)
{
  GAsyncResult *pending = NULL;
  g_autoptr (GAsyncResult) result = NULL;

  fixture->sent = 0;
  xeno_guest_send_file_async (fixture->guest, open_file (size), name, claimed, NULL, xeno_test_result_cb,
                              &pending);
  result = xeno_test_await (&pending);
  return xeno_guest_send_file_finish (fixture->guest, result, error);
}

static void
test_sends_files (Fixture       *fixture,
                  gconstpointer  mode)
{
  const gsize size = 3 << 20;
  g_autofree char *content = g_strnfill (size, 'x');
  g_autofree char *sum = g_compute_checksum_for_string (G_CHECKSUM_SHA256, content, size);
  g_autofree char *expected = g_strdup_printf ("file done %.16s\n", sum);
  g_autoptr (GError) error = NULL;

  await_ability (fixture, XENO_DISPLAY_ABILITY_FILES);
  g_assert_true (send_file (fixture, "Urlaub 1.jpg", size, size, &error));
  g_assert_no_error (error);
  assert_logs (fixture, "file Urlaub 1.jpg 3145728\n");
  assert_logs (fixture, expected);
  g_assert_cmpuint (fixture->sent, >, 0);
}

static void
test_says_why_a_file_was_not_taken (Fixture       *fixture,
                                    gconstpointer  mode)
{
  g_autoptr (GError) refused = NULL;
  g_autoptr (GError) too_large = NULL;
  g_autoptr (GError) shrunk = NULL;
  g_autoptr (GError) error = NULL;

  await_ability (fixture, XENO_DISPLAY_ABILITY_FILES);
  g_assert_false (send_file (fixture, "refused", 10, 10, &refused));
  g_assert_error (refused, G_IO_ERROR, G_IO_ERROR_FAILED);
  g_assert_false (send_file (fixture, "too-large", 10, 10, &too_large));
  g_test_message ("%s", too_large->message);
  g_assert_nonnull (strstr (too_large->message, "space"));
  g_assert_false (send_file (fixture, "became-shorter", 100000, 200000, &shrunk));
  g_assert_nonnull (strstr (shrunk->message, "shorter"));

  g_assert_true (send_file (fixture, "grew", 200000, 100000, &error));
  g_assert_no_error (error);
  assert_logs (fixture, "file grew 100000\nfile done ");
}

static gboolean
has_sent_some (gpointer data)
{
  return ((Fixture *) data)->sent > 0;
}

static void
test_stops_a_file_on_its_way (Fixture       *fixture,
                              gconstpointer  mode)
{
  const gsize size = 64 << 20;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  GAsyncResult *pending = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  await_ability (fixture, XENO_DISPLAY_ABILITY_FILES);
  xeno_guest_send_file_async (fixture->guest, open_file (size), "long", size, cancellable,
                              xeno_test_result_cb, &pending);
  xeno_test_until (has_sent_some, fixture);
  g_test_message ("sent %d", (int) fixture->sent);
  g_cancellable_cancel (cancellable);
  result = xeno_test_await (&pending);
  g_assert_false (xeno_guest_send_file_finish (fixture->guest, result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  assert_logs (fixture, "file cancelled\n");

  g_clear_error (&error);
  g_assert_true (send_file (fixture, "next", 10, 10, &error));
}

static void
test_loses_all_with_the_server (Fixture       *fixture,
                                gconstpointer  mode)
{
  make_guest_copy (fixture, "say x", XENO_DISPLAY_FORM_TEXT);
  display_rig_stop_server (fixture->rig);
  fixture->ability = XENO_DISPLAY_ABILITY_TEXT;
  xeno_test_until (lacks_ability, fixture);
  g_assert_cmpuint (xeno_guest_get_abilities (fixture->guest), ==, 0);
  g_assert_cmpuint (fixture->grabbed, ==, 0);
}

/* What is played and recorded goes to a program of the test's. */
static void
set_up_sound (Fixture       *fixture,
              gconstpointer  mode)
{
  g_autofree char *program = g_build_filename (g_getenv ("G_TEST_SRCDIR"), "support", "fake-sound.sh", NULL);
  g_autofree char *path = g_build_filename (g_get_tmp_dir (), "sound", NULL);

  g_setenv ("XENOLITH_SOUND_PATH", program, TRUE);
  g_setenv ("XENO_TEST_SOUND", path, TRUE);
  start (fixture, "spice", mode);
}

static void
remove_sound (void)
{
  g_autofree char *asked = g_strconcat (g_getenv ("XENO_TEST_SOUND"), ".asked", NULL);

  g_unlink (g_getenv ("XENO_TEST_SOUND"));
  g_unlink (asked);
}

static gboolean
has_asked (gpointer data)
{
  g_autofree char *path = g_strconcat (g_getenv ("XENO_TEST_SOUND"), ".asked", NULL);
  g_autofree char *asked = NULL;

  return g_file_get_contents (path, &asked, NULL, NULL) && strstr (asked, data) != NULL;
}

/* Whether a tenth of a second of this sample has been heard. */
static gboolean
has_played (gpointer data)
{
  const gsize enough = 48000 / 10 * 4;
  gint16 sample;
  g_autofree char *heard = NULL;
  gsize size;

  if (!g_file_get_contents (g_getenv ("XENO_TEST_SOUND"), &heard, &size, NULL) || size < enough)
    return FALSE;

  memcpy (&sample, heard + size - size % 4 - 4, sizeof sample);
  return sample == GPOINTER_TO_INT (data);
}

static void
test_plays_what_the_guest_plays (Fixture       *fixture,
                                 gconstpointer  mode)
{
  g_assert_true (xeno_guest_can (fixture->guest, XENO_DISPLAY_ABILITY_TEXT));
  await_ability (fixture, XENO_DISPLAY_ABILITY_SOUND);
  xeno_test_until (has_asked, (gpointer) "play 48000 2\n");
  xeno_test_until (has_played, GINT_TO_POINTER (1000));
  xeno_guest_set_volume (fixture->guest, 0.5);
  xeno_test_until (has_played, GINT_TO_POINTER (500));
  remove_sound ();
}

static void
test_plays_as_loud_as_the_guest_says (Fixture       *fixture,
                                      gconstpointer  mode)
{
  xeno_test_until (has_played, GINT_TO_POINTER (499));
  remove_sound ();
}

static void
test_records_only_when_it_may (Fixture       *fixture,
                               gconstpointer  mode)
{
  g_autofree char *text = NULL;

  await_ability (fixture, XENO_DISPLAY_ABILITY_MICROPHONE);
  xeno_test_until (has_played, GINT_TO_POINTER (1000));
  g_assert_false (has_asked ((gpointer) "record"));
  g_assert_true (g_file_get_contents (fixture->log, &text, NULL, NULL));
  g_assert_null (strstr (text, "recorded"));

  xeno_guest_set_listens (fixture->guest, TRUE);
  xeno_test_until (has_asked, (gpointer) "record 44100 1\n");
  assert_logs (fixture, "recorded ");
  remove_sound ();
}

static gboolean
has_asked_twice (gpointer data)
{
  g_autofree char *path = g_strconcat (g_getenv ("XENO_TEST_SOUND"), ".asked", NULL);
  g_autofree char *asked = NULL;

  return g_file_get_contents (path, &asked, NULL, NULL) && g_str_equal (asked, "play 48000 2\nplay 48000 2\n");
}

/* The process that plays is gone when the volume is nothing, and another one there when it is not. */
static void
test_is_silent_when_it_shall_be (Fixture       *fixture,
                                 gconstpointer  mode)
{
  xeno_test_until (has_played, GINT_TO_POINTER (1000));
  xeno_guest_set_volume (fixture->guest, 0.0);
  xeno_guest_set_volume (fixture->guest, 0.25);
  xeno_test_until (has_asked_twice, NULL);
  xeno_test_until (has_played, GINT_TO_POINTER (250));
  remove_sound ();
}

/* Latin-1 in the protocol, UTF-8 here; what Latin-1 has no byte for is a question mark. */
static void
test_carries_latin1_over_vnc (Fixture       *fixture,
                              gconstpointer  mode)
{
  fixture->given = "Grüße für 5 €";
  xeno_guest_grab (fixture->guest, XENO_DISPLAY_FORM_TEXT | XENO_DISPLAY_FORM_PNG);
  assert_logs (fixture, "cut 4772fcdf652066fc722035203f\n");

  xeno_test_until (has_grabbed, fixture);
  g_assert_cmpuint (fixture->grabbed, ==, XENO_DISPLAY_FORM_TEXT);
  assert_guest_has_text (fixture, "Zurück: Grüße für 5 ?");
}

static void
test_knows_that_a_server_cannot_resize (Fixture       *fixture,
                                        gconstpointer  mode)
{
  display_rig_await_state (fixture->backend, XENO_CONSOLE_LIVE);
  g_assert_true (xeno_guest_can (fixture->guest, XENO_DISPLAY_ABILITY_RESIZE));
  xeno_guest_arrange (fixture->guest, &(XenoDisplayMonitor) { 0, 0, 0, 800, 600, 0, 0 }, 1);
  fixture->ability = XENO_DISPLAY_ABILITY_RESIZE;
  xeno_test_until (lacks_ability, fixture);
  g_assert_false (xeno_guest_can (fixture->guest, XENO_DISPLAY_ABILITY_FILES));
}

int
main (int   argc,
      char *argv[])
{
  static const struct
  {
    const char *sentence;
    const char *mode;
    void      (*set_up) (Fixture *, gconstpointer);
    void      (*func) (Fixture *, gconstpointer);
  } tests[] = {
    { "carries-text-both-ways", "good", set_up_spice, test_carries_text_both_ways },
    { "ends-lines-as-the-guest-does", "agent-crlf", set_up_spice,
      test_ends_lines_as_the_guest_does },
    { "cleans-text-of-the-guest", "good", set_up_spice, test_cleans_text_of_the_guest },
    { "refuses-what-is-too-much", "good", set_up_spice, test_refuses_what_is_too_much },
    { "carries-pictures", "good", set_up_spice, test_carries_pictures },
    { "gives-nothing-that-was-not-offered", "good", set_up_spice,
      test_gives_nothing_that_was_not_offered },
    { "gives-up-on-a-guest-that-does-not-answer", "good", set_up_spice,
      test_gives_up_on_a_guest_that_does_not_answer },
    { "forgets-what-a-guest-lets-go", "good", set_up_spice, test_forgets_what_a_guest_lets_go },
    { "notices-an-agent-that-leaves-and-comes", "good", set_up_spice,
      test_notices_an_agent_that_leaves_and_comes },
    { "resizes-the-screen", "good", set_up_spice, test_resizes_the_screen },
    { "sends-files", "good", set_up_spice, test_sends_files },
    { "says-why-a-file-was-not-taken", "good", set_up_spice, test_says_why_a_file_was_not_taken },
    { "stops-a-file-on-its-way", "good", set_up_spice, test_stops_a_file_on_its_way },
    { "loses-all-with-the-server", "good", set_up_spice, test_loses_all_with_the_server },
    { "plays-what-the-guest-plays", "sound", set_up_sound, test_plays_what_the_guest_plays },
    { "plays-as-loud-as-the-guest-says", "sound-quiet", set_up_sound, test_plays_as_loud_as_the_guest_says },
    { "records-only-when-it-may", "sound", set_up_sound, test_records_only_when_it_may },
    { "is-silent-when-it-shall-be", "sound", set_up_sound, test_is_silent_when_it_shall_be },
    { "carries-latin1-over-vnc", "good", set_up_vnc, test_carries_latin1_over_vnc },
    { "knows-that-a-server-cannot-resize", "good", set_up_vnc,
      test_knows_that_a_server_cannot_resize },
  };

  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    {
      g_autofree char *path = g_strconcat ("/xeno/guest/", tests[i].sentence, NULL);

      g_test_add (path, Fixture, tests[i].mode, tests[i].set_up, tests[i].func, tear_down);
    }

  return g_test_run ();
}
