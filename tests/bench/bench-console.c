/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the console widget costs for each frame, by how much of the guest's screen changes. */
#include "config.h"

#include <stdlib.h>
#include <sys/resource.h>

#include "console/xeno-console.h"
#include "console/xeno-renderer.h"
#include "support/xeno-backend-fake.h"

#define MAX_FRAMES 4096

typedef struct
{
  const char *name;
  guint       parts; /* one frame changes this many … */
  double      side;  /* … squares of this share of the screen's sides, or of 64 pixels where 0 */
} Pattern;

static const Pattern patterns[] = {
  { "none", 0, 0 },
  { "small", 1, 0 },
  { "scatter", 40, 0 },
  { "quarter", 1, 0.5 },
  { "half", 1, 0.7071 },
  { "full", 1, 1 },
};

typedef struct
{
  XenoConsoleBackend *backend;
  const Pattern      *pattern;
  guint               width;
  guint               height;
  guint               n_damaged;
  gint64              before_us;
  double              paint_ms[MAX_FRAMES];
  guint               n_painted;
} Bench;

static int guest_width = 1920;
static int guest_height = 1080;
static int widget_width = 0;
static int widget_height = 0;
static double seconds = 5;
static char **names;

static const GOptionEntry entries[] = {
  { "guest-width", 0, 0, G_OPTION_ARG_INT, &guest_width, "Width of the guest's screen", "PIXELS" },
  { "guest-height", 0, 0, G_OPTION_ARG_INT, &guest_height, "Height of the guest's screen", "PIXELS" },
  { "width", 0, 0, G_OPTION_ARG_INT, &widget_width, "Width of the widget (default: the guest's)", "PIXELS" },
  { "height", 0, 0, G_OPTION_ARG_INT, &widget_height, "Height of the widget (default: the guest's)", "PIXELS" },
  { "seconds", 0, 0, G_OPTION_ARG_DOUBLE, &seconds, "How long each pattern runs", "SECONDS" },
  { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_STRING_ARRAY, &names, NULL, "[PATTERN…]" },
  { NULL }
};

