/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The connections of a guest's programs, which come side by side through one socket. */
#include "config.h"

#include <errno.h>
#include <glib-unix.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "share/xeno-share-mux.h"

/* A message: whose connection, how many bytes, and the bytes; none: the connection ends. Little-endian. */
#define HEADER_BYTES 10
#define MAX_PAYLOAD 65535

/* What is read from a connection at once. Each piece goes out before the next is read. */
#define PIECE_BYTES 32768

typedef struct
{
  XenoShareMux *mux;
  gint64        id;
  int           fd;
  GByteArray   *waiting; /* for the connection to take it */
  guint         read_id;
  guint         write_id;
} Client;

struct _XenoShareMux
{
  int              fd;
  XenoShareAccept  accept;
  GSourceOnceFunc  ended;
  gpointer         user_data;
  GHashTable      *clients; /* of Client, by id */
  GByteArray      *in;
  GByteArray      *out;
  Client          *slow; /* for which the guest has to wait; nothing is read meanwhile */
  guint            read_id;
  guint            write_id;
};

static void watch (XenoShareMux *self);

static void
client_free (gpointer data)
{
  Client *client = data;

  if (client->mux->slow == client)
    client->mux->slow = NULL;
  g_clear_handle_id (&client->read_id, g_source_remove);
  g_clear_handle_id (&client->write_id, g_source_remove);
  close (client->fd);
  g_byte_array_unref (client->waiting);
  g_free (client);
}

static void
end (XenoShareMux *self)
{
  g_clear_handle_id (&self->read_id, g_source_remove);
  g_clear_handle_id (&self->write_id, g_source_remove);
  g_hash_table_remove_all (self->clients);
  self->ended (self->user_data);
}

/* As much as goes; FALSE: nobody is there. */
static gboolean
push (int         fd,
      GByteArray *bytes)
{
  gssize written = bytes->len > 0 ? send (fd, bytes->data, bytes->len, MSG_DONTWAIT | MSG_NOSIGNAL) : 0;

  if (written < 0)
    return errno == EAGAIN || errno == EINTR;
  g_byte_array_remove_range (bytes, 0, written);
  return TRUE;
}

static void
append_header (GByteArray *bytes,
               gint64      id,
               guint16     size)
{
  const gint64 le_id = GINT64_TO_LE (id);
  const guint16 le_size = GUINT16_TO_LE (size);

  g_byte_array_append (bytes, (const guint8 *) &le_id, sizeof le_id);
  g_byte_array_append (bytes, (const guint8 *) &le_size, sizeof le_size);
}

static Client *
add_client (XenoShareMux *self,
            gint64        id)
{
  g_autoptr (GSocket) socket = NULL;
  Client *client;
  int fds[2];

  if (g_hash_table_size (self->clients) >= XENO_SHARE_MAX_CLIENTS ||
      socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) != 0)
    return NULL;

  socket = g_socket_new_from_fd (fds[1], NULL);
  if (socket == NULL)
    {
      close (fds[0]);
      close (fds[1]);
      return NULL;
    }

  client = g_new0 (Client, 1);
  client->mux = self;
  client->id = id;
  client->fd = fds[0];
  client->waiting = g_byte_array_new ();
  g_hash_table_insert (self->clients, &client->id, client);
  self->accept (G_IO_STREAM (g_socket_connection_factory_create_connection (socket)), self->user_data);
  return client;
}

/* One that ends is gone at once: whoever answers it finds nobody. */
static void
take_message (XenoShareMux *self,
              gint64        id,
              const guint8 *payload,
              guint16       size)
{
  Client *client = g_hash_table_lookup (self->clients, &id);

  if (size == 0)
    {
      g_hash_table_remove (self->clients, &id);
      return;
    }

  if (client == NULL)
    client = add_client (self, id);
  if (client == NULL)
    {
      append_header (self->out, id, 0);
      return;
    }

  g_byte_array_append (client->waiting, payload, size);
  if (!push (client->fd, client->waiting))
    g_byte_array_set_size (client->waiting, 0);
  if (client->waiting->len > 0)
    self->slow = client;
}

static void
take_messages (XenoShareMux *self)
{
  guint taken = 0;

  while (self->slow == NULL && self->in->len - taken >= HEADER_BYTES)
    {
      const guint8 *message = self->in->data + taken;
      gint64 id;
      guint16 size;

      memcpy (&id, message, sizeof id);
      memcpy (&size, message + sizeof id, sizeof size);
      size = GUINT16_FROM_LE (size);
      if (self->in->len - taken < HEADER_BYTES + (guint) size)
        break;

      take_message (self, GINT64_FROM_LE (id), message + HEADER_BYTES, size);
      taken += HEADER_BYTES + size;
    }
  g_byte_array_remove_range (self->in, 0, taken);
}

