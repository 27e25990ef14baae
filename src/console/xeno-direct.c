/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Shows what changed past GTK, where the X server can read the guest's frame by itself.
 *
 * GTK's cairo renderer composes a frame in this process and hands it to the X server, which copies it
 * to the window. A guest that is shown pixel by pixel needs no composing: the server maps the frame's
 * memory too, and one small request has it copy what changed. GTK knows nothing of it and need not:
 * its nodes paint from the same memory whenever it paints. */
#include "config.h"

#include <fcntl.h>

#include "console/xeno-direct.h"
#include "console/xeno-exposure.h"

#ifdef XENO_WITH_X11
#include <X11/Xlib-xcb.h>
#include <gdk/x11/gdkx.h>
#include <xcb/shm.h>

/* Passing memory by descriptor came with this version of the extension. */
#define SHM_MAJOR 1
#define SHM_MINOR 2

#define COLOURS 0x00ffffff

struct _XenoDirect
{
  GtkWidget            *widget; /* the owner */
  GdkFrameClock        *clock;
  gulong                after_paint_id;
  xcb_connection_t     *connection;
  xcb_window_t          window;
  guint8                depth;
  xcb_gcontext_t        gc;
  xcb_gcontext_t        colours_gc; /* leaves transparency as it is, at half the speed */
  XenoSurface          *surface; /* part or all of … */
  XenoSurface          *memory;  /* … what the server has mapped as … */
  xcb_shm_seg_t         segment;
  XenoTransform         transform;
  cairo_rectangle_int_t area;
  gboolean              is_stale; /* GTK has painted since, and may have put something over it */
  gboolean              is_exposed;
  guint                 n_shown;
};

static gboolean
has_shared_memory (xcb_connection_t *connection)
{
  const xcb_query_extension_reply_t *extension = xcb_get_extension_data (connection, &xcb_shm_id);
  xcb_shm_query_version_reply_t *version;
  gboolean is_new;

  if (extension == NULL || !extension->present)
    return FALSE;

  version = xcb_shm_query_version_reply (connection, xcb_shm_query_version (connection), NULL);
  is_new = version != NULL && (version->major_version > SHM_MAJOR ||
                               (version->major_version == SHM_MAJOR && version->minor_version >= SHM_MINOR));
  free (version);
  return is_new;
}

static guint8
get_depth (xcb_connection_t *connection,
           xcb_window_t      window)
{
  xcb_get_geometry_reply_t *geometry;
  guint8 depth;

  geometry = xcb_get_geometry_reply (connection, xcb_get_geometry (connection, window), NULL);
  depth = geometry != NULL ? geometry->depth : 0;
  free (geometry);
  return depth;
}

static gboolean
is_done (xcb_connection_t  *connection,
         xcb_void_cookie_t  cookie)
{
  xcb_generic_error_t *error = xcb_request_check (connection, cookie);
  gboolean is_fine = error == NULL;

  free (error);
  return is_fine;
}

static void
detach (XenoDirect *self)
{
  if (self->segment != XCB_NONE)
    xcb_shm_detach (self->connection, self->segment);
  self->segment = XCB_NONE;
  g_clear_pointer (&self->memory, xeno_surface_unref);
}

/* A server in another place cannot map the memory, and says so. */
static void
attach (XenoDirect  *self,
        XenoSurface *memory)
{
  int fd = xeno_surface_get_fd (memory);

  fd = fd >= 0 ? fcntl (fd, F_DUPFD_CLOEXEC, 0) : -1;
  if (fd < 0)
    return;

  self->segment = xcb_generate_id (self->connection);
  if (is_done (self->connection, xcb_shm_attach_fd_checked (self->connection, self->segment, fd, TRUE)))
    self->memory = xeno_surface_ref (memory);
  else
    self->segment = XCB_NONE;
}

static void
after_paint_cb (XenoDirect *self)
{
  self->is_stale = TRUE;
}

static gboolean
is_exposed (XenoDirect *self)
{
  if (self->is_stale)
    {
      self->is_stale = FALSE;
      self->is_exposed = xeno_exposure_find (self->widget, &self->area);
    }
  return self->is_exposed;
}

static gboolean
is_one_to_one (const XenoTransform *transform)
{
  return transform->guest_width > 0 && transform->area.width == (int) transform->guest_width &&
         transform->area.height == (int) transform->guest_height;
}

static gboolean
fits (XenoDirect *self)
{
  const cairo_rectangle_int_t *picture = &self->transform.area;

  return is_one_to_one (&self->transform) && is_exposed (self) &&
         picture->x >= 0 && picture->x + picture->width <= self->area.width &&
         picture->y >= 0 && picture->y + picture->height <= self->area.height;
}

/* The unused byte of the guest's pixels must not make holes where somebody looks at it. */
static xcb_gcontext_t
choose_gc (XenoDirect *self)
{
  return self->depth == 32 && gdk_display_is_composited (gtk_widget_get_display (self->widget))
           ? self->colours_gc : self->gc;
}

/* An error would be the application's end. There is none that this request could not do without. */
static void
put (XenoDirect                  *self,
     const cairo_rectangle_int_t *part)
{
  xcb_void_cookie_t cookie;
  guint x, y;

  xeno_surface_get_origin (self->surface, &x, &y);
  cookie = xcb_shm_put_image_checked (self->connection, self->window, choose_gc (self),
                                      xeno_surface_get_stride (self->memory) / 4,
                                      xeno_surface_get_height (self->memory),
                                      x + part->x, y + part->y, part->width, part->height,
                                      self->area.x + self->transform.area.x + part->x,
                                      self->area.y + self->transform.area.y + part->y,
                                      self->depth, XCB_IMAGE_FORMAT_Z_PIXMAP, FALSE, self->segment, 0);
  xcb_discard_reply (self->connection, cookie.sequence);
}

