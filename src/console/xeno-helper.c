/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A process that serves one of the guest's ports, out of reach of everything it does not need. */
#include "config.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <sys/socket.h>

#include "card/xeno-card-protocol.h"
#include "console/xeno-helper.h"
#include "share/xeno-share-protocol.h"

/* What each of them finds where: what it is about, and the guest's end. */
#define OTHER_FD 3
#define SOCKET_FD 4

G_STATIC_ASSERT (XENO_CARD_REPORT_FD == OTHER_FD && XENO_CARD_SOCKET_FD == SOCKET_FD);
G_STATIC_ASSERT (XENO_SHARE_FOLDER_FD == OTHER_FD && XENO_SHARE_SOCKET_FD == SOCKET_FD);

/* Who asks more often is no decoder of ours. */
#define MIN_INTERVAL_US (G_USEC_PER_SEC / 2)

/* What is under way is put away in no time; who takes longer does not want to end. */
#define END_SECONDS 1

struct _XenoHelper
{
  GObject      parent_instance;
  char        *variable;
  char        *path;
  GSubprocess *process;
  gint64       opened_us;
};

G_DEFINE_FINAL_TYPE (XenoHelper, xeno_helper, G_TYPE_OBJECT)

static GSubprocess *
spawn (XenoHelper         *self,
       const char *const  *arguments,
       int                 other_fd,
       int                 fd,
       GError            **error)
{
  static const char *const unneeded[] = {
    "DBUS_SESSION_BUS_ADDRESS", "DISPLAY", "WAYLAND_DISPLAY", "XAUTHORITY", "SSH_AUTH_SOCK", "G_DEBUG",
  };
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_SILENCE);
  g_autoptr (GPtrArray) argv = g_ptr_array_new ();
  const char *program = g_getenv (self->variable);

  for (guint i = 0; i < G_N_ELEMENTS (unneeded); i++)
    g_subprocess_launcher_unsetenv (launcher, unneeded[i]);
  g_subprocess_launcher_take_fd (launcher, other_fd, OTHER_FD);
  g_subprocess_launcher_take_fd (launcher, fd, SOCKET_FD);
  g_ptr_array_add (argv, (gpointer) (program != NULL ? program : self->path));
  for (guint i = 0; arguments[i] != NULL; i++)
    g_ptr_array_add (argv, (gpointer) arguments[i]);
  g_ptr_array_add (argv, NULL);
  return g_subprocess_launcher_spawnv (launcher, (const char *const *) argv->pdata, error);
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
xeno_helper_dispose (GObject *object)
{
  xeno_helper_stop (XENO_HELPER (object));

  G_OBJECT_CLASS (xeno_helper_parent_class)->dispose (object);
}

static void
xeno_helper_finalize (GObject *object)
{
  XenoHelper *self = XENO_HELPER (object);

  g_free (self->variable);
  g_free (self->path);

  G_OBJECT_CLASS (xeno_helper_parent_class)->finalize (object);
}

static void
xeno_helper_class_init (XenoHelperClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = xeno_helper_dispose;
  G_OBJECT_CLASS (klass)->finalize = xeno_helper_finalize;
}

static void
xeno_helper_init (XenoHelper *self)
{
}

/**
 * xeno_helper_new:
 * @variable: what in the environment says where the program is, before it is installed
 * @path: where it is else
 *
 * Returns: (transfer full): a program that does not run yet
 */
XenoHelper *
xeno_helper_new (const char *variable,
                 const char *path)
{
  XenoHelper *self;

  g_return_val_if_fail (variable != NULL && path != NULL, NULL);

  self = g_object_new (XENO_TYPE_HELPER, NULL);
  self->variable = g_strdup (variable);
  self->path = g_strdup (path);
  return self;
}

/**
 * xeno_helper_open:
 * @self: a helper
 * @arguments: (array zero-terminated=1): what it is told
 * @other_fd: (transfer full): what it is about
 * @error: (out) (optional): %G_IO_ERROR
 *
 * Starts it, in place of the one before. It ends when the socket is closed.
 *
 * Returns: the guest's end of its socket, which the caller owns, or -1
 */
int
xeno_helper_open (XenoHelper         *self,
                  const char *const  *arguments,
                  int                 other_fd,
                  GError            **error)
{
  gint64 now = g_get_monotonic_time ();
  int fds[2];

  g_return_val_if_fail (XENO_IS_HELPER (self), -1);
  g_return_val_if_fail (arguments != NULL, -1);
  g_return_val_if_fail (other_fd >= 0, -1);

  if (self->opened_us != 0 && now - self->opened_us < MIN_INTERVAL_US)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_BUSY, "this is asked for too often");
      g_close (other_fd, NULL);
      return -1;
    }

  self->opened_us = now;
  xeno_helper_stop (self);
  if (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) != 0)
    {
      g_set_error_literal (error, G_IO_ERROR, g_io_error_from_errno (errno), g_strerror (errno));
      g_close (other_fd, NULL);
      return -1;
    }

  self->process = spawn (self, arguments, other_fd, fds[1], error);
  if (self->process != NULL)
    {
      g_subprocess_wait_async (self->process, NULL, reap_cb, NULL);
      return fds[0];
    }

  g_close (fds[0], NULL);
  return -1;
}

/**
 * xeno_helper_stop:
 * @self: a helper
 *
 * Nobody serves the port any more: whoever has the socket soon has nobody at its other end.
 */
void
xeno_helper_stop (XenoHelper *self)
{
  g_return_if_fail (XENO_IS_HELPER (self));

  if (self->process == NULL)
    return;

  g_subprocess_send_signal (self->process, SIGTERM);
  g_timeout_add_seconds_full (G_PRIORITY_DEFAULT, END_SECONDS, force_exit_cb, g_steal_pointer (&self->process),
                              g_object_unref);
}
