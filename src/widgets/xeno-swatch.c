/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A short piece of a graph's line, for its legend. */
#include "config.h"

#include "widgets/xeno-line-style.h"
#include "widgets/xeno-swatch.h"

#define WIDTH 18
#define HEIGHT 12
#define LINE_WIDTH 2.5

struct _XenoSwatch
{
  GtkWidget parent_instance;
  guint     line;
};

G_DEFINE_FINAL_TYPE (XenoSwatch, xeno_swatch, GTK_TYPE_WIDGET)

enum
{
  PROP_0,
  PROP_LINE,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void
xeno_swatch_measure (GtkWidget      *widget,
                     GtkOrientation  orientation,
                     int             for_size,
                     int            *minimum,
                     int            *natural,
                     int            *minimum_baseline,
                     int            *natural_baseline)
{
  *minimum = *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? WIDTH : HEIGHT;
}

static void
xeno_swatch_snapshot (GtkWidget   *widget,
                      GtkSnapshot *snapshot)
{
  int width = gtk_widget_get_width (widget);
  int height = gtk_widget_get_height (widget);
  cairo_t *cr = gtk_snapshot_append_cairo (snapshot, &GRAPHENE_RECT_INIT (0, 0, width, height));

  xeno_line_style_set_stroke (widget, cr, XENO_SWATCH (widget)->line, LINE_WIDTH);
  cairo_move_to (cr, LINE_WIDTH / 2.0, height / 2.0);
  cairo_line_to (cr, width - LINE_WIDTH / 2.0, height / 2.0);
  cairo_stroke (cr);
  cairo_destroy (cr);
}

static void
xeno_swatch_get_property (GObject    *object,
                          guint       prop_id,
                          GValue     *value,
                          GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_LINE:
      g_value_set_uint (value, XENO_SWATCH (object)->line);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
xeno_swatch_set_property (GObject      *object,
                          guint         prop_id,
                          const GValue *value,
                          GParamSpec   *pspec)
{
  switch (prop_id)
    {
    case PROP_LINE:
      XENO_SWATCH (object)->line = g_value_get_uint (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
xeno_swatch_class_init (XenoSwatchClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = xeno_swatch_get_property;
  object_class->set_property = xeno_swatch_set_property;
  widget_class->measure = xeno_swatch_measure;
  widget_class->snapshot = xeno_swatch_snapshot;

  /**
   * XenoSwatch:line:
   *
   * Which line of the graph it stands for, from 0.
   */
  properties[PROP_LINE] =
    g_param_spec_uint ("line", NULL, NULL, 0, XENO_METRIC_MAX_LINES - 1, 0,
                       G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_PRESENTATION);
  gtk_widget_class_set_css_name (widget_class, "swatch");
}

static void
xeno_swatch_init (XenoSwatch *self)
{
}
