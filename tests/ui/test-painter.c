/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Each painter's picture against one computed here, pixel by pixel. */
#include "config.h"

#include <gtk/gtk.h>
#include <math.h>
#include <stdlib.h>

#include "console/xeno-painter-cairo.h"
#include "console/xeno-painter-gl.h"
#include "support/golden-picture.h"
#include "support/xeno-test.h"

#define GUEST_WIDTH  320
#define GUEST_HEIGHT 200

static const double scales[] = { 0.5, 0.75, 1, 1.25, 1.5, 2, 3 };

typedef struct
{
  const char  *name;
  gboolean   (*suits) (GskRenderer *renderer);
  XenoPainter *(*make) (GtkNative *native);
} Kind;

typedef struct
{
  GtkWidget   *window;
  GskRenderer *renderer;
  XenoPainter *painter;
  XenoSurface *surface;
  guint32     *pixels;
  guint        stride;
} Fixture;

static gboolean
suits_cairo (GskRenderer *renderer)
{
  return GSK_IS_CAIRO_RENDERER (renderer);
}

static gboolean
suits_memory (GskRenderer *renderer)
{
  return !GSK_IS_CAIRO_RENDERER (renderer);
}

static XenoPainter *
make_tiles (GtkNative *native)
{
  return xeno_painter_cairo_new (gtk_widget_get_display (GTK_WIDGET (native)),
                                 gtk_native_get_renderer (native));
}

static XenoPainter *
make_gl (GtkNative *native)
{
  return xeno_painter_gl_new (gtk_native_get_surface (native));
}

static const Kind kinds[] = {
  { "cairo-tiles", suits_cairo, make_tiles },
  { "memory-tiles", suits_memory, make_tiles },
  { "gl-texture", xeno_painter_gl_suits, make_gl },
};

static guint32
get_noise (guint x,
           guint y,
           guint seed)
{
  guint32 value = (x * 2654435761u) ^ (y * 2246822519u) ^ (seed * 3266489917u);

  return (value ^ value >> 13) & 0xffffff;
}

static void
paint_noise (Fixture                     *fixture,
             const cairo_rectangle_int_t *part,
             guint                        seed,
             guint32                      unused_byte)
{
  cairo_region_t *region = cairo_region_create_rectangle (part);

  for (int y = part->y; y < part->y + part->height; y++)
    for (int x = part->x; x < part->x + part->width; x++)
      fixture->pixels[y * fixture->stride / 4 + x] = get_noise (x, y, seed) | unused_byte << 24;
  xeno_painter_damage (fixture->painter, region);
  cairo_region_destroy (region);
}

static void
paint_all (Fixture *fixture,
           guint    seed,
           guint32  unused_byte)
{
  paint_noise (fixture, &(cairo_rectangle_int_t) { 0, 0, GUEST_WIDTH, GUEST_HEIGHT }, seed, unused_byte);
}

static void
make_surface (Fixture *fixture)
{
  fixture->stride = 4 * GUEST_WIDTH + 64;
  fixture->pixels = g_malloc0_n (GUEST_HEIGHT, fixture->stride);
  fixture->surface = xeno_surface_new (GUEST_WIDTH, GUEST_HEIGHT, fixture->stride, (guchar *) fixture->pixels,
                                       g_free, fixture->pixels);
  xeno_painter_set_surface (fixture->painter, fixture->surface);
}

static GskRenderNode *
snapshot (Fixture             *fixture,
          const XenoTransform *transform)
{
  GtkSnapshot *snapshot = gtk_snapshot_new ();

  gtk_snapshot_scale (snapshot, transform->scale_factor, transform->scale_factor);
  xeno_painter_snapshot (fixture->painter, snapshot, transform);
  return gtk_snapshot_free_to_node (snapshot);
}

static void
assert_picture (Fixture             *fixture,
                XenoSurface         *surface,
                const XenoTransform *transform,
                int                  width,
                int                  height)
{
  g_autoptr(GskRenderNode) node = snapshot (fixture, transform);
  g_autoptr(GdkTexture) texture = NULL;
  g_autofree guint32 *shown = g_new0 (guint32, width * height);

  texture = gsk_renderer_render_texture (fixture->renderer, node, &GRAPHENE_RECT_INIT (0, 0, width, height));
  gdk_texture_download (texture, (guchar *) shown, width * 4);
  for (int y = 0; y < height; y++)
    for (int x = 0; x < width; x++)
      golden_picture_assert (surface, transform, x, y, shown[y * width + x]);
}

