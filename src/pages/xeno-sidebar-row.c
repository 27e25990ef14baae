/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A machine in the list: its picture, its name, its state, and how busy it is. */
#include "config.h"

#include "pages/xeno-picture.h"
#include "pages/xeno-sidebar-row.h"
#include "pages/xeno-trust-badge.h"
#include "widgets/xeno-sight.h"
#include "widgets/xeno-sparkline.h"
#include "widgets/xeno-state-pill.h"
#include "widgets/xeno-thumbnail.h"

struct _XenoSidebarRow
{
  GtkBox       parent_instance;
  GtkWidget   *thumbnail;
  GtkWidget   *sparkline;
  XenoSight   *sight;
  XenoMachine *machine;
  XenoSampler *sampler;
  XenoPicture *picture;
  GBinding    *picture_binding;
  gulong       state_id;
  gboolean     is_watching_picture;
  gboolean     is_watching_sampler;
};

G_DEFINE_FINAL_TYPE (XenoSidebarRow, xeno_sidebar_row, GTK_TYPE_BOX)

enum
{
  PROP_0,
  PROP_MACHINE,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static gboolean
is_dimmed (XenoSidebarRow   *self,
           XenoMachineState  state,
           gboolean          is_stale)
{
  return is_stale || state != XENO_MACHINE_RUNNING;
}

/* Somebody looks while the row can be seen; there is something to measure while the machine runs. */
static void
update_watches (XenoSidebarRow *self)
{
  gboolean is_seen = xeno_sight_is_seen (self->sight) && self->machine != NULL;
  gboolean is_running = self->machine != NULL
                        && xeno_machine_get_state (self->machine) == XENO_MACHINE_RUNNING;
  gboolean wants_sampler = is_seen && is_running && self->sampler != NULL;
  gboolean wants_picture = is_seen && self->picture != NULL;

  if (self->is_watching_sampler != wants_sampler)
    {
      self->is_watching_sampler = wants_sampler;
      (wants_sampler ? xeno_sampler_watch : xeno_sampler_unwatch) (self->sampler, XENO_SAMPLER_LIST);
    }
  if (self->is_watching_picture != wants_picture)
    {
      self->is_watching_picture = wants_picture;
      (wants_picture ? xeno_picture_watch : xeno_picture_unwatch) (self->picture, FALSE);
    }
  gtk_widget_set_visible (self->sparkline, is_running && self->sampler != NULL);
}

static void
forget (XenoSidebarRow *self)
{
  if (self->is_watching_sampler)
    xeno_sampler_unwatch (self->sampler, XENO_SAMPLER_LIST);
  if (self->is_watching_picture)
    xeno_picture_unwatch (self->picture, FALSE);
  self->is_watching_sampler = FALSE;
  self->is_watching_picture = FALSE;

  if (self->machine != NULL)
    g_clear_signal_handler (&self->state_id, self->machine);
  g_clear_pointer (&self->picture_binding, g_binding_unbind);
  g_clear_object (&self->picture);
  g_clear_object (&self->sampler);
  g_clear_object (&self->machine);
}

static void
xeno_sidebar_row_dispose (GObject *object)
{
  XenoSidebarRow *self = XENO_SIDEBAR_ROW (object);

  forget (self);
  g_clear_object (&self->sight);

  G_OBJECT_CLASS (xeno_sidebar_row_parent_class)->dispose (object);
}

static void
xeno_sidebar_row_get_property (GObject    *object,
                               guint       prop_id,
                               GValue     *value,
                               GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_MACHINE:
      g_value_set_object (value, XENO_SIDEBAR_ROW (object)->machine);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
xeno_sidebar_row_class_init (XenoSidebarRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = xeno_sidebar_row_dispose;
  object_class->get_property = xeno_sidebar_row_get_property;

  /**
   * XenoSidebarRow:machine:
   *
   * The machine the row stands for.
   */
  properties[PROP_MACHINE] =
    g_param_spec_object ("machine", NULL, NULL, XENO_TYPE_MACHINE,
                         G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);

  g_type_ensure (XENO_TYPE_SPARKLINE);
  g_type_ensure (XENO_TYPE_STATE_PILL);
  g_type_ensure (XENO_TYPE_THUMBNAIL);
  g_type_ensure (XENO_TYPE_TRUST_BADGE);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/unaos/Xenolith/xeno-sidebar-row.ui");
  gtk_widget_class_bind_template_child (widget_class, XenoSidebarRow, sparkline);
  gtk_widget_class_bind_template_child (widget_class, XenoSidebarRow, thumbnail);
  gtk_widget_class_bind_template_callback (widget_class, is_dimmed);
  gtk_widget_class_set_css_name (widget_class, "machinerow");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
xeno_sidebar_row_init (XenoSidebarRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->sight = xeno_sight_new (GTK_WIDGET (self));
  g_signal_connect_swapped (self->sight, "notify::is-seen", G_CALLBACK (update_watches), self);
}

/**
 * xeno_sidebar_row_new:
 *
 * Makes a row for no machine.
 *
 * Returns: (transfer floating): the widget
 */
GtkWidget *
xeno_sidebar_row_new (void)
{
  return g_object_new (XENO_TYPE_SIDEBAR_ROW, NULL);
}

/**
 * xeno_sidebar_row_get_machine:
 * @self: a row
 *
 * Gets the machine the row stands for.
 *
 * Returns: (transfer none) (nullable): the machine
 */
XenoMachine *
xeno_sidebar_row_get_machine (XenoSidebarRow *self)
{
  g_return_val_if_fail (XENO_IS_SIDEBAR_ROW (self), NULL);

  return self->machine;
}

/**
 * xeno_sidebar_row_set_machine:
 * @self: a row
 * @machine: (nullable): the machine the row stands for, or %NULL when it is let go
 * @sampler: (nullable): what measures the machine's connection
 *
 * Binds the row to a machine. It samples and takes pictures only while it is on the screen.
 */
void
xeno_sidebar_row_set_machine (XenoSidebarRow *self,
                              XenoMachine    *machine,
                              XenoSampler    *sampler)
{
  g_return_if_fail (XENO_IS_SIDEBAR_ROW (self));
  g_return_if_fail (machine == NULL || XENO_IS_MACHINE (machine));

  forget (self);
  xeno_sparkline_set_series (XENO_SPARKLINE (self->sparkline), NULL);
  xeno_thumbnail_set_texture (XENO_THUMBNAIL (self->thumbnail), NULL);

  if (machine != NULL)
    {
      self->machine = g_object_ref (machine);
      self->state_id = g_signal_connect_swapped (machine, "notify::state",
                                                 G_CALLBACK (update_watches), self);
      self->picture = g_object_ref (xeno_picture_get_for_machine (machine));
      self->picture_binding = g_object_bind_property (self->picture, "small",
                                                      self->thumbnail, "texture",
                                                      G_BINDING_SYNC_CREATE);
    }
  if (machine != NULL && sampler != NULL)
    {
      self->sampler = g_object_ref (sampler);
      xeno_sparkline_set_series (XENO_SPARKLINE (self->sparkline),
                                 xeno_sampler_get_series (sampler, xeno_machine_get_uuid (machine),
                                                          xeno_metric_find ("cpu"), 0));
    }

  update_watches (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_MACHINE]);
}
