/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the app does about a decoder that somebody has taken over, that dies, or that says nothing. */
#include "config.h"

#include <signal.h>

#include "base/xeno-error.h"
#include "support/display-rig.h"
#include "support/xeno-test.h"

static XenoConsoleBackend *
start (DisplayRig *rig,
       const char *mode)
{
  XenoConsoleBackend *backend = xeno_backend_decoder_new (&display_rig_opener, G_OBJECT (rig), mode, "A machine");

  xeno_console_backend_start (backend);
  return backend;
}

static gboolean
has_error (gpointer data)
{
  return xeno_console_backend_get_error (data) != NULL;
}

static void
test_bears (gconstpointer mode)
{
  g_autoptr (DisplayRig) rig = display_rig_new ();
  XenoConsoleBackend *backend;

  backend = start (rig, mode);
  xeno_test_until (has_error, backend);
  g_assert_cmpint (xeno_console_backend_get_state (backend), ==,
                   xeno_console_backend_get_surface (backend) != NULL ? XENO_CONSOLE_FROZEN
                                                                      : XENO_CONSOLE_CONNECTING);
  g_assert_cmpuint (xeno_console_backend_get_error (backend)->domain, ==, XENO_ERROR);
  g_assert_nonnull (strstr (xeno_console_backend_get_error (backend)->message, "A machine"));
  g_assert_null (xeno_console_backend_get_cursor (backend));

  xeno_console_backend_stop (backend);
  g_assert_cmpint (xeno_console_backend_get_state (backend), ==, XENO_CONSOLE_CLOSED);
  g_assert_finalize_object (backend);
}

typedef struct
{
  XenoConsoleBackend *backend;
  guint               n_ends;
} Counter;

static void
count_cb (Counter *counter)
{
  counter->n_ends += xeno_console_backend_get_state (counter->backend) == XENO_CONSOLE_FROZEN;
}

static gboolean
has_died_thrice (gpointer data)
{
  return ((Counter *) data)->n_ends == 3;
}

static void
test_starts_a_dying_decoder_again_and_waits_longer_each_time (void)
{
  g_autoptr (DisplayRig) rig = display_rig_new ();
  XenoConsoleBackend *backend = start (rig, "dies");
  Counter counter = { backend, 0 };
  gint64 begin = g_get_monotonic_time ();

  g_signal_connect_swapped (backend, "notify::state", G_CALLBACK (count_cb), &counter);
  xeno_test_until (has_died_thrice, &counter);
  g_assert_cmpint (g_get_monotonic_time () - begin, >=, (250 + 500) * 1000);
  g_assert_nonnull (xeno_console_backend_get_surface (backend));

  xeno_console_backend_stop (backend);
  g_assert_finalize_object (backend);
}

static gboolean
is_gone (gpointer data)
{
  return kill (*(GPid *) data, 0) != 0;
}

static void
test_starts_a_decoder_again_that_hangs_when_a_key_is_pressed (void)
{
  g_autoptr (DisplayRig) rig = display_rig_new ();
  XenoConsoleBackend *backend = start (rig, "hangs");
  GPid pid;

  display_rig_await_state (backend, XENO_CONSOLE_LIVE);
  pid = xeno_backend_decoder_get_pid (XENO_BACKEND_DECODER (backend));
  xeno_console_backend_key (backend, 30, 'a', TRUE);

  display_rig_await_state (backend, XENO_CONSOLE_FROZEN);
  g_assert_error (xeno_console_backend_get_error (backend), XENO_ERROR, XENO_ERROR_TIMEOUT);
  g_assert_nonnull (strstr (xeno_console_backend_get_error (backend)->message, "does not answer"));
  g_assert_nonnull (xeno_console_backend_get_surface (backend));

  display_rig_await_state (backend, XENO_CONSOLE_LIVE);
  g_assert_cmpint (xeno_backend_decoder_get_pid (XENO_BACKEND_DECODER (backend)), !=, pid);
  xeno_test_until (is_gone, &pid);

  xeno_console_backend_stop (backend);
  g_assert_finalize_object (backend);
}

