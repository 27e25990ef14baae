/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The console: right pixels at every scale, few of them painted, and the pointer's shape over them. */
#include "config.h"

#include <X11/Xutil.h>
#include <gdk/x11/gdkx.h>
#include <time.h>

#include "console-fixture.h"
#include "console/xeno-exposure.h"
#include "console/xeno-painter-cairo.h"
#include "console/xeno-painter-gl.h"
#include "support/golden-picture.h"

static guint32
get_noise (guint x,
           guint y)
{
  guint32 value = (x * 2654435761u) ^ (y * 2246822519u);

  return (value ^ value >> 13) & 0xffffff;
}

static void
paint_noise (Fixture *fixture,
             guint32  unused_byte)
{
  XenoSurface *surface = xeno_console_backend_get_surface (fixture->backend);
  guint width = xeno_surface_get_width (surface);
  guint height = xeno_surface_get_height (surface);

  for (guint y = 0; y < height; y++)
    {
      guint32 *row = (gpointer) (xeno_backend_fake_get_pixels (fixture->fake) +
                                 y * xeno_surface_get_stride (surface));

      for (guint x = 0; x < width; x++)
        row[x] = get_noise (x, y) | unused_byte << 24;
    }
  xeno_console_backend_damage (fixture->backend, 0, 0, width, height);
  xeno_console_backend_end_update (fixture->backend);
}

/* What the X server shows. */
static void
assert_screen (Fixture *fixture)
{
  int width = gtk_widget_get_width (GTK_WIDGET (fixture->console));
  int height = gtk_widget_get_height (GTK_WIDGET (fixture->console));
  Window xid = gdk_x11_surface_get_xid (gtk_native_get_surface (GTK_NATIVE (fixture->window)));
  XImage *image = XGetImage (get_xdisplay (), xid, 0, 0, width, height, AllPlanes, ZPixmap);

  g_assert_nonnull (image);
  for (int y = 0; y < height; y++)
    for (int x = 0; x < width; x++)
      golden_picture_assert (fixture->console->surface, &fixture->console->transform, x, y,
                             XGetPixel (image, x, y));
  XDestroyImage (image);
}

static void
test_pixels_are_right_at_every_scale (Fixture       *fixture,
                                      gconstpointer  data)
{
  static const double scales[] = { 0.5, 0.75, 1, 1.25, 1.5, 2, 3.1 };
  static const guint32 unused_bytes[] = { 0x00, 0xff };

  for (gsize i = 0; i < G_N_ELEMENTS (scales); i++)
    for (gsize j = 0; j < G_N_ELEMENTS (unused_bytes); j++)
      {
        g_test_message ("scale %g, unused byte %02x", scales[i], unused_bytes[j]);
        resize (fixture, GUEST_WIDTH * scales[i], GUEST_HEIGHT * scales[i]);
        paint_noise (fixture, unused_bytes[j]);
        await_frame (fixture);
        assert_screen (fixture);
      }
}

static void
test_whole_multiples_are_sharp (Fixture       *fixture,
                                gconstpointer  data)
{
  Window xid;
  XImage *image;

  paint_noise (fixture, 0);
  resize (fixture, GUEST_WIDTH * 2, GUEST_HEIGHT * 2);
  xid = gdk_x11_surface_get_xid (gtk_native_get_surface (GTK_NATIVE (fixture->window)));
  image = XGetImage (get_xdisplay (), xid, 0, 0, GUEST_WIDTH * 2, GUEST_HEIGHT * 2, AllPlanes, ZPixmap);
  for (int y = 0; y < GUEST_HEIGHT * 2; y++)
    for (int x = 0; x < GUEST_WIDTH * 2; x++)
      g_assert_cmphex (XGetPixel (image, x, y) & 0xffffff, ==, get_noise (x / 2, y / 2));
  XDestroyImage (image);
}

