/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Graphs: scales people like, gaps that stay gaps, a readout for pointer, keys and ears. */
#include "config.h"

#include <math.h>

#include <adwaita.h>

#include "support/xeno-test.h"
#include "widgets/xeno-graph.h"
#include "widgets/xeno-scale.h"

#define KIB 1024.0
#define MIB (1024.0 * KIB)
#define GIB (1024.0 * MIB)
#define SECOND G_USEC_PER_SEC
#define WIDTH 700

typedef struct
{
  GtkWidget  *window;
  GtkWidget  *graph;
  XenoPlot   *plot;
  XenoSeries *series;
  gint64      now_us;
  guint       n_frames;
} Fixture;

static void
after_paint_cb (GdkFrameClock *clock,
                Fixture       *fixture)
{
  fixture->n_frames++;
}

static gboolean
was_painted (gpointer data)
{
  return ((Fixture *) data)->n_frames > 0;
}

static void
await_frame (Fixture *fixture)
{
  fixture->n_frames = 0;
  gtk_widget_queue_draw (GTK_WIDGET (fixture->plot));
  xeno_test_until (was_painted, fixture);
}

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  fixture->window = gtk_window_new ();
  fixture->graph = xeno_graph_new ();
  fixture->plot = xeno_graph_get_plot (XENO_GRAPH (fixture->graph));
  fixture->series = xeno_series_new (600);
  fixture->now_us = g_get_monotonic_time ();

  xeno_graph_set_title (XENO_GRAPH (fixture->graph), "Processor");
  xeno_graph_set_scale (XENO_GRAPH (fixture->graph), XENO_UNIT_PERCENT, 100.0);
  xeno_graph_set_line (XENO_GRAPH (fixture->graph), 0, NULL, fixture->series);
  gtk_window_set_child (GTK_WINDOW (fixture->window), fixture->graph);
  gtk_window_set_default_size (GTK_WINDOW (fixture->window), WIDTH, 300);
  gtk_window_present (GTK_WINDOW (fixture->window));
  g_signal_connect (gtk_widget_get_frame_clock (fixture->window), "after-paint",
                    G_CALLBACK (after_paint_cb), fixture);
  await_frame (fixture);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  g_signal_handlers_disconnect_by_data (gtk_widget_get_frame_clock (fixture->window), fixture);
  gtk_window_destroy (GTK_WINDOW (fixture->window));
  g_assert_finalize_object (fixture->series);
}

/* @count samples, a second apart, the newest now. */
static void
push (Fixture *fixture,
      guint    count,
      double   value)
{
  for (guint i = count; i > 0; i--)
    xeno_series_push (fixture->series, fixture->now_us - (i - 1) * SECOND, value);
}

static GtkEventController *
find_controller (GtkWidget *widget,
                 GType      type)
{
  g_autoptr(GListModel) controllers = gtk_widget_observe_controllers (widget);

  for (guint i = 0; i < g_list_model_get_n_items (controllers); i++)
    {
      g_autoptr(GtkEventController) controller = g_list_model_get_item (controllers, i);

      if (g_type_is_a (G_OBJECT_TYPE (controller), type))
        return controller;
    }
  g_assert_not_reached ();
}

static void
point_at (Fixture *fixture,
          double   share)
{
  g_signal_emit_by_name (find_controller (GTK_WIDGET (fixture->plot), GTK_TYPE_EVENT_CONTROLLER_MOTION),
                         "motion", share * gtk_widget_get_width (GTK_WIDGET (fixture->plot)), 20.0);
}

