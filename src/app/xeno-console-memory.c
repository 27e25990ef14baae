/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Remembers how each machine's console window was left. */
#include "config.h"

#include "app/xeno-console-memory.h"

#define KEY        "consoles"
#define ENTRY_TYPE "(siibs)"

/* Machines come and go; those whose console was used last are remembered. */
#define MAX_ENTRIES 100

/**
 * xeno_console_look_clear:
 * @look: a look
 *
 * Frees what is in @look.
 */
void
xeno_console_look_clear (XenoConsoleLook *look)
{
  g_return_if_fail (look != NULL);

  g_clear_pointer (&look->shown, g_free);
}

/**
 * xeno_console_memory_recall:
 * @settings: the application's settings
 * @uuid: the machine
 * @look: (out): how its console was left; untouched when that is not known
 *
 * Returns: whether it is known
 */
gboolean
xeno_console_memory_recall (GSettings       *settings,
                            const char      *uuid,
                            XenoConsoleLook *look)
{
  g_autoptr(GVariant) entries = NULL;
  GVariantIter iter;
  const char *entry_uuid;
  XenoConsoleLook entry;

  g_return_val_if_fail (G_IS_SETTINGS (settings), FALSE);
  g_return_val_if_fail (uuid != NULL && look != NULL, FALSE);

  entries = g_settings_get_value (settings, KEY);
  g_variant_iter_init (&iter, entries);
  while (g_variant_iter_next (&iter, "(&siib&s)", &entry_uuid, &entry.width, &entry.height,
                              &entry.is_maximized, &entry.shown))
    if (g_str_equal (entry_uuid, uuid))
      {
        *look = entry;
        look->shown = g_strdup (entry.shown);
        return TRUE;
      }

  return FALSE;
}

/**
 * xeno_console_memory_store:
 * @settings: the application's settings
 * @uuid: the machine
 * @look: how its console is left
 */
void
xeno_console_memory_store (GSettings             *settings,
                           const char            *uuid,
                           const XenoConsoleLook *look)
{
  g_autoptr(GVariant) entries = NULL;
  GVariantBuilder builder;
  gsize n_entries;

  g_return_if_fail (G_IS_SETTINGS (settings));
  g_return_if_fail (uuid != NULL && look != NULL);

  g_variant_builder_init (&builder, G_VARIANT_TYPE ("a" ENTRY_TYPE));
  g_variant_builder_add (&builder, ENTRY_TYPE, uuid, look->width, look->height, look->is_maximized,
                         look->shown);

  entries = g_settings_get_value (settings, KEY);
  n_entries = MIN (g_variant_n_children (entries), MAX_ENTRIES - 1);
  for (gsize i = 0; i < n_entries; i++)
    {
      g_autoptr(GVariant) entry = g_variant_get_child_value (entries, i);
      const char *entry_uuid;

      g_variant_get_child (entry, 0, "&s", &entry_uuid);
      if (!g_str_equal (entry_uuid, uuid))
        g_variant_builder_add_value (&builder, entry);
    }

  g_settings_set_value (settings, KEY, g_variant_builder_end (&builder));
}
