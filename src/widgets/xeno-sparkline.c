/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The last minute of a series in the space of a word. */
#include "config.h"

#include <math.h>

#include "widgets/xeno-line-style.h"
#include "widgets/xeno-sparkline.h"

#define WINDOW_US (60 * G_USEC_PER_SEC)
#define LONGEST_STEP_US (5 * G_USEC_PER_SEC)
#define LINE_WIDTH 1.5
#define WIDTH 48
#define HEIGHT 20
/* A quiet machine draws a quiet line: percent below this do not fill the height. */
#define LEAST_TOP 25.0

struct _XenoSparkline
{
  GtkWidget   parent_instance;
  XenoSeries *series;
  gulong      changed_id;
};

G_DEFINE_FINAL_TYPE (XenoSparkline, xeno_sparkline, GTK_TYPE_WIDGET)

enum
{
  PROP_0,
  PROP_SERIES,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

/* Adds the newest samples to the path, from the newest back, as long as they are young enough. */
static void
trace (XenoSparkline *self,
       cairo_t       *cr)
{
  double width = gtk_widget_get_width (GTK_WIDGET (self)) - 2.0 * LINE_WIDTH;
  double height = gtk_widget_get_height (GTK_WIDGET (self)) - 2.0 * LINE_WIDTH;
  gboolean is_mirrored = gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL;
  guint length = xeno_series_get_length (self->series);
  gboolean is_down = FALSE;
  gint64 later_us = 0;
  gint64 newest_us;
  double top;

  if (length == 0)
    return;

  xeno_series_get (self->series, length - 1, &newest_us);
  top = MAX (xeno_series_get_max (self->series, newest_us - WINDOW_US), LEAST_TOP);

  for (guint i = length; i > 0; i--)
    {
      gint64 time_us;
      double value = xeno_series_get (self->series, i - 1, &time_us);
      double age = (double) (newest_us - time_us) / WINDOW_US;
      double x = LINE_WIDTH + width * (is_mirrored ? age : 1.0 - age);
      double y = LINE_WIDTH + height * (1.0 - CLAMP (value / top, 0.0, 1.0));

      if (age > 1.0)
        break;
      if (isnan (value))
        is_down = FALSE;
      else if (is_down && later_us - time_us <= LONGEST_STEP_US)
        cairo_line_to (cr, x, y);
      else
        {
          cairo_move_to (cr, x, y);
          is_down = TRUE;
        }
      later_us = time_us;
    }
}

static void
xeno_sparkline_snapshot (GtkWidget   *widget,
                         GtkSnapshot *snapshot)
{
  XenoSparkline *self = XENO_SPARKLINE (widget);
  int width = gtk_widget_get_width (widget);
  int height = gtk_widget_get_height (widget);
  cairo_t *cr;

  if (self->series == NULL)
    return;

  cr = gtk_snapshot_append_cairo (snapshot, &GRAPHENE_RECT_INIT (0, 0, width, height));
  trace (self, cr);
  xeno_line_style_set_stroke (widget, cr, 0, LINE_WIDTH);
  cairo_stroke (cr);
  cairo_destroy (cr);
}

static void
xeno_sparkline_measure (GtkWidget      *widget,
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
clear_series (XenoSparkline *self)
{
  if (self->series != NULL)
    g_clear_signal_handler (&self->changed_id, self->series);
  g_clear_object (&self->series);
}

static void
xeno_sparkline_dispose (GObject *object)
{
  clear_series (XENO_SPARKLINE (object));

  G_OBJECT_CLASS (xeno_sparkline_parent_class)->dispose (object);
}

static void
xeno_sparkline_get_property (GObject    *object,
                             guint       prop_id,
                             GValue     *value,
                             GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_SERIES:
      g_value_set_object (value, XENO_SPARKLINE (object)->series);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
xeno_sparkline_set_property (GObject      *object,
                             guint         prop_id,
                             const GValue *value,
                             GParamSpec   *pspec)
{
  switch (prop_id)
    {
    case PROP_SERIES:
      xeno_sparkline_set_series (XENO_SPARKLINE (object), g_value_get_object (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
xeno_sparkline_class_init (XenoSparklineClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = xeno_sparkline_dispose;
  object_class->get_property = xeno_sparkline_get_property;
  object_class->set_property = xeno_sparkline_set_property;
  widget_class->measure = xeno_sparkline_measure;
  widget_class->snapshot = xeno_sparkline_snapshot;

  /**
   * XenoSparkline:series:
   *
   * What it draws, in percent.
   */
  properties[PROP_SERIES] =
    g_param_spec_object ("series", NULL, NULL, XENO_TYPE_SERIES,
                         G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);

  /* The row it stands in says the same in words. */
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_PRESENTATION);
  gtk_widget_class_set_css_name (widget_class, "sparkline");
}

static void
xeno_sparkline_init (XenoSparkline *self)
{
}

/**
 * xeno_sparkline_new:
 *
 * Makes a sparkline of nothing.
 *
 * Returns: (transfer floating): the widget
 */
GtkWidget *
xeno_sparkline_new (void)
{
  return g_object_new (XENO_TYPE_SPARKLINE, NULL);
}

/**
 * xeno_sparkline_get_series:
 * @self: a sparkline
 *
 * Gets what it draws, in percent.
 *
 * Returns: (transfer none) (nullable): the series
 */
XenoSeries *
xeno_sparkline_get_series (XenoSparkline *self)
{
  g_return_val_if_fail (XENO_IS_SPARKLINE (self), NULL);

  return self->series;
}

/**
 * xeno_sparkline_set_series:
 * @self: a sparkline
 * @series: (nullable): what it draws, in percent
 *
 * Sets what it draws.
 */
void
xeno_sparkline_set_series (XenoSparkline *self,
                           XenoSeries    *series)
{
  g_return_if_fail (XENO_IS_SPARKLINE (self));
  g_return_if_fail (series == NULL || XENO_IS_SERIES (series));

  if (self->series == series)
    return;

  clear_series (self);
  if (series != NULL)
    {
      self->series = g_object_ref (series);
      self->changed_id = g_signal_connect_swapped (series, "changed",
                                                   G_CALLBACK (gtk_widget_queue_draw), self);
    }
  gtk_widget_queue_draw (GTK_WIDGET (self));
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SERIES]);
}
