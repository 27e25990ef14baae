/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* xenolith-share: serves one folder to one guest, in a process that can reach no other. */
#include "config.h"

#include <glib-unix.h>
#include <libxml/parser.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "base/xeno-sandbox.h"
#include "share/xeno-share-mux.h"
#include "share/xeno-share-protocol.h"
#include "share/xeno-share-server.h"

/* Lists of files and what is on its way; no file is ever in memory as a whole. */
#define MAX_MEMORY (G_GUINT64_CONSTANT (512) << 20)

typedef struct
{
  GMainLoop       *loop;
  XenoShareServer *server;
} Share;

static void
accept_cb (GIOStream *stream,
           gpointer   user_data)
{
  xeno_share_server_accept (stream, ((Share *) user_data)->server);
}

static void
ended_cb (gpointer user_data)
{
  g_main_loop_quit (((Share *) user_data)->loop);
}

/* Of what is being written nothing is left behind. */
static gboolean
terminated_cb (gpointer loop)
{
  g_main_loop_quit (loop);
  return G_SOURCE_CONTINUE;
}

/* What a guest sends wrong is no news to anybody here. */
static void
ignore_error (void       *context,
              const char *format,
              ...)
{
}

/* What GLib and libsoup read from files when they are first used, they shall read now. */
static void
warm_up (void)
{
  g_autofree char *uuid = g_uuid_string_random ();

  xmlInitParser ();
  xmlSetGenericErrorFunc (NULL, ignore_error);
}

/* Where the kernel cannot hold the process to the folder, nothing in it is changed; where the kernel filters
 * no calls, nothing is served. */
static gboolean
confine (XenoSandboxFiles *files)
{
  if (!xeno_sandbox_keep_beneath (XENO_SHARE_FOLDER_FD, *files) && *files == XENO_SANDBOX_CHANGES_FOLDER)
    {
      g_printerr ("xenolith-share: this kernel has no Landlock, so the folder can only be read\n");
      *files = XENO_SANDBOX_READS_FOLDER;
    }
  if (xeno_sandbox_seal (*files))
    return TRUE;

  g_printerr ("xenolith-share: this kernel filters no system calls, so the folder is not served\n");
  return FALSE;
}

int
main (int   argc,
      char *argv[])
{
  g_autoptr (GMainLoop) loop = NULL;
  g_autoptr (XenoShareServer) server = NULL;
  g_autoptr (XenoShareMux) mux = NULL;
  XenoSandboxFiles files = XENO_SANDBOX_READS_FOLDER;
  Share share;

  xeno_sandbox_limit (MAX_MEMORY);
  if (argc == 2 && g_str_equal (argv[1], "write"))
    files = XENO_SANDBOX_CHANGES_FOLDER;
  else if (argc != 2 || !g_str_equal (argv[1], "read"))
    {
      g_printerr ("usage: xenolith-share read|write\nXenolith starts this by itself.\n");
      return EXIT_FAILURE;
    }

  warm_up ();
  loop = g_main_loop_new (NULL, FALSE);
  if (!confine (&files))
    return EXIT_FAILURE;

  server = xeno_share_server_new (XENO_SHARE_FOLDER_FD, files == XENO_SANDBOX_CHANGES_FOLDER);
  share = (Share) { loop, server };
  g_unix_signal_add (SIGTERM, terminated_cb, loop);
  mux = xeno_share_mux_new (XENO_SHARE_SOCKET_FD, accept_cb, ended_cb, &share);
  g_main_loop_run (loop);
  return EXIT_SUCCESS;
}