static void
test_later_damage_shows (Fixture       *fixture,
                         gconstpointer  data)
{
  static const int widths[] = { GUEST_WIDTH, 517, 200, GUEST_WIDTH * 2 };

  for (gsize i = 0; i < G_N_ELEMENTS (widths); i++)
    {
      resize (fixture, widths[i], widths[i] * 5 / 8);
      paint_noise (fixture, 0x55);
      await_frame (fixture);
      for (int step = 0; step < 12; step++)
        {
          xeno_backend_fake_fill (fixture->fake, step * 23, step * 13, 17, 11, 0x40ff8000u + step);
          await_frame (fixture);
          assert_screen (fixture);
        }
    }
}

static guint64
get_work (Fixture *fixture)
{
  XenoPainter *painter = fixture->console->painter;

  return XENO_IS_PAINTER_GL (painter) ? xeno_painter_gl_get_uploads (XENO_PAINTER_GL (painter))
                                      : xeno_painter_cairo_get_repaints (XENO_PAINTER_CAIRO (painter));
}

/* Of the tiles of 128 pixels one, or where four meet those; or just what changed, sent as it is. */
static void
test_a_small_change_repaints_little (Fixture       *fixture,
                                     gconstpointer  data)
{
  gboolean is_gl = XENO_IS_PAINTER_GL (fixture->console->painter);
  guint64 before;
  guint frames;

  xeno_backend_fake_resize (fixture->fake, 1024, 768);
  resize (fixture, 1024, 768);
  before = get_work (fixture);
  frames = xeno_backend_fake_get_frames_done (fixture->fake);
  xeno_backend_fake_fill (fixture->fake, 200, 200, 20, 20, 0xffffff);
  await_frame (fixture);
  g_assert_cmpuint (get_work (fixture), ==, before + (is_gl ? 20 * 20 : 1));
  g_assert_cmpuint (xeno_backend_fake_get_frames_done (fixture->fake), ==, frames + 1);

  before = get_work (fixture);
  await_frame (fixture);
  g_assert_cmpuint (get_work (fixture), ==, before);
  g_assert_cmpuint (xeno_backend_fake_get_frames_done (fixture->fake), ==, frames + 1);

  xeno_backend_fake_fill (fixture->fake, 250, 250, 20, 20, 0xffffff);
  await_frame (fixture);
  g_assert_cmpuint (get_work (fixture), ==, before + (is_gl ? 20 * 20 : 4));
}

static gboolean
is_acknowledged (gpointer data)
{
  Fixture *fixture = data;

  return xeno_backend_fake_get_frames_done (fixture->fake) >= fixture->wanted_frames;
}

static void
await_shown (Fixture *fixture)
{
  fixture->wanted_frames = xeno_backend_fake_get_frames_done (fixture->fake) + 1;
  xeno_test_until (is_acknowledged, fixture);
}

static void
share_surface (Fixture *fixture,
               int      width,
               int      height)
{
  xeno_backend_fake_set_shared (fixture->fake, TRUE);
  xeno_backend_fake_resize (fixture->fake, width, height);
  resize (fixture, width, height);
  paint_noise (fixture, 0);
  await_frame (fixture);
}

/* Only where GTK draws with cairo. */
static gboolean
has_short_way (Fixture *fixture)
{
  gboolean is_cairo = GSK_IS_CAIRO_RENDERER (gtk_native_get_renderer (GTK_NATIVE (fixture->window)));

  g_assert_true (is_cairo == (fixture->console->direct != NULL));
  return is_cairo;
}

