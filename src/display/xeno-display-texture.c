/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A guest's frame in a graphics processor's memory: the app, which may use one, reads it, and what is
 * changed goes on as any other frame. Where the app cannot, rows that lie one after the other are read here. */
#include "config.h"

#include <glib/gstdio.h>
#include <linux/dma-buf.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "display/xeno-display-texture.h"

struct _XenoDisplayTexture
{
  GObject            parent_instance;
  XenoDisplayServer *server; /* which outlives it */
  XenoDisplayWall   *wall;
  guint              id;
  int                fd;
  XenoTextureShape   shape;
  gboolean           y0_top;
  gboolean           is_mapped; /* here, not by the app */
  guchar            *pixels;
  gsize              size;
  gsize              stride; /* of pixels */
};

G_DEFINE_FINAL_TYPE (XenoDisplayTexture, xeno_display_texture, G_TYPE_OBJECT)

/* The card's writes must have arrived before ours to read begins; memory of another kind knows no such. */
static void
sync_memory (XenoDisplayTexture *self,
             guint64             flags)
{
  const struct dma_buf_sync sync = { flags | DMA_BUF_SYNC_READ };

  if (self->is_mapped)
    ioctl (self->fd, DMA_BUF_IOCTL_SYNC, &sync);
}

static void
copy_row (XenoDisplayTexture *self,
          guint32            *to,
          const guint32      *from,
          guint               n_pixels)
{
  /* What the app read is in our order already. */
  gboolean is_bgr = self->is_mapped && xeno_display_is_bgr (self->shape.fourcc);

  for (guint i = 0; i < n_pixels; i++)
    to[i] = is_bgr ? (from[i] & 0xff00ff00) | (from[i] & 0xff) << 16 | (from[i] >> 16 & 0xff) : from[i];
}

static void
copy (XenoDisplayTexture  *self,
      const XenoRectangle *part)
{
  const XenoDisplayScreen *screen = xeno_display_wall_get_screen (self->wall, self->id);
  XenoFrameBuffer *frame = xeno_display_wall_get_frame (self->wall);
  gsize stride;

  if (screen == NULL || screen->width != self->shape.width || screen->height != self->shape.height)
    return;

  stride = xeno_frame_buffer_get_stride (frame);
  sync_memory (self, DMA_BUF_SYNC_START);
  for (int y = part->y; y < part->y + part->height; y++)
    {
      guint row = self->y0_top ? (guint) y : self->shape.height - 1 - y;
      guchar *to = xeno_frame_buffer_get_pixels (frame) + (screen->y + y) * stride +
                   4 * (gsize) (screen->x + part->x);

      copy_row (self, (guint32 *) (gpointer) to,
                (const guint32 *) (gconstpointer) (self->pixels + row * self->stride + 4 * (gsize) part->x),
                part->width);
    }
  sync_memory (self, DMA_BUF_SYNC_END);
}

static void
update (XenoDisplayTexture  *self,
        const XenoRectangle *part)
{
  copy (self, part);
  xeno_display_wall_damage (self->wall, self->id, part->x, part->y, part->width, part->height);
}

static gboolean
map (XenoDisplayTexture  *self,
     int                  fd,
     gsize                stride,
     GError             **error)
{
  const off_t size = lseek (fd, 0, SEEK_END);
  gpointer pixels = MAP_FAILED;

  if (size > 0 && xeno_display_is_sane_frame (self->shape.width, self->shape.height, stride, size))
    pixels = mmap (NULL, size, PROT_READ, MAP_SHARED, fd, 0);
  if (pixels == MAP_FAILED)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED, "it cannot be mapped");
      return FALSE;
    }

  self->pixels = pixels;
  self->size = size;
  self->stride = stride;
  return TRUE;
}

/* Without a word on how they lie rows may lie in tiles: a picture of those would be none. */
static gboolean
map_own (XenoDisplayTexture  *self,
         GError             **error)
{
  if (self->shape.modifier != XENO_DISPLAY_LINEAR)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED, "its rows may lie in any order");
      return FALSE;
    }

  self->is_mapped = TRUE;
  return map (self, self->fd, self->shape.stride, error);
}

static void
show (XenoDisplayTexture *self)
{
  if (!xeno_display_wall_set_screen (self->wall, self->id, self->shape.width, self->shape.height))
    return;

  xeno_display_wall_set_heads (self->wall, self->id, NULL, 0);
  copy (self, &(XenoRectangle) { 0, 0, self->shape.width, self->shape.height });
  xeno_display_wall_show (self->wall);
  xeno_display_wall_damage (self->wall, self->id, 0, 0, self->shape.width, self->shape.height);
}

static void
opened_cb (GObject      *server,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  XenoDisplayTexture *self = g_task_get_source_object (task);
  GError *error = NULL;
  int memory = xeno_display_server_open_texture_finish (XENO_DISPLAY_SERVER (server), result, NULL);
  gboolean is_open = memory >= 0 && map (self, memory, 4 * (gsize) self->shape.width, NULL);

  if (memory >= 0)
    g_close (memory, NULL);
  if (!is_open && !map_own (self, &error))
    {
      g_task_return_error (task, error);
      return;
    }

  show (self);
  g_task_return_boolean (task, TRUE);
}

