/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reads a guest's frame out of a graphics processor's memory, into memory that its decoder sees: from there
 * on it is a frame as any other, for every painter. GTK 4.14 does it by itself; before, EGL makes a texture. */
#include "config.h"

#include <epoxy/egl.h>
#include <epoxy/gl.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <gtk/gtk.h>
#include <sys/mman.h>
#include <unistd.h>

#include "console/xeno-texture-reader.h"

#ifdef GDK_WINDOWING_X11
#include <gdk/x11/gdkx.h>
#endif
#ifdef GDK_WINDOWING_WAYLAND
#include <gdk/wayland/gdkwayland.h>
#endif

struct _XenoTextureReader
{
  GObject           parent_instance;
  XenoTextureShape  shape;
  int               fd;     /* what it reads into */
  guchar           *pixels;
  gsize             size;
#if GTK_CHECK_VERSION (4, 14, 0)
  GdkDmabufTextureBuilder *builder;
  int               dmabuf;
#else
  GdkGLContext     *context;
  guint             texture;
  guint             framebuffer;
#endif
};

G_DEFINE_FINAL_TYPE (XenoTextureReader, xeno_texture_reader, G_TYPE_OBJECT)

static gboolean
fail (GError     **error,
      const char  *details)
{
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED, details);
  return FALSE;
}

#if GTK_CHECK_VERSION (4, 14, 0)
static GdkTexture *
make_texture (XenoTextureReader  *self,
              GError            **error)
{
  return gdk_dmabuf_texture_builder_build (self->builder, NULL, NULL, error);
}

static gboolean
import (XenoTextureReader  *self,
        int                 dmabuf,
        GError            **error)
{
  g_autoptr(GdkTexture) texture = NULL;

  self->dmabuf = fcntl (dmabuf, F_DUPFD_CLOEXEC, 3);
  self->builder = gdk_dmabuf_texture_builder_new ();
  gdk_dmabuf_texture_builder_set_display (self->builder, gdk_display_get_default ());
  gdk_dmabuf_texture_builder_set_width (self->builder, self->shape.width);
  gdk_dmabuf_texture_builder_set_height (self->builder, self->shape.height);
  gdk_dmabuf_texture_builder_set_fourcc (self->builder, self->shape.fourcc);
  gdk_dmabuf_texture_builder_set_modifier (self->builder, self->shape.modifier);
  gdk_dmabuf_texture_builder_set_n_planes (self->builder, 1);
  gdk_dmabuf_texture_builder_set_fd (self->builder, 0, self->dmabuf);
  gdk_dmabuf_texture_builder_set_stride (self->builder, 0, self->shape.stride);
  gdk_dmabuf_texture_builder_set_offset (self->builder, 0, 0);
  texture = make_texture (self, error);
  return texture != NULL;
}

static void
drop (XenoTextureReader *self)
{
  g_clear_object (&self->builder);
  if (self->dmabuf >= 0)
    g_close (self->dmabuf, NULL);
}

/* A texture of GTK's never changes: what changed is another one, and it gives out all of it. */
static gboolean
read_pixels (XenoTextureReader *self,
             guint              x,
             guint              y,
             guint              width,
             guint              height)
{
  g_autoptr(GdkTexture) texture = make_texture (self, NULL);
  GdkTextureDownloader *downloader;

  if (texture == NULL)
    return FALSE;

  downloader = gdk_texture_downloader_new (texture);
  gdk_texture_downloader_set_format (downloader, GDK_MEMORY_DEFAULT);
  gdk_texture_downloader_download_into (downloader, self->pixels, 4 * (gsize) self->shape.width);
  gdk_texture_downloader_free (downloader);
  return TRUE;
}
#else
static EGLDisplay
get_egl_display (GdkDisplay *display)
{
#ifdef GDK_WINDOWING_X11
  if (GDK_IS_X11_DISPLAY (display))
    return gdk_x11_display_get_egl_display (display);
#endif
#ifdef GDK_WINDOWING_WAYLAND
  if (GDK_IS_WAYLAND_DISPLAY (display))
    return gdk_wayland_display_get_egl_display (display);
#endif
  return EGL_NO_DISPLAY;
}

