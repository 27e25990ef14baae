/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Paints the guest from one texture that stays on the graphics processor.
 *
 * What changed goes there straight from the surface's memory, in a context that shares its textures
 * with GSK's. GSK draws the texture as it is: the filter and the order of the channels are ours. */
#include "config.h"

#include <epoxy/gl.h>

#include "console/xeno-painter-gl.h"

/* Below this scale four neighbours are not enough to average over. */
#define MIPMAP_SCALE 0.5

/* The texture lives as long as a render node shows it. */
typedef struct
{
  gatomicrefcount  ref_count;
  GdkGLContext    *context;
  guint            id;
} Image;

struct _XenoPainterGl
{
  XenoPainter     parent_instance;

  GdkGLContext   *context;
  XenoSurface    *surface;
  cairo_region_t *damage;
  Image          *image;
  XenoTransform   transform;
  GskRenderNode  *node;
  guint64         n_uploaded;
};

G_DEFINE_FINAL_TYPE (XenoPainterGl, xeno_painter_gl, XENO_TYPE_PAINTER)

/* Bytes in memory to channels, and the unused one to opaque. */
static const GLint swizzle[] = {
#if G_BYTE_ORDER == G_LITTLE_ENDIAN
  GL_BLUE, GL_GREEN, GL_RED, GL_ONE,
#else
  GL_GREEN, GL_BLUE, GL_ALPHA, GL_ONE,
#endif
};

static Image *
image_ref (Image *image)
{
  g_atomic_ref_count_inc (&image->ref_count);
  return image;
}

static void
image_unref (gpointer data)
{
  Image *image = data;

  if (!g_atomic_ref_count_dec (&image->ref_count))
    return;

  gdk_gl_context_make_current (image->context);
  glDeleteTextures (1, &image->id);
  g_object_unref (image->context);
  g_free (image);
}

static void
set_parameter (GLenum name,
               GLint  value)
{
  glTexParameteri (GL_TEXTURE_2D, name, value);
}

static Image *
image_new (GdkGLContext *context,
           guint         width,
           guint         height)
{
  Image *image = g_new0 (Image, 1);

  g_atomic_ref_count_init (&image->ref_count);
  image->context = g_object_ref (context);
  glGenTextures (1, &image->id);
  glBindTexture (GL_TEXTURE_2D, image->id);
  set_parameter (GL_TEXTURE_WRAP_S, GL_CLAMP_TO_EDGE);
  set_parameter (GL_TEXTURE_WRAP_T, GL_CLAMP_TO_EDGE);
  set_parameter (GL_TEXTURE_SWIZZLE_R, swizzle[0]);
  set_parameter (GL_TEXTURE_SWIZZLE_G, swizzle[1]);
  set_parameter (GL_TEXTURE_SWIZZLE_B, swizzle[2]);
  set_parameter (GL_TEXTURE_SWIZZLE_A, swizzle[3]);
  glTexImage2D (GL_TEXTURE_2D, 0, GL_RGBA8, width, height, 0, GL_RGBA, GL_UNSIGNED_BYTE, NULL);
  return image;
}

static void
upload (XenoPainterGl               *self,
        const cairo_rectangle_int_t *part)
{
  gsize stride = xeno_surface_get_stride (self->surface);
  const guchar *pixels = xeno_surface_get_pixels (self->surface) + part->y * stride + 4 * (gsize) part->x;

  glTexSubImage2D (GL_TEXTURE_2D, 0, part->x, part->y, part->width, part->height,
                   GL_RGBA, GL_UNSIGNED_BYTE, pixels);
  self->n_uploaded += (guint64) part->width * part->height;
}

static void
upload_damage (XenoPainterGl *self)
{
  int n = cairo_region_num_rectangles (self->damage);

  glPixelStorei (GL_UNPACK_ALIGNMENT, 4);
  glPixelStorei (GL_UNPACK_ROW_LENGTH, xeno_surface_get_stride (self->surface) / 4);
  for (int i = 0; i < n; i++)
    {
      cairo_rectangle_int_t part;

      cairo_region_get_rectangle (self->damage, i, &part);
      upload (self, &part);
    }
  glPixelStorei (GL_UNPACK_ROW_LENGTH, 0);
}

