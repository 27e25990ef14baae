/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a real QEMU shows and takes, through the decoder, over SPICE and VNC. */
#include "config.h"

#include <gio/gunixsocketaddress.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "console/xeno-typist.h"
#include "support/display-rig.h"
#include "support/xeno-test.h"

/* The picture of the screen guest, see tests/support/guests/screen.S. */
#define WIDTH 800
#define HEIGHT 600
#define BLOCK 64

typedef struct
{
  const char         *kind;
  DisplayRig         *rig;
  XenoConsoleBackend *backend;
  guint               scancode;
} Fixture;

static void
start_guest (Fixture *fixture)
{
  g_autofree char *drive = g_strdup_printf ("file=%s,format=raw,media=cdrom", g_getenv ("XENO_TEST_SCREEN_ISO"));
  g_autofree char *spice = g_strdup_printf ("unix=on,addr=%s,disable-ticketing=on",
                                            display_rig_get_path (fixture->rig));
  g_autofree char *vnc = g_strdup_printf ("unix:%s", display_rig_get_path (fixture->rig));
  g_autofree char *qmp = g_strdup_printf ("unix:%s.qmp,server=on,wait=off", display_rig_get_path (fixture->rig));
  g_autofree char *serial = g_strdup_printf ("file:%s.serial", display_rig_get_path (fixture->rig));
  gboolean is_spice = g_str_equal (fixture->kind, "spice");
  const char *argv[] = {
    "qemu-system-x86_64", "-nodefaults", "-no-user-config", "-accel", "tcg", "-m", "32", "-vga", "std",
    "-drive", drive, "-usb", "-device", "usb-tablet",
    "-qmp", qmp, "-serial", serial, is_spice ? "-spice" : "-vnc", is_spice ? spice : vnc, NULL,
  };

  display_rig_start_server (fixture->rig, argv);
}

static void
set_up (Fixture       *fixture,
        gconstpointer  kind)
{
  fixture->kind = kind;
  fixture->rig = display_rig_new ();
  start_guest (fixture);
  fixture->backend = display_rig_new_backend (fixture->rig, kind);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  kind)
{
  g_autofree char *qmp = g_strconcat (display_rig_get_path (fixture->rig), ".qmp", NULL);
  g_autofree char *serial = g_strconcat (display_rig_get_path (fixture->rig), ".serial", NULL);

  if (fixture->backend != NULL)
    {
      xeno_console_backend_stop (fixture->backend);
      g_assert_finalize_object (fixture->backend);
    }
  display_rig_stop_server (fixture->rig);
  g_unlink (qmp);
  g_unlink (serial);
  g_object_unref (fixture->rig);
}

static guint32
get_pixel (XenoSurface *surface,
           guint        x,
           guint        y)
{
  const guchar *row = xeno_surface_get_pixels (surface) + y * xeno_surface_get_stride (surface);
  guint32 pixel;

  memcpy (&pixel, row + 4 * x, sizeof pixel);
  return pixel & 0xffffff;
}

static guint32
get_expected (guint x,
              guint y)
{
  return (x & 0xff) << 16 | (y & 0xff) << 8 | ((x ^ y) & 0xff);
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
      if ((x >= BLOCK || y >= BLOCK) && get_pixel (surface, x, y) != get_expected (x, y))
        return FALSE;
  return TRUE;
}

static gboolean
shows_scancode (gpointer data)
{
  Fixture *fixture = data;
  XenoSurface *surface = xeno_console_backend_get_surface (fixture->backend);

  return get_pixel (surface, 0, 0) == (fixture->scancode << 16 | 0xff00 | fixture->scancode) &&
         get_pixel (surface, BLOCK - 1, BLOCK - 1) == get_pixel (surface, 0, 0);
}

static void
assert_key_arrives (Fixture *fixture,
                    guint    qnum,
                    guint    keyval,
                    gboolean pressed,
                    guint    scancode)
{
  xeno_console_backend_key (fixture->backend, qnum, keyval, pressed);
  fixture->scancode = scancode;
  xeno_test_until (shows_scancode, fixture);
}

