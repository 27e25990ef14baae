/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the decoder makes of a VNC server of ours, that behaves or does not. */
#include "config.h"

#include <string.h>
#include <sys/stat.h>

#include "base/xeno-error.h"
#include "support/display-rig.h"
#include "support/xeno-test.h"

#define WIDTH 64
#define HEIGHT 48

typedef struct
{
  DisplayRig         *rig;
  XenoConsoleBackend *backend;
  char               *log;
  const char         *expected;
} Fixture;

static void
start_server (Fixture    *fixture,
              const char *mode)
{
  g_autofree char *program = g_build_filename (g_getenv ("G_TEST_SRCDIR"), "support", "rfb-server.py", NULL);
  const char *argv[] = { program, display_rig_get_path (fixture->rig), mode, fixture->log, NULL };

  display_rig_start_server (fixture->rig, argv);
}

static void
set_up (Fixture       *fixture,
        gconstpointer  mode)
{
  fixture->rig = display_rig_new ();
  fixture->log = g_strconcat (display_rig_get_path (fixture->rig), ".log", NULL);
  start_server (fixture, mode);
  fixture->backend = display_rig_new_backend (fixture->rig, "vnc");
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  mode)
{
  if (fixture->backend != NULL)
    {
      xeno_console_backend_stop (fixture->backend);
      g_assert_finalize_object (fixture->backend);
    }
  display_rig_stop_server (fixture->rig);
  g_assert_cmpint (unlink (fixture->log), ==, 0);
  g_object_unref (fixture->rig);
  g_free (fixture->log);
}

static gboolean
shows_picture (gpointer data)
{
  Fixture *fixture = data;
  XenoSurface *surface = xeno_console_backend_get_surface (fixture->backend);

  if (surface == NULL || xeno_surface_get_width (surface) != WIDTH ||
      xeno_surface_get_height (surface) != HEIGHT)
    return FALSE;

  for (guint y = 0; y < HEIGHT; y++)
    for (guint x = 0; x < WIDTH; x++)
      {
        const guchar *row = xeno_surface_get_pixels (surface) + y * xeno_surface_get_stride (surface);
        guint32 pixel;

        memcpy (&pixel, row + 4 * x, sizeof pixel);
        if ((pixel & 0xffffff) != (x << 16 | y << 8 | 7))
          return FALSE;
      }
  return TRUE;
}

static gboolean
has_error (gpointer data)
{
  return xeno_console_backend_get_error (data) != NULL;
}

