/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* xenolith-display: decodes one guest's display in a process of its own, which it may bring down. */
#include "config.h"

#include <gio/gio.h>
#include <glib-unix.h>
#include <stdlib.h>

#include "base/xeno-sandbox.h"
#include "display/xeno-display-qemu.h"
#include "display/xeno-display-sasl.h"
#include "display/xeno-display-server.h"
#include "display/xeno-display-spice.h"
#include "display/xeno-display-vnc.h"

/* Two frames of the largest size anybody has on a desk, and what the libraries keep beside them. */
#define MAX_MEMORY (G_GUINT64_CONSTANT (1536) << 20)

/* How long a library may take to close its connection. */
#define STOP_GUARD_MS 500

typedef struct
{
  GMainLoop         *loop;
  GDBusConnection   *connection;
  XenoDisplaySource *source;
  XenoDisplayBoard  *board;
  gboolean           is_remote;
  gboolean           is_stopping;
} Decoder;

static const struct
{
  const char *kind;
  GType     (*get_type) (void);
} kinds[] = {
  { "dbus", xeno_display_qemu_get_type },
  { "spice", xeno_display_spice_get_type },
  { "vnc", xeno_display_vnc_get_type },
};

/* What the libraries complain about, the USB bus of a host without one to begin with, is for those
 * who ask. */
static GLogWriterOutput
write_log (GLogLevelFlags   level,
           const GLogField *fields,
           gsize            n_fields,
           gpointer         user_data)
{
  for (gsize i = 0; i < n_fields; i++)
    if (g_str_equal (fields[i].key, "GLIB_DOMAIN") && !g_str_equal (fields[i].value, G_LOG_DOMAIN))
      level = level > G_LOG_LEVEL_ERROR ? G_LOG_LEVEL_DEBUG : level;
  return g_log_writer_default (level, fields, n_fields, user_data);
}

static GType
find_kind (const char *kind)
{
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (g_strcmp0 (kinds[i].kind, kind) == 0)
      return kinds[i].get_type ();
  return G_TYPE_INVALID;
}

static GDBusConnection *
connect_to_app (GError **error)
{
  g_autofree char *guid = g_dbus_generate_guid ();
  g_autoptr (GSocket) socket = g_socket_new_from_fd (XENO_DISPLAY_SOCKET_FD, error);
  g_autoptr (GSocketConnection) stream = NULL;

  if (socket == NULL)
    return NULL;

  stream = g_socket_connection_factory_create_connection (socket);
  return g_dbus_connection_new_sync (G_IO_STREAM (stream), guid,
                                     G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_SERVER |
                                     G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_REQUIRE_SAME_USER |
                                     G_DBUS_CONNECTION_FLAGS_DELAY_MESSAGE_PROCESSING,
                                     NULL, NULL, error);
}

static void
quit_cb (gpointer user_data)
{
  Decoder *decoder = user_data;

  g_main_loop_quit (decoder->loop);
}

static void
stop (Decoder *decoder)
{
  if (decoder->is_stopping)
    return;

  decoder->is_stopping = TRUE;
  g_timeout_add_once (STOP_GUARD_MS, quit_cb, decoder);
  XENO_DISPLAY_SOURCE_GET_CLASS (decoder->source)->stop (decoder->source, quit_cb, decoder);
}

static void
stop_cb (gpointer user_data)
{
  stop (user_data);
}

/* The last the app sent was what lets go of the keys: the library sends it when it is its turn. */
static void
closed_cb (Decoder *decoder)
{
  g_source_set_priority (g_main_context_find_source_by_id (NULL, g_idle_add_once (stop_cb, decoder)),
                         G_PRIORITY_LOW);
}

/* The app should hear why before the connection ends. */
static void
failed_cb (Decoder *decoder)
{
  g_dbus_connection_flush_sync (decoder->connection, NULL, NULL);
  stop (decoder);
}

static void
run (Decoder *decoder)
{
  g_autoptr (XenoDisplayServer) server = xeno_display_server_new (decoder->connection, decoder->source,
                                                                  g_steal_pointer (&decoder->board));

  g_dbus_connection_set_exit_on_close (decoder->connection, FALSE);
  g_signal_connect_swapped (decoder->connection, "closed", G_CALLBACK (closed_cb), decoder);
  g_signal_connect_swapped (server, "failed", G_CALLBACK (failed_cb), decoder);
  g_dbus_connection_start_message_processing (decoder->connection);
  xeno_display_server_set_stage (server, XENO_DISPLAY_STAGE_OPENING);

  if (decoder->is_remote)
    xeno_display_load_sasl ();
  XENO_DISPLAY_SOURCE_GET_CLASS (decoder->source)->prepare (decoder->source, decoder->is_remote);
  if (!xeno_sandbox_seal (XENO_SANDBOX_NO_FILES))
    g_warning ("This kernel filters no system calls: the decoder is held back by nothing");
  XENO_DISPLAY_SOURCE_GET_CLASS (decoder->source)->start (decoder->source, server);
  g_main_loop_run (decoder->loop);

  g_signal_handlers_disconnect_by_data (decoder->connection, decoder);
  g_dbus_connection_close_sync (decoder->connection, NULL, NULL);
}

int
main (int   argc,
      char *argv[])
{
  GType type;
  g_autoptr (GError) error = NULL;
  g_autoptr (GMainLoop) loop = NULL;
  g_autoptr (GDBusConnection) connection = NULL;
  g_autoptr (XenoDisplaySource) source = NULL;
  Decoder decoder = { 0 };

  xeno_sandbox_limit (MAX_MEMORY);
  g_log_set_writer_func (write_log, NULL, NULL);

  decoder.is_remote = argc == 3 && g_str_equal (argv[2], "remote");
  type = argc == 2 || decoder.is_remote ? find_kind (argv[1]) : G_TYPE_INVALID;
  if (type == G_TYPE_INVALID)
    {
      g_printerr ("usage: xenolith-display dbus|spice|vnc [remote]\nXenolith starts this by itself.\n");
      return EXIT_FAILURE;
    }

  decoder.board = xeno_display_board_new_for_fds (XENO_DISPLAY_BOARD_FD, XENO_DISPLAY_BELL_FD, &error);
  connection = decoder.board != NULL ? connect_to_app (&error) : NULL;
  if (connection == NULL)
    {
      g_printerr ("xenolith-display: %s\n", error->message);
      g_clear_pointer (&decoder.board, xeno_display_board_free);
      return EXIT_FAILURE;
    }

  loop = g_main_loop_new (NULL, FALSE);
  source = g_object_new (type, NULL);
  decoder.loop = loop;
  decoder.connection = connection;
  decoder.source = source;
  run (&decoder);
  return EXIT_SUCCESS;
}
