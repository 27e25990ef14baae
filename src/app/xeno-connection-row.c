/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The heading of a connection's machines: its name, and what ails it. */
#include "config.h"

#include <glib/gi18n.h>

#include "app/xeno-connection-row.h"

struct _XenoConnectionRow
{
  GtkBox          parent_instance;
  XenoConnection *connection;
};

enum
{
  PROP_0,
  PROP_CONNECTION,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (XenoConnectionRow, xeno_connection_row, GTK_TYPE_BOX)

static char *
dup_state_label (gpointer            object,
                 XenoConnectionState state)
{
  switch (state)
    {
    case XENO_CONNECTION_OPENING:
      return g_strdup (_("Connecting…"));

    case XENO_CONNECTION_LOST:
      return g_strdup (_("Reconnecting…"));

    case XENO_CONNECTION_UNREACHABLE:
      return g_strdup (_("Not reachable"));

    case XENO_CONNECTION_CLOSED:
    case XENO_CONNECTION_OPEN:
    default:
      return NULL;
    }
}

static void
xeno_connection_row_dispose (GObject *object)
{
  XenoConnectionRow *self = XENO_CONNECTION_ROW (object);

  g_clear_object (&self->connection);
  gtk_widget_dispose_template (GTK_WIDGET (self), XENO_TYPE_CONNECTION_ROW);

  G_OBJECT_CLASS (xeno_connection_row_parent_class)->dispose (object);
}

static void
xeno_connection_row_get_property (GObject    *object,
                                  guint       prop_id,
                                  GValue     *value,
                                  GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_CONNECTION:
      g_value_set_object (value, XENO_CONNECTION_ROW (object)->connection);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
xeno_connection_row_set_property (GObject      *object,
                                  guint         prop_id,
                                  const GValue *value,
                                  GParamSpec   *pspec)
{
  switch (prop_id)
    {
    case PROP_CONNECTION:
      XENO_CONNECTION_ROW (object)->connection = g_value_dup_object (value);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
xeno_connection_row_class_init (XenoConnectionRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = xeno_connection_row_dispose;
  object_class->get_property = xeno_connection_row_get_property;
  object_class->set_property = xeno_connection_row_set_property;

  /**
   * XenoConnectionRow:connection:
   *
   * The connection.
   */
  properties[PROP_CONNECTION] =
    g_param_spec_object ("connection", NULL, NULL, XENO_TYPE_CONNECTION,
                         G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/unaos/Xenolith/xeno-connection-row.ui");
  gtk_widget_class_bind_template_callback (widget_class, dup_state_label);
}

static void
xeno_connection_row_init (XenoConnectionRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * xeno_connection_row_new:
 * @connection: a connection
 *
 * Makes the heading of @connection.
 *
 * Returns: (transfer floating): the row
 */
GtkWidget *
xeno_connection_row_new (XenoConnection *connection)
{
  g_return_val_if_fail (XENO_IS_CONNECTION (connection), NULL);

  return g_object_new (XENO_TYPE_CONNECTION_ROW, "connection", connection, NULL);
}
