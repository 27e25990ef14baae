/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Every connection the person works with, each opened and sampled on its own. */
#include "config.h"

#include <glib/gi18n.h>
#include <gtk/gtk.h>

#include "app/xeno-connection-list.h"
#include "base/xeno-error.h"
#include "base/xeno-read-only-list.h"
#include "create/xeno-builder.h"
#include "virt/xeno-trash.h"

struct _XenoConnectionList
{
  GObject       parent_instance;
  GSettings    *settings;
  GListStore   *connections;
  GListModel   *facade;
  GListModel   *machines;
  GHashTable   *samplers;
  GPtrArray    *visiting;
  GCancellable *cancellable;
};

enum
{
  CHANGED,
  TROUBLE,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (XenoConnectionList, xeno_connection_list, G_TYPE_OBJECT)

static void
report (XenoConnectionList *self,
        const GError       *error)
{
  if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_signal_emit (self, signals[TROUBLE], 0, error);
}

static void
recovered_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr (XenoConnectionList) self = user_data;
  g_autoptr (GError) error = NULL;

  if (!xeno_builder_recover_finish (result, &error))
    report (self, error);
}

static void
purged_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (GError) error = NULL;

  /* What could not be thrown away now is tried again at the next start; nobody waits for it. */
  if (!xeno_storage_purge_finish (XENO_CONNECTION (source), result, &error))
    g_debug ("The trash could not be emptied: %s", error->message);
}

static void
caps_loaded_cb (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (XenoCaps) caps = NULL;

  /* Whoever needs them asks again and is told then. */
  caps = xeno_connection_load_caps_finish (XENO_CONNECTION (source), result, &error);
  if (caps == NULL)
    g_debug ("%s: %s", xeno_connection_get_uri (XENO_CONNECTION (source)), error->message);
}

static gboolean
is_ready (XenoConnection *connection)
{
  return xeno_connection_is_populated (connection)
         && xeno_connection_get_state (connection) == XENO_CONNECTION_OPEN;
}

/* What an earlier process left is mended, and what this one could not undo while the daemon was away. */
static void
mend_cb (XenoConnectionList *self,
         GParamSpec         *pspec,
         XenoConnection     *connection)
{
  if (is_ready (connection))
    xeno_builder_recover_async (connection, self->cancellable, recovered_cb, g_object_ref (self));
}

/* What the first creation needs is asked for while nobody waits: on a fresh account the capabilities
 * alone take seconds. */
static void
ready_cb (XenoConnectionList *self,
          GParamSpec         *pspec,
          XenoConnection     *connection)
{
  if (!is_ready (connection))
    return;

  g_signal_handlers_disconnect_by_func (connection, ready_cb, self);
  xeno_connection_load_caps_async (connection, self->cancellable, caps_loaded_cb, NULL);
  xeno_storage_purge_async (connection, NULL, self->cancellable, purged_cb, NULL);
}

static void
emit_changed_cb (XenoConnectionList *self)
{
  g_signal_emit (self, signals[CHANGED], 0);
}

static XenoConnection *
find (XenoConnectionList *self,
      const char         *uri,
      guint              *position)
{
  guint n_connections = g_list_model_get_n_items (G_LIST_MODEL (self->connections));

  for (guint i = 0; i < n_connections; i++)
    {
      g_autoptr (XenoConnection) connection =
        g_list_model_get_item (G_LIST_MODEL (self->connections), i);

      if (g_strcmp0 (xeno_connection_get_uri (connection), uri) == 0)
        {
          if (position != NULL)
            *position = i;
          return connection;
        }
    }
  return NULL;
}

