/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The addresses a person opened last. */
#include "config.h"

#include "viewer/xeno-address-memory.h"

#define KEY "addresses"
#define MAX_ADDRESSES 12

/* Settings can be damaged, or a newer version's. */
static gboolean
is_usable (const char *uri)
{
  g_autoptr (XenoAddress) address = xeno_address_new (uri, NULL);

  return address != NULL;
}

/**
 * xeno_address_memory_list:
 * @settings: the application's settings
 *
 * Returns: (transfer full): the URIs of the addresses opened last, the newest first
 */
GStrv
xeno_address_memory_list (GSettings *settings)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) known = NULL;
  guint n = 0;

  g_return_val_if_fail (G_IS_SETTINGS (settings), NULL);

  known = g_settings_get_strv (settings, KEY);
  for (guint i = 0; known[i] != NULL && n < MAX_ADDRESSES; i++)
    if (is_usable (known[i]))
      {
        g_strv_builder_add (builder, known[i]);
        n++;
      }
  return g_strv_builder_end (builder);
}

static void
store (GSettings  *settings,
       const char *first,
       const char *without)
{
  g_auto (GStrv) known = xeno_address_memory_list (settings);
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) next = NULL;

  if (first != NULL)
    g_strv_builder_add (builder, first);
  for (guint i = 0; known[i] != NULL; i++)
    if (!g_str_equal (known[i], without))
      g_strv_builder_add (builder, known[i]);
  next = g_strv_builder_end (builder);
  g_settings_set_strv (settings, KEY, (const char *const *) next);
}

/**
 * xeno_address_memory_note:
 * @settings: the application's settings
 * @address: what is opened
 *
 * Remembers it as the newest. What is good for once is not remembered.
 */
void
xeno_address_memory_note (GSettings         *settings,
                          const XenoAddress *address)
{
  g_autofree char *uri = NULL;

  g_return_if_fail (G_IS_SETTINGS (settings));
  g_return_if_fail (address != NULL);

  if (address->deletes_file || address->proxy != NULL)
    return;

  uri = xeno_address_to_uri (address);
  store (settings, uri, uri);
}

/**
 * xeno_address_memory_forget:
 * @settings: the application's settings
 * @uri: an address
 *
 * Forgets one.
 */
void
xeno_address_memory_forget (GSettings  *settings,
                            const char *uri)
{
  g_return_if_fail (G_IS_SETTINGS (settings));
  g_return_if_fail (uri != NULL);

  store (settings, NULL, uri);
}

/**
 * xeno_address_memory_clear:
 * @settings: the application's settings
 *
 * Forgets all.
 */
void
xeno_address_memory_clear (GSettings *settings)
{
  g_return_if_fail (G_IS_SETTINGS (settings));

  g_settings_reset (settings, KEY);
}
