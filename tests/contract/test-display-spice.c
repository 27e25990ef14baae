/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the decoder makes of a SPICE server of ours, that behaves or does not. */
#include "config.h"

#include <string.h>

#include "base/xeno-error.h"
#include "support/display-rig.h"
#include "support/xeno-test.h"

#define WIDTH 64
#define HEIGHT 48

/* A server that never stops painting has been borne when so much of it was shown. */
#define ENOUGH_UPDATES 20

typedef struct
{
  DisplayRig         *rig;
  XenoConsoleBackend *backend;
  guint               n_updates;
} Fixture;

static void
start_server (Fixture    *fixture,
              const char *mode)
{
  g_autofree char *program = g_build_filename (g_getenv ("G_TEST_SRCDIR"), "support", "spice-server.py", NULL);
  const char *argv[] = { program, display_rig_get_path (fixture->rig), mode, NULL };

  display_rig_start_server (fixture->rig, argv);
}

static void
damage_cb (Fixture *fixture)
{
  fixture->n_updates++;
}

static void
set_up (Fixture       *fixture,
        gconstpointer  mode)
{
  fixture->rig = display_rig_new ();
  start_server (fixture, mode);
  fixture->backend = display_rig_new_backend (fixture->rig, "spice");
  g_signal_connect_swapped (fixture->backend, "damage", G_CALLBACK (damage_cb), fixture);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  mode)
{
  xeno_console_backend_stop (fixture->backend);
  g_assert_finalize_object (fixture->backend);
  display_rig_stop_server (fixture->rig);
  g_object_unref (fixture->rig);
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
is_borne (gpointer data)
{
  Fixture *fixture = data;

  return xeno_console_backend_get_error (fixture->backend) != NULL || shows_picture (fixture) ||
         fixture->n_updates > ENOUGH_UPDATES;
}

static void
test_shows_the_picture (Fixture       *fixture,
                        gconstpointer  mode)
{
  xeno_test_until (shows_picture, fixture);
  g_assert_cmpint (xeno_console_backend_get_state (fixture->backend), ==, XENO_CONSOLE_LIVE);
}

static gboolean
has_error (gpointer data)
{
  return xeno_console_backend_get_error (((Fixture *) data)->backend) != NULL;
}

static void
test_says_that_the_picture_is_in_a_graphics_processor (Fixture       *fixture,
                                                       gconstpointer  mode)
{
  xeno_test_until (has_error, fixture);
  g_assert_error (xeno_console_backend_get_error (fixture->backend), XENO_ERROR, XENO_ERROR_NOT_SUPPORTED);
  g_assert_nonnull (strstr (xeno_console_backend_get_error (fixture->backend)->message, "graphics processor"));
  g_assert_cmpint (xeno_console_backend_get_state (fixture->backend), ==, XENO_CONSOLE_CLOSED);
}

static gboolean
has_two_heads (gpointer data)
{
  guint n_heads;

  xeno_console_backend_get_heads (((Fixture *) data)->backend, &n_heads);
  return n_heads == 2;
}

static void
test_tells_what_each_monitor_shows (Fixture       *fixture,
                                    gconstpointer  mode)
{
  const XenoDisplayHead *heads;
  guint n_heads;

  xeno_test_until (has_two_heads, fixture);
  heads = xeno_console_backend_get_heads (fixture->backend, &n_heads);
  g_assert_cmpuint (heads[0].id, ==, 4);
  g_assert_cmpuint (heads[1].id, ==, 9);
  g_assert_cmpuint (heads[1].x, ==, 32);
  g_assert_cmpuint (heads[1].y, ==, 5);
  g_assert_cmpuint (heads[1].width, ==, 16);
  g_assert_cmpuint (heads[1].height, ==, 40);
  xeno_test_until (shows_picture, fixture);
}

static void
assert_recovers (Fixture *fixture)
{
  display_rig_stop_server (fixture->rig);
  xeno_console_backend_set_surface (fixture->backend, NULL);
  start_server (fixture, "good");
  xeno_test_until (shows_picture, fixture);
  display_rig_await_state (fixture->backend, XENO_CONSOLE_LIVE);
  g_assert_no_error (xeno_console_backend_get_error (fixture->backend));
}

/* Whatever this server does, the app says a sentence or goes on, and a good one that takes its place
 * is shown. */
static void
test_bears (Fixture       *fixture,
            gconstpointer  mode)
{
  const GError *error;

  xeno_test_until (is_borne, fixture);
  error = xeno_console_backend_get_error (fixture->backend);
  if (error != NULL)
    {
      g_test_message ("%s", error->message);
      g_assert_cmpuint (error->domain, ==, XENO_ERROR);
      g_assert_nonnull (strstr (error->message, "rig"));
    }

  assert_recovers (fixture);
}

/* A picture that comes byte by byte, or never, or on a surface nobody announced, is as good as it is. */
static void
test_shows_what_there_is (Fixture       *fixture,
                          gconstpointer  mode)
{
  display_rig_await_state (fixture->backend, XENO_CONSOLE_LIVE);
  g_assert_no_error (xeno_console_backend_get_error (fixture->backend));
  assert_recovers (fixture);
}

static gboolean
has_ended_or_shows (gpointer data)
{
  return has_error (data) || shows_picture (data);
}

/* Of all a server has to say before there is a picture, it says each time a little more. */
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
  g_autofree char *path = g_strconcat ("/xeno/display-spice/", group, mode, NULL);

  g_test_add (path, Fixture, mode, set_up, func, tear_down);
}

