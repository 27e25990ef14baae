/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A port by SPICE: bytes between the guest and the process that serves it. */
#include "config.h"

#include <errno.h>
#include <glib-unix.h>
#include <glib/gstdio.h>
#include <poll.h>
#include <sys/socket.h>

#include "display/xeno-display-spice-port.h"

/* What goes to the guest at once; the next is read when that has gone. */
#define PIECE_BYTES (32 * 1024)

/* Nothing keeps a guest from sending faster than a disk writes but that nobody reads: so the picture waits
 * for the disk when this much has gathered. Where nothing is taken for so long there is nobody. */
#define MAX_WAITING (32 << 20)
#define MAX_WAIT_MS 500

/* From the end of what served to the next: the guest has to see that it ended. */
#define AGAIN_MS 1000

struct _XenoDisplaySpicePort
{
  GObject            parent_instance;
  XenoDisplayServer *server;  /* outlives it */
  SpiceChannel      *channel; /* outlives it */
  XenoDisplayPort    port;
  GCancellable      *cancellable; /* of what serves at the moment, or is being asked for */
  GByteArray        *waiting;     /* for what serves */
  int                fd;
  guint              read_id;
  guint              write_id;
  guint              again_id;
  gboolean           is_served;
  gboolean           is_open; /* the guest's end */
};

typedef struct
{
  XenoDisplaySpicePort *self;
  guint8                 data[PIECE_BYTES];
} Piece;

