/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Displays of servers that others wrote: TigerVNC, x11vnc, Xspice, QEMU with passwords, SASL and TLS. */
#include "config.h"

#include <X11/Xlib.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>

#include "app/xeno-viewer-display.h"
#include "base/xeno-error.h"
#include "support/xeno-test.h"

#define USERNAME "mona"
#define PASSWORD "geheim1"
#define WRONG_PASSWORD "geheim2"

/* What vncpasswd makes of it. */
static const guchar password_file[] = { 0x11, 0xdb, 0xa2, 0x39, 0xc2, 0x6f, 0xa1, 0x39 };

#define WHITE 0xffffff

/* X servers refuse numbers that lead to no port. */
#define FIRST_DISPLAY 100
#define MAX_DISPLAYS 50000
#define MAX_TRIES 5

/* In the words of a server: @PORT@ is free, @DIR@ has a password file "pw", a folder "sasl" and QEMU's
 * names for the certificates; @X@ is a number for an X server, @FRAME@ one that is up and white. */
typedef struct
{
  const char *name;
  const char *needs;
  const char *command;
  const char *uri;
  const char *environment;
  const char *mechanism; /* of SASL, which asks for a name */
  guint       width; /* of what is all white; 0: it is not */
  gboolean    asks_trust;
  gboolean    asks_password;
  gboolean    is_encrypted;
  gboolean    takes_sizes;
} Server;

#define TIGERVNC "Xtigervnc :@X@ -rfbport @PORT@ -wr -localhost -geometry 640x480 "
#define X11VNC "x11vnc -display :@FRAME@ -rfbport @PORT@ -localhost -forever -quiet -noxrecord "
#define QEMU "qemu-system-x86_64 -nodefaults -vga std -display none -object secret,id=p,data=" PASSWORD " "
#define QEMU_TLS_SASL QEMU "-object tls-creds-x509,id=t,endpoint=server,dir=@DIR@,verify-peer=off " \
                      "-vnc 127.0.0.1:@DISPLAY@,tls-creds=t,sasl=on"
#define VNC "vnc://127.0.0.1::@PORT@"
#define SPICE "spice://127.0.0.1:@PORT@"
#define SASL "SASL_CONF_PATH=@DIR@/sasl"

/* What the script Xspice does; it cannot be ended, and gives no room for surfaces where the driver gets
 * none by default: without these four, Debian 12's writes beside its memory as it starts. */
#define XSPICE "Xorg :@X@ -config spiceqxl.xorg.conf -wr -noreset -nolisten tcp -logfile @DIR@/xorg.log"
#define XSPICE_ENVIRONMENT \
  "QXL_NUM_HEADS=1 QXL_FRAME_BUFFER_SIZE=16 QXL_SURFACE_BUFFER_SIZE=32 QXL_COMMAND_BUFFER_SIZE=32 " \
  "XSPICE_ADDR=127.0.0.1 XSPICE_PORT=@PORT@ "