static gboolean
press (Fixture *fixture,
       guint    keyval)
{
  GListModel *shortcuts =
    G_LIST_MODEL (find_controller (GTK_WIDGET (fixture->plot), GTK_TYPE_SHORTCUT_CONTROLLER));

  for (guint i = 0; i < g_list_model_get_n_items (shortcuts); i++)
    {
      g_autoptr(GtkShortcut) shortcut = g_list_model_get_item (shortcuts, i);
      GtkShortcutTrigger *trigger = gtk_shortcut_get_trigger (shortcut);

      if (GTK_IS_KEYVAL_TRIGGER (trigger)
          && gtk_keyval_trigger_get_keyval (GTK_KEYVAL_TRIGGER (trigger)) == keyval)
        return gtk_shortcut_action_activate (gtk_shortcut_get_action (shortcut), 0,
                                             GTK_WIDGET (fixture->plot),
                                             gtk_shortcut_get_arguments (shortcut));
    }
  g_assert_not_reached ();
}

static char *
second_line (XenoPlot *plot)
{
  g_autofree char *text = xeno_plot_dup_readout_text (plot);
  g_auto(GStrv) lines = NULL;

  g_assert_nonnull (text);
  lines = g_strsplit (text, "\n", 0);
  g_assert_cmpuint (g_strv_length (lines), >=, 2);
  return g_strdup (lines[1]);
}

/* The picture of the plot as it would be on the screen, four bytes a pixel. */
static guchar *
picture (Fixture *fixture,
         int     *width,
         int     *height)
{
  GtkWidget *plot = GTK_WIDGET (fixture->plot);
  g_autoptr(GdkPaintable) paintable = NULL;
  g_autoptr(GtkSnapshot) snapshot = gtk_snapshot_new ();
  g_autoptr(GskRenderNode) node = NULL;
  g_autoptr(GdkTexture) texture = NULL;
  guchar *pixels;

  await_frame (fixture);
  *width = gtk_widget_get_width (plot);
  *height = gtk_widget_get_height (plot);
  paintable = gtk_widget_paintable_new (plot);
  gdk_paintable_snapshot (paintable, snapshot, *width, *height);
  node = gtk_snapshot_to_node (snapshot);
  texture = gsk_renderer_render_texture (gtk_native_get_renderer (GTK_NATIVE (fixture->window)), node,
                                         &GRAPHENE_RECT_INIT (0, 0, *width, *height));
  pixels = g_malloc (*width * *height * 4);
  gdk_texture_download (texture, pixels, *width * 4);
  return pixels;
}

/* Whether a column has more than the grid: something blue, as lines and what is below them. */
static gboolean
has_line (const guchar *pixels,
          int           width,
          int           height,
          int           x)
{
  for (int y = 0; y < height; y++)
    {
      const guchar *pixel = pixels + (y * width + x) * 4;

      if (pixel[0] > pixel[2] + 20)
        return TRUE;
    }
  return FALSE;
}

static void
test_scale_fits (void)
{
  static const struct
  {
    XenoUnit unit;
    double   max;
    double   top;
  } table[] = {
    { XENO_UNIT_PERCENT, 0.0, 10.0 },
    { XENO_UNIT_PERCENT, 10.0, 10.0 },
    { XENO_UNIT_PERCENT, 10.1, 20.0 },
    { XENO_UNIT_PERCENT, 45.0, 50.0 },
    { XENO_UNIT_PERCENT, 51.0, 100.0 },
    { XENO_UNIT_BYTES, 0.0, 10 * KIB },
    { XENO_UNIT_BYTES, 3 * MIB, 5 * MIB },
    { XENO_UNIT_BYTES, 5 * MIB, 5 * MIB },
    { XENO_UNIT_BYTES, 501 * MIB, GIB },
    { XENO_UNIT_BYTES, 1000 * MIB, GIB },
    { XENO_UNIT_BYTES, 1024 * MIB, GIB },
    { XENO_UNIT_BYTES, 1025 * MIB, 2 * GIB },
    { XENO_UNIT_BYTES_PER_SECOND, 60.0, 10 * KIB },
    { XENO_UNIT_BYTES_PER_SECOND, 11 * KIB, 20 * KIB },
    { XENO_UNIT_BYTES_PER_SECOND, 640 * KIB, MIB },
    { XENO_UNIT_BYTES_PER_SECOND, 3.2 * MIB, 5 * MIB },
    { XENO_UNIT_BYTES_PER_SECOND, 120 * MIB, 200 * MIB },
    { XENO_UNIT_BYTES_PER_SECOND, NAN, 10 * KIB },
    { XENO_UNIT_BYTES_PER_SECOND, INFINITY, 10 * KIB },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (table); i++)
    g_assert_cmpfloat_with_epsilon (xeno_scale_fit (table[i].unit, table[i].max), table[i].top, 1e-6);
}

