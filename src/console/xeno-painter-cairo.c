/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Paints the guest with cairo, in retained nodes, one for each tile of the widget.
 *
 * A node that stays the same object is no damage to GSK, so a small change repaints one tile. The
 * tiles divide the widget, not the guest: each samples the whole surface, and no seam shows at any
 * scale. For GSK's cairo renderer a tile is a cairo node on the surface's live memory: nothing is
 * copied before it is painted. Other renderers would paint such a node anew for each frame; for
 * them it is a texture, which they keep on the graphics processor. */
#include "config.h"

#include <gsk/gsk.h>

#include "console/xeno-painter-cairo.h"
#include "console/xeno-upload-pool.h"

#define TILE_SIZE        128
#define LARGE_TILE_SIZE  256
#define LARGE_AREA       (8 * 1000 * 1000)

/* Below this scale two samples in each direction skip pixels of the guest. */
#define AVERAGING_SCALE  0.5

struct _XenoPainterCairo
{
  XenoPainter      parent_instance;

  GdkDisplay      *display;
  gboolean         makes_textures;
  XenoUploadPool  *pool;
  gint64           pool_area;
  cairo_surface_t *image;
  XenoTransform    transform;
  GskRenderNode  **tiles;
  int              tile_size;
  int              n_columns;
  int              n_rows;
  guint            n_repaints;
};

G_DEFINE_FINAL_TYPE (XenoPainterCairo, xeno_painter_cairo, XENO_TYPE_PAINTER)

static const cairo_user_data_key_t surface_key;

static void
clear_tiles (XenoPainterCairo *self)
{
  for (int i = 0; i < self->n_columns * self->n_rows; i++)
    g_clear_pointer (&self->tiles[i], gsk_render_node_unref);
}

static void
free_tiles (XenoPainterCairo *self)
{
  clear_tiles (self);
  g_clear_pointer (&self->tiles, g_free);
  self->n_columns = 0;
  self->n_rows = 0;
}

static void
grow_pool (XenoPainterCairo            *self,
           const cairo_rectangle_int_t *area)
{
  gint64 size = (gint64) area->width * area->height;

  if (self->makes_textures || size <= self->pool_area)
    return;

  g_clear_pointer (&self->pool, xeno_upload_pool_free);
  self->pool = xeno_upload_pool_new (self->display, area->width, area->height);
  self->pool_area = size;
}

static void
lay_tiles (XenoPainterCairo    *self,
           const XenoTransform *transform)
{
  const cairo_rectangle_int_t *area = &transform->area;

  free_tiles (self);
  grow_pool (self, area);
  self->transform = *transform;
  self->tile_size = (gint64) area->width * area->height > LARGE_AREA ? LARGE_TILE_SIZE : TILE_SIZE;
  self->n_columns = (area->width + self->tile_size - 1) / self->tile_size;
  self->n_rows = (area->height + self->tile_size - 1) / self->tile_size;
  self->tiles = g_new0 (GskRenderNode *, self->n_columns * self->n_rows);
}

static cairo_filter_t
choose_filter (const XenoTransform *transform)
{
  if (xeno_transform_is_integer (transform))
    return CAIRO_FILTER_NEAREST;

  return xeno_transform_get_scale (transform) < AVERAGING_SCALE ? CAIRO_FILTER_GOOD
                                                                : CAIRO_FILTER_BILINEAR;
}

/* @tile is in device pixels from the corner of the picture; the context begins at its own. */
static void
draw_tile (XenoPainterCairo            *self,
           cairo_t                     *cr,
           const cairo_rectangle_int_t *tile)
{
  const XenoTransform *transform = &self->transform;

  cairo_rectangle (cr, 0, 0, tile->width, tile->height);
  cairo_clip (cr);
  cairo_translate (cr, -tile->x, -tile->y);
  cairo_scale (cr,
               (double) transform->area.width / transform->guest_width,
               (double) transform->area.height / transform->guest_height);
  cairo_set_source_surface (cr, self->image, 0, 0);
  cairo_pattern_set_extend (cairo_get_source (cr), CAIRO_EXTEND_PAD);
  cairo_pattern_set_filter (cairo_get_source (cr), choose_filter (transform));
  cairo_set_operator (cr, CAIRO_OPERATOR_SOURCE);
  cairo_paint (cr);
}