static void
test_a_change_is_shown_without_a_repaint (Fixture       *fixture,
                                          gconstpointer  data)
{
  guint shown, frames;

  share_surface (fixture, 512, 384);
  if (!has_short_way (fixture))
    return;

  frames = fixture->n_frames;
  for (int step = 0; step < 12; step++)
    {
      shown = xeno_direct_get_shown (fixture->console->direct);
      xeno_backend_fake_fill (fixture->fake, step * 23, step * 13, 17 + step, 11, 0x40ff8000u + step * 7);
      if (xeno_direct_get_shown (fixture->console->direct) == shown)
        await_shown (fixture);
      g_assert_cmpuint (xeno_direct_get_shown (fixture->console->direct), ==, shown + 1);
      assert_screen (fixture);
    }
  g_assert_cmpuint (fixture->n_frames, ==, frames);

  await_frame (fixture);
  assert_screen (fixture);
}

static void
test_a_monitor_of_several_is_shown (Fixture       *fixture,
                                    gconstpointer  data)
{
  static const XenoDisplayHead heads[] = { { 3, 0, 0, 200, 384 }, { 7, 200, 50, 312, 300 } };

  share_surface (fixture, 512, 384);
  xeno_console_backend_set_heads (fixture->backend, heads, G_N_ELEMENTS (heads), 0);
  g_assert_cmpint (xeno_surface_get_width (fixture->console->surface), ==, 200);
  xeno_console_set_head (fixture->console, 7);
  g_assert_cmpint (xeno_surface_get_width (fixture->console->surface), ==, 312);
  resize (fixture, 312, 300);
  assert_screen (fixture);
  for (int step = 0; step < 12; step++)
    {
      xeno_backend_fake_fill (fixture->fake, 150 + step * 23, step * 30, 90, 20, 0x40ff8000u + step * 7);
      await_frame (fixture);
      assert_screen (fixture);
    }

  type (fixture, "mousemove", "10", "20", NULL);
  assert_input (fixture, "at 210 70\n");
  xeno_console_backend_set_heads (fixture->backend, NULL, 0, 0);
  g_assert_false (xeno_console_has_head (fixture->console));
  g_assert_null (fixture->console->surface);
  xeno_console_set_head (fixture->console, 0);
  g_assert_cmpint (xeno_surface_get_width (fixture->console->surface), ==, 512);
  xeno_console_backend_set_heads (fixture->backend, heads, G_N_ELEMENTS (heads), 0);
  g_assert_cmpint (xeno_surface_get_width (fixture->console->surface), ==, 200);
  xeno_console_set_head (fixture->console, XENO_ALL_HEADS);
  g_assert_cmpint (xeno_surface_get_width (fixture->console->surface), ==, 512);
  type (fixture, "mousemove", "900", "900", NULL);
}

static void
assert_exposure (Fixture  *fixture,
                 gboolean  is_exposed)
{
  cairo_rectangle_int_t area;

  await_frame (fixture);
  g_assert_cmpint (xeno_exposure_find (GTK_WIDGET (fixture->console), &area), ==, is_exposed);
}

static void
test_nothing_is_painted_over (Fixture       *fixture,
                              gconstpointer  data)
{
  GtkWidget *box = gtk_widget_get_parent (GTK_WIDGET (fixture->console));
  GtkWidget *overlay = gtk_overlay_new ();
  GtkWidget *revealer = gtk_revealer_new ();
  GtkWidget *label = gtk_label_new ("over it");

  assert_exposure (fixture, TRUE);
  g_object_ref (box);
  gtk_window_set_child (GTK_WINDOW (fixture->window), overlay);
  gtk_overlay_set_child (GTK_OVERLAY (overlay), box);
  g_object_unref (box);
  gtk_widget_set_valign (revealer, GTK_ALIGN_END);
  gtk_revealer_set_transition_type (GTK_REVEALER (revealer), GTK_REVEALER_TRANSITION_TYPE_NONE);
  gtk_revealer_set_child (GTK_REVEALER (revealer), label);
  gtk_overlay_add_overlay (GTK_OVERLAY (overlay), revealer);
  assert_exposure (fixture, TRUE);
  gtk_revealer_set_reveal_child (GTK_REVEALER (revealer), TRUE);
  assert_exposure (fixture, FALSE);
  gtk_revealer_set_reveal_child (GTK_REVEALER (revealer), FALSE);
  assert_exposure (fixture, TRUE);
  gtk_widget_set_opacity (box, 0.5);
  assert_exposure (fixture, FALSE);
}