static void
test_shows_the_pixels_of_the_guest (Fixture       *fixture,
                                    gconstpointer  kind)
{
  xeno_test_until (shows_picture, fixture);
  g_assert_cmpint (xeno_console_backend_get_state (fixture->backend), ==, XENO_CONSOLE_LIVE);
  g_assert_null (xeno_console_backend_get_error (fixture->backend));
}

static void
test_sends_keys (Fixture       *fixture,
                 gconstpointer  kind)
{
  xeno_test_until (shows_picture, fixture);
  assert_key_arrives (fixture, 0x1e, 'a', TRUE, 0x1e);
  assert_key_arrives (fixture, 0x1e, 'a', FALSE, 0x9e);
  assert_key_arrives (fixture, 0x2a, 0xffe1, TRUE, 0x2a);
  assert_key_arrives (fixture, 0x1c, 0xff0d, TRUE, 0x1c);

  /* Page up: e0 49. The last byte is what stays on the screen. */
  assert_key_arrives (fixture, 0xc9, 0xff55, TRUE, 0x49);

  /* Pause: e1 1d 45 e1 9d c5, of which SPICE sends the second half when it is let go. */
  xeno_console_backend_key (fixture->backend, 0xc6, 0xff13, TRUE);
  assert_key_arrives (fixture, 0xc6, 0xff13, FALSE, 0xc5);
}

static void
test_comes_back_when_the_decoder_is_killed (Fixture       *fixture,
                                            gconstpointer  kind)
{
  XenoSurface *before;
  GPid pid;

  xeno_test_until (shows_picture, fixture);
  before = xeno_console_backend_get_surface (fixture->backend);
  pid = xeno_backend_decoder_get_pid (XENO_BACKEND_DECODER (fixture->backend));
  g_assert_cmpint (pid, >, 0);
  g_assert_cmpint (kill (pid, SIGKILL), ==, 0);

  display_rig_await_state (fixture->backend, XENO_CONSOLE_FROZEN);
  g_assert_true (xeno_console_backend_get_surface (fixture->backend) == before);
  g_assert_true (shows_picture (fixture));
  g_assert_nonnull (xeno_console_backend_get_error (fixture->backend));

  display_rig_await_state (fixture->backend, XENO_CONSOLE_LIVE);
  g_assert_null (xeno_console_backend_get_error (fixture->backend));
  xeno_test_until (shows_picture, fixture);
  assert_key_arrives (fixture, 0x30, 'b', TRUE, 0x30);
}

static void
test_closes_when_the_machine_stops (Fixture       *fixture,
                                    gconstpointer  kind)
{
  XenoBackendDecoder *decoder = XENO_BACKEND_DECODER (fixture->backend);

  xeno_test_until (shows_picture, fixture);
  xeno_backend_decoder_set_active (decoder, FALSE);
  g_assert_cmpint (xeno_console_backend_get_state (fixture->backend), ==, XENO_CONSOLE_LIVE);
  display_rig_stop_server (fixture->rig);
  display_rig_await_state (fixture->backend, XENO_CONSOLE_CLOSED);
  g_assert_null (xeno_console_backend_get_error (fixture->backend));

  start_guest (fixture);
  xeno_backend_decoder_set_active (decoder, TRUE);
  xeno_test_until (shows_picture, fixture);
}

/* Says it to QEMU's monitor; the answer goes unread. */
static void
tell_qemu (Fixture    *fixture,
           const char *command)
{
  g_autofree char *path = g_strconcat (display_rig_get_path (fixture->rig), ".qmp", NULL);
  g_autofree char *text = g_strdup_printf ("{\"execute\":\"qmp_capabilities\"}{\"execute\":\"%s\"}", command);
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GSocketAddress) address = g_unix_socket_address_new (path);
  g_autoptr (GError) error = NULL;
  g_autoptr (GSocketConnection) connection =
    g_socket_client_connect (client, G_SOCKET_CONNECTABLE (address), NULL, &error);
  char answer[64];

  g_assert_no_error (error);
  g_output_stream_write_all (g_io_stream_get_output_stream (G_IO_STREAM (connection)), text, strlen (text),
                             NULL, NULL, &error);
  g_assert_no_error (error);
  g_input_stream_read (g_io_stream_get_input_stream (G_IO_STREAM (connection)), answer, sizeof answer, NULL,
                       &error);
  g_assert_no_error (error);
  g_object_set_data_full (G_OBJECT (fixture->rig), "qmp", g_steal_pointer (&connection), g_object_unref);
}

