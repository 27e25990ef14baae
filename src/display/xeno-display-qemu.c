/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Speaks QEMU's own display protocol, D-Bus from peer to peer, as QEMU's manual has it. */
#include "config.h"

#include <gio/gio.h>
#include <glib/gstdio.h>

#include "display/xeno-display-qemu-clipboard.h"
#include "display/xeno-display-qemu-console.h"
#include "display/xeno-display-qemu.h"
#include "display/xeno-display-server.h"

#define VM_PATH "/org/qemu/Display1/VM"
#define VM_INTERFACE "org.qemu.Display1.VM"
#define KEYBOARD_INTERFACE "org.qemu.Display1.Keyboard"
#define MOUSE_INTERFACE "org.qemu.Display1.Mouse"
#define PROPERTIES_INTERFACE "org.freedesktop.DBus.Properties"

/* How soon the app knows that a machine has ended. */
#define TAKEN_MS 1000

/* More than any guest has, its text ones too. */
#define MAX_CONSOLES 32

struct _XenoDisplayQemu
{
  XenoDisplaySource         parent_instance;
  XenoDisplayServer        *server;
  GCancellable             *cancellable;
  GDBusConnection          *connection; /* we call QEMU */
  XenoDisplayWall          *wall;
  GPtrArray                *consoles; /* of XenoDisplayQemuConsole, by their number; the first is shown */
  XenoDisplayQemuConsole   *pointed; /* the one the pointer is on; one of consoles */
  XenoDisplayQemuClipboard *clipboard;
  guint                     n_outputs;
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

/* All but the pointer's places goes by the first console: a guest has one keyboard. */
static XenoDisplayQemuConsole *
get_first (XenoDisplayQemu *self)
{
  return self->consoles->len > 0 ? self->consoles->pdata[0] : NULL;
}

static void
call_console (XenoDisplayQemuConsole *console,
              const char             *interface,
              const char             *method,
              GVariant               *parameters)
{
  g_autoptr (GVariant) sunk = g_variant_ref_sink (parameters);

  if (console != NULL)
    xeno_display_qemu_console_call (console, interface, method, sunk);
}

static void
call (XenoDisplayQemu *self,
      const char      *interface,
      const char      *method,
      GVariant        *parameters)
{
  call_console (get_first (self), interface, method, parameters);
}

static void
call_mouse (XenoDisplayQemu *self,
            const char      *method,
            GVariant        *parameters)
{
  call_console (self->pointed != NULL ? self->pointed : get_first (self), MOUSE_INTERFACE, method, parameters);
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
get_properties (XenoDisplayQemu     *self,
                const char          *path,
                const char          *interface,
                GAsyncReadyCallback  callback)
{
  g_dbus_connection_call (self->connection, NULL, path, PROPERTIES_INTERFACE, "GetAll",
                          g_variant_new ("(s)", interface), G_VARIANT_TYPE ("(a{sv})"),
                          G_DBUS_CALL_FLAGS_NONE, -1, self->cancellable, callback,
                          g_object_ref (self));
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

/* A console that cannot be shown is one monitor less; without the first there is nothing to see. */
static void
failed_cb (XenoDisplayQemu        *self,
           const char             *details,
           XenoDisplayQemuConsole *console)
{
  if (console == get_first (self))
    fail (self, details);
}

static void
ready_cb (XenoDisplayQemu        *self,
          XenoDisplayQemuConsole *console)
{
  if (console == get_first (self))
    xeno_display_server_set_stage (self->server, XENO_DISPLAY_STAGE_READY);
}

static void
identified_cb (XenoDisplayQemu *self)
{
  xeno_display_wall_set_outputs (self->wall, ++self->n_outputs);
}

static XenoDisplayQemuConsole *
find_console (XenoDisplayQemu *self,
              guint            id)
{
  for (guint i = 0; i < self->consoles->len; i++)
    if (xeno_display_qemu_console_get_id (self->consoles->pdata[i]) == id)
      return self->consoles->pdata[i];
  return NULL;
}

static XenoDisplayQemuConsole *
add_console (XenoDisplayQemu *self,
             guint            id)
{
  XenoDisplayQemuConsole *console =
    xeno_display_qemu_console_new (self->server, self->wall, self->connection, id);

  g_signal_connect_object (console, "closed", G_CALLBACK (closed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (console, "failed", G_CALLBACK (failed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (console, "identified", G_CALLBACK (identified_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (console, "ready", G_CALLBACK (ready_cb), self, G_CONNECT_SWAPPED);
  g_ptr_array_add (self->consoles, console);
  xeno_display_qemu_console_identify (console);
  return console;
}

/* What is not there has one console. */
static void
got_ids_cb (GObject      *connection,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (XenoDisplayQemu) self = user_data;
  g_autoptr (GVariant) reply = g_dbus_connection_call_finish (G_DBUS_CONNECTION (connection), result, NULL);
  g_autoptr (GVariant) properties = NULL;
  g_autoptr (GVariant) list = NULL;
  const guint32 *ids;
  gsize n_ids;

  if (reply == NULL || self->is_stopping)
    return;

  properties = g_variant_get_child_value (reply, 0);
  list = g_variant_lookup_value (properties, "ConsoleIDs", G_VARIANT_TYPE ("au"));
  if (list == NULL)
    return;

  ids = g_variant_get_fixed_array (list, &n_ids, sizeof *ids);
  for (gsize i = 0; i < MIN (n_ids, MAX_CONSOLES); i++)
    if (ids[i] < XENO_DISPLAY_MAX_HEADS && find_console (self, ids[i]) == NULL)
      add_console (self, ids[i]);
}


static void
connected_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr (XenoDisplayQemu) self = user_data;
  g_autoptr (GError) error = NULL;
  XenoDisplayQemuConsole *console;

  self->connection = g_dbus_connection_new_finish (result, &error);
  if (self->connection == NULL)
    {
      fail (self, error->message);
      return;
    }

  g_dbus_connection_set_exit_on_close (self->connection, FALSE);
  g_signal_connect_object (self->connection, "closed", G_CALLBACK (closed_cb), self, G_CONNECT_SWAPPED);
  console = add_console (self, 0);
  g_dbus_connection_signal_subscribe (self->connection, NULL, PROPERTIES_INTERFACE, "PropertiesChanged",
                                      xeno_display_qemu_console_get_path (console), NULL,
                                      G_DBUS_SIGNAL_FLAGS_NONE, properties_changed_cb, self, NULL);
  get_properties (self, xeno_display_qemu_console_get_path (console), MOUSE_INTERFACE, got_properties_cb);
  get_properties (self, xeno_display_qemu_console_get_path (console), KEYBOARD_INTERFACE, got_properties_cb);
  get_properties (self, VM_PATH, VM_INTERFACE, got_ids_cb);
  self->clipboard = xeno_display_qemu_clipboard_new (self->server, self->connection);
  xeno_display_qemu_console_show (console);
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
  self->wall = xeno_display_wall_new (server);
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
  for (guint i = 0; i < self->consoles->len; i++)
    xeno_display_qemu_console_stop (self->consoles->pdata[i]);
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
  XenoDisplayQemu *self = XENO_DISPLAY_QEMU (source);
  const XenoDisplayScreen *screen = xeno_display_wall_find_screen (self->wall, x, y);

  if (screen == NULL)
    return;

  self->pointed = find_console (self, screen->id);
  call_mouse (self, "SetAbsPosition", g_variant_new ("(uu)", x - screen->x, y - screen->y));
}

static void
xeno_display_qemu_move_by (XenoDisplaySource *source,
                           int                dx,
                           int                dy)
{
  call_mouse (XENO_DISPLAY_QEMU (source), "RelMotion", g_variant_new ("(ii)", dx, dy));
}

static void
press (XenoDisplayQemu *self,
       guint            button,
       gboolean         pressed)
{
  call_mouse (self, pressed ? "Press" : "Release", g_variant_new ("(u)", button));
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

static const XenoDisplayMonitor *
find_monitor (const XenoDisplayMonitor *monitors,
              guint                     n_monitors,
              guint                     id)
{
  for (guint i = 0; i < n_monitors; i++)
    if (monitors[i].id == id)
      return &monitors[i];
  return NULL;
}

static void
hide (XenoDisplayQemu        *self,
      XenoDisplayQemuConsole *console)
{
  xeno_display_qemu_console_hide (console);
  if (self->pointed == console)
    self->pointed = NULL;
}

/* The first one stays: without it there would be nothing left to look at. */
static void
xeno_display_qemu_arrange (XenoDisplaySource        *source,
                           const XenoDisplayMonitor *monitors,
                           guint                     n_monitors)
{
  XenoDisplayQemu *self = XENO_DISPLAY_QEMU (source);

  for (guint i = 0; i < self->consoles->len; i++)
    {
      XenoDisplayQemuConsole *console = self->consoles->pdata[i];
      const XenoDisplayMonitor *monitor =
        find_monitor (monitors, n_monitors, xeno_display_qemu_console_get_id (console));
      gboolean is_shown = xeno_display_qemu_console_is_shown (console);

      if (monitor != NULL)
        xeno_display_qemu_console_arrange (console, monitor);
      if (monitor != NULL && !is_shown)
        xeno_display_qemu_console_show (console);
      if (monitor == NULL && is_shown && i > 0)
        hide (self, console);
    }
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
  self->pointed = NULL;
  g_clear_pointer (&self->consoles, g_ptr_array_unref);
  g_clear_object (&self->wall);
  g_clear_object (&self->clipboard);
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
  source_class->arrange = xeno_display_qemu_arrange;
  source_class->set_locks = xeno_display_qemu_set_locks;
  source_class->grab = xeno_display_qemu_grab;
  source_class->request = xeno_display_qemu_request;
}

static void
xeno_display_qemu_init (XenoDisplayQemu *self)
{
  self->consoles = g_ptr_array_new_with_free_func (g_object_unref);
  self->cancellable = g_cancellable_new ();
}
