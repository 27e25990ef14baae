/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the decoder makes of a QEMU of ours that speaks D-Bus, and behaves or does not. */
#include "config.h"

#include <gio/gunixfdlist.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/xeno-error.h"
#include "support/display-rig.h"
#include "support/xeno-test.h"

#define WIDTH 16
#define HEIGHT 12
#define X8R8G8B8 0x20020888
#define R5G6B5 0x10020565
#define LISTENER_PATH "/org/qemu/Display1/Listener"
#define CLIPBOARD_PATH "/org/qemu/Display1/Clipboard"
#define TEXT_TYPE "text/plain;charset=utf-8"

typedef struct
{
  DisplayRig         *rig;
  GDBusServer        *server;
  GDBusNodeInfo      *interfaces;
  GDBusConnection    *viewer;   /* the viewer calls us */
  GDBusConnection    *listener; /* we call the viewer */
  GDBusConnection    *second;   /* the same for the second console */
  GString            *log;
  const char         *expected;
  const char         *guest_text;
  const char         *desktop_text;
  guint               grabbed;
  XenoConsoleBackend *backend;
} Fixture;

static const char interfaces_xml[] =
  "<node>"
  "<interface name='org.qemu.Display1.VM'>"
  "<property name='ConsoleIDs' type='au' access='read'/>"
  "</interface>"
  "<interface name='org.qemu.Display1.Console'>"
  "<property name='Type' type='s' access='read'/>"
  "<method name='RegisterListener'><arg type='h' direction='in'/></method>"
  "<method name='SetUIInfo'><arg type='q' direction='in'/><arg type='q' direction='in'/>"
  "<arg type='i' direction='in'/><arg type='i' direction='in'/>"
  "<arg type='u' direction='in'/><arg type='u' direction='in'/></method>"
  "</interface>"
  "<interface name='org.qemu.Display1.Keyboard'>"
  "<method name='Press'><arg type='u' direction='in'/></method>"
  "<method name='Release'><arg type='u' direction='in'/></method>"
  "<property name='Modifiers' type='u' access='read'/>"
  "</interface>"
  "<interface name='org.qemu.Display1.Mouse'>"
  "<method name='Press'><arg type='u' direction='in'/></method>"
  "<method name='Release'><arg type='u' direction='in'/></method>"
  "<method name='SetAbsPosition'><arg type='u' direction='in'/><arg type='u' direction='in'/></method>"
  "<method name='RelMotion'><arg type='i' direction='in'/><arg type='i' direction='in'/></method>"
  "<property name='IsAbsolute' type='b' access='read'/>"
  "</interface>"
  "<interface name='org.qemu.Display1.Clipboard'>"
  "<method name='Register'/>"
  "<method name='Unregister'/>"
  "<method name='Grab'><arg type='u' direction='in'/><arg type='u' direction='in'/>"
  "<arg type='as' direction='in'/></method>"
  "<method name='Release'><arg type='u' direction='in'/></method>"
  "<method name='Request'><arg type='u' direction='in'/><arg type='as' direction='in'/>"
  "<arg type='s' direction='out'/><arg type='ay' direction='out'/></method>"
  "</interface>"
  "</node>";

static void
listener_ready_cb (GObject      *source,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  GDBusConnection **listener = user_data;
  g_autoptr (GError) error = NULL;

  g_clear_object (listener);
  *listener = g_dbus_connection_new_finish (result, &error);
  g_assert_no_error (error);
}

static void
register_listener (Fixture               *fixture,
                   GDBusConnection      **listener,
                   GDBusMethodInvocation *invocation)
{
  GUnixFDList *fds = g_dbus_message_get_unix_fd_list (g_dbus_method_invocation_get_message (invocation));
  g_autofree char *guid = g_dbus_generate_guid ();
  g_autoptr (GSocket) socket = g_socket_new_from_fd (g_unix_fd_list_get (fds, 0, NULL), NULL);
  g_autoptr (GSocketConnection) stream = g_socket_connection_factory_create_connection (socket);

  g_dbus_connection_new (G_IO_STREAM (stream), guid, G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_SERVER, NULL, NULL,
                         listener_ready_cb, listener);
}

static GVariant *
new_text (const char *text)
{
  return g_variant_new_fixed_array (G_VARIANT_TYPE_BYTE, text, strlen (text), 1);
}

static void
method_call_cb (GDBusConnection       *connection,
                const char            *sender,
                const char            *object_path,
                const char            *interface_name,
                const char            *method,
                GVariant              *parameters,
                GDBusMethodInvocation *invocation,
                gpointer               user_data)
{
  Fixture *fixture = user_data;
  g_autofree char *text = g_variant_print (parameters, FALSE);

  if (g_str_has_suffix (object_path, "_1"))
    g_string_append (fixture->log, "second ");
  g_string_append_printf (fixture->log, "%s.%s%s\n", strrchr (interface_name, '.') + 1, method, text);
  if (g_str_equal (method, "RegisterListener"))
    register_listener (fixture, g_str_has_suffix (object_path, "_1") ? &fixture->second : &fixture->listener,
                       invocation);
  g_dbus_method_invocation_return_value (
    invocation, g_str_equal (method, "Request")
                ? g_variant_new ("(s@ay)", TEXT_TYPE, new_text (fixture->guest_text)) : NULL);
}

