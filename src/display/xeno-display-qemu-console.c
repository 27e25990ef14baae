/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One of QEMU's consoles: what one output of a guest's card shows. */
#include "config.h"

#include <errno.h>
#include <gio/gunixfdlist.h>
#include <glib/gstdio.h>
#include <sys/socket.h>

#include "display/xeno-display-qemu-console.h"
#include "display/xeno-display-qemu-listener.h"

#define CONSOLE_INTERFACE "org.qemu.Display1.Console"

/* How large a pixel is taken to be where nobody knows: a guest scales what it shows by it. */
#define MM_PER_1000_PIXELS 265

struct _XenoDisplayQemuConsole
{
  GObject                  parent_instance;
  XenoDisplayServer       *server; /* which outlives it */
  XenoDisplayWall         *wall;
  GCancellable            *cancellable;
  GDBusConnection         *connection; /* we call QEMU */
  GDBusConnection         *listening;  /* QEMU calls us */
  XenoDisplayQemuListener *listener;   /* while it is shown */
  guint                    id;
  char                    *path;
};

enum { IDENTIFIED, READY, FAILED, CLOSED, N_SIGNALS };

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (XenoDisplayQemuConsole, xeno_display_qemu_console, G_TYPE_OBJECT)

static void
fail (XenoDisplayQemuConsole *self,
      const char             *details)
{
  if (self->listener != NULL)
    g_signal_emit (self, signals[FAILED], 0, details);
}

static guint
get_mm (guint mm,
        guint pixels)
{
  return mm > 0 ? mm : pixels * MM_PER_1000_PIXELS / 1000;
}

static GVariant *
new_ui_info (const XenoDisplayMonitor *monitor)
{
  return g_variant_new ("(qqiiuu)", (guint16) get_mm (monitor->width_mm, monitor->width),
                        (guint16) get_mm (monitor->height_mm, monitor->height),
                        (gint32) monitor->x, (gint32) monitor->y, monitor->width, monitor->height);
}

static void
asked_for_sizes_cb (GObject      *connection,
                    GAsyncResult *result,
                    gpointer      user_data)
{
  g_autoptr (XenoDisplayQemuConsole) self = user_data;
  g_autoptr (GVariant) reply = g_dbus_connection_call_finish (G_DBUS_CONNECTION (connection), result, NULL);

  if (self->listener != NULL)
    xeno_display_server_set_abilities (self->server, XENO_DISPLAY_ABILITY_RESIZE,
                                       reply != NULL ? XENO_DISPLAY_ABILITY_RESIZE : 0);
}

/* Nothing else tells whether the guest's card takes sizes; this one leaves the choice to it. */
static void
ask_for_sizes (XenoDisplayQemuConsole *self)
{
  g_dbus_connection_call (self->connection, NULL, self->path, CONSOLE_INTERFACE, "SetUIInfo",
                          new_ui_info (&(XenoDisplayMonitor) { 0 }), NULL, G_DBUS_CALL_FLAGS_NONE, -1,
                          self->cancellable, asked_for_sizes_cb, g_object_ref (self));
}

static void
registered_cb (GObject      *connection,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr (XenoDisplayQemuConsole) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply =
    g_dbus_connection_call_with_unix_fd_list_finish (G_DBUS_CONNECTION (connection), NULL, result, &error);

  if (reply == NULL)
    {
      fail (self, error->message);
      return;
    }

  g_signal_emit (self, signals[READY], 0);
  if (self->id == 0)
    ask_for_sizes (self);
}

static void
closed_cb (XenoDisplayQemuConsole *self,
           gboolean                is_lost,
           GError                 *error,
           GDBusConnection        *listening)
{
  if (listening == self->listening)
    g_signal_emit (self, signals[CLOSED], 0);
}

static void
listening_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr (XenoDisplayQemuConsole) self = user_data;
  g_autoptr (GDBusConnection) listening = NULL;
  g_autoptr (GError) error = NULL;

  listening = g_dbus_connection_new_finish (result, &error);
  if (self->listener == NULL)
    return;
  if (listening == NULL || !xeno_display_qemu_listener_export (self->listener, listening, &error))
    {
      fail (self, error->message);
      return;
    }

  g_dbus_connection_set_exit_on_close (listening, FALSE);
  g_signal_connect_object (listening, "closed", G_CALLBACK (closed_cb), self, G_CONNECT_SWAPPED);
  g_set_object (&self->listening, listening);
  g_dbus_connection_start_message_processing (listening);
}

static void
got_properties_cb (GObject      *connection,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  g_autoptr (XenoDisplayQemuConsole) self = user_data;
  g_autoptr (GVariant) reply = g_dbus_connection_call_finish (G_DBUS_CONNECTION (connection), result, NULL);
  g_autoptr (GVariant) properties = NULL;
  const char *type;

  if (reply == NULL)
    return;

  properties = g_variant_get_child_value (reply, 0);
  if (g_variant_lookup (properties, "Type", "&s", &type) && g_str_equal (type, "Graphic"))
    g_signal_emit (self, signals[IDENTIFIED], 0);
}

