/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The pages over libvirt's test driver: a machine as it is, as it changes, and seen or not. */
#include "config.h"

#include <X11/Xlib.h>
#include <adwaita.h>
#include <gdk/x11/gdkx.h>

#include "dialogs/xeno-job-row.h"
#include "find-widget.h"
#include "pages/xeno-hardware-page.h"
#include "pages/xeno-host-page.h"
#include "pages/xeno-machine-page.h"
#include "pages/xeno-picture.h"
#include "pages/xeno-sidebar-row.h"
#include "support/xeno-test.h"
#include "virt/xeno-verb.h"
#include "widgets/xeno-fact-row.h"
#include "widgets/xeno-graph.h"
#include "widgets/xeno-sparkline.h"
#include "widgets/xeno-state-pill.h"
#include "widgets/xeno-thumbnail.h"

typedef struct
{
  XenoConnection *connection;
  XenoSampler    *sampler;
  XenoMachine    *machine;
  GtkWidget      *window;
  guint           n_sampled;
} Fixture;

static void
sampled_cb (Fixture *fixture)
{
  fixture->n_sampled++;
}

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  GAsyncResult *slot = NULL;
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;

  fixture->connection = xeno_connection_new ("test:///default");
  xeno_connection_open_async (fixture->connection, NULL, xeno_test_result_cb, &slot);
  result = xeno_test_await (&slot);
  g_assert_true (xeno_connection_open_finish (fixture->connection, result, &error));
  g_assert_no_error (error);

  fixture->sampler = xeno_sampler_new (fixture->connection);
  g_signal_connect_swapped (fixture->sampler, "sampled", G_CALLBACK (sampled_cb), fixture);
  fixture->machine = g_list_model_get_item (xeno_connection_get_machines (fixture->connection), 0);
  g_assert_nonnull (fixture->machine);
  fixture->window = gtk_window_new ();
}

static void
run (Fixture    *fixture,
     const char *verb)
{
  GAsyncResult *slot = NULL;
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;

  xeno_machine_run_async (fixture->machine, xeno_verb_find (verb), NULL, xeno_test_result_cb, &slot);
  result = xeno_test_await (&slot);
  g_assert_true (xeno_machine_run_finish (fixture->machine, result, &error));
  g_assert_no_error (error);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  gtk_window_destroy (GTK_WINDOW (fixture->window));
  xeno_connection_close (fixture->connection);
  g_clear_object (&fixture->machine);
  g_clear_object (&fixture->sampler);
  g_clear_object (&fixture->connection);
}

static void
show (Fixture   *fixture,
      GtkWidget *child)
{
  gtk_window_set_child (GTK_WINDOW (fixture->window), child);
  gtk_window_present (GTK_WINDOW (fixture->window));
}

/* The value of the fact with a title; empty while it is hidden. */
static const char *
fact (GtkWidget  *widget,
      const char *title)
{
  if (XENO_IS_FACT_ROW (widget))
    {
      g_autofree char *its_title = NULL;

      g_object_get (widget, "title", &its_title, NULL);
      if (g_str_equal (its_title, title))
        return xeno_fact_row_get_value (XENO_FACT_ROW (widget));
    }
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      const char *value = fact (child, title);

      if (value != NULL)
        return value;
    }
  return NULL;
}

static gboolean
has_small_picture (gpointer data)
{
  return xeno_picture_get_small (data) != NULL;
}

static gboolean
has_sampled (gpointer data)
{
  return ((Fixture *) data)->n_sampled > 0;
}

static gboolean
is_paused (gpointer data)
{
  return xeno_machine_get_state (data) == XENO_MACHINE_PAUSED;
}

static gboolean
is_running (gpointer data)
{
  return xeno_machine_get_state (data) == XENO_MACHINE_RUNNING;
}

static gboolean
is_off (gpointer data)
{
  return xeno_machine_get_state (data) == XENO_MACHINE_OFF;
}

static gboolean
has_address (gpointer data)
{
  return *fact (data, "Address") != '\0';
}

static gboolean
has_checks (gpointer data)
{
  return find_widget (data, ADW_TYPE_ACTION_ROW) != NULL;
}