G_GNUC_BEGIN_IGNORE_DEPRECATIONS
static XenoDirect *
make_for_window (GtkWidget  *widget,
                 GdkSurface *surface)
{
  XenoDirect *self;
  guint32 colours = COLOURS;
  xcb_connection_t *connection =
    XGetXCBConnection (gdk_x11_display_get_xdisplay (gdk_surface_get_display (surface)));
  xcb_window_t window = gdk_x11_surface_get_xid (surface);
  guint8 depth = get_depth (connection, window);

  if ((depth != 24 && depth != 32) || !has_shared_memory (connection))
    return NULL;

  self = g_new0 (XenoDirect, 1);
  self->widget = widget;
  self->connection = connection;
  self->window = window;
  self->depth = depth;
  self->is_stale = TRUE;

  self->gc = xcb_generate_id (connection);
  self->colours_gc = xcb_generate_id (connection);
  xcb_create_gc (connection, self->gc, window, 0, NULL);
  xcb_create_gc (connection, self->colours_gc, window, XCB_GC_PLANE_MASK, &colours);
  self->clock = g_object_ref (gtk_widget_get_frame_clock (widget));
  self->after_paint_id = g_signal_connect_swapped (self->clock, "after-paint", G_CALLBACK (after_paint_cb),
                                                   self);
  return self;
}

/**
 * xeno_direct_new:
 * @widget: a realized widget, which owns what is made here
 *
 * Returns: (transfer full) (nullable): a short way to the screen, where there is one
 */
XenoDirect *
xeno_direct_new (GtkWidget *widget)
{
  GtkNative *native;

  g_return_val_if_fail (GTK_IS_WIDGET (widget), NULL);

  native = gtk_widget_get_native (widget);
  if (!GSK_IS_CAIRO_RENDERER (gtk_native_get_renderer (native)) ||
      !GDK_IS_X11_SURFACE (gtk_native_get_surface (native)))
    return NULL;

  return make_for_window (widget, gtk_native_get_surface (native));
}
G_GNUC_END_IGNORE_DEPRECATIONS

/**
 * xeno_direct_free:
 * @self: (transfer full): a way to the screen
 */
void
xeno_direct_free (XenoDirect *self)
{
  g_return_if_fail (self != NULL);

  detach (self);
  g_clear_pointer (&self->surface, xeno_surface_unref);
  xcb_free_gc (self->connection, self->gc);
  xcb_free_gc (self->connection, self->colours_gc);
  g_clear_signal_handler (&self->after_paint_id, self->clock);
  g_object_unref (self->clock);
  g_free (self);
}

/**
 * xeno_direct_set_surface:
 * @self: a way to the screen
 * @surface: (nullable): the frame to show
 *
 * GTK has to paint it once before any part of it can be shown.
 */
void
xeno_direct_set_surface (XenoDirect  *self,
                         XenoSurface *surface)
{
  g_return_if_fail (self != NULL);

  memset (&self->transform, 0, sizeof self->transform);
  g_clear_pointer (&self->surface, xeno_surface_unref);
  if (surface == NULL || xeno_surface_get_whole (surface) != self->memory)
    detach (self);
  if (surface == NULL)
    return;

  self->surface = xeno_surface_ref (surface);
  if (self->memory == NULL)
    attach (self, xeno_surface_get_whole (surface));
}

/**
 * xeno_direct_follow:
 * @self: a way to the screen
 * @transform: where GTK paints the picture
 */
void
xeno_direct_follow (XenoDirect          *self,
                    const XenoTransform *transform)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (transform != NULL);

  self->transform = *transform;
}

/**
 * xeno_direct_show:
 * @self: a way to the screen
 * @damage: pixels of the guest
 *
 * Shows them, if they stand pixel by pixel where nothing is over them.
 *
 * Returns: whether they are shown
 */
gboolean
xeno_direct_show (XenoDirect           *self,
                  const cairo_region_t *damage)
{
  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (damage != NULL, FALSE);

  if (self->memory == NULL || !fits (self))
    return FALSE;

  for (int i = 0; i < cairo_region_num_rectangles (damage); i++)
    {
      cairo_rectangle_int_t part;

      cairo_region_get_rectangle (damage, i, &part);
      put (self, &part);
    }
  xcb_flush (self->connection);
  self->n_shown++;
  return TRUE;
}

/**
 * xeno_direct_get_shown:
 * @self: a way to the screen
 *
 * Returns: how many changes went it so far
 */
guint
xeno_direct_get_shown (XenoDirect *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->n_shown;
}

#else

XenoDirect *
xeno_direct_new (GtkWidget *widget)
{
  return NULL;
}

void
xeno_direct_free (XenoDirect *self)
{
}

void
xeno_direct_set_surface (XenoDirect  *self,
                         XenoSurface *surface)
{
}

void
xeno_direct_follow (XenoDirect          *self,
                    const XenoTransform *transform)
{
}

gboolean
xeno_direct_show (XenoDirect           *self,
                  const cairo_region_t *damage)
{
  return FALSE;
}

guint
xeno_direct_get_shown (XenoDirect *self)
{
  return 0;
}

#endif