static XenoConnection *
add (XenoConnectionList *self,
     const char         *uri)
{
  const GCallback callbacks[] = {
    G_CALLBACK (mend_cb), G_CALLBACK (ready_cb), G_CALLBACK (emit_changed_cb),
  };
  g_autoptr (XenoConnection) connection = xeno_connection_new (uri);

  g_hash_table_insert (self->samplers, g_object_ref (connection), xeno_sampler_new (connection));
  for (guint i = 0; i < G_N_ELEMENTS (callbacks); i++)
    {
      g_signal_connect_object (connection, "notify::is-populated", callbacks[i], self,
                               G_CONNECT_SWAPPED);
      g_signal_connect_object (connection, "notify::state", callbacks[i], self, G_CONNECT_SWAPPED);
    }
  g_list_store_append (self->connections, connection);
  xeno_connection_open (connection);
  return connection;
}

static void
remove_at (XenoConnectionList *self,
           guint               position)
{
  g_autoptr (XenoConnection) connection =
    g_list_model_get_item (G_LIST_MODEL (self->connections), position);

  g_signal_handlers_disconnect_by_data (connection, self);
  g_list_store_remove (self->connections, position);
  g_hash_table_remove (self->samplers, connection);
  xeno_connection_close (connection);
}

static void
settings_changed_cb (XenoConnectionList *self)
{
  g_auto (GStrv) uris = g_settings_get_strv (self->settings, "connections");

  for (guint i = g_list_model_get_n_items (G_LIST_MODEL (self->connections)); i > 1; i--)
    {
      g_autoptr (XenoConnection) connection =
        g_list_model_get_item (G_LIST_MODEL (self->connections), i - 1);
      const char *uri = xeno_connection_get_uri (connection);

      if (!g_strv_contains ((const char * const *) uris, uri)
          && !g_ptr_array_find_with_equal_func (self->visiting, uri, g_str_equal, NULL))
        remove_at (self, i - 1);
    }

  for (guint i = 0; uris[i] != NULL; i++)
    if (find (self, uris[i], NULL) == NULL)
      add (self, uris[i]);
}

static void
xeno_connection_list_dispose (GObject *object)
{
  XenoConnectionList *self = XENO_CONNECTION_LIST (object);

  g_cancellable_cancel (self->cancellable);
  while (g_list_model_get_n_items (G_LIST_MODEL (self->connections)) > 0)
    remove_at (self, 0);

  G_OBJECT_CLASS (xeno_connection_list_parent_class)->dispose (object);
}

static void
xeno_connection_list_finalize (GObject *object)
{
  XenoConnectionList *self = XENO_CONNECTION_LIST (object);

  g_clear_object (&self->settings);
  g_clear_object (&self->connections);
  g_clear_object (&self->machines);
  g_clear_object (&self->facade);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->samplers, g_hash_table_unref);
  g_clear_pointer (&self->visiting, g_ptr_array_unref);

  G_OBJECT_CLASS (xeno_connection_list_parent_class)->finalize (object);
}

static void
xeno_connection_list_class_init (XenoConnectionListClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = xeno_connection_list_dispose;
  object_class->finalize = xeno_connection_list_finalize;

  /**
   * XenoConnectionList::changed:
   *
   * A connection was opened, lost, or has told its machines: what was not found may be there now.
   */
  signals[CHANGED] = g_signal_new ("changed", XENO_TYPE_CONNECTION_LIST, G_SIGNAL_RUN_LAST,
                                   0, NULL, NULL, NULL, G_TYPE_NONE, 0);

  /**
   * XenoConnectionList::trouble:
   * @error: what went wrong
   *
   * Something went wrong in the background that a person should read.
   */
  signals[TROUBLE] = g_signal_new ("trouble", XENO_TYPE_CONNECTION_LIST, G_SIGNAL_RUN_LAST,
                                   0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_ERROR);
}

static gpointer
get_machines (gpointer item,
              gpointer user_data)
{
  g_autoptr (XenoConnection) connection = item;

  return g_object_ref (xeno_connection_get_machines (connection));
}

