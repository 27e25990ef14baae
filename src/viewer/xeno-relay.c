/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Carries bytes between a server's connection and the decoder's socket. */
#include "config.h"

#include "viewer/xeno-relay.h"

#define CHUNK (64 * 1024)

typedef struct
{
  GIOStream    *server;
  GIOStream    *decoder;
  GCancellable *cancellable;
} Relay;

/* One side reads no faster than the other takes, so nothing heaps up in between. */
static void
carry (GInputStream  *from,
       GOutputStream *to,
       GCancellable  *cancellable)
{
  g_autofree char *buffer = g_malloc (CHUNK);
  gssize n;

  while ((n = g_input_stream_read (from, buffer, CHUNK, cancellable, NULL)) > 0 &&
         g_output_stream_write_all (to, buffer, n, NULL, cancellable, NULL))
    continue;
  g_cancellable_cancel (cancellable);
}

static gpointer
carry_to_server (gpointer data)
{
  Relay *relay = data;

  carry (g_io_stream_get_input_stream (relay->decoder), g_io_stream_get_output_stream (relay->server),
         relay->cancellable);
  return NULL;
}

/**
 * xeno_relay_run:
 * @server: a connection, encrypted perhaps
 * @socket: what it goes through
 * @decoder: the other end of a decoder's socket
 *
 * Carries bytes both ways until one side ends, then closes both. To be called in a thread of its own.
 */
void
xeno_relay_run (GIOStream *server,
                GSocket   *socket,
                GIOStream *decoder)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  Relay relay = { server, decoder, cancellable };
  GThread *thread;

  g_return_if_fail (G_IS_IO_STREAM (server));
  g_return_if_fail (G_IS_IO_STREAM (decoder));

  thread = g_thread_new ("xeno-relay", carry_to_server, &relay);
  carry (g_io_stream_get_input_stream (server), g_io_stream_get_output_stream (decoder), cancellable);
  g_thread_join (thread);

  /* The socket first: a server that reads nothing more would hold up a polite farewell. */
  g_socket_close (socket, NULL);
  g_io_stream_close (decoder, NULL, NULL);
  g_io_stream_close (server, NULL, NULL);
}