static GskRenderNode *
make_cairo_node (XenoPainterCairo            *self,
                 const graphene_rect_t       *bounds,
                 const cairo_rectangle_int_t *tile)
{
  GskRenderNode *node = gsk_cairo_node_new (bounds);
  cairo_t *cr = gsk_cairo_node_get_draw_context (node);
  double factor = self->transform.scale_factor;

  cairo_translate (cr, bounds->origin.x, bounds->origin.y);
  cairo_scale (cr, 1 / factor, 1 / factor);
  draw_tile (self, cr, tile);
  cairo_destroy (cr);
  return node;
}

static GskRenderNode *
make_texture_node (XenoPainterCairo            *self,
                   const graphene_rect_t       *bounds,
                   const cairo_rectangle_int_t *tile)
{
  cairo_surface_t *target = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, tile->width, tile->height);
  cairo_t *cr = cairo_create (target);
  g_autoptr(GBytes) bytes = NULL;
  g_autoptr(GdkTexture) texture = NULL;
  int stride = cairo_image_surface_get_stride (target);

  draw_tile (self, cr, tile);
  cairo_destroy (cr);
  cairo_surface_flush (target);
  bytes = g_bytes_new_with_free_func (cairo_image_surface_get_data (target),
                                      (gsize) stride * tile->height,
                                      (GDestroyNotify) cairo_surface_destroy, target);
  texture = gdk_memory_texture_new (tile->width, tile->height, GDK_MEMORY_DEFAULT, bytes, stride);
  return gsk_texture_node_new (texture, bounds);
}

static GskRenderNode *
make_tile (XenoPainterCairo *self,
           int               column,
           int               row)
{
  const cairo_rectangle_int_t *area = &self->transform.area;
  float factor = self->transform.scale_factor;
  cairo_rectangle_int_t tile;
  graphene_rect_t bounds;

  tile.x = column * self->tile_size;
  tile.y = row * self->tile_size;
  tile.width = MIN (self->tile_size, area->width - tile.x);
  tile.height = MIN (self->tile_size, area->height - tile.y);
  graphene_rect_init (&bounds, (area->x + tile.x) / factor, (area->y + tile.y) / factor,
                      tile.width / factor, tile.height / factor);

  self->n_repaints++;
  return self->makes_textures ? make_texture_node (self, &bounds, &tile)
                              : make_cairo_node (self, &bounds, &tile);
}

static void
drop_tiles (XenoPainterCairo            *self,
            const cairo_rectangle_int_t *guest)
{
  cairo_rectangle_int_t device;
  int last_column, last_row;

  xeno_transform_to_device (&self->transform, guest, &device);
  if (device.width <= 0 || device.height <= 0)
    return;

  last_column = MIN ((device.x + device.width - 1) / self->tile_size, self->n_columns - 1);
  last_row = MIN ((device.y + device.height - 1) / self->tile_size, self->n_rows - 1);
  for (int row = device.y / self->tile_size; row <= last_row; row++)
    for (int column = device.x / self->tile_size; column <= last_column; column++)
      g_clear_pointer (&self->tiles[row * self->n_columns + column], gsk_render_node_unref);
}

