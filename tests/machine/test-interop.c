/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Displays of servers that others wrote: TigerVNC, x11vnc, Xspice, QEMU with passwords and TLS. */
#include "config.h"

#include <X11/Xlib.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>

#include "app/xeno-viewer-display.h"
#include "base/xeno-error.h"
#include "support/xeno-test.h"

#define PASSWORD "geheim1"

/* What vncpasswd makes of it. */
static const guchar password_file[] = { 0x11, 0xdb, 0xa2, 0x39, 0xc2, 0x6f, 0xa1, 0x39 };

#define WHITE 0xffffff

/* X servers refuse numbers that lead to no port. */
#define FIRST_DISPLAY 100
#define MAX_DISPLAYS 50000

/* In the words of a server: @PORT@ is free, @DIR@ has a password file "pw" and QEMU's names for the
 * certificates; @X@ is a number for an X server, @FRAME@ one that is up and white. */
typedef struct
{
  const char *name;
  const char *program;
  const char *arguments;
  const char *uri;
  gboolean    asks_trust;
  gboolean    asks_password;
  gboolean    is_encrypted;
  gboolean    is_white;
} Server;

static const Server servers[] = {
  { "tigervnc-open", "Xtigervnc", ":@X@ -rfbport @PORT@ -wr -SecurityTypes None -localhost -geometry 640x480",
    "vnc://127.0.0.1::@PORT@", FALSE, FALSE, FALSE, TRUE },
  { "tigervnc-password", "Xtigervnc",
    ":@X@ -rfbport @PORT@ -wr -SecurityTypes VncAuth -PasswordFile @DIR@/pw -localhost -geometry 640x480",
    "vnc://127.0.0.1::@PORT@", FALSE, TRUE, FALSE, TRUE },
  { "tigervnc-anonymous-tls", "Xtigervnc",
    ":@X@ -rfbport @PORT@ -wr -SecurityTypes TLSVnc -PasswordFile @DIR@/pw -localhost -geometry 640x480",
    "vnc://127.0.0.1::@PORT@", FALSE, TRUE, TRUE, TRUE },
  { "tigervnc-certificate", "Xtigervnc",
    ":@X@ -rfbport @PORT@ -wr -SecurityTypes X509Vnc,TLSVnc,VncAuth -PasswordFile @DIR@/pw -localhost "
    "-geometry 640x480 -X509Cert @DIR@/server-cert.pem -X509Key @DIR@/server-key.pem",
    "vnc://127.0.0.1::@PORT@", TRUE, TRUE, TRUE, TRUE },
  { "x11vnc-open", "x11vnc", "-display :@FRAME@ -rfbport @PORT@ -localhost -forever -nopw -quiet -noxrecord",
    "vnc://127.0.0.1::@PORT@", FALSE, FALSE, FALSE, TRUE },
  { "x11vnc-password", "x11vnc",
    "-display :@FRAME@ -rfbport @PORT@ -localhost -forever -rfbauth @DIR@/pw -quiet -noxrecord",
    "vnc://127.0.0.1::@PORT@", FALSE, TRUE, FALSE, TRUE },
  { "xspice", "Xspice", "--port @PORT@ --disable-ticketing -wr -noreset -nolisten tcp -logfile @DIR@/xorg.log :@X@",
    "spice://127.0.0.1:@PORT@", FALSE, FALSE, FALSE, FALSE },
  { "qemu-spice-password", "qemu-system-x86_64",
    "-nodefaults -vga std -display none -object secret,id=p,data=" PASSWORD " "
    "-spice addr=127.0.0.1,port=@PORT@,password-secret=p",
    "spice://127.0.0.1:@PORT@", FALSE, TRUE, FALSE, FALSE },
  { "qemu-spice-tls", "qemu-system-x86_64",
    "-nodefaults -vga std -display none -object secret,id=p,data=" PASSWORD " "
    "-spice addr=127.0.0.1,tls-port=@PORT@,x509-dir=@DIR@,password-secret=p",
    "spice+tls://127.0.0.1:@PORT@", TRUE, TRUE, TRUE, FALSE },
  { "qemu-vnc-tls", "qemu-system-x86_64",
    "-nodefaults -vga std -display none -object secret,id=p,data=" PASSWORD " "
    "-object tls-creds-x509,id=t,endpoint=server,dir=@DIR@,verify-peer=off "
    "-vnc 127.0.0.1:@DISPLAY@,tls-creds=t,password-secret=p",
    "vnc://127.0.0.1::@PORT@", TRUE, TRUE, TRUE, FALSE },
};

typedef struct
{
  char               *directory;
  guint               port;
  guint               x;
  GSubprocess        *frame;
  guint               frame_x;
  GSubprocess        *process;
  gboolean            is_gone;
  XenoViewer         *viewer;
  XenoConsoleBackend *backend;
  Display            *display;
  guint               keycode;
  gboolean            is_pressed;
} Fixture;

