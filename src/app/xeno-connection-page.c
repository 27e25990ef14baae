/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What shows in place of a connection's machines while it cannot be reached: why, and what to do. */
#include "config.h"

#include <glib/gi18n.h>

#include "app/xeno-connection-page.h"
#include "base/xeno-error.h"
#include "base/xeno-text.h"
#include "widgets/xeno-columns.h"

#define LONGEST_DETAILS 2048

struct _XenoConnectionPage
{
  AdwBin          parent_instance;
  XenoConnection *connection;
};

enum
{
  PROP_0,
  PROP_CONNECTION,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (XenoConnectionPage, xeno_connection_page, ADW_TYPE_BIN)

static char *
dup_heading (gpointer            object,
             XenoConnectionState state)
{
  if (state == XENO_CONNECTION_LOST)
    return g_strdup (_("Reconnecting…"));
  if (state == XENO_CONNECTION_OPENING)
    return g_strdup (_("Connecting…"));
  return g_strdup (_("Not Connected"));
}

/* A status page takes markup, and the words are a server's. */
static char *
dup_reason (gpointer      object,
            const GError *error)
{
  return error != NULL ? g_markup_escape_text (error->message, -1) : NULL;
}

static char *
dup_details (gpointer      object,
             const GError *error)
{
  const char *details = error != NULL ? xeno_error_get_details (error) : NULL;

  return details != NULL ? xeno_text_clean (details, -1, LONGEST_DETAILS) : NULL;
}

static gboolean
has_details (gpointer      object,
             const GError *error)
{
  return error != NULL && xeno_error_get_details (error) != NULL;
}

static void
retry_cb (XenoConnectionPage *self)
{
  if (self->connection != NULL)
    xeno_connection_retry (self->connection);
}

static void
xeno_connection_page_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), XENO_TYPE_CONNECTION_PAGE);
  g_clear_object (&XENO_CONNECTION_PAGE (object)->connection);

  G_OBJECT_CLASS (xeno_connection_page_parent_class)->dispose (object);
}

static void
xeno_connection_page_get_property (GObject    *object,
                                   guint       prop_id,
                                   GValue     *value,
                                   GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_CONNECTION:
      g_value_set_object (value, XENO_CONNECTION_PAGE (object)->connection);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
xeno_connection_page_set_property (GObject      *object,
                                   guint         prop_id,
                                   const GValue *value,
                                   GParamSpec   *pspec)
{
  switch (prop_id)
    {
    case PROP_CONNECTION:
      xeno_connection_page_set_connection (XENO_CONNECTION_PAGE (object), g_value_get_object (value));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
xeno_connection_page_class_init (XenoConnectionPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = xeno_connection_page_dispose;
  object_class->get_property = xeno_connection_page_get_property;
  object_class->set_property = xeno_connection_page_set_property;

  /**
   * XenoConnectionPage:connection:
   *
   * The connection that cannot be reached.
   */
  properties[PROP_CONNECTION] =
    g_param_spec_object ("connection", NULL, NULL, XENO_TYPE_CONNECTION,
                         G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);

  g_type_ensure (XENO_TYPE_COLUMNS);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/unaos/Xenolith/xeno-connection-page.ui");
  gtk_widget_class_bind_template_callback (widget_class, dup_heading);
  gtk_widget_class_bind_template_callback (widget_class, dup_reason);
  gtk_widget_class_bind_template_callback (widget_class, dup_details);
  gtk_widget_class_bind_template_callback (widget_class, has_details);
  gtk_widget_class_bind_template_callback (widget_class, retry_cb);
}

static void
xeno_connection_page_init (XenoConnectionPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * xeno_connection_page_new:
 *
 * Makes the page, without a connection yet.
 *
 * Returns: (transfer floating): the page
 */
GtkWidget *
xeno_connection_page_new (void)
{
  return g_object_new (XENO_TYPE_CONNECTION_PAGE, NULL);
}

/**
 * xeno_connection_page_set_connection:
 * @self: a connection page
 * @connection: (nullable): the connection
 *
 * Sets the connection that cannot be reached.
 */
void
xeno_connection_page_set_connection (XenoConnectionPage *self,
                                     XenoConnection     *connection)
{
  g_return_if_fail (XENO_IS_CONNECTION_PAGE (self));
  g_return_if_fail (connection == NULL || XENO_IS_CONNECTION (connection));

  if (g_set_object (&self->connection, connection))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CONNECTION]);
}