static GVariant *
get_property_cb (GDBusConnection  *connection,
                 const char       *sender,
                 const char       *object_path,
                 const char       *interface_name,
                 const char       *property,
                 GError          **error,
                 gpointer          user_data)
{
  static const guint32 ids[] = { 0, 1, 2, 77 };

  if (g_str_equal (property, "ConsoleIDs"))
    return g_variant_new_fixed_array (G_VARIANT_TYPE_UINT32, ids, G_N_ELEMENTS (ids), sizeof *ids);
  if (g_str_equal (property, "Type"))
    return g_variant_new_string (g_str_has_suffix (object_path, "_2") ? "Text" : "Graphic");
  return g_str_equal (property, "Modifiers") ? g_variant_new_uint32 (4) : g_variant_new_boolean (FALSE);
}

static gboolean
new_connection_cb (GDBusServer     *server,
                   GDBusConnection *connection,
                   gpointer         user_data)
{
  static const GDBusInterfaceVTable vtable = { .method_call = method_call_cb, .get_property = get_property_cb };
  Fixture *fixture = user_data;

  g_set_object (&fixture->viewer, connection);
  for (guint i = 0; fixture->interfaces->interfaces[i] != NULL; i++)
    {
      GDBusInterfaceInfo *interface = fixture->interfaces->interfaces[i];
      static const char *const consoles[] = { "Console_0", "Console_1", "Console_2", NULL };
      static const char *const clipboard[] = { "Clipboard", NULL };
      static const char *const machine[] = { "VM", NULL };
      const char *const *objects = g_str_has_suffix (interface->name, "Clipboard") ? clipboard
                                   : g_str_has_suffix (interface->name, "VM") ? machine : consoles;

      for (guint j = 0; objects[j] != NULL; j++)
        {
          g_autofree char *path = g_strconcat ("/org/qemu/Display1/", objects[j], NULL);

          g_dbus_connection_register_object (connection, path, interface, &vtable, fixture, NULL, NULL);
        }
    }
  return TRUE;
}

static gboolean
has_listener (gpointer data)
{
  Fixture *fixture = data;

  return fixture->listener != NULL;
}

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  g_autofree char *guid = g_dbus_generate_guid ();
  g_autofree char *address = NULL;
  g_autoptr (GError) error = NULL;

  fixture->rig = display_rig_new ();
  fixture->log = g_string_new (NULL);
  fixture->interfaces = g_dbus_node_info_new_for_xml (interfaces_xml, &error);
  g_assert_no_error (error);
  address = g_strconcat ("unix:path=", display_rig_get_path (fixture->rig), NULL);
  fixture->server = g_dbus_server_new_sync (address, G_DBUS_SERVER_FLAGS_NONE, guid, NULL, NULL, &error);
  g_assert_no_error (error);
  g_signal_connect (fixture->server, "new-connection", G_CALLBACK (new_connection_cb), fixture);
  g_dbus_server_start (fixture->server);
  fixture->backend = display_rig_new_backend (fixture->rig, "dbus");
  xeno_test_until (has_listener, fixture);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  xeno_console_backend_stop (fixture->backend);
  g_assert_finalize_object (fixture->backend);
  g_dbus_server_stop (fixture->server);
  g_clear_object (&fixture->server);
  g_clear_object (&fixture->viewer);
  g_clear_object (&fixture->listener);
  g_clear_object (&fixture->second);
  g_dbus_node_info_unref (fixture->interfaces);
  g_string_free (fixture->log, TRUE);
  g_object_unref (fixture->rig);
}

/* Calls the viewer. Returns: whether it took it */
static gboolean
say_to (GDBusConnection *listener,
        const char      *method,
        GVariant        *parameters)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GVariant) reply = NULL;
  GAsyncResult *pending = NULL;

  g_dbus_connection_call (listener, NULL, LISTENER_PATH, "org.qemu.Display1.Listener", method, parameters,
                          NULL, G_DBUS_CALL_FLAGS_NONE, -1, NULL, xeno_test_result_cb, &pending);
  result = xeno_test_await (&pending);
  reply = g_dbus_connection_call_finish (listener, result, NULL);
  return reply != NULL;
}

static gboolean
say (Fixture    *fixture,
     const char *method,
     GVariant   *parameters)
{
  return say_to (fixture->listener, method, parameters);
}

