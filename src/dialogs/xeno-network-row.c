/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A row in which a person says what a machine is connected to. */
#include "config.h"

#include <glib/gi18n.h>

#include "dialogs/xeno-network-row.h"
#include "virt/xeno-network-list.h"

struct _XenoNetworkRow
{
  AdwComboRow   parent_instance;
  GCancellable *cancellable; /* of the asking */
  GPtrArray    *networks;    /* what a recipe calls them, in the order of the list */
};

G_DEFINE_FINAL_TYPE (XenoNetworkRow, xeno_network_row, ADW_TYPE_COMBO_ROW)

static void
add (XenoNetworkRow *self,
     const char     *network,
     const char     *title)
{
  GListModel *titles = adw_combo_row_get_model (ADW_COMBO_ROW (self));

  g_ptr_array_add (self->networks, g_strdup (network));
  gtk_string_list_append (GTK_STRING_LIST (titles), title);
}

static void
listed_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (XenoNetworkRow) self = user_data;
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) names = xeno_network_list_finish (XENO_CONNECTION (source), result, &error);

  /* Without their names there is still the way through the host. */
  for (guint i = 0; names != NULL && names[i] != NULL; i++)
    {
      /* Translators: %s is the name of a network of the host */
      g_autofree char *title = g_strdup_printf (_("Network “%s”"), names[i]);

      add (self, names[i], title);
    }
}

static void
xeno_network_row_dispose (GObject *object)
{
  XenoNetworkRow *self = XENO_NETWORK_ROW (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);

  G_OBJECT_CLASS (xeno_network_row_parent_class)->dispose (object);
}

static void
xeno_network_row_finalize (GObject *object)
{
  g_ptr_array_unref (XENO_NETWORK_ROW (object)->networks);

  G_OBJECT_CLASS (xeno_network_row_parent_class)->finalize (object);
}

static void
xeno_network_row_class_init (XenoNetworkRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = xeno_network_row_dispose;
  object_class->finalize = xeno_network_row_finalize;
}

static void
xeno_network_row_init (XenoNetworkRow *self)
{
  g_autoptr (GtkStringList) titles = gtk_string_list_new (NULL);

  self->networks = g_ptr_array_new_with_free_func (g_free);
  adw_combo_row_set_model (ADW_COMBO_ROW (self), G_LIST_MODEL (titles));
  add (self, "auto", _("Through the host"));
  add (self, "none", _("None"));
}

/**
 * xeno_network_row_ask:
 * @self: a row
 * @connection: where the machine shall live, open
 *
 * Offers the networks that the host has, as soon as it tells.
 */
void
xeno_network_row_ask (XenoNetworkRow *self,
                      XenoConnection *connection)
{
  GListModel *titles;

  g_return_if_fail (XENO_IS_NETWORK_ROW (self));
  g_return_if_fail (XENO_IS_CONNECTION (connection));

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
  titles = adw_combo_row_get_model (ADW_COMBO_ROW (self));
  gtk_string_list_splice (GTK_STRING_LIST (titles), 2, g_list_model_get_n_items (titles) - 2, NULL);
  g_ptr_array_set_size (self->networks, 2);
  xeno_network_list_async (connection, self->cancellable, listed_cb, g_object_ref (self));
}

/**
 * xeno_network_row_get_network:
 * @self: a row
 *
 * Gets what the person chose.
 *
 * Returns: (transfer none): as a recipe calls it
 */
const char *
xeno_network_row_get_network (XenoNetworkRow *self)
{
  guint selected;

  g_return_val_if_fail (XENO_IS_NETWORK_ROW (self), NULL);

  selected = adw_combo_row_get_selected (ADW_COMBO_ROW (self));
  return selected < self->networks->len ? g_ptr_array_index (self->networks, selected) : "auto";
}
