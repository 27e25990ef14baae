/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The computer behind a connection: what it does, and whether it is ready for machines. */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "base/xeno-units.h"
#include "pages/xeno-host-page.h"
#include "widgets/xeno-columns.h"
#include "widgets/xeno-fact-row.h"
#include "widgets/xeno-graph.h"
#include "widgets/xeno-sight.h"

struct _XenoHostPage
{
  AdwBin          parent_instance;
  GtkWidget      *machines;
  GtkWidget      *cpu;
  GtkWidget      *memory;
  GtkWidget      *readiness;
  GtkWidget      *checks;
  XenoSight      *sight;
  XenoConnection *connection;
  XenoSampler    *sampler;
  GCancellable   *cancellable;
  gulong          sampled_id;
  gboolean        is_watching;
};

G_DEFINE_FINAL_TYPE (XenoHostPage, xeno_host_page, ADW_TYPE_BIN)

enum
{
  PROP_0,
  PROP_CONNECTION,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

typedef struct
{
  const char *icon;
  const char *css_class;
  const char *label;
} Level;

static const Level levels[] = {
  [XENO_CHECK_GOOD] = { "xeno-check-good-symbolic", "success", N_("Good") },
  [XENO_CHECK_NOTE] = { "xeno-check-note-symbolic", "accent", N_("Note") },
  [XENO_CHECK_BAD] = { "xeno-state-crashed-symbolic", "warning", N_("Needs attention") },
};

static char *
text_of_cpus (XenoHostPage *self,
              guint         n_cpus)
{
  return n_cpus > 0 ? g_strdup_printf ("%u", n_cpus) : NULL;
}

static char *
text_of_memory (XenoHostPage *self,
                guint64       bytes)
{
  return bytes > 0 ? xeno_units_format_size (bytes) : NULL;
}

static GtkWidget *
icon_of_level (XenoCheckLevel level)
{
  GtkWidget *icon = gtk_image_new_from_icon_name (levels[level].icon);

  gtk_widget_add_css_class (icon, levels[level].css_class);
  gtk_accessible_update_property (GTK_ACCESSIBLE (icon),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, _(levels[level].label),
                                  -1);
  return icon;
}

/* What was found, and below it what to do about it. */
static GtkWidget *
make_row (gpointer item,
          gpointer user_data)
{
  XenoCheck *check = XENO_CHECK (item);
  const char *advice = xeno_check_get_advice (check);
  g_autofree char *text = g_strjoin ("\n", xeno_check_get_result (check), advice, NULL);
  GtkWidget *row = adw_action_row_new ();

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), xeno_check_get_title (check));
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), text);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 0);
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), icon_of_level (xeno_check_get_level (check)));
  return row;
}

static void
show_machines (XenoHostPage *self)
{
  GListModel *machines = xeno_connection_get_machines (self->connection);
  guint n_machines = g_list_model_get_n_items (machines);
  g_autofree char *text = NULL;
  guint n_running = 0;

  for (guint i = 0; i < n_machines; i++)
    {
      g_autoptr(XenoMachine) machine = g_list_model_get_item (machines, i);

      if (xeno_machine_is_active (machine))
        n_running++;
    }
  /* Translators: machines, as "2 of 5 running" */
  text = g_strdup_printf (_("%u of %u running"), n_running, n_machines);
  xeno_fact_row_set_value (XENO_FACT_ROW (self->machines), text);
}

static void
show_scales (XenoHostPage *self)
{
  guint64 bytes = xeno_host_get_memory_bytes (xeno_connection_get_host (self->connection));

  xeno_graph_set_scale (XENO_GRAPH (self->cpu), XENO_UNIT_PERCENT, 100.0);
  xeno_graph_set_scale (XENO_GRAPH (self->memory), XENO_UNIT_BYTES, bytes);
}

static void
loaded_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(XenoHostPage) self = user_data;
  g_autoptr(GError) error = NULL;
  XenoHost *host = XENO_HOST (source);

  /* The connection's own page says why a host cannot be asked. */
  if (!xeno_host_load_finish (host, result, &error))
    g_debug ("The host could not be looked at: %s", error->message);
  if (self->connection == NULL || xeno_connection_get_host (self->connection) != host)
    return;

  gtk_widget_set_visible (self->readiness,
                          g_list_model_get_n_items (xeno_host_get_checks (host)) > 0);
  show_scales (self);
}

static void
sampled_cb (XenoHostPage *self)
{
  if (self->is_watching)
    show_machines (self);
}

static void
update_watch (XenoHostPage *self)
{
  gboolean is_seen = xeno_sight_is_seen (self->sight) && self->connection != NULL;
  gboolean wants_sampler = is_seen && self->sampler != NULL;

  if (self->is_watching == wants_sampler)
    return;

  self->is_watching = wants_sampler;
  (wants_sampler ? xeno_sampler_watch : xeno_sampler_unwatch) (self->sampler, XENO_SAMPLER_HOST);
  if (is_seen)
    xeno_host_load_async (xeno_connection_get_host (self->connection), self->cancellable,
                          loaded_cb, g_object_ref (self));
}

