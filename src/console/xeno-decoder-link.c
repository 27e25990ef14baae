/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One decoder process from its start to its end. */
#include "config.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <sys/socket.h>

#include "base/xeno-error.h"
#include "console/xeno-decoder-link-private.h"
#include "console/xeno-decoder-process.h"

enum
{
  PROGRESS,
  ENDED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (XenoDecoderLink, xeno_decoder_link, G_TYPE_OBJECT)

/* To be called while it has an owner. */
XenoGuestDecoder *
xeno_decoder_link_get_guest (XenoDecoderLink *self)
{
  return XENO_GUEST_DECODER (xeno_console_backend_get_guest (self->backend));
}

/* Takes @error. */
void
xeno_decoder_link_end (XenoDecoderLink *self,
                       gboolean         for_good,
                       GError          *error)
{
  g_autoptr (XenoDecoderLink) held = g_object_ref (self);
  g_autoptr (GError) owned = error;

  if (self->backend == NULL)
    return;

  xeno_decoder_link_close (self);
  g_signal_emit (self, signals[ENDED], 0, error, for_good);
}

void
xeno_decoder_link_end_lost (XenoDecoderLink *self,
                            const char      *details)
{
  xeno_decoder_link_end (self, FALSE,
                         xeno_error_new (XENO_ERROR_NO_CONNECTION, details,
                                         /* Translators: %s is a machine's name. */
                                         _("The display of “%s” closed the connection. Check that it still "
                                           "runs."),
                                         self->title));
}

/* A decoder that lies has been taken over by what it decodes: no second chance for that process. */
void
xeno_decoder_link_end_lying (XenoDecoderLink *self)
{
  g_info ("The decoder of “%s” broke its rules", self->title);
  xeno_decoder_link_end (self, FALSE,
                         xeno_error_new (XENO_ERROR_FAILED, NULL,
                                         _("The display of “%s” sent what cannot be, and was closed. It is "
                                           "opened again while the machine runs."),
                                         self->title));
}

void
xeno_decoder_link_set_stage (XenoDecoderLink  *self,
                             XenoDisplayStage  stage)
{
  if (stage <= self->stage)
    return;

  self->stage = stage;
  g_signal_emit (self, signals[PROGRESS], 0);
}

static void
closed_cb (XenoDecoderLink *self)
{
  xeno_decoder_link_end_lost (self, NULL);
}

static void
connect_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (XenoDecoderLink) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GDBusConnection) connection = g_dbus_connection_new_finish (result, &error);

  if (self->backend == NULL)
    return;

  if (connection == NULL)
    {
      xeno_decoder_link_end_lost (self, error->message);
      return;
    }

  self->connection = g_object_ref (connection);
  g_dbus_connection_set_exit_on_close (connection, FALSE);
  g_signal_connect_object (connection, "closed", G_CALLBACK (closed_cb), self, G_CONNECT_SWAPPED);
  self->filter_id = g_dbus_connection_add_filter (connection, xeno_decoder_link_filter, g_object_ref (self),
                                                  g_object_unref);
  for (guint i = 0; i < XENO_DECODER_LINK_N_INTERFACES; i++)
    self->registration_ids[i] =
      g_dbus_connection_register_object (connection, XENO_DISPLAY_OBJECT_PATH,
                                         (GDBusInterfaceInfo *) xeno_decoder_link_interfaces[i],
                                         &xeno_decoder_link_listener, g_object_ref (self), g_object_unref,
                                         NULL);
  xeno_guest_decoder_set_connection (xeno_decoder_link_get_guest (self), connection);
  g_dbus_connection_start_message_processing (connection);
}

static void
connect_to (XenoDecoderLink *self,
            int              fd)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GSocket) socket = g_socket_new_from_fd (fd, &error);
  g_autoptr (GSocketConnection) stream = NULL;

  if (socket == NULL)
    {
      g_close (fd, NULL);
      xeno_decoder_link_end_lost (self, error->message);
      return;
    }

  stream = g_socket_connection_factory_create_connection (socket);
  g_dbus_connection_new (G_IO_STREAM (stream), NULL,
                         G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT |
                         G_DBUS_CONNECTION_FLAGS_DELAY_MESSAGE_PROCESSING,
                         NULL, self->cancellable, connect_cb, g_object_ref (self));
}

