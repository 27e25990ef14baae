/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A small picture of a machine's screen. */
#include "config.h"

#include "widgets/xeno-line-style.h"
#include "widgets/xeno-thumbnail.h"

#define SMALL_WIDTH 64
#define SMALL_HEIGHT 40
#define SMALL_RADIUS 6
#define SMALL_ICON 16
#define LARGE_LEAST_WIDTH 160
#define LARGE_WIDTH 420
#define LARGE_RADIUS 12
#define LARGE_ICON 64
#define DIMMED_OPACITY 0.6

struct _XenoThumbnail
{
  GtkWidget   parent_instance;
  GtkWidget  *icon;
  GdkTexture *texture;
  gboolean    is_dimmed;
  gboolean    is_large;
};

G_DEFINE_FINAL_TYPE (XenoThumbnail, xeno_thumbnail, GTK_TYPE_WIDGET)

enum
{
  PROP_0,
  PROP_TEXTURE,
  PROP_IS_DIMMED,
  PROP_IS_LARGE,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static GtkSizeRequestMode
xeno_thumbnail_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
xeno_thumbnail_measure (GtkWidget      *widget,
                        GtkOrientation  orientation,
                        int             for_size,
                        int            *minimum,
                        int            *natural,
                        int            *minimum_baseline,
                        int            *natural_baseline)
{
  XenoThumbnail *self = XENO_THUMBNAIL (widget);
  int width = for_size >= 0 ? for_size : LARGE_WIDTH;

  if (!self->is_large)
    *minimum = *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? SMALL_WIDTH : SMALL_HEIGHT;
  else if (orientation == GTK_ORIENTATION_HORIZONTAL)
    {
      *minimum = LARGE_LEAST_WIDTH;
      *natural = LARGE_WIDTH;
    }
  else
    *minimum = *natural = width * 10 / 16;
}

static void
xeno_thumbnail_size_allocate (GtkWidget *widget,
                              int        width,
                              int        height,
                              int        baseline)
{
  gtk_widget_size_allocate (XENO_THUMBNAIL (widget)->icon,
                            &(GtkAllocation) { 0, 0, width, height }, -1);
}

/* The greatest rectangle of the picture's proportions in the middle. */
static graphene_rect_t
fit (GdkTexture *texture,
     double      width,
     double      height)
{
  double scale = MIN (width / gdk_texture_get_width (texture),
                      height / gdk_texture_get_height (texture));
  double fit_width = gdk_texture_get_width (texture) * scale;
  double fit_height = gdk_texture_get_height (texture) * scale;

  return GRAPHENE_RECT_INIT ((width - fit_width) / 2, (height - fit_height) / 2,
                             fit_width, fit_height);
}

static void
append_picture (XenoThumbnail *self,
                GtkSnapshot   *snapshot,
                double         width,
                double         height)
{
  graphene_rect_t bounds = fit (self->texture, width, height);
  GdkRGBA black = { 0.0, 0.0, 0.0, 1.0 };
  graphene_matrix_t grey;

  gtk_snapshot_append_color (snapshot, &black, &GRAPHENE_RECT_INIT (0, 0, width, height));
  if (self->is_dimmed)
    {
      graphene_matrix_init_from_float (&grey, (float[]) { 0.2126, 0.2126, 0.2126, 0.0,
                                                          0.7152, 0.7152, 0.7152, 0.0,
                                                          0.0722, 0.0722, 0.0722, 0.0,
                                                          0.0, 0.0, 0.0, 1.0 });
      gtk_snapshot_push_opacity (snapshot, DIMMED_OPACITY);
      gtk_snapshot_push_color_matrix (snapshot, &grey, graphene_vec4_zero ());
    }
  gtk_snapshot_append_texture (snapshot, self->texture, &bounds);
  if (self->is_dimmed)
    {
      gtk_snapshot_pop (snapshot);
      gtk_snapshot_pop (snapshot);
    }
}

static void
xeno_thumbnail_snapshot (GtkWidget   *widget,
                         GtkSnapshot *snapshot)
{
  XenoThumbnail *self = XENO_THUMBNAIL (widget);
  int width = gtk_widget_get_width (widget);
  int height = gtk_widget_get_height (widget);
  GskRoundedRect outline;
  GdkRGBA color;

  gsk_rounded_rect_init_from_rect (&outline, &GRAPHENE_RECT_INIT (0, 0, width, height),
                                   self->is_large ? LARGE_RADIUS : SMALL_RADIUS);
  gtk_snapshot_push_rounded_clip (snapshot, &outline);
  if (self->texture != NULL)
    append_picture (self, snapshot, width, height);
  else
    {
      xeno_line_style_get_foreground (widget, &color);
      color.alpha *= 0.08;
      gtk_snapshot_append_color (snapshot, &color, &outline.bounds);
    }
  gtk_snapshot_pop (snapshot);

  gtk_widget_snapshot_child (widget, self->icon, snapshot);
}

static void
xeno_thumbnail_constructed (GObject *object)
{
  XenoThumbnail *self = XENO_THUMBNAIL (object);

  G_OBJECT_CLASS (xeno_thumbnail_parent_class)->constructed (object);

  gtk_image_set_pixel_size (GTK_IMAGE (self->icon), self->is_large ? LARGE_ICON : SMALL_ICON);
}

static void
xeno_thumbnail_dispose (GObject *object)
{
  XenoThumbnail *self = XENO_THUMBNAIL (object);

  g_clear_pointer (&self->icon, gtk_widget_unparent);
  g_clear_object (&self->texture);

  G_OBJECT_CLASS (xeno_thumbnail_parent_class)->dispose (object);
}

static void
xeno_thumbnail_get_property (GObject    *object,
                             guint       prop_id,
                             GValue     *value,
                             GParamSpec *pspec)
{
  XenoThumbnail *self = XENO_THUMBNAIL (object);

  switch (prop_id)
    {
    case PROP_TEXTURE:
      g_value_set_object (value, self->texture);
      break;
    case PROP_IS_DIMMED:
      g_value_set_boolean (value, self->is_dimmed);
      break;
    case PROP_IS_LARGE:
      g_value_set_boolean (value, self->is_large);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
xeno_thumbnail_set_property (GObject      *object,
                             guint         prop_id,
                             const GValue *value,
                             GParamSpec   *pspec)
{
  XenoThumbnail *self = XENO_THUMBNAIL (object);

  switch (prop_id)
    {
    case PROP_TEXTURE:
      xeno_thumbnail_set_texture (self, g_value_get_object (value));
      break;
    case PROP_IS_DIMMED:
      xeno_thumbnail_set_dimmed (self, g_value_get_boolean (value));
      break;
    case PROP_IS_LARGE:
      self->is_large = g_value_get_boolean (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
xeno_thumbnail_class_init (XenoThumbnailClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->constructed = xeno_thumbnail_constructed;
  object_class->dispose = xeno_thumbnail_dispose;
  object_class->get_property = xeno_thumbnail_get_property;
  object_class->set_property = xeno_thumbnail_set_property;
  widget_class->get_request_mode = xeno_thumbnail_get_request_mode;
  widget_class->measure = xeno_thumbnail_measure;
  widget_class->size_allocate = xeno_thumbnail_size_allocate;
  widget_class->snapshot = xeno_thumbnail_snapshot;

  /**
   * XenoThumbnail:texture:
   *
   * The picture, or %NULL for a placeholder.
   */
  properties[PROP_TEXTURE] =
    g_param_spec_object ("texture", NULL, NULL, GDK_TYPE_TEXTURE,
                         G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  /**
   * XenoThumbnail:is-dimmed:
   *
   * Whether the picture is grey: it is the last there was, not what there is.
   */
  properties[PROP_IS_DIMMED] =
    g_param_spec_boolean ("is-dimmed", NULL, NULL, FALSE,
                          G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  /**
   * XenoThumbnail:is-large:
   *
   * Whether it takes the width it is given, 16:10, and not the size of an icon in a row.
   */
  properties[PROP_IS_LARGE] =
    g_param_spec_boolean ("is-large", NULL, NULL, FALSE,
                          G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
  gtk_widget_class_set_css_name (widget_class, "thumbnail");
}

static void
xeno_thumbnail_init (XenoThumbnail *self)
{
  self->icon = gtk_image_new_from_icon_name ("xeno-machine-symbolic");
  gtk_widget_add_css_class (self->icon, "dim-label");
  gtk_widget_set_parent (self->icon, GTK_WIDGET (self));
}

/**
 * xeno_thumbnail_new:
 * @is_large: whether it takes the width it is given, and not the size of an icon in a row
 *
 * Makes a thumbnail without a picture.
 *
 * Returns: (transfer floating): the widget
 */
GtkWidget *
xeno_thumbnail_new (gboolean is_large)
{
  return g_object_new (XENO_TYPE_THUMBNAIL, "is-large", is_large, NULL);
}

/**
 * xeno_thumbnail_get_texture:
 * @self: a thumbnail
 *
 * Gets the picture.
 *
 * Returns: (transfer none) (nullable): the picture, or %NULL for a placeholder
 */
GdkTexture *
xeno_thumbnail_get_texture (XenoThumbnail *self)
{
  g_return_val_if_fail (XENO_IS_THUMBNAIL (self), NULL);

  return self->texture;
}

/**
 * xeno_thumbnail_set_texture:
 * @self: a thumbnail
 * @texture: (nullable): the picture, or %NULL for a placeholder
 *
 * Sets the picture. It is best given in about the size it is shown.
 */
void
xeno_thumbnail_set_texture (XenoThumbnail *self,
                            GdkTexture    *texture)
{
  g_return_if_fail (XENO_IS_THUMBNAIL (self));
  g_return_if_fail (texture == NULL || GDK_IS_TEXTURE (texture));

  if (!g_set_object (&self->texture, texture))
    return;

  gtk_widget_set_child_visible (self->icon, texture == NULL);
  gtk_widget_queue_draw (GTK_WIDGET (self));
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TEXTURE]);
}

/**
 * xeno_thumbnail_is_dimmed:
 * @self: a thumbnail
 *
 * Gets whether the picture is grey.
 *
 * Returns: whether it is
 */
gboolean
xeno_thumbnail_is_dimmed (XenoThumbnail *self)
{
  g_return_val_if_fail (XENO_IS_THUMBNAIL (self), FALSE);

  return self->is_dimmed;
}

/**
 * xeno_thumbnail_set_dimmed:
 * @self: a thumbnail
 * @is_dimmed: whether the picture is the last there was, not what there is
 *
 * Sets whether the picture is grey.
 */
void
xeno_thumbnail_set_dimmed (XenoThumbnail *self,
                           gboolean       is_dimmed)
{
  g_return_if_fail (XENO_IS_THUMBNAIL (self));

  is_dimmed = !!is_dimmed;
  if (self->is_dimmed == is_dimmed)
    return;

  self->is_dimmed = is_dimmed;
  gtk_widget_queue_draw (GTK_WIDGET (self));
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_IS_DIMMED]);
}