static void
read_cb (GObject      *server,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;

  if (!xeno_display_server_read_texture_finish (XENO_DISPLAY_SERVER (server), result, &error))
    {
      g_task_return_error (task, error);
      return;
    }

  update (g_task_get_source_object (task), g_task_get_task_data (task));
  g_task_return_boolean (task, TRUE);
}

static void
xeno_display_texture_finalize (GObject *object)
{
  XenoDisplayTexture *self = XENO_DISPLAY_TEXTURE (object);

  if (self->pixels != NULL)
    munmap (self->pixels, self->size);
  g_close (self->fd, NULL);
  g_object_unref (self->wall);

  G_OBJECT_CLASS (xeno_display_texture_parent_class)->finalize (object);
}

static void
xeno_display_texture_class_init (XenoDisplayTextureClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = xeno_display_texture_finalize;
}

static void
xeno_display_texture_init (XenoDisplayTexture *self)
{
}

/**
 * xeno_display_texture_new:
 * @server: whom to ask; it outlives the texture
 * @wall: where it is shown
 * @id: as which screen
 * @fd: (transfer full): the memory
 * @shape: what lies in it
 * @y0_top: whether its first row is the upper one
 *
 * Returns: (transfer full) (nullable): a texture that is not shown yet; %NULL when it cannot be like that
 */
XenoDisplayTexture *
xeno_display_texture_new (XenoDisplayServer      *server,
                          XenoDisplayWall        *wall,
                          guint                   id,
                          int                     fd,
                          const XenoTextureShape *shape,
                          gboolean                y0_top)
{
  XenoDisplayTexture *self;

  g_return_val_if_fail (XENO_IS_DISPLAY_SERVER (server), NULL);
  g_return_val_if_fail (XENO_IS_DISPLAY_WALL (wall), NULL);
  g_return_val_if_fail (shape != NULL, NULL);

  if (fd < 0 || !xeno_display_is_sane_texture (shape))
    {
      if (fd >= 0)
        g_close (fd, NULL);
      return NULL;
    }

  self = g_object_new (XENO_TYPE_DISPLAY_TEXTURE, NULL);
  self->server = server;
  self->wall = g_object_ref (wall);
  self->id = id;
  self->fd = fd;
  self->shape = *shape;
  self->y0_top = y0_top;
  return self;
}

/**
 * xeno_display_texture_open_async:
 * @self: a new texture
 * @callback: called when it is shown, or cannot be
 * @user_data: for @callback
 *
 * Shows it.
 */
void
xeno_display_texture_open_async (XenoDisplayTexture  *self,
                                 GAsyncReadyCallback  callback,
                                 gpointer             user_data)
{
  g_return_if_fail (XENO_IS_DISPLAY_TEXTURE (self));

  xeno_display_server_open_texture_async (self->server, self->fd, &self->shape, opened_cb,
                                          g_task_new (self, NULL, callback, user_data));
}

/**
 * xeno_display_texture_open_finish:
 * @self: a texture
 * @result: what the callback got
 * @error: (out) (optional): %G_IO_ERROR
 *
 * Returns: whether it is shown
 */
gboolean
xeno_display_texture_open_finish (XenoDisplayTexture  *self,
                                  GAsyncResult        *result,
                                  GError             **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * xeno_display_texture_update_async:
 * @self: a texture
 * @rectangle: what changed
 * @callback: called when that may change again
 * @user_data: for @callback
 *
 * Shows what changed. Whoever draws waits for @callback, which comes whatever happens.
 */
void
xeno_display_texture_update_async (XenoDisplayTexture  *self,
                                   const XenoRectangle *rectangle,
                                   GAsyncReadyCallback  callback,
                                   gpointer             user_data)
{
  g_autoptr (GTask) task = NULL;
  XenoRectangle part;

  g_return_if_fail (XENO_IS_DISPLAY_TEXTURE (self));
  g_return_if_fail (rectangle != NULL);

  task = g_task_new (self, NULL, callback, user_data);
  part.x = CLAMP (rectangle->x, 0, (int) self->shape.width);
  part.y = CLAMP (rectangle->y, 0, (int) self->shape.height);
  part.width = CLAMP ((gint64) rectangle->x + rectangle->width, part.x, self->shape.width) - part.x;
  part.height = CLAMP ((gint64) rectangle->y + rectangle->height, part.y, self->shape.height) - part.y;
  if (self->pixels != NULL && part.width > 0 && part.height > 0 && !self->is_mapped)
    {
      XenoRectangle read = part;

      if (!self->y0_top)
        read.y = self->shape.height - part.y - part.height;
      g_task_set_task_data (task, g_memdup2 (&part, sizeof part), g_free);
      xeno_display_server_read_texture_async (self->server, &read, read_cb, g_steal_pointer (&task));
      return;
    }

  if (self->pixels != NULL && part.width > 0 && part.height > 0)
    update (self, &part);
  g_task_return_boolean (task, TRUE);
}

/**
 * xeno_display_texture_update_finish:
 * @self: a texture
 * @result: what the callback got
 * @error: (out) (optional): %G_IO_ERROR
 *
 * Returns: whether the change is shown
 */
gboolean
xeno_display_texture_update_finish (XenoDisplayTexture  *self,
                                    GAsyncResult        *result,
                                    GError             **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