static double
get_cpu_ms (void)
{
  struct rusage usage;

  getrusage (RUSAGE_SELF, &usage);
  return (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1e3 +
         (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e3;
}

static void
damage_part (Bench *bench,
             guint  part)
{
  const Pattern *pattern = bench->pattern;
  guint width = pattern->side > 0 ? bench->width * pattern->side : 64;
  guint height = pattern->side > 0 ? bench->height * pattern->side : 64;
  guint step = (bench->n_damaged + 1) * 127 + part * 311;

  xeno_console_backend_damage (bench->backend,
                               width < bench->width ? step % (bench->width - width) : 0,
                               height < bench->height ? step * 7 % (bench->height - height) : 0,
                               width, height);
}

static gboolean
damage_cb (gpointer user_data)
{
  Bench *bench = user_data;

  for (guint i = 0; i < bench->pattern->parts; i++)
    damage_part (bench, i);
  xeno_console_backend_end_update (bench->backend);
  bench->n_damaged++;
  return G_SOURCE_CONTINUE;
}

static gboolean
quit_cb (gpointer user_data)
{
  gboolean *is_over = user_data;

  *is_over = TRUE;
  return G_SOURCE_REMOVE;
}

static void
before_paint_cb (Bench *bench)
{
  bench->before_us = g_get_monotonic_time ();
}

static void
after_paint_cb (Bench *bench)
{
  if (bench->n_painted < MAX_FRAMES)
    bench->paint_ms[bench->n_painted++] = (g_get_monotonic_time () - bench->before_us) / 1e3;
}

static int
compare (const void *a,
         const void *b)
{
  double x = *(const double *) a;
  double y = *(const double *) b;

  return (x > y) - (x < y);
}

static double
get_percentile (Bench  *bench,
                double  share)
{
  if (bench->n_painted == 0)
    return 0;

  return bench->paint_ms[(guint) ((bench->n_painted - 1) * share)];
}

static void
spin (double duration_s)
{
  gboolean is_over = FALSE;

  g_timeout_add (duration_s * 1000, quit_cb, &is_over);
  while (!is_over)
    g_main_context_iteration (NULL, TRUE);
}

static void
run (Bench         *bench,
     const Pattern *pattern)
{
  guint source_id;
  guint first;
  double cpu_ms;

  bench->pattern = pattern;
  bench->n_damaged = 0;
  bench->n_painted = 0;
  first = xeno_backend_fake_get_frames_done (XENO_BACKEND_FAKE (bench->backend));
  source_id = g_timeout_add_full (G_PRIORITY_DEFAULT, 16, damage_cb, bench, NULL);
  cpu_ms = get_cpu_ms ();
  spin (seconds);
  cpu_ms = get_cpu_ms () - cpu_ms;
  g_source_remove (source_id);

  qsort (bench->paint_ms, bench->n_painted, sizeof (double), compare);
  g_print ("%-8s %7.1f %7.1f %10.3f %8.2f %8.2f\n", pattern->name, bench->n_damaged / seconds,
           (xeno_backend_fake_get_frames_done (XENO_BACKEND_FAKE (bench->backend)) - first) / seconds,
           cpu_ms / MAX (1, bench->n_painted), get_percentile (bench, 0.5), get_percentile (bench, 0.95));
}

static gboolean
is_wanted (const char *name)
{
  return names == NULL || g_strv_contains ((const char * const *) names, name);
}

static void
fill (Bench *bench)
{
  guint32 *pixels = (guint32 *) (gpointer) xeno_backend_fake_get_pixels (XENO_BACKEND_FAKE (bench->backend));

  for (gsize i = 0; i < (gsize) bench->width * bench->height; i++)
    pixels[i] = i * 2654435761u & 0xffffff;
}

int
main (int   argc,
      char *argv[])
{
  g_autoptr(GOptionContext) context = g_option_context_new ("— cost of the console per frame");
  g_autoptr(GError) error = NULL;
  Bench bench = { 0 };
  GtkWidget *window, *console;
  GdkFrameClock *clock;

  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error))
    {
      g_printerr ("%s\n", error->message);
      return 2;
    }

  xeno_renderer_prepare ();
  gtk_init ();
  xeno_renderer_choose ();
  bench.width = guest_width;
  bench.height = guest_height;
  bench.backend = xeno_backend_fake_new ();
  xeno_console_backend_start (bench.backend);
  xeno_backend_fake_resize (XENO_BACKEND_FAKE (bench.backend), guest_width, guest_height);
  fill (&bench);

  window = gtk_window_new ();
  console = xeno_console_new ();
  xeno_console_set_backend (XENO_CONSOLE (console), bench.backend);
  gtk_window_set_default_size (GTK_WINDOW (window), widget_width ? widget_width : guest_width,
                               widget_height ? widget_height : guest_height);
  gtk_window_set_decorated (GTK_WINDOW (window), FALSE);
  gtk_window_set_child (GTK_WINDOW (window), console);
  gtk_window_present (GTK_WINDOW (window));
  spin (1);

  clock = gtk_widget_get_frame_clock (console);
  g_signal_connect_swapped (clock, "before-paint", G_CALLBACK (before_paint_cb), &bench);
  g_signal_connect_swapped (clock, "after-paint", G_CALLBACK (after_paint_cb), &bench);
  g_print ("%s, guest %dx%d in %dx%d\n%-8s %7s %7s %10s %8s %8s\n",
           G_OBJECT_TYPE_NAME (gtk_native_get_renderer (GTK_NATIVE (window))), guest_width, guest_height,
           gtk_widget_get_width (console), gtk_widget_get_height (console), "pattern", "in/s", "shown/s",
           "CPU ms/fr", "p50 ms", "p95 ms");
  for (gsize i = 0; i < G_N_ELEMENTS (patterns); i++)
    if (is_wanted (patterns[i].name))
      run (&bench, &patterns[i]);

  gtk_window_destroy (GTK_WINDOW (window));
  g_object_unref (bench.backend);
  g_strfreev (names);
  return 0;
}
