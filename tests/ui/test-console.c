/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The console: right pixels at every scale, right keys to the guest, and none left behind. */
#include "config.h"

#include <X11/Xlib.h>
#include <X11/Xutil.h>
#include <gdk/x11/gdkx.h>
#include <stdlib.h>
#include <time.h>

#include "console/xeno-combination.h"
#include "console/xeno-console-hint.h"
#include "console/xeno-console-private.h"
#include "console/xeno-host-keyboard.h"
#include "console/xeno-exposure.h"
#include "console/xeno-painter-cairo.h"
#include "console/xeno-painter-gl.h"
#include "support/golden-picture.h"
#include "support/xeno-backend-fake.h"
#include "support/xeno-test.h"

#define GUEST_WIDTH  320
#define GUEST_HEIGHT 200

typedef struct
{
  XenoConsoleBackend *backend;
  XenoBackendFake    *fake;
  GtkWidget          *window;
  GtkWidget          *entry;
  XenoConsole        *console;
  guint               n_frames;
  guint               wanted_frames;
  GString            *input;
  const char         *wanted_input;
  gboolean            wanted_grab;
  guint               n_passed; /* keys let go that the console had no use for */
} Fixture;

static void
painted_cb (Fixture *fixture)
{
  fixture->n_frames++;
}

static gboolean
was_painted (gpointer data)
{
  Fixture *fixture = data;

  return fixture->n_frames >= fixture->wanted_frames;
}

static void
await_frame (Fixture *fixture)
{
  fixture->wanted_frames = fixture->n_frames + 1;
  gtk_widget_queue_draw (GTK_WIDGET (fixture->console));
  xeno_test_until (was_painted, fixture);
}

static gboolean
has_input (gpointer data)
{
  Fixture *fixture = data;
  g_autofree char *input = xeno_backend_fake_take_input (fixture->fake);

  g_string_append (fixture->input, input);
  return g_str_has_suffix (fixture->input->str, fixture->wanted_input);
}

/* Waits until the input ends as @expected does, and checks that nothing came before it. */
static void
assert_input (Fixture    *fixture,
              const char *expected)
{
  fixture->wanted_input = expected;
  xeno_test_until (has_input, fixture);
  g_assert_cmpstr (fixture->input->str, ==, expected);
  g_string_truncate (fixture->input, 0);
}

static gboolean
is_as_wanted (gpointer data)
{
  Fixture *fixture = data;

  return xeno_console_is_grabbed (fixture->console) == fixture->wanted_grab;
}

static void
await_grab (Fixture  *fixture,
            gboolean  is_grabbed)
{
  fixture->wanted_grab = is_grabbed;
  xeno_test_until (is_as_wanted, fixture);
}

static Display *
get_xdisplay (void)
{
  return gdk_x11_display_get_xdisplay (gdk_display_get_default ());
}

/* There is no window manager to give the focus. */
static void
set_focus (GtkWidget *window)
{
  Window xid = window != NULL ? gdk_x11_surface_get_xid (gtk_native_get_surface (GTK_NATIVE (window)))
                              : None;

  XSetInputFocus (get_xdisplay (), xid, RevertToNone, CurrentTime);
  XSync (get_xdisplay (), False);
}

static void
type (Fixture    *fixture,
      const char *first,
      ...) G_GNUC_NULL_TERMINATED;

static void
type (Fixture    *fixture,
      const char *first,
      ...)
{
  g_autoptr(GPtrArray) argv = g_ptr_array_new ();
  g_autoptr(GSubprocess) process = NULL;
  g_autoptr(GError) error = NULL;
  va_list args;

  g_ptr_array_add (argv, (gpointer) "xdotool");
  va_start (args, first);
  for (const char *word = first; word != NULL; word = va_arg (args, const char *))
    g_ptr_array_add (argv, (gpointer) word);
  va_end (args);
  g_ptr_array_add (argv, NULL);

  process = g_subprocess_newv ((const char * const *) argv->pdata, G_SUBPROCESS_FLAGS_NONE, &error);
  g_assert_no_error (error);
  g_assert_true (g_subprocess_wait_check (process, NULL, &error));
  g_assert_no_error (error);
}

