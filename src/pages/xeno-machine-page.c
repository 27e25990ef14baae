/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Everything about the selected machine at a glance: its screen, its facts, its graphs. */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "base/xeno-units.h"
#include "pages/xeno-machine-page.h"
#include "pages/xeno-picture.h"
#include "widgets/xeno-columns.h"
#include "widgets/xeno-fact-row.h"
#include "widgets/xeno-graph.h"
#include "widgets/xeno-sight.h"
#include "widgets/xeno-state-pill.h"
#include "widgets/xeno-thumbnail.h"

/* Addresses change seldom, and asking wakes the guest's agent: soon until there are some. */
#define ADDRESS_TICKS_UNKNOWN 10
#define ADDRESS_TICKS_KNOWN 60

struct _XenoMachinePage
{
  AdwBin           parent_instance;
  GtkWidget       *preview;
  GtkWidget       *thumbnail;
  GtkWidget       *reason;
  GtkWidget       *addresses;
  GtkWidget       *disk;
  GtkWidget       *memory;
  GtkWidget       *uptime;
  GtkWidget       *graphs;
  XenoSight       *sight;
  XenoMachine     *machine;
  XenoSampler     *sampler;
  XenoPicture     *picture;
  GBinding        *picture_binding;
  GCancellable    *cancellable;
  gulong           changed_id;
  gulong           sampled_id;
  guint64          disk_capacity_bytes; /* as last read while it was off */
  guint64          disk_allocated_bytes;
  guint            address_ticks;
  gboolean         is_watching_picture;
  gboolean         is_watching_sampler;
  gboolean         has_asked_disks;
  gboolean         shows_title;
};

G_DEFINE_FINAL_TYPE (XenoMachinePage, xeno_machine_page, ADW_TYPE_BIN)

enum
{
  PROP_0,
  PROP_MACHINE,
  PROP_SHOWS_TITLE,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static gboolean
is_dimmed (XenoMachinePage  *self,
           XenoMachineState  state,
           gboolean          is_stale)
{
  return is_stale || state != XENO_MACHINE_RUNNING;
}

static char *
text_of_cpus (XenoMachinePage *self,
              guint            n_cpus)
{
  return n_cpus > 0 ? g_strdup_printf ("%u", n_cpus) : NULL;
}

static char *
text_of_debugger (XenoMachinePage *self,
                  const char      *address)
{
  return address != NULL ? g_strconcat ("target remote ", address, NULL) : NULL;
}

static const XenoStatsRecord *
newest_record (XenoMachinePage *self)
{
  if (self->sampler == NULL || self->machine == NULL || !xeno_machine_is_active (self->machine))
    return NULL;
  return xeno_sampler_get_record (self->sampler, xeno_machine_get_uuid (self->machine));
}

static gboolean
is_known (guint64 bytes)
{
  return bytes != 0 && bytes != G_MAXUINT64;
}

static char *
text_of_memory (const char *used,
                const char *total)
{
  /* Translators: memory, as "2.1 GiB of 4.0 GiB" */
  return g_strdup_printf (_("%s of %s"), used, total);
}

static char *
text_of_disk (const char *used,
              const char *total)
{
  /* Translators: storage, as "18 GiB of 64 GiB used" */
  return g_strdup_printf (_("%s of %s used"), used, total);
}

static void
show_share (GtkWidget  *row,
            guint64     used_bytes,
            guint64     total_bytes,
            char     *(*to_text) (const char *used,
                                  const char *total))
{
  g_autofree char *used = xeno_units_format_size (used_bytes);
  g_autofree char *total = xeno_units_format_size (total_bytes);
  g_autofree char *text = NULL;

  if (is_known (used_bytes) && is_known (total_bytes))
    text = to_text (used, total);
  else if (is_known (total_bytes))
    text = g_steal_pointer (&total);
  xeno_fact_row_set_value (XENO_FACT_ROW (row), text);
}

static void
show_memory (XenoMachinePage       *self,
             const XenoStatsRecord *record)
{
  guint64 used = record != NULL ? record->memory_used_bytes : 0;
  guint64 total = xeno_machine_get_memory_bytes (self->machine);

  if (record != NULL && is_known (record->memory_total_bytes))
    total = record->memory_total_bytes;
  /* What is resident on the host may be more than the guest has: QEMU needs some for itself. */
  if (is_known (used) && is_known (total))
    used = MIN (used, total);
  show_share (self->memory, used, total, text_of_memory);
}

/* Measured while it runs, and read once when it does not. */
static void
show_disk (XenoMachinePage       *self,
           const XenoStatsRecord *record)
{
  guint64 used = self->disk_allocated_bytes;
  guint64 total = self->disk_capacity_bytes;

  if (record != NULL && is_known (record->disk_capacity_bytes))
    {
      used = record->disk_allocated_bytes;
      total = record->disk_capacity_bytes;
    }
  show_share (self->disk, used, total, text_of_disk);
}

/* To the minute: each second would lay out the window anew. */
static char *
text_of_uptime (GTimeSpan span)
{
  if (span < G_TIME_SPAN_MINUTE)
    return g_strdup (_("Less than a minute"));
  return xeno_units_format_duration (span / G_TIME_SPAN_SECOND);
}

static void
show_uptime (XenoMachinePage *self)
{
  GDateTime *started = xeno_machine_get_started_at (self->machine);
  g_autoptr(GDateTime) now = g_date_time_new_now_utc ();
  g_autofree char *text = NULL;

  if (started != NULL && xeno_machine_is_active (self->machine))
    text = text_of_uptime (g_date_time_difference (now, started));
  xeno_fact_row_set_value (XENO_FACT_ROW (self->uptime), text);
}

static void
show_measured (XenoMachinePage *self)
{
  const XenoStatsRecord *record = newest_record (self);

  show_memory (self, record);
  show_disk (self, record);
  show_uptime (self);
}

static void
show_preview (XenoMachinePage *self)
{
  g_autofree char *label = NULL;

  /* Translators: for screen readers; %s is a machine */
  label = g_strdup_printf (_("Screen of “%s”"), xeno_machine_get_title (self->machine));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->preview),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, label,
                                  -1);
  gtk_widget_set_sensitive (self->preview, xeno_machine_is_active (self->machine));
}