static void
test_scale_covers (void)
{
  for (double max = 1.0; max < 1e15; max *= 1.37)
    {
      double top = xeno_scale_fit (XENO_UNIT_BYTES_PER_SECOND, max);

      g_assert_cmpfloat (top, >=, max);
      g_assert_true (top <= 2.5 * max || top == 10 * KIB);
    }
}

static void
test_scale_text (void)
{
  g_autofree char *percent = xeno_scale_format (XENO_UNIT_PERCENT, 12.4);
  g_autofree char *bytes = xeno_scale_format (XENO_UNIT_BYTES, 4 * GIB);
  g_autofree char *rate = xeno_scale_format (XENO_UNIT_BYTES_PER_SECOND, 3.2 * MIB);
  g_autofree char *nothing = xeno_scale_format (XENO_UNIT_BYTES_PER_SECOND, NAN);

  g_assert_cmpstr (percent, ==, "12 %");
  g_assert_nonnull (strstr (bytes, "GiB"));
  g_assert_true (g_str_has_suffix (rate, "MiB/s"));
  g_assert_cmpstr (nothing, ==, "no data");
}

static void
test_scale_follows (Fixture       *fixture,
                    gconstpointer  data)
{
  xeno_graph_set_scale (XENO_GRAPH (fixture->graph), XENO_UNIT_BYTES_PER_SECOND, 0.0);
  push (fixture, 3, 3 * MIB);
  g_assert_cmpfloat (xeno_plot_get_top (fixture->plot), ==, 5 * MIB);

  xeno_series_push (fixture->series, fixture->now_us + SECOND, 7 * MIB);
  g_assert_cmpfloat (xeno_plot_get_top (fixture->plot), ==, 10 * MIB);

  /* What is out of the window no longer counts. */
  xeno_series_push (fixture->series, fixture->now_us + 400 * SECOND, 1 * MIB);
  g_assert_cmpfloat (xeno_plot_get_top (fixture->plot), ==, 1 * MIB);

  xeno_graph_set_scale (XENO_GRAPH (fixture->graph), XENO_UNIT_BYTES_PER_SECOND, 64 * MIB);
  g_assert_cmpfloat (xeno_plot_get_top (fixture->plot), ==, 64 * MIB);
}

static void
test_gap (Fixture       *fixture,
          gconstpointer  data)
{
  g_autofree guchar *pixels = NULL;
  int width;
  int height;

  /* Known for a hundred seconds, not for a hundred, known again. */
  for (guint i = 300; i >= 200; i--)
    xeno_series_push (fixture->series, fixture->now_us - i * SECOND, 50.0);
  xeno_series_push_gap (fixture->series, fixture->now_us - 199 * SECOND);
  for (guint i = 100; i > 0; i--)
    xeno_series_push (fixture->series, fixture->now_us - (i - 1) * SECOND, 50.0);

  pixels = picture (fixture, &width, &height);
  g_assert_true (has_line (pixels, width, height, width * 0.25));
  g_assert_false (has_line (pixels, width, height, width * 0.55));
  g_assert_true (has_line (pixels, width, height, width * 0.85));
}

static void
test_unmarked_gap (Fixture       *fixture,
                   gconstpointer  data)
{
  g_autofree guchar *pixels = NULL;
  int width;
  int height;

  xeno_series_push (fixture->series, fixture->now_us - 250 * SECOND, 50.0);
  xeno_series_push (fixture->series, fixture->now_us, 50.0);

  pixels = picture (fixture, &width, &height);
  g_assert_false (has_line (pixels, width, height, width * 0.5));
}