static void
passed_cb (Fixture *fixture)
{
  fixture->n_passed++;
}

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkEventController *controller = gtk_event_controller_key_new ();

  fixture->input = g_string_new (NULL);
  fixture->backend = xeno_backend_fake_new ();
  fixture->fake = XENO_BACKEND_FAKE (fixture->backend);
  xeno_console_backend_start (fixture->backend);
  xeno_console_backend_set_absolute_pointer (fixture->backend, TRUE);
  xeno_backend_fake_resize (fixture->fake, GUEST_WIDTH, GUEST_HEIGHT);

  fixture->window = gtk_window_new ();
  fixture->console = XENO_CONSOLE (xeno_console_new ());
  fixture->entry = gtk_entry_new ();
  gtk_widget_set_vexpand (GTK_WIDGET (fixture->console), TRUE);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (fixture->console));
  gtk_box_append (GTK_BOX (box), fixture->entry);
  gtk_widget_hide (fixture->entry);
  gtk_window_set_child (GTK_WINDOW (fixture->window), box);
  gtk_window_set_decorated (GTK_WINDOW (fixture->window), FALSE);
  gtk_window_set_default_size (GTK_WINDOW (fixture->window), GUEST_WIDTH, GUEST_HEIGHT);
  g_signal_connect_swapped (controller, "key-released", G_CALLBACK (passed_cb), fixture);
  gtk_widget_add_controller (fixture->window, controller);
  xeno_console_set_backend (fixture->console, fixture->backend);
  gtk_widget_grab_focus (GTK_WIDGET (fixture->console));
  gtk_window_present (GTK_WINDOW (fixture->window));
  g_signal_connect_swapped (gtk_widget_get_frame_clock (fixture->window), "after-paint",
                            G_CALLBACK (painted_cb), fixture);
  await_frame (fixture);
  set_focus (fixture->window);
  await_grab (fixture, TRUE);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  g_signal_handlers_disconnect_by_data (gtk_widget_get_frame_clock (fixture->window), fixture);
  gtk_window_destroy (GTK_WINDOW (fixture->window));
  g_assert_finalize_object (fixture->backend);
  g_string_free (fixture->input, TRUE);
}

/* Pixels */

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

static gboolean
has_size (gpointer data)
{
  Fixture *fixture = data;
  int width, height;

  gtk_window_get_default_size (GTK_WINDOW (fixture->window), &width, &height);
  return gtk_widget_get_width (GTK_WIDGET (fixture->console)) == width &&
         gtk_widget_get_height (GTK_WIDGET (fixture->console)) == height;
}