int
main (int   argc,
      char *argv[])
{
  static const char *const bad[] = {
    "agent-content-flood", "agent-cut-message", "agent-flapping", "agent-garbage", "agent-grab-flood",
    "agent-huge-message", "agent-odd-types", "agent-request-flood", "agent-short-messages",
    "cursor-empty", "cursor-huge", "cursor-short",
    "display-mute", "draw-after-surface", "draw-before-surface", "draw-elsewhere", "draw-inside-out",
    "draw-negative", "draw-outside", "flood",
    "image-glz-elsewhere", "image-huge", "image-jpeg-garbage", "image-lz-enormous", "image-narrow-stride",
    "image-of-image", "image-outside", "image-quic-garbage", "image-short", "image-unknown-format",
    "image-zlib-bomb", "image-zlib-garbage", "image-zlib-lying",
    "link-caps-outside", "link-closed", "link-cut", "link-dripping", "link-garbage", "link-huge-reply",
    "link-mute", "link-no-auth", "link-no-reply", "link-other-magic", "link-other-version", "link-refused",
    "link-too-many-caps",
    "main-cut-message", "main-huge-message", "main-no-channels", "main-short-init",
    "main-too-many-channels", "main-unknown-message",
    "message-cut", "message-empty", "message-garbage", "message-huge",
    "monitors-lie", "monitors-outside", "sound-flood", "sound-odd", "sound-too-fast",
    "surface-empty", "surface-enormous", "surface-negative", "surface-no-height", "surface-overflow",
    "surface-too-high", "surface-too-wide", "surface-unknown-format",
  };
  static const char *const odd[] = { "display-stops", "message-dripping", "surface-twice" };
  static const char *const shown[] = { "gl-draw", "good", "surface-storm" };
  static const char *const accelerated[] = { "gl-enormous", "gl-scanout" };

  g_test_init (&argc, &argv, NULL);
  /* A decoder whose memory is overwritten says all sorts of things before it dies; GDBus warns of it. */
  g_log_set_always_fatal (G_LOG_FATAL_MASK | G_LOG_LEVEL_CRITICAL);

  for (guint i = 0; i < G_N_ELEMENTS (shown); i++)
    add ("shows/", shown[i], test_shows_the_picture);
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    add ("bears/", bad[i], test_bears);
  for (guint i = 0; i < G_N_ELEMENTS (accelerated); i++)
    add ("says-that-the-picture-is-in-a-graphics-processor/", accelerated[i],
         test_says_that_the_picture_is_in_a_graphics_processor);
  add ("tells-what-each-monitor-shows/", "monitors-two", test_tells_what_each_monitor_shows);
  g_test_add ("/xeno/display-spice/bears-an-end-anywhere", Fixture, "cut-anywhere", set_up,
              test_bears_an_end_anywhere, tear_down);
  for (guint i = 0; i < G_N_ELEMENTS (odd); i++)
    add ("shows-what-there-is/", odd[i], test_shows_what_there_is);

  return g_test_run ();
}