static void
test_row (Fixture       *fixture,
          gconstpointer  data)
{
  GtkWidget *row = xeno_sidebar_row_new ();
  XenoStatePill *pill = XENO_STATE_PILL (find_widget (row, XENO_TYPE_STATE_PILL));
  GtkWidget *sparkline = find_widget (row, XENO_TYPE_SPARKLINE);
  XenoThumbnail *thumbnail = XENO_THUMBNAIL (find_widget (row, XENO_TYPE_THUMBNAIL));

  xeno_sidebar_row_set_machine (XENO_SIDEBAR_ROW (row), fixture->machine, fixture->sampler);
  show (fixture, row);
  g_assert_cmpint (xeno_state_pill_get_state (pill), ==, XENO_MACHINE_RUNNING);
  g_assert_cmpstr (gtk_label_get_label (GTK_LABEL (find_widget (row, GTK_TYPE_LABEL))), ==, "test");
  g_assert_true (gtk_widget_get_visible (sparkline));

  xeno_test_until (has_small_picture, xeno_picture_get_for_machine (fixture->machine));
  g_assert_nonnull (xeno_thumbnail_get_texture (thumbnail));
  g_assert_false (xeno_thumbnail_is_dimmed (thumbnail));

  run (fixture, "pause");
  xeno_test_until (is_paused, fixture->machine);
  g_assert_cmpint (xeno_state_pill_get_state (pill), ==, XENO_MACHINE_PAUSED);
  g_assert_false (gtk_widget_get_visible (sparkline));
  g_assert_nonnull (xeno_thumbnail_get_texture (thumbnail));
  g_assert_true (xeno_thumbnail_is_dimmed (thumbnail));

  run (fixture, "resume");
  xeno_test_until (is_running, fixture->machine);
  g_assert_true (gtk_widget_get_visible (sparkline));
}

static void
test_row_is_reused (Fixture       *fixture,
                    gconstpointer  data)
{
  GtkWidget *row = xeno_sidebar_row_new ();

  show (fixture, row);
  xeno_sidebar_row_set_machine (XENO_SIDEBAR_ROW (row), fixture->machine, fixture->sampler);
  xeno_test_until (has_small_picture, xeno_picture_get_for_machine (fixture->machine));

  xeno_sidebar_row_set_machine (XENO_SIDEBAR_ROW (row), NULL, NULL);
  g_assert_null (xeno_sidebar_row_get_machine (XENO_SIDEBAR_ROW (row)));
  g_assert_null (xeno_thumbnail_get_texture (XENO_THUMBNAIL (find_widget (row, XENO_TYPE_THUMBNAIL))));
  g_assert_null (xeno_sparkline_get_series (XENO_SPARKLINE (find_widget (row, XENO_TYPE_SPARKLINE))));
}

static void
test_machine_page (Fixture       *fixture,
                   gconstpointer  data)
{
  GtkWidget *page = xeno_machine_page_new ();
  GtkWidget *graph = find_widget (page, XENO_TYPE_GRAPH);
  gsize n_metrics;
  const XenoMetric *metrics = xeno_metric_list (&n_metrics);

  xeno_machine_page_set_machine (XENO_MACHINE_PAGE (page), fixture->machine, fixture->sampler);
  show (fixture, page);

  for (gsize i = 0; i < n_metrics; i++, graph = gtk_widget_get_next_sibling (graph))
    g_assert_cmpstr (xeno_graph_get_title (XENO_GRAPH (graph)), ==, metrics[i].title);
  g_assert_null (graph);

  g_assert_cmpstr (fact (page, "Processors"), ==, "2");
  g_assert_nonnull (strstr (fact (page, "Memory"), "GiB"));
  xeno_test_until (has_sampled, fixture);
  xeno_test_until (has_address, page);
  g_assert_true (g_str_has_prefix (fact (page, "Address"), "192.168.122."));
  xeno_test_until (has_small_picture, xeno_picture_get_for_machine (fixture->machine));
  g_assert_nonnull (xeno_thumbnail_get_texture (XENO_THUMBNAIL (find_widget (page, XENO_TYPE_THUMBNAIL))));
}

static void
test_machine_page_off (Fixture       *fixture,
                       gconstpointer  data)
{
  GtkWidget *page = xeno_machine_page_new ();
  GtkWidget *graphs = gtk_widget_get_parent (find_widget (page, XENO_TYPE_GRAPH));
  GtkWidget *preview = gtk_widget_get_parent (find_widget (page, XENO_TYPE_THUMBNAIL));

  xeno_machine_page_set_machine (XENO_MACHINE_PAGE (page), fixture->machine, fixture->sampler);
  show (fixture, page);
  g_assert_true (gtk_widget_get_visible (graphs));
  xeno_test_until (has_address, page);
  xeno_test_until (has_small_picture, xeno_picture_get_for_machine (fixture->machine));

  run (fixture, "force-off");
  xeno_test_until (is_off, fixture->machine);
  g_assert_false (gtk_widget_get_visible (graphs));
  g_assert_false (gtk_widget_get_sensitive (preview));
  g_assert_cmpstr (fact (page, "Address"), ==, "");
  g_assert_null (xeno_thumbnail_get_texture (XENO_THUMBNAIL (find_widget (page, XENO_TYPE_THUMBNAIL))));

  run (fixture, "start");
  xeno_test_until (is_running, fixture->machine);
  g_assert_true (gtk_widget_get_visible (graphs));
}

