/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How a plot looks: grid, lines, scale, times and readout, in GSK nodes and one cairo node. */
#include "config.h"

#include <math.h>

#include <glib/gi18n-lib.h>

#include "widgets/xeno-plot-private.h"
#include "widgets/xeno-scale.h"

#define LINE_WIDTH 2.0
#define DOT_RADIUS 4.0
#define PADDING 6.0
/* Keeps the gutter as wide as most scales need, so that it seldom moves. */
#define WIDE_VALUE (500.0 * 1024.0 * 1024.0)

/* One run of samples on its way to the screen. */
typedef struct
{
  cairo_t *cr;
  double   bottom;
  double   first_x;
  double   last_x;
  gint64   last_us;
} Pen;

static double
x_of_time (XenoPlot *self,
           gint64    time_us)
{
  double age = (double) (self->edge_us - time_us) / WINDOW_US;

  return self->area.origin.x + self->area.size.width * (xeno_plot_is_mirrored (self) ? age : 1.0 - age);
}

static double
y_of_value (XenoPlot *self,
            double    value)
{
  double share = CLAMP (value / self->top, 0.0, 1.0);

  return self->area.origin.y + self->area.size.height * (1.0 - share);
}

static PangoLayout *
layout_of_text (XenoPlot   *self,
                guint       label,
                const char *text)
{
  if (self->labels[label] == NULL)
    self->labels[label] = gtk_widget_create_pango_layout (GTK_WIDGET (self), text);
  else if (g_strcmp0 (pango_layout_get_text (self->labels[label]), text) != 0)
    pango_layout_set_text (self->labels[label], text, -1);
  return self->labels[label];
}

static void
append_layout_at (GtkSnapshot   *snapshot,
                  PangoLayout   *layout,
                  double         x,
                  double         y,
                  const GdkRGBA *color)
{
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT (x, y));
  gtk_snapshot_append_layout (snapshot, layout, color);
  gtk_snapshot_restore (snapshot);
}

/* Set apart from the direction of the page: the number stands before its unit. */
static PangoLayout *
layout_of_value (XenoPlot *self,
                 guint     label,
                 double    value)
{
  g_autofree char *text = xeno_scale_format (self->unit, value);
  g_autofree char *isolated = g_strconcat ("\u2068", text, "\u2069", NULL);

  return layout_of_text (self, label, isolated);
}

/* Leaves room for the scale beside the lines, and for the times below them. */
static void
update_area (XenoPlot *self)
{
  double values[] = { self->top, self->top / 2.0, WIDE_VALUE };
  int gutter = 0;
  int height = 0;

  for (guint i = LABEL_TOP; i <= LABEL_WIDE; i++)
    {
      int width;

      if (i == LABEL_WIDE && self->unit == XENO_UNIT_PERCENT)
        break;
      pango_layout_get_pixel_size (layout_of_value (self, i, values[i]), &width, &height);
      gutter = MAX (gutter, width);
    }

  gutter += PADDING;
  graphene_rect_init (&self->area, xeno_plot_is_mirrored (self) ? LINE_WIDTH : gutter, height / 2.0,
                      MAX (gtk_widget_get_width (GTK_WIDGET (self)) - gutter - LINE_WIDTH, 1.0),
                      MAX (gtk_widget_get_height (GTK_WIDGET (self)) - 1.5 * height - 2.0, 1.0));
}

static void
append_grid (XenoPlot    *self,
             GtkSnapshot *snapshot)
{
  GdkRGBA color;

  xeno_line_style_get_foreground (GTK_WIDGET (self), &color);
  color.alpha *= 0.15;
  for (guint i = 0; i <= 2; i++)
    {
      double y = floor (y_of_value (self, self->top * i / 2.0));

      gtk_snapshot_append_color (snapshot, &color,
                                 &GRAPHENE_RECT_INIT (self->area.origin.x, y,
                                                      self->area.size.width, 1));
    }
}

static void
append_label (XenoPlot    *self,
              GtkSnapshot *snapshot,
              PangoLayout *layout,
              double       x,
              double       y)
{
  GdkRGBA color;

  xeno_line_style_get_foreground (GTK_WIDGET (self), &color);
  color.alpha *= 0.7;
  append_layout_at (snapshot, layout, floor (x), floor (y), &color);
}