static void
assert_scale (Fixture *fixture,
              double   scale,
              int      factor)
{
  int width = ceil (GUEST_WIDTH * scale / factor) + 3;
  int height = ceil (GUEST_HEIGHT * scale / factor) + 3;
  XenoTransform transform;

  xeno_transform_init (&transform, XENO_SCALE_FIT, GUEST_WIDTH, GUEST_HEIGHT, width, height, factor);
  transform.area.width = GUEST_WIDTH * scale;
  transform.area.height = GUEST_HEIGHT * scale;
  assert_picture (fixture, fixture->surface, &transform, width * factor, height * factor);
}

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  const Kind *kind = data;

  fixture->window = gtk_window_new ();
  gtk_widget_realize (fixture->window);
  fixture->renderer = gtk_native_get_renderer (GTK_NATIVE (fixture->window));
  fixture->painter = kind->make (GTK_NATIVE (fixture->window));
  g_assert_nonnull (fixture->painter);
  make_surface (fixture);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  g_assert_finalize_object (fixture->painter);
  xeno_surface_unref (fixture->surface);
  gtk_window_destroy (GTK_WINDOW (fixture->window));
}

static void
test_is_right_at_every_scale (Fixture       *fixture,
                              gconstpointer  data)
{
  static const guint32 unused_bytes[] = { 0x00, 0xff, 0x7f };
  guint seed = 0;

  for (gsize i = 0; i < G_N_ELEMENTS (scales); i++)
    for (int factor = 1; factor <= 2; factor++)
      for (gsize j = 0; j < G_N_ELEMENTS (unused_bytes); j++)
        {
          g_test_message ("scale %g, scale factor %d, unused byte %02x", scales[i], factor, unused_bytes[j]);
          paint_all (fixture, seed++, unused_bytes[j]);
          assert_scale (fixture, scales[i], factor);
        }
}

static void
test_shows_later_damage_at_every_scale (Fixture       *fixture,
                                        gconstpointer  data)
{
  for (gsize i = 0; i < G_N_ELEMENTS (scales); i++)
    {
      paint_all (fixture, i, 0);
      assert_scale (fixture, scales[i], 1);
      for (int step = 0; step < 8; step++)
        {
          const cairo_rectangle_int_t part = { step * 37, step * 23, 17 + step, 11 };

          paint_noise (fixture, &part, 100 + step, step * 0x1f);
          assert_scale (fixture, scales[i], 1);
        }
    }
}

static guint64
get_work (Fixture *fixture)
{
  if (XENO_IS_PAINTER_GL (fixture->painter))
    return xeno_painter_gl_get_uploads (XENO_PAINTER_GL (fixture->painter));
  return xeno_painter_cairo_get_repaints (XENO_PAINTER_CAIRO (fixture->painter));
}

/* Work is counted in pixels sent, or in tiles made. */
static void
test_small_damage_is_small_work_at_every_scale (Fixture       *fixture,
                                                gconstpointer  data)
{
  const cairo_rectangle_int_t part = { 40, 40, 8, 8 };
  guint64 most = XENO_IS_PAINTER_GL (fixture->painter) ? (guint64) part.width * part.height : 4;

  for (gsize i = 0; i < G_N_ELEMENTS (scales); i++)
    {
      guint64 before;

      paint_all (fixture, i, 0);
      assert_scale (fixture, scales[i], 1);
      before = get_work (fixture);
      paint_noise (fixture, &part, 1000 + i, 0);
      assert_scale (fixture, scales[i], 1);
      g_assert_cmpuint (get_work (fixture), <=, before + most);
      before = get_work (fixture);
      assert_scale (fixture, scales[i], 1);
      g_assert_cmpuint (get_work (fixture), ==, before);
    }
}

