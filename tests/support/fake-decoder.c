/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A decoder that has been taken over: does to the app what its argument names. */
#include "config.h"

#include <fcntl.h>
#include <gio/gio.h>
#include <gio/gunixfdlist.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "display/xeno-display-board.h"
#include "support/fuzz-messages.h"

typedef struct
{
  const char *name;
  void      (*run) (GDBusConnection *connection);
} Mode;

static void
call_on (GDBusConnection *connection,
         const char      *path,
         const char      *interface,
         const char      *method,
         GVariant        *parameters,
         GUnixFDList     *fds)
{
  g_dbus_connection_call_with_unix_fd_list (connection, NULL, path, interface, method, parameters,
                                            NULL, G_DBUS_CALL_FLAGS_NONE, -1, fds, NULL, NULL, NULL);
}

static void
call_at (GDBusConnection *connection,
         const char      *path,
         const char      *method,
         GVariant        *parameters,
         GUnixFDList     *fds)
{
  call_on (connection, path, xeno_display_listener_interface.name, method, parameters, fds);
}

static void
call (GDBusConnection *connection,
      const char      *method,
      GVariant        *parameters)
{
  call_at (connection, XENO_DISPLAY_OBJECT_PATH, method, parameters, NULL);
}

static int
make_memory (gsize size,
             int   seals)
{
  int fd = memfd_create ("fake", MFD_CLOEXEC | MFD_ALLOW_SEALING);

  if (fd < 0 || ftruncate (fd, size) != 0 || fcntl (fd, F_ADD_SEALS, seals) != 0)
    g_error ("no memory");
  return fd;
}

static void
scan_out (GDBusConnection *connection,
          int              fd,
          guint            width,
          guint            height,
          guint            stride)
{
  g_autoptr (GUnixFDList) fds = g_unix_fd_list_new_from_array (&fd, 1);

  call_at (connection, XENO_DISPLAY_OBJECT_PATH, "Scanout",
           g_variant_new ("(huuu)", 0, width, height, stride), fds);
}

static void
scan_out_memory (GDBusConnection *connection,
                 gsize            size,
                 guint            width,
                 guint            height,
                 guint            stride)
{
  scan_out (connection, make_memory (size, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL), width, height, stride);
}

/* The board as it lies there: the functions for decoders keep to the rules. */
static XenoDisplayBoardPage *
map_board (void)
{
  gpointer page = mmap (NULL, sizeof (XenoDisplayBoardPage), PROT_READ | PROT_WRITE, MAP_SHARED,
                        XENO_DISPLAY_BOARD_FD, 0);

  if (page == MAP_FAILED)
    g_error ("no board");
  return page;
}

static void
ring (void)
{
  if (send (XENO_DISPLAY_BELL_FD, "", 1, MSG_NOSIGNAL) != 1)
    _exit (0);
}

/* Waits until the app has mapped the frame, and has painted so much that there is room. */
static void
update (GDBusConnection *connection,
        int              x,
        int              y,
        int              width,
        int              height)
{
  XenoDisplayBoardPage *page = map_board ();
  XenoDamage *damage = &page->updates[page->n_posted % XENO_DISPLAY_MAX_UPDATES];

  while (page->n_posted - (guint) g_atomic_int_get (&page->n_painted) == XENO_DISPLAY_MAX_UPDATES)
    g_main_context_iteration (NULL, FALSE);
  damage->n_rectangles = 1;
  damage->rectangles[0] = (XenoRectangle) { x, y, width, height };
  g_atomic_int_inc (&page->n_posted);
  ring ();
}

static void
define_cursor (GDBusConnection *connection,
               guint            width,
               guint            height,
               int              hot_x,
               gsize            size)
{
  g_autofree guchar *rgba = g_malloc0 (size + 1);

  call (connection, "DefineCursor",
        g_variant_new ("(uuii@ay)", width, height, hot_x, 0,
                       g_variant_new_fixed_array (G_VARIANT_TYPE_BYTE, rgba, size, 1)));
}

static void
good_frame (GDBusConnection *connection)
{
  scan_out_memory (connection, 64 * 48 * 4, 64, 48, 256);
}