static void
forget_connection (XenoHostPage *self)
{
  if (self->is_watching)
    xeno_sampler_unwatch (self->sampler, XENO_SAMPLER_HOST);
  self->is_watching = FALSE;

  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  if (self->sampler != NULL)
    g_clear_signal_handler (&self->sampled_id, self->sampler);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->sampler);
  g_clear_object (&self->connection);
}

static void
xeno_host_page_dispose (GObject *object)
{
  XenoHostPage *self = XENO_HOST_PAGE (object);

  forget_connection (self);
  g_clear_object (&self->sight);

  G_OBJECT_CLASS (xeno_host_page_parent_class)->dispose (object);
}

static void
xeno_host_page_get_property (GObject    *object,
                             guint       prop_id,
                             GValue     *value,
                             GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_CONNECTION:
      g_value_set_object (value, XENO_HOST_PAGE (object)->connection);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
xeno_host_page_class_init (XenoHostPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = xeno_host_page_dispose;
  object_class->get_property = xeno_host_page_get_property;

  /**
   * XenoHostPage:connection:
   *
   * The connection whose computer it shows.
   */
  properties[PROP_CONNECTION] =
    g_param_spec_object ("connection", NULL, NULL, XENO_TYPE_CONNECTION,
                         G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);

  g_type_ensure (XENO_TYPE_COLUMNS);
  g_type_ensure (XENO_TYPE_FACT_ROW);
  g_type_ensure (XENO_TYPE_GRAPH);
  g_type_ensure (XENO_TYPE_HOST);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/unaos/Xenolith/xeno-host-page.ui");
  gtk_widget_class_bind_template_child (widget_class, XenoHostPage, checks);
  gtk_widget_class_bind_template_child (widget_class, XenoHostPage, cpu);
  gtk_widget_class_bind_template_child (widget_class, XenoHostPage, machines);
  gtk_widget_class_bind_template_child (widget_class, XenoHostPage, memory);
  gtk_widget_class_bind_template_child (widget_class, XenoHostPage, readiness);
  gtk_widget_class_bind_template_callback (widget_class, text_of_cpus);
  gtk_widget_class_bind_template_callback (widget_class, text_of_memory);
  gtk_widget_class_set_css_name (widget_class, "hostpage");
}

static void
xeno_host_page_init (XenoHostPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->sight = xeno_sight_new (GTK_WIDGET (self));
  g_signal_connect_swapped (self->sight, "notify::is-seen", G_CALLBACK (update_watch), self);
}

/**
 * xeno_host_page_new:
 *
 * Makes a page without a connection.
 *
 * Returns: (transfer floating): the widget
 */
GtkWidget *
xeno_host_page_new (void)
{
  return g_object_new (XENO_TYPE_HOST_PAGE, NULL);
}

/**
 * xeno_host_page_get_connection:
 * @self: a host page
 *
 * Gets the connection whose computer it shows.
 *
 * Returns: (transfer none) (nullable): the connection
 */
XenoConnection *
xeno_host_page_get_connection (XenoHostPage *self)
{
  g_return_val_if_fail (XENO_IS_HOST_PAGE (self), NULL);

  return self->connection;
}

/**
 * xeno_host_page_set_connection:
 * @self: a host page
 * @connection: (nullable): the connection
 * @sampler: (nullable): what measures it; watched only while the page is on the screen
 *
 * Sets the connection whose computer it shows.
 */
void
xeno_host_page_set_connection (XenoHostPage   *self,
                               XenoConnection *connection,
                               XenoSampler    *sampler)
{
  GListModel *checks = NULL;

  g_return_if_fail (XENO_IS_HOST_PAGE (self));
  g_return_if_fail (connection == NULL || XENO_IS_CONNECTION (connection));
  g_return_if_fail (sampler == NULL || XENO_IS_SAMPLER (sampler));

  if (self->connection == connection && self->sampler == sampler)
    return;

  forget_connection (self);
  if (connection != NULL)
    {
      self->connection = g_object_ref (connection);
      self->cancellable = g_cancellable_new ();
      checks = xeno_host_get_checks (xeno_connection_get_host (connection));
      show_machines (self);
      show_scales (self);
    }
  if (sampler != NULL)
    {
      self->sampler = g_object_ref (sampler);
      self->sampled_id = g_signal_connect_swapped (sampler, "sampled", G_CALLBACK (sampled_cb), self);
    }

  xeno_graph_set_line (XENO_GRAPH (self->cpu), 0, NULL,
                       sampler != NULL ? xeno_sampler_get_host_series (sampler, "cpu") : NULL);
  xeno_graph_set_line (XENO_GRAPH (self->memory), 0, NULL,
                       sampler != NULL ? xeno_sampler_get_host_series (sampler, "memory") : NULL);
  gtk_list_box_bind_model (GTK_LIST_BOX (self->checks), checks, make_row, NULL, NULL);
  gtk_widget_set_visible (self->readiness, checks != NULL && g_list_model_get_n_items (checks) > 0);
  update_watch (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CONNECTION]);
}