static void
test_a_storm_of_damage_is_one_frame (Fixture       *fixture,
                                     gconstpointer  data)
{
  guint frames;

  await_frame (fixture);
  frames = xeno_backend_fake_get_frames_done (fixture->fake);
  for (int i = 0; i < 2000; i++)
    xeno_backend_fake_fill (fixture->fake, i % 300, i % 190, 3, 3, i);
  fixture->wanted_frames = frames + 1;
  xeno_test_until (is_acknowledged, fixture);
  await_frame (fixture);
  g_assert_cmpuint (xeno_backend_fake_get_frames_done (fixture->fake), ==, frames + 1);
  assert_screen (fixture);
}

/* Frames that cost as much as four of them should. */
#define SLOW_FRAME_US  40000
#define INPUT_LIMIT_US 60000
#define SLOW_FRAMES    12

typedef struct
{
  Fixture *fixture;
  gint64   last_us;
  gint64   longest_us;
} Overload;

/* The processor's time, so that others who use it do not count. */
static gint64
get_used_us (void)
{
  struct timespec used;

  clock_gettime (CLOCK_PROCESS_CPUTIME_ID, &used);
  return used.tv_sec * G_USEC_PER_SEC + used.tv_nsec / 1000;
}

static void
burn_cb (void)
{
  gint64 end_us = get_used_us () + SLOW_FRAME_US;

  while (get_used_us () < end_us)
    continue;
}

/* At the priority of a key: as long as this has not run no key has gone out. */
static gboolean
look_cb (gpointer user_data)
{
  Overload *overload = user_data;
  gint64 now_us = get_used_us ();

  overload->longest_us = MAX (overload->longest_us, now_us - overload->last_us);
  overload->last_us = now_us;
  return G_SOURCE_CONTINUE;
}

static gboolean
change_cb (gpointer user_data)
{
  Overload *overload = user_data;

  xeno_backend_fake_fill (overload->fixture->fake, 0, 0, GUEST_WIDTH, GUEST_HEIGHT, g_random_int ());
  return G_SOURCE_CONTINUE;
}

static void
test_overload_slows_frames_and_not_input (Fixture       *fixture,
                                          gconstpointer  data)
{
  GdkFrameClock *clock = gtk_widget_get_frame_clock (fixture->window);
  gulong burn_id = g_signal_connect_after (clock, "paint", G_CALLBACK (burn_cb), NULL);
  Overload overload = { fixture, get_used_us (), 0 };
  guint look_id = g_timeout_add_full (GDK_PRIORITY_EVENTS, 1, look_cb, &overload, NULL);
  guint change_id = g_timeout_add (4, change_cb, &overload);
  gint64 begin_us = g_get_monotonic_time ();

  fixture->wanted_frames = fixture->n_frames + SLOW_FRAMES;
  xeno_test_until (was_painted, fixture);
  g_assert_cmpint (overload.longest_us, >=, SLOW_FRAME_US);
  g_assert_cmpint (overload.longest_us, <=, INPUT_LIMIT_US);
  g_assert_cmpint (g_get_monotonic_time () - begin_us, >=, (SLOW_FRAMES - 1) * SLOW_FRAME_US * 3 / 2);

  g_source_remove (look_id);
  g_source_remove (change_id);
  g_signal_handler_disconnect (clock, burn_id);
}

