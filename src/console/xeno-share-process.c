/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The process that serves a folder to a guest: it reaches that folder, and nothing else. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>

#include "console/xeno-helper.h"
#include "console/xeno-share-process.h"

struct _XenoShareProcess
{
  GObject     parent_instance;
  int         folder; /* -1: there is none */
  gboolean    is_writable;
  XenoHelper *helper;
};

G_DEFINE_FINAL_TYPE (XenoShareProcess, xeno_share_process, G_TYPE_OBJECT)

static void
xeno_share_process_dispose (GObject *object)
{
  XenoShareProcess *self = XENO_SHARE_PROCESS (object);

  if (self->helper != NULL)
    xeno_share_process_set_folder (self, -1, FALSE);
  g_clear_object (&self->helper);

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
  self->helper = xeno_helper_new ("XENOLITH_SHARE_PATH", XENO_LIBEXECDIR "/xenolith-share");
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
  const char *arguments[] = { NULL, NULL };
  int folder;

  g_return_val_if_fail (XENO_IS_SHARE_PROCESS (self), -1);

  if (self->folder < 0)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "there is no folder now");
      return -1;
    }

  folder = fcntl (self->folder, F_DUPFD_CLOEXEC, 0);
  if (folder < 0)
    {
      g_set_error_literal (error, G_IO_ERROR, g_io_error_from_errno (errno), g_strerror (errno));
      return -1;
    }

  arguments[0] = self->is_writable ? "write" : "read";
  return xeno_helper_open (self->helper, arguments, folder, error);
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

  xeno_helper_stop (self->helper);
}
