/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Both ends of the display protocol against messages that nobody should send. */
#include "config.h"

#include <gio/gunixfdlist.h>
#include <gio/gunixsocketaddress.h>
#include <sys/socket.h>

#include "base/xeno-error.h"
#include "console/xeno-decoder-process.h"
#include "display/xeno-display-board.h"
#include "display/xeno-display-protocol.h"
#include "support/display-rig.h"
#include "support/fuzz-messages.h"
#include "support/xeno-test.h"

#define N_SEEDS 120
#define N_MESSAGES 40
#define ANSWER_MS 20000

static gboolean
has_error (gpointer data)
{
  return xeno_console_backend_get_error (data) != NULL;
}

/* Ends each attempt with a sentence, or of itself, and is whole afterwards. */
static void
test_the_app_bears_any_message (void)
{
  g_autoptr (DisplayRig) rig = display_rig_new ();
  g_autofree char *program = g_strdup (g_getenv ("XENOLITH_DISPLAY_PATH"));

  g_setenv ("XENOLITH_DISPLAY_PATH", g_getenv ("XENO_TEST_FAKE_DECODER"), TRUE);
  for (guint i = 0; i < N_SEEDS; i++)
    {
      g_autofree char *kind = g_strdup_printf ("fuzz-%u", g_test_rand_int_range (0, G_MAXINT));
      XenoConsoleBackend *backend;

      g_test_message ("%s", kind);
      backend = xeno_backend_decoder_new (&display_rig_opener, G_OBJECT (rig), kind, "A machine");
      g_signal_connect (backend, "damage", G_CALLBACK (xeno_console_backend_frame_done), NULL);
      xeno_console_backend_start (backend);
      xeno_test_until (has_error, backend);
      g_assert_cmpuint (xeno_console_backend_get_error (backend)->domain, ==, XENO_ERROR);
      xeno_console_backend_stop (backend);
      g_assert_finalize_object (backend);
    }
  g_setenv ("XENOLITH_DISPLAY_PATH", program, TRUE);
}

typedef struct
{
  GSubprocess      *process;
  XenoDisplayBoard *board;
  GDBusConnection  *connection;
  int               fd;
  gboolean          has_answered;
  gboolean          is_gone;
} Decoder;

static const GDBusInterfaceInfo *const decoder_interfaces[] = {
  &xeno_display_input_interface,
  &xeno_display_clipboard_interface,
  &xeno_display_guest_interface,
};

/* As an app that has nothing to give and takes everything. */
static void
method_call_cb (GDBusConnection       *connection,
                const char            *sender,
                const char            *object_path,
                const char            *interface_name,
                const char            *method,
                GVariant              *parameters,
                GDBusMethodInvocation *invocation,
                gpointer               user_data)
{
  DisplayRig *rig = user_data;
  g_autoptr (GSocketClient) client = NULL;
  g_autoptr (GSocketAddress) address = NULL;
  g_autoptr (GSocketConnection) server = NULL;
  g_autoptr (GUnixFDList) fds = NULL;

  if (!g_str_equal (method, "OpenSocket"))
    {
      g_dbus_method_invocation_return_value (invocation, NULL);
      return;
    }

  client = g_socket_client_new ();
  address = g_unix_socket_address_new (display_rig_get_path (rig));
  server = g_socket_client_connect (client, G_SOCKET_CONNECTABLE (address), NULL, NULL);
  fds = g_unix_fd_list_new ();
  g_unix_fd_list_append (fds, g_socket_get_fd (g_socket_connection_get_socket (server)), NULL);
  g_dbus_method_invocation_return_value_with_unix_fd_list (invocation, g_variant_new ("(hb)", 0, FALSE), fds);
}

static const GDBusInterfaceVTable listener = { .method_call = method_call_cb };

