/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One connection to a display's server, from the first byte until a decoder can read it. */
#include "config.h"

#include <errno.h>
#include <gio/gunixsocketaddress.h>
#include <glib/gi18n-lib.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/xeno-error.h"
#include "viewer/xeno-relay.h"
#include "viewer/xeno-rfb-greeting.h"
#include "viewer/xeno-viewer-attempt.h"

/* How long a server may take for each of its answers. */
#define PATIENCE_S 15

/* A network that went away is noticed after this long, although nobody says anything. */
#define KEEPALIVE_IDLE_S 20
#define KEEPALIVE_INTERVAL_S 10
#define KEEPALIVE_COUNT 3
#define UNSENT_MS 30000

/* What a thread works on. Only it touches @task's data until the task has returned. */
typedef struct
{
  GTask             *task;
  XenoViewerAttempt *attempt;
  char              *place;
  GSocket           *socket;
  GIOStream         *stream;
  GByteArray        *prelude;
  gsize              n_replies;
  gboolean           must_relay;
} Work;

static void
attempt_free (XenoViewerAttempt *attempt)
{
  if (attempt->password != NULL)
    explicit_bzero (attempt->password, strlen (attempt->password));
  xeno_address_unref (attempt->address);
  g_free (attempt->known);
  g_free (attempt->username);
  g_free (attempt->password);
  g_clear_object (&attempt->certificate);
  g_free (attempt);
}

static void
work_free (Work *work)
{
  g_clear_object (&work->task);
  g_clear_object (&work->stream);
  g_clear_object (&work->socket);
  g_clear_pointer (&work->prelude, g_byte_array_unref);
  g_free (work->place);
  g_free (work);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Work, work_free)

static GError *
describe_failure (Work         *work,
                  const GError *error)
{
  if (error->domain == XENO_ERROR || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return g_error_copy (error);
  if (work->attempt->address->proxy != NULL && work->stream == NULL)
    return xeno_error_new (XENO_ERROR_NO_CONNECTION, error->message,
                           /* Translators: %s is the address of a display */
                           _("“%s” cannot be reached: its proxy is not there, or does not let you through. "
                             "Get a new file from where this one came from."),
                           work->place);
  if (error->domain == G_RESOLVER_ERROR)
    return xeno_error_new (XENO_ERROR_NOT_FOUND, error->message,
                           /* Translators: %s is the address of a computer */
                           _("There is no computer “%s”. Check the spelling of its name."),
                           work->attempt->address->host);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED) ||
      g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND))
    return xeno_error_new (XENO_ERROR_NO_CONNECTION, error->message,
                           _("Nobody answers at “%s”. Check the address, and that its server runs."),
                           work->place);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT))
    return xeno_error_new (XENO_ERROR_TIMEOUT, error->message,
                           _("“%s” does not answer. Check the address and the network."),
                           work->place);
  if (error->domain == G_TLS_ERROR)
    return xeno_error_new (XENO_ERROR_NO_CONNECTION, error->message,
                           _("The connection to “%s” could not be encrypted. Check that its server speaks "
                             "TLS on this port."),
                           work->place);
  return xeno_error_new (XENO_ERROR_NO_CONNECTION, error->message,
                         _("“%s” cannot be reached. Check the address, and that its server runs."),
                         work->place);
}

static void
set_number (GSocket *socket,
            int      level,
            int      option,
            int      value)
{
  g_socket_set_option (socket, level, option, value, NULL);
}

static void
tune (GSocket *socket)
{
  if (g_socket_get_family (socket) == G_SOCKET_FAMILY_UNIX)
    return;

  g_socket_set_keepalive (socket, TRUE);
  set_number (socket, IPPROTO_TCP, TCP_NODELAY, TRUE);
  set_number (socket, IPPROTO_TCP, TCP_KEEPIDLE, KEEPALIVE_IDLE_S);
  set_number (socket, IPPROTO_TCP, TCP_KEEPINTVL, KEEPALIVE_INTERVAL_S);
  set_number (socket, IPPROTO_TCP, TCP_KEEPCNT, KEEPALIVE_COUNT);
  set_number (socket, IPPROTO_TCP, TCP_USER_TIMEOUT, UNSENT_MS);
}