static GVariant *
new_bytes (gsize size,
           guchar value)
{
  guchar *bytes = g_malloc (size + 1);

  memset (bytes, value, size + 1);
  return g_variant_new_from_data (G_VARIANT_TYPE_BYTESTRING, bytes, size, TRUE, g_free, bytes);
}

static gboolean
show_frame (Fixture *fixture,
            guchar   value)
{
  return say (fixture, "Scanout", g_variant_new ("(uuuu@ay)", WIDTH, HEIGHT, 4 * WIDTH, X8R8G8B8,
                                                 new_bytes (4 * WIDTH * HEIGHT, value)));
}

typedef struct
{
  XenoConsoleBackend *backend;
  guint               x;
  guint               y;
  guint32             pixel;
} Spot;

static gboolean
has_pixel (gpointer data)
{
  Spot *spot = data;
  XenoSurface *surface = xeno_console_backend_get_surface (spot->backend);
  guint32 pixel;

  if (surface == NULL || xeno_surface_get_width (surface) != WIDTH || xeno_surface_get_height (surface) != HEIGHT)
    return FALSE;

  memcpy (&pixel, xeno_surface_get_pixels (surface) + spot->y * xeno_surface_get_stride (surface) + 4 * spot->x,
          sizeof pixel);
  return (pixel & 0xffffff) == spot->pixel;
}

static void
await_pixel (Fixture *fixture,
             guint    x,
             guint    y,
             guint32  pixel)
{
  Spot spot = { fixture->backend, x, y, pixel };

  xeno_test_until (has_pixel, &spot);
}

static void
test_shows_frames_and_what_changes (Fixture       *fixture,
                                    gconstpointer  data)
{
  g_assert_true (show_frame (fixture, 0x11));
  await_pixel (fixture, WIDTH - 1, HEIGHT - 1, 0x111111);
  g_assert_true (say (fixture, "Update", g_variant_new ("(iiiiuu@ay)", 3, 2, 4, 5, 16, X8R8G8B8,
                                                        new_bytes (80, 0x22))));
  await_pixel (fixture, 6, 6, 0x222222);
  await_pixel (fixture, 7, 6, 0x111111);
  g_assert_true (say (fixture, "Update", g_variant_new ("(iiiiuu@ay)", 0, 0, 1, 1, 2, R5G6B5, new_bytes (2, 0xff))));
  await_pixel (fixture, 0, 0, 0xffffff);
  g_assert_true (show_frame (fixture, 0x33));
  await_pixel (fixture, 6, 6, 0x333333);
  g_assert_true (say (fixture, "Disable", NULL));
  await_pixel (fixture, 6, 6, 0x333333);
}

static gboolean
has_logged (gpointer data)
{
  Fixture *fixture = data;

  return strstr (fixture->log->str, fixture->expected) != NULL;
}

static void
assert_logs (Fixture    *fixture,
             const char *expected)
{
  fixture->expected = expected;
  xeno_test_until (has_logged, fixture);
}

static gboolean
has_lamps_and_mouse (gpointer data)
{
  Fixture *fixture = data;

  return xeno_console_backend_get_leds (fixture->backend) == 4 &&
         !xeno_console_backend_has_absolute_pointer (fixture->backend);
}

static void
test_sends_input (Fixture       *fixture,
                  gconstpointer  data)
{
  g_assert_true (show_frame (fixture, 0x11));
  await_pixel (fixture, 0, 0, 0x111111);
  xeno_test_until (has_lamps_and_mouse, fixture);
  xeno_console_backend_key (fixture->backend, 0x9d, 0xffe4, TRUE);
  assert_logs (fixture, "Keyboard.Press(157,)\n");
  xeno_console_backend_pointer_moved_by (fixture->backend, -2, 3);
  assert_logs (fixture, "Mouse.RelMotion(-2, 3)\n");
  xeno_console_backend_button (fixture->backend, 9, TRUE);
  assert_logs (fixture, "Mouse.Press(6,)\n");
  xeno_console_backend_wheel (fixture->backend, 0, -1);
  assert_logs (fixture, "Mouse.Press(3,)\nMouse.Release(3,)\n");
  xeno_console_backend_release_all (fixture->backend);
  assert_logs (fixture, "Mouse.Release(6,)\n");
  assert_logs (fixture, "Keyboard.Release(157,)\n");
}

static gboolean
has_pointer (gpointer data)
{
  const XenoCursorShape *shape = xeno_console_backend_get_cursor (data);

  return shape != NULL && shape->width == 2 && shape->height == 1 && shape->hot_x == 1 &&
         memcmp (g_bytes_get_data (shape->rgba, NULL), "\x11\x22\x33\xff", 4) == 0;
}

static gboolean
has_no_pointer (gpointer data)
{
  const XenoCursorShape *shape = xeno_console_backend_get_cursor (data);

  return shape != NULL && shape->rgba == NULL;
}