static void
test_nothing_is_painted_unseen (Fixture       *fixture,
                                gconstpointer  data)
{
  guint frames;

  await_frame (fixture);
  frames = xeno_backend_fake_get_frames_done (fixture->fake);
  gtk_widget_hide (fixture->window);
  for (int i = 0; i < 100; i++)
    {
      xeno_backend_fake_fill (fixture->fake, i, i, 20, 20, i * 0x10305);
      g_main_context_iteration (NULL, FALSE);
    }
  g_assert_cmpuint (xeno_backend_fake_get_frames_done (fixture->fake), ==, frames);

  gtk_window_present (GTK_WINDOW (fixture->window));
  fixture->wanted_frames = frames + 1;
  xeno_test_until (is_acknowledged, fixture);
  await_frame (fixture);
  assert_screen (fixture);
}

/* What a guest shows while its display is made again: the last picture, not black. */
static void
test_the_last_picture_stands_while_the_display_is_away (Fixture       *fixture,
                                                        gconstpointer  data)
{
  paint_noise (fixture, 0);
  await_frame (fixture);
  xeno_console_backend_set_state (fixture->backend, XENO_CONSOLE_FROZEN, NULL);
  resize (fixture, 517, 323);
  assert_screen (fixture);
  xeno_console_backend_set_state (fixture->backend, XENO_CONSOLE_LIVE, NULL);
  paint_noise (fixture, 0xff);
  await_frame (fixture);
  assert_screen (fixture);
}

static void
test_another_size_of_the_guest (Fixture       *fixture,
                                gconstpointer  data)
{
  static const int sizes[][2] = { { 640, 400 }, { 1, 1 }, { 33, 77 }, { 720, 400 }, { 320, 200 } };

  for (gsize i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      xeno_backend_fake_resize (fixture->fake, sizes[i][0], sizes[i][1]);
      paint_noise (fixture, 0);
      resize (fixture, sizes[i][0] + 30, sizes[i][1] + 20);
      xeno_console_set_scale_mode (fixture->console, XENO_SCALE_ACTUAL);
      await_frame (fixture);
      assert_screen (fixture);
      xeno_console_set_scale_mode (fixture->console, XENO_SCALE_FIT);
    }
}

static void
test_a_screenshot_is_the_guests_pixels (Fixture       *fixture,
                                        gconstpointer  data)
{
  g_autoptr(GdkTexture) texture = NULL;
  g_autofree guint32 *pixels = g_new (guint32, GUEST_WIDTH * GUEST_HEIGHT);

  paint_noise (fixture, 0);
  resize (fixture, 200, 150);
  texture = xeno_console_take_screenshot (fixture->console);
  g_assert_cmpint (gdk_texture_get_width (texture), ==, GUEST_WIDTH);
  g_assert_cmpint (gdk_texture_get_height (texture), ==, GUEST_HEIGHT);
  gdk_texture_download (texture, (guchar *) pixels, GUEST_WIDTH * 4);
  for (guint i = 0; i < GUEST_WIDTH * GUEST_HEIGHT; i++)
    g_assert_cmphex (pixels[i], ==, 0xff000000 | get_noise (i % GUEST_WIDTH, i / GUEST_WIDTH));

  xeno_console_backend_set_surface (fixture->backend, NULL);
  g_assert_null (xeno_console_take_screenshot (fixture->console));
}