static void
append_scale_label (XenoPlot    *self,
                    GtkSnapshot *snapshot,
                    guint        label,
                    double       value)
{
  PangoLayout *layout = layout_of_value (self, label, value);
  int width;
  int height;

  pango_layout_get_pixel_size (layout, &width, &height);
  append_label (self, snapshot, layout,
                xeno_plot_is_mirrored (self) ? self->area.origin.x + self->area.size.width + PADDING
                                   : self->area.origin.x - PADDING - width,
                y_of_value (self, value) - height / 2.0);
}

static void
append_time_labels (XenoPlot    *self,
                    GtkSnapshot *snapshot)
{
  PangoLayout *oldest = layout_of_text (self, LABEL_OLDEST, _("5 minutes ago"));
  PangoLayout *newest = layout_of_text (self, LABEL_NEWEST, _("Now"));
  PangoLayout *left = xeno_plot_is_mirrored (self) ? newest : oldest;
  PangoLayout *right = xeno_plot_is_mirrored (self) ? oldest : newest;
  double y = self->area.origin.y + self->area.size.height + 2.0;
  int left_width;
  int right_width;

  pango_layout_get_pixel_size (left, &left_width, NULL);
  pango_layout_get_pixel_size (right, &right_width, NULL);
  if (left_width + right_width + PADDING > self->area.size.width)
    return;

  append_label (self, snapshot, left, self->area.origin.x, y);
  append_label (self, snapshot, right,
                self->area.origin.x + self->area.size.width - right_width, y);
}

/* A sample between two gaps is a dot. */
static void
draw_dot (Pen *pen)
{
  cairo_set_dash (pen->cr, NULL, 0, 0.0);
  cairo_set_line_cap (pen->cr, CAIRO_LINE_CAP_ROUND);
  cairo_stroke (pen->cr);
}

static void
fill_run (XenoPlot *self,
          guint     line,
          Pen      *pen)
{
  GdkRGBA color;

  xeno_line_style_get_color (GTK_WIDGET (self), line, &color);
  color.alpha *= line == 0 ? 0.18 : 0.10;
  gdk_cairo_set_source_rgba (pen->cr, &color);
  cairo_line_to (pen->cr, pen->last_x, pen->bottom);
  cairo_line_to (pen->cr, pen->first_x, pen->bottom);
  cairo_close_path (pen->cr);
  cairo_fill (pen->cr);
}

static void
end_run (XenoPlot *self,
         guint     line,
         Pen      *pen)
{
  if (isnan (pen->first_x))
    return;

  xeno_line_style_set_stroke (GTK_WIDGET (self), pen->cr, line, LINE_WIDTH);
  if (pen->first_x == pen->last_x)
    draw_dot (pen);
  else
    {
      cairo_stroke_preserve (pen->cr);
      fill_run (self, line, pen);
    }
  pen->first_x = NAN;
}

static void
draw_line (XenoPlot *self,
           guint     line,
           cairo_t  *cr)
{
  XenoSeries *series = self->lines[line].series;
  guint length = xeno_series_get_length (series);
  guint first = xeno_plot_find_sample (series, self->edge_us - WINDOW_US);
  Pen pen = { cr, y_of_value (self, 0.0), NAN, NAN, 0 };

  for (guint i = first > 0 ? first - 1 : 0; i < length; i++)
    {
      gint64 time_us;
      double value = xeno_series_get (series, i, &time_us);

      if (isnan (value) || time_us - pen.last_us > LONGEST_STEP_US)
        end_run (self, line, &pen);
      if (isnan (value))
        continue;

      pen.last_x = x_of_time (self, time_us);
      pen.last_us = time_us;
      if (isnan (pen.first_x))
        {
          pen.first_x = pen.last_x;
          cairo_move_to (cr, pen.last_x, y_of_value (self, value));
        }
      cairo_line_to (cr, pen.last_x, y_of_value (self, value));
    }
  end_run (self, line, &pen);
}

