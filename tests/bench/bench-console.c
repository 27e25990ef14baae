/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the console widget costs for each frame, by how much of the guest's screen changes, beside what
 * it may cost; how soon a change is seen; how long a key waits under overload; and memory. */
#include "config.h"

#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>

#include "bench/bench-guest.h"
#include "console/xeno-console-private.h"
#include "console/xeno-renderer.h"
#include "support/xeno-backend-fake.h"

#define MAX_FRAMES 4096
#define SLOW_FRAME_US 40000

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

/* What is promised, each for the renderer that is in use. */
typedef struct
{
  const char *goal;
  const char *what;
  int         guest_width;
  int         guest_height;
  int         width;
  int         height;
  const char *pattern;
  double      limit_ms;
} Promise;

static const Promise promises[] = {
  { "P1", "1080p, small", 1920, 1080, 1920, 1080, "small", 0.5 },
  { "P2", "1080p, full", 1920, 1080, 1920, 1080, "full", 8 },
  { "P3", "4K, small", 3840, 2160, 3840, 2160, "small", 0.7 },
  { "P3", "4K, quarter", 3840, 2160, 3840, 2160, "quarter", 6 },
  { "P3", "4K, full", 3840, 2160, 3840, 2160, "full", 36 },
  { "P4", "4K in 1080p, small", 3840, 2160, 1920, 1080, "small", 0.8 },
  { "P4", "4K in 1080p, full", 3840, 2160, 1920, 1080, "full", 14 },
  { "-", "1080p in 4K, small", 1920, 1080, 3840, 2160, "small", 0 },
  { "-", "1080p at 1.5, small", 1920, 1080, 2880, 1620, "small", 0 },
  { "-", "1080p at 1.5, full", 1920, 1080, 2880, 1620, "full", 0 },
};

typedef struct
{
  XenoConsoleBackend *backend;
  GtkWidget          *window;
  GtkWidget          *console;
  const Pattern      *pattern;
  guint               width;
  guint               height;
  guint               n_damaged;
  gint64              damaged_us; /* the first change that is not seen yet, or 0 */
  double              seen_ms[MAX_FRAMES];
  guint               n_seen;
  gint64              looked_us;
  gint64              longest_us;
} Bench;

static int guest_width;
static int guest_height;
static int widget_width;
static int widget_height;
static double seconds = 4;
static gboolean is_private;
static char *full_disc;
static char *key_disc;
static char **names;