static void
test_the_shape_follows_the_guest (Fixture       *fixture,
                                  gconstpointer  data)
{
  g_autoptr(GBytes) rgba = g_bytes_new_take (g_malloc0 (16 * 16 * 4), 16 * 16 * 4);
  const XenoCursorShape shape = { 16, 16, 5, 15, rgba };
  const XenoCursorShape hidden = { 0 };
  GdkCursor *cursor;

  g_assert_null (gtk_widget_get_cursor (GTK_WIDGET (fixture->console)));
  xeno_console_backend_set_cursor (fixture->backend, &shape);
  cursor = gtk_widget_get_cursor (GTK_WIDGET (fixture->console));
  g_assert_cmpint (gdk_texture_get_width (gdk_cursor_get_texture (cursor)), ==, 16);
  g_assert_cmpint (gdk_cursor_get_hotspot_x (cursor), ==, 5);
  g_assert_cmpint (gdk_cursor_get_hotspot_y (cursor), ==, 15);

  resize (fixture, GUEST_WIDTH * 2, GUEST_HEIGHT * 2);
  cursor = gtk_widget_get_cursor (GTK_WIDGET (fixture->console));
  g_assert_cmpint (gdk_texture_get_width (gdk_cursor_get_texture (cursor)), ==, 32);
  g_assert_cmpint (gdk_cursor_get_hotspot_x (cursor), ==, 10);
  g_assert_cmpint (gdk_cursor_get_hotspot_y (cursor), ==, 30);

  resize (fixture, GUEST_WIDTH * 3 / 2, GUEST_HEIGHT * 3 / 2);
  cursor = gtk_widget_get_cursor (GTK_WIDGET (fixture->console));
  g_assert_cmpint (gdk_texture_get_width (gdk_cursor_get_texture (cursor)), ==, 24);
  g_assert_cmpint (gdk_cursor_get_hotspot_x (cursor), ==, 7);
  g_assert_cmpint (gdk_cursor_get_hotspot_y (cursor), ==, 22);

  resize (fixture, GUEST_WIDTH * 5 / 4, GUEST_HEIGHT * 5 / 4);
  cursor = gtk_widget_get_cursor (GTK_WIDGET (fixture->console));
  g_assert_cmpint (gdk_texture_get_width (gdk_cursor_get_texture (cursor)), ==, 20);
  g_assert_cmpint (gdk_cursor_get_hotspot_x (cursor), ==, 6);
  g_assert_cmpint (gdk_cursor_get_hotspot_y (cursor), ==, 18);

  xeno_console_backend_set_cursor (fixture->backend, &hidden);
  g_assert_cmpstr (gdk_cursor_get_name (gtk_widget_get_cursor (GTK_WIDGET (fixture->console))), ==, "none");

  xeno_console_backend_set_state (fixture->backend, XENO_CONSOLE_CLOSED, NULL);
  g_assert_null (gtk_widget_get_cursor (GTK_WIDGET (fixture->console)));
}

static GdkCursor *
show_shape (Fixture *fixture,
            guint8   colour,
            int      hot_x)
{
  g_autoptr(GBytes) rgba = g_bytes_new_take (memset (g_malloc (16 * 16 * 4), colour, 16 * 16 * 4), 16 * 16 * 4);
  const XenoCursorShape shape = { 16, 16, hot_x, 3, rgba };

  xeno_console_backend_set_cursor (fixture->backend, &shape);
  return gtk_widget_get_cursor (GTK_WIDGET (fixture->console));
}

/* Guests send the pixels again whenever the pointer comes to something else. */
static void
test_a_shape_that_comes_again_is_not_made_again (Fixture       *fixture,
                                                 gconstpointer  data)
{
  g_autoptr(GdkCursor) arrow = g_object_ref (show_shape (fixture, 1, 2));
  g_autoptr(GdkCursor) hand = g_object_ref (show_shape (fixture, 2, 2));

  g_assert_true (arrow != hand);
  g_assert_true (show_shape (fixture, 1, 2) == arrow);
  g_assert_true (show_shape (fixture, 2, 2) == hand);
  g_assert_true (show_shape (fixture, 2, 4) != hand);
  g_assert_cmpint (gdk_cursor_get_hotspot_x (gtk_widget_get_cursor (GTK_WIDGET (fixture->console))), ==, 4);

  resize (fixture, GUEST_WIDTH * 2, GUEST_HEIGHT * 2);
  g_assert_true (show_shape (fixture, 1, 2) != arrow);
  resize (fixture, GUEST_WIDTH, GUEST_HEIGHT);
  g_assert_true (show_shape (fixture, 1, 2) == arrow);

  for (guint8 colour = 10; colour < 30; colour++)
    show_shape (fixture, colour, 2);
  g_assert_true (show_shape (fixture, 1, 2) != arrow);
}