static void
xeno_painter_cairo_set_surface (XenoPainter *painter,
                                XenoSurface *surface)
{
  XenoPainterCairo *self = XENO_PAINTER_CAIRO (painter);

  free_tiles (self);
  memset (&self->transform, 0, sizeof self->transform);
  g_clear_pointer (&self->image, cairo_surface_destroy);
  if (surface == NULL)
    return;

  self->image = cairo_image_surface_create_for_data ((guchar *) xeno_surface_get_pixels (surface),
                                                     CAIRO_FORMAT_RGB24,
                                                     xeno_surface_get_width (surface),
                                                     xeno_surface_get_height (surface),
                                                     xeno_surface_get_stride (surface));
  cairo_surface_set_user_data (self->image, &surface_key, xeno_surface_ref (surface),
                               (cairo_destroy_func_t) xeno_surface_unref);
}

static void
xeno_painter_cairo_damage (XenoPainter          *painter,
                           const cairo_region_t *region)
{
  XenoPainterCairo *self = XENO_PAINTER_CAIRO (painter);

  if (self->tiles == NULL)
    return;

  for (int i = 0; i < cairo_region_num_rectangles (region); i++)
    {
      cairo_rectangle_int_t rectangle;

      cairo_region_get_rectangle (region, i, &rectangle);
      drop_tiles (self, &rectangle);
    }
}

static void
xeno_painter_cairo_snapshot (XenoPainter         *painter,
                             GtkSnapshot         *snapshot,
                             const XenoTransform *transform)
{
  XenoPainterCairo *self = XENO_PAINTER_CAIRO (painter);

  if (self->image == NULL)
    return;

  if (self->tiles == NULL || !xeno_transform_equal (transform, &self->transform))
    lay_tiles (self, transform);

  for (int row = 0; row < self->n_rows; row++)
    for (int column = 0; column < self->n_columns; column++)
      {
        GskRenderNode **tile = &self->tiles[row * self->n_columns + column];

        if (*tile == NULL)
          *tile = make_tile (self, column, row);
        gtk_snapshot_append_node (snapshot, *tile);
      }
}

static void
xeno_painter_cairo_finalize (GObject *object)
{
  XenoPainterCairo *self = XENO_PAINTER_CAIRO (object);

  free_tiles (self);
  g_clear_pointer (&self->image, cairo_surface_destroy);
  g_clear_pointer (&self->pool, xeno_upload_pool_free);
  g_object_unref (self->display);

  G_OBJECT_CLASS (xeno_painter_cairo_parent_class)->finalize (object);
}

static void
xeno_painter_cairo_class_init (XenoPainterCairoClass *klass)
{
  XenoPainterClass *painter_class = XENO_PAINTER_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = xeno_painter_cairo_finalize;
  painter_class->set_surface = xeno_painter_cairo_set_surface;
  painter_class->damage = xeno_painter_cairo_damage;
  painter_class->snapshot = xeno_painter_cairo_snapshot;
}

static void
xeno_painter_cairo_init (XenoPainterCairo *self)
{
}

/**
 * xeno_painter_cairo_new:
 * @display: the display it paints on
 * @renderer: what will draw its nodes
 *
 * Returns: (transfer full): a painter that suits @renderer
 */
XenoPainter *
xeno_painter_cairo_new (GdkDisplay  *display,
                        GskRenderer *renderer)
{
  XenoPainterCairo *self;

  g_return_val_if_fail (GDK_IS_DISPLAY (display), NULL);
  g_return_val_if_fail (GSK_IS_RENDERER (renderer), NULL);

  self = g_object_new (XENO_TYPE_PAINTER_CAIRO, NULL);
  self->display = g_object_ref (display);
  self->makes_textures = !GSK_IS_CAIRO_RENDERER (renderer);
  return XENO_PAINTER (self);
}

/**
 * xeno_painter_cairo_get_repaints:
 * @self: a painter
 *
 * Returns: how many tiles were made so far
 */
guint
xeno_painter_cairo_get_repaints (XenoPainterCairo *self)
{
  g_return_val_if_fail (XENO_IS_PAINTER_CAIRO (self), 0);

  return self->n_repaints;
}
