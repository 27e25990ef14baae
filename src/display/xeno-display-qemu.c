/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Speaks QEMU's own display protocol, D-Bus from peer to peer, as QEMU's manual has it. */
#include "config.h"

#include <errno.h>
#include <gio/gunixfdlist.h>
#include <glib/gstdio.h>
#include <sys/socket.h>

#include "display/xeno-display-qemu-clipboard.h"
#include "display/xeno-display-qemu-listener.h"
#include "display/xeno-display-qemu.h"
#include "display/xeno-display-server.h"

#define CONSOLE_PATH "/org/qemu/Display1/Console_0"
#define CONSOLE_INTERFACE "org.qemu.Display1.Console"
#define KEYBOARD_INTERFACE "org.qemu.Display1.Keyboard"
#define MOUSE_INTERFACE "org.qemu.Display1.Mouse"
#define PROPERTIES_INTERFACE "org.freedesktop.DBus.Properties"

/* How large a pixel is taken to be: a guest scales what it shows by it. */
#define MM_PER_1000_PIXELS 265

/* How soon the app knows that a machine has ended. */
#define TAKEN_MS 1000

struct _XenoDisplayQemu
{
  XenoDisplaySource         parent_instance;
  XenoDisplayServer        *server;
  GCancellable             *cancellable;
  GDBusConnection          *connection; /* we call QEMU */
  GDBusConnection          *listening;  /* QEMU calls us */
  XenoDisplayQemuListener  *listener;
  XenoDisplayQemuClipboard *clipboard;
  guint                     leds;
  guint                     taken_id;
  gboolean                  is_stopping;
};

G_DEFINE_FINAL_TYPE (XenoDisplayQemu, xeno_display_qemu, XENO_TYPE_DISPLAY_SOURCE)

/* QEMU's InputButton. */
enum
{
  BUTTON_LEFT,
  BUTTON_MIDDLE,
  BUTTON_RIGHT,
  BUTTON_WHEEL_UP,
  BUTTON_WHEEL_DOWN,
  BUTTON_SIDE,
  BUTTON_EXTRA,
  BUTTON_WHEEL_LEFT,
  BUTTON_WHEEL_RIGHT,
};

static void
fail (XenoDisplayQemu *self,
      const char      *details)
{
  if (!self->is_stopping)
    xeno_display_server_fail (self->server, XENO_DISPLAY_FAILURE_LOST, details);
}

static void
call (XenoDisplayQemu *self,
      const char      *interface,
      const char      *method,
      GVariant        *parameters)
{
  g_autoptr (GVariant) sunk = g_variant_ref_sink (parameters);

  if (self->connection != NULL)
    g_dbus_connection_call (self->connection, NULL, CONSOLE_PATH, interface, method, sunk, NULL,
                            G_DBUS_CALL_FLAGS_NONE, -1, self->cancellable, NULL, NULL);
}

static void
set_property (XenoDisplayQemu *self,
              const char      *name,
              GVariant        *value)
{
  if (g_str_equal (name, "IsAbsolute") && g_variant_is_of_type (value, G_VARIANT_TYPE_BOOLEAN))
    xeno_display_server_set_absolute_pointer (self->server, g_variant_get_boolean (value));
  else if (g_str_equal (name, "Modifiers") && g_variant_is_of_type (value, G_VARIANT_TYPE_UINT32))
    {
      self->leds = g_variant_get_uint32 (value) & 7;
      xeno_display_server_set_leds (self->server, self->leds);
    }
}

static void
set_properties (XenoDisplayQemu *self,
                GVariant        *properties)
{
  GVariantIter iter;
  const char *name;
  GVariant *value;

  g_variant_iter_init (&iter, properties);
  while (g_variant_iter_loop (&iter, "{&sv}", &name, &value))
    set_property (self, name, value);
}

static void
properties_changed_cb (GDBusConnection *connection,
                       const char      *sender,
                       const char      *object_path,
                       const char      *interface,
                       const char      *signal,
                       GVariant        *parameters,
                       gpointer         user_data)
{
  g_autoptr (GVariant) properties = NULL;

  if (!g_variant_is_of_type (parameters, G_VARIANT_TYPE ("(sa{sv}as)")))
    return;

  properties = g_variant_get_child_value (parameters, 1);
  set_properties (user_data, properties);
}

static void
got_properties_cb (GObject      *connection,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  g_autoptr (XenoDisplayQemu) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply = g_dbus_connection_call_finish (G_DBUS_CONNECTION (connection), result, &error);
  g_autoptr (GVariant) properties = NULL;

  if (reply == NULL)
    {
      fail (self, error->message);
      return;
    }

  properties = g_variant_get_child_value (reply, 0);
  set_properties (self, properties);
}