typedef struct
{
  GtkAdjustment *adjustment;
  double         value;
} Scrolling;

static gboolean
is_scrolled (gpointer data)
{
  Scrolling *scrolling = data;

  return gtk_adjustment_get_value (scrolling->adjustment) == scrolling->value;
}

static gboolean
is_as_small_as_can_be (gpointer data)
{
  return gtk_widget_get_width (data) == GUEST_WIDTH;
}

static void
test_a_guest_larger_than_its_window_moves_with_the_pointer (Fixture       *fixture,
                                                            gconstpointer  data)
{
  GtkWidget *box = gtk_widget_get_parent (GTK_WIDGET (fixture->console));
  GtkWidget *scrolled = gtk_scrolled_window_new ();
  GtkAdjustment *across = gtk_scrolled_window_get_hadjustment (GTK_SCROLLED_WINDOW (scrolled));
  GtkAdjustment *down = gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (scrolled));
  Scrolling right = { across, 640 - GUEST_WIDTH }, left = { across, 0 }, bottom = { down, 400 - GUEST_HEIGHT };

  xeno_backend_fake_resize (fixture->fake, 640, 400);
  g_object_ref (box);
  gtk_window_set_child (GTK_WINDOW (fixture->window), scrolled);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), box);
  g_object_unref (box);
  xeno_console_set_scale_mode (fixture->console, XENO_SCALE_ACTUAL);
  gtk_window_set_default_size (GTK_WINDOW (fixture->window), GUEST_WIDTH, GUEST_HEIGHT);
  xeno_test_until (is_as_small_as_can_be, scrolled);

  type (fixture, "mousemove", "310", "100", NULL);
  xeno_test_until (is_scrolled, &right);
  type (fixture, "mousemove", "160", "195", NULL);
  xeno_test_until (is_scrolled, &bottom);
  type (fixture, "mousemove", "5", "100", NULL);
  xeno_test_until (is_scrolled, &left);
  g_assert_true (is_scrolled (&bottom));
  type (fixture, "mousemove", "900", "900", NULL);
}

#define SHAPE_SIDE  8
#define SHAPE_HOT_X 2
#define SHAPE_HOT_Y 3
#define SHAPE_RGB   0xff0000

/* @x and @y: where the shape points; elsewhere the guest's picture stands. */
static void
assert_drawn_pointer (Fixture *fixture,
                      int      x,
                      int      y,
                      gboolean is_there)
{
  int scale = xeno_transform_get_scale (&fixture->console->transform);
  int width = gtk_widget_get_width (GTK_WIDGET (fixture->console));
  int height = gtk_widget_get_height (GTK_WIDGET (fixture->console));
  Window xid = gdk_x11_surface_get_xid (gtk_native_get_surface (GTK_NATIVE (fixture->window)));
  XImage *image;

  await_frame (fixture);
  image = XGetImage (get_xdisplay (), xid, 0, 0, width, height, AllPlanes, ZPixmap);
  for (int row = 0; row < height; row++)
    for (int column = 0; column < width; column++)
      {
        int shape_x = column / scale - x + SHAPE_HOT_X;
        int shape_y = row / scale - y + SHAPE_HOT_Y;
        gboolean is_shape = is_there && shape_x >= 0 && shape_x < SHAPE_SIDE &&
                            shape_y >= 0 && shape_y < SHAPE_SIDE;

        g_assert_cmphex (XGetPixel (image, column, row) & 0xffffff, ==,
                         is_shape ? SHAPE_RGB : get_noise (column / scale, row / scale));
      }
  XDestroyImage (image);
}