static void
start_decoder (Decoder    *decoder,
               DisplayRig *rig,
               const char *kind)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GSocket) socket = NULL;
  g_autoptr (GSocketConnection) stream = NULL;
  int fds[2], board_fd, bell_fd;

  g_assert_cmpint (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds), ==, 0);
  decoder->board = xeno_display_board_new (&board_fd, &bell_fd, &error);
  g_assert_no_error (error);
  decoder->process = xeno_decoder_process_start (kind, FALSE, fds[1], board_fd, bell_fd, &error);
  g_assert_no_error (error);

  decoder->fd = fds[0];
  socket = g_socket_new_from_fd (fds[0], &error);
  g_assert_no_error (error);
  stream = g_socket_connection_factory_create_connection (socket);
  decoder->connection = g_dbus_connection_new_sync (G_IO_STREAM (stream), NULL,
                                                    G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT |
                                                    G_DBUS_CONNECTION_FLAGS_DELAY_MESSAGE_PROCESSING,
                                                    NULL, NULL, &error);
  g_assert_no_error (error);
  g_dbus_connection_set_exit_on_close (decoder->connection, FALSE);
  g_dbus_connection_register_object (decoder->connection, XENO_DISPLAY_OBJECT_PATH,
                                     (GDBusInterfaceInfo *) &xeno_display_listener_interface, &listener,
                                     rig, NULL, NULL);
  g_dbus_connection_start_message_processing (decoder->connection);
}

static void
answered_cb (GObject      *connection,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr (GVariant) reply = g_dbus_connection_call_finish (G_DBUS_CONNECTION (connection), result, NULL);

  ((Decoder *) user_data)->has_answered = TRUE;
}

static void
gone_cb (GObject      *process,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_subprocess_wait_finish (G_SUBPROCESS (process), result, NULL);
  ((Decoder *) user_data)->is_gone = TRUE;
}

static gboolean
has_answered (gpointer data)
{
  return ((Decoder *) data)->has_answered;
}

static gboolean
is_gone (gpointer data)
{
  return ((Decoder *) data)->is_gone;
}

/* After bytes that are no message a decoder may wait for the rest of one. */
static void
await_answer (Decoder *decoder)
{
  g_dbus_connection_call (decoder->connection, NULL, XENO_DISPLAY_OBJECT_PATH, xeno_display_input_interface.name,
                          "Ping", NULL, NULL, G_DBUS_CALL_FLAGS_NONE, ANSWER_MS, NULL, answered_cb, decoder);
  xeno_test_until (has_answered, decoder);
}

/* It answers or has ended, and never by a signal. */
static void
test_the_decoder_bears_any_message (gconstpointer kind)
{
  g_autoptr (DisplayRig) rig = display_rig_new ();
  g_autofree char *script = g_strdup_printf ("%s-server.py", g_str_equal (kind, "vnc") ? "rfb" : "spice");
  g_autofree char *program = g_build_filename (g_getenv ("G_TEST_SRCDIR"), "support", script, NULL);
  const char *server[] = { program, display_rig_get_path (rig), "good", NULL };

  display_rig_start_server (rig, server);
  for (guint i = 0; i < N_SEEDS / 4; i++)
    {
      guint32 seed = g_test_rand_int_range (0, G_MAXINT);
      Decoder decoder = { 0 };

      g_test_message ("%u", seed);
      start_decoder (&decoder, rig, kind);
      g_subprocess_wait_async (decoder.process, NULL, gone_cb, &decoder);
      if (fuzz_messages_send (decoder.connection, decoder.fd, decoder_interfaces,
                              G_N_ELEMENTS (decoder_interfaces), seed, N_MESSAGES))
        await_answer (&decoder);
      shutdown (decoder.fd, SHUT_RDWR);
      xeno_test_until (is_gone, &decoder);
      g_assert_true (g_subprocess_get_if_exited (decoder.process));
      xeno_display_board_free (decoder.board);
      g_object_unref (decoder.connection);
      g_object_unref (decoder.process);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  /* GDBus warns of bytes that are no message. */
  g_log_set_always_fatal (G_LOG_FATAL_MASK | G_LOG_LEVEL_CRITICAL);

  g_test_add_func ("/xeno/display-fuzz/the-app-bears-any-message", test_the_app_bears_any_message);
  g_test_add_data_func ("/xeno/display-fuzz/the-decoder-bears-any-message/vnc", "vnc",
                        test_the_decoder_bears_any_message);
  g_test_add_data_func ("/xeno/display-fuzz/the-decoder-bears-any-message/spice", "spice",
                        test_the_decoder_bears_any_message);

  return g_test_run ();
}
