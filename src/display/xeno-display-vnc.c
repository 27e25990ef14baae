/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Speaks VNC to a display server. */
#include "config.h"

#include <glib/gstdio.h>

#include "display/xeno-display-text.h"
#include "display/xeno-display-vnc-private.h"

G_DEFINE_FINAL_TYPE (XenoDisplayVnc, xeno_display_vnc, XENO_TYPE_DISPLAY_SOURCE)

static void
name_cb (XenoDisplayVnc *self)
{
  xeno_display_server_set_name (self->server, vnc_connection_get_name (self->connection));
}

static void
initialized_cb (XenoDisplayVnc *self)
{
  xeno_display_vnc_show_screen (self);
  name_cb (self);
  xeno_display_server_set_stage (self->server, XENO_DISPLAY_STAGE_READY);
  xeno_display_server_set_absolute_pointer (self->server, self->is_absolute);
  xeno_display_server_set_abilities (self->server, XENO_DISPLAY_ABILITY_TEXT | XENO_DISPLAY_ABILITY_RESIZE,
                                     XENO_DISPLAY_ABILITY_TEXT | XENO_DISPLAY_ABILITY_RESIZE);
}

static void
desktop_rename_cb (XenoDisplayVnc *self)
{
  name_cb (self);
  xeno_display_vnc_end_request (self);
}

/* The protocol has no question for it: what was cut comes by itself. */
static void
server_cut_text_cb (XenoDisplayVnc *self,
                    const char     *text)
{
  gsize size = strlen (text);

  if (size > XENO_DISPLAY_MAX_TEXT)
    return;

  g_clear_pointer (&self->text, g_bytes_unref);
  self->text = xeno_display_text_from_latin1 (text, size);
  xeno_display_server_grab (self->server, XENO_DISPLAY_FORM_TEXT);
}

static void
error_cb (XenoDisplayVnc *self,
          const char     *message)
{
  xeno_display_vnc_set_error (self, message);
}

static void
disconnected_cb (XenoDisplayVnc *self)
{
  g_clear_handle_id (&self->request_id, g_source_remove);
  xeno_display_vnc_drop_nudges (self);
  if (self->stopped != NULL)
    self->stopped (self->stopped_data);
  else
    xeno_display_vnc_fail (self, XENO_DISPLAY_FAILURE_LOST);
}

static void
open_socket_cb (GObject      *server,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr (XenoDisplayVnc) self = user_data;
  g_autoptr (GError) error = NULL;
  int fd = xeno_display_server_open_socket_finish (XENO_DISPLAY_SERVER (server), result, &error);

  if (fd < 0)
    {
      xeno_display_vnc_set_error (self, error->message);
      xeno_display_vnc_fail (self, XENO_DISPLAY_FAILURE_LOST);
      return;
    }

  if (self->stopped != NULL || !vnc_connection_open_fd (self->connection, fd))
    g_close (fd, NULL);
  else
    xeno_display_server_set_stage (self->server, XENO_DISPLAY_STAGE_GREETING);
}

static void
xeno_display_vnc_prepare (XenoDisplaySource *source,
                          gboolean           is_remote)
{
  XENO_DISPLAY_VNC (source)->is_remote = is_remote;
}

static void
xeno_display_vnc_start (XenoDisplaySource *source,
                        XenoDisplayServer *server)
{
  XenoDisplayVnc *self = XENO_DISPLAY_VNC (source);

  self->server = server;
  self->connection = vnc_connection_new ();
  xeno_display_vnc_connect_auth (self);
  xeno_display_vnc_connect_screen (self);
  xeno_display_vnc_connect_input (self);
  xeno_display_vnc_connect_sound (self);
  xeno_display_vnc_listen (self, "vnc-initialized", G_CALLBACK (initialized_cb));
  xeno_display_vnc_listen (self, "vnc-desktop-rename", G_CALLBACK (desktop_rename_cb));
  xeno_display_vnc_listen (self, "vnc-server-cut-text", G_CALLBACK (server_cut_text_cb));
  xeno_display_vnc_listen (self, "vnc-error", G_CALLBACK (error_cb));
  xeno_display_vnc_listen (self, "vnc-disconnected", G_CALLBACK (disconnected_cb));

  /* The machine's other viewers stay. */
  vnc_connection_set_shared (self->connection, TRUE);
  xeno_display_server_open_socket_async (server, NULL, open_socket_cb, g_object_ref (self));
}

static void
xeno_display_vnc_stop (XenoDisplaySource *source,
                       GSourceOnceFunc    stopped,
                       gpointer           user_data)
{
  XenoDisplayVnc *self = XENO_DISPLAY_VNC (source);

  self->stopped = stopped;
  self->stopped_data = user_data;
  if (self->connection != NULL && vnc_connection_is_open (self->connection))
    vnc_connection_shutdown (self->connection);
  else
    stopped (user_data);
}

static void
xeno_display_vnc_taken (XenoDisplaySource *source)
{
  xeno_display_vnc_queue_request (XENO_DISPLAY_VNC (source));
}

/* The library sends one screen. Whether a server takes sizes it only says of one that was to be sent, and
 * one that nobody wants is no question: QEMU would tell the guest that its monitor is like that. */
static void
xeno_display_vnc_arrange (XenoDisplaySource        *source,
                          const XenoDisplayMonitor *monitors,
                          guint                     n_monitors)
{
  XenoDisplayVnc *self = XENO_DISPLAY_VNC (source);

  if (xeno_display_vnc_can_send (self) &&
      vnc_connection_set_size (self->connection, monitors->width, monitors->height) < 0)
    xeno_display_server_set_abilities (self->server, XENO_DISPLAY_ABILITY_RESIZE, 0);
}

