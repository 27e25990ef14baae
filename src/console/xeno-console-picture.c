/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The guest's picture in the console: which part of the surface, where it stands, what of it changed. */
#include "config.h"

#include "console/xeno-console-private.h"

static const GdkRGBA black = { 0, 0, 0, 1 };

static gboolean
is_part (const XenoDisplayHead *head,
         XenoSurface           *surface)
{
  return head->width > 0 && head->height > 0 &&
         (guint64) head->x + head->width <= xeno_surface_get_width (surface) &&
         (guint64) head->y + head->height <= xeno_surface_get_height (surface);
}

/* The monitor of this number. The first one goes by 0, too. */
static const XenoDisplayHead *
find_head (XenoConsole *self)
{
  guint n_heads;
  const XenoDisplayHead *heads = xeno_console_backend_get_heads (self->backend, &n_heads);

  for (guint i = 0; i < n_heads; i++)
    if (heads[i].id == self->head)
      return &heads[i];
  return n_heads > 0 && self->head == 0 ? heads : NULL;
}

static XenoSurface *
find_surface (XenoConsole *self)
{
  XenoSurface *whole = self->backend != NULL ? xeno_console_backend_get_surface (self->backend) : NULL;
  const XenoDisplayHead *head;

  if (whole == NULL || !xeno_console_has_head (self))
    return NULL;

  head = find_head (self);
  if (head == NULL || !is_part (head, whole) ||
      (head->width == xeno_surface_get_width (whole) && head->height == xeno_surface_get_height (whole)))
    return xeno_surface_ref (whole);

  return xeno_surface_new_part (whole, head->x, head->y, head->width, head->height);
}

void
xeno_console_update_transform (XenoConsole *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  XenoTransform transform = { 0 };

  if (self->surface != NULL)
    {
      xeno_transform_init (&transform, self->scale_mode, xeno_surface_get_width (self->surface),
                           xeno_surface_get_height (self->surface), gtk_widget_get_width (widget),
                           gtk_widget_get_height (widget), gtk_widget_get_scale_factor (widget));
      xeno_surface_get_origin (self->surface, &transform.origin_x, &transform.origin_y);
    }
  if (xeno_transform_equal (&transform, &self->transform))
    return;

  self->transform = transform;
  xeno_console_update_cursor (self);
}

void
xeno_console_take_surface (XenoConsole *self)
{
  XenoSurface *surface = find_surface (self);

  g_clear_pointer (&self->surface, xeno_surface_unref);
  self->surface = surface;
  if (self->painter != NULL)
    xeno_painter_set_surface (self->painter, surface);
  if (self->direct != NULL)
    xeno_direct_set_surface (self->direct, surface);
  xeno_frame_reset (self->frame,
                    surface != NULL ? xeno_surface_get_width (surface) : 0,
                    surface != NULL ? xeno_surface_get_height (surface) : 0);
  xeno_console_update_transform (self);
  gtk_widget_queue_resize (GTK_WIDGET (self));
}

static gboolean
is_same (XenoSurface *a,
         XenoSurface *b)
{
  return a != NULL && b != NULL && xeno_surface_get_pixels (a) == xeno_surface_get_pixels (b) &&
         xeno_surface_get_width (a) == xeno_surface_get_width (b) &&
         xeno_surface_get_height (a) == xeno_surface_get_height (b);
}

/*
 * Shows what the monitor shows now. Most often it is another one that changed.
 */
void
xeno_console_update_head (XenoConsole *self)
{
  g_autoptr(XenoSurface) surface = find_surface (self);

  if (surface != self->surface && !is_same (surface, self->surface))
    xeno_console_take_surface (self);
}

/* Of the backend's surface; what another monitor shows is not this console's. */
static void
damage_cb (XenoConsole *self,
           int          x,
           int          y,
           int          width,
           int          height)
{
  int left, top, right, bottom;

  if (self->surface == NULL)
    return;

  left = MAX (x - (int) self->transform.origin_x, 0);
  top = MAX (y - (int) self->transform.origin_y, 0);
  right = MIN (x + width - (int) self->transform.origin_x, (int) xeno_surface_get_width (self->surface));
  bottom = MIN (y + height - (int) self->transform.origin_y, (int) xeno_surface_get_height (self->surface));
  if (left < right && top < bottom)
    xeno_frame_damage (self->frame, &(cairo_rectangle_int_t) { left, top, right - left, bottom - top });
}

static void
updated_cb (XenoConsole *self)
{
  xeno_frame_flush (self->frame);
}

static gboolean
show_directly (gpointer              data,
               const cairo_region_t *damage)
{
  XenoConsole *self = data;

  return self->direct != NULL && !xeno_console_draws_pointer (self) &&
         xeno_direct_show (self->direct, damage);
}

static void
painted_cb (XenoConsole *self)
{
  if (self->backend != NULL)
    xeno_console_backend_frame_done (self->backend);
}

static void
append_black (GtkSnapshot *snapshot,
              float        x,
              float        y,
              float        width,
              float        height)
{
  if (width > 0 && height > 0)
    gtk_snapshot_append_color (snapshot, &black, &GRAPHENE_RECT_INIT (x, y, width, height));
}

