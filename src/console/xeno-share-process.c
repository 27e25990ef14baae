/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The process that serves a folder to a guest: it reaches that folder, and nothing else. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <sys/socket.h>

#include "console/xeno-share-process.h"
#include "share/xeno-share-protocol.h"

/* Who asks more often is no decoder of ours. */
#define MIN_INTERVAL_US (G_USEC_PER_SEC / 2)

/* What is being written is put away in no time; who takes longer does not want to end. */
#define END_SECONDS 1

struct _XenoShareProcess
{
  GObject      parent_instance;
  int          folder; /* -1: there is none */
  gboolean     is_writable;
  GSubprocess *process;
  gint64       opened_us;
};

G_DEFINE_FINAL_TYPE (XenoShareProcess, xeno_share_process, G_TYPE_OBJECT)

static const char *
get_program (void)
{
  const char *program = g_getenv ("XENOLITH_SHARE_PATH");

  return program != NULL ? program : XENO_LIBEXECDIR "/xenolith-share";
}

static GSubprocess *
spawn (XenoShareProcess  *self,
       int                fd,
       GError           **error)
{
  static const char *const unneeded[] = {
    "DBUS_SESSION_BUS_ADDRESS", "DISPLAY", "WAYLAND_DISPLAY", "XAUTHORITY", "SSH_AUTH_SOCK", "G_DEBUG",
  };
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_SILENCE);
  int folder = fcntl (self->folder, F_DUPFD_CLOEXEC, 0);

  for (guint i = 0; i < G_N_ELEMENTS (unneeded); i++)
    g_subprocess_launcher_unsetenv (launcher, unneeded[i]);
  g_subprocess_launcher_take_fd (launcher, fd, XENO_SHARE_SOCKET_FD);
  if (folder < 0)
    {
      g_set_error_literal (error, G_IO_ERROR, g_io_error_from_errno (errno), g_strerror (errno));
      return NULL;
    }

  g_subprocess_launcher_take_fd (launcher, folder, XENO_SHARE_FOLDER_FD);
  return g_subprocess_launcher_spawn (launcher, error, get_program (), self->is_writable ? "write" : "read", NULL);
}

static void
reap_cb (GObject      *process,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_subprocess_wait_finish (G_SUBPROCESS (process), result, NULL);
}

static gboolean
force_exit_cb (gpointer process)
{
  g_subprocess_force_exit (process);
  return G_SOURCE_REMOVE;
}

static void
xeno_share_process_dispose (GObject *object)
{
  xeno_share_process_set_folder (XENO_SHARE_PROCESS (object), -1, FALSE);

  G_OBJECT_CLASS (xeno_share_process_parent_class)->dispose (object);
}

static void
xeno_share_process_class_init (XenoShareProcessClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = xeno_share_process_dispose;
}

static void
xeno_share_process_init (XenoShareProcess *self)
{
  self->folder = -1;
}

/**
 * xeno_share_process_new:
 *
 * Returns: (transfer full): what has no folder yet
 */
XenoShareProcess *
xeno_share_process_new (void)
{
  return g_object_new (XENO_TYPE_SHARE_PROCESS, NULL);
}

/**
 * xeno_share_process_set_folder:
 * @self: a share
 * @folder: (transfer full): a directory; -1: there is none any more
 * @is_writable: whether the guest may change what is in it
 *
 * What was served before is not any more.
 */
void
xeno_share_process_set_folder (XenoShareProcess *self,
                               int               folder,
                               gboolean          is_writable)
{
  g_return_if_fail (XENO_IS_SHARE_PROCESS (self));

  xeno_share_process_stop (self);
  if (self->folder >= 0)
    g_close (self->folder, NULL);
  self->folder = folder;
  self->is_writable = is_writable;
}

/**
 * xeno_share_process_has_folder:
 * @self: a share
 *
 * Returns: whether there is a folder to serve
 */
gboolean
xeno_share_process_has_folder (XenoShareProcess *self)
{
  g_return_val_if_fail (XENO_IS_SHARE_PROCESS (self), FALSE);

  return self->folder >= 0;
}

/**
 * xeno_share_process_open:
 * @self: a share
 * @error: (out) (optional): %G_IO_ERROR
 *
 * Starts it, in place of the one before. It ends when the socket is closed.
 *
 * Returns: the guest's end of its socket, which the caller owns, or -1
 */
int
xeno_share_process_open (XenoShareProcess  *self,
                         GError           **error)
{
  gint64 now = g_get_monotonic_time ();
  int fds[2];

  g_return_val_if_fail (XENO_IS_SHARE_PROCESS (self), -1);

  if (self->folder < 0 || (self->opened_us != 0 && now - self->opened_us < MIN_INTERVAL_US))
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_BUSY, "there is no folder now");
      return -1;
    }

  self->opened_us = now;
  xeno_share_process_stop (self);
  if (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) != 0)
    {
      g_set_error_literal (error, G_IO_ERROR, g_io_error_from_errno (errno), g_strerror (errno));
      return -1;
    }

  self->process = spawn (self, fds[1], error);
  if (self->process != NULL)
    {
      g_subprocess_wait_async (self->process, NULL, reap_cb, NULL);
      return fds[0];
    }

  g_close (fds[0], NULL);
  return -1;
}

/**
 * xeno_share_process_stop:
 * @self: a share
 *
 * The folder is not served any more: whoever has the socket has nobody at its other end.
 */
void
xeno_share_process_stop (XenoShareProcess *self)
{
  g_return_if_fail (XENO_IS_SHARE_PROCESS (self));

  if (self->process == NULL)
    return;

  g_subprocess_send_signal (self->process, SIGTERM);
  g_timeout_add_seconds_full (G_PRIORITY_DEFAULT, END_SECONDS, force_exit_cb, g_steal_pointer (&self->process),
                              g_object_unref);
}
