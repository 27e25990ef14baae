/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Keeps the memory shared with an X server warm between frames.
 *
 * GTK's cairo renderer sends each frame through a shared memory segment that cairo frees as soon as
 * nothing in it is used: every frame attaches a new one and faults in all its pages, which is more
 * than half of what a frame costs. A small surface that stays allocated in the segment keeps it. */
#include "config.h"

#include <gdk/gdk.h>
#ifdef GDK_WINDOWING_X11
#include <cairo-xlib.h>
#include <gdk/x11/gdkx.h>
#endif

#include "console/xeno-upload-pool.h"

#define KEEPER_SIZE 64

struct _XenoUploadPool
{
  cairo_surface_t *keeper;
};

#ifdef GDK_WINDOWING_X11
G_GNUC_BEGIN_IGNORE_DEPRECATIONS
static cairo_surface_t *
make_keeper (GdkDisplay *display,
             int         width,
             int         height)
{
  Display *xdisplay = gdk_x11_display_get_xdisplay (display);
  int screen = DefaultScreen (xdisplay);
  cairo_surface_t *window, *frame, *keeper;

  window = cairo_xlib_surface_create (xdisplay, RootWindow (xdisplay, screen),
                                      DefaultVisual (xdisplay, screen), 1, 1);
  /* Cairo makes a segment several times as large as the first surface that needs it. */
  frame = cairo_surface_create_similar_image (window, CAIRO_FORMAT_RGB24, width, height);
  keeper = cairo_surface_create_similar_image (window, CAIRO_FORMAT_RGB24, KEEPER_SIZE, KEEPER_SIZE);
  cairo_surface_destroy (frame);
  cairo_surface_destroy (window);
  return keeper;
}
G_GNUC_END_IGNORE_DEPRECATIONS
#endif

/**
 * xeno_upload_pool_new:
 * @display: a display
 * @width: the largest width of a frame to come, in device pixels
 * @height: the largest height of a frame to come, in device pixels
 *
 * Has cairo keep the segment for frames of that size. Does nothing where frames do not go to an X
 * server.
 *
 * Returns: (transfer full): what keeps it
 */
XenoUploadPool *
xeno_upload_pool_new (GdkDisplay *display,
                      int         width,
                      int         height)
{
  XenoUploadPool *self;

  g_return_val_if_fail (GDK_IS_DISPLAY (display), NULL);
  g_return_val_if_fail (width > 0 && height > 0, NULL);

  self = g_new0 (XenoUploadPool, 1);
#ifdef GDK_WINDOWING_X11
  G_GNUC_BEGIN_IGNORE_DEPRECATIONS
  if (GDK_IS_X11_DISPLAY (display))
    self->keeper = make_keeper (display, width, height);
  G_GNUC_END_IGNORE_DEPRECATIONS
#endif
  return self;
}

/**
 * xeno_upload_pool_free:
 * @self: (transfer full): what keeps a segment
 *
 * Lets cairo free the segment.
 */
void
xeno_upload_pool_free (XenoUploadPool *self)
{
  g_return_if_fail (self != NULL);

  g_clear_pointer (&self->keeper, cairo_surface_destroy);
  g_free (self);
}
