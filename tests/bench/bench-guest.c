/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the console costs with a guest of QEMU in it, decoder included: how much of a processor, how long
 * from a change or a key to its pixels and from a socket to the first picture, and what a VNC server
 * of ours can send it. */
#include "config.h"

#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "bench/bench-guest.h"
#include "console/xeno-console-private.h"
#include "support/display-rig.h"
#include "support/xeno-test.h"

#define MAX_TIMES 8192
#define N_KEYS 40
#define N_STARTS 5
#define QNUM_SPACE 0x39

/* What rfb-server.py sends in its modes for speed. */
#define N_STORM 100000
#define RAW_MIB 512

typedef struct
{
  DisplayRig         *rig;
  XenoConsoleBackend *backend;
  GtkWidget          *window;
  XenoConsole        *console;
  gint64              begun_us;
  gint64              damaged_us; /* the first change that is not seen yet, or 0 */
  gint64              seen_us;
  double              times_ms[MAX_TIMES];
  guint               n_times;
} Guest;

/* When the first socket was there, or 0. */
static gint64 opened_us;

static int
open_finish (GObject       *object,
             GAsyncResult  *result,
             gboolean      *is_certified,
             GError       **error)
{
  int fd = display_rig_opener.open_finish (object, result, is_certified, error);

  if (opened_us == 0)
    opened_us = g_get_monotonic_time ();
  return fd;
}

static double
get_cpu_ms (pid_t pid)
{
  struct timespec used = { 0 };
  clockid_t clock;

  if (clock_getcpuclockid (pid, &clock) == 0)
    clock_gettime (clock, &used);
  return used.tv_sec * 1e3 + used.tv_nsec / 1e6;
}

