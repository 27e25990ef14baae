/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A shared folder by SPICE: bytes between the guest and the process that serves it. */
#include "config.h"

#include <errno.h>
#include <glib-unix.h>
#include <glib/gstdio.h>
#include <poll.h>
#include <sys/socket.h>

#include "display/xeno-display-spice-share.h"

/* What goes to the guest at once; the next is read when that has gone. */
#define PIECE_BYTES (32 * 1024)

/* Nothing keeps a guest from sending faster than a disk writes but that nobody reads: so the picture waits
 * for the disk when this much has gathered. Where nothing is taken for so long there is nobody. */
#define MAX_WAITING (32 << 20)
#define MAX_WAIT_MS 500

/* From the end of what served to the next: the guest has to see that it ended. */
#define AGAIN_MS 1000

struct _XenoDisplaySpiceShare
{
  GObject            parent_instance;
  XenoDisplayServer *server;  /* outlives it */
  SpiceChannel      *channel; /* outlives it */
  GCancellable      *cancellable; /* of what serves at the moment, or is being asked for */
  GByteArray        *waiting;     /* for who serves */
  int                fd;
  guint              read_id;
  guint              write_id;
  guint              again_id;
  gboolean           is_shared;
  gboolean           is_open; /* the guest's end */
};

typedef struct
{
  XenoDisplaySpiceShare *self;
  guint8                 data[PIECE_BYTES];
} Piece;

G_DEFINE_FINAL_TYPE (XenoDisplaySpiceShare, xeno_display_spice_share, G_TYPE_OBJECT)

static void begin (XenoDisplaySpiceShare *self);
static void watch (XenoDisplaySpiceShare *self);

static void
again_cb (gpointer user_data)
{
  XenoDisplaySpiceShare *self = user_data;

  self->again_id = 0;
  begin (self);
}

static void
tell_open (XenoDisplaySpiceShare *self,
           gboolean               is_open)
{
  xeno_display_server_set_abilities (self->server, XENO_DISPLAY_ABILITY_OPEN_FOLDER,
                                     is_open ? XENO_DISPLAY_ABILITY_OPEN_FOLDER : 0);
}

static void
stop (XenoDisplaySpiceShare *self)
{
  g_clear_handle_id (&self->again_id, g_source_remove);
  g_clear_handle_id (&self->read_id, g_source_remove);
  g_clear_handle_id (&self->write_id, g_source_remove);
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_byte_array_set_size (self->waiting, 0);
  if (self->fd >= 0)
    g_close (self->fd, NULL);
  self->fd = -1;
  self->is_open = FALSE;
}

/* The guest's end is told too: what it was in the middle of is over. */
static void
restart (XenoDisplaySpiceShare *self)
{
  stop (self);
  tell_open (self, FALSE);
  spice_channel_disconnect (self->channel, SPICE_CHANNEL_NONE);
  self->again_id = g_timeout_add_once (AGAIN_MS, again_cb, self);
}

static void
sent_cb (GObject      *channel,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autofree Piece *piece = user_data;
  g_autoptr (XenoDisplaySpiceShare) self = piece->self;
  g_autoptr (GError) error = NULL;
  gssize written = spice_port_channel_write_finish (SPICE_PORT_CHANNEL (channel), result, &error);

  /* What was not of the connection that there is now: it is over. */
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || self->fd < 0)
    return;

  if (written >= 0)
    watch (self);
  else
    restart (self);
}

static gboolean
read_cb (int          fd,
         GIOCondition condition,
         gpointer     user_data)
{
  XenoDisplaySpiceShare *self = user_data;
  Piece *piece = g_new (Piece, 1);
  gssize size = recv (fd, piece->data, sizeof piece->data, MSG_DONTWAIT);

  if (size <= 0)
    {
      gboolean has_ended = size == 0 || (errno != EAGAIN && errno != EINTR);

      g_free (piece);
      if (has_ended)
        restart (self);
      return G_SOURCE_CONTINUE;
    }

  piece->self = g_object_ref (self);
  self->read_id = 0;
  spice_port_channel_write_async (SPICE_PORT_CHANNEL (self->channel), piece->data, size, self->cancellable,
                                  sent_cb, piece);
  return G_SOURCE_REMOVE;
}

/* Returns: whether there is still somebody who takes it. */
static gboolean
push (XenoDisplaySpiceShare *self)
{
  gssize size = self->waiting->len > 0
                ? send (self->fd, self->waiting->data, self->waiting->len, MSG_DONTWAIT | MSG_NOSIGNAL)
                : 0;

  if (size < 0)
    return errno == EAGAIN || errno == EINTR;
  g_byte_array_remove_range (self->waiting, 0, size);
  return TRUE;
}

static gboolean
write_cb (int          fd,
          GIOCondition condition,
          gpointer     user_data)
{
  XenoDisplaySpiceShare *self = user_data;

  if (!push (self))
    restart (self);
  else if (self->waiting->len == 0)
    g_clear_handle_id (&self->write_id, g_source_remove);
  return G_SOURCE_CONTINUE;
}

