/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The note on a machine that a copy of it is kept ready, and what files that takes. */
#include "config.h"

#include <string.h>

#include "virt/xeno-warm-note.h"

#define FILE_MARK "-warm"
#define MAX_FILES 64

/* The words of the note, and where each stands. */
static const struct
{
  const char *key;
  gsize       offset;
} words[] = {
  { "base", G_STRUCT_OFFSET (XenoWarmNote, base) },
  { "id", G_STRUCT_OFFSET (XenoWarmNote, id) },
  { "folder", G_STRUCT_OFFSET (XenoWarmNote, folder) },
  { "walls", G_STRUCT_OFFSET (XenoWarmNote, walls) },
  { "document", G_STRUCT_OFFSET (XenoWarmNote, document) },
  { "disks", G_STRUCT_OFFSET (XenoWarmNote, disks) },
  { "hypervisor", G_STRUCT_OFFSET (XenoWarmNote, hypervisor) },
  { "processor", G_STRUCT_OFFSET (XenoWarmNote, processor) },
};

static char **
get_word (const XenoWarmNote *note,
          gsize               index)
{
  return (char **) ((guint8 *) note + words[index].offset);
}

/* Documents come from anywhere, and what stands here is removed one day: no file but one that only such a
 * copy has, in one folder. */
static gboolean
is_sound (const XenoWarmNote *note,
          const char         *uuid)
{
  if (g_strcmp0 (note->base, uuid) != 0 || !g_uuid_string_is_valid (note->id)
      || !g_path_is_absolute (note->folder) || g_strv_length (note->suffixes) > MAX_FILES)
    return FALSE;

  for (char **suffix = note->suffixes; *suffix != NULL; suffix++)
    if (!g_str_has_prefix (*suffix, FILE_MARK))
      return FALSE;
  return TRUE;
}

/**
 * xeno_warm_note_new:
 *
 * Returns: (transfer full): a note that says nothing yet
 */
XenoWarmNote *
xeno_warm_note_new (void)
{
  return g_new0 (XenoWarmNote, 1);
}

/**
 * xeno_warm_note_free:
 * @note: (transfer full): a note
 *
 * Frees it; the files stay.
 */
void
xeno_warm_note_free (XenoWarmNote *note)
{
  g_return_if_fail (note != NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    g_free (*get_word (note, i));
  g_strfreev (note->suffixes);
  g_free (note);
}

/* “key=value key=value”, with what is no word in the way addresses have it. */
static GHashTable *
read_words (const char *text)
{
  g_autoptr (GHashTable) table = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_auto (GStrv) pairs = g_strsplit (text, " ", -1);

  for (char **pair = pairs; *pair != NULL; pair++)
    {
      char *value = strchr (*pair, '=');
      char *plain = value != NULL ? g_uri_unescape_string (value + 1, NULL) : NULL;

      if (plain == NULL)
        return NULL;
      g_hash_table_replace (table, g_strndup (*pair, value - *pair), plain);
    }
  return g_steal_pointer (&table);
}

static void
write_word (GString    *text,
            const char *key,
            const char *value)
{
  g_string_append_printf (text, "%s%s=", text->len > 0 ? " " : "", key);
  g_string_append_uri_escaped (text, value, "/", FALSE);
}

static gint64
read_number (GHashTable *table,
             const char *key)
{
  const char *value = g_hash_table_lookup (table, key);
  gint64 number = 0;

  return value != NULL && g_ascii_string_to_signed (value, 10, 0, G_MAXINT64, &number, NULL) ? number : 0;
}

/**
 * xeno_warm_note_parse:
 * @text: (nullable): what stands on a machine
 * @uuid: which machine
 *
 * Reads a note.
 *
 * Returns: (transfer full) (nullable): the note, or %NULL where it is none, or that of another machine
 */
XenoWarmNote *
xeno_warm_note_parse (const char *text,
                      const char *uuid)
{
  g_autoptr (XenoWarmNote) note = NULL;
  g_autoptr (GHashTable) table = NULL;
  const char *files;

  g_return_val_if_fail (uuid != NULL, NULL);

  table = text != NULL ? read_words (text) : NULL;
  if (table == NULL)
    return NULL;

  note = xeno_warm_note_new ();
  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    {
      char **word = get_word (note, i);

      *word = g_strdup (g_hash_table_lookup (table, words[i].key));
      if (*word == NULL)
        return NULL;
    }
  files = g_hash_table_lookup (table, "files");
  note->suffixes = g_strsplit (files != NULL ? files : "", "/", -1);
  note->made_at = read_number (table, "made");
  note->size_bytes = read_number (table, "bytes");
  note->has_agent = read_number (table, "agent") == 1;
  return is_sound (note, uuid) ? g_steal_pointer (&note) : NULL;
}

/**
 * xeno_warm_note_to_text:
 * @note: a note
 *
 * Returns: (transfer full): what stands on the machine
 */
char *
xeno_warm_note_to_text (const XenoWarmNote *note)
{
  GString *text = g_string_new (NULL);
  g_autofree char *files = NULL;

  g_return_val_if_fail (note != NULL, NULL);

  files = g_strjoinv ("/", note->suffixes);
  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    write_word (text, words[i].key, *get_word (note, i));
  write_word (text, "files", files);
  g_string_append_printf (text, " made=%" G_GINT64_FORMAT " bytes=%" G_GUINT64_FORMAT " agent=%d", note->made_at,
                          note->size_bytes, !!note->has_agent);
  return g_string_free (text, FALSE);
}

/**
 * xeno_warm_note_of_machine:
 * @machine: a machine
 *
 * Returns: (transfer full) (nullable): its note, or %NULL where no copy of it is kept ready
 */
XenoWarmNote *
xeno_warm_note_of_machine (XenoMachine *machine)
{
  g_autofree char *text = xeno_machine_dup_note (machine, XENO_SPEC_NOTE_WARM);

  return xeno_warm_note_parse (text, xeno_machine_get_uuid (machine));
}

/**
 * xeno_warm_note_dup_path:
 * @note: a note
 * @suffix: what the name of a file ends in
 *
 * Returns: (transfer full): where it is
 */
char *
xeno_warm_note_dup_path (const XenoWarmNote *note,
                         const char         *suffix)
{
  g_autofree char *name = NULL;

  g_return_val_if_fail (note != NULL, NULL);
  g_return_val_if_fail (suffix != NULL, NULL);

  name = g_strconcat (note->id, suffix, NULL);
  return g_build_filename (note->folder, name, NULL);
}

/**
 * xeno_warm_note_list_paths:
 * @note: a note
 *
 * Returns: (transfer full): all its files
 */
GStrv
xeno_warm_note_list_paths (const XenoWarmNote *note)
{
  g_autoptr (GStrvBuilder) paths = g_strv_builder_new ();

  g_return_val_if_fail (note != NULL, NULL);

  for (char **suffix = note->suffixes; *suffix != NULL; suffix++)
    {
      g_autofree char *path = xeno_warm_note_dup_path (note, *suffix);

      g_strv_builder_add (paths, path);
    }
  return g_strv_builder_end (paths);
}