static void
xeno_connection_list_init (XenoConnectionList *self)
{
  GtkMapListModel *lists;

  self->connections = g_list_store_new (XENO_TYPE_CONNECTION);
  self->facade = xeno_read_only_list_new (G_LIST_MODEL (self->connections));
  lists = gtk_map_list_model_new (g_object_ref (self->facade), get_machines, NULL, NULL);
  self->machines = G_LIST_MODEL (gtk_flatten_list_model_new (G_LIST_MODEL (lists)));
  self->samplers = g_hash_table_new_full (NULL, NULL, g_object_unref, g_object_unref);
  self->visiting = g_ptr_array_new_with_free_func (g_free);
  self->cancellable = g_cancellable_new ();
}

/* libvirt's own way to say so counts here as it does for virsh. */
static const char *
get_first_uri (void)
{
  const char *uri = g_getenv ("LIBVIRT_DEFAULT_URI");

  return uri != NULL && *uri != '\0' ? uri : xeno_connection_get_default_uri ();
}

/**
 * xeno_connection_list_new:
 * @settings: the application's settings, whose key "connections" is followed
 *
 * Makes the list and begins to open the connection of this computer and the remembered ones.
 *
 * Returns: (transfer full): the list
 */
XenoConnectionList *
xeno_connection_list_new (GSettings *settings)
{
  XenoConnectionList *self;

  g_return_val_if_fail (G_IS_SETTINGS (settings), NULL);

  self = g_object_new (XENO_TYPE_CONNECTION_LIST, NULL);
  self->settings = g_object_ref (settings);
  add (self, get_first_uri ());
  settings_changed_cb (self);
  g_signal_connect_object (settings, "changed::connections", G_CALLBACK (settings_changed_cb),
                           self, G_CONNECT_SWAPPED);
  return self;
}

/**
 * xeno_connection_list_get_connections:
 * @self: a connection list
 *
 * Gets the connections; the first is the one of this computer.
 *
 * Returns: (transfer none): a list of #XenoConnection
 */
GListModel *
xeno_connection_list_get_connections (XenoConnectionList *self)
{
  g_return_val_if_fail (XENO_IS_CONNECTION_LIST (self), NULL);

  return self->facade;
}

/**
 * xeno_connection_list_get_machines:
 * @self: a connection list
 *
 * Gets the machines of all connections together.
 *
 * Returns: (transfer none): a list of #XenoMachine
 */
GListModel *
xeno_connection_list_get_machines (XenoConnectionList *self)
{
  g_return_val_if_fail (XENO_IS_CONNECTION_LIST (self), NULL);

  return self->machines;
}

/**
 * xeno_connection_list_get_default:
 * @self: a connection list
 *
 * Gets the connection new machines are made on.
 *
 * Returns: (transfer none): the connection
 */
XenoConnection *
xeno_connection_list_get_default (XenoConnectionList *self)
{
  g_autoptr (XenoConnection) connection = NULL;

  g_return_val_if_fail (XENO_IS_CONNECTION_LIST (self), NULL);

  connection = g_list_model_get_item (G_LIST_MODEL (self->connections), 0);
  return connection;
}

/**
 * xeno_connection_list_open:
 * @self: a connection list
 * @uri: a connection URI
 *
 * Opens a connection for as long as this process runs, without remembering it.
 *
 * Returns: (transfer none): the connection
 */
XenoConnection *
xeno_connection_list_open (XenoConnectionList *self,
                           const char         *uri)
{
  XenoConnection *connection;

  g_return_val_if_fail (XENO_IS_CONNECTION_LIST (self), NULL);
  g_return_val_if_fail (uri != NULL, NULL);

  connection = find (self, uri, NULL);
  if (connection != NULL)
    return connection;

  g_ptr_array_add (self->visiting, g_strdup (uri));
  return add (self, uri);
}

/**
 * xeno_connection_list_get_sampler:
 * @self: a connection list
 * @connection: one of its connections
 *
 * Gets what samples the machines of @connection.
 *
 * Returns: (transfer none) (nullable): the sampler, or %NULL for a connection that has gone
 */