static void
append_lines (XenoPlot    *self,
              GtkSnapshot *snapshot)
{
  graphene_rect_t bounds = self->area;
  cairo_t *cr;

  /* The newest sample's cap may reach over the edge, the oldest line is cut at it. */
  graphene_rect_inset (&bounds, 0.0, -LINE_WIDTH);
  bounds.size.width += LINE_WIDTH;
  if (xeno_plot_is_mirrored (self))
    bounds.origin.x -= LINE_WIDTH;
  cr = gtk_snapshot_append_cairo (snapshot, &bounds);
  /* The best edges cost four times as much and look the same. */
  cairo_set_antialias (cr, CAIRO_ANTIALIAS_FAST);
  for (guint i = 0; i < XENO_METRIC_MAX_LINES; i++)
    if (self->lines[i].series != NULL)
      draw_line (self, i, cr);
  cairo_destroy (cr);
}

static void
append_dot (GtkSnapshot   *snapshot,
            double         x,
            double         y,
            const GdkRGBA *color)
{
  GskRoundedRect outline;

  gsk_rounded_rect_init_from_rect (&outline,
                                   &GRAPHENE_RECT_INIT (x - DOT_RADIUS, y - DOT_RADIUS,
                                                        2 * DOT_RADIUS, 2 * DOT_RADIUS),
                                   DOT_RADIUS);
  gtk_snapshot_push_rounded_clip (snapshot, &outline);
  gtk_snapshot_append_color (snapshot, color, &outline.bounds);
  gtk_snapshot_pop (snapshot);
}

static void
append_bubble (XenoPlot    *self,
               GtkSnapshot *snapshot,
               double       x,
               const char  *text)
{
  PangoLayout *layout = layout_of_text (self, LABEL_READOUT, text);
  double right = self->area.origin.x + self->area.size.width;
  GskRoundedRect outline;
  GdkRGBA back = { 0.0, 0.0, 0.0, 0.85 };
  GdkRGBA front = { 1.0, 1.0, 1.0, 1.0 };
  int text_width;
  int text_height;
  double left;

  pango_layout_get_pixel_size (layout, &text_width, &text_height);
  left = x + PADDING;
  if (left + text_width + 2 * PADDING > right)
    left = x - text_width - 3 * PADDING;
  left = MAX (left, 0.0);

  gsk_rounded_rect_init_from_rect (&outline,
                                   &GRAPHENE_RECT_INIT (left, PADDING, text_width + 2 * PADDING,
                                                        text_height + PADDING),
                                   PADDING);
  gtk_snapshot_push_rounded_clip (snapshot, &outline);
  gtk_snapshot_append_color (snapshot, &back, &outline.bounds);
  gtk_snapshot_pop (snapshot);
  append_layout_at (snapshot, layout, left + PADDING, 1.5 * PADDING, &front);
}

static void
append_readout (XenoPlot    *self,
                GtkSnapshot *snapshot)
{
  gint64 time_us = xeno_plot_get_readout_us (self);
  g_autofree char *text = xeno_plot_dup_readout_text (self);
  double x = x_of_time (self, time_us);
  GdkRGBA color;

  if (text == NULL)
    return;

  xeno_line_style_get_foreground (GTK_WIDGET (self), &color);
  color.alpha *= 0.5;
  gtk_snapshot_append_color (snapshot, &color, &GRAPHENE_RECT_INIT (floor (x), self->area.origin.y,
                                                              1, self->area.size.height));

  for (guint i = 0; i < XENO_METRIC_MAX_LINES; i++)
    {
      double value = self->lines[i].series != NULL ? xeno_plot_find_value (self->lines[i].series, time_us) : NAN;

      if (isnan (value))
        continue;
      xeno_line_style_get_color (GTK_WIDGET (self), i, &color);
      append_dot (snapshot, x, y_of_value (self, value), &color);
    }
  append_bubble (self, snapshot, x, text);
}

/* The snapshot of the widget. */
void
xeno_plot_draw (GtkWidget   *widget,
                GtkSnapshot *snapshot)
{
  XenoPlot *self = XENO_PLOT (widget);
  int width = gtk_widget_get_width (widget);
  int height = gtk_widget_get_height (widget);

  gtk_snapshot_push_clip (snapshot, &GRAPHENE_RECT_INIT (0, 0, width, height));
  update_area (self);
  append_grid (self, snapshot);
  append_lines (self, snapshot);
  append_scale_label (self, snapshot, LABEL_TOP, self->top);
  append_scale_label (self, snapshot, LABEL_MIDDLE, self->top / 2.0);
  append_time_labels (self, snapshot);
  append_readout (self, snapshot);
  gtk_snapshot_pop (snapshot);
}
