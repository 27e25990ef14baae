/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The picture in a graph: five minutes of one or two series, a scale, and a readout to move over it. */
#include "config.h"

#include <math.h>

#include <glib/gi18n-lib.h>

#include "widgets/xeno-plot-private.h"
#include "widgets/xeno-scale.h"

#define SAMPLE_US G_USEC_PER_SEC
#define PAGE_SAMPLES 30

#define LEAST_WIDTH 140
#define NATURAL_WIDTH 380
#define LEAST_HEIGHT 110
#define LEAST_LINES 7

G_DEFINE_FINAL_TYPE (XenoPlot, xeno_plot, GTK_TYPE_WIDGET)

/* The first sample not before a time, or the length where all are. */
guint
xeno_plot_find_sample (XenoSeries *series,
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
  guint after = xeno_plot_find_sample (series, time_us);
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

/* What was measured about a time; NaN where nothing was. */
double
xeno_plot_find_value (XenoSeries *series,
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

gboolean
xeno_plot_is_mirrored (XenoPlot *self)
{
  return gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL;
}

static gint64
time_of_x (XenoPlot *self,
           double    x)
{
  double share = CLAMP ((x - self->area.origin.x) / MAX (self->area.size.width, 1.0), 0.0, 1.0);
  double age = xeno_plot_is_mirrored (self) ? share : 1.0 - share;

  return self->edge_us - (gint64) (age * WINDOW_US);
}

/* The time the readout speaks of, or 0 where there is no readout. */
gint64
xeno_plot_get_readout_us (XenoPlot *self)
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
      part = line_text (self, i, xeno_plot_find_value (self->lines[i].series, time_us));
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
  if (is_visual && xeno_plot_is_mirrored (self))
    steps = -steps;

  oldest = MIN (xeno_plot_find_sample (series, self->edge_us - WINDOW_US), length - 1);
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
  widget_class->snapshot = xeno_plot_draw;
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

  time_us = xeno_plot_get_readout_us (self);
  if (time_us == 0)
    return NULL;

  time = clock_text (time_us);
  values = values_text (self, time_us, "\n");
  return g_strconcat (time, "\n", values, NULL);
}
