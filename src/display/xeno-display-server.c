/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The decoder's end of the conversation with the app. */
#include "config.h"

#include <gio/gio.h>
#include <gio/gunixfdlist.h>
#include <glib-unix.h>

#include "display/xeno-display-parcel.h"
#include "display/xeno-display-sasl.h"
#include "display/xeno-display-server-private.h"

/* The least time between two messages about pixels, and the most one waits for more of them. */
#define UPDATE_INTERVAL_MS 4

enum
{
  FAILED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (XenoDisplayServer, xeno_display_server, G_TYPE_OBJECT)

static void schedule_flush (XenoDisplayServer *self);

static void
call (XenoDisplayServer   *self,
      const char          *method,
      GVariant            *parameters,
      GUnixFDList         *fds,
      GAsyncReadyCallback  callback)
{
  g_dbus_connection_call_with_unix_fd_list (self->connection, NULL, XENO_DISPLAY_OBJECT_PATH,
                                            xeno_display_listener_interface.name, method, parameters,
                                            NULL, G_DBUS_CALL_FLAGS_NONE, G_MAXINT, fds, NULL,
                                            callback, callback != NULL ? g_object_ref (self) : NULL);
}

static void
cancel_flush (XenoDisplayServer *self)
{
  g_clear_handle_id (&self->idle_id, g_source_remove);
  g_clear_handle_id (&self->deadline_id, g_source_remove);
}

static void
offer_room (XenoDisplayServer *self)
{
  if (xeno_display_server_has_room (self) && XENO_DISPLAY_SOURCE_GET_CLASS (self->source)->taken != NULL)
    XENO_DISPLAY_SOURCE_GET_CLASS (self->source)->taken (self->source);
}

/* Whether the app answered. */
gboolean
xeno_display_server_end_call (GObject      *connection,
                              GAsyncResult *result)
{
  g_autoptr (GVariant) reply = NULL;

  reply = g_dbus_connection_call_finish (G_DBUS_CONNECTION (connection), result, NULL);
  return reply != NULL;
}

static void
scanout_cb (GObject      *connection,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (XenoDisplayServer) self = user_data;

  if (!xeno_display_server_end_call (connection, result))
    return;

  self->is_frame_out = FALSE;
  schedule_flush (self);
  offer_room (self);
}

static void
paint (XenoDisplayServer   *self,
       const XenoRectangle *rectangle)
{
  XenoDisplaySourceClass *klass = XENO_DISPLAY_SOURCE_GET_CLASS (self->source);

  if (klass->paint != NULL)
    klass->paint (self->source, self->frame, rectangle);
}

static void
send_frame (XenoDisplayServer *self)
{
  g_autoptr (GUnixFDList) fds = g_unix_fd_list_new ();
  XenoRectangle all = { 0 };
  int index;

  all.width = xeno_frame_buffer_get_width (self->frame);
  all.height = xeno_frame_buffer_get_height (self->frame);
  paint (self, &all);
  xeno_damage_clear (&self->damage);
  self->is_frame_due = FALSE;

  index = g_unix_fd_list_append (fds, xeno_frame_buffer_get_fd (self->frame), NULL);
  if (index < 0)
    {
      xeno_display_server_fail (self, XENO_DISPLAY_FAILURE_MEMORY, "no file descriptor left");
      return;
    }

  self->is_frame_out = TRUE;
  call (self, "Scanout",
        g_variant_new ("(huuu)", index, (guint) all.width, (guint) all.height,
                       (guint) xeno_frame_buffer_get_stride (self->frame)),
        fds, scanout_cb);
}

static void
post_damage (XenoDisplayServer *self)
{
  for (guint i = 0; i < self->damage.n_rectangles; i++)
    paint (self, &self->damage.rectangles[i]);
  xeno_display_board_post (self->board, &self->damage);
  xeno_damage_clear (&self->damage);
}

/* Whether the app has room, or says so when it has. */
static gboolean
may_post (XenoDisplayServer *self)
{
  return xeno_display_board_has_room (self->board) || xeno_display_board_await_room (self->board);
}

static gboolean
flush_cb (gpointer user_data)
{
  XenoDisplayServer *self = user_data;

  cancel_flush (self);
  self->last_flush_us = g_get_monotonic_time ();
  if (self->is_frame_due)
    send_frame (self);
  else if (self->damage.n_rectangles > 0 && may_post (self))
    post_damage (self);
  offer_room (self);
  return G_SOURCE_REMOVE;
}

/* A message goes out when the library has nothing more to decode, which an idle of low priority
 * tells; but no later than the deadline, and never sooner after the last than the interval. */
static void
schedule_flush (XenoDisplayServer *self)
{
  gint64 elapsed_ms;

  if (self->deadline_id != 0 || self->has_failed ||
      self->is_frame_out || (!self->is_frame_due && self->damage.n_rectangles == 0) ||
      (!self->is_frame_due && !may_post (self)))
    return;

  elapsed_ms = (g_get_monotonic_time () - self->last_flush_us) / 1000;
  if (elapsed_ms >= UPDATE_INTERVAL_MS)
    {
      self->idle_id = g_idle_add_full (G_PRIORITY_LOW, flush_cb, self, NULL);
      elapsed_ms = 0;
    }
  self->deadline_id = g_timeout_add (UPDATE_INTERVAL_MS - elapsed_ms, flush_cb, self);
}

static gboolean
bell_cb (int          fd,
         GIOCondition condition,
         gpointer     user_data)
{
  XenoDisplayServer *self = user_data;

  if (!xeno_display_board_hush (self->board))
    {
      self->bell_id = 0;
      return G_SOURCE_REMOVE;
    }

  schedule_flush (self);
  offer_room (self);
  return G_SOURCE_CONTINUE;
}

static void
xeno_display_server_dispose (GObject *object)
{
  XenoDisplayServer *self = XENO_DISPLAY_SERVER (object);

  cancel_flush (self);
  for (guint i = 0; i < G_N_ELEMENTS (self->registration_ids); i++)
    if (self->registration_ids[i] != 0)
      g_dbus_connection_unregister_object (self->connection, self->registration_ids[i]);
  memset (self->registration_ids, 0, sizeof self->registration_ids);
  g_clear_object (&self->file);
  g_clear_handle_id (&self->bell_id, g_source_remove);
  g_clear_pointer (&self->board, xeno_display_board_free);
  xeno_display_server_clear_facts (self);
  g_clear_object (&self->frame);
  g_clear_object (&self->source);
  g_clear_object (&self->connection);

  G_OBJECT_CLASS (xeno_display_server_parent_class)->dispose (object);
}

static void
xeno_display_server_class_init (XenoDisplayServerClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = xeno_display_server_dispose;

  signals[FAILED] =
    g_signal_new ("failed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                  0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
xeno_display_server_init (XenoDisplayServer *self)
{
}

/**
 * xeno_display_server_new:
 * @connection: to the app, not yet processing messages
 * @source: where pixels come from and input goes to
 * @board: (transfer full): where to tell what changed
 *
 * Takes its place on @connection.
 *
 * Returns: (transfer full): the server
 */
XenoDisplayServer *
xeno_display_server_new (GDBusConnection   *connection,
                         XenoDisplaySource *source,
                         XenoDisplayBoard  *board)
{
  static const struct
  {
    const GDBusInterfaceInfo   *info;
    const GDBusInterfaceVTable *vtable;
  } interfaces[XENO_DISPLAY_N_INTERFACES] = {
    { &xeno_display_input_interface, &xeno_display_server_input },
    { &xeno_display_guest_interface, &xeno_display_server_guest },
    { &xeno_display_clipboard_interface, &xeno_display_server_clipboard },
  };
  XenoDisplayServer *self;

  g_return_val_if_fail (G_IS_DBUS_CONNECTION (connection), NULL);
  g_return_val_if_fail (XENO_IS_DISPLAY_SOURCE (source), NULL);
  g_return_val_if_fail (board != NULL, NULL);

  self = g_object_new (XENO_TYPE_DISPLAY_SERVER, NULL);
  self->connection = g_object_ref (connection);
  self->source = g_object_ref (source);
  self->board = board;
  self->bell_id = g_unix_fd_add (xeno_display_board_get_bell (board), G_IO_IN, bell_cb, self);
  for (guint i = 0; i < G_N_ELEMENTS (interfaces); i++)
    self->registration_ids[i] =
      g_dbus_connection_register_object (connection, XENO_DISPLAY_OBJECT_PATH,
                                         (GDBusInterfaceInfo *) interfaces[i].info, interfaces[i].vtable,
                                         self, NULL, NULL);
  return self;
}

static void
return_fd (GTask       *task,
           GUnixFDList *fds,
           int          index)
{
  int fd = xeno_display_parcel_take_fd (fds, index);

  if (fd >= 0)
    g_task_return_int (task, fd);
  else
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "no descriptor came along");
}

/*
 * xeno_display_server_opened_cb:
 * @user_data: (transfer full): a task
 *
 * Answers the task with the descriptor the app has sent.
 */
void
xeno_display_server_opened_cb (GObject      *connection,
                               GAsyncResult *result,
                               gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GUnixFDList) fds = NULL;
  g_autoptr (GVariant) reply = NULL;
  GError *error = NULL;
  int index;

  reply = g_dbus_connection_call_with_unix_fd_list_finish (G_DBUS_CONNECTION (connection), &fds,
                                                           result, &error);
  if (reply == NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  g_variant_get (reply, "(h)", &index);
  return_fd (task, fds, index);
}

static void
socket_cb (GObject      *connection,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GUnixFDList) fds = NULL;
  g_autoptr (GVariant) reply = NULL;
  GError *error = NULL;
  gboolean is_certified;
  int index;

  reply = g_dbus_connection_call_with_unix_fd_list_finish (G_DBUS_CONNECTION (connection), &fds,
                                                           result, &error);
  if (reply == NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  g_variant_get (reply, "(hb)", &index, &is_certified);
  xeno_display_sasl_take_link (is_certified);
  return_fd (task, fds, index);
}

/**
 * xeno_display_server_open_socket_async:
 * @self: a server
 * @cancellable: (nullable): to give up
 * @callback: called when there is an answer
 * @user_data: for @callback
 *
 * Asks the app for one more socket to the display server.
 */
void
xeno_display_server_open_socket_async (XenoDisplayServer   *self,
                                       GCancellable        *cancellable,
                                       GAsyncReadyCallback  callback,
                                       gpointer             user_data)
{
  GTask *task;

  g_return_if_fail (XENO_IS_DISPLAY_SERVER (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, xeno_display_server_open_socket_async);
  g_dbus_connection_call_with_unix_fd_list (self->connection, NULL, XENO_DISPLAY_OBJECT_PATH,
                                            xeno_display_listener_interface.name, "OpenSocket", NULL,
                                            G_VARIANT_TYPE ("(hb)"), G_DBUS_CALL_FLAGS_NONE, G_MAXINT,
                                            NULL, cancellable, socket_cb, task);
}

/**
 * xeno_display_server_open_socket_finish:
 * @self: a server
 * @result: what the callback got
 * @error: (out) (optional): why there is none
 *
 * Returns: a socket the caller owns, or -1
 */
int
xeno_display_server_open_socket_finish (XenoDisplayServer  *self,
                                        GAsyncResult       *result,
                                        GError            **error)
{
  g_return_val_if_fail (XENO_IS_DISPLAY_SERVER (self), -1);
  g_return_val_if_fail (g_task_is_valid (result, self), -1);

  return g_task_propagate_int (G_TASK (result), error);
}

/**
 * xeno_display_server_fail:
 * @self: a server
 * @failure: what kind it is
 * @details: (nullable): the library's words
 *
 * Tells the app that this came to nothing, and emits "failed". Only the first time counts.
 */
void
xeno_display_server_fail (XenoDisplayServer  *self,
                          XenoDisplayFailure  failure,
                          const char         *details)
{
  g_autofree char *text = NULL;

  g_return_if_fail (XENO_IS_DISPLAY_SERVER (self));

  if (self->has_failed)
    return;

  self->has_failed = TRUE;
  cancel_flush (self);
  text = g_utf8_make_valid (details != NULL ? details : "", -1);
  call (self, "Failed", g_variant_new ("(us)", failure, text), NULL, NULL);
  g_signal_emit (self, signals[FAILED], 0);
}

/**
 * xeno_display_server_set_frame:
 * @self: a server
 * @frame: a frame that has, or will get when it is painted, all its pixels
 *
 * Shows another frame. Should yet another come before the app has taken this one, it never sees it.
 */
void
xeno_display_server_set_frame (XenoDisplayServer *self,
                               XenoFrameBuffer   *frame)
{
  g_return_if_fail (XENO_IS_DISPLAY_SERVER (self));
  g_return_if_fail (XENO_IS_FRAME_BUFFER (frame));

  g_set_object (&self->frame, frame);
  xeno_damage_clear (&self->damage);
  self->is_frame_due = TRUE;
  schedule_flush (self);
}

/**
 * xeno_display_server_damage:
 * @self: a server
 * @x: the left edge
 * @y: the upper edge
 * @width: in pixels
 * @height: in pixels
 *
 * Says what changed. Cheap, however often it is done; what lies outside of the frame is cut off.
 */
void
xeno_display_server_damage (XenoDisplayServer *self,
                            int                x,
                            int                y,
                            int                width,
                            int                height)
{
  gint64 right, bottom;

  g_return_if_fail (XENO_IS_DISPLAY_SERVER (self));

  if (self->frame == NULL || self->is_frame_due)
    return;

  right = MIN ((gint64) x + width, xeno_frame_buffer_get_width (self->frame));
  bottom = MIN ((gint64) y + height, xeno_frame_buffer_get_height (self->frame));
  x = MAX (x, 0);
  y = MAX (y, 0);
  if (x >= right || y >= bottom)
    return;

  xeno_damage_add (&self->damage, (XenoRectangle) { x, y, right - x, bottom - y });
  schedule_flush (self);
}

/**
 * xeno_display_server_has_room:
 * @self: a server
 *
 * Returns: whether what is painted next could be told at once
 */
gboolean
xeno_display_server_has_room (XenoDisplayServer *self)
{
  g_return_val_if_fail (XENO_IS_DISPLAY_SERVER (self), FALSE);

  return !self->is_frame_due && !self->is_frame_out && self->damage.n_rectangles == 0 &&
         may_post (self);
}