static void
test_tells_the_pointer (Fixture       *fixture,
                        gconstpointer  data)
{
  guint32 argb[] = { 0xff112233, 0 };

  g_assert_true (show_frame (fixture, 0x11));
  g_assert_true (say (fixture, "CursorDefine",
                      g_variant_new ("(iiii@ay)", 2, 1, 1, 0,
                                     g_variant_new_fixed_array (G_VARIANT_TYPE_BYTE, argb, sizeof argb, 1))));
  xeno_test_until (has_pointer, fixture->backend);
  g_assert_true (say (fixture, "MouseSet", g_variant_new ("(iii)", 0, 0, 0)));
  xeno_test_until (has_no_pointer, fixture->backend);
  g_assert_true (say (fixture, "MouseSet", g_variant_new ("(iii)", 5, 5, 1)));
  xeno_test_until (has_pointer, fixture->backend);
}

static void
test_asks_whether_sizes_are_taken (Fixture       *fixture,
                                   gconstpointer  data)
{
  assert_logs (fixture, "Console.SetUIInfo(0, 0, 0, 0, 0, 0)\n");
}

static gboolean
has_two_outputs (gpointer data)
{
  return xeno_console_backend_get_outputs (((Fixture *) data)->backend) == 2;
}

static gboolean
has_second (gpointer data)
{
  return ((Fixture *) data)->second != NULL;
}

static gboolean
has_two_heads (gpointer data)
{
  guint n_heads;

  xeno_console_backend_get_heads (((Fixture *) data)->backend, &n_heads);
  return n_heads == 2;
}

static gboolean
has_no_heads (gpointer data)
{
  guint n_heads;

  xeno_console_backend_get_heads (((Fixture *) data)->backend, &n_heads);
  return n_heads == 0;
}

static gboolean
is_second_closed (gpointer data)
{
  return g_dbus_connection_is_closed (((Fixture *) data)->second);
}

static guint32
get_pixel (XenoConsoleBackend *backend,
           guint               x,
           guint               y)
{
  XenoSurface *surface = xeno_console_backend_get_surface (backend);
  guint32 pixel;

  g_assert_cmpuint (x, <, xeno_surface_get_width (surface));
  g_assert_cmpuint (y, <, xeno_surface_get_height (surface));
  memcpy (&pixel, xeno_surface_get_pixels (surface) + y * xeno_surface_get_stride (surface) + 4 * x, sizeof pixel);
  return pixel & 0xffffff;
}

#define LINEAR 0
#define TILED G_GUINT64_CONSTANT (0x0100000000000002)
#define XR24 0x34325258
#define XB24 0x34324258

/* Rows of 8 pixels and two of padding, numbered from the one that comes first. */
static int
new_memory (guint n_rows)
{
  int fd = memfd_create ("frame", MFD_CLOEXEC);

  for (guint32 y = 0; y < n_rows; y++)
    for (guint32 x = 0; x < 10; x++)
      {
        guint32 pixel = y << 16 | 0x5500 | x;

        g_assert_cmpint (write (fd, &pixel, sizeof pixel), ==, sizeof pixel);
      }
  return fd;
}

static gboolean
show_memory (Fixture  *fixture,
             int       fd,
             GVariant *parameters)
{
  g_autoptr (GUnixFDList) fds = g_unix_fd_list_new_from_array (&fd, 1);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GVariant) reply = NULL;
  GAsyncResult *pending = NULL;

  g_dbus_connection_call_with_unix_fd_list (fixture->listener, NULL, LISTENER_PATH, "org.qemu.Display1.Listener",
                                            "ScanoutDMABUF", parameters, NULL, G_DBUS_CALL_FLAGS_NONE, -1, fds,
                                            NULL, xeno_test_result_cb, &pending);
  result = xeno_test_await (&pending);
  reply = g_dbus_connection_call_with_unix_fd_list_finish (fixture->listener, NULL, result, NULL);
  return reply != NULL;
}

static gboolean
show_rows (Fixture  *fixture,
           guint     n_rows,
           guint     fourcc,
           gboolean  y0_top)
{
  return show_memory (fixture, new_memory (n_rows),
                      g_variant_new ("(huuuutb)", 0, 8, n_rows, 40, fourcc, (guint64) LINEAR, y0_top));
}

typedef struct
{
  XenoConsoleBackend *backend;
  guint               n_rows;
  guint32             first; /* the pixel at the upper left */
  guint32             last;  /* the one at the lower right */
} Corners;

static gboolean
has_corners (gpointer data)
{
  Corners *corners = data;
  XenoSurface *surface = xeno_console_backend_get_surface (corners->backend);

  return surface != NULL && xeno_surface_get_width (surface) == 8 &&
         xeno_surface_get_height (surface) == corners->n_rows &&
         get_pixel (corners->backend, 0, 0) == corners->first &&
         get_pixel (corners->backend, 7, corners->n_rows - 1) == corners->last;
}