/* Closing does not wait for what is still to be sent: the releases of what was pressed. */
static void
flushed_cb (GObject      *connection,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_dbus_connection_flush_finish (G_DBUS_CONNECTION (connection), result, NULL);
  g_dbus_connection_close (G_DBUS_CONNECTION (connection), NULL, NULL, NULL);
}

static void
xeno_decoder_link_dispose (GObject *object)
{
  xeno_decoder_link_close (XENO_DECODER_LINK (object));

  G_OBJECT_CLASS (xeno_decoder_link_parent_class)->dispose (object);
}

static void
xeno_decoder_link_finalize (GObject *object)
{
  XenoDecoderLink *self = XENO_DECODER_LINK (object);

  g_clear_pointer (&self->board, xeno_display_board_free);
  g_clear_object (&self->texture);
  g_clear_object (&self->cancellable);
  g_free (self->kind);
  g_free (self->title);

  G_OBJECT_CLASS (xeno_decoder_link_parent_class)->finalize (object);
}

static void
xeno_decoder_link_class_init (XenoDecoderLinkClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = xeno_decoder_link_dispose;
  object_class->finalize = xeno_decoder_link_finalize;

  signals[PROGRESS] =
    g_signal_new ("progress", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                  0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[ENDED] =
    g_signal_new ("ended", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                  0, NULL, NULL, NULL, G_TYPE_NONE, 2, G_TYPE_ERROR, G_TYPE_BOOLEAN);
}

static void
xeno_decoder_link_init (XenoDecoderLink *self)
{
  self->cancellable = g_cancellable_new ();
}

/**
 * xeno_decoder_link_new:
 * @backend: the owner, which closes the link before it goes; gets frames, cursors and the like
 * @opener: how to open the display
 * @opener_object: what to open it with
 * @kind: "dbus", "spice" or "vnc"
 * @title: the machine's name for people, for errors
 *
 * Prepares one attempt.
 *
 * Returns: (transfer full): the link
 */
XenoDecoderLink *
xeno_decoder_link_new (XenoConsoleBackend      *backend,
                       const XenoDisplayOpener *opener,
                       GObject                 *opener_object,
                       const char              *kind,
                       const char              *title)
{
  XenoDecoderLink *self;

  g_return_val_if_fail (XENO_IS_CONSOLE_BACKEND (backend), NULL);
  g_return_val_if_fail (opener != NULL, NULL);

  self = g_object_new (XENO_TYPE_DECODER_LINK, NULL);
  self->backend = backend;
  self->opener = opener;
  self->opener_object = opener_object != NULL ? g_object_ref (opener_object) : NULL;
  self->kind = g_strdup (kind);
  self->title = g_strdup (title);
  return self;
}

/**
 * xeno_decoder_link_open:
 * @self: a link
 *
 * Starts the decoder.
 */
void
xeno_decoder_link_open (XenoDecoderLink *self)
{
  g_autoptr (GError) error = NULL;
  int fds[2], board_fd, bell_fd;

  g_return_if_fail (XENO_IS_DECODER_LINK (self));

  if (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) != 0)
    {
      xeno_decoder_link_end_lost (self, g_strerror (errno));
      return;
    }

  self->board = xeno_display_board_new (&board_fd, &bell_fd, &error);
  if (self->board == NULL)
    {
      g_close (fds[0], NULL);
      g_close (fds[1], NULL);
      xeno_decoder_link_end_lost (self, error->message);
      return;
    }

  self->process = xeno_decoder_process_start (self->kind, self->opener->is_remote, fds[1], board_fd, bell_fd,
                                              &error);
  if (self->process == NULL)
    {
      g_close (fds[0], NULL);
      xeno_decoder_link_end (self, TRUE,
                             xeno_error_new (XENO_ERROR_NOT_INSTALLED, error->message,
                                             _("The display of “%s” cannot be shown, because the program "
                                               "that reads it does not start. Install Xenolith again."),
                                             self->title));
      return;
    }

  xeno_decoder_link_watch_board (self);
  connect_to (self, fds[0]);
}