enum
{
  ENDED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

/* What the app is told while the guest's end is open, and whether that hears when nobody serves it any more:
 * QEMU's reader does not listen for it. */
static const struct
{
  guint    ability;
  gboolean hears_of_end;
} ports[] = {
  [XENO_DISPLAY_PORT_FOLDER] = { XENO_DISPLAY_ABILITY_OPEN_FOLDER, TRUE },
  [XENO_DISPLAY_PORT_CARD] = { 0, FALSE },
};

G_STATIC_ASSERT (G_N_ELEMENTS (ports) == XENO_DISPLAY_N_PORTS);

G_DEFINE_FINAL_TYPE (XenoDisplaySpicePort, xeno_display_spice_port, G_TYPE_OBJECT)

static void begin (XenoDisplaySpicePort *self);
static void watch (XenoDisplaySpicePort *self);

static void
again_cb (gpointer user_data)
{
  XenoDisplaySpicePort *self = user_data;

  self->again_id = 0;
  begin (self);
}

static void
tell_open (XenoDisplaySpicePort *self,
           gboolean               is_open)
{
  const guint ability = ports[self->port].ability;

  xeno_display_server_set_abilities (self->server, ability, is_open ? ability : 0);
}

static void
stop (XenoDisplaySpicePort *self)
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
restart (XenoDisplaySpicePort *self)
{
  stop (self);
  tell_open (self, FALSE);
  if (ports[self->port].hears_of_end)
    spice_channel_disconnect (self->channel, SPICE_CHANNEL_NONE);
  self->again_id = g_timeout_add_once (AGAIN_MS, again_cb, self);
  g_signal_emit (self, signals[ENDED], 0);
}

static void
sent_cb (GObject      *channel,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autofree Piece *piece = user_data;
  g_autoptr (XenoDisplaySpicePort) self = piece->self;
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
  XenoDisplaySpicePort *self = user_data;
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
push (XenoDisplaySpicePort *self)
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
  XenoDisplaySpicePort *self = user_data;

  if (!push (self))
    restart (self);
  else if (self->waiting->len == 0)
    g_clear_handle_id (&self->write_id, g_source_remove);
  return G_SOURCE_CONTINUE;
}

static gboolean
wait_for_room (XenoDisplaySpicePort *self)
{
  struct pollfd ready = { .fd = self->fd, .events = POLLOUT };

  while (self->waiting->len > MAX_WAITING)
    if (poll (&ready, 1, MAX_WAIT_MS) <= 0 || !push (self))
      return FALSE;
  return TRUE;
}

static void
data_cb (XenoDisplaySpicePort *self,
         gpointer               data,
         int                    size)
{
  if (self->fd < 0 || !self->is_served || size <= 0)
    return;

  g_byte_array_append (self->waiting, data, size);
  if (!push (self) || !wait_for_room (self))
    restart (self);
  else if (self->waiting->len > 0 && self->write_id == 0)
    self->write_id = g_unix_fd_add (self->fd, G_IO_OUT, write_cb, self);
}

static void
watch (XenoDisplaySpicePort *self)
{
  if (self->read_id == 0)
    self->read_id = g_unix_fd_add (self->fd, G_IO_IN, read_cb, self);
}

/* The guest opens its end when a program or a device of its is there, and closes it with that. */
static void
opened_cb (XenoDisplaySpicePort *self)
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
port_cb (GObject      *server,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr (XenoDisplaySpicePort) self = user_data;
  g_autoptr (GError) error = NULL;
  int fd = xeno_display_server_open_port_finish (XENO_DISPLAY_SERVER (server), result, &error);

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
  opened_cb (self);
}

static void
begin (XenoDisplaySpicePort *self)
{
  if (!self->is_served || self->cancellable != NULL || self->again_id != 0)
    return;

  self->cancellable = g_cancellable_new ();
  xeno_display_server_open_port_async (self->server, self->port, self->cancellable, port_cb, g_object_ref (self));
}

static void
xeno_display_spice_port_dispose (GObject *object)
{
  stop (XENO_DISPLAY_SPICE_PORT (object));

  G_OBJECT_CLASS (xeno_display_spice_port_parent_class)->dispose (object);
}

static void
xeno_display_spice_port_finalize (GObject *object)
{
  g_byte_array_unref (XENO_DISPLAY_SPICE_PORT (object)->waiting);

  G_OBJECT_CLASS (xeno_display_spice_port_parent_class)->finalize (object);
}

static void
xeno_display_spice_port_class_init (XenoDisplaySpicePortClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = xeno_display_spice_port_dispose;
  object_class->finalize = xeno_display_spice_port_finalize;

  signals[ENDED] =
    g_signal_new ("ended", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                  0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
xeno_display_spice_port_init (XenoDisplaySpicePort *self)
{
  self->waiting = g_byte_array_new ();
  self->fd = -1;
}

/**
 * xeno_display_spice_port_new:
 * @server: who asks the app; it outlives the object
 * @port: what it is for
 * @channel: the guest's port; it outlives the object
 *
 * Returns: (transfer full): a port that nobody serves
 */
XenoDisplaySpicePort *
xeno_display_spice_port_new (XenoDisplayServer *server,
                             XenoDisplayPort    port,
                             SpiceChannel      *channel)
{
  XenoDisplaySpicePort *self;

  g_return_val_if_fail (XENO_IS_DISPLAY_SERVER (server), NULL);
  g_return_val_if_fail (port < XENO_DISPLAY_N_PORTS, NULL);
  g_return_val_if_fail (SPICE_IS_PORT_CHANNEL (channel), NULL);

  self = g_object_new (XENO_TYPE_DISPLAY_SPICE_PORT, NULL);
  self->server = server;
  self->port = port;
  self->channel = channel;
  g_signal_connect_object (channel, "notify::port-opened", G_CALLBACK (opened_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (channel, "port-data", G_CALLBACK (data_cb), self, G_CONNECT_SWAPPED);
  return self;
}

/**
 * xeno_display_spice_port_is_channel:
 * @self: a port
 * @channel: a channel
 *
 * Returns: whether it is the port's
 */
gboolean
xeno_display_spice_port_is_channel (XenoDisplaySpicePort *self,
                                    SpiceChannel         *channel)
{
  g_return_val_if_fail (XENO_IS_DISPLAY_SPICE_PORT (self), FALSE);

  return self->channel == channel;
}

/**
 * xeno_display_spice_port_is_busy:
 * @self: a port
 *
 * Returns: whether what served it has not ended yet
 */
gboolean
xeno_display_spice_port_is_busy (XenoDisplaySpicePort *self)
{
  g_return_val_if_fail (XENO_IS_DISPLAY_SPICE_PORT (self), FALSE);

  return self->fd >= 0;
}

/**
 * xeno_display_spice_port_set:
 * @self: a port
 * @is_served: whether the app has somebody to serve it
 *
 * While there is somebody the guest's port is open. What does not serve it any more hears that, ends, and has
 * the last word.
 */
void
xeno_display_spice_port_set (XenoDisplaySpicePort *self,
                             gboolean              is_served)
{
  g_return_if_fail (XENO_IS_DISPLAY_SPICE_PORT (self));

  if (self->is_served == is_served)
    return;

  self->is_served = is_served;
  if (is_served)
    begin (self);
  else if (self->fd >= 0)
    shutdown (self->fd, SHUT_WR);
  else if (self->cancellable != NULL)
    restart (self);
}