static void
await_corners (Fixture *fixture,
               guint    n_rows,
               guint32  first,
               guint32  last)
{
  Corners corners = { fixture->backend, n_rows, first, last };

  xeno_test_until (has_corners, &corners);
}

/* There is no graphics processor here: the memory is mapped. */
static void
test_shows_frames_in_a_cards_memory (Fixture       *fixture,
                                     gconstpointer  data)
{
  const guint32 white = 0xffffff;
  int fd;

  g_assert_true (show_rows (fixture, 3, XR24, TRUE));
  await_corners (fixture, 3, 0x005500, 0x025507);
  g_assert_true (show_rows (fixture, 4, XR24, FALSE));
  await_corners (fixture, 4, 0x035500, 0x005507);
  g_assert_true (show_rows (fixture, 5, XB24, TRUE));
  await_corners (fixture, 5, 0x005500, 0x075504);

  /* Whoever draws waits for an answer, also where there is nothing to show. */
  fd = new_memory (2);
  g_assert_cmpint (dup2 (fd, 200), ==, 200);
  g_assert_true (show_memory (fixture, fd, g_variant_new ("(huuuutb)", 0, 8, 2, 40, XR24, (guint64) LINEAR, FALSE)));
  await_corners (fixture, 2, 0x015500, 0x005507);
  g_assert_cmpint (pwrite (200, &white, sizeof white, 7 * 4), ==, sizeof white);
  close (200);
  g_assert_true (say (fixture, "UpdateDMABUF", g_variant_new ("(iiii)", 7, 1, 1, 1)));
  await_corners (fixture, 2, 0x015500, white);
  g_assert_true (say (fixture, "UpdateDMABUF", g_variant_new ("(iiii)", -5, -5, 0, 3)));
  g_assert_true (say (fixture, "UpdateDMABUF", g_variant_new ("(iiii)", G_MAXINT, G_MININT, G_MAXINT, G_MAXINT)));

  /* A frame of the usual kind takes its place. */
  g_assert_true (show_frame (fixture, 0x66));
  await_pixel (fixture, 0, 0, 0x666666);
  g_assert_false (say (fixture, "UpdateDMABUF", g_variant_new ("(iiii)", 0, 0, 1, 1)));
}

static void
test_refuses_memory_that_lies (Fixture       *fixture,
                               gconstpointer  data)
{
  static const guint shapes[][4] = { /* width, height, stride, format */
    { 0, 3, 40, XR24 }, { 8, 0, 40, XR24 }, { 8, 3, 31, XR24 }, { 8, 3, 42, XR24 }, { 16385, 1, 65540, XR24 },
    { 8, G_MAXUINT, 40, XR24 }, { G_MAXUINT, G_MAXUINT, G_MAXUINT - 3, XR24 }, { 8, 3, 40, 0x3231564e },
  };

  g_assert_true (show_frame (fixture, 0x44));
  await_pixel (fixture, 0, 0, 0x444444);
  for (guint i = 0; i < G_N_ELEMENTS (shapes); i++)
    g_assert_false (show_memory (fixture, new_memory (3),
                                 g_variant_new ("(huuuutb)", 0, shapes[i][0], shapes[i][1], shapes[i][2],
                                                shapes[i][3], (guint64) LINEAR, TRUE)));
  g_assert_false (say (fixture, "UpdateDMABUF", g_variant_new ("(iiii)", 0, 0, 1, 1)));
  await_pixel (fixture, 0, 0, 0x444444);
}

static void
assert_says_so (Fixture *fixture)
{
  display_rig_await_state (fixture->backend, XENO_CONSOLE_CLOSED);
  g_assert_error (xeno_console_backend_get_error (fixture->backend), XENO_ERROR, XENO_ERROR_NOT_SUPPORTED);
  await_pixel (fixture, 0, 0, 0x444444);
}

/* Rows in tiles are no picture, and less memory than was said is none either. */
static void
test_says_what_memory_cannot_be_read (Fixture       *fixture,
                                      gconstpointer  data)
{
  g_assert_true (show_frame (fixture, 0x44));
  await_pixel (fixture, 0, 0, 0x444444);
  show_memory (fixture, new_memory (3), g_variant_new ("(huuuutb)", 0, 8, 3, 40, XR24, TILED, TRUE));
  assert_says_so (fixture);
}

static void
test_says_that_memory_is_too_short (Fixture       *fixture,
                                    gconstpointer  data)
{
  g_assert_true (show_frame (fixture, 0x44));
  await_pixel (fixture, 0, 0, 0x444444);
  show_memory (fixture, new_memory (3), g_variant_new ("(huuuutb)", 0, 8, 4, 40, XR24, (guint64) LINEAR, TRUE));
  assert_says_so (fixture);
}

