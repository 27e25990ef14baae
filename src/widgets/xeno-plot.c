/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The picture in a graph: five minutes of one or two series, a scale, and a readout to move over it. */
#include "config.h"

#include <math.h>

#include <glib/gi18n-lib.h>

#include "widgets/xeno-line-style.h"
#include "widgets/xeno-plot.h"
#include "widgets/xeno-scale.h"

#define WINDOW_US (5 * 60 * G_USEC_PER_SEC)
#define SAMPLE_US G_USEC_PER_SEC
/* Samples further apart than this are not joined: nobody knows what was between them. */
#define LONGEST_STEP_US (5 * G_USEC_PER_SEC)
#define PAGE_SAMPLES 30

#define LINE_WIDTH 2.0
#define DOT_RADIUS 4.0
#define PADDING 6.0
#define LEAST_WIDTH 140
#define NATURAL_WIDTH 380
#define LEAST_HEIGHT 110
#define LEAST_LINES 7
/* Keeps the gutter as wide as most scales need, so that it seldom moves. */
#define WIDE_VALUE (500.0 * 1024.0 * 1024.0)

enum
{
  LABEL_TOP,
  LABEL_MIDDLE,
  LABEL_WIDE,
  LABEL_OLDEST,
  LABEL_NEWEST,
  LABEL_READOUT,
  N_LABELS
};

typedef struct
{
  XenoSeries *series;
  char       *title;
  gulong      changed_id;
} Line;

struct _XenoPlot
{
  GtkWidget        parent_instance;
  Line             lines[XENO_METRIC_MAX_LINES];
  XenoUnit         unit;
  double           limit;
  double           top;
  gint64           edge_us;
  double           pointer_x;
  gint64           cursor_us;
  guint            tick_id;
  graphene_rect_t  area; /* of the lines, between the labels */
  PangoLayout     *labels[N_LABELS];
};

G_DEFINE_FINAL_TYPE (XenoPlot, xeno_plot, GTK_TYPE_WIDGET)

/* One run of samples on its way to the screen. */
typedef struct
{
  cairo_t *cr;
  double   bottom;
  double   first_x;
  double   last_x;
  gint64   last_us;
} Pen;

