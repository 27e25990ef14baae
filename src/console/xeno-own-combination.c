/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Key combinations a person has recorded, kept in the settings. */
#include "config.h"

#include <string.h>

#include "base/xeno-text.h"
#include "console/xeno-own-combination.h"

#define KEY "console-combinations"
#define FORMAT "a(sau)"

/* Of settings that somebody else wrote no more is believed. */
#define MAX_COMBINATIONS 50
#define MAX_NAME_CHARS 60

struct _XenoOwnCombination
{
  GObject  parent_instance;

  char    *name;
  guint    qnums[XENO_OWN_COMBINATION_MAX_KEYS];
  gsize    n_qnums;
};

G_DEFINE_FINAL_TYPE (XenoOwnCombination, xeno_own_combination, G_TYPE_OBJECT)

enum { PROP_0, PROP_NAME, N_PROPS };

static GParamSpec *properties[N_PROPS];

static gboolean
are_keys (const guint *qnums,
          gsize        n_qnums)
{
  for (gsize i = 0; i < n_qnums; i++)
    if (qnums[i] == 0 || qnums[i] > 0xff)
      return FALSE;

  return n_qnums > 0 && n_qnums <= XENO_OWN_COMBINATION_MAX_KEYS;
}

static void
xeno_own_combination_finalize (GObject *object)
{
  g_free (XENO_OWN_COMBINATION (object)->name);

  G_OBJECT_CLASS (xeno_own_combination_parent_class)->finalize (object);
}

static void
xeno_own_combination_get_property (GObject    *object,
                                   guint       prop_id,
                                   GValue     *value,
                                   GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_NAME:
      g_value_set_string (value, XENO_OWN_COMBINATION (object)->name);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
xeno_own_combination_class_init (XenoOwnCombinationClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = xeno_own_combination_finalize;
  object_class->get_property = xeno_own_combination_get_property;

  /**
   * XenoOwnCombination:name:
   *
   * What the person calls it.
   */
  properties[PROP_NAME] =
    g_param_spec_string ("name", NULL, NULL, NULL,
                         G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
xeno_own_combination_init (XenoOwnCombination *self)
{
}

/**
 * xeno_own_combination_new:
 * @name: what the person calls it
 * @qnums: (array length=n_qnums): QEMU's numbers of the keys, in the order they go down
 * @n_qnums: how many; at most %XENO_OWN_COMBINATION_MAX_KEYS
 *
 * Returns: (transfer full): the combination
 */
XenoOwnCombination *
xeno_own_combination_new (const char  *name,
                          const guint *qnums,
                          gsize        n_qnums)
{
  XenoOwnCombination *self;

  g_return_val_if_fail (name != NULL, NULL);
  g_return_val_if_fail (are_keys (qnums, n_qnums), NULL);

  self = g_object_new (XENO_TYPE_OWN_COMBINATION, NULL);
  self->name = xeno_text_clean (name, -1, MAX_NAME_CHARS);
  self->n_qnums = n_qnums;
  memcpy (self->qnums, qnums, n_qnums * sizeof *qnums);
  return self;
}

/**
 * xeno_own_combination_get_name:
 * @self: a combination
 *
 * Returns: what the person calls it
 */
const char *
xeno_own_combination_get_name (XenoOwnCombination *self)
{
  g_return_val_if_fail (XENO_IS_OWN_COMBINATION (self), NULL);

  return self->name;
}

/**
 * xeno_own_combination_to_variant:
 * @self: a combination
 *
 * Returns: (transfer floating): its keys: "au"
 */
GVariant *
xeno_own_combination_to_variant (XenoOwnCombination *self)
{
  g_return_val_if_fail (XENO_IS_OWN_COMBINATION (self), NULL);

  return g_variant_new_fixed_array (G_VARIANT_TYPE_UINT32, self->qnums, self->n_qnums, sizeof *self->qnums);
}

/**
 * xeno_own_combination_load:
 * @settings: the application's settings
 *
 * Reads the combinations. What cannot be one is left out.
 *
 * Returns: (transfer full): a #GListStore of #XenoOwnCombination
 */
GListModel *
xeno_own_combination_load (GSettings *settings)
{
  g_autoptr (GVariant) value = NULL;
  GListStore *store;

  g_return_val_if_fail (G_IS_SETTINGS (settings), NULL);

  value = g_settings_get_value (settings, KEY);
  store = g_list_store_new (XENO_TYPE_OWN_COMBINATION);
  for (gsize i = 0; i < MIN (g_variant_n_children (value), MAX_COMBINATIONS); i++)
    {
      g_autoptr (XenoOwnCombination) combination = NULL;
      g_autoptr (GVariant) keys = NULL;
      const char *name;
      const guint *qnums;
      gsize n_qnums;

      g_variant_get_child (value, i, "(&s@au)", &name, &keys);
      qnums = g_variant_get_fixed_array (keys, &n_qnums, sizeof *qnums);
      if (!are_keys (qnums, n_qnums))
        continue;

      combination = xeno_own_combination_new (name, qnums, n_qnums);
      g_list_store_append (store, combination);
    }
  return G_LIST_MODEL (store);
}

/**
 * xeno_own_combination_store:
 * @settings: the application's settings
 * @combinations: a list of #XenoOwnCombination
 *
 * Writes the combinations.
 */
void
xeno_own_combination_store (GSettings  *settings,
                            GListModel *combinations)
{
  GVariantBuilder builder;

  g_return_if_fail (G_IS_SETTINGS (settings));
  g_return_if_fail (G_IS_LIST_MODEL (combinations));

  g_variant_builder_init (&builder, G_VARIANT_TYPE (FORMAT));
  for (guint i = 0; i < g_list_model_get_n_items (combinations); i++)
    {
      g_autoptr (XenoOwnCombination) combination = g_list_model_get_item (combinations, i);

      g_variant_builder_add (&builder, "(s@au)", combination->name, xeno_own_combination_to_variant (combination));
    }
  g_settings_set_value (settings, KEY, g_variant_builder_end (&builder));
}

/**
 * xeno_own_combination_append_to_menu:
 * @combinations: a list of #XenoOwnCombination
 * @menu: a menu
 * @action: name of an action that takes the numbers of keys: "au"
 *
 * Appends the combinations as a section.
 */
void
xeno_own_combination_append_to_menu (GListModel *combinations,
                                     GMenu      *menu,
                                     const char *action)
{
  g_autoptr (GMenu) section = g_menu_new ();

  g_return_if_fail (G_IS_LIST_MODEL (combinations));
  g_return_if_fail (G_IS_MENU (menu));
  g_return_if_fail (action != NULL);

  for (guint i = 0; i < g_list_model_get_n_items (combinations); i++)
    {
      g_autoptr (XenoOwnCombination) combination = g_list_model_get_item (combinations, i);
      g_autoptr (GMenuItem) item = NULL;
      g_auto (GStrv) parts = g_strsplit (combination->name, "_", -1);
      g_autofree char *label = g_strjoinv ("__", parts); /* a menu reads one as a mnemonic */

      item = g_menu_item_new (label, NULL);
      g_menu_item_set_action_and_target_value (item, action, xeno_own_combination_to_variant (combination));
      g_menu_append_item (section, item);
    }
  g_menu_append_section (menu, NULL, G_MENU_MODEL (section));
}