static void
resize (Fixture *fixture,
        int      width,
        int      height)
{
  gtk_window_set_default_size (GTK_WINDOW (fixture->window), width, height);
  xeno_test_until (has_size, fixture);
  await_frame (fixture);
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
  xeno_console_backend_set_heads (fixture->backend, heads, G_N_ELEMENTS (heads));
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
  xeno_console_backend_set_heads (fixture->backend, NULL, 0);
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

/* Keys */

static void
test_typed_keys_arrive (Fixture       *fixture,
                        gconstpointer  data)
{
  type (fixture, "key", "a", "Return", "Tab", "Up", "KP_Enter", "F11", "Delete", NULL);
  assert_input (fixture,
                "key 1e down\nkey 1e up\nkey 1c down\nkey 1c up\nkey 0f down\nkey 0f up\n"
                "key c8 down\nkey c8 up\nkey 9c down\nkey 9c up\n"
                "key 57 down\nkey 57 up\nkey d3 down\nkey d3 up\n");
}

/* The host's keyboard may be any: the guest gets the place of the key, and its meaning beside. */
static void
set_layout (const char *first,
            ...) G_GNUC_NULL_TERMINATED;

static void
set_layout (const char *first,
            ...)
{
  g_autoptr(GPtrArray) argv = g_ptr_array_new ();
  g_autoptr(GSubprocess) process = NULL;
  va_list args;

  g_ptr_array_add (argv, (gpointer) "setxkbmap");
  va_start (args, first);
  for (const char *word = first; word != NULL; word = va_arg (args, const char *))
    g_ptr_array_add (argv, (gpointer) word);
  va_end (args);
  g_ptr_array_add (argv, NULL);

  process = g_subprocess_newv ((const char * const *) argv->pdata, G_SUBPROCESS_FLAGS_NONE, NULL);
  g_assert_true (g_subprocess_wait_check (process, NULL, NULL));
}

static void
test_a_key_is_its_place_in_every_layout (Fixture       *fixture,
                                         gconstpointer  data)
{
  static const struct { const char *layout, *keycode, *expected; guint keyval; } keys[] = {
    { "de", "29", "key 15 down\nkey 15 up\n", GDK_KEY_z },
    { "de", "34", "key 1a down\nkey 1a up\n", GDK_KEY_udiaeresis },
    { "de", "49", "key 29 down\nkey 29 up\n", GDK_KEY_dead_circumflex },
    { "de", "94", "key 56 down\nkey 56 up\n", GDK_KEY_less },
    { "fr", "24", "key 10 down\nkey 10 up\n", GDK_KEY_a },
    { "fr", "11", "key 03 down\nkey 03 up\n", GDK_KEY_eacute },
    { "us", "29", "key 15 down\nkey 15 up\n", GDK_KEY_y },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++)
    {
      g_test_message ("%s, key %s", keys[i].layout, keys[i].keycode);
      set_layout ("-layout", keys[i].layout, NULL);
      type (fixture, "key", keys[i].keycode, NULL);
      assert_input (fixture, keys[i].expected);
      g_assert_cmphex (xeno_backend_fake_get_keyval (fixture->fake), ==, keys[i].keyval);
    }
}

/* Old X servers count keys in their own way: there the meaning says which key it was. */
static void
test_keys_of_other_x_servers_are_found (Fixture       *fixture,
                                        gconstpointer  data)
{
  g_assert_true (xeno_host_keyboard_is_evdev (gdk_display_get_default ()));
  set_layout ("-keycodes", "xfree86", "-layout", "us", NULL);
  g_assert_false (xeno_host_keyboard_is_evdev (gdk_display_get_default ()));
  gtk_widget_hide (GTK_WIDGET (fixture->console));
  gtk_widget_show (GTK_WIDGET (fixture->console));
  gtk_widget_grab_focus (GTK_WIDGET (fixture->console));
  await_grab (fixture, TRUE);

  type (fixture, "key", "Up", "key", "exclam", "key", "KP_Enter", NULL);
  assert_input (fixture,
                "key c8 down\nkey c8 up\nkey 2a down\nkey 02 down\nkey 2a up\nkey 02 up\n"
                "key 9c down\nkey 9c up\n");
  set_layout ("-keycodes", "evdev", "-layout", "us", NULL);
  g_assert_true (xeno_host_keyboard_is_evdev (gdk_display_get_default ()));
}

static void
count_activations_cb (GSimpleAction *action,
                      GVariant      *parameter,
                      gpointer       user_data)
{
  (*(guint *) user_data)++;
}

static gboolean
is_not_zero (gpointer data)
{
  return *(guint *) data != 0;
}

static void
test_accelerators_neither_steal_nor_leak (Fixture       *fixture,
                                          gconstpointer  data)
{
  static const char * const accels[] = { "<Control>q", NULL };
  g_autoptr(GtkApplication) application = gtk_application_new ("org.unaos.Xenolith.Test",
                                                               G_APPLICATION_NON_UNIQUE);
  g_autoptr(GSimpleAction) action = g_simple_action_new ("quit", NULL);
  guint n_activated = 0;

  g_signal_connect (action, "activate", G_CALLBACK (count_activations_cb), &n_activated);
  g_action_map_add_action (G_ACTION_MAP (application), G_ACTION (action));
  g_assert_true (g_application_register (G_APPLICATION (application), NULL, NULL));
  gtk_application_set_accels_for_action (application, "app.quit", accels);
  gtk_window_set_application (GTK_WINDOW (fixture->window), application);

  type (fixture, "key", "ctrl+q", NULL);
  assert_input (fixture, "key 1d down\nkey 10 down\nkey 1d up\nkey 10 up\n");
  g_assert_cmpuint (n_activated, ==, 0);

  xeno_console_ungrab (fixture->console);
  type (fixture, "key", "ctrl+q", NULL);
  xeno_test_until (is_not_zero, &n_activated);
  g_assert_false (has_input (fixture));
  gtk_window_set_application (GTK_WINDOW (fixture->window), NULL);
}

static gboolean
count_shortcut_cb (GtkWidget *widget,
                   GVariant  *args,
                   gpointer   user_data)
{
  (*(guint *) user_data)++;
  return TRUE;
}

static void
test_reserved_shortcuts_stay_with_the_window (Fixture       *fixture,
                                              gconstpointer  data)
{
  GtkEventController *controller = gtk_shortcut_controller_new ();
  guint n_activated = 0;

  gtk_shortcut_controller_set_scope (GTK_SHORTCUT_CONTROLLER (controller), GTK_SHORTCUT_SCOPE_MANAGED);
  gtk_shortcut_controller_add_shortcut (
    GTK_SHORTCUT_CONTROLLER (controller),
    gtk_shortcut_new (gtk_shortcut_trigger_parse_string ("<Control><Shift>f"),
                      gtk_callback_action_new (count_shortcut_cb, &n_activated, NULL)));
  gtk_widget_add_controller (fixture->window, controller);
  xeno_console_set_reserved (fixture->console, G_LIST_MODEL (controller));

  type (fixture, "key", "ctrl+shift+f", NULL);
  type (fixture, "key", "ctrl+shift+g", NULL);
  assert_input (fixture,
                "key 1d down\nkey 2a down\nkey 2a up\nkey 1d up\n"
                "key 1d down\nkey 2a down\nkey 22 down\nkey 2a up\nkey 1d up\nkey 22 up\n");
  g_assert_cmpuint (n_activated, ==, 1);
  xeno_console_set_reserved (fixture->console, NULL);
}

static void
test_losing_the_focus_releases_keys (Fixture       *fixture,
                                     gconstpointer  data)
{
  type (fixture, "keydown", "Shift_L", "keydown", "a", NULL);
  assert_input (fixture, "key 2a down\nkey 1e down\n");
  set_focus (NULL);
  assert_input (fixture, "key 1e up\nkey 2a up\n");
  await_grab (fixture, FALSE);
  type (fixture, "keyup", "a", "keyup", "Shift_L", NULL);
  set_focus (fixture->window);
  await_grab (fixture, TRUE);
  type (fixture, "key", "b", NULL);
  assert_input (fixture, "key 30 down\nkey 30 up\n");
}

static gboolean
has_text (gpointer data)
{
  return gtk_entry_get_text_length (data) > 0;
}

static void
test_leaving_for_another_widget_releases_keys (Fixture       *fixture,
                                               gconstpointer  data)
{
  gtk_widget_show (fixture->entry);
  type (fixture, "keydown", "Control_L", NULL);
  assert_input (fixture, "key 1d down\n");
  gtk_widget_grab_focus (fixture->entry);
  assert_input (fixture, "key 1d up\n");
  g_assert_false (xeno_console_is_grabbed (fixture->console));
  type (fixture, "keyup", "Control_L", "key", "x", NULL);
  xeno_test_until (has_text, fixture->entry);
  gtk_widget_grab_focus (GTK_WIDGET (fixture->console));
  g_assert_true (xeno_console_is_grabbed (fixture->console));
  type (fixture, "key", "c", NULL);
  assert_input (fixture, "key 2e down\nkey 2e up\n");
}

static void
test_the_chord_releases (Fixture       *fixture,
                         gconstpointer  data)
{
  type (fixture, "keydown", "Control_L", "keydown", "Alt_L", "keyup", "Control_L", "keyup", "Alt_L", NULL);
  assert_input (fixture, "key 1d down\nkey 38 down\nkey 1d up\nkey 38 up\n");
  await_grab (fixture, FALSE);

  type (fixture, "key", "Return", NULL);
  await_grab (fixture, TRUE);
  type (fixture, "key", "d", NULL);
  assert_input (fixture, "key 20 down\nkey 20 up\n");
}

static void
test_the_chord_with_another_key_is_the_guests (Fixture       *fixture,
                                               gconstpointer  data)
{
  type (fixture, "key", "ctrl+alt+t", NULL);
  assert_input (fixture, "key 1d down\nkey 38 down\nkey 14 down\nkey 1d up\nkey 38 up\nkey 14 up\n");
  g_assert_true (xeno_console_is_grabbed (fixture->console));
}

static void
test_another_chord_releases (Fixture       *fixture,
                             gconstpointer  data)
{
  xeno_console_set_release_chord (fixture->console, XENO_RELEASE_CHORD_RIGHT_CTRL);
  type (fixture, "keydown", "Control_L", "keydown", "Alt_L", "keyup", "Control_L", "keyup", "Alt_L", NULL);
  assert_input (fixture, "key 1d down\nkey 38 down\nkey 1d up\nkey 38 up\n");
  type (fixture, "key", "ctrl+e", NULL);
  assert_input (fixture, "key 1d down\nkey 12 down\nkey 1d up\nkey 12 up\n");
  g_assert_true (xeno_console_is_grabbed (fixture->console));
  type (fixture, "keydown", "105", "keyup", "105", NULL);
  assert_input (fixture, "key 9d down\nkey 9d up\n");
  await_grab (fixture, FALSE);

  xeno_console_set_release_chord (fixture->console, XENO_RELEASE_CHORD_BOTH_CTRL);
  xeno_console_grab (fixture->console);
  type (fixture, "keydown", "105", "keyup", "105", NULL);
  assert_input (fixture, "key 9d down\nkey 9d up\n");
  g_assert_true (xeno_console_is_grabbed (fixture->console));
  type (fixture, "keydown", "105", "keydown", "37", "keyup", "105", "keyup", "37", NULL);
  assert_input (fixture, "key 9d down\nkey 1d down\nkey 9d up\nkey 1d up\n");
  await_grab (fixture, FALSE);
}

static gboolean
was_passed (gpointer data)
{
  return ((Fixture *) data)->n_passed > 0;
}

static void
test_a_click_takes_the_keyboard (Fixture       *fixture,
                                 gconstpointer  data)
{
  xeno_console_set_grab_policy (fixture->console, XENO_GRAB_ON_CLICK);
  type (fixture, "key", "a", NULL);
  xeno_test_until (was_passed, fixture);
  g_assert_false (xeno_console_is_grabbed (fixture->console));

  type (fixture, "mousemove", "50", "60", "click", "1", NULL);
  await_grab (fixture, TRUE);
  set_focus (NULL);
  await_grab (fixture, FALSE);
  fixture->n_passed = 0;
  set_focus (fixture->window);
  type (fixture, "key", "a", NULL);
  xeno_test_until (was_passed, fixture);
  g_assert_false (xeno_console_is_grabbed (fixture->console));
}

static void
test_the_pointer_takes_and_leaves_the_keyboard (Fixture       *fixture,
                                                gconstpointer  data)
{
  type (fixture, "mousemove", "900", "900", NULL);
  xeno_console_set_grab_policy (fixture->console, XENO_GRAB_WITH_POINTER);
  for (guint i = 0; i < 2; i++)
    {
      type (fixture, "mousemove", "50", "60", NULL);
      await_grab (fixture, TRUE);
      type (fixture, "keydown", "a", "mousemove", "900", "900", NULL);
      await_grab (fixture, FALSE);
      type (fixture, "keyup", "a", NULL);
      assert_input (fixture, "at 50 60\nkey 1e down\nkey 1e up\n");
    }

  type (fixture, "mousemove", "50", "60", NULL);
  await_grab (fixture, TRUE);
  type (fixture, "keydown", "Control_L", "keydown", "Alt_L", "keyup", "Control_L", "keyup", "Alt_L", NULL);
  await_grab (fixture, FALSE);
  type (fixture, "mousemove", "60", "70", NULL);
  fixture->wanted_input = "at 60 70\n";
  xeno_test_until (has_input, fixture);
  g_assert_false (xeno_console_is_grabbed (fixture->console));
}

/* Nobody manages windows here, so nobody gives the desktop's keys away. */
static void
test_says_that_the_desktop_keeps_its_keys (Fixture       *fixture,
                                           gconstpointer  data)
{
  g_autoptr(GtkWidget) hint = g_object_ref_sink (g_object_new (XENO_TYPE_CONSOLE_HINT, "console",
                                                               fixture->console, NULL));
  GtkRevealer *advice = GTK_REVEALER (gtk_widget_get_last_child (hint));
  GtkLabel *label = GTK_LABEL (gtk_revealer_get_child (advice));

  g_assert_false (xeno_console_has_desktop_keys (fixture->console));
  g_assert_true (gtk_revealer_get_reveal_child (advice));
  g_assert_cmpstr (gtk_label_get_label (label), ==,
                   "Press Left Ctrl + Left Alt to release the keyboard\n"
                   "This desktop keeps its own shortcuts");

  xeno_console_set_grab_policy (fixture->console, XENO_GRAB_NEVER);
  await_grab (fixture, TRUE);
  g_assert_cmpstr (gtk_label_get_label (label), ==, "Press Left Ctrl + Left Alt to release the keyboard");
  xeno_console_ungrab (fixture->console);
  g_assert_false (gtk_revealer_get_reveal_child (advice));
}

static void
test_keys_arrive_without_the_desktops (Fixture       *fixture,
                                       gconstpointer  data)
{
  xeno_console_set_grab_policy (fixture->console, XENO_GRAB_NEVER);
  await_grab (fixture, TRUE);
  type (fixture, "key", "a", NULL);
  assert_input (fixture, "key 1e down\nkey 1e up\n");
}

static void
test_the_console_lets_go_when_the_display_does (Fixture       *fixture,
                                                gconstpointer  data)
{
  xeno_console_backend_set_state (fixture->backend, XENO_CONSOLE_FROZEN, NULL);
  g_assert_false (xeno_console_is_grabbed (fixture->console));
  fixture->n_passed = 0;
  type (fixture, "key", "a", NULL);
  xeno_test_until (is_not_zero, &fixture->n_passed);
  xeno_console_backend_set_state (fixture->backend, XENO_CONSOLE_LIVE, NULL);
  await_grab (fixture, TRUE);
  type (fixture, "key", "b", NULL);
  assert_input (fixture, "key 30 down\nkey 30 up\n");
}

static void
test_an_insensitive_console_takes_no_keys (Fixture       *fixture,
                                           gconstpointer  data)
{
  type (fixture, "keydown", "a", NULL);
  assert_input (fixture, "key 1e down\n");
  gtk_widget_set_sensitive (GTK_WIDGET (fixture->console), FALSE);
  assert_input (fixture, "key 1e up\n");
  g_assert_false (xeno_console_is_grabbed (fixture->console));
  fixture->n_passed = 0;
  type (fixture, "keyup", "a", "key", "b", NULL);
  xeno_test_until (is_not_zero, &fixture->n_passed);

  gtk_widget_set_sensitive (GTK_WIDGET (fixture->console), TRUE);
  gtk_widget_grab_focus (GTK_WIDGET (fixture->console));
  await_grab (fixture, TRUE);
  type (fixture, "key", "c", NULL);
  assert_input (fixture, "key 2e down\nkey 2e up\n");
}

static void
test_combinations_are_sent_whole (Fixture       *fixture,
                                  gconstpointer  data)
{
  const XenoCombination *combination = xeno_combination_find ("ctrl-alt-delete");

  xeno_console_ungrab (fixture->console);
  xeno_console_send_keys (fixture->console, combination->qnums,
                          xeno_combination_get_n_keys (combination));
  assert_input (fixture, "key 1d down\nkey 38 down\nkey d3 down\nkey d3 up\nkey 38 up\nkey 1d up\n");

  xeno_console_backend_set_state (fixture->backend, XENO_CONSOLE_CLOSED, NULL);
  xeno_console_send_keys (fixture->console, combination->qnums,
                          xeno_combination_get_n_keys (combination));
  g_assert_false (has_input (fixture));
}

/* Pointer */

static gboolean
is_input_over (gpointer data)
{
  Fixture *fixture = data;

  has_input (fixture);
  return strstr (fixture->input->str, fixture->wanted_input) != NULL;
}

static void
test_the_pointer_reaches_the_last_pixel (Fixture       *fixture,
                                         gconstpointer  data)
{
  static const struct { int width, x, y; const char *expected; } moves[] = {
    { 320, 10, 20, "at 10 20\n" },
    { 320, 319, 199, "at 319 199\n" },
    { 640, 639, 399, "at 319 199\n" },
    { 640, 20, 41, "at 10 20\n" },
    { 160, 159, 99, "at 319 199\n" },
    { 160, 0, 0, "at 0 0\n" },
    { 480, 479, 299, "at 319 199\n" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (moves); i++)
    {
      g_autofree char *x = g_strdup_printf ("%d", moves[i].x);
      g_autofree char *y = g_strdup_printf ("%d", moves[i].y);

      resize (fixture, moves[i].width, moves[i].width * 5 / 8);
      type (fixture, "mousemove", "5", "5", NULL);
      type (fixture, "mousemove", x, y, NULL);
      fixture->wanted_input = moves[i].expected;
      xeno_test_until (is_input_over, fixture);
      g_string_truncate (fixture->input, 0);
    }
}

static void
test_buttons_come_after_the_move (Fixture       *fixture,
                                  gconstpointer  data)
{
  type (fixture, "mousemove", "5", "5", NULL);
  fixture->wanted_input = "at 5 5\n";
  xeno_test_until (has_input, fixture);
  g_string_truncate (fixture->input, 0);

  type (fixture, "mousemove", "50", "60", "click", "1", "click", "3", "click", "8", NULL);
  assert_input (fixture,
                "at 50 60\nbutton 1 down\nbutton 1 up\nbutton 3 down\nbutton 3 up\n"
                "button 8 down\nbutton 8 up\n");
  type (fixture, "click", "5", "click", "5", "click", "4", NULL);
  assert_input (fixture, "wheel 0 1\nwheel 0 1\nwheel 0 -1\n");
}

static guint
count_lines (const char *text)
{
  guint n_lines = 0;

  for (; *text != '\0'; text++)
    n_lines += *text == '\n';

  return n_lines;
}

static void
test_a_storm_of_moves_is_thinned (Fixture       *fixture,
                                  gconstpointer  data)
{
  g_autoptr(GPtrArray) argv = g_ptr_array_new ();
  g_autoptr(GSubprocess) process = NULL;

  g_ptr_array_add (argv, (gpointer) "xdotool");
  for (guint i = 0; i < 500; i++)
    {
      g_ptr_array_add (argv, (gpointer) "mousemove_relative");
      g_ptr_array_add (argv, (gpointer) "--");
      g_ptr_array_add (argv, (gpointer) (i % 2 ? "-1" : "1"));
      g_ptr_array_add (argv, (gpointer) "0");
    }
  g_ptr_array_add (argv, (gpointer) "click");
  g_ptr_array_add (argv, (gpointer) "1");
  g_ptr_array_add (argv, NULL);

  type (fixture, "mousemove", "100", "100", NULL);
  process = g_subprocess_newv ((const char * const *) argv->pdata, G_SUBPROCESS_FLAGS_NONE, NULL);
  g_assert_true (g_subprocess_wait_check (process, NULL, NULL));
  fixture->wanted_input = "button 1 up\n";
  xeno_test_until (is_input_over, fixture);
  g_assert_cmpuint (count_lines (fixture->input->str), <, 100);
}

typedef struct
{
  Fixture *fixture;
  int      x, y;
  int      wanted_x, wanted_y;
} Way;

static gboolean
is_there (gpointer data)
{
  Way *way = data;
  g_autofree char *input = xeno_backend_fake_take_input (way->fixture->fake);
  g_auto (GStrv) lines = g_strsplit (input, "\n", -1);

  for (guint i = 0; lines[i] != NULL && *lines[i] != '\0'; i++)
    {
      int dx, dy;

      g_assert_cmpint (sscanf (lines[i], "by %d %d", &dx, &dy), ==, 2);
      way->x += dx;
      way->y += dy;
    }
  return way->x == way->wanted_x && way->y == way->wanted_y;
}

static void
assert_moved (Fixture *fixture,
              int      x,
              int      y)
{
  Way way = { fixture, 0, 0, x, y };

  xeno_test_until (is_there, &way);
}

static int
get_pointer_x (void)
{
  Window root, child;
  int root_x, root_y, x, y;
  unsigned int mask;

  XQueryPointer (get_xdisplay (), DefaultRootWindow (get_xdisplay ()), &root, &child, &root_x, &root_y,
                 &x, &y, &mask);
  return root_x;
}

static void
test_a_relative_pointer_gets_movements (Fixture       *fixture,
                                        gconstpointer  data)
{
  type (fixture, "mousemove", "5", "5", NULL);
  fixture->wanted_input = "at 5 5\n";
  xeno_test_until (has_input, fixture);
  g_string_truncate (fixture->input, 0);

  xeno_console_backend_set_absolute_pointer (fixture->backend, FALSE);
  type (fixture, "mousemove", "25", "12", "click", "1", NULL);
  assert_input (fixture, "button 1 down\nbutton 1 up\n");
  g_assert_true (xeno_console_holds_pointer (fixture->console));

  /* Ten times as far as the window is wide: nothing stops a movement at its edge. */
  for (guint i = 0; i < 10; i++)
    type (fixture, "mousemove_relative", "--", "320", "-7", NULL);
  assert_moved (fixture, 3200, -70);
  type (fixture, "click", "3", NULL);
  assert_input (fixture, "button 3 down\nbutton 3 up\n");

  type (fixture, "keydown", "Control_L", "keydown", "Alt_L", "keyup", "Control_L", "keyup", "Alt_L", NULL);
  await_grab (fixture, FALSE);
  g_assert_false (xeno_console_holds_pointer (fixture->console));
  assert_input (fixture, "key 1d down\nkey 38 down\nkey 1d up\nkey 38 up\n");
  g_assert_cmpint (get_pointer_x (), ==, 25);
  type (fixture, "mousemove_relative", "--", "30", "5", "mousemove_relative", "--", "-30", "-5", NULL);
  g_assert_false (has_input (fixture));
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

#define ADD(path, func) g_test_add ("/xeno/console/" path, Fixture, NULL, set_up, func, tear_down)

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
  ADD ("typed-keys-arrive", test_typed_keys_arrive);
  ADD ("a-key-is-its-place-in-every-layout", test_a_key_is_its_place_in_every_layout);
  ADD ("keys-of-other-x-servers-are-found", test_keys_of_other_x_servers_are_found);
  ADD ("accelerators-neither-steal-nor-leak", test_accelerators_neither_steal_nor_leak);
  ADD ("reserved-shortcuts-stay-with-the-window", test_reserved_shortcuts_stay_with_the_window);
  ADD ("losing-the-focus-releases-keys", test_losing_the_focus_releases_keys);
  ADD ("leaving-for-another-widget-releases-keys", test_leaving_for_another_widget_releases_keys);
  ADD ("the-chord-releases", test_the_chord_releases);
  ADD ("the-chord-with-another-key-is-the-guests", test_the_chord_with_another_key_is_the_guests);
  ADD ("another-chord-releases", test_another_chord_releases);
  ADD ("a-click-takes-the-keyboard", test_a_click_takes_the_keyboard);
  ADD ("the-pointer-takes-and-leaves-the-keyboard", test_the_pointer_takes_and_leaves_the_keyboard);
  ADD ("says-that-the-desktop-keeps-its-keys", test_says_that_the_desktop_keeps_its_keys);
  ADD ("keys-arrive-without-the-desktops", test_keys_arrive_without_the_desktops);
  ADD ("the-console-lets-go-when-the-display-does", test_the_console_lets_go_when_the_display_does);
  ADD ("an-insensitive-console-takes-no-keys", test_an_insensitive_console_takes_no_keys);
  ADD ("combinations-are-sent-whole", test_combinations_are_sent_whole);
  ADD ("the-pointer-reaches-the-last-pixel", test_the_pointer_reaches_the_last_pixel);
  ADD ("buttons-come-after-the-move", test_buttons_come_after_the_move);
  ADD ("a-storm-of-moves-is-thinned", test_a_storm_of_moves_is_thinned);
  ADD ("a-relative-pointer-gets-movements", test_a_relative_pointer_gets_movements);
  ADD ("the-shape-follows-the-guest", test_the_shape_follows_the_guest);
  ADD ("a-guest-larger-than-its-window-moves-with-the-pointer",
       test_a_guest_larger_than_its_window_moves_with_the_pointer);
  ADD ("a-relative-pointer-is-drawn-where-the-guest-says",
       test_a_relative_pointer_is_drawn_where_the_guest_says);

  return g_test_run ();
}