static void
cut_cb (GObject      *server,
        GAsyncResult *result,
        gpointer      user_data)
{
  g_autoptr (XenoDisplayVnc) self = user_data;
  g_autoptr (GBytes) text = xeno_display_server_request_finish (XENO_DISPLAY_SERVER (server), result, NULL);
  g_autoptr (GBytes) latin1 = NULL;
  gsize size;
  gconstpointer data;

  if (text == NULL || !xeno_display_vnc_can_send (self))
    return;

  latin1 = xeno_display_text_to_latin1 (text);
  data = g_bytes_get_data (latin1, &size);
  vnc_connection_client_cut_text (self->connection, data, size);
}

/* The protocol has no way to offer: what there is must be sent. */
static void
xeno_display_vnc_grab (XenoDisplaySource *source,
                       guint              forms)
{
  XenoDisplayVnc *self = XENO_DISPLAY_VNC (source);

  g_cancellable_cancel (self->asking);
  g_clear_object (&self->asking);
  if ((forms & XENO_DISPLAY_FORM_TEXT) == 0)
    return;

  self->asking = g_cancellable_new ();
  xeno_display_server_request_async (self->server, XENO_DISPLAY_FORM_TEXT, self->asking, cut_cb,
                                     g_object_ref (self));
}

static void
xeno_display_vnc_request (XenoDisplaySource *source,
                          guint              form,
                          GTask             *task)
{
  XenoDisplayVnc *self = XENO_DISPLAY_VNC (source);

  if (self->text != NULL && form == XENO_DISPLAY_FORM_TEXT)
    g_task_return_pointer (task, g_bytes_ref (self->text), (GDestroyNotify) g_bytes_unref);
  else
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "nothing was cut");
}

static void
xeno_display_vnc_dispose (GObject *object)
{
  XenoDisplayVnc *self = XENO_DISPLAY_VNC (object);

  g_clear_handle_id (&self->request_id, g_source_remove);
  xeno_display_vnc_drop_nudges (self);
  g_cancellable_cancel (self->asking);
  g_clear_object (&self->asking);
  g_clear_pointer (&self->text, g_bytes_unref);
  if (self->player != NULL)
    xeno_display_player_close (self->player);
  g_clear_object (&self->player);
  g_clear_object (&self->audio);
  g_clear_object (&self->connection);
  g_clear_object (&self->frame);

  G_OBJECT_CLASS (xeno_display_vnc_parent_class)->dispose (object);
}

static void
xeno_display_vnc_finalize (GObject *object)
{
  g_free (XENO_DISPLAY_VNC (object)->error);

  G_OBJECT_CLASS (xeno_display_vnc_parent_class)->finalize (object);
}

static void
xeno_display_vnc_class_init (XenoDisplayVncClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  XenoDisplaySourceClass *source_class = XENO_DISPLAY_SOURCE_CLASS (klass);

  object_class->dispose = xeno_display_vnc_dispose;
  object_class->finalize = xeno_display_vnc_finalize;
  source_class->prepare = xeno_display_vnc_prepare;
  source_class->start = xeno_display_vnc_start;
  source_class->stop = xeno_display_vnc_stop;
  source_class->taken = xeno_display_vnc_taken;
  source_class->arrange = xeno_display_vnc_arrange;
  source_class->grab = xeno_display_vnc_grab;
  source_class->request = xeno_display_vnc_request;
  xeno_display_vnc_add_input (source_class);
  xeno_display_vnc_add_sound (source_class);
}

static void
xeno_display_vnc_init (XenoDisplayVnc *self)
{
  self->is_absolute = TRUE;
  self->leds = -1;
  self->early_locks = -1;
}

/**
 * xeno_display_vnc_listen:
 * @self: a source
 * @signal: one of its connection's
 * @callback: what to call with @self, while it lives
 */
void
xeno_display_vnc_listen (XenoDisplayVnc *self,
                         const char     *signal,
                         GCallback       callback)
{
  g_return_if_fail (XENO_IS_DISPLAY_VNC (self));

  g_signal_connect_object (self->connection, signal, callback, self, G_CONNECT_SWAPPED);
}

/**
 * xeno_display_vnc_can_send:
 * @self: a source
 *
 * Returns: whether its server takes what is sent now
 */
gboolean
xeno_display_vnc_can_send (XenoDisplayVnc *self)
{
  g_return_val_if_fail (XENO_IS_DISPLAY_VNC (self), FALSE);

  return self->connection != NULL && vnc_connection_is_initialized (self->connection) &&
         self->stopped == NULL;
}

/**
 * xeno_display_vnc_set_error:
 * @self: a source
 * @message: what went wrong, in words of the library or the server
 *
 * Remembers it for when the source fails.
 */
void
xeno_display_vnc_set_error (XenoDisplayVnc *self,
                            const char     *message)
{
  g_return_if_fail (XENO_IS_DISPLAY_VNC (self));

  g_free (self->error);
  self->error = g_strdup (message);
}

/**
 * xeno_display_vnc_fail:
 * @self: a source
 * @failure: how it went wrong
 *
 * Ends the attempt.
 */
void
xeno_display_vnc_fail (XenoDisplayVnc     *self,
                       XenoDisplayFailure  failure)
{
  g_return_if_fail (XENO_IS_DISPLAY_VNC (self));

  xeno_display_server_fail (self->server, failure, self->error);
}