static gboolean
wait_for_room (XenoDisplaySpiceShare *self)
{
  struct pollfd ready = { .fd = self->fd, .events = POLLOUT };

  while (self->waiting->len > MAX_WAITING)
    if (poll (&ready, 1, MAX_WAIT_MS) <= 0 || !push (self))
      return FALSE;
  return TRUE;
}

static void
data_cb (XenoDisplaySpiceShare *self,
         gpointer               data,
         int                    size)
{
  if (self->fd < 0 || size <= 0)
    return;

  g_byte_array_append (self->waiting, data, size);
  if (!push (self) || !wait_for_room (self))
    restart (self);
  else if (self->waiting->len > 0 && self->write_id == 0)
    self->write_id = g_unix_fd_add (self->fd, G_IO_OUT, write_cb, self);
}

static void
watch (XenoDisplaySpiceShare *self)
{
  if (self->read_id == 0)
    self->read_id = g_unix_fd_add (self->fd, G_IO_IN, read_cb, self);
}

/* The guest opens its end when a program of its serves it on, and closes it with that. */
static void
opened_cb (XenoDisplaySpiceShare *self)
{
  const gboolean was_open = self->is_open;

  if (self->fd < 0)
    return;

  g_object_get (self->channel, "port-opened", &self->is_open, NULL);
  if (self->is_open == was_open)
    return;

  if (self->is_open)
    {
      watch (self);
      tell_open (self, TRUE);
    }
  else
    restart (self);
}

static void
share_cb (GObject      *server,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr (XenoDisplaySpiceShare) self = user_data;
  g_autoptr (GError) error = NULL;
  int fd = xeno_display_server_open_share_finish (XENO_DISPLAY_SERVER (server), result, &error);

  /* It is over, and so may be the channel. */
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  if (fd < 0)
    {
      restart (self);
      return;
    }

  self->fd = fd;
  spice_channel_connect (self->channel);
}

static void
begin (XenoDisplaySpiceShare *self)
{
  if (!self->is_shared || self->cancellable != NULL || self->again_id != 0)
    return;

  self->cancellable = g_cancellable_new ();
  xeno_display_server_open_share_async (self->server, self->cancellable, share_cb, g_object_ref (self));
}

static void
xeno_display_spice_share_dispose (GObject *object)
{
  stop (XENO_DISPLAY_SPICE_SHARE (object));

  G_OBJECT_CLASS (xeno_display_spice_share_parent_class)->dispose (object);
}

static void
xeno_display_spice_share_finalize (GObject *object)
{
  g_byte_array_unref (XENO_DISPLAY_SPICE_SHARE (object)->waiting);

  G_OBJECT_CLASS (xeno_display_spice_share_parent_class)->finalize (object);
}

static void
xeno_display_spice_share_class_init (XenoDisplaySpiceShareClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = xeno_display_spice_share_dispose;
  object_class->finalize = xeno_display_spice_share_finalize;
}

static void
xeno_display_spice_share_init (XenoDisplaySpiceShare *self)
{
  self->waiting = g_byte_array_new ();
  self->fd = -1;
}

/**
 * xeno_display_spice_share_new:
 * @server: who asks the app; it outlives the object
 * @channel: a port through which the guest asks for files; it outlives the object
 *
 * Returns: (transfer full): a folder that is not shared
 */
XenoDisplaySpiceShare *
xeno_display_spice_share_new (XenoDisplayServer *server,
                              SpiceChannel      *channel)
{
  XenoDisplaySpiceShare *self;

  g_return_val_if_fail (XENO_IS_DISPLAY_SERVER (server), NULL);
  g_return_val_if_fail (SPICE_IS_PORT_CHANNEL (channel), NULL);

  self = g_object_new (XENO_TYPE_DISPLAY_SPICE_SHARE, NULL);
  self->server = server;
  self->channel = channel;
  g_signal_connect_object (channel, "notify::port-opened", G_CALLBACK (opened_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (channel, "port-data", G_CALLBACK (data_cb), self, G_CONNECT_SWAPPED);
  return self;
}

/**
 * xeno_display_spice_share_is_channel:
 * @self: a folder
 * @channel: a channel
 *
 * Returns: whether it is the one the folder is shared through
 */
gboolean
xeno_display_spice_share_is_channel (XenoDisplaySpiceShare *self,
                                     SpiceChannel          *channel)
{
  g_return_val_if_fail (XENO_IS_DISPLAY_SPICE_SHARE (self), FALSE);

  return self->channel == channel;
}

/**
 * xeno_display_spice_share_set:
 * @self: a folder
 * @is_shared: whether the app has one for the guest
 *
 * While there is one the guest's port is open.
 */
void
xeno_display_spice_share_set (XenoDisplaySpiceShare *self,
                              gboolean               is_shared)
{
  g_return_if_fail (XENO_IS_DISPLAY_SPICE_SHARE (self));

  if (self->is_shared == is_shared)
    return;

  self->is_shared = is_shared;
  if (is_shared)
    begin (self);
  else if (self->cancellable != NULL)
    restart (self);
}
