/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How the lines of a graph look, so that two can be told apart without seeing colours. */
#include "config.h"

#include <adwaita.h>

#include "widgets/xeno-line-style.h"

typedef struct
{
  const char *light;
  const char *dark;
  double      dashes[2];
  int         n_dashes;
} Style;

/* Named colours of libadwaita's style sheet. */
static const Style styles[XENO_METRIC_MAX_LINES] = {
  { "accent_color", "accent_color", { 0.0, 0.0 }, 0 },
  { "purple_4", "purple_1", { 5.0, 3.0 }, 2 },
};

/**
 * xeno_line_style_get_foreground:
 * @widget: a widget
 * @color: (out): the colour
 *
 * Gets the colour of a widget's text.
 */
void
xeno_line_style_get_foreground (GtkWidget *widget,
                                GdkRGBA   *color)
{
  g_return_if_fail (GTK_IS_WIDGET (widget));
  g_return_if_fail (color != NULL);

  gtk_style_context_get_color (gtk_widget_get_style_context (widget), color);
}

/**
 * xeno_line_style_get_color:
 * @widget: the widget that draws
 * @line: which line, from 0
 * @color: (out): the colour
 *
 * Gets a line's colour. In high contrast it is that of the text, and the dashes alone differ.
 */
void
xeno_line_style_get_color (GtkWidget *widget,
                           guint      line,
                           GdkRGBA   *color)
{
  AdwStyleManager *manager;
  const char *name;

  g_return_if_fail (GTK_IS_WIDGET (widget));
  g_return_if_fail (line < XENO_METRIC_MAX_LINES);
  g_return_if_fail (color != NULL);

  manager = adw_style_manager_get_for_display (gtk_widget_get_display (widget));
  name = adw_style_manager_get_dark (manager) ? styles[line].dark : styles[line].light;

  if (adw_style_manager_get_high_contrast (manager)
      || !gtk_style_context_lookup_color (gtk_widget_get_style_context (widget), name, color))
    xeno_line_style_get_foreground (widget, color);
}

/**
 * xeno_line_style_set_stroke:
 * @widget: the widget that draws
 * @cr: where it draws
 * @line: which line, from 0
 * @width: of the line
 *
 * Prepares the strokes that follow.
 */
void
xeno_line_style_set_stroke (GtkWidget *widget,
                            cairo_t   *cr,
                            guint      line,
                            double     width)
{
  GdkRGBA color;

  g_return_if_fail (line < XENO_METRIC_MAX_LINES);
  g_return_if_fail (cr != NULL);

  xeno_line_style_get_color (widget, line, &color);
  gdk_cairo_set_source_rgba (cr, &color);
  cairo_set_line_width (cr, width);
  cairo_set_line_cap (cr, styles[line].n_dashes > 0 ? CAIRO_LINE_CAP_BUTT : CAIRO_LINE_CAP_ROUND);
  /* A thin line of hundreds of points looks the same with round joins, and costs twice as much. */
  cairo_set_line_join (cr, CAIRO_LINE_JOIN_BEVEL);
  cairo_set_dash (cr, styles[line].dashes, styles[line].n_dashes, 0.0);
}