/* A port nobody listens on. */
static guint
find_port (void)
{
  g_autoptr (GSocket) socket = g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, NULL);
  g_autoptr (GInetAddress) host = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocketAddress) any = g_inet_socket_address_new (host, 0);
  g_autoptr (GSocketAddress) address = NULL;
  g_autoptr (GError) error = NULL;

  g_socket_bind (socket, any, FALSE, &error);
  g_assert_no_error (error);
  address = g_socket_get_local_address (socket, &error);
  g_assert_no_error (error);
  return g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (address));
}

static char *
fill_in (Fixture    *fixture,
         const char *text)
{
  const struct
  {
    const char *name;
    char       *value;
  } words[] = {
    { "@PORT@", g_strdup_printf ("%u", fixture->port) },
    { "@DISPLAY@", g_strdup_printf ("%d", (int) fixture->port - 5900) },
    { "@DIR@", g_strdup (fixture->directory) },
    { "@X@", g_strdup_printf ("%u", fixture->x) },
    { "@FRAME@", g_strdup_printf ("%u", fixture->frame_x) },
  };
  GString *filled = g_string_new (text);

  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    {
      g_string_replace (filled, words[i].name, words[i].value, 0);
      g_free (words[i].value);
    }
  return g_string_free (filled, FALSE);
}

static void
gone_cb (GObject      *process,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_subprocess_wait_finish (G_SUBPROCESS (process), result, NULL);
  *(gboolean *) user_data = TRUE;
}

static gboolean
is_listening (gpointer data)
{
  Fixture *fixture = data;
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GSocketConnection) connection = NULL;

  if (fixture->is_gone)
    return TRUE;

  connection = g_socket_client_connect_to_host (client, "127.0.0.1", fixture->port, NULL, NULL);
  return connection != NULL;
}

static GSubprocess *
start (Fixture    *fixture,
       const char *program,
       const char *arguments)
{
  g_autofree char *filled = fill_in (fixture, arguments);
  g_autofree char *line = g_strconcat (program, " ", filled, NULL);
  g_auto (GStrv) argv = g_strsplit (line, " ", -1);
  g_autoptr (GError) error = NULL;
  GSubprocess *process;

  process = g_subprocess_newv ((const char *const *) argv,
                               G_SUBPROCESS_FLAGS_STDOUT_SILENCE | G_SUBPROCESS_FLAGS_STDERR_SILENCE, &error);
  g_assert_no_error (error);
  return process;
}

static void
copy_file (Fixture    *fixture,
           const char *from,
           const char *name)
{
  g_autofree char *source = g_build_filename (g_getenv ("G_TEST_SRCDIR"), "support", "tls", from, NULL);
  g_autofree char *target = g_build_filename (fixture->directory, name, NULL);
  g_autofree char *text = NULL;
  gsize size;

  g_assert_true (g_file_get_contents (source, &text, &size, NULL));
  g_assert_true (g_file_set_contents (target, text, size, NULL));
}

static void
make_directory (Fixture *fixture)
{
  g_autofree char *path = NULL;

  fixture->directory = g_dir_make_tmp ("xi-XXXXXX", NULL);
  path = g_build_filename (fixture->directory, "pw", NULL);
  g_assert_true (g_file_set_contents (path, (const char *) password_file, sizeof password_file, NULL));
  g_chmod (path, 0600);
  copy_file (fixture, "ca.pem", "ca-cert.pem");
  copy_file (fixture, "server.pem", "server-cert.pem");
  copy_file (fixture, "server.pem", "server-key.pem");
}

static gboolean
has_display (gpointer data)
{
  Fixture *fixture = data;
  g_autofree char *name = g_strdup_printf (":%u", fixture->frame_x);

  fixture->display = XOpenDisplay (name);
  return fixture->display != NULL;
}

/* x11vnc shows an X server that is there. */
static void
start_frame (Fixture *fixture)
{
  fixture->frame_x = fixture->x + 1;
  fixture->frame = start (fixture, "Xvfb", ":@FRAME@ -screen 0 640x480x24 -wr -noreset -nolisten tcp");
  xeno_test_until (has_display, fixture);
}

static gboolean
is_gone (gpointer data)
{
  return ((Fixture *) data)->is_gone;
}

static gboolean
is_asking (gpointer data)
{
  return xeno_viewer_get_question (data) != XENO_VIEWER_ASKS_NOTHING;
}

static guint32
get_pixel (XenoSurface *surface)
{
  guint32 pixel;

  memcpy (&pixel, xeno_surface_get_pixels (surface) + 300 * xeno_surface_get_stride (surface) + 4 * 500, sizeof pixel);
  return pixel & 0xffffff;
}

static gboolean
shows_white (gpointer data)
{
  XenoSurface *surface = xeno_console_backend_get_surface (data);

  return surface != NULL && xeno_surface_get_width (surface) == 640 && get_pixel (surface) == WHITE;
}

static gboolean
is_live (gpointer data)
{
  return xeno_console_backend_get_state (data) == XENO_CONSOLE_LIVE;
}

static gboolean
has_pointer_there (gpointer data)
{
  Fixture *fixture = data;
  Window root, child;
  int x, y, window_x, window_y;
  unsigned int mask;

  xeno_console_backend_pointer_moved (fixture->backend, 123, 45);
  XQueryPointer (fixture->display, DefaultRootWindow (fixture->display), &root, &child, &x, &y,
                 &window_x, &window_y, &mask);
  return x == 123 && y == 45;
}