static void
die (GDBusConnection *connection)
{
  good_frame (connection);
  g_dbus_connection_flush_sync (connection, NULL, NULL);
  _exit (1);
}

static void
hang (GDBusConnection *connection)
{
  good_frame (connection);
  g_dbus_connection_flush_sync (connection, NULL, NULL);
  raise (SIGSTOP);
}

static void
frame_zero (GDBusConnection *connection)
{
  scan_out_memory (connection, 4096, 0, 0, 0);
}

static void
frame_too_wide (GDBusConnection *connection)
{
  scan_out_memory (connection, 16385 * 4, 16385, 1, 16385 * 4);
}

static void
frame_narrow_stride (GDBusConnection *connection)
{
  scan_out_memory (connection, 64 * 48 * 4, 64, 48, 255);
}

static void
frame_larger_than_memory (GDBusConnection *connection)
{
  scan_out_memory (connection, 64 * 48 * 4 - 1, 64, 48, 256);
}

static void
frame_overflow (GDBusConnection *connection)
{
  scan_out_memory (connection, 4096, 16384, 16384, 0xfffffffc);
}

static void
frame_unsealed (GDBusConnection *connection)
{
  scan_out (connection, make_memory (64 * 48 * 4, F_SEAL_GROW), 64, 48, 256);
}

static void
frame_no_memory (GDBusConnection *connection)
{
  int fds[2];

  if (pipe (fds) != 0)
    g_error ("no pipe");
  scan_out (connection, fds[0], 64, 48, 256);
}

static void
frame_no_descriptor (GDBusConnection *connection)
{
  call (connection, "Scanout", g_variant_new ("(huuu)", 7, 64, 48, 256));
}

static void
cursor_huge (GDBusConnection *connection)
{
  define_cursor (connection, 257, 1, 0, 4 * 257);
}

static void
cursor_short (GDBusConnection *connection)
{
  define_cursor (connection, 16, 16, 0, 16);
}

static void
cursor_points_outside (GDBusConnection *connection)
{
  define_cursor (connection, 16, 16, 16, 4 * 16 * 16);
}

static void
cursor_overflow (GDBusConnection *connection)
{
  define_cursor (connection, 0x80000000u, 2, 0, 0);
}

static void
wrong_types (GDBusConnection *connection)
{
  call (connection, "SetLeds", g_variant_new ("(s)", "everything"));
}

static void
unknown_method (GDBusConnection *connection)
{
  call (connection, "Format", g_variant_new ("(s)", "/dev/sda"));
}

static void
other_object (GDBusConnection *connection)
{
  call_at (connection, "/", "ResetCursor", NULL, NULL);
}

static void
too_many_updates (GDBusConnection *connection)
{
  good_frame (connection);
  map_board ()->n_posted = XENO_DISPLAY_MAX_UPDATES + 1;
  ring ();
}

static void
too_many_rectangles (GDBusConnection *connection)
{
  XenoDisplayBoardPage *page = map_board ();

  good_frame (connection);
  page->updates[0].n_rectangles = XENO_DISPLAY_MAX_RECTANGLES + 1;
  page->n_posted = 1;
  ring ();
}

static void
takes_updates_back (GDBusConnection *connection)
{
  good_frame (connection);
  map_board ()->n_posted = G_MAXUINT;
  ring ();
}

static void
rings_for_nothing (GDBusConnection *connection)
{
  good_frame (connection);
  ring ();
}

static void
too_many_sockets (GDBusConnection *connection)
{
  for (guint i = 0; i < 40; i++)
    call (connection, "OpenSocket", NULL);
}

static void
false_stage (GDBusConnection *connection)
{
  call (connection, "Progress", g_variant_new ("(u)", 77));
}

static void
long_text (GDBusConnection *connection)
{
  g_autofree char *text = g_strnfill (1 << 20, 'x');

  call (connection, "Failed", g_variant_new ("(us)", 0, text));
}

static void
flood (GDBusConnection *connection)
{
  for (guint i = 0; i < 20000; i++)
    call (connection, "SetLeds", g_variant_new ("(u)", i));
}

static void
shout (GDBusConnection *connection)
{
  g_dbus_connection_emit_signal (connection, NULL, "/", "a.b", "C", NULL, NULL);
}