static const Server servers[] = {
  { "tigervnc-open", "Xtigervnc", TIGERVNC "-SecurityTypes None", VNC, .width = 640, .takes_sizes = TRUE },
  { "tigervnc-password", "Xtigervnc", TIGERVNC "-SecurityTypes VncAuth -PasswordFile @DIR@/pw", VNC,
    .width = 640, .asks_password = TRUE },
  { "tigervnc-anonymous-tls", "Xtigervnc", TIGERVNC "-SecurityTypes TLSVnc -PasswordFile @DIR@/pw", VNC,
    .width = 640, .asks_password = TRUE, .is_encrypted = TRUE },
  { "tigervnc-certificate", "Xtigervnc",
    TIGERVNC "-SecurityTypes X509Vnc,TLSVnc,VncAuth -PasswordFile @DIR@/pw "
    "-X509Cert @DIR@/server-cert.pem -X509Key @DIR@/server-key.pem", VNC,
    .width = 640, .asks_trust = TRUE, .asks_password = TRUE, .is_encrypted = TRUE },
  { "x11vnc-open", "x11vnc", X11VNC "-nopw", VNC, .width = 640 },
  { "x11vnc-password", "x11vnc", X11VNC "-rfbauth @DIR@/pw", VNC, .width = 640, .asks_password = TRUE },
  { "xspice", "Xspice", XSPICE, SPICE, XSPICE_ENVIRONMENT "XSPICE_DISABLE_TICKETING=1", .width = 1024 },
  { "xspice-password", "Xspice", XSPICE, SPICE, XSPICE_ENVIRONMENT "XSPICE_PASSWORD=" PASSWORD,
    .width = 1024, .asks_password = TRUE },
  { "qemu-spice-password", "qemu-system-x86_64", QEMU "-spice addr=127.0.0.1,port=@PORT@,password-secret=p",
    SPICE, .asks_password = TRUE },
  { "qemu-spice-tls", "qemu-system-x86_64",
    QEMU "-spice addr=127.0.0.1,tls-port=@PORT@,x509-dir=@DIR@,password-secret=p",
    "spice+tls://127.0.0.1:@PORT@", .asks_trust = TRUE, .asks_password = TRUE, .is_encrypted = TRUE },
  { "qemu-spice-sasl", "saslpasswd2", QEMU "-spice addr=127.0.0.1,port=@PORT@,sasl=on", SPICE, SASL,
    "digest-md5", .asks_password = TRUE },
  { "qemu-spice-tls-sasl", "saslpasswd2",
    QEMU "-spice addr=127.0.0.1,tls-port=@PORT@,x509-dir=@DIR@,sasl=on", "spice+tls://127.0.0.1:@PORT@", SASL,
    "plain", .asks_trust = TRUE, .asks_password = TRUE, .is_encrypted = TRUE },
  { "qemu-spice-tls-sasl-digest", "saslpasswd2",
    QEMU "-spice addr=127.0.0.1,tls-port=@PORT@,x509-dir=@DIR@,sasl=on", "spice+tls://127.0.0.1:@PORT@", SASL,
    "digest-md5", .asks_trust = TRUE, .asks_password = TRUE, .is_encrypted = TRUE },
  { "qemu-vnc-tls", "qemu-system-x86_64",
    QEMU "-object tls-creds-x509,id=t,endpoint=server,dir=@DIR@,verify-peer=off "
    "-vnc 127.0.0.1:@DISPLAY@,tls-creds=t,password-secret=p", VNC,
    .asks_trust = TRUE, .asks_password = TRUE, .is_encrypted = TRUE },
  { "qemu-vnc-sasl", "saslpasswd2", QEMU "-vnc 127.0.0.1:@DISPLAY@,sasl=on", VNC, SASL,
    "digest-md5", .asks_password = TRUE },
  { "qemu-vnc-anonymous-tls-sasl", "saslpasswd2",
    QEMU "-object tls-creds-anon,id=t,endpoint=server -vnc 127.0.0.1:@DISPLAY@,tls-creds=t,sasl=on", VNC, SASL,
    "digest-md5", .asks_password = TRUE, .is_encrypted = TRUE },
  { "qemu-vnc-tls-sasl", "saslpasswd2", QEMU_TLS_SASL, VNC, SASL,
    "plain", .asks_trust = TRUE, .asks_password = TRUE, .is_encrypted = TRUE },
  { "qemu-vnc-tls-sasl-digest", "saslpasswd2", QEMU_TLS_SASL, VNC, SASL,
    "digest-md5", .asks_trust = TRUE, .asks_password = TRUE, .is_encrypted = TRUE },
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
  guint               width;
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

/* Nothing here needs words with spaces in them. */
static GSubprocess *
start (Fixture    *fixture,
       const char *command,
       const char *environment)
{
  g_autofree char *line = fill_in (fixture, command);
  g_auto (GStrv) argv = g_strsplit (line, " ", -1);
  g_autofree char *variables = fill_in (fixture, environment != NULL ? environment : "");
  g_auto (GStrv) words = g_strsplit (variables, " ", -1);
  g_autoptr (GSubprocessLauncher) launcher = NULL;
  g_autoptr (GError) error = NULL;
  GSubprocess *process;

  launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_SILENCE | G_SUBPROCESS_FLAGS_STDERR_SILENCE);
  for (guint i = 0; words[i] != NULL; i++)
    {
      g_auto (GStrv) variable = g_strsplit (words[i], "=", 2);

      if (variable[0] != NULL)
        g_subprocess_launcher_setenv (launcher, variable[0], variable[1], TRUE);
    }
  process = g_subprocess_launcher_spawnv (launcher, (const char *const *) argv, &error);
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

/* What servers read that call themselves "qemu": who may look, and how they prove who they are. */
static void
make_sasl (Fixture    *fixture,
           const char *mechanism)
{
  static const char configuration[] = "pwcheck_method: auxprop\n"
                                      "auxprop_plugin: sasldb\n"
                                      "sasldb_path: @DIR@/sasl/users\n";
  g_autofree char *directory = g_build_filename (fixture->directory, "sasl", NULL);
  g_autofree char *path = g_build_filename (directory, "qemu.conf", NULL);
  g_autofree char *users = g_build_filename (directory, "users", NULL);
  g_autofree char *lines = g_strdup_printf ("mech_list: %s\n%s", mechanism, configuration);
  g_autofree char *text = fill_in (fixture, lines);
  g_autoptr (GSubprocess) process = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (g_mkdir (directory, 0700), ==, 0);
  g_assert_true (g_file_set_contents (path, text, -1, NULL));
  process = g_subprocess_new (G_SUBPROCESS_FLAGS_STDIN_PIPE, &error,
                              "saslpasswd2", "-p", "-c", "-f", users, USERNAME, NULL);
  g_assert_no_error (error);
  g_subprocess_communicate_utf8 (process, PASSWORD, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (g_subprocess_get_successful (process));
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
  fixture->frame_x = FIRST_DISPLAY + find_port () % MAX_DISPLAYS;
  fixture->frame = start (fixture, "Xvfb :@FRAME@ -screen 0 640x480x24 -wr -noreset -nolisten tcp", NULL);
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
  Fixture *fixture = data;
  XenoSurface *surface = xeno_console_backend_get_surface (fixture->backend);

  return surface != NULL && xeno_surface_get_width (surface) == fixture->width && get_pixel (surface) == WHITE;
}

static gboolean
is_live (gpointer data)
{
  return xeno_console_backend_get_state (data) == XENO_CONSOLE_LIVE;
}

static gboolean
is_closed (gpointer data)
{
  return xeno_console_backend_get_state (data) == XENO_CONSOLE_CLOSED;
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
  if (fixture->display == NULL && strstr (server->command, ":@X@") != NULL)
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

static gboolean
has_resized (gpointer data)
{
  Fixture *fixture = data;
  XenoSurface *surface = xeno_console_backend_get_surface (fixture->backend);
  Window root;
  int x, y;
  unsigned int width, height, border, depth;

  XGetGeometry (fixture->display, DefaultRootWindow (fixture->display), &root, &x, &y, &width, &height,
                &border, &depth);
  return width == 832 && height == 600 &&
         surface != NULL && xeno_surface_get_width (surface) == 832 && xeno_surface_get_height (surface) == 600;
}

static void
await_question (Fixture            *fixture,
                XenoViewerQuestion  question)
{
  xeno_test_until (is_asking, fixture->viewer);
  g_assert_cmpint (xeno_viewer_get_question (fixture->viewer), ==, question);
}

static void
answer_trust (Fixture      *fixture,
              const Server *server)
{
  if (!server->asks_trust)
    return;

  await_question (fixture, XENO_VIEWER_ASKS_TRUST);
  xeno_viewer_answer_trust (fixture->viewer);
}

/* A person first gets it wrong, and is asked again. */
static void
answer_questions (Fixture      *fixture,
                  const Server *server)
{
  const char *username = server->mechanism != NULL ? USERNAME : "";

  answer_trust (fixture, server);
  if (server->asks_password)
    {
      await_question (fixture, XENO_VIEWER_ASKS_CREDENTIALS);
      g_assert_cmpint ((xeno_viewer_get_wanted (fixture->viewer) & XENO_VIEWER_USERNAME) != 0, ==,
                       server->mechanism != NULL);
      xeno_viewer_answer_credentials (fixture->viewer, username, WRONG_PASSWORD, FALSE);
      await_question (fixture, XENO_VIEWER_ASKS_CREDENTIALS);
      xeno_viewer_answer_credentials (fixture->viewer, username, PASSWORD, FALSE);
    }
}

static void
open_display (Fixture      *fixture,
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
}

static void
try_display (Fixture      *fixture,
             const Server *server)
{
  open_display (fixture, server);
  answer_questions (fixture, server);
  xeno_test_until (is_live, fixture->backend);
  g_assert_cmpint (xeno_viewer_is_encrypted (fixture->viewer), ==, server->is_encrypted);
  fixture->width = server->width;
  if (server->width > 0)
    {
      xeno_test_until (shows_white, fixture);
      try_input (fixture, server);
    }
  if (server->takes_sizes)
    {
      xeno_guest_arrange (xeno_console_backend_get_guest (fixture->backend),
                          &(XenoDisplayMonitor) { 0, 0, 0, 832, 600, 0, 0 }, 1);
      xeno_test_until (has_resized, fixture);
    }
}

static gboolean
has_one_reference (gpointer data)
{
  return G_OBJECT (data)->ref_count == 1;
}

static void
close_display (Fixture *fixture)
{
  xeno_console_backend_stop (fixture->backend);
  g_assert_finalize_object (fixture->backend);
  xeno_test_until (has_one_reference, fixture->viewer);
  g_assert_finalize_object (fixture->viewer);
  fixture->backend = NULL;
  fixture->viewer = NULL;
}

static void
try_to_refuse (Fixture      *fixture,
               const Server *server)
{
  open_display (fixture, server);
  answer_trust (fixture, server);
  await_question (fixture, XENO_VIEWER_ASKS_CREDENTIALS);
  xeno_viewer_refuse_answer (fixture->viewer);
  xeno_test_until (is_closed, fixture->backend);
}

static void
tear_down (Fixture *fixture)
{
  if (fixture->backend != NULL)
    close_display (fixture);
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

/* Another program may take a port between our finding it and the server's using it. */
static void
start_server (Fixture      *fixture,
              const Server *server)
{
  for (guint i = 0; i < MAX_TRIES && fixture->is_gone; i++)
    {
      g_clear_object (&fixture->process);
      fixture->port = find_port ();
      fixture->x = FIRST_DISPLAY + fixture->port % MAX_DISPLAYS;
      fixture->is_gone = FALSE;
      fixture->process = start (fixture, server->command, server->environment);
      g_subprocess_wait_async (fixture->process, NULL, gone_cb, &fixture->is_gone);
      xeno_test_until (is_listening, fixture);
    }
  g_assert_false (fixture->is_gone);
}

static void
with_server (const Server *server,
             void        (*try) (Fixture      *fixture,
                                 const Server *server))
{
  Fixture fixture = { 0 };
  g_autofree char *program = g_find_program_in_path (server->needs);

  if (program == NULL)
    {
      g_autofree char *reason = g_strconcat (server->needs, " is not installed", NULL);

      g_test_skip (reason);
      return;
    }

  make_directory (&fixture);
  if (server->mechanism != NULL)
    make_sasl (&fixture, server->mechanism);
  if (strstr (server->command, "@FRAME@") != NULL)
    start_frame (&fixture);
  fixture.is_gone = TRUE; /* as long as it was not started */
  start_server (&fixture, server);
  try (&fixture, server);
  tear_down (&fixture);
}

static void
test_shows (gconstpointer data)
{
  with_server (data, try_display);
}

static void
test_refused (gconstpointer data)
{
  with_server (data, try_to_refuse);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (servers); i++)
    {
      g_autofree char *shows = g_strconcat ("/xeno/interop/shows/", servers[i].name, NULL);
      g_autofree char *refused = g_strconcat ("/xeno/interop/stays-closed-without-an-answer/", servers[i].name, NULL);

      g_test_add_data_func (shows, &servers[i], test_shows);
      if (servers[i].mechanism != NULL)
        g_test_add_data_func (refused, &servers[i], test_refused);
    }
  return g_test_run ();
}