XenoSampler *
xeno_connection_list_get_sampler (XenoConnectionList *self,
                                  XenoConnection     *connection)
{
  g_return_val_if_fail (XENO_IS_CONNECTION_LIST (self), NULL);
  g_return_val_if_fail (XENO_IS_CONNECTION (connection), NULL);

  return g_hash_table_lookup (self->samplers, connection);
}

/**
 * xeno_connection_list_find_owner:
 * @self: a connection list
 * @machine: a machine
 *
 * Finds the connection @machine belongs to.
 *
 * Returns: (transfer none) (nullable): the connection, or %NULL when the machine has gone
 */
XenoConnection *
xeno_connection_list_find_owner (XenoConnectionList *self,
                                 XenoMachine        *machine)
{
  guint n_connections;

  g_return_val_if_fail (XENO_IS_CONNECTION_LIST (self), NULL);
  g_return_val_if_fail (XENO_IS_MACHINE (machine), NULL);

  n_connections = g_list_model_get_n_items (G_LIST_MODEL (self->connections));
  for (guint i = 0; i < n_connections; i++)
    {
      g_autoptr (XenoConnection) connection =
        g_list_model_get_item (G_LIST_MODEL (self->connections), i);

      if (xeno_connection_find_machine (connection, xeno_machine_get_uuid (machine), NULL) == machine)
        return connection;
    }
  return NULL;
}

/**
 * xeno_connection_list_find_machine:
 * @self: a connection list
 * @uri: (nullable): the connection to look on, or %NULL for all
 * @reference: a UUID, a name or an unambiguous title
 * @error: return location for an error
 *
 * Finds a machine by what a person calls it, on the first connection that knows it.
 *
 * Returns: (transfer none) (nullable): the machine, or %NULL with %XENO_ERROR_NOT_FOUND
 */
XenoMachine *
xeno_connection_list_find_machine (XenoConnectionList  *self,
                                   const char          *uri,
                                   const char          *reference,
                                   GError             **error)
{
  g_autoptr (GError) local_error = NULL;
  guint n_connections;

  g_return_val_if_fail (XENO_IS_CONNECTION_LIST (self), NULL);
  g_return_val_if_fail (reference != NULL, NULL);

  n_connections = g_list_model_get_n_items (G_LIST_MODEL (self->connections));
  for (guint i = 0; i < n_connections; i++)
    {
      g_autoptr (XenoConnection) connection =
        g_list_model_get_item (G_LIST_MODEL (self->connections), i);
      XenoMachine *machine;

      if (uri != NULL && g_strcmp0 (uri, xeno_connection_get_uri (connection)) != 0)
        continue;

      g_clear_error (&local_error);
      machine = xeno_connection_find_machine (connection, reference, &local_error);
      if (machine != NULL)
        return machine;
    }

  if (local_error == NULL)
    xeno_set_error (&local_error, XENO_ERROR_NOT_FOUND, NULL,
                    _("There is no machine “%s”."), reference);
  g_propagate_error (error, g_steal_pointer (&local_error));
  return NULL;
}

/**
 * xeno_connection_list_is_settled:
 * @self: a connection list
 *
 * Whether every connection has either told its machines or failed for now, so that a machine not
 * in a list is really not there.
 *
 * Returns: %TRUE when nothing is being waited for
 */
gboolean
xeno_connection_list_is_settled (XenoConnectionList *self)
{
  guint n_connections;

  g_return_val_if_fail (XENO_IS_CONNECTION_LIST (self), FALSE);

  n_connections = g_list_model_get_n_items (G_LIST_MODEL (self->connections));
  for (guint i = 0; i < n_connections; i++)
    {
      g_autoptr (XenoConnection) connection =
        g_list_model_get_item (G_LIST_MODEL (self->connections), i);

      if (!xeno_connection_is_populated (connection)
          && xeno_connection_get_state (connection) < XENO_CONNECTION_LOST)
        return FALSE;
    }
  return TRUE;
}