static void
addresses_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr(XenoMachinePage) self = user_data;
  g_autoptr(GError) error = NULL;
  g_auto(GStrv) addresses = xeno_machine_list_addresses_finish (XENO_MACHINE (source), result,
                                                                &error);
  g_autofree char *text = NULL;

  if (self->machine != XENO_MACHINE (source)
      || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (error != NULL)
    g_debug ("No addresses of %s: %s", xeno_machine_get_name (self->machine), error->message);

  if (addresses != NULL)
    text = g_strjoinv ("\n", addresses);
  xeno_fact_row_set_value (XENO_FACT_ROW (self->addresses), text);
  self->address_ticks = text != NULL && *text != '\0' ? ADDRESS_TICKS_KNOWN : ADDRESS_TICKS_UNKNOWN;
}

/* Counts samples down to the next question; 0 asks now. */
static void
ask_addresses (XenoMachinePage *self)
{
  if (self->address_ticks > 0)
    {
      self->address_ticks--;
      return;
    }

  /* Until the answer sets when to ask again. */
  self->address_ticks = G_MAXUINT;
  xeno_machine_list_addresses_async (self->machine, self->cancellable, addresses_cb,
                                     g_object_ref (self));
}

static void
disks_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr(XenoMachinePage) self = user_data;
  g_autoptr(GError) error = NULL;
  guint64 capacity_bytes = 0, allocated_bytes = 0;

  if (!xeno_machine_read_disks_finish (XENO_MACHINE (source), result, &capacity_bytes,
                                       &allocated_bytes, &error))
    g_debug ("No sizes of disks: %s", error->message);
  if (self->machine != XENO_MACHINE (source)
      || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  self->disk_capacity_bytes = capacity_bytes;
  self->disk_allocated_bytes = allocated_bytes;
  show_measured (self);
}