/* The second output of a card is a console of its own, and told of its monitor by itself. */
static void
test_each_output_has_its_monitor (Fixture       *fixture,
                                  gconstpointer  data)
{
  static const XenoDisplayMonitor two[] = {
    { 0, 0, 0, 640, 480, 169, 127 }, { 1, 640, 20, 800, 600, 0, 0 },
  };
  XenoGuest *guest = xeno_console_backend_get_guest (fixture->backend);
  const XenoDisplayHead *heads;
  guint n_heads;

  g_assert_true (show_frame (fixture, 0x11));
  await_pixel (fixture, 0, 0, 0x111111);
  xeno_test_until (has_two_outputs, fixture);
  g_assert_null (fixture->second);

  xeno_guest_arrange (guest, two, G_N_ELEMENTS (two));
  xeno_test_until (has_second, fixture);
  assert_logs (fixture, "\nConsole.SetUIInfo(169, 127, 0, 0, 640, 480)\n"
                        "second Console.SetUIInfo(212, 159, 640, 20, 800, 600)\nsecond Console.RegisterListener");
  g_assert_true (say_to (fixture->second, "Scanout", g_variant_new ("(uuuu@ay)", 8, 20, 32, X8R8G8B8,
                                                                    new_bytes (32 * 20, 0x22))));
  xeno_test_until (has_two_heads, fixture);
  heads = xeno_console_backend_get_heads (fixture->backend, &n_heads);
  g_assert_cmpmem (&heads[1], sizeof heads[1], &((XenoDisplayHead) { 1, WIDTH, 0, 8, 20 }), sizeof heads[1]);
  g_assert_true (say_to (fixture->second, "Update", g_variant_new ("(iiiiuu@ay)", 7, 19, 1, 1, 4, X8R8G8B8,
                                                                   new_bytes (4, 0x33))));
  g_assert_false (say_to (fixture->second, "Update", g_variant_new ("(iiiiuu@ay)", 8, 19, 1, 1, 4, X8R8G8B8,
                                                                    new_bytes (4, 0x33))));
  g_assert_true (say (fixture, "Update", g_variant_new ("(iiiiuu@ay)", 0, 0, 1, 1, 4, X8R8G8B8,
                                                        new_bytes (4, 0x44))));
  while (get_pixel (fixture->backend, 0, 0) != 0x444444 || get_pixel (fixture->backend, WIDTH + 7, 19) != 0x333333)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmphex (get_pixel (fixture->backend, WIDTH - 1, 0), ==, 0x111111);
  g_assert_cmphex (get_pixel (fixture->backend, WIDTH, 0), ==, 0x222222);
  g_assert_cmphex (get_pixel (fixture->backend, 0, HEIGHT), ==, 0);

  /* The pointer is where the monitor's console counts from. */
  xeno_console_backend_pointer_moved (fixture->backend, WIDTH + 3, 4);
  assert_logs (fixture, "second Mouse.SetAbsPosition(3, 4)\n");

  /* A monitor that goes takes its picture along, and the guest hears of it. */
  xeno_guest_arrange (guest, two, 1);
  assert_logs (fixture, "second Console.SetUIInfo(0, 0, 0, 0, 0, 0)\n");
  xeno_test_until (has_no_heads, fixture);
  xeno_test_until (is_second_closed, fixture);
  await_pixel (fixture, WIDTH - 1, 0, 0x111111);
}

