/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the sidebar lists: the machines of each connection in order, under its heading where one helps. */
#include "config.h"

#include "app/xeno-sidebar-model.h"
#include "virt/xeno-connection.h"

typedef struct
{
  GListModel *connections;
  GtkFilter  *machine_filter;
} SectionData;

static void
section_data_free (gpointer user_data)
{
  SectionData *data = user_data;

  g_object_unref (data->connections);
  g_object_unref (data->machine_filter);
  g_free (data);
}

static char *
make_key (XenoMachine *machine)
{
  g_autofree char *folded = g_utf8_casefold (xeno_machine_get_title (machine), -1);

  return g_utf8_collate_key_for_filename (folded, -1);
}

/* "vm 9" before "vm 10", as a person counts. */
static int
compare_machines (gconstpointer a,
                  gconstpointer b,
                  gpointer      user_data)
{
  g_autofree char *key_a = make_key ((XenoMachine *) a);
  g_autofree char *key_b = make_key ((XenoMachine *) b);
  int order = strcmp (key_a, key_b);

  return order < 0 ? GTK_ORDERING_SMALLER : order > 0 ? GTK_ORDERING_LARGER : GTK_ORDERING_EQUAL;
}

static void
resort_cb (GtkSorter *sorter)
{
  gtk_sorter_changed (sorter, GTK_SORTER_CHANGE_DIFFERENT);
}

static void
watch_titles_cb (GListModel *machines,
                 guint       position,
                 guint       removed,
                 guint       added,
                 GtkSorter  *sorter)
{
  for (guint i = position; i < position + added; i++)
    {
      g_autoptr (XenoMachine) machine = g_list_model_get_item (machines, i);

      g_signal_connect_object (machine, "notify::title", G_CALLBACK (resort_cb), sorter,
                               G_CONNECT_SWAPPED);
    }
}

/* Whether a heading tells a person something: there are several connections, or this one is ailing. */
static gboolean
shows_heading (gpointer item,
               gpointer user_data)
{
  return g_list_model_get_n_items (user_data) > 1
         || xeno_connection_get_state (XENO_CONNECTION (item)) >= XENO_CONNECTION_LOST;
}

static void
refilter_cb (GtkFilter *filter)
{
  gtk_filter_changed (filter, GTK_FILTER_CHANGE_DIFFERENT);
}

static GListModel *
new_heading (XenoConnection *connection,
             GListModel     *connections)
{
  GListStore *store = g_list_store_new (XENO_TYPE_CONNECTION);
  GtkFilter *filter = GTK_FILTER (gtk_custom_filter_new (shows_heading, g_object_ref (connections),
                                                         g_object_unref));

  g_list_store_append (store, connection);
  g_signal_connect_object (connection, "notify::state", G_CALLBACK (refilter_cb), filter,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (connections, "items-changed", G_CALLBACK (refilter_cb), filter,
                           G_CONNECT_SWAPPED);
  return G_LIST_MODEL (gtk_filter_list_model_new (G_LIST_MODEL (store), filter));
}

static GListModel *
new_machines (XenoConnection *connection,
              GtkFilter      *machine_filter)
{
  GListModel *machines = xeno_connection_get_machines (connection);
  GtkSorter *sorter = GTK_SORTER (gtk_custom_sorter_new (compare_machines, NULL, NULL));
  GListModel *sorted;

  g_signal_connect_object (machines, "items-changed", G_CALLBACK (watch_titles_cb), sorter, 0);
  watch_titles_cb (machines, 0, 0, g_list_model_get_n_items (machines), sorter);
  sorted = G_LIST_MODEL (gtk_sort_list_model_new (g_object_ref (machines), sorter));
  return G_LIST_MODEL (gtk_filter_list_model_new (sorted, g_object_ref (machine_filter)));
}

static gpointer
new_section (gpointer item,
             gpointer user_data)
{
  g_autoptr (XenoConnection) connection = item;
  const SectionData *data = user_data;
  GListStore *parts = g_list_store_new (G_TYPE_LIST_MODEL);
  g_autoptr (GListModel) heading = new_heading (connection, data->connections);
  g_autoptr (GListModel) machines = new_machines (connection, data->machine_filter);

  g_list_store_append (parts, heading);
  g_list_store_append (parts, machines);
  return gtk_flatten_list_model_new (G_LIST_MODEL (parts));
}

/**
 * xeno_sidebar_model_new:
 * @connections: a list of #XenoConnection
 * @machine_filter: which machines to show
 *
 * Makes one list of all machines, each connection's after its #XenoConnection where that is worth
 * a heading.
 *
 * Returns: (transfer full): a list of #XenoConnection and #XenoMachine
 */
GListModel *
xeno_sidebar_model_new (GListModel *connections,
                        GtkFilter  *machine_filter)
{
  SectionData *data;
  GtkMapListModel *sections;

  g_return_val_if_fail (G_IS_LIST_MODEL (connections), NULL);
  g_return_val_if_fail (GTK_IS_FILTER (machine_filter), NULL);

  data = g_new0 (SectionData, 1);
  data->connections = g_object_ref (connections);
  data->machine_filter = g_object_ref (machine_filter);
  sections = gtk_map_list_model_new (g_object_ref (connections), new_section, data, section_data_free);
  return G_LIST_MODEL (gtk_flatten_list_model_new (G_LIST_MODEL (sections)));
}