static gboolean
has_devices (gpointer page)
{
  return find_widget (page, ADW_TYPE_EXPANDER_ROW) != NULL;
}

/* Every device of the document has its row, and tells what is set of it once somebody asks. */
static void
test_hardware_page (Fixture       *fixture,
                    gconstpointer  data)
{
  g_autoptr(XenoSpec) spec = xeno_machine_dup_spec (fixture->machine);
  g_autoptr(GPtrArray) devices = xeno_spec_list_devices (spec, NULL);
  GtkWidget *page = xeno_hardware_page_new ();
  GtkWidget *row;
  guint n_rows;

  xeno_hardware_page_set_machine (XENO_HARDWARE_PAGE (page), fixture->machine);
  show (fixture, page);
  xeno_test_until (has_devices, page);
  g_assert_cmpuint (devices->len, >, 0);
  g_assert_cmpuint (count_widgets (page, ADW_TYPE_EXPANDER_ROW), ==, devices->len);
  g_assert_cmpstr (fact (page, "Processors"), ==, "2");
  g_assert_cmpstr (fact (page, "Memory"), ==, "8.0\u00a0GiB");
  g_assert_cmpstr (fact (page, "Firmware"), ==, "BIOS");

  row = find_widget (page, ADW_TYPE_EXPANDER_ROW);
  n_rows = count_widgets (row, ADW_TYPE_ACTION_ROW);
  adw_expander_row_set_expanded (ADW_EXPANDER_ROW (row), TRUE);
  g_assert_cmpuint (count_widgets (row, ADW_TYPE_ACTION_ROW), >, n_rows);

  xeno_hardware_page_set_machine (XENO_HARDWARE_PAGE (page), NULL);
  g_assert_false (has_devices (page));
}