static void
get_properties (XenoDisplayQemu *self,
                const char      *interface)
{
  g_dbus_connection_call (self->connection, NULL, CONSOLE_PATH, PROPERTIES_INTERFACE, "GetAll",
                          g_variant_new ("(s)", interface), G_VARIANT_TYPE ("(a{sv})"),
                          G_DBUS_CALL_FLAGS_NONE, -1, self->cancellable, got_properties_cb,
                          g_object_ref (self));
}

static GVariant *
new_ui_info (guint width,
             guint height)
{
  return g_variant_new ("(qqiiuu)", (guint16) (width * MM_PER_1000_PIXELS / 1000),
                        (guint16) (height * MM_PER_1000_PIXELS / 1000), 0, 0, width, height);
}

static void
asked_for_sizes_cb (GObject      *connection,
                    GAsyncResult *result,
                    gpointer      user_data)
{
  g_autoptr (XenoDisplayQemu) self = user_data;
  g_autoptr (GVariant) reply = g_dbus_connection_call_finish (G_DBUS_CONNECTION (connection), result, NULL);

  if (!self->is_stopping)
    xeno_display_server_set_abilities (self->server, XENO_DISPLAY_ABILITY_RESIZE,
                                       reply != NULL ? XENO_DISPLAY_ABILITY_RESIZE : 0);
}

/* Nothing else tells whether the guest's card takes sizes; this one leaves the choice to it. */
static void
ask_for_sizes (XenoDisplayQemu *self)
{
  g_dbus_connection_call (self->connection, NULL, CONSOLE_PATH, CONSOLE_INTERFACE, "SetUIInfo",
                          new_ui_info (0, 0), NULL, G_DBUS_CALL_FLAGS_NONE, -1,
                          self->cancellable, asked_for_sizes_cb, g_object_ref (self));
}

static void
registered_cb (GObject      *connection,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr (XenoDisplayQemu) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply =
    g_dbus_connection_call_with_unix_fd_list_finish (G_DBUS_CONNECTION (connection), NULL, result, &error);

  if (reply == NULL)
    {
      fail (self, error->message);
      return;
    }

  xeno_display_server_set_stage (self->server, XENO_DISPLAY_STAGE_READY);
  ask_for_sizes (self);
}

static void
taken_cb (gpointer user_data)
{
  XenoDisplayQemu *self = user_data;

  self->taken_id = 0;
  if (!self->is_stopping)
    xeno_display_server_fail (self->server, XENO_DISPLAY_FAILURE_TAKEN, NULL);
}

/* QEMU ends a viewer's connections when somebody else makes one, and when it ends itself, which the app
 * knows soon. */
static void
closed_cb (XenoDisplayQemu *self)
{
  if (self->taken_id == 0)
    self->taken_id = g_timeout_add_once (TAKEN_MS, taken_cb, self);
}

static GIOStream *
new_stream (int      fd,
            GError **error)
{
  g_autoptr (GSocket) socket = g_socket_new_from_fd (fd, error);

  if (socket != NULL)
    return G_IO_STREAM (g_socket_connection_factory_create_connection (socket));

  g_close (fd, NULL);
  return NULL;
}

static void
listening_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr (XenoDisplayQemu) self = user_data;
  g_autoptr (GError) error = NULL;

  self->listening = g_dbus_connection_new_finish (result, &error);
  if (self->listening == NULL || !xeno_display_qemu_listener_export (self->listener, self->listening, &error))
    {
      fail (self, error->message);
      return;
    }

  g_dbus_connection_set_exit_on_close (self->listening, FALSE);
  g_signal_connect_object (self->listening, "closed", G_CALLBACK (closed_cb), self, G_CONNECT_SWAPPED);
  g_dbus_connection_start_message_processing (self->listening);
}

/* QEMU answers, then waits in its main thread for the other end to say who it is: that end must not
 * wait for the answer. */