static void
choose_filter (const XenoTransform *transform)
{
  gboolean is_integer = xeno_transform_is_integer (transform);
  gboolean is_small = xeno_transform_get_scale (transform) < MIPMAP_SCALE;

  set_parameter (GL_TEXTURE_MAG_FILTER, is_integer ? GL_NEAREST : GL_LINEAR);
  set_parameter (GL_TEXTURE_MIN_FILTER, is_integer ? GL_NEAREST
                                        : is_small ? GL_LINEAR_MIPMAP_LINEAR : GL_LINEAR);
  if (is_small)
    glGenerateMipmap (GL_TEXTURE_2D);
}

static cairo_region_t *
take_damage (XenoPainterGl *self)
{
  cairo_region_t *damage = self->damage;

  self->damage = cairo_region_create ();
  return damage;
}

/* GSK redraws what is another texture. Where it can be told how far it differs, it redraws that. */
static GdkTexture *
make_texture (XenoPainterGl        *self,
              const cairo_region_t *damage)
{
  int width = xeno_surface_get_width (self->surface);
  int height = xeno_surface_get_height (self->surface);

#if GTK_CHECK_VERSION (4, 12, 0)
  g_autoptr(GdkGLTextureBuilder) builder = gdk_gl_texture_builder_new ();

  gdk_gl_texture_builder_set_context (builder, self->context);
  gdk_gl_texture_builder_set_id (builder, self->image->id);
  gdk_gl_texture_builder_set_width (builder, width);
  gdk_gl_texture_builder_set_height (builder, height);
  if (self->node != NULL)
    {
      gdk_gl_texture_builder_set_update_texture (builder, gsk_texture_node_get_texture (self->node));
      gdk_gl_texture_builder_set_update_region (builder, (cairo_region_t *) damage);
    }
  return gdk_gl_texture_builder_build (builder, image_unref, image_ref (self->image));
#else
  return gdk_gl_texture_new (self->context, self->image->id, width, height,
                             image_unref, image_ref (self->image));
#endif
}

static void
make_node (XenoPainterGl       *self,
           const XenoTransform *transform)
{
  const cairo_rectangle_int_t *area = &transform->area;
  float factor = transform->scale_factor;
  g_autoptr(GdkTexture) texture = NULL;
  cairo_region_t *damage = take_damage (self);

  texture = make_texture (self, damage);
  g_clear_pointer (&self->node, gsk_render_node_unref);
  self->node = gsk_texture_node_new (texture, &GRAPHENE_RECT_INIT (area->x / factor, area->y / factor,
                                                                   area->width / factor,
                                                                   area->height / factor));
  self->transform = *transform;
  cairo_region_destroy (damage);
}

static void
damage_all (XenoPainterGl *self)
{
  const cairo_rectangle_int_t all = {
    0, 0, xeno_surface_get_width (self->surface), xeno_surface_get_height (self->surface),
  };

  cairo_region_union_rectangle (self->damage, &all);
}

static void
forget_picture (XenoPainterGl *self)
{
  g_clear_pointer (&self->node, gsk_render_node_unref);
  g_clear_pointer (&self->image, image_unref);
  g_clear_pointer (&self->surface, xeno_surface_unref);
}

static void
xeno_painter_gl_set_surface (XenoPainter *painter,
                             XenoSurface *surface)
{
  XenoPainterGl *self = XENO_PAINTER_GL (painter);

  forget_picture (self);
  cairo_region_destroy (self->damage);
  self->damage = cairo_region_create ();
  if (surface == NULL)
    return;

  self->surface = xeno_surface_ref (surface);
  damage_all (self);
}

static void
xeno_painter_gl_damage (XenoPainter          *painter,
                        const cairo_region_t *region)
{
  XenoPainterGl *self = XENO_PAINTER_GL (painter);

  if (self->surface != NULL)
    cairo_region_union (self->damage, region);
}