static void
test_job_row (void)
{
  static const struct
  {
    gint64      elapsed_s;
    double      fraction;
    const char *text;
  } cases[] = {
    { 1, 0.5, NULL },
    { 60, -1.0, NULL },
    { 60, 0.0, NULL },
    { 60, 1.0, NULL },
    { 60, 0.5, "about 1 minute left" },
    { 60, 0.25, "about 3 minutes left" },
    { 10, 0.9, "about 2 seconds left" },
    { 3600, 0.1, "about 9 hours left" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = xeno_job_row_dup_remaining (cases[i].elapsed_s * G_USEC_PER_SEC,
                                                          cases[i].fraction);

      g_assert_cmpstr (text, ==, cases[i].text);
    }
}

static void
test_machine_page_let_go (Fixture       *fixture,
                          gconstpointer  data)
{
  GtkWidget *page = g_object_ref_sink (xeno_machine_page_new ());

  xeno_machine_page_set_machine (XENO_MACHINE_PAGE (page), fixture->machine, fixture->sampler);
  show (fixture, page);
  xeno_test_until (has_sampled, fixture);
  gtk_window_set_child (GTK_WINDOW (fixture->window), NULL);
  xeno_machine_page_set_machine (XENO_MACHINE_PAGE (page), NULL, NULL);
  g_assert_null (xeno_machine_page_get_machine (XENO_MACHINE_PAGE (page)));
  g_object_unref (page);
}

/* All that the X server said of the window before it was there has been heard: that it went, too. */
static gboolean
is_on_screen (gpointer surface)
{
  Display *display = gdk_x11_display_get_xdisplay (gdk_surface_get_display (surface));
  XWindowAttributes attributes;

  XGetWindowAttributes (display, gdk_x11_surface_get_xid (surface), &attributes);
  return attributes.map_state == IsViewable && XEventsQueued (display, QueuedAlready) == 0;
}

/* As a window manager does that puts the window away. */
static void
minimise (Fixture *fixture)
{
  GdkSurface *surface = gtk_native_get_surface (GTK_NATIVE (fixture->window));

  xeno_test_until (is_on_screen, surface);
  XUnmapWindow (gdk_x11_display_get_xdisplay (gdk_surface_get_display (surface)),
                gdk_x11_surface_get_xid (surface));
}

static gboolean
is_watched (gpointer sampler)
{
  return xeno_sampler_is_watched (sampler);
}

static gboolean
is_not_watched (gpointer sampler)
{
  return !xeno_sampler_is_watched (sampler);
}

static gboolean
is_over (gpointer end_us)
{
  return g_get_monotonic_time () >= *(gint64 *) end_us;
}

/* Nothing comes in a time in which something would at any pace. */
static void
assert_rests (Fixture *fixture)
{
  gint64 end_us = g_get_monotonic_time () + 7 * G_USEC_PER_SEC / 2;
  guint n_sampled = fixture->n_sampled;

  xeno_test_until (is_over, &end_us);
  g_assert_cmpuint (fixture->n_sampled, ==, n_sampled);
}

typedef struct
{
  const char *name;
  GtkWidget *(*make) (Fixture *fixture);
} View;

static GtkWidget *
make_row (Fixture *fixture)
{
  GtkWidget *row = xeno_sidebar_row_new ();

  xeno_sidebar_row_set_machine (XENO_SIDEBAR_ROW (row), fixture->machine, fixture->sampler);
  return row;
}

static GtkWidget *
make_machine_page (Fixture *fixture)
{
  GtkWidget *page = xeno_machine_page_new ();

  xeno_machine_page_set_machine (XENO_MACHINE_PAGE (page), fixture->machine, fixture->sampler);
  return page;
}

static GtkWidget *
make_host_page (Fixture *fixture)
{
  GtkWidget *page = xeno_host_page_new ();

  xeno_host_page_set_connection (XENO_HOST_PAGE (page), fixture->connection, fixture->sampler);
  return page;
}

/* Whatever is made only to be seen is not made while nobody can: minimised, or not there. */
static void
test_rests_unseen (Fixture       *fixture,
                   gconstpointer  data)
{
  static const View views[] = {
    { "row", make_row },
    { "machine's page", make_machine_page },
    { "computer's page", make_host_page },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (views); i++)
    {
      g_test_message ("%s", views[i].name);
      show (fixture, views[i].make (fixture));
      xeno_test_until (is_watched, fixture->sampler);

      minimise (fixture);
      xeno_test_until (is_not_watched, fixture->sampler);
      assert_rests (fixture);

      gtk_widget_set_visible (fixture->window, FALSE);
      gtk_window_present (GTK_WINDOW (fixture->window));
      xeno_test_until (is_watched, fixture->sampler);

      gtk_window_set_child (GTK_WINDOW (fixture->window), NULL);
      g_assert_false (xeno_sampler_is_watched (fixture->sampler));
      gtk_widget_set_visible (fixture->window, FALSE);
    }
}

static gboolean
has_no_picture (gpointer data)
{
  return !has_small_picture (data);
}

/* Pictures are taken for eyes, too. */
static void
test_picture_rests_unseen (Fixture       *fixture,
                           gconstpointer  data)
{
  XenoPicture *picture = xeno_picture_get_for_machine (fixture->machine);

  show (fixture, make_row (fixture));
  xeno_test_until (has_small_picture, picture);
  g_assert_true (xeno_picture_is_watched (picture));
  minimise (fixture);
  xeno_test_until (is_not_watched, fixture->sampler);
  g_assert_false (xeno_picture_is_watched (picture));

  /* What is off has no picture, seen or not. */
  run (fixture, "force-off");
  xeno_test_until (has_no_picture, picture);
  run (fixture, "start");
}

static void
test_host_page (Fixture       *fixture,
                gconstpointer  data)
{
  GtkWidget *page = xeno_host_page_new ();
  g_autoptr(XenoCheck) check = NULL;
  AdwActionRow *row;

  xeno_host_page_set_connection (XENO_HOST_PAGE (page), fixture->connection, fixture->sampler);
  show (fixture, page);
  xeno_test_until (has_checks, page);

  check = g_list_model_get_item (xeno_host_get_checks (xeno_connection_get_host (fixture->connection)), 0);
  row = ADW_ACTION_ROW (find_widget (page, ADW_TYPE_ACTION_ROW));
  g_assert_cmpstr (adw_preferences_row_get_title (ADW_PREFERENCES_ROW (row)), ==,
                   xeno_check_get_title (check));
  g_assert_true (g_str_has_prefix (adw_action_row_get_subtitle (row), xeno_check_get_result (check)));
  g_assert_cmpstr (fact (page, "Connection"), ==, "test:///default");
  g_assert_cmpstr (fact (page, "Machines"), ==, "1 of 1 running");
}

#define ADD(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  adw_init ();

  ADD ("/xeno/sidebar-row/follows-its-machine", test_row);
  ADD ("/xeno/sidebar-row/lets-a-machine-go", test_row_is_reused);
  ADD ("/xeno/machine-page/shows-facts-graphs-and-screen", test_machine_page);
  ADD ("/xeno/machine-page/folds-when-the-machine-is-off", test_machine_page_off);
  ADD ("/xeno/machine-page/lets-a-machine-go", test_machine_page_let_go);
  ADD ("/xeno/hardware-page/lists-every-device-of-the-document", test_hardware_page);
  g_test_add_func ("/xeno/job-row/says-how-long-the-rest-may-take", test_job_row);
  ADD ("/xeno/sampler/stops-when-no-page-shows-it", test_rests_unseen);
  ADD ("/xeno/picture/is-taken-for-eyes-only", test_picture_rests_unseen);
  ADD ("/xeno/host-page/lists-checks-and-running-machines", test_host_page);

  return g_test_run ();
}