static void
test_mirrored (Fixture       *fixture,
               gconstpointer  data)
{
  g_autofree guchar *pixels = NULL;
  int width;
  int height;

  gtk_widget_set_direction (GTK_WIDGET (fixture->plot), GTK_TEXT_DIR_RTL);
  push (fixture, 60, 50.0);

  pixels = picture (fixture, &width, &height);
  g_assert_true (has_line (pixels, width, height, width * 0.05));
  g_assert_false (has_line (pixels, width, height, width * 0.7));
}

static void
test_pointer (Fixture       *fixture,
              gconstpointer  data)
{
  g_autofree char *before = NULL;
  g_autofree char *old = NULL;
  g_autofree char *new = NULL;

  for (guint i = 301; i > 0; i--)
    xeno_series_push (fixture->series, fixture->now_us - (i - 1) * SECOND, i > 150 ? 20.0 : 80.0);
  await_frame (fixture);

  before = xeno_plot_dup_readout_text (fixture->plot);
  g_assert_null (before);

  point_at (fixture, 0.3);
  old = second_line (fixture->plot);
  g_assert_cmpstr (old, ==, "20 %");
  point_at (fixture, 0.95);
  new = second_line (fixture->plot);
  g_assert_cmpstr (new, ==, "80 %");

  g_signal_emit_by_name (find_controller (GTK_WIDGET (fixture->plot), GTK_TYPE_EVENT_CONTROLLER_MOTION),
                         "leave");
  g_assert_null (xeno_plot_dup_readout_text (fixture->plot));
}

static void
test_pointer_over_gap (Fixture       *fixture,
                       gconstpointer  data)
{
  g_autofree char *text = NULL;

  push (fixture, 10, 50.0);
  await_frame (fixture);
  point_at (fixture, 0.4);
  text = second_line (fixture->plot);
  g_assert_cmpstr (text, ==, "no data");
}

static void
assert_readout (Fixture    *fixture,
                const char *expected)
{
  g_autofree char *text = second_line (fixture->plot);

  g_assert_cmpstr (text, ==, expected);
}

static void
test_keys (Fixture       *fixture,
           gconstpointer  data)
{
  for (guint i = 0; i < 200; i++)
    xeno_series_push (fixture->series, fixture->now_us + i * SECOND, i % 100);
  await_frame (fixture);

  g_assert_false (press (fixture, GDK_KEY_Escape));
  g_assert_true (press (fixture, GDK_KEY_Left));
  assert_readout (fixture, "99 %");
  g_assert_true (press (fixture, GDK_KEY_Left));
  assert_readout (fixture, "98 %");
  g_assert_true (press (fixture, GDK_KEY_Right));
  g_assert_true (press (fixture, GDK_KEY_Right));
  assert_readout (fixture, "99 %");
  g_assert_true (press (fixture, GDK_KEY_Page_Up));
  assert_readout (fixture, "69 %");
  g_assert_true (press (fixture, GDK_KEY_Home));
  assert_readout (fixture, "0 %");
  g_assert_true (press (fixture, GDK_KEY_End));
  assert_readout (fixture, "99 %");

  g_assert_true (press (fixture, GDK_KEY_Escape));
  g_assert_null (xeno_plot_dup_readout_text (fixture->plot));
}

static void
test_keys_mirrored (Fixture       *fixture,
                    gconstpointer  data)
{
  gtk_widget_set_direction (GTK_WIDGET (fixture->plot), GTK_TEXT_DIR_RTL);
  for (guint i = 0; i < 100; i++)
    xeno_series_push (fixture->series, fixture->now_us + i * SECOND, i);
  await_frame (fixture);

  press (fixture, GDK_KEY_Right);
  press (fixture, GDK_KEY_Right);
  assert_readout (fixture, "98 %");
  press (fixture, GDK_KEY_Left);
  assert_readout (fixture, "99 %");
}

static void
test_keys_without_data (Fixture       *fixture,
                        gconstpointer  data)
{
  g_assert_false (press (fixture, GDK_KEY_Left));
  g_assert_null (xeno_plot_dup_readout_text (fixture->plot));
}