static void
half_a_message (GDBusConnection *connection)
{
  static const guchar half[] = { 'l', 1, 0, 1, 0xff, 0xff, 0, 0, 1, 0, 0, 0 };

  if (write (XENO_DISPLAY_SOCKET_FD, half, sizeof half) != sizeof half)
    g_error ("no socket");
  _exit (0);
}

static void
nonsense (GDBusConnection *connection)
{
  guchar bytes[4096];

  memset (bytes, 0xa5, sizeof bytes);
  if (write (XENO_DISPLAY_SOCKET_FD, bytes, sizeof bytes) != sizeof bytes)
    g_error ("no socket");
}

/* Nothing wrong here: rectangles are cut to the frame, and answered when nothing of them is left. */
static void
rectangles_outside (GDBusConnection *connection)
{
  good_frame (connection);
  g_dbus_connection_call_sync (connection, NULL, XENO_DISPLAY_OBJECT_PATH,
                               xeno_display_listener_interface.name, "SetLeds", g_variant_new ("(u)", 1),
                               NULL, G_DBUS_CALL_FLAGS_NONE, -1, NULL, NULL);
  update (connection, 64, 0, 1, 1);
  update (connection, G_MAXINT, G_MAXINT, G_MAXINT, G_MAXINT);
  update (connection, G_MININT, G_MININT, G_MAXINT, G_MAXINT);
  update (connection, 0, 0, -1, -1);
  update (connection, -10, -10, 20, 20);
}

static void
ask_for_nonsense (GDBusConnection *connection)
{
  call_on (connection, XENO_DISPLAY_OBJECT_PATH, xeno_display_clipboard_interface.name, "Request",
           g_variant_new ("(u)", 77), NULL);
}

static void
ask_without_end (GDBusConnection *connection)
{
  for (guint i = 0; i < 20000; i++)
    call_on (connection, XENO_DISPLAY_OBJECT_PATH, xeno_display_clipboard_interface.name, "Request",
             g_variant_new ("(u)", XENO_DISPLAY_FORM_TEXT), NULL);
}

/* What it is asked for it gives, by the name of the text's form: in memory that is not sealed, in too
 * much of it, in none, or in words. */
static void
give_content (GDBusConnection       *connection,
              const char            *sender,
              const char            *object_path,
              const char            *interface_name,
              const char            *method,
              GVariant              *parameters,
              GDBusMethodInvocation *invocation,
              gpointer               user_data)
{
  const int all = F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE;
  g_autoptr (GUnixFDList) fds = NULL;
  guint form = 0;
  int fd = -1;

  if (g_str_equal (method, "Request"))
    g_variant_get (parameters, "(u)", &form);
  if (form == XENO_DISPLAY_FORM_TEXT)
    fd = make_memory (100, F_SEAL_SHRINK | F_SEAL_GROW);
  else if (form == XENO_DISPLAY_FORM_PNG)
    fd = make_memory (XENO_DISPLAY_MAX_PICTURE + 1, all);
  else if (form == XENO_DISPLAY_FORM_TIFF)
    fd = open ("/dev/zero", O_RDONLY);
  fds = fd >= 0 ? g_unix_fd_list_new_from_array (&fd, 1) : g_unix_fd_list_new ();
  if (form == XENO_DISPLAY_FORM_JPEG)
    g_dbus_method_invocation_return_dbus_error (invocation, "x.Evil", "\33[31m<b>no</b>\n");
  else if (g_str_equal (method, "Request"))
    g_dbus_method_invocation_return_value_with_unix_fd_list (invocation, g_variant_new ("(h)", 0), fds);
  else
    g_dbus_method_invocation_return_value (invocation, NULL);
}

static void
has_bad_content (GDBusConnection *connection)
{
  static const GDBusInterfaceVTable vtable = { .method_call = give_content };

  g_dbus_connection_register_object (connection, XENO_DISPLAY_OBJECT_PATH,
                                     (GDBusInterfaceInfo *) &xeno_display_clipboard_interface, &vtable,
                                     NULL, NULL, NULL);
  good_frame (connection);
  call_on (connection, XENO_DISPLAY_OBJECT_PATH, xeno_display_desktop_interface.name, "SetAbilities",
           g_variant_new ("(u)", G_MAXUINT), NULL);
  call_on (connection, XENO_DISPLAY_OBJECT_PATH, xeno_display_clipboard_interface.name, "Grab",
           g_variant_new ("(u)", G_MAXUINT), NULL);
}