static void
xeno_display_qemu_console_dispose (GObject *object)
{
  XenoDisplayQemuConsole *self = XENO_DISPLAY_QEMU_CONSOLE (object);

  xeno_display_qemu_console_stop (self);
  g_clear_object (&self->connection);
  g_clear_object (&self->wall);
  g_clear_object (&self->cancellable);

  G_OBJECT_CLASS (xeno_display_qemu_console_parent_class)->dispose (object);
}

static void
xeno_display_qemu_console_finalize (GObject *object)
{
  g_free (XENO_DISPLAY_QEMU_CONSOLE (object)->path);

  G_OBJECT_CLASS (xeno_display_qemu_console_parent_class)->finalize (object);
}

static void
xeno_display_qemu_console_class_init (XenoDisplayQemuConsoleClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GType type = G_TYPE_FROM_CLASS (klass);

  object_class->dispose = xeno_display_qemu_console_dispose;
  object_class->finalize = xeno_display_qemu_console_finalize;

  /**
   * XenoDisplayQemuConsole::identified:
   * @self: a console
   *
   * It shows what a card draws.
   */
  signals[IDENTIFIED] = g_signal_new ("identified", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);

  /**
   * XenoDisplayQemuConsole::ready:
   * @self: a console
   *
   * It is shown from now on.
   */
  signals[READY] = g_signal_new ("ready", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);

  /**
   * XenoDisplayQemuConsole::failed:
   * @self: a console
   * @details: why
   *
   * It cannot be shown.
   */
  signals[FAILED] = g_signal_new ("failed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 1, G_TYPE_STRING);

  /**
   * XenoDisplayQemuConsole::closed:
   * @self: a console that was shown
   *
   * QEMU says no more of it.
   */
  signals[CLOSED] = g_signal_new ("closed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
xeno_display_qemu_console_init (XenoDisplayQemuConsole *self)
{
  self->cancellable = g_cancellable_new ();
}

/**
 * xeno_display_qemu_console_new:
 * @server: whom to tell; it outlives the console
 * @wall: where it is shown, by its number
 * @connection: to QEMU
 * @id: its number
 *
 * Returns: (transfer full): a console that is not shown
 */
XenoDisplayQemuConsole *
xeno_display_qemu_console_new (XenoDisplayServer *server,
                               XenoDisplayWall   *wall,
                               GDBusConnection   *connection,
                               guint              id)
{
  XenoDisplayQemuConsole *self;

  g_return_val_if_fail (XENO_IS_DISPLAY_SERVER (server), NULL);
  g_return_val_if_fail (XENO_IS_DISPLAY_WALL (wall), NULL);
  g_return_val_if_fail (G_IS_DBUS_CONNECTION (connection), NULL);

  self = g_object_new (XENO_TYPE_DISPLAY_QEMU_CONSOLE, NULL);
  self->server = server;
  self->wall = g_object_ref (wall);
  self->connection = g_object_ref (connection);
  self->id = id;
  self->path = g_strdup_printf ("/org/qemu/Display1/Console_%u", id);
  return self;
}

/**
 * xeno_display_qemu_console_get_id:
 * @self: a console
 *
 * Returns: its number
 */
guint
xeno_display_qemu_console_get_id (XenoDisplayQemuConsole *self)
{
  g_return_val_if_fail (XENO_IS_DISPLAY_QEMU_CONSOLE (self), 0);

  return self->id;
}

/**
 * xeno_display_qemu_console_get_path:
 * @self: a console
 *
 * Returns: where QEMU has it
 */
const char *
xeno_display_qemu_console_get_path (XenoDisplayQemuConsole *self)
{
  g_return_val_if_fail (XENO_IS_DISPLAY_QEMU_CONSOLE (self), NULL);

  return self->path;
}

/**
 * xeno_display_qemu_console_call:
 * @self: a console
 * @interface: one of its interfaces
 * @method: a method that answers nothing
 * @parameters: what for
 *
 * Calls QEMU, and does not wait.
 */
void
xeno_display_qemu_console_call (XenoDisplayQemuConsole *self,
                                const char             *interface,
                                const char             *method,
                                GVariant               *parameters)
{
  g_return_if_fail (XENO_IS_DISPLAY_QEMU_CONSOLE (self));

  g_dbus_connection_call (self->connection, NULL, self->path, interface, method, parameters, NULL,
                          G_DBUS_CALL_FLAGS_NONE, -1, NULL, NULL, NULL);
}

/**
 * xeno_display_qemu_console_identify:
 * @self: a console
 *
 * Finds out whether it shows what a card draws. QEMU's monitor is a console too.
 */
void
xeno_display_qemu_console_identify (XenoDisplayQemuConsole *self)
{
  g_return_if_fail (XENO_IS_DISPLAY_QEMU_CONSOLE (self));

  g_dbus_connection_call (self->connection, NULL, self->path, "org.freedesktop.DBus.Properties", "GetAll",
                          g_variant_new ("(s)", CONSOLE_INTERFACE), G_VARIANT_TYPE ("(a{sv})"),
                          G_DBUS_CALL_FLAGS_NONE, -1, self->cancellable, got_properties_cb, g_object_ref (self));
}

/**
 * xeno_display_qemu_console_is_shown:
 * @self: a console
 *
 * Returns: whether it is shown
 */
gboolean
xeno_display_qemu_console_is_shown (XenoDisplayQemuConsole *self)
{
  g_return_val_if_fail (XENO_IS_DISPLAY_QEMU_CONSOLE (self), FALSE);

  return self->listener != NULL;
}

/**
 * xeno_display_qemu_console_show:
 * @self: a console
 *
 * Lets QEMU tell what it shows. QEMU answers, then waits in its main thread for the other end to say who
 * it is: that end must not wait for the answer.
 */
void
xeno_display_qemu_console_show (XenoDisplayQemuConsole *self)
{
  g_autoptr (GUnixFDList) fds = NULL;
  g_autoptr (GSocketConnection) stream = NULL;
  g_autoptr (GSocket) socket = NULL;
  g_autoptr (GError) error = NULL;
  int ends[2];

  g_return_if_fail (XENO_IS_DISPLAY_QEMU_CONSOLE (self));
  g_return_if_fail (self->listener == NULL);

  self->listener = xeno_display_qemu_listener_new (self->server, self->wall, self->id);
  if (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
    {
      fail (self, g_strerror (errno));
      return;
    }

  fds = g_unix_fd_list_new_from_array (&ends[1], 1);
  socket = g_socket_new_from_fd (ends[0], &error);
  if (socket == NULL)
    {
      g_close (ends[0], NULL);
      fail (self, error->message);
      return;
    }

  stream = g_socket_connection_factory_create_connection (socket);
  g_dbus_connection_call_with_unix_fd_list (self->connection, NULL, self->path, CONSOLE_INTERFACE,
                                            "RegisterListener", g_variant_new ("(h)", 0), NULL,
                                            G_DBUS_CALL_FLAGS_NONE, -1, fds, self->cancellable,
                                            registered_cb, g_object_ref (self));
  g_dbus_connection_new (G_IO_STREAM (stream), NULL,
                         G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT |
                         G_DBUS_CONNECTION_FLAGS_DELAY_MESSAGE_PROCESSING,
                         NULL, self->cancellable, listening_cb, g_object_ref (self));
}

/**
 * xeno_display_qemu_console_hide:
 * @self: a console that is shown
 *
 * Says to the guest that no monitor is on this output.
 */
void
xeno_display_qemu_console_hide (XenoDisplayQemuConsole *self)
{
  g_return_if_fail (XENO_IS_DISPLAY_QEMU_CONSOLE (self));

  xeno_display_qemu_console_arrange (self, &(XenoDisplayMonitor) { 0 });
  xeno_display_qemu_console_stop (self);
  xeno_display_wall_drop_screen (self->wall, self->id);
  g_object_unref (self->cancellable);
  self->cancellable = g_cancellable_new ();
}

/**
 * xeno_display_qemu_console_arrange:
 * @self: a console
 * @monitor: what the monitor on this output should be
 *
 * Tells the guest.
 */
void
xeno_display_qemu_console_arrange (XenoDisplayQemuConsole   *self,
                                   const XenoDisplayMonitor *monitor)
{
  g_return_if_fail (XENO_IS_DISPLAY_QEMU_CONSOLE (self));
  g_return_if_fail (monitor != NULL);

  xeno_display_qemu_console_call (self, CONSOLE_INTERFACE, "SetUIInfo", new_ui_info (monitor));
}

/**
 * xeno_display_qemu_console_stop:
 * @self: a console
 *
 * Hears no more.
 */
void
xeno_display_qemu_console_stop (XenoDisplayQemuConsole *self)
{
  g_autoptr (GDBusConnection) listening = NULL;

  g_return_if_fail (XENO_IS_DISPLAY_QEMU_CONSOLE (self));

  g_cancellable_cancel (self->cancellable);
  if (self->listener != NULL)
    xeno_display_qemu_listener_unexport (self->listener);
  g_clear_object (&self->listener);
  listening = g_steal_pointer (&self->listening);
  if (listening != NULL)
    g_dbus_connection_close (listening, NULL, NULL, NULL);
}
