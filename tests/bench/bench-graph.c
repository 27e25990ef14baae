/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the graphs of a machine cost while they get a sample a second, and while they get none.
 *
 *     session.py --display 1200x900 -- bench-graph [SECONDS]
 *
 * Five minutes of history are there from the start, so that each frame draws all it ever will. */
#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <sys/resource.h>

#include <adwaita.h>

#include "widgets/xeno-columns.h"
#include "widgets/xeno-graph.h"

#define MAX_GRAPHS 16
#define HISTORY 300
#define SETTLE_MS 2000

typedef struct
{
  GMainLoop        *loop;
  const XenoMetric *metrics;
  gsize             n_metrics;
  XenoSeries       *series[MAX_GRAPHS][XENO_METRIC_MAX_LINES];
  guint             n_frames;
  guint             sample;
} Bench;

static double
value_of (guint sample,
          guint graph,
          guint line)
{
  double noise = (sample * 7919 + graph * 104729 + line * 1299709) % 11;

  return 40.0 + 30.0 * sin ((sample + 40 * graph + 90 * line) / 20.0) + noise;
}

static void
push (Bench  *bench,
      gint64  time_us)
{
  for (guint i = 0; i < bench->n_metrics; i++)
    for (guint line = 0; line < bench->metrics[i].n_lines; line++)
      xeno_series_push (bench->series[i][line], time_us, value_of (bench->sample, i, line));
  bench->sample++;
}

static gboolean
sample_cb (gpointer user_data)
{
  push (user_data, g_get_monotonic_time ());
  return G_SOURCE_CONTINUE;
}

static gboolean
quit_cb (gpointer user_data)
{
  g_main_loop_quit (((Bench *) user_data)->loop);
  return G_SOURCE_REMOVE;
}

static void
after_paint_cb (Bench *bench)
{
  bench->n_frames++;
}

static double
cpu_seconds (void)
{
  struct rusage usage;

  getrusage (RUSAGE_SELF, &usage);
  return usage.ru_utime.tv_sec + usage.ru_stime.tv_sec
         + (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

static void
run_for (Bench *bench,
         guint  ms)
{
  g_timeout_add (ms, quit_cb, bench);
  g_main_loop_run (bench->loop);
}

static void
measure (Bench      *bench,
         const char *what,
         guint       seconds)
{
  gint64 start_us = g_get_monotonic_time ();
  double start_cpu = cpu_seconds ();
  double wall;

  bench->n_frames = 0;
  run_for (bench, seconds * 1000);
  wall = (g_get_monotonic_time () - start_us) / 1e6;
  g_print ("%-24s %6.3f %% CPU  %5.2f frames/s\n", what,
           (cpu_seconds () - start_cpu) / wall * 100.0, bench->n_frames / wall);
}

/* The graphs of a machine's page, as large as they are there. */
static GtkWidget *
make_graphs (Bench *bench)
{
  GtkLayoutManager *columns = g_object_new (XENO_TYPE_COLUMNS, "spacing", 12, NULL);
  GtkWidget *box = g_object_new (GTK_TYPE_BOX, "layout-manager", columns,
                                 "valign", GTK_ALIGN_START, NULL);

  for (guint i = 0; i < bench->n_metrics; i++)
    {
      const XenoMetric *metric = &bench->metrics[i];
      GtkWidget *graph = xeno_graph_new ();

      xeno_graph_set_title (XENO_GRAPH (graph), metric->title);
      xeno_graph_set_scale (XENO_GRAPH (graph), metric->unit, 100.0);
      for (guint line = 0; line < metric->n_lines; line++)
        {
          bench->series[i][line] = xeno_series_new (2 * HISTORY);
          xeno_graph_set_line (XENO_GRAPH (graph), line, metric->line_titles[line],
                               bench->series[i][line]);
        }
      gtk_box_append (GTK_BOX (box), graph);
    }
  return box;
}

int
main (int    argc,
      char **argv)
{
  guint seconds = argc > 1 ? atoi (argv[1]) : 30;
  Bench bench = { NULL };
  GtkWidget *window;
  guint timer_id;

  adw_init ();
  bench.metrics = xeno_metric_list (&bench.n_metrics);
  g_assert (bench.n_metrics <= MAX_GRAPHS);
  bench.loop = g_main_loop_new (NULL, FALSE);
  window = gtk_window_new ();
  gtk_window_set_default_size (GTK_WINDOW (window), 860, 700);
  gtk_window_set_child (GTK_WINDOW (window), make_graphs (&bench));
  for (guint i = HISTORY; i > 0; i--)
    push (&bench, g_get_monotonic_time () - i * G_USEC_PER_SEC);
  gtk_window_present (GTK_WINDOW (window));
  g_signal_connect_swapped (gtk_widget_get_frame_clock (window), "after-paint",
                            G_CALLBACK (after_paint_cb), &bench);
  run_for (&bench, SETTLE_MS);

  measure (&bench, "graphs, no samples", seconds);
  timer_id = g_timeout_add_seconds (1, sample_cb, &bench);
  measure (&bench, "graphs, 1 Hz", seconds);
  gtk_widget_set_visible (window, FALSE);
  measure (&bench, "hidden, 1 Hz", seconds);

  g_source_remove (timer_id);
  gtk_window_destroy (GTK_WINDOW (window));
  for (guint i = 0; i < bench.n_metrics; i++)
    for (guint line = 0; line < bench.metrics[i].n_lines; line++)
      g_object_unref (bench.series[i][line]);
  g_main_loop_unref (bench.loop);
  return 0;
}
