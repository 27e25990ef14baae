/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A metric over time: its title, its newest values, and the plot. */
#include "config.h"

#include "widgets/xeno-columns.h"
#include "widgets/xeno-graph.h"
#include "widgets/xeno-line-style.h"
#include "widgets/xeno-swatch.h"

struct _XenoGraph
{
  GtkBox       parent_instance;
  GtkWidget   *title;
  GtkWidget   *legends[XENO_METRIC_MAX_LINES];
  GtkWidget   *values[XENO_METRIC_MAX_LINES];
  GtkWidget   *plot;
  XenoSeries  *series[XENO_METRIC_MAX_LINES];
  gulong       changed_ids[XENO_METRIC_MAX_LINES];
};

G_DEFINE_FINAL_TYPE (XenoGraph, xeno_graph, GTK_TYPE_BOX)

enum
{
  PROP_0,
  PROP_TITLE,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

/* An inscription starts where its text does. From right to left even "2.8 GiB" starts at the right:
 * a mark makes the paragraph so, and the isolate keeps the number before its unit. */
static void
show_value (XenoGraph  *self,
            guint       line,
            const char *text)
{
  gboolean is_mirrored = gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL;
  g_autofree char *marked = is_mirrored ? g_strconcat ("\u200f\u2068", text, "\u2069", NULL) : NULL;

  gtk_inscription_set_text (GTK_INSCRIPTION (self->values[line]), is_mirrored ? marked : text);
}

static void
update_values (XenoGraph *self)
{
  for (guint i = 0; i < XENO_METRIC_MAX_LINES; i++)
    {
      g_autofree char *text = xeno_plot_dup_value_text (XENO_PLOT (self->plot), i);

      gtk_widget_set_visible (self->legends[i], text != NULL);
      show_value (self, i, text);
    }
}

static void
changed_cb (XenoGraph *self)
{
  if (gtk_widget_get_mapped (GTK_WIDGET (self)))
    update_values (self);
}

static void
xeno_graph_map (GtkWidget *widget)
{
  update_values (XENO_GRAPH (widget));

  GTK_WIDGET_CLASS (xeno_graph_parent_class)->map (widget);
}

static void
clear_series (XenoGraph *self,
              guint      line)
{
  if (self->series[line] != NULL)
    g_clear_signal_handler (&self->changed_ids[line], self->series[line]);
  g_clear_object (&self->series[line]);
}

static void
xeno_graph_dispose (GObject *object)
{
  XenoGraph *self = XENO_GRAPH (object);

  for (guint i = 0; i < XENO_METRIC_MAX_LINES; i++)
    clear_series (self, i);

  G_OBJECT_CLASS (xeno_graph_parent_class)->dispose (object);
}

static void
xeno_graph_get_property (GObject    *object,
                         guint       prop_id,
                         GValue     *value,
                         GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_TITLE:
      g_value_set_string (value, xeno_graph_get_title (XENO_GRAPH (object)));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
xeno_graph_set_property (GObject      *object,
                         guint         prop_id,
                         const GValue *value,
                         GParamSpec   *pspec)
{
  switch (prop_id)
    {
    case PROP_TITLE:
      xeno_graph_set_title (XENO_GRAPH (object), g_value_get_string (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
xeno_graph_class_init (XenoGraphClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = xeno_graph_dispose;
  object_class->get_property = xeno_graph_get_property;
  object_class->set_property = xeno_graph_set_property;
  widget_class->map = xeno_graph_map;

  /**
   * XenoGraph:title:
   *
   * What is measured: "Processor".
   */
  properties[PROP_TITLE] =
    g_param_spec_string ("title", NULL, NULL, NULL,
                         G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);

  g_type_ensure (XENO_TYPE_COLUMNS);
  g_type_ensure (XENO_TYPE_PLOT);
  g_type_ensure (XENO_TYPE_SWATCH);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/unaos/Xenolith/xeno-graph.ui");
  gtk_widget_class_bind_template_child (widget_class, XenoGraph, title);
  gtk_widget_class_bind_template_child (widget_class, XenoGraph, plot);
  gtk_widget_class_bind_template_child_full (widget_class, "legend_0", FALSE,
                                             G_STRUCT_OFFSET (XenoGraph, legends[0]));
  gtk_widget_class_bind_template_child_full (widget_class, "legend_1", FALSE,
                                             G_STRUCT_OFFSET (XenoGraph, legends[1]));
  gtk_widget_class_bind_template_child_full (widget_class, "value_0", FALSE,
                                             G_STRUCT_OFFSET (XenoGraph, values[0]));
  gtk_widget_class_bind_template_child_full (widget_class, "value_1", FALSE,
                                             G_STRUCT_OFFSET (XenoGraph, values[1]));
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
  gtk_widget_class_set_css_name (widget_class, "graph");
}

static void
xeno_graph_init (XenoGraph *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * xeno_graph_new:
 *
 * Makes a graph without lines.
 *
 * Returns: (transfer floating): the widget
 */
GtkWidget *
xeno_graph_new (void)
{
  return g_object_new (XENO_TYPE_GRAPH, NULL);
}

/**
 * xeno_graph_get_title:
 * @self: a graph
 *
 * Gets what is measured.
 *
 * Returns: (transfer none): the title
 */
const char *
xeno_graph_get_title (XenoGraph *self)
{
  g_return_val_if_fail (XENO_IS_GRAPH (self), NULL);

  return gtk_label_get_label (GTK_LABEL (self->title));
}

/**
 * xeno_graph_set_title:
 * @self: a graph
 * @title: (nullable): the title
 *
 * Sets what is measured: "Processor".
 */
void
xeno_graph_set_title (XenoGraph  *self,
                      const char *title)
{
  g_return_if_fail (XENO_IS_GRAPH (self));

  if (title == NULL)
    title = "";
  if (g_strcmp0 (xeno_graph_get_title (self), title) == 0)
    return;

  gtk_label_set_label (GTK_LABEL (self->title), title);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->plot),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, title,
                                  -1);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TITLE]);
}

/**
 * xeno_graph_set_scale:
 * @self: a graph
 * @unit: what is measured
 * @limit: the natural upper end of the scale (100 %, all memory), or 0 for one that follows the data
 *
 * Says how values become heights and text.
 */
void
xeno_graph_set_scale (XenoGraph *self,
                      XenoUnit   unit,
                      double     limit)
{
  g_return_if_fail (XENO_IS_GRAPH (self));

  xeno_plot_set_scale (XENO_PLOT (self->plot), unit, limit);
  changed_cb (self);
}

/**
 * xeno_graph_set_line:
 * @self: a graph
 * @line: which line, 0 or 1
 * @title: (nullable): what tells this line from the other: "Read"
 * @series: (nullable): what it shows, or %NULL for no such line
 *
 * Sets what one line shows.
 */
void
xeno_graph_set_line (XenoGraph  *self,
                     guint       line,
                     const char *title,
                     XenoSeries *series)
{
  g_return_if_fail (XENO_IS_GRAPH (self));
  g_return_if_fail (line < XENO_METRIC_MAX_LINES);
  g_return_if_fail (series == NULL || XENO_IS_SERIES (series));

  xeno_plot_set_line (XENO_PLOT (self->plot), line, title, series);

  clear_series (self, line);
  if (series != NULL)
    {
      self->series[line] = g_object_ref (series);
      self->changed_ids[line] = g_signal_connect_swapped (series, "changed",
                                                          G_CALLBACK (changed_cb), self);
    }
  update_values (self);
}

/**
 * xeno_graph_get_plot:
 * @self: a graph
 *
 * Gets the picture in the graph.
 *
 * Returns: (transfer none): the plot
 */
XenoPlot *
xeno_graph_get_plot (XenoGraph *self)
{
  g_return_val_if_fail (XENO_IS_GRAPH (self), NULL);

  return XENO_PLOT (self->plot);
}