static EGLImageKHR
make_image (XenoTextureReader *self,
            EGLDisplay         egl,
            int                dmabuf)
{
  EGLint attributes[] = {
    EGL_WIDTH, self->shape.width,
    EGL_HEIGHT, self->shape.height,
    EGL_LINUX_DRM_FOURCC_EXT, self->shape.fourcc,
    EGL_DMA_BUF_PLANE0_FD_EXT, dmabuf,
    EGL_DMA_BUF_PLANE0_OFFSET_EXT, 0,
    EGL_DMA_BUF_PLANE0_PITCH_EXT, self->shape.stride,
    EGL_NONE, 0, EGL_NONE, 0, EGL_NONE,
  };

  if (self->shape.modifier != XENO_DISPLAY_NO_MODIFIER)
    {
      if (!epoxy_has_egl_extension (egl, "EGL_EXT_image_dma_buf_import_modifiers"))
        return EGL_NO_IMAGE_KHR;
      attributes[12] = EGL_DMA_BUF_PLANE0_MODIFIER_LO_EXT;
      attributes[13] = self->shape.modifier & 0xffffffff;
      attributes[14] = EGL_DMA_BUF_PLANE0_MODIFIER_HI_EXT;
      attributes[15] = self->shape.modifier >> 32;
    }
  return eglCreateImageKHR (egl, EGL_NO_CONTEXT, EGL_LINUX_DMA_BUF_EXT, NULL, attributes);
}

/* The framebuffer is where OpenGL reads textures from. */
static gboolean
import (XenoTextureReader  *self,
        int                 dmabuf,
        GError            **error)
{
  GdkDisplay *display = gdk_display_get_default ();
  EGLDisplay egl = display != NULL ? get_egl_display (display) : EGL_NO_DISPLAY;
  EGLImageKHR image;
  gboolean is_complete;

  if (egl == EGL_NO_DISPLAY || !epoxy_has_egl_extension (egl, "EGL_EXT_image_dma_buf_import"))
    return fail (error, "EGL imports no memory here");

  self->context = gdk_display_create_gl_context (display, error);
  if (self->context == NULL || !gdk_gl_context_realize (self->context, error))
    return FALSE;

  gdk_gl_context_make_current (self->context);
  image = epoxy_has_gl_extension ("GL_OES_EGL_image") ? make_image (self, egl, dmabuf) : EGL_NO_IMAGE_KHR;
  if (image == EGL_NO_IMAGE_KHR)
    return fail (error, "EGL does not take this memory");

  glGenTextures (1, &self->texture);
  glBindTexture (GL_TEXTURE_2D, self->texture);
  glEGLImageTargetTexture2DOES (GL_TEXTURE_2D, image);
  eglDestroyImageKHR (egl, image);
  glGenFramebuffers (1, &self->framebuffer);
  glBindFramebuffer (GL_FRAMEBUFFER, self->framebuffer);
  glFramebufferTexture2D (GL_FRAMEBUFFER, GL_COLOR_ATTACHMENT0, GL_TEXTURE_2D, self->texture, 0);
  is_complete = glCheckFramebufferStatus (GL_FRAMEBUFFER) == GL_FRAMEBUFFER_COMPLETE;
  gdk_gl_context_clear_current ();
  return is_complete || fail (error, "OpenGL does not read this memory");
}

static void
drop (XenoTextureReader *self)
{
  if (self->context == NULL)
    return;

  gdk_gl_context_make_current (self->context);
  glDeleteFramebuffers (1, &self->framebuffer);
  glDeleteTextures (1, &self->texture);
  gdk_gl_context_clear_current ();
  g_clear_object (&self->context);
}

static gboolean
read_pixels (XenoTextureReader *self,
             guint              x,
             guint              y,
             guint              width,
             guint              height)
{
  gboolean is_read;

  gdk_gl_context_make_current (self->context);
  glBindFramebuffer (GL_FRAMEBUFFER, self->framebuffer);
  glPixelStorei (GL_PACK_ALIGNMENT, 4);
  glPixelStorei (GL_PACK_ROW_LENGTH, self->shape.width);
  glReadPixels (x, y, width, height, GL_BGRA, GL_UNSIGNED_INT_8_8_8_8_REV,
                self->pixels + 4 * ((gsize) y * self->shape.width + x));
  is_read = glGetError () == GL_NO_ERROR;
  gdk_gl_context_clear_current ();
  return is_read;
}
#endif

