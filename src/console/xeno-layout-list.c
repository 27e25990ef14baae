/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The keyboard layouts there are, by name and for people. */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <xkbcommon/xkbregistry.h>

#include "console/xeno-layout-list.h"

/* Who translates the names of layouts. */
#define LAYOUTS_DOMAIN "xkeyboard-config"

typedef struct
{
  char *name;
  char *label;
} Row;

static void
row_clear (gpointer data)
{
  Row *row = data;

  g_free (row->name);
  g_free (row->label);
}

static int
compare_rows (gconstpointer a,
              gconstpointer b)
{
  return g_utf8_collate (((const Row *) a)->label, ((const Row *) b)->label);
}

static GArray *
read_rows (void)
{
  GArray *rows = g_array_new (FALSE, FALSE, sizeof (Row));
  struct rxkb_context *context = rxkb_context_new (RXKB_CONTEXT_NO_FLAGS);

  g_array_set_clear_func (rows, row_clear);
  if (context == NULL)
    return rows;

  if (rxkb_context_parse_default_ruleset (context))
    for (struct rxkb_layout *layout = rxkb_layout_first (context); layout != NULL; layout = rxkb_layout_next (layout))
      {
        Row row;

        if (rxkb_layout_get_variant (layout) != NULL)
          continue;

        row.name = g_strdup (rxkb_layout_get_name (layout));
        row.label = g_strdup (g_dgettext (LAYOUTS_DOMAIN, rxkb_layout_get_description (layout)));
        g_array_append_val (rows, row);
      }
  rxkb_context_unref (context);
  g_array_sort (rows, compare_rows);
  return rows;
}

/**
 * xeno_layout_list_names:
 * @labels: (out) (transfer full): what people call them, in the same order
 *
 * Lists the layouts of xkeyboard-config, without their variants; what people call them decides the order.
 *
 * Returns: (transfer full): their names: "de"
 */
GStrv
xeno_layout_list_names (char ***labels)
{
  g_autoptr (GArray) rows = NULL;
  g_autoptr (GStrvBuilder) names = g_strv_builder_new ();
  g_autoptr (GStrvBuilder) texts = g_strv_builder_new ();

  g_return_val_if_fail (labels != NULL, NULL);

  rows = read_rows ();
  for (guint i = 0; i < rows->len; i++)
    {
      g_strv_builder_add (names, g_array_index (rows, Row, i).name);
      g_strv_builder_add (texts, g_array_index (rows, Row, i).label);
    }
  *labels = g_strv_builder_end (texts);
  return g_strv_builder_end (names);
}