static void
test_a_relative_pointer_is_drawn_where_the_guest_says (Fixture       *fixture,
                                                       gconstpointer  data)
{
  static const int places[][2] = { { 100, 50 }, { 101, 50 }, { 0, 0 }, { GUEST_WIDTH - 1, GUEST_HEIGHT - 1 } };
  guint32 pixels[SHAPE_SIDE * SHAPE_SIDE];
  g_autoptr(GBytes) rgba = NULL;
  XenoCursorShape shape = { SHAPE_SIDE, SHAPE_SIDE, SHAPE_HOT_X, SHAPE_HOT_Y, NULL };
  const XenoCursorShape hidden = { 0 };

  for (gsize i = 0; i < G_N_ELEMENTS (pixels); i++)
    pixels[i] = GUINT32_FROM_LE (0xff0000ff);
  rgba = g_bytes_new (pixels, sizeof pixels);
  shape.rgba = rgba;
  paint_noise (fixture, 0);
  xeno_console_backend_set_cursor (fixture->backend, &shape);
  xeno_console_backend_move_cursor (fixture->backend, 100, 50);
  assert_drawn_pointer (fixture, 100, 50, FALSE);

  xeno_console_backend_set_absolute_pointer (fixture->backend, FALSE);
  for (int scale = 1; scale <= 2; scale++)
    {
      resize (fixture, GUEST_WIDTH * scale, GUEST_HEIGHT * scale);
      for (gsize i = 0; i < G_N_ELEMENTS (places); i++)
        {
          xeno_console_backend_move_cursor (fixture->backend, places[i][0], places[i][1]);
          assert_drawn_pointer (fixture, places[i][0], places[i][1], TRUE);
        }
    }

  xeno_console_backend_set_cursor (fixture->backend, &hidden);
  assert_drawn_pointer (fixture, 0, 0, FALSE);
  xeno_console_backend_set_cursor (fixture->backend, &shape);
  assert_drawn_pointer (fixture, GUEST_WIDTH - 1, GUEST_HEIGHT - 1, TRUE);
  xeno_console_backend_set_absolute_pointer (fixture->backend, TRUE);
  assert_drawn_pointer (fixture, 0, 0, FALSE);
}

#define ADD(path, func) g_test_add ("/xeno/console-picture/" path, Fixture, NULL, set_up, func, tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  gtk_init ();

  ADD ("pixels-are-right-at-every-scale", test_pixels_are_right_at_every_scale);
  ADD ("whole-multiples-are-sharp", test_whole_multiples_are_sharp);
  ADD ("later-damage-shows", test_later_damage_shows);
  ADD ("a-small-change-repaints-little", test_a_small_change_repaints_little);
  ADD ("a-change-is-shown-without-a-repaint", test_a_change_is_shown_without_a_repaint);
  ADD ("a-monitor-of-several-is-shown", test_a_monitor_of_several_is_shown);
  ADD ("nothing-is-painted-over", test_nothing_is_painted_over);
  ADD ("a-storm-of-damage-is-one-frame", test_a_storm_of_damage_is_one_frame);
  ADD ("overload-slows-frames-and-not-input", test_overload_slows_frames_and_not_input);
  ADD ("nothing-is-painted-unseen", test_nothing_is_painted_unseen);
  ADD ("the-last-picture-stands-while-the-display-is-away",
       test_the_last_picture_stands_while_the_display_is_away);
  ADD ("another-size-of-the-guest", test_another_size_of_the_guest);
  ADD ("a-screenshot-is-the-guests-pixels", test_a_screenshot_is_the_guests_pixels);
  ADD ("the-shape-follows-the-guest", test_the_shape_follows_the_guest);
  ADD ("a-shape-that-comes-again-is-not-made-again", test_a_shape_that_comes_again_is_not_made_again);
  ADD ("a-guest-larger-than-its-window-moves-with-the-pointer",
       test_a_guest_larger_than_its_window_moves_with_the_pointer);
  ADD ("a-relative-pointer-is-drawn-where-the-guest-says",
       test_a_relative_pointer_is_drawn_where_the_guest_says);

  return g_test_run ();
}