/* Only around the picture: what lies under it would be painted twice. */
static void
append_border (XenoConsole *self,
               GtkSnapshot *snapshot,
               float        width,
               float        height)
{
  const cairo_rectangle_int_t *area = &self->transform.area;
  float factor = self->transform.scale_factor;
  float left = area->x / factor;
  float top = area->y / factor;
  float right = (area->x + area->width) / factor;
  float bottom = (area->y + area->height) / factor;

  append_black (snapshot, 0, 0, width, top);
  append_black (snapshot, 0, bottom, width, height - bottom);
  append_black (snapshot, 0, top, left, bottom - top);
  append_black (snapshot, right, top, width - right, bottom - top);
}

void
xeno_console_snapshot (GtkWidget   *widget,
                       GtkSnapshot *snapshot)
{
  XenoConsole *self = XENO_CONSOLE (widget);
  int width = gtk_widget_get_width (widget);
  int height = gtk_widget_get_height (widget);
  cairo_region_t *damage = xeno_frame_begin (self->frame);

  xeno_painter_damage (self->painter, damage);
  cairo_region_destroy (damage);
  xeno_console_update_transform (self);
  if (self->transform.guest_width == 0)
    {
      append_black (snapshot, 0, 0, width, height);
      return;
    }

  append_border (self, snapshot, width, height);
  xeno_painter_snapshot (self->painter, snapshot, &self->transform);
  xeno_console_append_pointer (self, snapshot);
  if (self->direct != NULL)
    xeno_direct_follow (self->direct, &self->transform);
}

void
xeno_console_init_picture (XenoConsole *self)
{
  GSignalGroup *group = self->backend_signals;

  self->cursors = xeno_cursor_cache_new ();
  self->frame = xeno_frame_new (GTK_WIDGET (self));
  xeno_frame_set_show (self->frame, show_directly, self);
  g_signal_connect_swapped (self->frame, "painted", G_CALLBACK (painted_cb), self);

  g_signal_group_connect_swapped (group, "surface-changed", G_CALLBACK (xeno_console_take_surface), self);
  g_signal_group_connect_swapped (group, "heads-changed", G_CALLBACK (xeno_console_update_head), self);
  g_signal_group_connect_swapped (group, "damage", G_CALLBACK (damage_cb), self);
  g_signal_group_connect_swapped (group, "updated", G_CALLBACK (updated_cb), self);
}

void
xeno_console_realize_picture (XenoConsole *self)
{
  self->painter = xeno_painter_new_for_native (gtk_widget_get_native (GTK_WIDGET (self)));
  self->direct = xeno_direct_new (GTK_WIDGET (self));
  /* What was shown past GTK may have holes for a compositor that comes later. */
  self->composited_id = g_signal_connect_swapped (gtk_widget_get_display (GTK_WIDGET (self)), "notify::composited",
                                                  G_CALLBACK (xeno_console_take_surface), self);
  xeno_console_take_surface (self);
}

void
xeno_console_unrealize_picture (XenoConsole *self)
{
  g_clear_signal_handler (&self->composited_id, gtk_widget_get_display (GTK_WIDGET (self)));
  g_clear_pointer (&self->direct, xeno_direct_free);
  g_clear_object (&self->painter);
}

void
xeno_console_finalize_picture (XenoConsole *self)
{
  g_object_unref (self->frame);
  g_clear_pointer (&self->surface, xeno_surface_unref);
  g_clear_object (&self->drawn_shape);
  xeno_cursor_cache_free (self->cursors);
}

/**
 * xeno_console_has_head:
 * @self: a console
 *
 * Returns: whether the guest has the monitor that is to be shown
 */
gboolean
xeno_console_has_head (XenoConsole *self)
{
  guint n_heads = 0;

  g_return_val_if_fail (XENO_IS_CONSOLE (self), FALSE);

  if (self->head == 0 || self->head == XENO_ALL_HEADS || self->backend == NULL)
    return TRUE;

  xeno_console_backend_get_heads (self->backend, &n_heads);
  return n_heads > 0 && find_head (self) != NULL;
}

/**
 * xeno_console_take_screenshot:
 * @self: a console
 *
 * Copies the guest's screen, every pixel as the guest sent it, whatever the scale.
 *
 * Returns: (transfer full) (nullable): the picture, or %NULL while there is none
 */
GdkTexture *
xeno_console_take_screenshot (XenoConsole *self)
{
  XenoSurface *surface;
  g_autoptr(GBytes) bytes = NULL;
  guint width, height;
  guint32 *pixels;

  g_return_val_if_fail (XENO_IS_CONSOLE (self), NULL);

  surface = self->surface;
  if (surface == NULL)
    return NULL;

  width = xeno_surface_get_width (surface);
  height = xeno_surface_get_height (surface);
  pixels = g_new (guint32, (gsize) width * height);
  for (guint y = 0; y < height; y++)
    {
      const guint32 *row = (const guint32 *) (gconstpointer) (xeno_surface_get_pixels (surface) +
                                                              y * xeno_surface_get_stride (surface));

      for (guint x = 0; x < width; x++)
        pixels[(gsize) y * width + x] = row[x] | 0xff000000;
    }

  bytes = g_bytes_new_take (pixels, (gsize) width * height * sizeof *pixels);
  return gdk_memory_texture_new (width, height, GDK_MEMORY_DEFAULT, bytes, width * sizeof *pixels);
}