/* Numbers that lie: nothing is touched, and the picture stands. */
static void
test_refuses_what_cannot_be (Fixture       *fixture,
                             gconstpointer  data)
{
  static const guint frames[][5] = { /* width, height, stride, format, bytes */
    { 0, HEIGHT, 64, X8R8G8B8, 64 },
    { WIDTH, 0, 64, X8R8G8B8, 64 },
    { G_MAXUINT, G_MAXUINT, G_MAXUINT, X8R8G8B8, 64 },
    { 16385, 1, 4 * 16385, X8R8G8B8, 4 * 16385 },
    { WIDTH, HEIGHT, 4 * WIDTH - 1, X8R8G8B8, 4 * WIDTH * HEIGHT },
    { WIDTH, HEIGHT, 0, X8R8G8B8, 4 * WIDTH * HEIGHT },
    { WIDTH, HEIGHT, 4 * WIDTH + 2, X8R8G8B8, 8 * WIDTH * HEIGHT },
    { WIDTH, HEIGHT, 4 * WIDTH, X8R8G8B8, 4 * WIDTH * HEIGHT - 1 },
    { WIDTH, HEIGHT, 4 * WIDTH, X8R8G8B8, 0 },
    { WIDTH, HEIGHT, G_MAXUINT - 3, X8R8G8B8, 4 * WIDTH * HEIGHT },
    { WIDTH, HEIGHT, 4 * WIDTH, 0, 4 * WIDTH * HEIGHT },
    { WIDTH, HEIGHT, 4 * WIDTH, G_MAXUINT, 4 * WIDTH * HEIGHT },
  };
  static const int parts[][6] = { /* x, y, width, height, stride, bytes */
    { -1, 0, 1, 1, 4, 4 },
    { 0, G_MININT, 1, 1, 4, 4 },
    { WIDTH, 0, 1, 1, 4, 4 },
    { WIDTH - 1, 0, 2, 1, 8, 8 },
    { 0, HEIGHT - 1, 1, 2, 4, 8 },
    { G_MAXINT, G_MAXINT, 1, 1, 4, 4 },
    { 0, 0, -1, 1, 4, 4 },
    { 0, 0, 1, 0, 4, 4 },
    { 0, 0, 4, 4, 16, 60 },
  };

  g_assert_false (say (fixture, "Update", g_variant_new ("(iiiiuu@ay)", 0, 0, 1, 1, 4, X8R8G8B8, new_bytes (4, 1))));
  g_assert_true (show_frame (fixture, 0x44));
  await_pixel (fixture, 0, 0, 0x444444);

  for (guint i = 0; i < G_N_ELEMENTS (frames); i++)
    g_assert_false (say (fixture, "Scanout", g_variant_new ("(uuuu@ay)", frames[i][0], frames[i][1], frames[i][2],
                                                            frames[i][3], new_bytes (frames[i][4], 0x66))));
  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    g_assert_false (say (fixture, "Update", g_variant_new ("(iiiiuu@ay)", parts[i][0], parts[i][1], parts[i][2],
                                                           parts[i][3], parts[i][4], X8R8G8B8,
                                                           new_bytes (parts[i][5], 0x66))));
  g_assert_false (say (fixture, "CursorDefine", g_variant_new ("(iiii@ay)", 4096, 4096, 0, 0, new_bytes (16, 0))));
  g_assert_false (say (fixture, "CursorDefine", g_variant_new ("(iiii@ay)", -1, -1, 0, 0, new_bytes (4, 0))));
  g_assert_false (say (fixture, "UpdateDMABUF", g_variant_new ("(iiii)", 0, 0, 1, 1)));
  g_assert_false (say (fixture, "FormatDisk", NULL));
  await_pixel (fixture, 0, 0, 0x444444);

  g_assert_true (show_frame (fixture, 0x55));
  await_pixel (fixture, 0, 0, 0x555555);
  g_assert_cmpuint (display_rig_get_n_opened (fixture->rig), ==, 1);
}

static void
test_gives_way_to_another_viewer (Fixture       *fixture,
                                  gconstpointer  data)
{
  g_assert_true (show_frame (fixture, 0x11));
  await_pixel (fixture, 0, 0, 0x111111);
  g_dbus_connection_close_sync (fixture->viewer, NULL, NULL);
  display_rig_await_state (fixture->backend, XENO_CONSOLE_CLOSED);
  g_assert_error (xeno_console_backend_get_error (fixture->backend), XENO_ERROR, XENO_ERROR_IN_USE);
  await_pixel (fixture, 0, 0, 0x111111);
  g_assert_cmpuint (display_rig_get_n_opened (fixture->rig), ==, 1);

  /* A person may take it back. */
  g_clear_object (&fixture->listener);
  xeno_console_backend_stop (fixture->backend);
  xeno_console_backend_start (fixture->backend);
  xeno_test_until (has_listener, fixture);
  g_assert_true (show_frame (fixture, 0x22));
  await_pixel (fixture, 0, 0, 0x222222);
}

static void
grabbed_cb (Fixture *fixture,
            guint    forms)
{
  fixture->grabbed = forms;
}

static gboolean
requested_cb (Fixture *fixture,
              guint    form,
              GTask   *task)
{
  g_task_return_pointer (task, g_bytes_new (fixture->desktop_text, strlen (fixture->desktop_text)),
                         (GDestroyNotify) g_bytes_unref);
  return TRUE;
}

static gboolean
has_clipboard (gpointer data)
{
  Fixture *fixture = data;

  return xeno_guest_can (xeno_console_backend_get_guest (fixture->backend), XENO_DISPLAY_ABILITY_TEXT);
}

static gboolean
has_grabbed (gpointer data)
{
  return ((Fixture *) data)->grabbed == XENO_DISPLAY_FORM_TEXT;
}

static gboolean
has_released (gpointer data)
{
  return ((Fixture *) data)->grabbed == 0;
}

/* Calls the viewer's clipboard. Returns: (nullable): its answer */
static GVariant *
call_clipboard (Fixture    *fixture,
                const char *method,
                GVariant   *parameters)
{
  g_autoptr (GAsyncResult) result = NULL;
  GAsyncResult *pending = NULL;

  g_dbus_connection_call (fixture->viewer, NULL, CLIPBOARD_PATH, "org.qemu.Display1.Clipboard", method, parameters,
                          NULL, G_DBUS_CALL_FLAGS_NONE, -1, NULL, xeno_test_result_cb, &pending);
  result = xeno_test_await (&pending);
  return g_dbus_connection_call_finish (fixture->viewer, result, NULL);
}

