/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A frame in memory that the app maps too: a sealed memfd. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "display/xeno-display-protocol.h"
#include "display/xeno-frame-buffer.h"

struct _XenoFrameBuffer
{
  GObject  parent_instance;
  guint    width;
  guint    height;
  int      fd;
  guchar  *pixels;
};

G_DEFINE_FINAL_TYPE (XenoFrameBuffer, xeno_frame_buffer, G_TYPE_OBJECT)

static gsize
get_size (XenoFrameBuffer *self)
{
  return xeno_frame_buffer_get_stride (self) * self->height;
}

static gboolean
allocate (XenoFrameBuffer *self)
{
  gpointer map;

  self->fd = memfd_create ("xenolith-frame", MFD_CLOEXEC | MFD_ALLOW_SEALING);
  if (self->fd < 0 ||
      ftruncate (self->fd, get_size (self)) != 0 ||
      fcntl (self->fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) != 0)
    return FALSE;

  map = mmap (NULL, get_size (self), PROT_READ | PROT_WRITE, MAP_SHARED, self->fd, 0);
  if (map == MAP_FAILED)
    return FALSE;

  self->pixels = map;
  return TRUE;
}

static void
xeno_frame_buffer_finalize (GObject *object)
{
  XenoFrameBuffer *self = XENO_FRAME_BUFFER (object);

  if (self->pixels != NULL)
    munmap (self->pixels, get_size (self));
  if (self->fd >= 0)
    g_close (self->fd, NULL);

  G_OBJECT_CLASS (xeno_frame_buffer_parent_class)->finalize (object);
}

static void
xeno_frame_buffer_class_init (XenoFrameBufferClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = xeno_frame_buffer_finalize;
}

static void
xeno_frame_buffer_init (XenoFrameBuffer *self)
{
  self->fd = -1;
}

/**
 * xeno_frame_buffer_new:
 * @width: in pixels, as the server said
 * @height: in pixels, as the server said
 * @error: (out) (optional): %G_IO_ERROR
 *
 * Makes a black frame.
 *
 * Returns: (transfer full) (nullable): the frame, or %NULL where its size is out of bounds or there
 *   is no memory for it
 */
XenoFrameBuffer *
xeno_frame_buffer_new (guint    width,
                       guint    height,
                       GError **error)
{
  g_autoptr (XenoFrameBuffer) self = NULL;

  if (!xeno_display_is_sane_frame (width, height, 4 * (guint64) width, G_MAXUINT64))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "a frame of %u x %u", width, height);
      return NULL;
    }

  self = g_object_new (XENO_TYPE_FRAME_BUFFER, NULL);
  self->width = width;
  self->height = height;
  if (!allocate (self))
    {
      int code = errno;

      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (code),
                   "a frame of %u x %u: %s", width, height, g_strerror (code));
      return NULL;
    }
  return g_steal_pointer (&self);
}

/**
 * xeno_frame_buffer_get_width:
 * @self: a frame
 *
 * Returns: pixels in a row
 */
guint
xeno_frame_buffer_get_width (XenoFrameBuffer *self)
{
  g_return_val_if_fail (XENO_IS_FRAME_BUFFER (self), 0);

  return self->width;
}

/**
 * xeno_frame_buffer_get_height:
 * @self: a frame
 *
 * Returns: how many rows there are
 */
guint
xeno_frame_buffer_get_height (XenoFrameBuffer *self)
{
  g_return_val_if_fail (XENO_IS_FRAME_BUFFER (self), 0);

  return self->height;
}

/**
 * xeno_frame_buffer_get_stride:
 * @self: a frame
 *
 * Returns: bytes from one row to the next
 */
gsize
xeno_frame_buffer_get_stride (XenoFrameBuffer *self)
{
  g_return_val_if_fail (XENO_IS_FRAME_BUFFER (self), 0);

  return 4 * (gsize) self->width;
}

/**
 * xeno_frame_buffer_get_pixels:
 * @self: a frame
 *
 * Returns: (transfer none): its memory, to paint into
 */
guchar *
xeno_frame_buffer_get_pixels (XenoFrameBuffer *self)
{
  g_return_val_if_fail (XENO_IS_FRAME_BUFFER (self), NULL);

  return self->pixels;
}

/**
 * xeno_frame_buffer_get_fd:
 * @self: a frame
 *
 * Returns: (transfer none): the memfd
 */
int
xeno_frame_buffer_get_fd (XenoFrameBuffer *self)
{
  g_return_val_if_fail (XENO_IS_FRAME_BUFFER (self), -1);

  return self->fd;
}