static void
assert_told (Fixture               *fixture,
             GtkAccessibleProperty  property,
             const char            *expected)
{
  g_autofree char *wrong =
    gtk_test_accessible_check_property (GTK_ACCESSIBLE (fixture->plot), property, expected);

  g_assert_cmpstr (wrong, ==, NULL);
}

static void
test_accessible (Fixture       *fixture,
                 gconstpointer  data)
{
  GtkAccessible *plot = GTK_ACCESSIBLE (fixture->plot);
  g_autoptr(XenoSeries) written = xeno_series_new (10);

  g_assert_cmpint (gtk_accessible_get_accessible_role (plot), ==, GTK_ACCESSIBLE_ROLE_IMG);
  assert_told (fixture, GTK_ACCESSIBLE_PROPERTY_LABEL, "Processor");

  push (fixture, 1, 12.0);
  assert_told (fixture, GTK_ACCESSIBLE_PROPERTY_VALUE_TEXT, "12 %");
  assert_told (fixture, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, "12 %");

  xeno_series_push (written, fixture->now_us, 34.0);
  xeno_graph_set_line (XENO_GRAPH (fixture->graph), 0, "Read", fixture->series);
  xeno_graph_set_line (XENO_GRAPH (fixture->graph), 1, "Written", written);
  assert_told (fixture, GTK_ACCESSIBLE_PROPERTY_VALUE_TEXT,
               "Read 12 %, Written 34 %");
}

static void
test_painted_once (Fixture       *fixture,
                   gconstpointer  data)
{
  guint n_frames = 0;

  /* Each sample is worth one frame, with no other between. */
  for (guint i = 1; i <= 5; i++)
    {
      fixture->n_frames = 0;
      xeno_series_push (fixture->series, fixture->now_us + i * SECOND, 10.0 * i);
      xeno_test_until (was_painted, fixture);
      n_frames += fixture->n_frames;
    }
  g_assert_cmpuint (n_frames, ==, 5);
}

static void
test_unseen (Fixture       *fixture,
             gconstpointer  data)
{
  gtk_widget_set_visible (fixture->window, FALSE);
  push (fixture, 1, 12.0);
  g_assert_cmpfloat (xeno_plot_get_top (fixture->plot), ==, 100.0);
  assert_told (fixture, GTK_ACCESSIBLE_PROPERTY_VALUE_TEXT, "no data");

  gtk_window_present (GTK_WINDOW (fixture->window));
  assert_told (fixture, GTK_ACCESSIBLE_PROPERTY_VALUE_TEXT, "12 %");
}

#define ADD(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  adw_init ();

  g_test_add_func ("/xeno/scale/ends-at-a-number-people-like", test_scale_fits);
  g_test_add_func ("/xeno/scale/covers-what-it-shows-and-little-more", test_scale_covers);
  g_test_add_func ("/xeno/scale/writes-values-with-units", test_scale_text);
  ADD ("/xeno/graph/scale-follows-what-is-seen", test_scale_follows);
  ADD ("/xeno/graph/draws-nothing-over-a-gap", test_gap);
  ADD ("/xeno/graph/joins-no-samples-far-apart", test_unmarked_gap);
  ADD ("/xeno/graph/runs-from-right-to-left", test_mirrored);
  ADD ("/xeno/graph/says-what-is-under-the-pointer", test_pointer);
  ADD ("/xeno/graph/says-that-a-gap-has-no-data", test_pointer_over_gap);
  ADD ("/xeno/graph/moves-the-readout-by-keys", test_keys);
  ADD ("/xeno/graph/moves-the-readout-as-it-looks-from-right-to-left", test_keys_mirrored);
  ADD ("/xeno/graph/leaves-keys-alone-without-data", test_keys_without_data);
  ADD ("/xeno/graph/tells-assistive-technologies-the-last-value", test_accessible);
  ADD ("/xeno/graph/paints-once-a-sample", test_painted_once);
  ADD ("/xeno/graph/does-nothing-while-unseen", test_unseen);

  return g_test_run ();
}