/**
 * xeno_decoder_link_close:
 * @self: a link
 *
 * Ends it, whatever it is at. The process is reaped.
 */
void
xeno_decoder_link_close (XenoDecoderLink *self)
{
  XenoGuestDecoder *guest;

  g_return_if_fail (XENO_IS_DECODER_LINK (self));

  if (self->backend == NULL)
    return;

  guest = xeno_decoder_link_get_guest (self);
  self->backend = NULL;
  g_clear_handle_id (&self->quiet_id, g_source_remove);
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->opener_object);
  g_clear_handle_id (&self->bell_id, g_source_remove);
  if (self->connection != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->connection, self);
      for (guint i = 0; i < XENO_DECODER_LINK_N_INTERFACES; i++)
        g_dbus_connection_unregister_object (self->connection, self->registration_ids[i]);
      g_dbus_connection_remove_filter (self->connection, self->filter_id);
      g_dbus_connection_flush (self->connection, NULL, flushed_cb, NULL);
      g_clear_object (&self->connection);
    }
  if (self->process != NULL)
    xeno_decoder_process_end (g_steal_pointer (&self->process));
  xeno_guest_decoder_set_connection (guest, NULL);
}

/**
 * xeno_decoder_link_get_stage:
 * @self: a link
 *
 * Returns: how far it has come
 */
XenoDisplayStage
xeno_decoder_link_get_stage (XenoDecoderLink *self)
{
  g_return_val_if_fail (XENO_IS_DECODER_LINK (self), XENO_DISPLAY_STAGE_STARTING);

  return self->stage;
}

/**
 * xeno_decoder_link_is_asking:
 * @self: a link
 *
 * Returns: whether it waits for a person, who takes as long as they like
 */
gboolean
xeno_decoder_link_is_asking (XenoDecoderLink *self)
{
  g_return_val_if_fail (XENO_IS_DECODER_LINK (self), FALSE);

  return self->is_asking ||
         (self->opener_object != NULL && self->opener->is_asking != NULL &&
          self->opener->is_asking (self->opener_object));
}

/**
 * xeno_decoder_link_get_pid:
 * @self: a link
 *
 * Returns: the decoder's process, or 0
 */
GPid
xeno_decoder_link_get_pid (XenoDecoderLink *self)
{
  const char *identifier;

  g_return_val_if_fail (XENO_IS_DECODER_LINK (self), 0);

  identifier = self->process != NULL ? g_subprocess_get_identifier (self->process) : NULL;
  return identifier != NULL ? (GPid) g_ascii_strtoll (identifier, NULL, 10) : 0;
}

/**
 * xeno_decoder_link_send:
 * @self: a link
 * @method: of the decoder's interface
 * @parameters: (transfer floating): its parameters
 *
 * Sends input, if there is somebody who takes it.
 */
void
xeno_decoder_link_send (XenoDecoderLink *self,
                        const char      *method,
                        GVariant        *parameters)
{
  g_autoptr (GVariant) owned = g_variant_ref_sink (parameters);

  g_return_if_fail (XENO_IS_DECODER_LINK (self));

  if (self->connection == NULL || self->stage < XENO_DISPLAY_STAGE_READY)
    return;

  g_dbus_connection_call (self->connection, NULL, XENO_DISPLAY_OBJECT_PATH,
                          xeno_display_input_interface.name, method, owned, NULL,
                          G_DBUS_CALL_FLAGS_NONE, -1, NULL, NULL, NULL);
  xeno_decoder_link_expect_life (self);
}

/**
 * xeno_decoder_link_frame_done:
 * @self: a link
 *
 * Tells the decoder that what it sent has been painted.
 */
void
xeno_decoder_link_frame_done (XenoDecoderLink *self)
{
  g_return_if_fail (XENO_IS_DECODER_LINK (self));

  if (self->board != NULL && xeno_display_board_painted (self->board))
    xeno_decoder_link_expect_life (self);
}