static void
register_listener (XenoDisplayQemu *self)
{
  g_autoptr (GUnixFDList) fds = NULL;
  g_autoptr (GIOStream) stream = NULL;
  g_autoptr (GError) error = NULL;
  int ends[2];

  if (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
    {
      fail (self, g_strerror (errno));
      return;
    }

  fds = g_unix_fd_list_new_from_array (&ends[1], 1);
  stream = new_stream (ends[0], &error);
  if (stream == NULL)
    {
      fail (self, error->message);
      return;
    }

  g_dbus_connection_call_with_unix_fd_list (self->connection, NULL, CONSOLE_PATH, CONSOLE_INTERFACE,
                                            "RegisterListener", g_variant_new ("(h)", 0), NULL,
                                            G_DBUS_CALL_FLAGS_NONE, -1, fds, self->cancellable,
                                            registered_cb, g_object_ref (self));
  g_dbus_connection_new (stream, NULL,
                         G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT |
                         G_DBUS_CONNECTION_FLAGS_DELAY_MESSAGE_PROCESSING,
                         NULL, self->cancellable, listening_cb, g_object_ref (self));
}

static void
connected_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr (XenoDisplayQemu) self = user_data;
  g_autoptr (GError) error = NULL;

  self->connection = g_dbus_connection_new_finish (result, &error);
  if (self->connection == NULL)
    {
      fail (self, error->message);
      return;
    }

  g_dbus_connection_set_exit_on_close (self->connection, FALSE);
  g_signal_connect_object (self->connection, "closed", G_CALLBACK (closed_cb), self, G_CONNECT_SWAPPED);
  g_dbus_connection_signal_subscribe (self->connection, NULL, PROPERTIES_INTERFACE, "PropertiesChanged",
                                      CONSOLE_PATH, NULL, G_DBUS_SIGNAL_FLAGS_NONE,
                                      properties_changed_cb, self, NULL);
  get_properties (self, MOUSE_INTERFACE);
  get_properties (self, KEYBOARD_INTERFACE);
  self->clipboard = xeno_display_qemu_clipboard_new (self->server, self->connection);
  register_listener (self);
}

static void
open_socket_cb (GObject      *server,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr (XenoDisplayQemu) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GIOStream) stream = NULL;
  int fd = xeno_display_server_open_socket_finish (XENO_DISPLAY_SERVER (server), result, &error);

  if (fd >= 0)
    stream = new_stream (fd, &error);
  if (stream == NULL)
    {
      fail (self, error->message);
      return;
    }

  xeno_display_server_set_stage (self->server, XENO_DISPLAY_STAGE_GREETING);
  g_dbus_connection_new (stream, NULL, G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT, NULL,
                         self->cancellable, connected_cb, g_object_ref (self));
}

static void
xeno_display_qemu_start (XenoDisplaySource *source,
                         XenoDisplayServer *server)
{
  XenoDisplayQemu *self = XENO_DISPLAY_QEMU (source);

  self->server = server;
  self->listener = xeno_display_qemu_listener_new (server);
  xeno_display_server_open_socket_async (server, self->cancellable, open_socket_cb, g_object_ref (self));
}

typedef struct
{
  GSourceOnceFunc stopped;
  gpointer        user_data;
} Stop;

static void
disconnected_cb (GObject      *connection,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autofree Stop *stop = user_data;

  g_dbus_connection_close_finish (G_DBUS_CONNECTION (connection), result, NULL);
  stop->stopped (stop->user_data);
}

static void
flushed_cb (GObject      *connection,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_dbus_connection_flush_finish (G_DBUS_CONNECTION (connection), result, NULL);
  g_dbus_connection_close (G_DBUS_CONNECTION (connection), NULL, disconnected_cb, user_data);
}

/* To close would throw away what is on its way: the keys let go. */
static void
xeno_display_qemu_stop (XenoDisplaySource *source,
                        GSourceOnceFunc    stopped,
                        gpointer           user_data)
{
  XenoDisplayQemu *self = XENO_DISPLAY_QEMU (source);
  Stop *stop;

  self->is_stopping = TRUE;
  xeno_display_qemu_listener_unexport (self->listener);
  if (self->clipboard != NULL)
    xeno_display_qemu_clipboard_close (self->clipboard);
  if (self->connection == NULL || g_dbus_connection_is_closed (self->connection))
    {
      stopped (user_data);
      return;
    }

  stop = g_new (Stop, 1);
  stop->stopped = stopped;
  stop->user_data = user_data;
  g_dbus_connection_flush (self->connection, NULL, flushed_cb, stop);
}

static void
xeno_display_qemu_key (XenoDisplaySource *source,
                       guint              qnum,
                       guint              keyval,
                       gboolean           pressed)
{
  call (XENO_DISPLAY_QEMU (source), KEYBOARD_INTERFACE, pressed ? "Press" : "Release",
        g_variant_new ("(u)", qnum));
}

static void
xeno_display_qemu_move_to (XenoDisplaySource *source,
                           guint              x,
                           guint              y)
{
  call (XENO_DISPLAY_QEMU (source), MOUSE_INTERFACE, "SetAbsPosition", g_variant_new ("(uu)", x, y));
}