static guint64
count_wake_ups (pid_t pid)
{
  g_autofree char *tasks = g_strdup_printf ("/proc/%d/task", pid);
  g_autoptr (GDir) dir = g_dir_open (tasks, 0, NULL);
  const char *task;
  guint64 n = 0;

  while (dir != NULL && (task = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (tasks, task, "status", NULL);
      g_autofree char *text = NULL;
      const char *line;

      if (!g_file_get_contents (path, &text, NULL, NULL))
        continue;
      line = strstr (text, "\nvoluntary_ctxt_switches:");
      n += line != NULL ? g_ascii_strtoull (strchr (line, ':') + 1, NULL, 10) : 0;
    }
  return n;
}

static gboolean
over_cb (gpointer user_data)
{
  gboolean *is_over = user_data;

  *is_over = TRUE;
  return G_SOURCE_REMOVE;
}

static void
spin (double duration_s)
{
  gboolean is_over = FALSE;

  g_timeout_add (duration_s * 1000, over_cb, &is_over);
  while (!is_over)
    g_main_context_iteration (NULL, TRUE);
}

static void
damage_cb (Guest *guest)
{
  if (guest->damaged_us == 0)
    guest->damaged_us = g_get_monotonic_time ();
}

static void
painted_cb (Guest *guest)
{
  guest->seen_us = g_get_monotonic_time ();
  if (guest->damaged_us != 0 && guest->n_times < MAX_TIMES)
    guest->times_ms[guest->n_times++] = (guest->seen_us - guest->damaged_us) / 1e3;
  guest->damaged_us = 0;
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
get_percentile (Guest  *guest,
                double  share)
{
  qsort (guest->times_ms, guest->n_times, sizeof (double), compare);
  return guest->n_times > 0 ? guest->times_ms[(guint) ((guest->n_times - 1) * share)] : 0;
}

static const char *
judge (gboolean is_kept)
{
  return is_kept ? "within" : "ABOVE";
}

static gboolean
is_seen (gpointer data)
{
  Guest *guest = data;

  return guest->seen_us > guest->begun_us;
}

static void
open_console (Guest      *guest,
              const char *kind)
{
  static XenoDisplayOpener opener;

  opener = display_rig_opener;
  opener.open_finish = open_finish;

  guest->window = gtk_window_new ();
  guest->console = XENO_CONSOLE (xeno_console_new ());
  gtk_window_set_default_size (GTK_WINDOW (guest->window), 1024, 768);
  gtk_window_set_decorated (GTK_WINDOW (guest->window), FALSE);
  gtk_window_set_child (GTK_WINDOW (guest->window), GTK_WIDGET (guest->console));
  gtk_window_present (GTK_WINDOW (guest->window));
  spin (0.5);

  guest->backend = xeno_backend_decoder_new (&opener, G_OBJECT (guest->rig), kind, "bench");
  g_signal_connect_swapped (guest->backend, "damage", G_CALLBACK (damage_cb), guest);
  g_signal_connect_swapped (guest->console->frame, "painted", G_CALLBACK (painted_cb), guest);
  xeno_console_set_backend (guest->console, guest->backend);
  guest->begun_us = g_get_monotonic_time ();
  guest->seen_us = 0;
  opened_us = 0;
  xeno_console_backend_start (guest->backend);
  display_rig_await_state (guest->backend, XENO_CONSOLE_LIVE);
  xeno_test_until (is_seen, guest);
}

static void
close_console (Guest *guest)
{
  g_signal_handlers_disconnect_by_data (guest->console->frame, guest);
  g_signal_handlers_disconnect_by_data (guest->backend, guest);
  gtk_window_destroy (GTK_WINDOW (guest->window));
  xeno_console_backend_stop (guest->backend);
  g_clear_object (&guest->backend);
}

static void
boot (Guest      *guest,
      const char *kind,
      const char *disc)
{
  const char *path;
  g_autofree char *drive = g_strdup_printf ("if=ide,media=cdrom,format=raw,readonly=on,file=%s", disc);
  g_autofree char *server = NULL;
  gboolean is_spice = g_str_equal (kind, "spice");
  const char *argv[] = {
    "qemu-system-x86_64", "-nodefaults", "-no-user-config", "-accel", "tcg", "-m", "64", "-vga", "std",
    "-drive", drive, "-usb", "-device", "usb-tablet", is_spice ? "-spice" : "-vnc", NULL, NULL,
  };

  guest->rig = display_rig_new ();
  path = display_rig_get_path (guest->rig);
  server = is_spice ? g_strdup_printf ("unix=on,addr=%s,disable-ticketing=on,image-compression=off", path)
                    : g_strdup_printf ("unix:%s", path);
  argv[G_N_ELEMENTS (argv) - 2] = server;
  display_rig_start_server (guest->rig, argv);
  spin (2);
}

static void
shut_down (Guest *guest)
{
  display_rig_stop_server (guest->rig);
  g_clear_object (&guest->rig);
}

static void
watch_frames (Guest      *guest,
              const char *way,
              double      seconds)
{
  pid_t decoder = xeno_backend_decoder_get_pid (XENO_BACKEND_DECODER (guest->backend));
  double used_ms = get_cpu_ms (getpid ()) + get_cpu_ms (decoder);
  double share, longest_ms;

  guest->n_times = 0;
  spin (seconds);
  used_ms = get_cpu_ms (getpid ()) + get_cpu_ms (decoder) - used_ms;
  share = used_ms / seconds / 10;
  longest_ms = get_percentile (guest, 1);
  g_print ("P5  SPICE, full 1024x768, %s: %.1f %% of a processor (%s 8), %.1f shown/s, the longest took "
           "%.1f ms (%s 40)\n", way, share, judge (share <= 8), guest->n_times / seconds, longest_ms,
           judge (longest_ms <= 40));
  g_print ("P6  SPICE, full 1024x768, %s: change to paint %.1f ms (%s 12), p95 %.1f ms (%s 28)\n", way,
           get_percentile (guest, 0.5), judge (get_percentile (guest, 0.5) <= 12),
           get_percentile (guest, 0.95), judge (get_percentile (guest, 0.95) <= 28));
}

static void
time_starts (Guest      *guest,
             const char *kind)
{
  double since_socket_ms[N_STARTS], since_start_ms[N_STARTS];

  for (guint i = 0; i < N_STARTS; i++)
    {
      open_console (guest, kind);
      since_socket_ms[i] = (guest->seen_us - opened_us) / 1e3;
      since_start_ms[i] = (guest->seen_us - guest->begun_us) / 1e3;
      close_console (guest);
      spin (0.5);
    }
  qsort (since_socket_ms, N_STARTS, sizeof (double), compare);
  qsort (since_start_ms, N_STARTS, sizeof (double), compare);
  g_print ("P11 %s, socket to first picture %.1f ms [%.1f..%.1f] (%s 250); with the start of a decoder %.1f ms\n",
           kind, since_socket_ms[N_STARTS / 2], since_socket_ms[0], since_socket_ms[N_STARTS - 1],
           judge (since_socket_ms[N_STARTS / 2] <= 250), since_start_ms[N_STARTS / 2]);
}

static void
time_keys (Guest      *guest,
           const char *kind)
{
  double times_ms[N_KEYS], median_ms, late_ms;

  for (guint i = 0; i < N_KEYS; i++)
    {
      guest->begun_us = g_get_monotonic_time ();
      xeno_console_backend_key (guest->backend, QNUM_SPACE, ' ', TRUE);
      xeno_console_backend_key (guest->backend, QNUM_SPACE, ' ', FALSE);
      xeno_test_until (is_seen, guest);
      times_ms[i] = (guest->seen_us - guest->begun_us) / 1e3;
      spin (0.3 + 0.0137 * (i % 7));
    }
  qsort (times_ms, N_KEYS, sizeof (double), compare);
  median_ms = times_ms[N_KEYS / 2];
  late_ms = times_ms[(guint) (0.95 * N_KEYS)];
  g_print ("P7  %s, key to paint %.1f ms (%s 25), p95 %.1f ms (%s 50)\n", kind, median_ms,
           judge (median_ms <= 25), late_ms, judge (late_ms <= 50));
}

static void
watch_rest (Guest      *guest,
            const char *kind,
            double      seconds)
{
  pid_t decoder = xeno_backend_decoder_get_pid (XENO_BACKEND_DECODER (guest->backend));
  double used_ms, share;
  guint64 woken;

  spin (2);
  used_ms = get_cpu_ms (getpid ()) + get_cpu_ms (decoder);
  woken = count_wake_ups (getpid ()) + count_wake_ups (decoder);
  spin (2 * seconds);
  used_ms = get_cpu_ms (getpid ()) + get_cpu_ms (decoder) - used_ms;
  woken = count_wake_ups (getpid ()) + count_wake_ups (decoder) - woken;
  share = used_ms / (2 * seconds) / 10;
  g_print ("P9  %s, a still guest: %.3f %% of a processor (%s 0.3), %.1f wake-ups/s\n", kind, share,
           judge (share <= 0.3), woken / (2 * seconds));
}

static gboolean
has_last_pixel (gpointer data)
{
  Guest *guest = data;
  XenoSurface *surface = xeno_console_backend_get_surface (guest->backend);
  guint32 pixel;

  if (surface == NULL)
    return FALSE;

  memcpy (&pixel, xeno_surface_get_pixels (surface), sizeof pixel);
  return (pixel & 0xffffff) == 0x030201;
}

/* Returns: seconds from the socket until the last of it was there. */
static double
drink (const char *mode)
{
  Guest guest = { .rig = display_rig_new () };
  g_autofree char *program = g_build_filename (g_getenv ("XENO_TEST_SOURCE"), "tests", "support", "rfb-server.py",
                                               NULL);
  const char *argv[] = { program, display_rig_get_path (guest.rig), mode, NULL };
  double lasted_s;

  display_rig_start_server (guest.rig, argv);
  open_console (&guest, "vnc");
  xeno_test_until (has_last_pixel, &guest);
  lasted_s = (g_get_monotonic_time () - opened_us) / 1e6;
  close_console (&guest);
  shut_down (&guest);
  return lasted_s;
}

static void
drink_all (void)
{
  double nothing_s = drink ("speed-nothing");
  double rectangles = N_STORM / (drink ("speed-rectangles") - nothing_s) / 1e3;
  double raw = RAW_MIB * 1.048576 / (drink ("speed-raw") - nothing_s);

  g_print ("P8  VNC: %.0f thousand rectangles/s (%s 250), %.0f MB/s raw (%s 400)\n", rectangles,
           rectangles >= 250 ? "above" : "BELOW", raw, raw >= 400 ? "above" : "BELOW");
}

static void
run_still (const char *kind,
           const char *disc,
           double      seconds)
{
  Guest guest = { 0 };

  boot (&guest, kind, disc);
  time_starts (&guest, kind);
  open_console (&guest, kind);
  time_keys (&guest, kind);
  watch_rest (&guest, kind, seconds);
  close_console (&guest);
  shut_down (&guest);
}

/**
 * bench_guest_run:
 * @full_disc: a guest that paints all of its screen 30 times a second
 * @key_disc: a guest that paints when the space bar goes down
 * @seconds: how long to look
 *
 * Prints what was promised of consoles with a guest, and what is kept.
 */
void
bench_guest_run (const char *full_disc,
                 const char *key_disc,
                 double      seconds)
{
  Guest guest = { 0 };

  boot (&guest, "spice", full_disc);
  open_console (&guest, "spice");
  spin (1);
  watch_frames (&guest, "through X or GTK", seconds);
  g_clear_pointer (&guest.console->direct, xeno_direct_free);
  watch_frames (&guest, "through GTK alone", seconds);
  close_console (&guest);
  shut_down (&guest);

  run_still ("spice", key_disc, seconds);
  run_still ("vnc", key_disc, seconds);
  drink_all ();
}
