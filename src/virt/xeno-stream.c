/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Carries the bytes of a machine's text console between libvirt and a socket. */
#include "config.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/xeno-error.h"
#include "virt/xeno-event-loop.h"
#include "virt/xeno-stream.h"
#include "virt/xeno-virt-error.h"

#define BUFFER_BYTES 65536

/* What has been taken from one side and not yet been given to the other. While it is not empty
 * nothing more is taken: a flood waits where it comes from. */
typedef struct
{
  char  bytes[BUFFER_BYTES];
  gsize start;
  gsize end;
} Buffer;

/* Lives on the event thread, from the first to the last call. */
typedef struct
{
  virStreamPtr  stream;
  int           socket;
  GSource      *source;
  gpointer      socket_tag;
  Buffer        from_guest;
  Buffer        to_guest;
  gboolean      is_over;
} Pump;

static gboolean
is_empty (const Buffer *buffer)
{
  return buffer->start == buffer->end;
}

static gpointer
end_stream (gpointer data)
{
  virStreamPtr stream = data;

  virStreamAbort (stream);
  virStreamFree (stream);
  return NULL;
}

static gboolean
free_pump_cb (gpointer user_data)
{
  Pump *pump = user_data;

  close (pump->socket);
  /* Aborting waits for the daemon; the events of all connections may not. */
  g_thread_unref (g_thread_new ("xeno-stream-end", end_stream, pump->stream));
  g_free (pump);
  return G_SOURCE_REMOVE;
}

/* In a later turn of the loop, when none of our callbacks runs. libvirt's own free function for the
 * callback's data is never called for remote streams (seen in 9.0). */
static void
free_later (Pump *pump)
{
  g_autoptr (GSource) source = g_idle_source_new ();

  g_source_set_callback (source, free_pump_cb, pump, NULL);
  g_source_attach (source, xeno_event_loop_get_context ());
}

static void
end (Pump *pump)
{
  if (pump->is_over)
    return;

  pump->is_over = TRUE;
  g_source_destroy (pump->source);
  g_clear_pointer (&pump->source, g_source_unref);
  virStreamEventRemoveCallback (pump->stream);
  free_later (pump);
}

static gboolean
take_from_guest (Pump *pump)
{
  Buffer *buffer = &pump->from_guest;
  int n;

  if (!is_empty (buffer))
    return TRUE;

  n = virStreamRecv (pump->stream, buffer->bytes, BUFFER_BYTES);
  if (n == -2) /* nothing there yet */
    return TRUE;
  if (n <= 0)
    return FALSE;

  buffer->start = 0;
  buffer->end = n;
  return TRUE;
}

static gboolean
give_to_reader (Pump *pump)
{
  Buffer *buffer = &pump->from_guest;
  gssize n;

  if (is_empty (buffer))
    return TRUE;

  n = send (pump->socket, buffer->bytes + buffer->start, buffer->end - buffer->start, MSG_NOSIGNAL);
  if (n < 0)
    return errno == EAGAIN || errno == EINTR;

  buffer->start += n;
  return TRUE;
}

static gboolean
take_from_reader (Pump *pump)
{
  Buffer *buffer = &pump->to_guest;
  gssize n;

  if (!is_empty (buffer))
    return TRUE;

  n = recv (pump->socket, buffer->bytes, BUFFER_BYTES, 0);
  if (n < 0)
    return errno == EAGAIN || errno == EINTR;
  if (n == 0)
    return FALSE;

  buffer->start = 0;
  buffer->end = n;
  return TRUE;
}

static gboolean
give_to_guest (Pump *pump)
{
  Buffer *buffer = &pump->to_guest;
  int n;

  if (is_empty (buffer))
    return TRUE;

  n = virStreamSend (pump->stream, buffer->bytes + buffer->start, buffer->end - buffer->start);
  if (n == -2)
    return TRUE;
  if (n < 0)
    return FALSE;

  buffer->start += n;
  return TRUE;
}

static void
wait_for_more (Pump *pump)
{
  int events = VIR_STREAM_EVENT_ERROR | VIR_STREAM_EVENT_HANGUP;
  GIOCondition condition = G_IO_HUP | G_IO_ERR;

  events |= is_empty (&pump->from_guest) ? VIR_STREAM_EVENT_READABLE : 0;
  events |= is_empty (&pump->to_guest) ? 0 : VIR_STREAM_EVENT_WRITABLE;
  condition |= is_empty (&pump->to_guest) ? G_IO_IN : 0;
  condition |= is_empty (&pump->from_guest) ? 0 : G_IO_OUT;

  g_source_modify_unix_fd (pump->source, pump->socket_tag, condition);
  if (virStreamEventUpdateCallback (pump->stream, events) < 0)
    end (pump);
}

