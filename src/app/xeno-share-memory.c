/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Remembers what of this computer each machine is given: a folder, kinds of USB devices, a smart card. */
#include "config.h"

#include "app/xeno-share-memory.h"

#define KEY_FOLDERS "shared-folders"
#define KEY_DEVICES "usb-rules"
#define KEY_READERS "card-readers"

/* Machines come and go; what was chosen last is remembered. */
#define MAX_ENTRIES 100

/**
 * xeno_share_memory_dup_folder:
 * @settings: the application's settings
 * @uuid: the machine
 * @is_writable: (out): whether it may change it
 *
 * Returns: (transfer full) (nullable): the folder it is given
 */
char *
xeno_share_memory_dup_folder (GSettings  *settings,
                              const char *uuid,
                              gboolean   *is_writable)
{
  g_autoptr (GVariant) entries = NULL;
  GVariantIter iter;
  const char *entry_uuid, *path;

  g_return_val_if_fail (G_IS_SETTINGS (settings), NULL);
  g_return_val_if_fail (uuid != NULL && is_writable != NULL, NULL);

  entries = g_settings_get_value (settings, KEY_FOLDERS);
  g_variant_iter_init (&iter, entries);
  while (g_variant_iter_next (&iter, "(&s&sb)", &entry_uuid, &path, is_writable))
    if (g_str_equal (entry_uuid, uuid) && g_path_is_absolute (path))
      return g_strdup (path);

  *is_writable = FALSE;
  return NULL;
}

/* The entries but those that @is_other says no to, behind what is in @builder. */
static void
store (GSettings       *settings,
       const char      *key,
       GVariantBuilder *builder,
       gboolean       (*is_other) (GVariant   *entry,
                                   const char *word),
       const char      *word)
{
  g_autoptr (GVariant) entries = g_settings_get_value (settings, key);
  gsize n_entries = MIN (g_variant_n_children (entries), MAX_ENTRIES - 1);

  for (gsize i = 0; i < n_entries; i++)
    {
      g_autoptr (GVariant) entry = g_variant_get_child_value (entries, i);

      if (is_other (entry, word))
        g_variant_builder_add_value (builder, entry);
    }
  g_settings_set_value (settings, key, g_variant_builder_end (builder));
}

static gboolean
is_of_other_machine (GVariant   *entry,
                     const char *uuid)
{
  const char *entry_uuid;

  g_variant_get_child (entry, 0, "&s", &entry_uuid);
  return !g_str_equal (entry_uuid, uuid);
}

static gboolean
is_of_other_kind (GVariant   *entry,
                  const char *kind)
{
  const char *entry_kind;

  g_variant_get_child (entry, 1, "&s", &entry_kind);
  return !g_str_equal (entry_kind, kind);
}

/**
 * xeno_share_memory_set_folder:
 * @settings: the application's settings
 * @uuid: the machine
 * @path: (nullable): the folder it is given; %NULL: none
 * @is_writable: whether it may change it
 *
 * Remembers it here, not on the machine: the path is this computer's.
 */
void
xeno_share_memory_set_folder (GSettings  *settings,
                              const char *uuid,
                              const char *path,
                              gboolean    is_writable)
{
  GVariantBuilder builder;

  g_return_if_fail (G_IS_SETTINGS (settings));
  g_return_if_fail (uuid != NULL);

  g_variant_builder_init (&builder, G_VARIANT_TYPE ("a(ssb)"));
  if (path != NULL && g_utf8_validate (path, -1, NULL))
    g_variant_builder_add (&builder, "(ssb)", uuid, path, is_writable);
  store (settings, KEY_FOLDERS, &builder, is_of_other_machine, uuid);
}

/**
 * xeno_share_memory_dup_kinds:
 * @settings: the application's settings
 * @uuid: the machine
 *
 * Returns: (transfer full): the kinds of USB devices it is given whenever one is plugged in
 */
GStrv
xeno_share_memory_dup_kinds (GSettings  *settings,
                             const char *uuid)
{
  g_autoptr (GStrvBuilder) kinds = g_strv_builder_new ();
  g_autoptr (GVariant) entries = NULL;
  GVariantIter iter;
  const char *entry_uuid, *kind;

  g_return_val_if_fail (G_IS_SETTINGS (settings), NULL);
  g_return_val_if_fail (uuid != NULL, NULL);

  entries = g_settings_get_value (settings, KEY_DEVICES);
  g_variant_iter_init (&iter, entries);
  while (g_variant_iter_next (&iter, "(&s&s)", &entry_uuid, &kind))
    if (g_str_equal (entry_uuid, uuid))
      g_strv_builder_add (kinds, kind);
  return g_strv_builder_end (kinds);
}

/**
 * xeno_share_memory_set_kind:
 * @settings: the application's settings
 * @uuid: the machine
 * @kind: a kind of USB device
 * @is_given: whether the machine is given one whenever it is plugged in
 *
 * One kind goes to one machine: that of whoever said so last.
 */
void
xeno_share_memory_set_kind (GSettings  *settings,
                            const char *uuid,
                            const char *kind,
                            gboolean    is_given)
{
  GVariantBuilder builder;

  g_return_if_fail (G_IS_SETTINGS (settings));
  g_return_if_fail (uuid != NULL && kind != NULL);

  g_variant_builder_init (&builder, G_VARIANT_TYPE ("a(ss)"));
  if (is_given)
    g_variant_builder_add (&builder, "(ss)", uuid, kind);
  store (settings, KEY_DEVICES, &builder, is_of_other_kind, kind);
}

/**
 * xeno_share_memory_dup_reader:
 * @settings: the application's settings
 * @uuid: the machine
 *
 * Returns: (transfer full) (nullable): the reader whose card it is given; "": any; %NULL: it is given none
 */
char *
xeno_share_memory_dup_reader (GSettings  *settings,
                              const char *uuid)
{
  g_autoptr (GVariant) entries = NULL;
  GVariantIter iter;
  const char *entry_uuid, *reader;

  g_return_val_if_fail (G_IS_SETTINGS (settings), NULL);
  g_return_val_if_fail (uuid != NULL, NULL);

  entries = g_settings_get_value (settings, KEY_READERS);
  g_variant_iter_init (&iter, entries);
  while (g_variant_iter_next (&iter, "(&s&s)", &entry_uuid, &reader))
    if (g_str_equal (entry_uuid, uuid))
      return g_strdup (reader);
  return NULL;
}

/**
 * xeno_share_memory_set_reader:
 * @settings: the application's settings
 * @uuid: the machine
 * @reader: (nullable): the reader whose card it is given; "": any; %NULL: it is given none
 */
void
xeno_share_memory_set_reader (GSettings  *settings,
                              const char *uuid,
                              const char *reader)
{
  GVariantBuilder builder;

  g_return_if_fail (G_IS_SETTINGS (settings));
  g_return_if_fail (uuid != NULL);

  g_variant_builder_init (&builder, G_VARIANT_TYPE ("a(ss)"));
  if (reader != NULL && g_utf8_validate (reader, -1, NULL))
    g_variant_builder_add (&builder, "(ss)", uuid, reader);
  store (settings, KEY_READERS, &builder, is_of_other_machine, uuid);
}