static void
test_paints_one_monitor_of_several (Fixture       *fixture,
                                    gconstpointer  data)
{
  const cairo_rectangle_int_t change = { 10, 10, 20, 20 };
  g_autoptr(XenoSurface) part = xeno_surface_new_part (fixture->surface, 100, 50, 128, 96);
  XenoTransform transform;

  paint_all (fixture, 1, 0);
  xeno_painter_set_surface (fixture->painter, part);
  for (gsize i = 0; i < G_N_ELEMENTS (scales); i++)
    {
      cairo_region_t *region = cairo_region_create_rectangle (&change);

      xeno_transform_init (&transform, XENO_SCALE_FIT, 128, 96, 128 * scales[i], 96 * scales[i], 1);
      assert_picture (fixture, part, &transform, 128 * scales[i], 96 * scales[i]);
      for (int y = 60; y < 80; y++)
        for (int x = 110; x < 130; x++)
          fixture->pixels[y * fixture->stride / 4 + x] = get_noise (x, y, 50 + i);
      xeno_painter_damage (fixture->painter, region);
      assert_picture (fixture, part, &transform, 128 * scales[i], 96 * scales[i]);
      cairo_region_destroy (region);
    }
}

/* Whoever still shows the old picture may go on doing so. */
static void
test_a_picture_outlives_its_surface (Fixture       *fixture,
                                     gconstpointer  data)
{
  g_autoptr(GskRenderNode) node = NULL;
  g_autoptr(GdkTexture) texture = NULL;
  g_autofree guint32 *shown = g_new0 (guint32, GUEST_WIDTH * GUEST_HEIGHT);
  XenoTransform transform;

  paint_all (fixture, 3, 0);
  xeno_transform_init (&transform, XENO_SCALE_FIT, GUEST_WIDTH, GUEST_HEIGHT, GUEST_WIDTH, GUEST_HEIGHT, 1);
  node = snapshot (fixture, &transform);
  xeno_painter_set_surface (fixture->painter, NULL);
  xeno_surface_unref (fixture->surface);

  texture = gsk_renderer_render_texture (fixture->renderer, node,
                                         &GRAPHENE_RECT_INIT (0, 0, GUEST_WIDTH, GUEST_HEIGHT));
  gdk_texture_download (texture, (guchar *) shown, GUEST_WIDTH * 4);
  for (guint i = 0; i < GUEST_WIDTH * GUEST_HEIGHT; i++)
    g_assert_cmphex (shown[i] & 0xffffff, ==, get_noise (i % GUEST_WIDTH, i / GUEST_WIDTH, 3));
  make_surface (fixture);
}

static const struct
{
  const char *name;
  void      (*func) (Fixture       *fixture,
                     gconstpointer  data);
} tests[] = {
  { "is-right-at-every-scale", test_is_right_at_every_scale },
  { "shows-later-damage-at-every-scale", test_shows_later_damage_at_every_scale },
  { "small-damage-is-small-work-at-every-scale", test_small_damage_is_small_work_at_every_scale },
  { "paints-one-monitor-of-several", test_paints_one_monitor_of_several },
  { "a-picture-outlives-its-surface", test_a_picture_outlives_its_surface },
};

/* What GTK was told to use: another one would leave painters untested. */
static GskRenderer *
get_renderer (GtkWidget *window)
{
  GskRenderer *renderer;
  gboolean is_gl = g_strcmp0 (g_getenv ("GSK_RENDERER"), "cairo") != 0;

  gtk_widget_realize (window);
  renderer = gtk_native_get_renderer (GTK_NATIVE (window));
  g_assert_true (is_gl != GSK_IS_CAIRO_RENDERER (renderer));
  return renderer;
}

int
main (int   argc,
      char *argv[])
{
  GtkWidget *window;
  GskRenderer *renderer;
  int status;

  g_test_init (&argc, &argv, NULL);
  gtk_init ();

  window = gtk_window_new ();
  renderer = get_renderer (window);
  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    for (gsize j = 0; kinds[i].suits (renderer) && j < G_N_ELEMENTS (tests); j++)
      {
        g_autofree char *path = g_strdup_printf ("/xeno/painter/%s/%s", kinds[i].name, tests[j].name);

        g_test_add (path, Fixture, &kinds[i], set_up, tests[j].func, tear_down);
      }
  status = g_test_run ();
  gtk_window_destroy (GTK_WINDOW (window));
  return status;
}
