/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A decoder's process: how it is started, and how it is made to end. */
#include "config.h"

#include "console/xeno-decoder-process.h"
#include "display/xeno-display-protocol.h"

/* How long a decoder may take to say goodbye to its server. */
#define STOP_GUARD_S 2

typedef struct
{
  GSubprocess *process;
  guint        guard_id;
} Reaping;

static const char *
get_program (void)
{
  const char *program = g_getenv ("XENOLITH_DISPLAY_PATH");

  return program != NULL ? program : XENO_LIBEXECDIR "/xenolith-display";
}

static gboolean
kill_cb (gpointer user_data)
{
  Reaping *reaping = user_data;

  reaping->guard_id = 0;
  g_subprocess_force_exit (reaping->process);
  return G_SOURCE_REMOVE;
}

static void
reaped_cb (GObject      *process,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autofree Reaping *reaping = user_data;

  g_clear_handle_id (&reaping->guard_id, g_source_remove);
  g_object_unref (reaping->process);
}

/**
 * xeno_decoder_process_start:
 * @kind: "dbus", "spice" or "vnc"
 * @is_remote: whether the server is beyond a network
 * @fd: (transfer full): its end of the private socket
 * @board_fd: (transfer full): its end of the board
 * @bell_fd: (transfer full): its end of the board's bell
 * @error: (out) (optional): why there is none
 *
 * Starts a decoder, from the main thread on purpose: it asks to die with the thread that started it.
 *
 * Returns: (transfer full) (nullable): the process
 */
GSubprocess *
xeno_decoder_process_start (const char  *kind,
                            gboolean     is_remote,
                            int          fd,
                            int          board_fd,
                            int          bell_fd,
                            GError     **error)
{
  static const char *const unneeded[] = {
    "DBUS_SESSION_BUS_ADDRESS", "DISPLAY", "WAYLAND_DISPLAY", "XAUTHORITY", "SSH_AUTH_SOCK", "G_DEBUG",
  };
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_SILENCE);

  g_return_val_if_fail (kind != NULL, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (unneeded); i++)
    g_subprocess_launcher_unsetenv (launcher, unneeded[i]);
  g_subprocess_launcher_take_fd (launcher, fd, XENO_DISPLAY_SOCKET_FD);
  g_subprocess_launcher_take_fd (launcher, board_fd, XENO_DISPLAY_BOARD_FD);
  g_subprocess_launcher_take_fd (launcher, bell_fd, XENO_DISPLAY_BELL_FD);
  return g_subprocess_launcher_spawn (launcher, error, get_program (), kind,
                                      is_remote ? "remote" : NULL, NULL);
}

/**
 * xeno_decoder_process_end:
 * @process: (transfer full): a decoder whose socket has been, or will be, closed
 *
 * Waits for it without blocking; kills it if it takes too long.
 */
void
xeno_decoder_process_end (GSubprocess *process)
{
  Reaping *reaping;

  g_return_if_fail (G_IS_SUBPROCESS (process));

  reaping = g_new (Reaping, 1);
  reaping->process = process;
  reaping->guard_id = g_timeout_add_seconds (STOP_GUARD_S, kill_cb, reaping);
  g_subprocess_wait_async (process, NULL, reaped_cb, reaping);
}