static gboolean
connect_to (Work          *work,
            guint16        port,
            GCancellable  *cancellable,
            GError       **error)
{
  const XenoAddress *address = work->attempt->address;
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GSocketConnectable) target = NULL;
  g_autoptr (GSocketConnection) connection = NULL;

  target = address->host != NULL ? g_network_address_new (address->host, port)
                                 : G_SOCKET_CONNECTABLE (g_unix_socket_address_new (address->path));
  g_socket_client_set_timeout (client, PATIENCE_S);
  if (address->proxy != NULL)
    {
      g_autoptr (GProxyResolver) proxy = g_simple_proxy_resolver_new (address->proxy, NULL);

      g_socket_client_set_proxy_resolver (client, proxy);
    }

  connection = g_socket_client_connect (client, target, cancellable, error);
  if (connection == NULL)
    return FALSE;

  work->socket = g_object_ref (g_socket_connection_get_socket (connection));
  work->stream = G_IO_STREAM (g_steal_pointer (&connection));
  tune (work->socket);
  return TRUE;
}

static gboolean
accept_certificate_cb (GTlsConnection       *connection,
                       GTlsCertificate      *certificate,
                       GTlsCertificateFlags  problems,
                       gpointer              user_data)
{
  XenoViewerAttempt *attempt = user_data;

  attempt->trust = xeno_certificate_judge (certificate, problems, attempt->address, attempt->known);
  if (attempt->trust == XENO_TRUST_GIVEN)
    return TRUE;

  g_set_object (&attempt->certificate, certificate);
  return FALSE;
}

static gboolean
encrypt (Work          *work,
         GCancellable  *cancellable,
         GError       **error)
{
  const XenoAddress *address = work->attempt->address;
  g_autoptr (GSocketConnectable) identity = NULL;
  g_autoptr (GIOStream) connection = NULL;

  if (address->host != NULL)
    identity = g_network_address_new (address->host, 0);
  connection = g_tls_client_connection_new (work->stream, identity, error);
  if (connection == NULL)
    return FALSE;

  g_tls_connection_set_require_close_notify (G_TLS_CONNECTION (connection), FALSE);
  g_signal_connect (connection, "accept-certificate", G_CALLBACK (accept_certificate_cb), work->attempt);
  if (!g_tls_connection_handshake (G_TLS_CONNECTION (connection), cancellable, error))
    return FALSE;
  g_signal_handlers_disconnect_by_data (connection, work->attempt);

  g_set_object (&work->stream, connection);
  work->attempt->is_encrypted = TRUE;
  work->attempt->is_certified = TRUE;
  work->must_relay = TRUE;
  return TRUE;
}

static gboolean
say_who (Work          *work,
         GCancellable  *cancellable,
         GError       **error)
{
  XenoViewerAttempt *attempt = work->attempt;

  if (attempt->username != NULL && attempt->password != NULL)
    return xeno_rfb_send_plain (work->stream, attempt->username, attempt->password, cancellable, error);

  attempt->wants_credentials = TRUE;
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED, "name and password are needed");
  return FALSE;
}

static gboolean
open_vnc (Work          *work,
          GCancellable  *cancellable,
          GError       **error)
{
  XenoRfbGreeting greeting = { 0 };
  gboolean has_agreed;

  if (!connect_to (work, work->attempt->address->port, cancellable, error))
    return FALSE;

  has_agreed = xeno_rfb_greet (work->stream, xeno_address_is_remote (work->attempt->address), work->place,
                               &greeting, cancellable, error);
  work->prelude = greeting.prelude;
  work->n_replies = greeting.n_replies;
  work->must_relay = TRUE;
  work->attempt->is_encrypted = greeting.encryption == XENO_RFB_ANONYMOUS;
  return has_agreed &&
         (greeting.encryption != XENO_RFB_CERTIFIED || encrypt (work, cancellable, error)) &&
         (!greeting.wants_plain || say_who (work, cancellable, error));
}

/* With a port for TLS that is the one: whoever opened another one beside it did not mean us. */
static gboolean
open_spice (Work          *work,
            GCancellable  *cancellable,
            GError       **error)
{
  const XenoAddress *address = work->attempt->address;

  if (address->tls_port == 0)
    return connect_to (work, address->port, cancellable, error);

  return connect_to (work, address->tls_port, cancellable, error) && encrypt (work, cancellable, error);
}

/* What the decoder says to the prelude is not for the server. */
static gboolean
swallow_replies (Work      *work,
                 GIOStream *decoder)
{
  char replies[64];
  gsize n;

  g_assert (work->n_replies <= sizeof replies);
  return g_input_stream_read_all (g_io_stream_get_input_stream (decoder), replies, work->n_replies, &n,
                                  NULL, NULL) &&
         n == work->n_replies;
}