static void
damage_cb (XenoConsoleBackend *backend,
           int                 x,
           int                 y,
           int                 width,
           int                 height,
           GString            *seen)
{
  g_string_append_printf (seen, "%d,%d %dx%d\n", x, y, width, height);
}

static gboolean
has_text (gpointer data)
{
  return ((GString *) data)->len > 0;
}

static void
test_cuts_rectangles_to_the_frame (void)
{
  g_autoptr (DisplayRig) rig = display_rig_new ();
  g_autoptr (GString) seen = g_string_new (NULL);
  XenoConsoleBackend *backend = start (rig, "rectangles-outside");

  g_signal_connect (backend, "damage", G_CALLBACK (damage_cb), seen);
  xeno_test_until (has_text, seen);
  g_assert_cmpstr (seen->str, ==, "0,0 10x10\n");
  g_assert_cmpint (xeno_console_backend_get_state (backend), ==, XENO_CONSOLE_LIVE);

  xeno_console_backend_stop (backend);
  g_assert_finalize_object (backend);
}

static void
test_says_what_it_waits_for (void)
{
  static const struct
  {
    const char *mode;
    const char *words;
  } cases[] = {
    { "mute", "does not answer" },
    { "silent", "does not answer" },
    { "shows-nothing", "no picture" },
  };
  g_autoptr (DisplayRig) rig = display_rig_new ();
  XenoConsoleBackend *backends[G_N_ELEMENTS (cases)];

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    backends[i] = start (rig, cases[i].mode);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      xeno_test_until (has_error, backends[i]);
      g_assert_error (xeno_console_backend_get_error (backends[i]), XENO_ERROR, XENO_ERROR_TIMEOUT);
      g_assert_nonnull (strstr (xeno_console_backend_get_error (backends[i])->message, cases[i].words));
      xeno_console_backend_stop (backends[i]);
      g_assert_finalize_object (backends[i]);
    }
}

static void
test_says_that_the_decoder_is_not_installed (void)
{
  g_autofree char *program = g_strdup (g_getenv ("XENOLITH_DISPLAY_PATH"));
  g_autoptr (DisplayRig) rig = display_rig_new ();
  XenoConsoleBackend *backend;

  g_setenv ("XENOLITH_DISPLAY_PATH", "/nonexistent/xenolith-display", TRUE);
  backend = start (rig, "vnc");
  g_setenv ("XENOLITH_DISPLAY_PATH", program, TRUE);

  g_assert_cmpint (xeno_console_backend_get_state (backend), ==, XENO_CONSOLE_CLOSED);
  g_assert_error (xeno_console_backend_get_error (backend), XENO_ERROR, XENO_ERROR_NOT_INSTALLED);
  g_assert_finalize_object (backend);
}

static void
note_cb (XenoGuest *guest,
         guint      forms,
         guint     *noted)
{
  *noted = forms;
}

static gboolean
has_noted (gpointer data)
{
  return *(guint *) data != 0;
}

static void
assert_gives_nothing (XenoGuest  *guest,
                      guint       form,
                      const char *words)
{
  GAsyncResult *pending = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GBytes) content = NULL;
  g_autoptr (GError) error = NULL;

  xeno_guest_request_async (guest, form, NULL, xeno_test_result_cb, &pending);
  result = xeno_test_await (&pending);
  content = xeno_guest_request_finish (guest, result, &error);
  g_assert_null (content);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_FAILED);
  g_assert_nonnull (strstr (error->message, words));
}

