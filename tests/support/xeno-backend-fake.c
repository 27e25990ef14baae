/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A console backend without a guest: a test paints its frames and reads its input. */
#include "config.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "xeno-backend-fake.h"

struct _XenoBackendFake
{
  XenoConsoleBackend  parent_instance;
  guchar             *pixels;
  gboolean            is_shared;
  GString            *input;
  guint               frames_done;
  guint               locks;
  guint               keyval;
};

G_DEFINE_FINAL_TYPE (XenoBackendFake, xeno_backend_fake, XENO_TYPE_CONSOLE_BACKEND)

enum
{
  FRAME_DONE,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
xeno_backend_fake_start (XenoConsoleBackend *backend)
{
  if (xeno_console_backend_get_surface (backend) == NULL)
    xeno_backend_fake_resize (XENO_BACKEND_FAKE (backend), 640, 480);
  xeno_console_backend_set_state (backend, XENO_CONSOLE_LIVE, NULL);
}

static void
xeno_backend_fake_stop (XenoConsoleBackend *backend)
{
  xeno_console_backend_set_state (backend, XENO_CONSOLE_CLOSED, NULL);
}

static void
xeno_backend_fake_key (XenoConsoleBackend *backend,
                       guint               qnum,
                       guint               keyval,
                       gboolean            pressed)
{
  XENO_BACKEND_FAKE (backend)->keyval = keyval;
  g_string_append_printf (XENO_BACKEND_FAKE (backend)->input, "key %02x %s\n",
                          qnum, pressed ? "down" : "up");
}

static void
xeno_backend_fake_pointer_moved (XenoConsoleBackend *backend,
                                 guint               x,
                                 guint               y)
{
  g_string_append_printf (XENO_BACKEND_FAKE (backend)->input, "at %u %u\n", x, y);
}

static void
xeno_backend_fake_pointer_moved_by (XenoConsoleBackend *backend,
                                    int                 dx,
                                    int                 dy)
{
  g_string_append_printf (XENO_BACKEND_FAKE (backend)->input, "by %d %d\n", dx, dy);
}

static void
xeno_backend_fake_button (XenoConsoleBackend *backend,
                          guint               button,
                          gboolean            pressed)
{
  g_string_append_printf (XENO_BACKEND_FAKE (backend)->input, "button %u %s\n",
                          button, pressed ? "down" : "up");
}

static void
xeno_backend_fake_wheel (XenoConsoleBackend *backend,
                         int                 dx,
                         int                 dy)
{
  g_string_append_printf (XENO_BACKEND_FAKE (backend)->input, "wheel %d %d\n", dx, dy);
}

static void
xeno_backend_fake_set_locks (XenoConsoleBackend *backend,
                             guint               locks)
{
  XENO_BACKEND_FAKE (backend)->locks = locks;
}

static void
xeno_backend_fake_frame_done (XenoConsoleBackend *backend)
{
  XENO_BACKEND_FAKE (backend)->frames_done++;
  g_signal_emit (backend, signals[FRAME_DONE], 0);
}

static void
xeno_backend_fake_finalize (GObject *object)
{
  g_string_free (XENO_BACKEND_FAKE (object)->input, TRUE);

  G_OBJECT_CLASS (xeno_backend_fake_parent_class)->finalize (object);
}

static void
xeno_backend_fake_class_init (XenoBackendFakeClass *klass)
{
  XenoConsoleBackendClass *backend_class = XENO_CONSOLE_BACKEND_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = xeno_backend_fake_finalize;
  backend_class->start = xeno_backend_fake_start;
  backend_class->stop = xeno_backend_fake_stop;
  backend_class->key = xeno_backend_fake_key;
  backend_class->pointer_moved = xeno_backend_fake_pointer_moved;
  backend_class->pointer_moved_by = xeno_backend_fake_pointer_moved_by;
  backend_class->button = xeno_backend_fake_button;
  backend_class->wheel = xeno_backend_fake_wheel;
  backend_class->frame_done = xeno_backend_fake_frame_done;

  signals[FRAME_DONE] =
    g_signal_new ("frame-done", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                  0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  backend_class->set_locks = xeno_backend_fake_set_locks;
}

static void
xeno_backend_fake_init (XenoBackendFake *self)
{
  self->input = g_string_new (NULL);
}

/**
 * xeno_backend_fake_new:
 *
 * Makes a backend that is live with a black 640 x 480 frame as soon as it is started. Every other
 * state, cursor and mode is set on it with the functions for implementations.
 *
 * Returns: (transfer full): the backend
 */
XenoConsoleBackend *
xeno_backend_fake_new (void)
{
  return g_object_new (XENO_TYPE_BACKEND_FAKE, NULL);
}

typedef struct
{
  gpointer address;
  gsize    size;
} Mapping;

static void
unmap (gpointer data)
{
  g_autofree Mapping *mapping = data;

  munmap (mapping->address, mapping->size);
}

static XenoSurface *
make_shared_surface (XenoBackendFake *self,
                     guint            width,
                     guint            height,
                     gsize            stride)
{
  Mapping *mapping = g_new (Mapping, 1);
  int fd = memfd_create ("fake", MFD_CLOEXEC | MFD_ALLOW_SEALING);
  XenoSurface *surface;

  mapping->size = stride * height;
  if (fd < 0 || ftruncate (fd, mapping->size) != 0 || fcntl (fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW) != 0)
    g_error ("no memory");
  mapping->address = mmap (NULL, mapping->size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  if (mapping->address == MAP_FAILED)
    g_error ("no memory");

  self->pixels = mapping->address;
  surface = xeno_surface_new (width, height, stride, self->pixels, unmap, mapping);
  xeno_surface_take_fd (surface, fd);
  return surface;
}

static XenoSurface *
make_surface (XenoBackendFake *self,
              guint            width,
              guint            height,
              gsize            stride)
{
  self->pixels = g_malloc0_n (height, stride);
  return xeno_surface_new (width, height, stride, self->pixels, g_free, self->pixels);
}

/**
 * xeno_backend_fake_set_shared:
 * @self: a fake
 * @shared: whether others can map the surfaces to come, as they can a decoder's
 */
void
xeno_backend_fake_set_shared (XenoBackendFake *self,
                              gboolean         shared)
{
  self->is_shared = shared;
}

/**
 * xeno_backend_fake_resize:
 * @self: a fake
 * @width: in pixels
 * @height: in pixels
 *
 * Puts up another surface, black. Its stride is 64 bytes wider than it need be.
 */
void
xeno_backend_fake_resize (XenoBackendFake *self,
                          guint            width,
                          guint            height)
{
  gsize stride = 4 * (gsize) width + 64;
  g_autoptr (XenoSurface) surface = NULL;

  surface = self->is_shared ? make_shared_surface (self, width, height, stride)
                            : make_surface (self, width, height, stride);
  xeno_console_backend_set_surface (XENO_CONSOLE_BACKEND (self), surface);
}

/**
 * xeno_backend_fake_fill:
 * @self: a fake
 * @x: the left edge
 * @y: the upper edge
 * @width: in pixels
 * @height: in pixels
 * @pixel: what to fill the rectangle with, unused byte included
 *
 * Paints a rectangle inside the surface, and says so.
 */
void
xeno_backend_fake_fill (XenoBackendFake *self,
                        int              x,
                        int              y,
                        int              width,
                        int              height,
                        guint32          pixel)
{
  XenoConsoleBackend *backend = XENO_CONSOLE_BACKEND (self);
  gsize stride = xeno_surface_get_stride (xeno_console_backend_get_surface (backend));

  for (int row = y; row < y + height; row++)
    {
      guint32 *line = (gpointer) (self->pixels + row * stride);

      for (int column = x; column < x + width; column++)
        line[column] = pixel;
    }
  xeno_console_backend_damage (backend, x, y, width, height);
  xeno_console_backend_end_update (backend);
}

/**
 * xeno_backend_fake_get_pixels:
 * @self: a fake
 *
 * Returns: (transfer none): the memory of the present surface, to paint into
 */
guchar *
xeno_backend_fake_get_pixels (XenoBackendFake *self)
{
  return self->pixels;
}

/**
 * xeno_backend_fake_take_input:
 * @self: a fake
 *
 * Takes what was sent since the last call, an event a line: "key 1e down", "at 10 20", "by -1 2",
 * "button 1 up", "wheel 0 1".
 *
 * Returns: (transfer full): the events
 */
char *
xeno_backend_fake_take_input (XenoBackendFake *self)
{
  char *input = g_strdup (self->input->str);

  g_string_truncate (self->input, 0);
  return input;
}

/**
 * xeno_backend_fake_get_frames_done:
 * @self: a fake
 *
 * Returns: how often the painter has said that it is done
 */
guint
xeno_backend_fake_get_frames_done (XenoBackendFake *self)
{
  return self->frames_done;
}

/**
 * xeno_backend_fake_get_locks:
 * @self: a fake
 *
 * Returns: how it was told last that the person's lock keys stand
 */
guint
xeno_backend_fake_get_locks (XenoBackendFake *self)
{
  return self->locks;
}

/**
 * xeno_backend_fake_get_keyval:
 * @self: a fake
 *
 * Returns: what the last key meant
 */
guint
xeno_backend_fake_get_keyval (XenoBackendFake *self)
{
  return self->keyval;
}