/* What a connection says goes out as a message; when it ends, that does. */
static gboolean
client_read_cb (int          fd,
                GIOCondition condition,
                gpointer     user_data)
{
  Client *client = user_data;
  XenoShareMux *self = client->mux;
  guint8 piece[PIECE_BYTES];
  gssize size = recv (fd, piece, sizeof piece, MSG_DONTWAIT);

  if (size < 0 && (errno == EAGAIN || errno == EINTR))
    return G_SOURCE_CONTINUE;

  append_header (self->out, client->id, MAX (size, 0));
  if (size > 0)
    g_byte_array_append (self->out, piece, size);
  else
    g_hash_table_remove (self->clients, &client->id);

  /* It may have been the one that the others had to wait for. */
  take_messages (self);
  if (push (self->fd, self->out))
    watch (self);
  else
    end (self);
  return G_SOURCE_CONTINUE;
}

static gboolean
read_cb (int          fd,
         GIOCondition condition,
         gpointer     user_data)
{
  XenoShareMux *self = user_data;
  guint8 piece[HEADER_BYTES + MAX_PAYLOAD];
  gssize size = recv (fd, piece, sizeof piece, MSG_DONTWAIT);

  if (size < 0 && (errno == EAGAIN || errno == EINTR))
    return G_SOURCE_CONTINUE;

  if (size > 0)
    {
      g_byte_array_append (self->in, piece, size);
      take_messages (self);
    }
  if (size > 0 && push (self->fd, self->out))
    watch (self);
  else
    end (self);
  return G_SOURCE_CONTINUE;
}

static gboolean
write_cb (int          fd,
          GIOCondition condition,
          gpointer     user_data)
{
  XenoShareMux *self = user_data;

  if (push (self->fd, self->out))
    watch (self);
  else
    end (self);
  return G_SOURCE_CONTINUE;
}

static gboolean
client_write_cb (int          fd,
                 GIOCondition condition,
                 gpointer     user_data)
{
  Client *client = user_data;
  XenoShareMux *self = client->mux;

  if (!push (fd, client->waiting))
    g_byte_array_set_size (client->waiting, 0);
  if (client->waiting->len == 0)
    {
      self->slow = NULL;
      take_messages (self);
      watch (self);
    }
  return G_SOURCE_CONTINUE;
}

static void
set_watch (guint          *id,
           gboolean        is_wanted,
           int             fd,
           GIOCondition    condition,
           GUnixFDSourceFunc func,
           gpointer        user_data)
{
  if (is_wanted && *id == 0)
    *id = g_unix_fd_add (fd, condition, func, user_data);
  else if (!is_wanted)
    g_clear_handle_id (id, g_source_remove);
}

/* Nothing is read for which there is no room: who sends has to wait, and memory does not grow. */
static void
watch (XenoShareMux *self)
{
  gboolean has_room = self->out->len == 0;
  GHashTableIter iter;
  gpointer client;

  set_watch (&self->write_id, !has_room, self->fd, G_IO_OUT, write_cb, self);
  set_watch (&self->read_id, self->slow == NULL && has_room, self->fd, G_IO_IN, read_cb, self);
  g_hash_table_iter_init (&iter, self->clients);
  while (g_hash_table_iter_next (&iter, NULL, &client))
    {
      Client *one = client;

      set_watch (&one->read_id, has_room, one->fd, G_IO_IN, client_read_cb, one);
      set_watch (&one->write_id, one == self->slow, one->fd, G_IO_OUT, client_write_cb, one);
    }
}

/**
 * xeno_share_mux_new:
 * @fd: (transfer full): a socket to who speaks for the guest
 * @accept: serves a connection
 * @ended: called once when nobody is at the other end of @fd any more
 * @user_data: passed to @accept and @ended
 *
 * Takes the connections of a guest's programs apart.
 *
 * Returns: (transfer full): what does so until it is freed
 */
XenoShareMux *
xeno_share_mux_new (int              fd,
                    XenoShareAccept  accept,
                    GSourceOnceFunc  ended,
                    gpointer         user_data)
{
  XenoShareMux *self = g_new0 (XenoShareMux, 1);

  self->fd = fd;
  self->accept = accept;
  self->ended = ended;
  self->user_data = user_data;
  self->clients = g_hash_table_new_full (g_int64_hash, g_int64_equal, NULL, client_free);
  self->in = g_byte_array_new ();
  self->out = g_byte_array_new ();
  watch (self);
  return self;
}

/**
 * xeno_share_mux_free:
 * @self: (transfer full): connections
 *
 * Ends them all.
 */
void
xeno_share_mux_free (XenoShareMux *self)
{
  g_clear_handle_id (&self->read_id, g_source_remove);
  g_clear_handle_id (&self->write_id, g_source_remove);
  g_hash_table_unref (self->clients);
  g_byte_array_unref (self->in);
  g_byte_array_unref (self->out);
  close (self->fd);
  g_free (self);
}