static gboolean
has_key (gpointer data)
{
  Fixture *fixture = data;
  char keys[32];
  gboolean is_down;

  XQueryKeymap (fixture->display, keys);
  is_down = (keys[fixture->keycode / 8] & 1 << fixture->keycode % 8) != 0;
  return is_down == fixture->is_pressed;
}

/* Of an X server one can see what reached it. */
static void
try_input (Fixture      *fixture,
           const Server *server)
{
  if (fixture->display == NULL && strstr (server->arguments, ":@X@") != NULL)
    {
      fixture->frame_x = fixture->x;
      xeno_test_until (has_display, fixture);
    }

  xeno_test_until (has_pointer_there, fixture);
  fixture->keycode = XKeysymToKeycode (fixture->display, 'a');
  for (guint i = 0; i < 2; i++)
    {
      fixture->is_pressed = i == 0;
      xeno_console_backend_key (fixture->backend, 0x1e, 'a', fixture->is_pressed);
      xeno_test_until (has_key, fixture);
    }
}

static void
answer_questions (Fixture      *fixture,
                  const Server *server)
{
  if (server->asks_trust)
    {
      xeno_test_until (is_asking, fixture->viewer);
      g_assert_cmpint (xeno_viewer_get_question (fixture->viewer), ==, XENO_VIEWER_ASKS_TRUST);
      xeno_viewer_answer_trust (fixture->viewer);
    }
  if (server->asks_password)
    {
      xeno_test_until (is_asking, fixture->viewer);
      g_assert_cmpint (xeno_viewer_get_question (fixture->viewer), ==, XENO_VIEWER_ASKS_CREDENTIALS);
      xeno_viewer_answer_credentials (fixture->viewer, "", PASSWORD, FALSE);
    }
}

static void
try_display (Fixture      *fixture,
             const Server *server)
{
  g_autofree char *uri = fill_in (fixture, server->uri);
  g_autoptr (XenoAddress) address = NULL;
  g_autoptr (GError) error = NULL;

  address = xeno_address_new (uri, &error);
  g_assert_no_error (error);
  fixture->viewer = xeno_viewer_new (address, NULL);
  fixture->backend = xeno_viewer_display_open (fixture->viewer);
  g_signal_connect (fixture->backend, "damage", G_CALLBACK (xeno_console_backend_frame_done), NULL);
  xeno_console_backend_start (fixture->backend);

  answer_questions (fixture, server);
  xeno_test_until (is_live, fixture->backend);
  g_assert_cmpint (xeno_viewer_is_encrypted (fixture->viewer), ==, server->is_encrypted);
  if (server->is_white)
    {
      xeno_test_until (shows_white, fixture->backend);
      try_input (fixture, server);
    }
}

static gboolean
has_one_reference (gpointer data)
{
  return G_OBJECT (data)->ref_count == 1;
}

static void
tear_down (Fixture *fixture)
{
  if (fixture->backend != NULL)
    {
      xeno_console_backend_stop (fixture->backend);
      g_assert_finalize_object (fixture->backend);
      xeno_test_until (has_one_reference, fixture->viewer);
      g_assert_finalize_object (fixture->viewer);
    }
  if (fixture->display != NULL)
    XCloseDisplay (fixture->display);
  g_subprocess_send_signal (fixture->process, SIGTERM);
  xeno_test_until (is_gone, fixture);
  g_object_unref (fixture->process);
  if (fixture->frame != NULL)
    {
      g_subprocess_send_signal (fixture->frame, SIGTERM);
      g_subprocess_wait (fixture->frame, NULL, NULL);
      g_object_unref (fixture->frame);
    }
  g_free (fixture->directory);
}

static void
test_shows (gconstpointer data)
{
  const Server *server = data;
  Fixture fixture = { 0 };
  g_autofree char *program = g_find_program_in_path (server->program);

  if (program == NULL)
    {
      g_autofree char *reason = g_strconcat (server->program, " is not installed", NULL);

      g_test_skip (reason);
      return;
    }

  fixture.port = find_port ();
  fixture.x = FIRST_DISPLAY + fixture.port % MAX_DISPLAYS;
  make_directory (&fixture);
  if (strstr (server->arguments, "@FRAME@") != NULL)
    start_frame (&fixture);
  fixture.process = start (&fixture, server->program, server->arguments);
  g_subprocess_wait_async (fixture.process, NULL, gone_cb, &fixture.is_gone);
  xeno_test_until (is_listening, &fixture);

  /* Debian 12's Xspice overruns its own memory as it starts. */
  if (fixture.is_gone && g_str_equal (server->program, "Xspice"))
    {
      g_test_skip ("the Xspice that is installed does not start");
    }
  else
    {
      g_assert_false (fixture.is_gone);
      try_display (&fixture, server);
    }
  tear_down (&fixture);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (servers); i++)
    {
      g_autofree char *path = g_strconcat ("/xeno/interop/shows/", servers[i].name, NULL);

      g_test_add_data_func (path, &servers[i], test_shows);
    }
  return g_test_run ();
}