/* No key has been pressed since the guest booted. */
static gboolean
shows_fresh_picture (gpointer data)
{
  Fixture *fixture = data;

  return shows_picture (fixture) &&
         get_pixel (xeno_console_backend_get_surface (fixture->backend), 0, 0) == get_expected (0, 0);
}

static void
test_goes_on_over_a_reboot (Fixture       *fixture,
                            gconstpointer  kind)
{
  guint n_opened;

  xeno_test_until (shows_picture, fixture);
  assert_key_arrives (fixture, 0x1e, 'a', TRUE, 0x1e);
  n_opened = display_rig_get_n_opened (fixture->rig);
  tell_qemu (fixture, "system_reset");
  xeno_test_until (shows_fresh_picture, fixture);
  g_assert_cmpint (xeno_console_backend_get_state (fixture->backend), ==, XENO_CONSOLE_LIVE);
  assert_key_arrives (fixture, 0x30, 'b', TRUE, 0x30);
  g_assert_cmpuint (display_rig_get_n_opened (fixture->rig), ==, n_opened);
}

static guint
count_descriptors (void)
{
  g_autoptr (GDir) dir = g_dir_open ("/proc/self/fd", 0, NULL);
  guint n = 0;

  while (g_dir_read_name (dir) != NULL)
    n++;
  return n;
}

static gboolean
has_as_few_descriptors (gpointer data)
{
  return count_descriptors () <= GPOINTER_TO_UINT (data);
}

static void
test_leaves_nothing_open_over_fifty_connections (Fixture       *fixture,
                                                 gconstpointer  kind)
{
  guint before;

  xeno_test_until (shows_picture, fixture);
  before = count_descriptors ();
  for (guint i = 0; i < 50; i++)
    {
      xeno_console_backend_stop (fixture->backend);
      g_assert_finalize_object (fixture->backend);
      fixture->backend = display_rig_new_backend (fixture->rig, kind);
      display_rig_await_state (fixture->backend, XENO_CONSOLE_LIVE);
    }
  xeno_test_until (has_as_few_descriptors, GUINT_TO_POINTER (before));
  xeno_test_until (shows_picture, fixture);
}

/* As many letters as a keyboard of QEMU remembers strokes, many times over. */
#define N_LETTERS 96

/* A keyboard that is asked nothing for so long has sixteen strokes waiting. */
#define STARVED_US 40000
#define MAX_TRIES 20
#define QUIET_US (2 * G_USEC_PER_SEC)

typedef struct
{
  Fixture *fixture;
  char    *expected;
  gboolean is_typed;
  gsize    length;
  gint64   changed_us;
} Typing;

static void
typed_cb (Typing *typing)
{
  typing->is_typed = TRUE;
  typing->changed_us = g_get_monotonic_time ();
}

static char *
dup_said (Typing *typing)
{
  g_autofree char *path = g_strconcat (display_rig_get_path (typing->fixture->rig), ".serial", NULL);
  char *text = NULL;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  return text;
}

static gboolean
has_said (Typing *typing)
{
  g_autofree char *text = dup_said (typing);

  return strstr (text, typing->expected) != NULL;
}

/* All of it has arrived, or nothing more does. */
static gboolean
is_over (gpointer data)
{
  Typing *typing = data;
  g_autofree char *text = dup_said (typing);

  if (strlen (text) != typing->length)
    typing->changed_us = g_get_monotonic_time ();
  typing->length = strlen (text);
  return strstr (text, typing->expected) != NULL
         || (typing->is_typed && g_get_monotonic_time () - typing->changed_us > QUIET_US);
}