static gboolean
make_memory (XenoTextureReader  *self,
             GError            **error)
{
  gpointer pixels = MAP_FAILED;

  self->size = 4 * (gsize) self->shape.width * self->shape.height;
  self->fd = memfd_create ("xenolith-texture", MFD_CLOEXEC | MFD_ALLOW_SEALING);
  if (self->fd >= 0 && ftruncate (self->fd, self->size) == 0 &&
      fcntl (self->fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) == 0)
    pixels = mmap (NULL, self->size, PROT_READ | PROT_WRITE, MAP_SHARED, self->fd, 0);
  if (pixels == MAP_FAILED)
    return fail (error, "there is no memory for it");

  self->pixels = pixels;
  return TRUE;
}

static void
xeno_texture_reader_finalize (GObject *object)
{
  XenoTextureReader *self = XENO_TEXTURE_READER (object);

  drop (self);
  if (self->pixels != NULL)
    munmap (self->pixels, self->size);
  if (self->fd >= 0)
    g_close (self->fd, NULL);

  G_OBJECT_CLASS (xeno_texture_reader_parent_class)->finalize (object);
}

static void
xeno_texture_reader_class_init (XenoTextureReaderClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = xeno_texture_reader_finalize;
}

static void
xeno_texture_reader_init (XenoTextureReader *self)
{
  self->fd = -1;
#if GTK_CHECK_VERSION (4, 14, 0)
  self->dmabuf = -1;
#endif
}

/**
 * xeno_texture_reader_new:
 * @fd: memory of a graphics processor, as a stranger gave it
 * @shape: what lies in it, as the stranger says
 * @error: (out) (optional): %G_IO_ERROR
 *
 * Returns: (transfer full) (nullable): what reads it, or %NULL where nothing here can
 */
XenoTextureReader *
xeno_texture_reader_new (int                      fd,
                         const XenoTextureShape  *shape,
                         GError                 **error)
{
  g_autoptr(XenoTextureReader) self = NULL;

  g_return_val_if_fail (shape != NULL, NULL);

  if (fd < 0 || !xeno_display_is_sane_texture (shape))
    {
      fail (error, "it cannot be like that");
      return NULL;
    }
  if (gdk_display_get_default () == NULL)
    {
      fail (error, "there is no display");
      return NULL;
    }

  self = g_object_new (XENO_TYPE_TEXTURE_READER, NULL);
  self->shape = *shape;
  if (!import (self, fd, error) || !make_memory (self, error))
    return NULL;

  read_pixels (self, 0, 0, shape->width, shape->height);
  return g_steal_pointer (&self);
}

/**
 * xeno_texture_reader_get_fd:
 * @self: a reader
 *
 * Returns: the memory it reads into, rows of x8r8g8b8 without padding; the reader's
 */
int
xeno_texture_reader_get_fd (XenoTextureReader *self)
{
  g_return_val_if_fail (XENO_IS_TEXTURE_READER (self), -1);

  return self->fd;
}

/**
 * xeno_texture_reader_read:
 * @self: a reader
 * @x: left edge
 * @y: upper edge, as rows lie
 * @width: in pixels
 * @height: in pixels
 *
 * Reads a part, as a stranger names it.
 *
 * Returns: whether there is such a part, and it could be read
 */
gboolean
xeno_texture_reader_read (XenoTextureReader *self,
                          guint              x,
                          guint              y,
                          guint              width,
                          guint              height)
{
  g_return_val_if_fail (XENO_IS_TEXTURE_READER (self), FALSE);

  if (width == 0 || height == 0 ||
      (guint64) x + width > self->shape.width || (guint64) y + height > self->shape.height)
    return FALSE;

  return read_pixels (self, x, y, width, height);
}
