/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A machine's state as a word and a shape, never a colour alone. */
#include "config.h"

#include "widgets/xeno-state-pill.h"

typedef struct
{
  const char *icon;
  const char *css_class;
} Look;

static const Look looks[] = {
  [XENO_MACHINE_UNKNOWN] = { "xeno-state-unknown-symbolic", "dim-label" },
  [XENO_MACHINE_OFF] = { "xeno-state-off-symbolic", "dim-label" },
  [XENO_MACHINE_RUNNING] = { "xeno-state-running-symbolic", "success" },
  [XENO_MACHINE_PAUSED] = { "xeno-state-paused-symbolic", "warning" },
  [XENO_MACHINE_SHUTTING_DOWN] = { "xeno-state-running-symbolic", "dim-label" },
  [XENO_MACHINE_SAVED] = { "xeno-state-saved-symbolic", "accent" },
  [XENO_MACHINE_CRASHED] = { "xeno-state-crashed-symbolic", "error" },
  [XENO_MACHINE_SUSPENDED] = { "xeno-state-paused-symbolic", "dim-label" },
  [XENO_MACHINE_PANICKED] = { "xeno-state-crashed-symbolic", "error" },
};

struct _XenoStatePill
{
  GtkBox            parent_instance;
  GtkWidget        *icon;
  GtkWidget        *label;
  XenoMachineState  state;
};

G_DEFINE_FINAL_TYPE (XenoStatePill, xeno_state_pill, GTK_TYPE_BOX)

enum
{
  PROP_0,
  PROP_STATE,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void
show_state (XenoStatePill *self)
{
  const Look *look = &looks[self->state];

  for (gsize i = 0; i < G_N_ELEMENTS (looks); i++)
    gtk_widget_remove_css_class (GTK_WIDGET (self), looks[i].css_class);
  gtk_widget_add_css_class (GTK_WIDGET (self), look->css_class);
  gtk_image_set_from_icon_name (GTK_IMAGE (self->icon), look->icon);
  gtk_label_set_label (GTK_LABEL (self->label), xeno_machine_state_to_label (self->state));
}

static void
xeno_state_pill_get_property (GObject    *object,
                              guint       prop_id,
                              GValue     *value,
                              GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_STATE:
      g_value_set_enum (value, XENO_STATE_PILL (object)->state);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
xeno_state_pill_set_property (GObject      *object,
                              guint         prop_id,
                              const GValue *value,
                              GParamSpec   *pspec)
{
  switch (prop_id)
    {
    case PROP_STATE:
      xeno_state_pill_set_state (XENO_STATE_PILL (object), g_value_get_enum (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
xeno_state_pill_class_init (XenoStatePillClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = xeno_state_pill_get_property;
  object_class->set_property = xeno_state_pill_set_property;

  /**
   * XenoStatePill:state:
   *
   * The machine's state.
   */
  properties[PROP_STATE] =
    g_param_spec_enum ("state", NULL, NULL, XENO_TYPE_MACHINE_STATE, XENO_MACHINE_UNKNOWN,
                       G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/unaos/Xenolith/xeno-state-pill.ui");
  gtk_widget_class_bind_template_child (widget_class, XenoStatePill, icon);
  gtk_widget_class_bind_template_child (widget_class, XenoStatePill, label);
  gtk_widget_class_set_css_name (widget_class, "statepill");
}

static void
xeno_state_pill_init (XenoStatePill *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  show_state (self);
}

/**
 * xeno_state_pill_new:
 *
 * Makes a pill that says the state is not known.
 *
 * Returns: (transfer floating): the widget
 */
GtkWidget *
xeno_state_pill_new (void)
{
  return g_object_new (XENO_TYPE_STATE_PILL, NULL);
}

/**
 * xeno_state_pill_get_state:
 * @self: a state pill
 *
 * Gets the machine's state.
 *
 * Returns: the state
 */
XenoMachineState
xeno_state_pill_get_state (XenoStatePill *self)
{
  g_return_val_if_fail (XENO_IS_STATE_PILL (self), XENO_MACHINE_UNKNOWN);

  return self->state;
}

/**
 * xeno_state_pill_set_state:
 * @self: a state pill
 * @state: the state
 *
 * Sets the machine's state.
 */
void
xeno_state_pill_set_state (XenoStatePill    *self,
                           XenoMachineState  state)
{
  g_return_if_fail (XENO_IS_STATE_PILL (self));
  g_return_if_fail ((gsize) state < G_N_ELEMENTS (looks));

  if (self->state == state)
    return;

  self->state = state;
  show_state (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATE]);
}
