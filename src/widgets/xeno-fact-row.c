/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A fact about a machine: what it is, its value, and a button to copy it. */
#include "config.h"

#include "widgets/xeno-fact-row.h"

struct _XenoFactRow
{
  GtkBox     parent_instance;
  GtkWidget *title;
  GtkWidget *value;
  GtkWidget *copy;
};

G_DEFINE_FINAL_TYPE (XenoFactRow, xeno_fact_row, GTK_TYPE_BOX)

enum
{
  PROP_0,
  PROP_TITLE,
  PROP_VALUE,
  PROP_CAN_COPY,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void
copy_cb (XenoFactRow *self)
{
  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)),
                          xeno_fact_row_get_value (self));
}

static void
xeno_fact_row_get_property (GObject    *object,
                            guint       prop_id,
                            GValue     *value,
                            GParamSpec *pspec)
{
  XenoFactRow *self = XENO_FACT_ROW (object);

  switch (prop_id)
    {
    case PROP_TITLE:
      g_value_set_string (value, gtk_label_get_label (GTK_LABEL (self->title)));
      break;
    case PROP_VALUE:
      g_value_set_string (value, xeno_fact_row_get_value (self));
      break;
    case PROP_CAN_COPY:
      g_value_set_boolean (value, gtk_widget_get_visible (self->copy));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
xeno_fact_row_set_property (GObject      *object,
                            guint         prop_id,
                            const GValue *value,
                            GParamSpec   *pspec)
{
  XenoFactRow *self = XENO_FACT_ROW (object);

  switch (prop_id)
    {
    case PROP_TITLE:
      gtk_label_set_label (GTK_LABEL (self->title), g_value_get_string (value));
      break;
    case PROP_VALUE:
      xeno_fact_row_set_value (self, g_value_get_string (value));
      break;
    case PROP_CAN_COPY:
      gtk_widget_set_visible (self->copy, g_value_get_boolean (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
xeno_fact_row_class_init (XenoFactRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = xeno_fact_row_get_property;
  object_class->set_property = xeno_fact_row_set_property;

  /**
   * XenoFactRow:title:
   *
   * What the value is: "Memory".
   */
  properties[PROP_TITLE] =
    g_param_spec_string ("title", NULL, NULL, NULL, G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);

  /**
   * XenoFactRow:value:
   *
   * The value as text. Without one the row hides.
   */
  properties[PROP_VALUE] =
    g_param_spec_string ("value", NULL, NULL, NULL,
                         G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  /**
   * XenoFactRow:can-copy:
   *
   * Whether there is a button to copy the value.
   */
  properties[PROP_CAN_COPY] =
    g_param_spec_boolean ("can-copy", NULL, NULL, FALSE,
                          G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/unaos/Xenolith/xeno-fact-row.ui");
  gtk_widget_class_bind_template_child (widget_class, XenoFactRow, title);
  gtk_widget_class_bind_template_child (widget_class, XenoFactRow, value);
  gtk_widget_class_bind_template_child (widget_class, XenoFactRow, copy);
  gtk_widget_class_bind_template_callback (widget_class, copy_cb);
  gtk_widget_class_set_css_name (widget_class, "factrow");
}

static void
xeno_fact_row_init (XenoFactRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}

/**
 * xeno_fact_row_new:
 *
 * Makes a row without a value, which is hidden.
 *
 * Returns: (transfer floating): the widget
 */
GtkWidget *
xeno_fact_row_new (void)
{
  return g_object_new (XENO_TYPE_FACT_ROW, NULL);
}

/**
 * xeno_fact_row_get_value:
 * @self: a fact row
 *
 * Gets the value.
 *
 * Returns: (transfer none): the value; empty where there is none
 */
const char *
xeno_fact_row_get_value (XenoFactRow *self)
{
  g_return_val_if_fail (XENO_IS_FACT_ROW (self), NULL);

  return gtk_label_get_label (GTK_LABEL (self->value));
}

/**
 * xeno_fact_row_set_value:
 * @self: a fact row
 * @value: (nullable): the value as text
 *
 * Sets the value. Without one the row hides.
 */
void
xeno_fact_row_set_value (XenoFactRow *self,
                         const char  *value)
{
  g_return_if_fail (XENO_IS_FACT_ROW (self));

  if (value == NULL)
    value = "";
  if (g_strcmp0 (xeno_fact_row_get_value (self), value) == 0)
    return;

  gtk_label_set_label (GTK_LABEL (self->value), value);
  gtk_widget_set_visible (GTK_WIDGET (self), *value != '\0');
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_VALUE]);
}