static void
stream_cb (virStreamPtr  stream,
           int           events,
           void         *opaque)
{
  Pump *pump = opaque;
  gboolean goes_on = TRUE;

  if (pump->is_over)
    return;

  if (events & (VIR_STREAM_EVENT_READABLE | VIR_STREAM_EVENT_HANGUP))
    goes_on = take_from_guest (pump) && give_to_reader (pump);
  if (goes_on && (events & VIR_STREAM_EVENT_WRITABLE))
    goes_on = give_to_guest (pump);
  if (events & VIR_STREAM_EVENT_ERROR
      || (events & VIR_STREAM_EVENT_HANGUP && is_empty (&pump->from_guest)))
    goes_on = FALSE;

  if (goes_on)
    wait_for_more (pump);
  else
    end (pump);
}

static gboolean
socket_cb (gpointer user_data)
{
  Pump *pump = user_data;
  GIOCondition condition = g_source_query_unix_fd (pump->source, pump->socket_tag);
  gboolean goes_on = TRUE;

  if (condition & G_IO_OUT)
    goes_on = give_to_reader (pump);
  if (goes_on && (condition & G_IO_IN))
    goes_on = take_from_reader (pump) && give_to_guest (pump);
  else if (condition & (G_IO_HUP | G_IO_ERR))
    goes_on = FALSE;

  if (goes_on)
    wait_for_more (pump);
  else
    end (pump);
  return goes_on ? G_SOURCE_CONTINUE : G_SOURCE_REMOVE;
}

static gboolean
source_dispatch (GSource     *source,
                 GSourceFunc  callback,
                 gpointer     user_data)
{
  return callback (user_data);
}

static gboolean
start_cb (gpointer user_data)
{
  static GSourceFuncs funcs = { .dispatch = source_dispatch };
  Pump *pump = user_data;

  pump->source = g_source_new (&funcs, sizeof (GSource));
  pump->socket_tag = g_source_add_unix_fd (pump->source, pump->socket,
                                           G_IO_IN | G_IO_HUP | G_IO_ERR);
  g_source_set_callback (pump->source, socket_cb, pump, NULL);

  if (virStreamEventAddCallback (pump->stream,
                                 VIR_STREAM_EVENT_READABLE | VIR_STREAM_EVENT_ERROR
                                 | VIR_STREAM_EVENT_HANGUP,
                                 stream_cb, pump, NULL) < 0)
    {
      g_clear_pointer (&pump->source, g_source_unref);
      return free_pump_cb (pump);
    }
  g_source_attach (pump->source, xeno_event_loop_get_context ());
  return G_SOURCE_REMOVE;
}

static void
start_pump (virStreamPtr stream,
            int          socket)
{
  g_autoptr (GSource) start = g_idle_source_new ();
  Pump *pump = g_new0 (Pump, 1);

  pump->stream = stream;
  pump->socket = socket;
  g_source_set_priority (start, G_PRIORITY_DEFAULT);
  g_source_set_callback (start, start_cb, pump, NULL);
  g_source_attach (start, xeno_event_loop_get_context ());
}

/*
 * xeno_stream_open_console:
 * @domain: the machine
 * @title: its title, for errors
 * @device_alias: (nullable): which console, or %NULL for the first
 * @error: %XENO_ERROR_IN_USE when another program has it open, %XENO_ERROR_WRONG_STATE, …
 *
 * Opens a machine's text console. It blocks until libvirt has answered. When the guest stops or the
 * caller closes the socket, all of it ends by itself.
 *
 * Returns: a socket, non-blocking, that the caller closes; or -1
 */
int
xeno_stream_open_console (virDomainPtr   domain,
                          const char    *title,
                          const char    *device_alias,
                          GError       **error)
{
  int sockets[2];
  virStreamPtr stream;

  g_return_val_if_fail (domain != NULL, -1);
  g_return_val_if_fail (title != NULL, -1);

  stream = virStreamNew (virDomainGetConnect (domain), VIR_STREAM_NONBLOCK);
  if (stream == NULL || virDomainOpenConsole (domain, device_alias, stream, 0) < 0)
    {
      xeno_virt_set_error (error, _("The text console of “%s” could not be opened. Close other "
                                    "programs that show it, or start the machine."),
                           title);
      g_clear_pointer (&stream, virStreamFree);
      return -1;
    }

  if (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, sockets) < 0)
    {
      xeno_set_error (error, XENO_ERROR_FAILED, g_strerror (errno),
                      _("The text console of “%s” could not be opened. Close some windows and try "
                        "again."),
                      title);
      end_stream (stream);
      return -1;
    }

  start_pump (stream, sockets[1]);
  return sockets[0];
}