static const GOptionEntry entries[] = {
  { "guest-width", 0, 0, G_OPTION_ARG_INT, &guest_width, "Width of the guest's screen", "PIXELS" },
  { "guest-height", 0, 0, G_OPTION_ARG_INT, &guest_height, "Height of the guest's screen", "PIXELS" },
  { "width", 0, 0, G_OPTION_ARG_INT, &widget_width, "Width of the widget (default: the guest's)", "PIXELS" },
  { "height", 0, 0, G_OPTION_ARG_INT, &widget_height, "Height of the widget (default: the guest's)", "PIXELS" },
  { "seconds", 0, 0, G_OPTION_ARG_DOUBLE, &seconds, "How long each pattern runs", "SECONDS" },
  { "private", 0, 0, G_OPTION_ARG_NONE, &is_private, "Memory the X server cannot map: all goes through GTK", NULL },
  { "full-disc", 0, 0, G_OPTION_ARG_FILENAME, &full_disc, "A guest that paints all of its screen", "IMAGE" },
  { "key-disc", 0, 0, G_OPTION_ARG_FILENAME, &key_disc, "A guest that paints when the space bar goes down", "IMAGE" },
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

/* Proportional, in MiB. */
static double
get_memory (void)
{
  g_autofree char *text = NULL;
  const char *pss;

  if (!g_file_get_contents ("/proc/self/smaps_rollup", &text, NULL, NULL))
    return 0;

  pss = strstr (text, "\nPss:");
  return pss != NULL ? g_ascii_strtod (pss + strlen ("\nPss:"), NULL) / 1024 : 0;
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

  if (bench->damaged_us == 0 && bench->pattern->parts > 0)
    bench->damaged_us = g_get_monotonic_time ();
  for (guint i = 0; i < bench->pattern->parts; i++)
    damage_part (bench, i);
  bench->n_damaged++;
  xeno_console_backend_end_update (bench->backend);
  return G_SOURCE_CONTINUE;
}

static void
frame_done_cb (Bench *bench)
{
  if (bench->damaged_us != 0 && bench->n_seen < MAX_FRAMES)
    bench->seen_ms[bench->n_seen++] = (g_get_monotonic_time () - bench->damaged_us) / 1e3;
  bench->damaged_us = 0;
}

static gboolean
quit_cb (gpointer user_data)
{
  gboolean *is_over = user_data;

  *is_over = TRUE;
  return G_SOURCE_REMOVE;
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
  return bench->n_seen > 0 ? bench->seen_ms[(guint) ((bench->n_seen - 1) * share)] : 0;
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
fill (Bench *bench)
{
  XenoBackendFake *fake = XENO_BACKEND_FAKE (bench->backend);
  gsize stride = xeno_surface_get_stride (xeno_console_backend_get_surface (bench->backend));

  for (guint y = 0; y < bench->height; y++)
    {
      guint32 *row = (guint32 *) (gpointer) (xeno_backend_fake_get_pixels (fake) + y * stride);

      for (guint x = 0; x < bench->width; x++)
        row[x] = (y * bench->width + x) * 2654435761u & 0xffffff;
    }
}

static void
open_console (Bench *bench,
              int    width,
              int    height)
{
  bench->backend = xeno_backend_fake_new ();
  xeno_backend_fake_set_shared (XENO_BACKEND_FAKE (bench->backend), !is_private);
  xeno_backend_fake_resize (XENO_BACKEND_FAKE (bench->backend), bench->width, bench->height);
  xeno_console_backend_start (bench->backend);
  fill (bench);
  g_signal_connect_swapped (bench->backend, "frame-done", G_CALLBACK (frame_done_cb), bench);

  bench->window = gtk_window_new ();
  bench->console = xeno_console_new ();
  xeno_console_set_backend (XENO_CONSOLE (bench->console), bench->backend);
  gtk_window_set_default_size (GTK_WINDOW (bench->window), width, height);
  gtk_window_set_decorated (GTK_WINDOW (bench->window), FALSE);
  gtk_window_set_child (GTK_WINDOW (bench->window), bench->console);
  gtk_window_present (GTK_WINDOW (bench->window));
  spin (0.7);
}

static void
close_console (Bench *bench)
{
  gtk_window_destroy (GTK_WINDOW (bench->window));
  g_signal_handlers_disconnect_by_data (bench->backend, bench);
  g_object_unref (bench->backend);
}

static const char *
get_way (Bench *bench)
{
  XenoConsole *console = XENO_CONSOLE (bench->console);

  if (console->direct != NULL && xeno_direct_get_shown (console->direct) > 0)
    return "past GTK";
  return G_OBJECT_TYPE_NAME (console->painter);
}

/* Returns: CPU milliseconds a frame. */
static double
run (Bench         *bench,
     const Pattern *pattern)
{
  XenoBackendFake *fake = XENO_BACKEND_FAKE (bench->backend);
  guint source_id, n_frames;
  double cpu_ms;

  bench->pattern = pattern;
  bench->n_damaged = 0;
  bench->n_seen = 0;
  bench->damaged_us = 0;
  n_frames = xeno_backend_fake_get_frames_done (fake);
  source_id = g_timeout_add_full (G_PRIORITY_DEFAULT, 16, damage_cb, bench, NULL);
  cpu_ms = get_cpu_ms ();
  spin (seconds);
  cpu_ms = get_cpu_ms () - cpu_ms;
  g_source_remove (source_id);

  n_frames = xeno_backend_fake_get_frames_done (fake) - n_frames;
  qsort (bench->seen_ms, bench->n_seen, sizeof (double), compare);
  g_print ("%7.1f %7.1f %9.3f %7.1f %7.1f", bench->n_damaged / seconds, n_frames / seconds,
           cpu_ms / MAX (1, n_frames), get_percentile (bench, 0.5), get_percentile (bench, 0.95));
  return cpu_ms / MAX (1, n_frames);
}

static const Pattern *
find_pattern (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (patterns); i++)
    if (g_str_equal (patterns[i].name, name))
      return &patterns[i];
  return NULL;
}

static void
print_head (const char *first)
{
  g_print ("%-28s %7s %7s %9s %7s %7s\n", first, "in/s", "shown/s", "CPU ms/fr", "p50 ms", "p95 ms");
}

static void
keep_promise (const Promise *promise)
{
  Bench bench = { .width = promise->guest_width, .height = promise->guest_height };
  double cpu_ms;

  open_console (&bench, promise->width, promise->height);
  g_print ("%-3s %-24s ", promise->goal, promise->what);
  cpu_ms = run (&bench, find_pattern (promise->pattern));
  if (promise->limit_ms > 0)
    g_print ("  %s %.1f", cpu_ms <= promise->limit_ms ? "within" : "ABOVE", promise->limit_ms);
  g_print ("  (%s)\n", get_way (&bench));
  close_console (&bench);
}

static void
burn_cb (void)
{
  gint64 end_us = g_get_monotonic_time () + SLOW_FRAME_US;

  while (g_get_monotonic_time () < end_us)
    continue;
}

static gboolean
look_cb (gpointer user_data)
{
  Bench *bench = user_data;
  gint64 now_us = g_get_monotonic_time ();

  bench->longest_us = MAX (bench->longest_us, now_us - bench->looked_us);
  bench->looked_us = now_us;
  return G_SOURCE_CONTINUE;
}

/* How long the main loop comes to no key, while each frame costs as much as four should. */
static void
overload (void)
{
  Bench bench = { .width = 1280, .height = 720, .pattern = find_pattern ("full") };
  GdkFrameClock *clock;
  gulong burn_id;
  guint look_id, damage_id;

  is_private = TRUE;
  open_console (&bench, 1280, 720);
  clock = gtk_widget_get_frame_clock (bench.console);
  burn_id = g_signal_connect_after (clock, "paint", G_CALLBACK (burn_cb), NULL);
  bench.looked_us = g_get_monotonic_time ();
  look_id = g_timeout_add_full (GDK_PRIORITY_EVENTS, 1, look_cb, &bench, NULL);
  damage_id = g_timeout_add (4, damage_cb, &bench);
  spin (seconds);
  g_print ("P12 frames of %d ms: %.1f shown/s, a key waits %.1f ms at most (%s 60)\n", SLOW_FRAME_US / 1000,
           bench.n_seen / seconds, bench.longest_us / 1e3, bench.longest_us <= 60000 ? "within" : "ABOVE");
  g_source_remove (look_id);
  g_source_remove (damage_id);
  g_signal_handler_disconnect (clock, burn_id);
  close_console (&bench);
}

static void
resize_often (Bench *bench,
              guint  times)
{
  for (guint i = 0; i < times; i++)
    {
      xeno_backend_fake_resize (XENO_BACKEND_FAKE (bench->backend), 1280 + i % 640, 720 + i % 360);
      if (i % 50 == 0)
        spin (0.02);
    }
  xeno_backend_fake_resize (XENO_BACKEND_FAKE (bench->backend), bench->width, bench->height);
  spin (0.5);
}

static void
weigh (void)
{
  Bench bench = { .width = 1920, .height = 1080 };
  double frame = 1920 * 1080 * 4 / 1048576.0;
  GtkWidget *window = gtk_window_new ();
  double bare, open, first;

  gtk_window_set_default_size (GTK_WINDOW (window), 1920, 1080);
  gtk_window_present (GTK_WINDOW (window));
  spin (0.7);
  bare = get_memory ();
  gtk_window_destroy (GTK_WINDOW (window));
  open_console (&bench, 1920, 1080);
  open = get_memory ();
  g_print ("P10 1080p: %.1f MiB over a window without a console (%s %.1f: a frame has %.1f)\n", open - bare,
           open - bare <= 1.3 * frame + 25 ? "within" : "ABOVE", 1.3 * frame + 25, frame);
  resize_often (&bench, 1000);
  first = get_memory ();
  resize_often (&bench, 9000);
  g_print ("P10 %.1f MiB more after 1,000 sizes, and %.1f MiB more after 10,000\n", first - open,
           get_memory () - first);
  close_console (&bench);
}

static gboolean
is_wanted (const char *name)
{
  return names == NULL || g_strv_contains ((const char * const *) names, name);
}

static void
run_patterns (void)
{
  Bench bench = { .width = guest_width > 0 ? guest_width : 1920, .height = guest_height > 0 ? guest_height : 1080 };
  g_autofree char *sizes = NULL;

  open_console (&bench, widget_width > 0 ? widget_width : (int) bench.width,
                widget_height > 0 ? widget_height : (int) bench.height);
  sizes = g_strdup_printf ("%ux%u in %dx%d", bench.width, bench.height, gtk_widget_get_width (bench.console),
                           gtk_widget_get_height (bench.console));
  print_head (sizes);
  for (gsize i = 0; i < G_N_ELEMENTS (patterns); i++)
    if (is_wanted (patterns[i].name))
      {
        g_print ("%-28s ", patterns[i].name);
        run (&bench, &patterns[i]);
        g_print ("  (%s)\n", get_way (&bench));
      }
  close_console (&bench);
}

static void
run_promises (void)
{
  weigh ();
  print_head ("through X or GTK");
  for (gsize i = 0; i < G_N_ELEMENTS (promises); i++)
    keep_promise (&promises[i]);

  is_private = TRUE;
  print_head ("through GTK alone");
  for (gsize i = 0; i < G_N_ELEMENTS (promises); i++)
    keep_promise (&promises[i]);
  overload ();
}

int
main (int   argc,
      char *argv[])
{
  g_autoptr(GOptionContext) context = g_option_context_new ("— cost of the console per frame");
  g_autoptr(GError) error = NULL;

  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error))
    {
      g_printerr ("%s\n", error->message);
      return 2;
    }

  xeno_renderer_prepare ();
  gtk_init ();
  xeno_renderer_choose ();
  if (names != NULL || guest_width > 0 || guest_height > 0 || widget_width > 0 || widget_height > 0)
    run_patterns ();
  else if (full_disc != NULL && key_disc != NULL)
    bench_guest_run (full_disc, key_disc, seconds);
  else
    run_promises ();

  g_strfreev (names);
  g_free (full_disc);
  g_free (key_disc);
  return 0;
}
