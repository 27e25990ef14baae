/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The pointer's shape over the console: the guest's, as large as the guest is shown. */
#include "config.h"

#include <math.h>

#include "console/xeno-console-private.h"

#ifdef GDK_WINDOWING_X11
#include <gdk/x11/gdkx.h>
#endif

/* Display servers refuse larger pointers. */
#define MAX_SIZE 256

static gboolean
is_usable (const XenoCursorShape *shape)
{
  return shape != NULL && shape->rgba != NULL && shape->width > 0 && shape->height > 0 &&
         shape->width <= MAX_SIZE && shape->height <= MAX_SIZE &&
         g_bytes_get_size (shape->rgba) >= (gsize) shape->width * shape->height * 4;
}

static GdkTexture *
make_texture (const XenoCursorShape *shape)
{
  return gdk_memory_texture_new (shape->width, shape->height, GDK_MEMORY_R8G8B8A8, shape->rgba,
                                 shape->width * 4);
}

static GdkTexture *
scale_texture (GdkTexture *texture,
               int         width,
               int         height)
{
  int source_width = gdk_texture_get_width (texture);
  int source_height = gdk_texture_get_height (texture);
  cairo_surface_t *source, *target;
  g_autoptr(GBytes) bytes = NULL;
  cairo_t *cr;
  int stride;

  source = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, source_width, source_height);
  gdk_texture_download (texture, cairo_image_surface_get_data (source),
                        cairo_image_surface_get_stride (source));
  cairo_surface_mark_dirty (source);

  target = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, width, height);
  cr = cairo_create (target);
  cairo_scale (cr, (double) width / source_width, (double) height / source_height);
  cairo_set_source_surface (cr, source, 0, 0);
  if (width % source_width == 0 && height % source_height == 0)
    cairo_pattern_set_filter (cairo_get_source (cr), CAIRO_FILTER_NEAREST);
  cairo_paint (cr);
  cairo_destroy (cr);
  cairo_surface_flush (target);

  stride = cairo_image_surface_get_stride (target);
  bytes = g_bytes_new (cairo_image_surface_get_data (target), (gsize) stride * height);
  cairo_surface_destroy (source);
  cairo_surface_destroy (target);
  return gdk_memory_texture_new (width, height, GDK_MEMORY_DEFAULT, bytes, stride);
}

/* GDK takes a pointer's pixels for device pixels on X11, and for logical ones elsewhere. */
static int
get_pixels_per_pixel (XenoConsole *self)
{
#ifdef GDK_WINDOWING_X11
  G_GNUC_BEGIN_IGNORE_DEPRECATIONS
  if (GDK_IS_X11_DISPLAY (gtk_widget_get_display (GTK_WIDGET (self))))
    return 1;
  G_GNUC_END_IGNORE_DEPRECATIONS
#endif

  return self->transform.scale_factor;
}

static double
get_scale (XenoConsole           *self,
           const XenoCursorShape *shape)
{
  double scale = 1;

  if (self->transform.guest_width > 0)
    scale = xeno_transform_get_scale (&self->transform) / get_pixels_per_pixel (self);
  return MIN (scale, (double) MAX_SIZE / MAX (shape->width, shape->height));
}

static GdkCursor *
make_cursor (const XenoCursorShape *shape,
             double                 scale)
{
  int width = MAX (1, (int) round (shape->width * scale));
  int height = MAX (1, (int) round (shape->height * scale));
  g_autoptr(GdkTexture) texture = make_texture (shape);
  g_autoptr(GdkCursor) fallback = gdk_cursor_new_from_name ("default", NULL);

  if (width != (int) shape->width || height != (int) shape->height)
    {
      GdkTexture *scaled = scale_texture (texture, width, height);

      g_set_object (&texture, scaled);
      g_object_unref (scaled);
    }

  return gdk_cursor_new_from_texture (texture,
                                      CLAMP ((int) floor (shape->hot_x * scale), 0, width - 1),
                                      CLAMP ((int) floor (shape->hot_y * scale), 0, height - 1),
                                      fallback);
}

static void
show_shape (XenoConsole           *self,
            const XenoCursorShape *shape)
{
  double scale = get_scale (self, shape);
  GdkCursor *found = xeno_cursor_cache_find (self->cursors, shape, scale);
  g_autoptr(GdkCursor) cursor = found != NULL ? g_object_ref (found) : make_cursor (shape, scale);

  if (found == NULL)
    xeno_cursor_cache_add (self->cursors, shape, scale, cursor);
  gtk_widget_set_cursor (GTK_WIDGET (self), cursor);
}

/* The shape a relative pointer is drawn in, or NULL where there is none to draw. */
static const XenoCursorShape *
find_drawn_shape (XenoConsole *self,
                  int         *x,
                  int         *y)
{
  const XenoCursorShape *shape;

  if (self->backend == NULL || !xeno_console_backend_get_cursor_place (self->backend, x, y))
    return NULL;

  shape = xeno_console_backend_get_cursor (self->backend);
  return is_usable (shape) ? shape : NULL;
}

/*
 * Shows the guest's shape where input goes to the guest, and the arrow elsewhere. A relative pointer
 * has no place on the screen of its own: the guest draws it, or says where it is to be drawn.
 */
void
xeno_console_update_cursor (XenoConsole *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  const XenoCursorShape *shape = NULL;
  gboolean is_relative = self->backend != NULL && !xeno_console_backend_has_absolute_pointer (self->backend);

  if (self->drawn_shape != NULL || xeno_console_draws_pointer (self))
    gtk_widget_queue_draw (widget);
  g_clear_object (&self->drawn_shape);
  if (xeno_console_accepts_input (self))
    {
      shape = xeno_console_backend_get_cursor (self->backend);
      if ((shape != NULL && shape->rgba == NULL) || self->holds_pointer)
        {
          gtk_widget_set_cursor_from_name (widget, "none");
          return;
        }
    }

  if (!is_relative && is_usable (shape))
    show_shape (self, shape);
  else
    gtk_widget_set_cursor (widget, NULL);
}

/*
 * Whether a pointer is drawn over the picture.
 */
gboolean
xeno_console_draws_pointer (XenoConsole *self)
{
  int x, y;

  return find_drawn_shape (self, &x, &y) != NULL;
}

/*
 * Draws a relative pointer where the guest says it is.
 */
void
xeno_console_append_pointer (XenoConsole *self,
                             GtkSnapshot *snapshot)
{
  const XenoTransform *transform = &self->transform;
  double scale_x = (double) transform->area.width / transform->guest_width / transform->scale_factor;
  double scale_y = (double) transform->area.height / transform->guest_height / transform->scale_factor;
  const XenoCursorShape *shape;
  graphene_rect_t picture, bounds;
  int x, y;

  shape = find_drawn_shape (self, &x, &y);
  if (shape == NULL)
    return;

  if (self->drawn_shape == NULL)
    self->drawn_shape = make_texture (shape);
  graphene_rect_init (&picture, (double) transform->area.x / transform->scale_factor,
                      (double) transform->area.y / transform->scale_factor,
                      scale_x * transform->guest_width, scale_y * transform->guest_height);
  graphene_rect_init (&bounds, picture.origin.x + (x - (int) transform->origin_x - shape->hot_x) * scale_x,
                      picture.origin.y + (y - (int) transform->origin_y - shape->hot_y) * scale_y,
                      shape->width * scale_x, shape->height * scale_y);
  gtk_snapshot_push_clip (snapshot, &picture);
  gtk_snapshot_append_texture (snapshot, self->drawn_shape, &bounds);
  gtk_snapshot_pop (snapshot);
}