/* Every metric of the table is a graph; the table decides what there is. */
static void
show_graphs (XenoMachinePage *self)
{
  GtkWidget *graph = gtk_widget_get_first_child (self->graphs);
  gsize n_metrics;
  const XenoMetric *metrics = xeno_metric_list (&n_metrics);
  const char *uuid = self->machine != NULL ? xeno_machine_get_uuid (self->machine) : NULL;

  for (gsize i = 0; i < n_metrics; i++, graph = gtk_widget_get_next_sibling (graph))
    {
      const XenoMetric *metric = &metrics[i];

      for (guint line = 0; line < metric->n_lines; line++)
        xeno_graph_set_line (XENO_GRAPH (graph), line,
                             /* One line needs no name beside the graph's. */
                             metric->n_lines > 1 ? _(metric->line_titles[line]) : NULL,
                             uuid != NULL && self->sampler != NULL
                               ? xeno_sampler_get_series (self->sampler, uuid, metric, line)
                               : NULL);
    }
}

/* Before the first sample there is no record to say where the scale ends. */
static double
limit_of (XenoMachinePage  *self,
          const XenoMetric *metric)
{
  double limit = xeno_sampler_get_limit (self->sampler, xeno_machine_get_uuid (self->machine), metric);

  return limit == 0.0 && metric->unit == XENO_UNIT_PERCENT ? 100.0 : limit;
}

static void
show_limits (XenoMachinePage *self)
{
  GtkWidget *graph = gtk_widget_get_first_child (self->graphs);
  gsize n_metrics;
  const XenoMetric *metrics = xeno_metric_list (&n_metrics);

  if (self->machine == NULL || self->sampler == NULL)
    return;

  for (gsize i = 0; i < n_metrics; i++, graph = gtk_widget_get_next_sibling (graph))
    xeno_graph_set_scale (XENO_GRAPH (graph), metrics[i].unit, limit_of (self, &metrics[i]));
}

static void
sampled_cb (XenoMachinePage *self)
{
  if (!self->is_watching_sampler)
    return;

  show_measured (self);
  show_limits (self);
  ask_addresses (self);
}

static void
update_watches (XenoMachinePage *self)
{
  gboolean is_seen = xeno_sight_is_seen (self->sight) && self->machine != NULL;
  gboolean is_active = self->machine != NULL && xeno_machine_is_active (self->machine);
  gboolean wants_sampler = is_seen && is_active && self->sampler != NULL;
  gboolean wants_picture = is_seen && self->picture != NULL;
  gboolean wants_disks = is_seen && !is_active && !xeno_machine_is_stale (self->machine);

  if (self->is_watching_sampler != wants_sampler)
    {
      self->is_watching_sampler = wants_sampler;
      self->address_ticks = 0;
      (wants_sampler ? xeno_sampler_watch : xeno_sampler_unwatch) (self->sampler, XENO_SAMPLER_MACHINE);
    }
  if (self->is_watching_picture != wants_picture)
    {
      self->is_watching_picture = wants_picture;
      (wants_picture ? xeno_picture_watch : xeno_picture_unwatch) (self->picture, TRUE);
    }
  if (self->has_asked_disks != wants_disks)
    {
      self->has_asked_disks = wants_disks;
      if (wants_disks)
        xeno_machine_read_disks_async (self->machine, self->cancellable, disks_cb,
                                       g_object_ref (self));
    }
}

static void
show_machine (XenoMachinePage *self)
{
  const char *reason = xeno_machine_get_state_reason (self->machine);
  gboolean is_active = xeno_machine_is_active (self->machine);

  gtk_label_set_label (GTK_LABEL (self->reason), reason != NULL ? reason : "");
  gtk_widget_set_visible (self->reason, reason != NULL);
  gtk_widget_set_visible (self->graphs, is_active && self->sampler != NULL);
  if (!is_active)
    xeno_fact_row_set_value (XENO_FACT_ROW (self->addresses), NULL);

  show_preview (self);
  show_measured (self);
  update_watches (self);
}