static void
stay_silent (GDBusConnection *connection)
{
}

static void
shows_nothing (GDBusConnection *connection)
{
  call (connection, "Progress", g_variant_new ("(u)", XENO_DISPLAY_STAGE_READY));
}

static const Mode modes[] = {
  { "asks-for-nonsense", ask_for_nonsense },
  { "asks-without-end", ask_without_end },
  { "bad-content", has_bad_content },
  { "cursor-huge", cursor_huge },
  { "cursor-overflow", cursor_overflow },
  { "cursor-points-outside", cursor_points_outside },
  { "cursor-short", cursor_short },
  { "dies", die },
  { "false-stage", false_stage },
  { "flood", flood },
  { "frame-larger-than-memory", frame_larger_than_memory },
  { "frame-narrow-stride", frame_narrow_stride },
  { "frame-no-descriptor", frame_no_descriptor },
  { "frame-no-memory", frame_no_memory },
  { "frame-overflow", frame_overflow },
  { "frame-too-wide", frame_too_wide },
  { "frame-unsealed", frame_unsealed },
  { "frame-zero", frame_zero },
  { "half-a-message", half_a_message },
  { "hangs", hang },
  { "long-text", long_text },
  { "nonsense", nonsense },
  { "other-object", other_object },
  { "rectangles-outside", rectangles_outside },
  { "rings-for-nothing", rings_for_nothing },
  { "shouts", shout },
  { "shows-nothing", shows_nothing },
  { "silent", stay_silent },
  { "takes-updates-back", takes_updates_back },
  { "too-many-rectangles", too_many_rectangles },
  { "too-many-sockets", too_many_sockets },
  { "too-many-updates", too_many_updates },
  { "unknown-method", unknown_method },
  { "wrong-types", wrong_types },
};

/* “fuzz-SEED”: what the seed says, then the end. */
static void
fuzz (GDBusConnection *connection,
      const char      *seed)
{
  static const GDBusInterfaceInfo *const interfaces[] = {
    &xeno_display_listener_interface,
    &xeno_display_clipboard_interface,
    &xeno_display_desktop_interface,
  };

  fuzz_messages_send (connection, XENO_DISPLAY_SOCKET_FD, interfaces, G_N_ELEMENTS (interfaces),
                      g_ascii_strtoull (seed, NULL, 10), 40);
  g_dbus_connection_flush_sync (connection, NULL, NULL);
  _exit (0);
}

static GDBusConnection *
connect_to_app (void)
{
  g_autofree char *guid = g_dbus_generate_guid ();
  g_autoptr (GSocket) socket = g_socket_new_from_fd (XENO_DISPLAY_SOCKET_FD, NULL);
  g_autoptr (GSocketConnection) stream = g_socket_connection_factory_create_connection (socket);
  GDBusConnection *connection;

  connection = g_dbus_connection_new_sync (G_IO_STREAM (stream), guid,
                                           G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_SERVER,
                                           NULL, NULL, NULL);
  if (connection == NULL)
    _exit (1);
  return connection;
}

int
main (int   argc,
      char *argv[])
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (GDBusConnection) connection = NULL;

  prctl (PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
  if (g_str_equal (argv[1], "exits"))
    return 0;

  if (g_str_equal (argv[1], "mute"))
    {
      g_main_loop_run (loop);
      return 0;
    }

  connection = connect_to_app ();
  g_dbus_connection_set_exit_on_close (connection, FALSE);
  g_signal_connect_swapped (connection, "closed", G_CALLBACK (g_main_loop_quit), loop);
  if (g_str_has_prefix (argv[1], "fuzz-"))
    fuzz (connection, argv[1] + strlen ("fuzz-"));
  for (guint i = 0; i < G_N_ELEMENTS (modes); i++)
    if (g_str_equal (modes[i].name, argv[1]))
      modes[i].run (connection);
  g_main_loop_run (loop);
  return 0;
}