static void
test_takes_no_content_that_could_hurt (void)
{
  g_autoptr (DisplayRig) rig = display_rig_new ();
  XenoConsoleBackend *backend = start (rig, "bad-content");
  XenoGuest *guest = xeno_console_backend_get_guest (backend);
  guint forms = 0;

  g_signal_connect (guest, "grabbed", G_CALLBACK (note_cb), &forms);
  xeno_test_until (has_noted, &forms);
  g_assert_cmpuint (forms, ==, XENO_DISPLAY_ALL_FORMS);
  g_assert_cmpuint (xeno_guest_get_abilities (guest), ==, XENO_DISPLAY_ALL_ABILITIES);

  assert_gives_nothing (guest, XENO_DISPLAY_FORM_TEXT, "not sealed memory");
  assert_gives_nothing (guest, XENO_DISPLAY_FORM_PNG, "not sealed memory");
  assert_gives_nothing (guest, XENO_DISPLAY_FORM_BMP, "not sealed memory");
  assert_gives_nothing (guest, XENO_DISPLAY_FORM_TIFF, "not sealed memory");
  assert_gives_nothing (guest, XENO_DISPLAY_FORM_JPEG, "[31m<b>no</b>");
  g_assert_cmpint (xeno_console_backend_get_state (backend), ==, XENO_CONSOLE_LIVE);

  xeno_console_backend_stop (backend);
  g_assert_cmpuint (xeno_guest_get_abilities (guest), ==, 0);
  g_assert_finalize_object (backend);
}

static void
test_may_be_dropped_at_any_moment (void)
{
  g_autoptr (DisplayRig) rig = display_rig_new ();

  for (guint i = 0; i < 40; i++)
    {
      XenoConsoleBackend *backend = start (rig, i % 2 == 0 ? "flood" : "too-many-updates");

      for (guint turns = 0; turns < i; turns++)
        g_main_context_iteration (NULL, FALSE);
      g_object_unref (backend);
    }
}

int
main (int   argc,
      char *argv[])
{
  static const char *const hostile[] = {
    "asks-for-nonsense", "asks-without-end", "cursor-huge", "cursor-overflow", "cursor-points-outside", "cursor-short", "dies", "exits",
    "false-stage", "flood", "frame-larger-than-memory", "frame-narrow-stride", "frame-no-descriptor",
    "frame-no-memory", "frame-overflow", "frame-too-wide", "frame-unsealed", "frame-zero",
    "half-a-message", "long-text", "nonsense", "other-object", "rings-for-nothing", "shouts",
    "takes-updates-back", "too-many-rectangles",
    "too-many-sockets", "too-many-updates", "unknown-method", "wrong-types",
  };

  g_test_init (&argc, &argv, NULL);
  /* GDBus warns of bytes that are no message. */
  g_log_set_always_fatal (G_LOG_FATAL_MASK | G_LOG_LEVEL_CRITICAL);

  for (guint i = 0; i < G_N_ELEMENTS (hostile); i++)
    {
      g_autofree char *path = g_strconcat ("/xeno/decoder/bears/", hostile[i], NULL);

      g_test_add_data_func (path, hostile[i], test_bears);
    }
  g_test_add_func ("/xeno/decoder/starts-a-dying-decoder-again-and-waits-longer-each-time",
                   test_starts_a_dying_decoder_again_and_waits_longer_each_time);
  g_test_add_func ("/xeno/decoder/starts-a-decoder-again-that-hangs-when-a-key-is-pressed",
                   test_starts_a_decoder_again_that_hangs_when_a_key_is_pressed);
  g_test_add_func ("/xeno/decoder/cuts-rectangles-to-the-frame", test_cuts_rectangles_to_the_frame);
  g_test_add_func ("/xeno/decoder/says-what-it-waits-for", test_says_what_it_waits_for);
  g_test_add_func ("/xeno/decoder/says-that-the-decoder-is-not-installed",
                   test_says_that_the_decoder_is_not_installed);
  g_test_add_func ("/xeno/decoder/takes-no-content-that-could-hurt", test_takes_no_content_that_could_hurt);
  g_test_add_func ("/xeno/decoder/may-be-dropped-at-any-moment", test_may_be_dropped_at_any_moment);

  return g_test_run ();
}