static void
stop_watching (XenoMachinePage *self)
{
  if (self->is_watching_sampler)
    xeno_sampler_unwatch (self->sampler, XENO_SAMPLER_MACHINE);
  if (self->is_watching_picture)
    xeno_picture_unwatch (self->picture, TRUE);
  self->is_watching_sampler = FALSE;
  self->is_watching_picture = FALSE;
  self->has_asked_disks = FALSE;
}

static void
forget_machine (XenoMachinePage *self)
{
  stop_watching (self);
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  if (self->machine != NULL)
    g_clear_signal_handler (&self->changed_id, self->machine);
  if (self->sampler != NULL)
    g_clear_signal_handler (&self->sampled_id, self->sampler);
  g_clear_pointer (&self->picture_binding, g_binding_unbind);
  g_clear_object (&self->picture);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->sampler);
  g_clear_object (&self->machine);
}

static void
bind_picture (XenoMachinePage *self)
{
  if (self->machine == NULL)
    {
      xeno_thumbnail_set_texture (XENO_THUMBNAIL (self->thumbnail), NULL);
      return;
    }

  self->picture = g_object_ref (xeno_picture_get_for_machine (self->machine));
  self->picture_binding = g_object_bind_property (self->picture, "large",
                                                  self->thumbnail, "texture",
                                                  G_BINDING_SYNC_CREATE);
}

static void
add_graphs (XenoMachinePage *self)
{
  gsize n_metrics;
  const XenoMetric *metrics = xeno_metric_list (&n_metrics);

  for (gsize i = 0; i < n_metrics; i++)
    {
      GtkWidget *graph = xeno_graph_new ();

      xeno_graph_set_title (XENO_GRAPH (graph), _(metrics[i].title));
      xeno_graph_set_scale (XENO_GRAPH (graph), metrics[i].unit, 0.0);
      gtk_box_append (GTK_BOX (self->graphs), graph);
    }
}

static void
seen_cb (XenoMachinePage *self)
{
  if (xeno_sight_is_seen (self->sight) && self->machine != NULL)
    xeno_machine_refresh (self->machine);
  update_watches (self);
}

static void
xeno_machine_page_dispose (GObject *object)
{
  XenoMachinePage *self = XENO_MACHINE_PAGE (object);

  forget_machine (self);
  g_clear_object (&self->sight);

  G_OBJECT_CLASS (xeno_machine_page_parent_class)->dispose (object);
}

static void
xeno_machine_page_get_property (GObject    *object,
                                guint       prop_id,
                                GValue     *value,
                                GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_MACHINE:
      g_value_set_object (value, XENO_MACHINE_PAGE (object)->machine);
      break;
    case PROP_SHOWS_TITLE:
      g_value_set_boolean (value, XENO_MACHINE_PAGE (object)->shows_title);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
set_shows_title (XenoMachinePage *self,
                 gboolean         shows_title)
{
  if (self->shows_title == shows_title)
    return;

  self->shows_title = shows_title;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SHOWS_TITLE]);
}