/* For how long the threads of a process could have gone on, had others left them a processor. */
static gint64
get_waited_us (const char *pid)
{
  g_autofree char *tasks = g_build_filename ("/proc", pid, "task", NULL);
  g_autoptr (GDir) folder = g_dir_open (tasks, 0, NULL);
  const char *name;
  gint64 waited_us = 0;

  while (folder != NULL && (name = g_dir_read_name (folder)) != NULL)
    {
      g_autofree char *path = g_build_filename (tasks, name, "schedstat", NULL);
      g_autofree char *text = NULL;
      char *rest;

      if (!g_file_get_contents (path, &text, NULL, NULL))
        continue;
      g_ascii_strtoull (text, &rest, 10); /* how long it ran */
      waited_us += g_ascii_strtoull (rest, NULL, 10) / 1000;
    }
  return waited_us;
}

/* A busy computer may stop the guest, or who brings it the keys, for longer than QEMU remembers strokes. */
static gint64
get_starved_us (Fixture *fixture)
{
  g_autofree char *decoder =
    g_strdup_printf ("%d", (int) xeno_backend_decoder_get_pid (XENO_BACKEND_DECODER (fixture->backend)));

  return get_waited_us (decoder)
         + get_waited_us (g_subprocess_get_identifier (display_rig_get_server (fixture->rig)));
}

/* QEMU forgets the seventeenth stroke that waits for a slow guest. */
static void
test_a_long_text_arrives_whole (Fixture       *fixture,
                                gconstpointer  kind)
{
  g_autoptr (XenoLayout) layout = xeno_layout_new ("us");
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GString) expected = g_string_new (NULL);
  Typing typing = { fixture };

  for (guint i = 0; i < N_LETTERS; i++)
    {
      g_string_append_c (text, "abc"[i % 3]);
      g_string_append (expected, ((const char *[]) { "1e\n9e\n", "30\nb0\n", "2e\nae\n" })[i % 3]);
    }
  typing.expected = expected->str;

  xeno_test_until (shows_picture, fixture);
  for (guint i = 0; i < MAX_TRIES && !has_said (&typing); i++)
    {
      gint64 starved_us = get_starved_us (fixture);
      g_autoptr (XenoTypist) typist = xeno_typist_new (fixture->backend, layout, text->str,
                                                       g_str_equal (kind, "spice"));

      typing.is_typed = FALSE;
      g_signal_connect_swapped (typist, "finished", G_CALLBACK (typed_cb), &typing);
      xeno_test_until (is_over, &typing);
      starved_us = get_starved_us (fixture) - starved_us;
      g_test_message ("starved for %.0f ms", starved_us / 1000.0);
      g_assert_true (has_said (&typing) || starved_us > STARVED_US);
      g_signal_handlers_disconnect_by_data (typist, &typing);
    }
  g_assert_true (has_said (&typing));
}

static void
add (const char *kind,
     const char *sentence,
     void      (*func) (Fixture *, gconstpointer))
{
  g_autofree char *path = g_strdup_printf ("/xeno/display-%s/%s", kind, sentence);

  g_test_add (path, Fixture, kind, set_up, func, tear_down);
}

int
main (int   argc,
      char *argv[])
{
  static const char *const kinds[] = { "spice", "vnc" };

  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      add (kinds[i], "shows-the-pixels-of-the-guest", test_shows_the_pixels_of_the_guest);
      add (kinds[i], "sends-keys", test_sends_keys);
      add (kinds[i], "a-long-text-arrives-whole", test_a_long_text_arrives_whole);
      add (kinds[i], "comes-back-when-the-decoder-is-killed", test_comes_back_when_the_decoder_is_killed);
      add (kinds[i], "goes-on-over-a-reboot", test_goes_on_over_a_reboot);
      add (kinds[i], "closes-when-the-machine-stops", test_closes_when_the_machine_stops);
      add (kinds[i], "leaves-nothing-open-over-fifty-connections",
           test_leaves_nothing_open_over_fifty_connections);
    }

  return g_test_run ();
}