static gboolean
has_ended_or_shows (gpointer data)
{
  Fixture *fixture = data;

  return has_error (fixture->backend) || shows_picture (fixture);
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

static void
test_shows_the_picture (Fixture       *fixture,
                        gconstpointer  mode)
{
  xeno_test_until (shows_picture, fixture);
  g_assert_cmpint (xeno_console_backend_get_state (fixture->backend), ==, XENO_CONSOLE_LIVE);
}

static gboolean
has_pointer_and_lamps (gpointer data)
{
  Fixture *fixture = data;
  const XenoCursorShape *shape = xeno_console_backend_get_cursor (fixture->backend);

  return shape != NULL && shape->width == 8 && shape->height == 8 && shape->hot_x == 1 && shape->hot_y == 2 &&
         memcmp (g_bytes_get_data (shape->rgba, NULL), "\3\2\1\xff", 4) == 0 &&
         xeno_console_backend_get_leds (fixture->backend) == 4 &&
         !xeno_console_backend_has_absolute_pointer (fixture->backend);
}

static void
test_tells_the_pointer_and_the_lamps (Fixture       *fixture,
                                      gconstpointer  mode)
{
  xeno_test_until (has_pointer_and_lamps, fixture);
  xeno_test_until (shows_picture, fixture);
}

static void
test_sends_input (Fixture       *fixture,
                  gconstpointer  mode)
{
  xeno_test_until (has_pointer_and_lamps, fixture);
  xeno_console_backend_key (fixture->backend, 0x1e, 'a', TRUE);
  assert_logs (fixture, "key 61 1e down\n");
  xeno_console_backend_pointer_moved_by (fixture->backend, -2, 3);
  assert_logs (fixture, "pointer 0 32765 32770\n");
  xeno_console_backend_button (fixture->backend, 3, TRUE);
  assert_logs (fixture, "pointer 4 32767 32767\n");
  xeno_console_backend_wheel (fixture->backend, 0, -1);
  assert_logs (fixture, "pointer 12 32767 32767\npointer 4 32767 32767\n");
  xeno_console_backend_wheel (fixture->backend, 1, 0);
  assert_logs (fixture, "pointer 68 32767 32767\npointer 4 32767 32767\n");

  xeno_console_backend_stop (fixture->backend);
  assert_logs (fixture, "key 61 1e up\npointer 0 32767 32767\ngone\n");
}

/* A server that knows no key numbers gets what the key meant on the host's keyboard. */
static void
test_sends_meanings_where_numbers_are_unknown (Fixture       *fixture,
                                               gconstpointer  mode)
{
  xeno_test_until (has_pointer_and_lamps, fixture);
  xeno_console_backend_key (fixture->backend, 0x15, 'z', TRUE);
  xeno_console_backend_key (fixture->backend, 0x15, 'Z', FALSE);
  xeno_console_backend_key (fixture->backend, 0x03, 0xe9, TRUE);
  xeno_console_backend_key (fixture->backend, 0x03, 0xe9, FALSE);
  assert_logs (fixture, "key 7a down\nkey 7a up\nkey e9 down\nkey e9 up\n");
}

/* The guest's caps lock is on. */
static void
test_taps_lock_keys_that_differ (Fixture       *fixture,
                                 gconstpointer  mode)
{
  xeno_test_until (has_pointer_and_lamps, fixture);
  xeno_console_backend_set_locks (fixture->backend, 4);
  xeno_console_backend_set_locks (fixture->backend, 2);
  assert_logs (fixture, "key ff7f 45 down\nkey ff7f 45 up\nkey ffe5 3a down\nkey ffe5 3a up\n");
  xeno_console_backend_set_locks (fixture->backend, 3);
  xeno_console_backend_key (fixture->backend, 0x1e, 'a', TRUE);
  assert_logs (fixture, "key ffe5 3a up\nkey 61 1e down\n");
}

static guint
count_nudges (Fixture *fixture)
{
  g_autofree char *text = NULL;
  guint n = 0;

  g_assert_true (g_file_get_contents (fixture->log, &text, NULL, NULL));
  for (const char *nudge = text; (nudge = strstr (nudge, "sound 2 3 2 44100\n")) != NULL; nudge++)
    n++;
  return n;
}

/* Nothing came for longer than from one nudge to the next. */
static gboolean
is_nudged_no_more (gpointer data)
{
  Fixture *fixture = data;
  struct stat info;
  gint64 written_us;

  g_assert_cmpint (stat (fixture->log, &info), ==, 0);
  written_us = info.st_mtim.tv_sec * G_USEC_PER_SEC + info.st_mtim.tv_nsec / 1000;
  return count_nudges (fixture) > 0 && g_get_real_time () - written_us > 100 * 1000;
}

static gboolean
is_told_of_sound (gpointer fixture)
{
  return count_nudges (fixture) > 0;
}

/* QEMU looks at the guest's screen more often while it is told of anything. How sound is to be sampled it is
 * told once anyway, when it has said that it knows sound. */
static void
test_has_the_screen_looked_at_after_a_key (Fixture       *fixture,
                                           gconstpointer  mode)
{
  xeno_test_until (has_pointer_and_lamps, fixture);
  xeno_test_until (shows_picture, fixture);
  xeno_test_until (is_told_of_sound, fixture);
  g_assert_cmpuint (count_nudges (fixture), ==, 1);
  xeno_console_backend_key (fixture->backend, 0x1e, 'a', TRUE);
  assert_logs (fixture, "key 61 1e down\nsound 2 3 2 44100\nsound 2 3 2 44100\n");
  xeno_test_until (is_nudged_no_more, fixture);
  g_assert_cmpuint (count_nudges (fixture), <=, 1 + 32);
}

static void
test_nudges_nobody_who_knows_no_sound (Fixture       *fixture,
                                       gconstpointer  mode)
{
  xeno_test_until (has_pointer_and_lamps, fixture);
  for (guint i = 0; i < 20; i++)
    {
      g_autofree char *expected = g_strdup_printf ("pointer 0 %u 32767\n", 32767 + i + 1);

      xeno_console_backend_pointer_moved_by (fixture->backend, i + 1, 0);
      assert_logs (fixture, expected);
    }
  g_assert_cmpuint (count_nudges (fixture), ==, 0);
}

static gboolean
shows_the_last_pixel (gpointer data)
{
  const guint side = 16384;
  Fixture *fixture = data;
  XenoSurface *surface = xeno_console_backend_get_surface (fixture->backend);
  guint32 pixel;

  if (surface == NULL || xeno_surface_get_width (surface) != side || xeno_surface_get_height (surface) != side)
    return FALSE;

  memcpy (&pixel,
          xeno_surface_get_pixels (surface) + (side - 1) * xeno_surface_get_stride (surface) + 4 * (side - 1),
          sizeof pixel);
  return (pixel & 0xffffff) == 0x030201;
}

static void
test_shows_the_largest_frame (Fixture       *fixture,
                              gconstpointer  mode)
{
  xeno_test_until (shows_the_last_pixel, fixture);
}

/* Whatever this server does, a good one that takes its place is shown. */
static void
test_bears (Fixture       *fixture,
            gconstpointer  mode)
{
  xeno_test_until (has_error, fixture->backend);
  g_assert_cmpuint (xeno_console_backend_get_error (fixture->backend)->domain, ==, XENO_ERROR);
  display_rig_stop_server (fixture->rig);
  start_server (fixture, "good");
  xeno_test_until (shows_picture, fixture);
  display_rig_await_state (fixture->backend, XENO_CONSOLE_LIVE);
  g_assert_null (xeno_console_backend_get_error (fixture->backend));
}

static void
test_asks_nobody_for_a_password (Fixture       *fixture,
                                 gconstpointer  mode)
{
  display_rig_await_state (fixture->backend, XENO_CONSOLE_CLOSED);
  g_assert_error (xeno_console_backend_get_error (fixture->backend), XENO_ERROR, XENO_ERROR_NO_PERMISSION);
}

static void
test_names_what_it_does_not_know (Fixture       *fixture,
                                  gconstpointer  mode)
{
  display_rig_await_state (fixture->backend, XENO_CONSOLE_CLOSED);
  g_assert_error (xeno_console_backend_get_error (fixture->backend), XENO_ERROR, XENO_ERROR_NOT_SUPPORTED);
}

static void
test_passes_a_refusal_on (Fixture       *fixture,
                          gconstpointer  mode)
{
  display_rig_set_refusing (fixture->rig, TRUE);
  xeno_console_backend_stop (fixture->backend);
  xeno_console_backend_start (fixture->backend);
  xeno_test_until (has_error, fixture->backend);
  g_assert_cmpstr (xeno_console_backend_get_error (fixture->backend)->message, ==, "not today");

  display_rig_set_refusing (fixture->rig, FALSE);
  xeno_test_until (shows_picture, fixture);
}

/* Each connection ends a little later than the one before, until one is whole. */
static void
test_bears_an_end_anywhere (Fixture       *fixture,
                            gconstpointer  mode)
{
  guint n = 0;

  while (!shows_picture (fixture))
    {
      g_assert_cmpuint (n++, <, 200);
      xeno_console_backend_stop (fixture->backend);
      xeno_console_backend_set_surface (fixture->backend, NULL);
      xeno_console_backend_start (fixture->backend);
      xeno_test_until (has_ended_or_shows, fixture);
    }
  g_assert_cmpuint (n, >, 20);
}

static void
add (const char *group,
     const char *mode,
     void      (*func) (Fixture *, gconstpointer))
{
  g_autofree char *path = g_strconcat ("/xeno/display-vnc/", group, mode, NULL);

  g_test_add (path, Fixture, mode, set_up, func, tear_down);
}

int
main (int   argc,
      char *argv[])
{
  static const char *const bad[] = {
    "color-map", "cut-frame", "cut-greeting", "cut-text-huge", "empty", "endless-cursor", "endless-rre",
    "garbage", "hangs-up",
    "huge", "huge-cursor", "long-name", "mute", "name-huge", "no-sense-kinds", "other-protocol", "outside",
    "outside-copy", "outside-hextile", "outside-rre", "refuses", "stops",
    "tight-garbage", "unknown-encoding", "zlib-endless", "zlib-garbage",
  };
  static const char *const closed[] = { "old-password", "password" };
  static const char *const shown[] = {
    "bell-flood", "cut-text-flood", "good", "many-rectangles", "name-flood", "resize-storm",
    "update-storm", "zlib-bomb",
  };

  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (shown); i++)
    add ("shows/", shown[i], test_shows_the_picture);
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    add ("bears/", bad[i], test_bears);
  for (guint i = 0; i < G_N_ELEMENTS (closed); i++)
    add ("asks-nobody-for-a-password/", closed[i], test_asks_nobody_for_a_password);
  add ("names-what-it-does-not-know/", "unknown-kinds", test_names_what_it_does_not_know);
  g_test_add ("/xeno/display-vnc/bears-an-end-anywhere", Fixture, "cut-anywhere", set_up,
              test_bears_an_end_anywhere, tear_down);
  g_test_add ("/xeno/display-vnc/shows-the-largest-frame", Fixture, "large", set_up,
              test_shows_the_largest_frame, tear_down);
  g_test_add ("/xeno/display-vnc/tells-the-pointer-and-the-lamps", Fixture, "good", set_up,
              test_tells_the_pointer_and_the_lamps, tear_down);
  g_test_add ("/xeno/display-vnc/sends-input", Fixture, "good", set_up, test_sends_input, tear_down);
  g_test_add ("/xeno/display-vnc/sends-meanings-where-numbers-are-unknown", Fixture, "plain-keys", set_up,
              test_sends_meanings_where_numbers_are_unknown, tear_down);
  g_test_add ("/xeno/display-vnc/taps-lock-keys-that-differ", Fixture, "good", set_up,
              test_taps_lock_keys_that_differ, tear_down);
  g_test_add ("/xeno/display-vnc/has-the-screen-looked-at-after-a-key", Fixture, "knows-sound", set_up,
              test_has_the_screen_looked_at_after_a_key, tear_down);
  g_test_add ("/xeno/display-vnc/nudges-nobody-who-knows-no-sound", Fixture, "good", set_up,
              test_nudges_nobody_who_knows_no_sound, tear_down);
  g_test_add ("/xeno/display-vnc/passes-a-refusal-on", Fixture, "good", set_up, test_passes_a_refusal_on,
              tear_down);

  return g_test_run ();
}