static guint
first_not_before (XenoSeries *series,
                  gint64      time_us)
{
  guint low = 0;
  guint high = xeno_series_get_length (series);

  while (low < high)
    {
      guint middle = low + (high - low) / 2;
      gint64 middle_us;

      xeno_series_get (series, middle, &middle_us);
      if (middle_us < time_us)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

/* The sample nearest to a time, or -1 where none is near enough to speak for it. */
static int
nearest (XenoSeries *series,
         gint64      time_us)
{
  guint after = first_not_before (series, time_us);
  gint64 best_us = LONGEST_STEP_US;
  int best = -1;

  for (guint i = after > 0 ? after - 1 : 0; i <= after && i < xeno_series_get_length (series); i++)
    {
      gint64 sample_us;

      xeno_series_get (series, i, &sample_us);
      if (ABS (sample_us - time_us) < best_us)
        {
          best_us = ABS (sample_us - time_us);
          best = i;
        }
    }
  return best;
}

static double
value_at (XenoSeries *series,
          gint64      time_us)
{
  int index = nearest (series, time_us);

  return index >= 0 ? xeno_series_get (series, index, NULL) : NAN;
}

static gint64
newest_us (XenoPlot *self)
{
  gint64 newest = 0;

  for (guint i = 0; i < XENO_METRIC_MAX_LINES; i++)
    {
      XenoSeries *series = self->lines[i].series;
      guint length = series != NULL ? xeno_series_get_length (series) : 0;
      gint64 time_us;

      if (length == 0)
        continue;
      xeno_series_get (series, length - 1, &time_us);
      newest = MAX (newest, time_us);
    }
  return newest;
}

/* The time at the newest edge. Under the pointer it follows the clock, one sample behind, so that
 * the line comes in smoothly; it never runs ahead of what was measured. */
static gint64
current_edge_us (XenoPlot *self)
{
  gint64 newest = newest_us (self);
  GdkFrameClock *clock = gtk_widget_get_frame_clock (GTK_WIDGET (self));

  if (self->tick_id == 0 || clock == NULL)
    return newest;
  return CLAMP (gdk_frame_clock_get_frame_time (clock) - SAMPLE_US, newest - SAMPLE_US, newest);
}

static double
fitting_top (XenoPlot *self)
{
  double max = 0.0;

  if (self->limit > 0.0)
    return self->limit;

  for (guint i = 0; i < XENO_METRIC_MAX_LINES; i++)
    if (self->lines[i].series != NULL)
      max = MAX (max, xeno_series_get_max (self->lines[i].series, newest_us (self) - WINDOW_US));
  return xeno_scale_fit (self->unit, max);
}

static gboolean
is_mirrored (XenoPlot *self)
{
  return gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL;
}

static double
x_of_time (XenoPlot *self,
           gint64    time_us)
{
  double age = (double) (self->edge_us - time_us) / WINDOW_US;

  return self->area.origin.x + self->area.size.width * (is_mirrored (self) ? age : 1.0 - age);
}

static gint64
time_of_x (XenoPlot *self,
           double    x)
{
  double share = CLAMP ((x - self->area.origin.x) / MAX (self->area.size.width, 1.0), 0.0, 1.0);
  double age = is_mirrored (self) ? share : 1.0 - share;

  return self->edge_us - (gint64) (age * WINDOW_US);
}

static double
y_of_value (XenoPlot *self,
            double    value)
{
  double share = CLAMP (value / self->top, 0.0, 1.0);

  return self->area.origin.y + self->area.size.height * (1.0 - share);
}

/* The time the readout speaks of, or 0 where there is no readout. */
static gint64
readout_us (XenoPlot *self)
{
  if (self->cursor_us != 0)
    return MAX (self->cursor_us, self->edge_us - WINDOW_US);
  if (!isnan (self->pointer_x) && self->edge_us != 0)
    return time_of_x (self, self->pointer_x);
  return 0;
}

static char *
line_text (XenoPlot *self,
           guint     line,
           double    value)
{
  g_autofree char *text = xeno_scale_format (self->unit, value);

  if (self->lines[line].title == NULL)
    return g_steal_pointer (&text);
  /* Translators: a line of a graph and its value, as "Read 3.2 MiB/s" */
  return g_strdup_printf (_("%s %s"), self->lines[line].title, text);
}

/* What all lines say at a time, joined by @separator. */
static char *
values_text (XenoPlot   *self,
             gint64      time_us,
             const char *separator)
{
  g_autoptr(GString) text = g_string_new (NULL);

  for (guint i = 0; i < XENO_METRIC_MAX_LINES; i++)
    {
      g_autofree char *part = NULL;

      if (self->lines[i].series == NULL)
        continue;
      part = line_text (self, i, value_at (self->lines[i].series, time_us));
      if (text->len > 0)
        g_string_append (text, separator);
      g_string_append (text, part);
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static char *
clock_text (gint64 time_us)
{
  gint64 real_us = g_get_real_time () - g_get_monotonic_time () + time_us;
  g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc (real_us / G_USEC_PER_SEC);
  g_autoptr(GDateTime) local = g_date_time_to_local (utc);

  return g_date_time_format (local, "%X");
}

static void
update_accessible (XenoPlot *self)
{
  g_autofree char *text = xeno_plot_dup_readout_text (self);

  if (text == NULL)
    /* Translators: between the values of two lines, as "Read 3.2 MiB/s, written 640 KiB/s" */
    text = values_text (self, newest_us (self), _(", "));

  /* Assistive technologies read an image's description; its value text is for those that ask. */
  gtk_accessible_update_property (GTK_ACCESSIBLE (self),
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, text,
                                  GTK_ACCESSIBLE_PROPERTY_VALUE_TEXT, text,
                                  -1);
}

static void
update (XenoPlot *self)
{
  self->top = fitting_top (self);
  self->edge_us = current_edge_us (self);
  update_accessible (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
changed_cb (XenoPlot *self)
{
  if (gtk_widget_get_mapped (GTK_WIDGET (self)))
    update (self);
}

static void
clear_line (Line *line)
{
  if (line->series != NULL)
    g_clear_signal_handler (&line->changed_id, line->series);
  g_clear_object (&line->series);
  g_clear_pointer (&line->title, g_free);
}

static void
clear_labels (XenoPlot *self)
{
  for (guint i = 0; i < N_LABELS; i++)
    g_clear_object (&self->labels[i]);
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

static PangoLayout *
layout_of_value (XenoPlot *self,
                 guint     label,
                 double    value)
{
  g_autofree char *text = xeno_scale_format (self->unit, value);

  return layout_of_text (self, label, text);
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
  graphene_rect_init (&self->area, is_mirrored (self) ? LINE_WIDTH : gutter, height / 2.0,
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
                is_mirrored (self) ? self->area.origin.x + self->area.size.width + PADDING
                                   : self->area.origin.x - PADDING - width,
                y_of_value (self, value) - height / 2.0);
}

static void
append_time_labels (XenoPlot    *self,
                    GtkSnapshot *snapshot)
{
  PangoLayout *oldest = layout_of_text (self, LABEL_OLDEST, _("5 minutes ago"));
  PangoLayout *newest = layout_of_text (self, LABEL_NEWEST, _("Now"));
  PangoLayout *left = is_mirrored (self) ? newest : oldest;
  PangoLayout *right = is_mirrored (self) ? oldest : newest;
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
  guint first = first_not_before (series, self->edge_us - WINDOW_US);
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
  if (is_mirrored (self))
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
  gint64 time_us = readout_us (self);
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
      double value = self->lines[i].series != NULL ? value_at (self->lines[i].series, time_us) : NAN;

      if (isnan (value))
        continue;
      xeno_line_style_get_color (GTK_WIDGET (self), i, &color);
      append_dot (snapshot, x, y_of_value (self, value), &color);
    }
  append_bubble (self, snapshot, x, text);
}

static void
xeno_plot_snapshot (GtkWidget   *widget,
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

static void
xeno_plot_measure (GtkWidget      *widget,
                   GtkOrientation  orientation,
                   int             for_size,
                   int            *minimum,
                   int            *natural,
                   int            *minimum_baseline,
                   int            *natural_baseline)
{
  PangoContext *context = gtk_widget_get_pango_context (widget);
  PangoFontMetrics *metrics;

  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    {
      *minimum = LEAST_WIDTH;
      *natural = NATURAL_WIDTH;
      return;
    }

  metrics = pango_context_get_metrics (context, NULL, NULL);
  *minimum = MAX (LEAST_HEIGHT, LEAST_LINES * PANGO_PIXELS (pango_font_metrics_get_height (metrics)));
  *natural = *minimum;
  pango_font_metrics_unref (metrics);
}

static gboolean
tick_cb (GtkWidget     *widget,
         GdkFrameClock *clock,
         gpointer       user_data)
{
  XenoPlot *self = XENO_PLOT (widget);
  gint64 edge_us = current_edge_us (self);
  double moved = (double) (edge_us - self->edge_us) / WINDOW_US
                 * self->area.size.width * gtk_widget_get_scale_factor (widget);

  if (fabs (moved) >= 1.0)
    {
      self->edge_us = edge_us;
      gtk_widget_queue_draw (widget);
    }
  return G_SOURCE_CONTINUE;
}

static void
stop_following (XenoPlot *self)
{
  if (self->tick_id != 0)
    gtk_widget_remove_tick_callback (GTK_WIDGET (self), self->tick_id);
  self->tick_id = 0;
  self->pointer_x = NAN;
}

static void
motion_cb (XenoPlot *self,
           double    x,
           double    y)
{
  self->pointer_x = x;
  self->cursor_us = 0;
  if (self->tick_id == 0)
    self->tick_id = gtk_widget_add_tick_callback (GTK_WIDGET (self), tick_cb, NULL, NULL);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
leave_cb (XenoPlot *self)
{
  stop_following (self);
  update (self);
}

static void
focus_leave_cb (XenoPlot *self)
{
  self->cursor_us = 0;
  update (self);
}

/* Moves the readout by samples; with the whole window's worth it reaches the end. */
static gboolean
move_cb (GtkWidget *widget,
         GVariant  *args,
         gpointer   user_data)
{
  XenoPlot *self = XENO_PLOT (widget);
  XenoSeries *series = self->lines[0].series;
  guint length = series != NULL ? xeno_series_get_length (series) : 0;
  gboolean is_visual;
  int oldest;
  int index;
  int steps;

  if (length == 0)
    return GDK_EVENT_PROPAGATE;

  g_variant_get (args, "(ib)", &steps, &is_visual);
  if (is_visual && is_mirrored (self))
    steps = -steps;

  oldest = MIN (first_not_before (series, self->edge_us - WINDOW_US), length - 1);
  index = self->cursor_us != 0 ? nearest (series, self->cursor_us) : (int) length - 1;
  if (self->cursor_us != 0 || ABS (steps) > 1)
    index += steps;
  xeno_series_get (series, CLAMP (index, oldest, (int) length - 1), &self->cursor_us);

  update (self);
  return GDK_EVENT_STOP;
}

static gboolean
dismiss_cb (GtkWidget *widget,
            GVariant  *args,
            gpointer   user_data)
{
  XenoPlot *self = XENO_PLOT (widget);

  if (self->cursor_us == 0)
    return GDK_EVENT_PROPAGATE;

  self->cursor_us = 0;
  update (self);
  return GDK_EVENT_STOP;
}

static void
xeno_plot_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (xeno_plot_parent_class)->map (widget);

  update (XENO_PLOT (widget));
}

static void
xeno_plot_unmap (GtkWidget *widget)
{
  stop_following (XENO_PLOT (widget));

  GTK_WIDGET_CLASS (xeno_plot_parent_class)->unmap (widget);
}

static void
xeno_plot_css_changed (GtkWidget         *widget,
                       GtkCssStyleChange *change)
{
  GTK_WIDGET_CLASS (xeno_plot_parent_class)->css_changed (widget, change);

  clear_labels (XENO_PLOT (widget));
}

static void
xeno_plot_direction_changed (GtkWidget        *widget,
                             GtkTextDirection  previous)
{
  clear_labels (XENO_PLOT (widget));
  gtk_widget_queue_draw (widget);

  GTK_WIDGET_CLASS (xeno_plot_parent_class)->direction_changed (widget, previous);
}

static void
xeno_plot_system_setting_changed (GtkWidget        *widget,
                                  GtkSystemSetting  setting)
{
  GTK_WIDGET_CLASS (xeno_plot_parent_class)->system_setting_changed (widget, setting);

  clear_labels (XENO_PLOT (widget));
}

static void
xeno_plot_dispose (GObject *object)
{
  XenoPlot *self = XENO_PLOT (object);

  for (guint i = 0; i < XENO_METRIC_MAX_LINES; i++)
    clear_line (&self->lines[i]);
  clear_labels (self);

  G_OBJECT_CLASS (xeno_plot_parent_class)->dispose (object);
}

static void
add_move_binding (GtkWidgetClass *klass,
                  guint           keyval,
                  int             steps,
                  gboolean        is_visual)
{
  gtk_widget_class_add_binding (klass, keyval, 0, move_cb, "(ib)", steps, is_visual);
}

static void
xeno_plot_class_init (XenoPlotClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = xeno_plot_dispose;
  widget_class->css_changed = xeno_plot_css_changed;
  widget_class->direction_changed = xeno_plot_direction_changed;
  widget_class->map = xeno_plot_map;
  widget_class->measure = xeno_plot_measure;
  widget_class->snapshot = xeno_plot_snapshot;
  widget_class->system_setting_changed = xeno_plot_system_setting_changed;
  widget_class->unmap = xeno_plot_unmap;

  add_move_binding (widget_class, GDK_KEY_Left, -1, TRUE);
  add_move_binding (widget_class, GDK_KEY_Right, 1, TRUE);
  add_move_binding (widget_class, GDK_KEY_Page_Up, -PAGE_SAMPLES, FALSE);
  add_move_binding (widget_class, GDK_KEY_Page_Down, PAGE_SAMPLES, FALSE);
  add_move_binding (widget_class, GDK_KEY_Home, -G_MAXINT16, FALSE);
  add_move_binding (widget_class, GDK_KEY_End, G_MAXINT16, FALSE);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Escape, 0, dismiss_cb, NULL);

  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
  gtk_widget_class_set_css_name (widget_class, "plot");
}

static void
xeno_plot_init (XenoPlot *self)
{
  GtkEventController *motion = gtk_event_controller_motion_new ();
  GtkEventController *focus = gtk_event_controller_focus_new ();

  self->pointer_x = NAN;
  self->top = fitting_top (self);
  gtk_widget_set_focusable (GTK_WIDGET (self), TRUE);
  gtk_widget_add_css_class (GTK_WIDGET (self), "caption");
  gtk_widget_add_css_class (GTK_WIDGET (self), "numeric");

  g_signal_connect_swapped (motion, "enter", G_CALLBACK (motion_cb), self);
  g_signal_connect_swapped (motion, "motion", G_CALLBACK (motion_cb), self);
  g_signal_connect_swapped (motion, "leave", G_CALLBACK (leave_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), motion);
  g_signal_connect_swapped (focus, "leave", G_CALLBACK (focus_leave_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), focus);
}

/**
 * xeno_plot_new:
 *
 * Makes an empty plot.
 *
 * Returns: (transfer floating): the widget
 */
GtkWidget *
xeno_plot_new (void)
{
  return g_object_new (XENO_TYPE_PLOT, NULL);
}

/**
 * xeno_plot_set_scale:
 * @self: a plot
 * @unit: what is measured
 * @limit: the natural upper end of the scale (100 %, all memory), or 0 for one that follows the data
 *
 * Says how values become heights and text.
 */
void
xeno_plot_set_scale (XenoPlot *self,
                     XenoUnit  unit,
                     double    limit)
{
  g_return_if_fail (XENO_IS_PLOT (self));
  g_return_if_fail (isfinite (limit) && limit >= 0.0);

  if (self->unit == unit && self->limit == limit)
    return;

  self->unit = unit;
  self->limit = limit;
  update (self);
}

/**
 * xeno_plot_set_line:
 * @self: a plot
 * @line: which line, 0 or 1
 * @title: (nullable): what tells this line from the other: "Read"
 * @series: (nullable): what it shows, or %NULL for no such line
 *
 * Sets what one line shows.
 */
void
xeno_plot_set_line (XenoPlot   *self,
                    guint       line,
                    const char *title,
                    XenoSeries *series)
{
  Line *it;

  g_return_if_fail (XENO_IS_PLOT (self));
  g_return_if_fail (line < XENO_METRIC_MAX_LINES);
  g_return_if_fail (series == NULL || XENO_IS_SERIES (series));

  it = &self->lines[line];
  clear_line (it);
  it->title = g_strdup (title);
  if (series != NULL)
    {
      it->series = g_object_ref (series);
      it->changed_id = g_signal_connect_swapped (series, "changed", G_CALLBACK (changed_cb), self);
    }
  self->cursor_us = 0;
  update (self);
}

/**
 * xeno_plot_get_top:
 * @self: a plot
 *
 * Gets the value at the upper end of the scale.
 *
 * Returns: the value
 */
double
xeno_plot_get_top (XenoPlot *self)
{
  g_return_val_if_fail (XENO_IS_PLOT (self), 0.0);

  return self->top;
}

/**
 * xeno_plot_dup_value_text:
 * @self: a plot
 * @line: which line, 0 or 1
 *
 * Writes the newest value of a line with its title, as "Read 3.2 MiB/s".
 *
 * Returns: (transfer full) (nullable): the text, or %NULL where there is no such line
 */
char *
xeno_plot_dup_value_text (XenoPlot *self,
                          guint     line)
{
  g_return_val_if_fail (XENO_IS_PLOT (self), NULL);
  g_return_val_if_fail (line < XENO_METRIC_MAX_LINES, NULL);

  if (self->lines[line].series == NULL)
    return NULL;
  return line_text (self, line, xeno_series_get_last (self->lines[line].series));
}

/**
 * xeno_plot_dup_readout_text:
 * @self: a plot
 *
 * Writes what the readout under the pointer, or moved by the arrow keys, says: the time and what
 * each line was then.
 *
 * Returns: (transfer full) (nullable): the text, a line each, or %NULL while there is no readout
 */
char *
xeno_plot_dup_readout_text (XenoPlot *self)
{
  g_autofree char *time = NULL;
  g_autofree char *values = NULL;
  gint64 time_us;

  g_return_val_if_fail (XENO_IS_PLOT (self), NULL);

  time_us = readout_us (self);
  if (time_us == 0)
    return NULL;

  time = clock_text (time_us);
  values = values_text (self, time_us, "\n");
  return g_strconcat (time, "\n", values, NULL);
}