static GBytes *
ask_guest (Fixture *fixture)
{
  XenoGuest *guest = xeno_console_backend_get_guest (fixture->backend);
  g_autoptr (GAsyncResult) result = NULL;
  GAsyncResult *pending = NULL;

  xeno_guest_request_async (guest, XENO_DISPLAY_FORM_TEXT, NULL, xeno_test_result_cb, &pending);
  result = xeno_test_await (&pending);
  return xeno_guest_request_finish (guest, result, NULL);
}

static void
test_copies_text_both_ways (Fixture       *fixture,
                            gconstpointer  data)
{
  static const char * const types[] = { "image/png", TEXT_TYPE, NULL };
  static const char * const pictures[] = { "image/png", NULL };
  XenoGuest *guest = xeno_console_backend_get_guest (fixture->backend);
  g_autoptr (GVariant) grab = NULL;
  g_autoptr (GVariant) release = NULL;
  g_autoptr (GVariant) answer = NULL;
  g_autoptr (GVariant) refusal = NULL;
  g_autoptr (GVariant) content = NULL;
  g_autoptr (GBytes) text = NULL;
  g_autoptr (GBytes) flood = NULL;
  g_autofree char *much = g_strnfill (XENO_DISPLAY_MAX_TEXT + 1, 'x');

  g_signal_connect_swapped (guest, "grabbed", G_CALLBACK (grabbed_cb), fixture);
  g_signal_connect_swapped (guest, "requested", G_CALLBACK (requested_cb), fixture);
  xeno_test_until (has_clipboard, fixture);
  assert_logs (fixture, "Clipboard.Unregister()\nClipboard.Register()\n");

  fixture->guest_text = "Grüße";
  grab = call_clipboard (fixture, "Grab", g_variant_new ("(uu^as)", 0, 7, types));
  xeno_test_until (has_grabbed, fixture);
  text = ask_guest (fixture);
  g_assert_nonnull (text);
  g_assert_cmpmem (g_bytes_get_data (text, NULL), g_bytes_get_size (text), "Grüße", strlen ("Grüße"));
  fixture->guest_text = much;
  flood = ask_guest (fixture);
  g_assert_null (flood);
  release = call_clipboard (fixture, "Release", g_variant_new ("(u)", 0));
  xeno_test_until (has_released, fixture);

  fixture->desktop_text = "naïve";
  xeno_guest_grab (guest, XENO_DISPLAY_FORM_TEXT);
  assert_logs (fixture, "Clipboard.Grab(0, 8, ['" TEXT_TYPE "'])\n");
  answer = call_clipboard (fixture, "Request", g_variant_new ("(u^as)", 0, types));
  g_assert_nonnull (answer);
  content = g_variant_get_child_value (answer, 1);
  g_assert_cmpmem (g_variant_get_data (content), g_variant_get_size (content), "naïve", strlen ("naïve"));
  refusal = call_clipboard (fixture, "Request", g_variant_new ("(u^as)", 0, pictures));
  g_assert_null (refusal);
  xeno_guest_grab (guest, 0);
  assert_logs (fixture, "Clipboard.Release(0,)\n");
}

int
main (int   argc,
      char *argv[])
{
  static const struct
  {
    const char *name;
    void      (*func) (Fixture       *fixture,
                       gconstpointer  data);
  } tests[] = {
    { "shows-frames-and-what-changes-in-them", test_shows_frames_and_what_changes },
    { "sends-keys-and-the-pointer", test_sends_input },
    { "tells-the-pointers-shape-and-whether-it-is-shown", test_tells_the_pointer },
    { "asks-whether-the-guest-takes-sizes", test_asks_whether_sizes_are_taken },
    { "each-output-has-its-monitor", test_each_output_has_its_monitor },
    { "shows-frames-in-a-cards-memory", test_shows_frames_in_a_cards_memory },
    { "refuses-memory-that-lies", test_refuses_memory_that_lies },
    { "says-what-memory-cannot-be-read", test_says_what_memory_cannot_be_read },
    { "says-that-memory-is-too-short", test_says_that_memory_is_too_short },
    { "copies-text-both-ways", test_copies_text_both_ways },
    { "refuses-what-cannot-be", test_refuses_what_cannot_be },
    { "gives-way-to-another-viewer-until-a-person-takes-it-back", test_gives_way_to_another_viewer },
  };

  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    {
      g_autofree char *path = g_strconcat ("/xeno/display-qemu/", tests[i].name, NULL);

      g_test_add (path, Fixture, NULL, set_up, tests[i].func, tear_down);
    }
  return g_test_run ();
}