static void
xeno_display_qemu_move_by (XenoDisplaySource *source,
                           int                dx,
                           int                dy)
{
  call (XENO_DISPLAY_QEMU (source), MOUSE_INTERFACE, "RelMotion", g_variant_new ("(ii)", dx, dy));
}

static void
press (XenoDisplayQemu *self,
       guint            button,
       gboolean         pressed)
{
  call (self, MOUSE_INTERFACE, pressed ? "Press" : "Release", g_variant_new ("(u)", button));
}

static void
xeno_display_qemu_button (XenoDisplaySource *source,
                          guint              button,
                          gboolean           pressed)
{
  static const guint8 buttons[] = {
    [1] = BUTTON_LEFT, [2] = BUTTON_MIDDLE, [3] = BUTTON_RIGHT, [8] = BUTTON_SIDE, [9] = BUTTON_EXTRA,
  };

  if ((button >= 1 && button <= 3) || button == 8 || button == 9)
    press (XENO_DISPLAY_QEMU (source), buttons[button], pressed);
}

static void
click (XenoDisplayQemu *self,
       guint            button,
       guint            times)
{
  for (guint i = 0; i < times; i++)
    {
      press (self, button, TRUE);
      press (self, button, FALSE);
    }
}

static void
xeno_display_qemu_wheel (XenoDisplaySource *source,
                         int                dx,
                         int                dy)
{
  XenoDisplayQemu *self = XENO_DISPLAY_QEMU (source);

  click (self, dy < 0 ? BUTTON_WHEEL_UP : BUTTON_WHEEL_DOWN, ABS (dy));
  click (self, dx < 0 ? BUTTON_WHEEL_LEFT : BUTTON_WHEEL_RIGHT, ABS (dx));
}

static void
xeno_display_qemu_resize (XenoDisplaySource *source,
                          guint              width,
                          guint              height)
{
  call (XENO_DISPLAY_QEMU (source), CONSOLE_INTERFACE, "SetUIInfo", new_ui_info (width, height));
}

static void
xeno_display_qemu_grab (XenoDisplaySource *source,
                        guint              forms)
{
  XenoDisplayQemu *self = XENO_DISPLAY_QEMU (source);

  if (self->clipboard != NULL)
    xeno_display_qemu_clipboard_grab (self->clipboard, forms);
}

static void
xeno_display_qemu_request (XenoDisplaySource *source,
                           guint              form,
                           GTask             *task)
{
  XenoDisplayQemu *self = XENO_DISPLAY_QEMU (source);

  if (self->clipboard != NULL)
    xeno_display_qemu_clipboard_request (self->clipboard, form, task);
  else
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_NOT_CONNECTED, "no clipboard yet");
}

/* The lamps follow in a while: until then they are taken to be as they will be. */
static void
xeno_display_qemu_set_locks (XenoDisplaySource *source,
                             guint              locks)
{
  XenoDisplayQemu *self = XENO_DISPLAY_QEMU (source);

  self->leds ^= xeno_display_source_tap_locks (source, self->leds ^ locks);
}

static void
xeno_display_qemu_dispose (GObject *object)
{
  XenoDisplayQemu *self = XENO_DISPLAY_QEMU (object);

  g_clear_handle_id (&self->taken_id, g_source_remove);
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->listener);
  g_clear_object (&self->clipboard);
  g_clear_object (&self->listening);
  g_clear_object (&self->connection);

  G_OBJECT_CLASS (xeno_display_qemu_parent_class)->dispose (object);
}

static void
xeno_display_qemu_class_init (XenoDisplayQemuClass *klass)
{
  XenoDisplaySourceClass *source_class = XENO_DISPLAY_SOURCE_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = xeno_display_qemu_dispose;
  source_class->start = xeno_display_qemu_start;
  source_class->stop = xeno_display_qemu_stop;
  source_class->key = xeno_display_qemu_key;
  source_class->move_to = xeno_display_qemu_move_to;
  source_class->move_by = xeno_display_qemu_move_by;
  source_class->button = xeno_display_qemu_button;
  source_class->wheel = xeno_display_qemu_wheel;
  source_class->resize = xeno_display_qemu_resize;
  source_class->set_locks = xeno_display_qemu_set_locks;
  source_class->grab = xeno_display_qemu_grab;
  source_class->request = xeno_display_qemu_request;
}

static void
xeno_display_qemu_init (XenoDisplayQemu *self)
{
  self->cancellable = g_cancellable_new ();
}
