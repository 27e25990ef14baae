/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A list model that its reader cannot change. */
#include "config.h"

#include "base/xeno-read-only-list.h"

struct _XenoReadOnlyList
{
  GObject     parent_instance;
  GListModel *model;
};

enum
{
  PROP_0,
  PROP_N_ITEMS,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static GType
get_item_type (GListModel *list)
{
  return g_list_model_get_item_type (XENO_READ_ONLY_LIST (list)->model);
}

static guint
get_n_items (GListModel *list)
{
  return g_list_model_get_n_items (XENO_READ_ONLY_LIST (list)->model);
}

static gpointer
get_item (GListModel *list,
          guint       position)
{
  return g_list_model_get_item (XENO_READ_ONLY_LIST (list)->model, position);
}

static void
list_model_iface_init (GListModelInterface *iface)
{
  iface->get_item_type = get_item_type;
  iface->get_n_items = get_n_items;
  iface->get_item = get_item;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (XenoReadOnlyList, xeno_read_only_list, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_iface_init))

static void
items_changed_cb (XenoReadOnlyList *self,
                  guint             position,
                  guint             removed,
                  guint             added)
{
  g_list_model_items_changed (G_LIST_MODEL (self), position, removed, added);
  if (removed != added)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_N_ITEMS]);
}

static void
xeno_read_only_list_dispose (GObject *object)
{
  XenoReadOnlyList *self = XENO_READ_ONLY_LIST (object);

  if (self->model != NULL)
    g_signal_handlers_disconnect_by_data (self->model, self);

  G_OBJECT_CLASS (xeno_read_only_list_parent_class)->dispose (object);
}

static void
xeno_read_only_list_finalize (GObject *object)
{
  g_clear_object (&XENO_READ_ONLY_LIST (object)->model);

  G_OBJECT_CLASS (xeno_read_only_list_parent_class)->finalize (object);
}

static void
xeno_read_only_list_get_property (GObject    *object,
                                  guint       prop_id,
                                  GValue     *value,
                                  GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_N_ITEMS:
      g_value_set_uint (value, get_n_items (G_LIST_MODEL (object)));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
xeno_read_only_list_class_init (XenoReadOnlyListClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = xeno_read_only_list_dispose;
  object_class->finalize = xeno_read_only_list_finalize;
  object_class->get_property = xeno_read_only_list_get_property;

  /**
   * XenoReadOnlyList:n-items:
   *
   * How many items the list has, for bindings.
   */
  properties[PROP_N_ITEMS] =
    g_param_spec_uint ("n-items", NULL, NULL, 0, G_MAXUINT, 0,
                       G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
xeno_read_only_list_init (XenoReadOnlyList *self)
{
}

/**
 * xeno_read_only_list_new:
 * @model: the list to show; a reference is taken
 *
 * Makes a facade of @model: the producer keeps the store, the readers get this.
 *
 * Returns: (transfer full): the facade
 */
GListModel *
xeno_read_only_list_new (GListModel *model)
{
  XenoReadOnlyList *self;

  g_return_val_if_fail (G_IS_LIST_MODEL (model), NULL);

  self = g_object_new (XENO_TYPE_READ_ONLY_LIST, NULL);
  self->model = g_object_ref (model);
  g_signal_connect_swapped (model, "items-changed", G_CALLBACK (items_changed_cb), self);
  return G_LIST_MODEL (self);
}