/* The prelude is short: the socket holds it before anybody reads. */
static void
relay (Work *work,
       int   fd)
{
  g_autoptr (GSocket) socket = g_socket_new_from_fd (fd, NULL);
  g_autoptr (GSocketConnection) decoder = g_socket_connection_factory_create_connection (socket);

  if (work->prelude != NULL &&
      (!g_output_stream_write_all (g_io_stream_get_output_stream (G_IO_STREAM (decoder)),
                                   work->prelude->data, work->prelude->len, NULL, NULL, NULL) ||
       !swallow_replies (work, G_IO_STREAM (decoder))))
    return;

  xeno_relay_run (work->stream, work->socket, G_IO_STREAM (decoder));
}

static void
hand_over (Work *work)
{
  int fds[2];

  g_socket_set_timeout (work->socket, 0);
  if (!work->must_relay)
    {
      int fd = dup (g_socket_get_fd (work->socket));

      g_task_return_int (work->task, fd);
      return;
    }

  if (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) != 0)
    {
      g_task_return_new_error (work->task, G_IO_ERROR, g_io_error_from_errno (errno), "%s",
                               g_strerror (errno));
      return;
    }

  g_task_return_int (work->task, fds[0]);
  work->attempt = NULL;
  g_clear_object (&work->task);
  relay (work, fds[1]);
}

static gpointer
work_in_thread (gpointer data)
{
  g_autoptr (Work) work = data;
  GCancellable *cancellable = g_task_get_cancellable (work->task);
  g_autoptr (GError) error = NULL;
  gboolean is_vnc = g_str_equal (work->attempt->address->kind, "vnc");

  if (is_vnc ? open_vnc (work, cancellable, &error) : open_spice (work, cancellable, &error))
    hand_over (work);
  else
    g_task_return_error (work->task, describe_failure (work, error));
  return NULL;
}

/**
 * xeno_viewer_attempt_run_async:
 * @address: where to
 * @known: (nullable): the fingerprint the person trusts
 * @username: (nullable): who the person is
 * @password: (nullable): what proves it
 * @cancellable: (nullable): to give up
 * @callback: called when it has come to something or nothing
 * @user_data: for @callback
 *
 * Connects, in a thread of its own: names that nobody resolves and servers that do not answer hold up
 * no one else. Where the connection is encrypted the thread stays, and carries its bytes.
 */
void
xeno_viewer_attempt_run_async (XenoAddress         *address,
                               const char          *known,
                               const char          *username,
                               const char          *password,
                               GCancellable        *cancellable,
                               GAsyncReadyCallback  callback,
                               gpointer             user_data)
{
  XenoViewerAttempt *attempt;
  Work *work;

  g_return_if_fail (address != NULL);

  attempt = g_new0 (XenoViewerAttempt, 1);
  attempt->address = xeno_address_ref (address);
  attempt->known = g_strdup (known);
  attempt->username = g_strdup (username);
  attempt->password = g_strdup (password);

  work = g_new0 (Work, 1);
  work->attempt = attempt;
  work->place = xeno_address_dup_place (address);
  work->task = g_task_new (NULL, cancellable, callback, user_data);
  g_task_set_source_tag (work->task, xeno_viewer_attempt_run_async);
  g_task_set_task_data (work->task, attempt, (GDestroyNotify) attempt_free);

  /* A socket that came too late has to be closed by somebody. */
  g_task_set_check_cancellable (work->task, FALSE);
  g_thread_unref (g_thread_new ("xeno-viewer", work_in_thread, work));
}

/**
 * xeno_viewer_attempt_run_finish:
 * @result: as the callback got it
 * @error: (out) (optional): why it came to nothing
 *
 * Returns: a socket for a decoder, which the caller owns, or -1
 */
int
xeno_viewer_attempt_run_finish (GAsyncResult  *result,
                                GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), -1);

  return g_task_propagate_int (G_TASK (result), error);
}

/**
 * xeno_viewer_attempt_get:
 * @result: as the callback got it
 *
 * Returns: (transfer none): what was found out
 */
const XenoViewerAttempt *
xeno_viewer_attempt_get (GAsyncResult *result)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  return g_task_get_task_data (G_TASK (result));
}
