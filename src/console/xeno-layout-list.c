/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The keyboard layouts there are, by name and for people. */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <xkbcommon/xkbregistry.h>

#include "console/xeno-layout-list.h"

/* Who translates the names of layouts. */
#define LAYOUTS_DOMAIN "xkeyboard-config"

struct _XenoLayoutName
{
  GObject  parent_instance;
  char    *name;
  char    *label;
};

G_DEFINE_FINAL_TYPE (XenoLayoutName, xeno_layout_name, G_TYPE_OBJECT)

enum { PROP_0, PROP_LABEL, N_PROPS };

static GParamSpec *properties[N_PROPS];

static void
xeno_layout_name_get_property (GObject    *object,
                               guint       prop_id,
                               GValue     *value,
                               GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_LABEL:
      g_value_set_string (value, XENO_LAYOUT_NAME (object)->label);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
xeno_layout_name_finalize (GObject *object)
{
  XenoLayoutName *self = XENO_LAYOUT_NAME (object);

  g_free (self->name);
  g_free (self->label);

  G_OBJECT_CLASS (xeno_layout_name_parent_class)->finalize (object);
}

static void
xeno_layout_name_class_init (XenoLayoutNameClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = xeno_layout_name_finalize;
  object_class->get_property = xeno_layout_name_get_property;

  /**
   * XenoLayoutName:label:
   *
   * What people call it.
   */
  properties[PROP_LABEL] =
    g_param_spec_string ("label", NULL, NULL, NULL,
                         G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
xeno_layout_name_init (XenoLayoutName *self)
{
}

/* As xeno_layout_new() takes them. */
static char *
dup_name (struct rxkb_layout *layout)
{
  const char *variant = rxkb_layout_get_variant (layout);

  return variant != NULL ? g_strconcat (rxkb_layout_get_name (layout), "+", variant, NULL)
                         : g_strdup (rxkb_layout_get_name (layout));
}

static const char *
get_label (struct rxkb_layout *layout)
{
  return g_dgettext (LAYOUTS_DOMAIN, rxkb_layout_get_description (layout));
}

static struct rxkb_context *
open_registry (void)
{
  struct rxkb_context *context = rxkb_context_new (RXKB_CONTEXT_NO_FLAGS);

  if (context == NULL || rxkb_context_parse_default_ruleset (context))
    return context;

  rxkb_context_unref (context);
  return NULL;
}

static int
compare_names (gconstpointer a,
               gconstpointer b,
               gpointer      user_data)
{
  return g_utf8_collate (((const XenoLayoutName *) a)->label, ((const XenoLayoutName *) b)->label);
}

/**
 * xeno_layout_name_new:
 * @name: what xeno_layout_new() takes
 * @label: what people call it
 *
 * Returns: (transfer full): a layout's name
 */
XenoLayoutName *
xeno_layout_name_new (const char *name,
                      const char *label)
{
  XenoLayoutName *self;

  g_return_val_if_fail (name != NULL, NULL);
  g_return_val_if_fail (label != NULL, NULL);

  self = g_object_new (XENO_TYPE_LAYOUT_NAME, NULL);
  self->name = g_strdup (name);
  self->label = g_strdup (label);
  return self;
}

/**
 * xeno_layout_name_get_name:
 * @self: a layout's name
 *
 * Returns: what xeno_layout_new() takes: "de", or with a variant: "de+nodeadkeys"
 */
const char *
xeno_layout_name_get_name (XenoLayoutName *self)
{
  g_return_val_if_fail (XENO_IS_LAYOUT_NAME (self), NULL);

  return self->name;
}

/**
 * xeno_layout_name_get_label:
 * @self: a layout's name
 *
 * Returns: what people call it
 */
const char *
xeno_layout_name_get_label (XenoLayoutName *self)
{
  g_return_val_if_fail (XENO_IS_LAYOUT_NAME (self), NULL);

  return self->label;
}

/**
 * xeno_layout_list_new:
 *
 * Lists the layouts of xkeyboard-config and their variants; what people call them decides the order.
 *
 * Returns: (transfer full) (element-type XenoLayoutName): the layouts
 */
GListModel *
xeno_layout_list_new (void)
{
  GListStore *names = g_list_store_new (XENO_TYPE_LAYOUT_NAME);
  struct rxkb_context *context = open_registry ();

  if (context == NULL)
    return G_LIST_MODEL (names);

  for (struct rxkb_layout *layout = rxkb_layout_first (context); layout != NULL; layout = rxkb_layout_next (layout))
    {
      g_autofree char *name = dup_name (layout);
      g_autoptr (XenoLayoutName) item = xeno_layout_name_new (name, get_label (layout));

      g_list_store_append (names, item);
    }
  rxkb_context_unref (context);
  g_list_store_sort (names, compare_names, NULL);
  return G_LIST_MODEL (names);
}

/**
 * xeno_layout_dup_label:
 * @name: what xeno_layout_new() takes
 *
 * Returns: (transfer full): what people call it; @name, where nobody knows it
 */
char *
xeno_layout_dup_label (const char *name)
{
  struct rxkb_context *context;
  char *label = NULL;

  g_return_val_if_fail (name != NULL, NULL);

  context = open_registry ();
  if (context == NULL)
    return g_strdup (name);

  for (struct rxkb_layout *layout = rxkb_layout_first (context); layout != NULL && label == NULL;
       layout = rxkb_layout_next (layout))
    {
      g_autofree char *found = dup_name (layout);

      if (g_str_equal (found, name))
        label = g_strdup (get_label (layout));
    }
  rxkb_context_unref (context);
  return label != NULL ? label : g_strdup (name);
}