static void
xeno_painter_gl_snapshot (XenoPainter         *painter,
                          GtkSnapshot         *snapshot,
                          const XenoTransform *transform)
{
  XenoPainterGl *self = XENO_PAINTER_GL (painter);

  if (self->surface == NULL)
    return;

  if (self->node == NULL || !cairo_region_is_empty (self->damage) ||
      !xeno_transform_equal (transform, &self->transform))
    {
      gdk_gl_context_make_current (self->context);
      if (self->image == NULL)
        self->image = image_new (self->context, xeno_surface_get_width (self->surface),
                                 xeno_surface_get_height (self->surface));
      glBindTexture (GL_TEXTURE_2D, self->image->id);
      upload_damage (self);
      choose_filter (transform);
      glFlush ();
      make_node (self, transform);
    }

  gtk_snapshot_append_node (snapshot, self->node);
}

static void
xeno_painter_gl_finalize (GObject *object)
{
  XenoPainterGl *self = XENO_PAINTER_GL (object);

  forget_picture (self);
  cairo_region_destroy (self->damage);
  g_object_unref (self->context);

  G_OBJECT_CLASS (xeno_painter_gl_parent_class)->finalize (object);
}

static void
xeno_painter_gl_class_init (XenoPainterGlClass *klass)
{
  XenoPainterClass *painter_class = XENO_PAINTER_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = xeno_painter_gl_finalize;
  painter_class->set_surface = xeno_painter_gl_set_surface;
  painter_class->damage = xeno_painter_gl_damage;
  painter_class->snapshot = xeno_painter_gl_snapshot;
}

static void
xeno_painter_gl_init (XenoPainterGl *self)
{
  self->damage = cairo_region_create ();
}

/**
 * xeno_painter_gl_suits:
 * @renderer: what will draw the nodes
 *
 * GTK 4.14 brought other renderers, one of them in this one's name, which make their own copy of a
 * texture like ours.
 *
 * Returns: whether @renderer draws a texture as it is given
 */
gboolean
xeno_painter_gl_suits (GskRenderer *renderer)
{
  g_return_val_if_fail (GSK_IS_RENDERER (renderer), FALSE);

  return gtk_get_minor_version () < 14 && g_str_equal (G_OBJECT_TYPE_NAME (renderer), "GskGLRenderer");
}

/**
 * xeno_painter_gl_new:
 * @surface: the window's
 *
 * Returns: (transfer full) (nullable): a painter, or %NULL where there is no OpenGL that can
 */
XenoPainter *
xeno_painter_gl_new (GdkSurface *surface)
{
  XenoPainterGl *self;
  g_autoptr(GdkGLContext) context = NULL;
  int major, minor;

  g_return_val_if_fail (GDK_IS_SURFACE (surface), NULL);

  context = gdk_surface_create_gl_context (surface, NULL);
  if (context == NULL || !gdk_gl_context_realize (context, NULL))
    return NULL;

  /* Channels can be put in another order since OpenGL 3.3 and OpenGL ES 3.0. */
  gdk_gl_context_get_version (context, &major, &minor);
  gdk_gl_context_make_current (context);
  if (!(major > 3 || (major == 3 && (minor >= 3 || gdk_gl_context_get_use_es (context)))) &&
      !epoxy_has_gl_extension ("GL_ARB_texture_swizzle"))
    return NULL;

  self = g_object_new (XENO_TYPE_PAINTER_GL, NULL);
  self->context = g_steal_pointer (&context);
  return XENO_PAINTER (self);
}

/**
 * xeno_painter_gl_get_uploads:
 * @self: a painter
 *
 * Returns: how many pixels were sent to the graphics processor so far
 */
guint64
xeno_painter_gl_get_uploads (XenoPainterGl *self)
{
  g_return_val_if_fail (XENO_IS_PAINTER_GL (self), 0);

  return self->n_uploaded;
}
