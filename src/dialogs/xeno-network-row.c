/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A row in which a person says what a machine is connected to. */
#include "config.h"

#include <glib/gi18n.h>

#include "base/xeno-text.h"
#include "dialogs/xeno-network-row.h"
#include "virt/xeno-network-list.h"

/* What is offered on every host. */
#define N_OWN 2

#define MAX_NAME_CHARS 60

struct _XenoNetworkRow
{
  AdwComboRow   parent_instance;
  GCancellable *cancellable; /* of the asking */
  GPtrArray    *networks;    /* what a recipe calls them, in the order of the list */
  GPtrArray    *facts;       /* (nullable): what the host told of them */
  gboolean      boots;       /* the machine starts from its network */
  char         *note;
};

enum
{
  PROP_0,
  PROP_NOTE,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

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

static char *
list_names (XenoNetworkRow  *self,
            XenoNetworkBoot  boot)
{
  g_autoptr (GStrvBuilder) names = g_strv_builder_new ();
  g_auto (GStrv) list = NULL;

  for (guint i = 0; self->facts != NULL && i < self->facts->len; i++)
    {
      const XenoNetworkFacts *facts = g_ptr_array_index (self->facts, i);
      g_autofree char *name = xeno_text_clean (facts->name, -1, MAX_NAME_CHARS);

      if (facts->boot == boot)
        g_strv_builder_add (names, name);
    }

  list = g_strv_builder_end (names);
  return *list != NULL ? g_strjoinv (", ", list) : NULL;
}

/* What a machine that asks its network is to expect of each. */
static char *
make_note (XenoNetworkRow *self)
{
  GString *note = g_string_new (_("The machine asks its network for something to start, then its disk."));
  g_autofree char *answering = list_names (self, XENO_NETWORK_BOOT_YES);
  g_autofree char *leading_out = list_names (self, XENO_NETWORK_BOOT_PERHAPS);

  g_string_append_c (note, ' ');
  if (answering != NULL)
    /* Translators: %s are names of networks */
    g_string_append_printf (note, _("This answers, under More: %s."), answering);
  if (answering != NULL && leading_out != NULL)
    g_string_append_c (note, ' ');
  if (leading_out != NULL)
    /* Translators: %s are names of networks */
    g_string_append_printf (note, _("This leads out of the computer, where a server may answer: %s."), leading_out);
  if (answering == NULL && leading_out == NULL)
    g_string_append (note, _("Nothing here answers: the connection through the host never does, and this "
                             "computer has no other network on which a server could."));
  return g_string_free (note, FALSE);
}

static void
update_note (XenoNetworkRow *self)
{
  g_autofree char *note = self->boots ? make_note (self) : NULL;

  if (g_strcmp0 (self->note, note) == 0)
    return;

  g_free (self->note);
  self->note = g_steal_pointer (&note);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_NOTE]);
}

/* Unless the person has chosen, the first that answers is what they want. */
static void
prefer_what_answers (XenoNetworkRow *self)
{
  if (!self->boots || self->facts == NULL || adw_combo_row_get_selected (ADW_COMBO_ROW (self)) != 0)
    return;

  for (guint i = 0; i < self->facts->len; i++)
    if (((XenoNetworkFacts *) g_ptr_array_index (self->facts, i))->boot == XENO_NETWORK_BOOT_YES)
      {
        adw_combo_row_set_selected (ADW_COMBO_ROW (self), N_OWN + i);
        return;
      }
}

static void
listed_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (XenoNetworkRow) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) networks = xeno_network_list_finish (XENO_CONNECTION (source), result, &error);

  /* Without them there is still the way through the host. */
  for (guint i = 0; networks != NULL && i < networks->len; i++)
    {
      const char *name = ((XenoNetworkFacts *) g_ptr_array_index (networks, i))->name;
      /* Translators: %s is the name of a network of the host */
      g_autofree char *title = g_strdup_printf (_("Network “%s”"), name);

      add (self, name, title);
    }
  if (networks == NULL)
    return;
  g_clear_pointer (&self->facts, g_ptr_array_unref);
  self->facts = g_steal_pointer (&networks);
  prefer_what_answers (self);
  update_note (self);
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
  XenoNetworkRow *self = XENO_NETWORK_ROW (object);

  g_ptr_array_unref (self->networks);
  g_clear_pointer (&self->facts, g_ptr_array_unref);
  g_free (self->note);

  G_OBJECT_CLASS (xeno_network_row_parent_class)->finalize (object);
}

static void
xeno_network_row_get_property (GObject    *object,
                               guint       prop_id,
                               GValue     *value,
                               GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_NOTE:
      g_value_set_string (value, XENO_NETWORK_ROW (object)->note);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
xeno_network_row_class_init (XenoNetworkRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = xeno_network_row_dispose;
  object_class->finalize = xeno_network_row_finalize;
  object_class->get_property = xeno_network_row_get_property;

  /**
   * XenoNetworkRow:note:
   *
   * What a machine that starts from its network is to expect, or %NULL for others.
   */
  properties[PROP_NOTE] =
    g_param_spec_string ("note", NULL, NULL, NULL,
                         G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
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
  gtk_string_list_splice (GTK_STRING_LIST (titles), N_OWN, g_list_model_get_n_items (titles) - N_OWN, NULL);
  g_ptr_array_set_size (self->networks, N_OWN);
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

/**
 * xeno_network_row_set_boots:
 * @self: a row
 * @boots: whether the machine starts from its network
 *
 * Sets it, so that a network is preferred on which something answers.
 */
void
xeno_network_row_set_boots (XenoNetworkRow *self,
                            gboolean        boots)
{
  g_return_if_fail (XENO_IS_NETWORK_ROW (self));

  self->boots = boots;
  prefer_what_answers (self);
  update_note (self);
}

/**
 * xeno_network_row_get_note:
 * @self: a row
 *
 * Gets what a machine that starts from its network is to expect.
 *
 * Returns: (transfer none) (nullable): a translated text, or %NULL for others
 */
const char *
xeno_network_row_get_note (XenoNetworkRow *self)
{
  g_return_val_if_fail (XENO_IS_NETWORK_ROW (self), NULL);

  return self->note;
}
