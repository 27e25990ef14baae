/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A small ring that fills as work proceeds. */
#include "config.h"

#include <math.h>

#include "app/xeno-ring.h"

#define SIZE 16
#define LINE_WIDTH 2.5
#define TRACK_ALPHA 0.3

struct _XenoRing
{
  GtkWidget parent_instance;
  double    fraction;
};

enum
{
  PROP_0,
  PROP_FRACTION,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (XenoRing, xeno_ring, GTK_TYPE_WIDGET)

static void
get_color (XenoRing *self,
           GdkRGBA  *color)
{
  gtk_style_context_get_color (gtk_widget_get_style_context (GTK_WIDGET (self)), color);
}

static void
xeno_ring_measure (GtkWidget      *widget,
                   GtkOrientation  orientation,
                   int             for_size,
                   int            *minimum,
                   int            *natural,
                   int            *minimum_baseline,
                   int            *natural_baseline)
{
  *minimum = SIZE;
  *natural = SIZE;
}

static void
xeno_ring_snapshot (GtkWidget   *widget,
                    GtkSnapshot *snapshot)
{
  XenoRing *self = XENO_RING (widget);
  double width = gtk_widget_get_width (widget);
  double height = gtk_widget_get_height (widget);
  double radius = (MIN (width, height) - LINE_WIDTH) / 2;
  GdkRGBA color;
  cairo_t *cr;

  get_color (self, &color);
  cr = gtk_snapshot_append_cairo (snapshot, &GRAPHENE_RECT_INIT (0, 0, (float) width, (float) height));
  cairo_set_line_width (cr, LINE_WIDTH);
  cairo_set_source_rgba (cr, color.red, color.green, color.blue, color.alpha * TRACK_ALPHA);
  cairo_arc (cr, width / 2, height / 2, radius, 0, 2 * G_PI);
  cairo_stroke (cr);

  if (self->fraction > 0)
    {
      gdk_cairo_set_source_rgba (cr, &color);
      cairo_arc (cr, width / 2, height / 2, radius, -G_PI_2, -G_PI_2 + 2 * G_PI * self->fraction);
      cairo_stroke (cr);
    }
  cairo_destroy (cr);
}

static void
xeno_ring_get_property (GObject    *object,
                        guint       prop_id,
                        GValue     *value,
                        GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_FRACTION:
      g_value_set_double (value, XENO_RING (object)->fraction);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
xeno_ring_set_property (GObject      *object,
                        guint         prop_id,
                        const GValue *value,
                        GParamSpec   *pspec)
{
  switch (prop_id)
    {
    case PROP_FRACTION:
      xeno_ring_set_fraction (XENO_RING (object), g_value_get_double (value));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
xeno_ring_class_init (XenoRingClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = xeno_ring_get_property;
  object_class->set_property = xeno_ring_set_property;

  widget_class->measure = xeno_ring_measure;
  widget_class->snapshot = xeno_ring_snapshot;

  /**
   * XenoRing:fraction:
   *
   * How much of the ring is filled, 0 to 1.
   */
  properties[PROP_FRACTION] =
    g_param_spec_double ("fraction", NULL, NULL, 0.0, 1.0, 0.0,
                         G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);
  gtk_widget_class_set_css_name (widget_class, "ring");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_PROGRESS_BAR);
}

static void
xeno_ring_init (XenoRing *self)
{
}

/**
 * xeno_ring_new:
 *
 * Makes an empty ring.
 *
 * Returns: (transfer floating): the ring
 */
GtkWidget *
xeno_ring_new (void)
{
  return g_object_new (XENO_TYPE_RING, NULL);
}

/**
 * xeno_ring_get_fraction:
 * @self: a ring
 *
 * Gets how much of the ring is filled.
 *
 * Returns: 0 to 1
 */
double
xeno_ring_get_fraction (XenoRing *self)
{
  g_return_val_if_fail (XENO_IS_RING (self), 0.0);

  return self->fraction;
}

/**
 * xeno_ring_set_fraction:
 * @self: a ring
 * @fraction: 0 to 1
 *
 * Sets how much of the ring is filled.
 */
void
xeno_ring_set_fraction (XenoRing *self,
                        double    fraction)
{
  g_return_if_fail (XENO_IS_RING (self));

  fraction = CLAMP (fraction, 0.0, 1.0);
  if (self->fraction == fraction)
    return;

  self->fraction = fraction;
  gtk_accessible_update_property (GTK_ACCESSIBLE (self),
                                  GTK_ACCESSIBLE_PROPERTY_VALUE_MIN, 0.0,
                                  GTK_ACCESSIBLE_PROPERTY_VALUE_MAX, 1.0,
                                  GTK_ACCESSIBLE_PROPERTY_VALUE_NOW, fraction,
                                  -1);
  gtk_widget_queue_draw (GTK_WIDGET (self));
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_FRACTION]);
}