static void
xeno_machine_page_set_property (GObject      *object,
                                guint         prop_id,
                                const GValue *value,
                                GParamSpec   *pspec)
{
  switch (prop_id)
    {
    case PROP_SHOWS_TITLE:
      set_shows_title (XENO_MACHINE_PAGE (object), g_value_get_boolean (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/unaos/Xenolith/xeno-machine-page.ui");
  gtk_widget_class_bind_template_child (widget_class, XenoMachinePage, addresses);
  gtk_widget_class_bind_template_child (widget_class, XenoMachinePage, disk);
  gtk_widget_class_bind_template_child (widget_class, XenoMachinePage, graphs);
  gtk_widget_class_bind_template_child (widget_class, XenoMachinePage, memory);
  gtk_widget_class_bind_template_child (widget_class, XenoMachinePage, preview);
  gtk_widget_class_bind_template_child (widget_class, XenoMachinePage, reason);
  gtk_widget_class_bind_template_child (widget_class, XenoMachinePage, thumbnail);
  gtk_widget_class_bind_template_child (widget_class, XenoMachinePage, uptime);
  gtk_widget_class_bind_template_callback (widget_class, is_dimmed);
  gtk_widget_class_bind_template_callback (widget_class, text_of_cpus);
  gtk_widget_class_bind_template_callback (widget_class, text_of_debugger);
}

static void
xeno_machine_page_class_init (XenoMachinePageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = xeno_machine_page_dispose;
  object_class->get_property = xeno_machine_page_get_property;
  object_class->set_property = xeno_machine_page_set_property;

  /**
   * XenoMachinePage:machine:
   *
   * The machine it shows.
   */
  properties[PROP_MACHINE] =
    g_param_spec_object ("machine", NULL, NULL, XENO_TYPE_MACHINE,
                         G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  /**
   * XenoMachinePage:shows-title:
   *
   * Whether the machine's name stands on the page too, because there is no room for it above.
   */
  properties[PROP_SHOWS_TITLE] =
    g_param_spec_boolean ("shows-title", NULL, NULL, FALSE,
                          G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);

  g_type_ensure (XENO_TYPE_COLUMNS);
  g_type_ensure (XENO_TYPE_FACT_ROW);
  g_type_ensure (XENO_TYPE_STATE_PILL);
  g_type_ensure (XENO_TYPE_THUMBNAIL);
  bind_template (widget_class);
  gtk_widget_class_set_css_name (widget_class, "machinepage");
}

static void
xeno_machine_page_init (XenoMachinePage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  add_graphs (self);
  self->sight = xeno_sight_new (GTK_WIDGET (self));
  g_signal_connect_swapped (self->sight, "notify::is-seen", G_CALLBACK (seen_cb), self);
}

/**
 * xeno_machine_page_new:
 *
 * Makes a page without a machine. Its buttons are actions of the group "machine", which whoever
 * shows the page inserts.
 *
 * Returns: (transfer floating): the widget
 */
GtkWidget *
xeno_machine_page_new (void)
{
  return g_object_new (XENO_TYPE_MACHINE_PAGE, NULL);
}

/**
 * xeno_machine_page_get_machine:
 * @self: a machine page
 *
 * Gets the machine it shows.
 *
 * Returns: (transfer none) (nullable): the machine
 */
XenoMachine *
xeno_machine_page_get_machine (XenoMachinePage *self)
{
  g_return_val_if_fail (XENO_IS_MACHINE_PAGE (self), NULL);

  return self->machine;
}

/**
 * xeno_machine_page_set_machine:
 * @self: a machine page
 * @machine: (nullable): the machine
 * @sampler: (nullable): what measures the machine's connection; it is watched only while the page
 *   is on the screen and the machine runs
 *
 * Sets the machine it shows.
 */
void
xeno_machine_page_set_machine (XenoMachinePage *self,
                               XenoMachine     *machine,
                               XenoSampler     *sampler)
{
  g_return_if_fail (XENO_IS_MACHINE_PAGE (self));
  g_return_if_fail (machine == NULL || XENO_IS_MACHINE (machine));
  g_return_if_fail (sampler == NULL || XENO_IS_SAMPLER (sampler));

  if (self->machine == machine && self->sampler == sampler)
    return;

  forget_machine (self);
  self->disk_capacity_bytes = 0;
  self->disk_allocated_bytes = 0;
  if (machine != NULL)
    {
      self->machine = g_object_ref (machine);
      self->cancellable = g_cancellable_new ();
      self->changed_id = g_signal_connect_swapped (machine, "notify", G_CALLBACK (show_machine), self);
    }
  if (sampler != NULL)
    {
      self->sampler = g_object_ref (sampler);
      self->sampled_id = g_signal_connect_swapped (sampler, "sampled", G_CALLBACK (sampled_cb), self);
    }

  show_graphs (self);
  show_limits (self);
  bind_picture (self);
  xeno_fact_row_set_value (XENO_FACT_ROW (self->addresses), NULL);
  if (machine != NULL)
    {
      xeno_machine_refresh (machine);
      show_machine (self);
    }
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_MACHINE]);
}
