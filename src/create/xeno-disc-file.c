/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Files on somebody's disc image. */
#include "config.h"

#include <archive.h>
#include <archive_entry.h>

#include "create/xeno-disc-file.h"

#define MAX_FILE_BYTES (512 * 1024 * 1024)
#define MAX_LINKS      4
#define BLOCK_BYTES    (128 * 1024)

typedef struct archive Archive;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Archive, archive_read_free)

static Archive *
open_disc (const char *path)
{
  g_autoptr (Archive) archive = archive_read_new ();

  if (archive_read_support_format_iso9660 (archive) != ARCHIVE_OK
      || archive_read_open_filename (archive, path, BLOCK_BYTES) != ARCHIVE_OK)
    return NULL;
  return g_steal_pointer (&archive);
}

static const char *
skip_root (const char *path)
{
  while (*path == '.' || *path == '/')
    path++;
  return path;
}

static gboolean
is_called (struct archive_entry *entry,
           const char           *path)
{
  const char *name = archive_entry_pathname (entry);

  return name != NULL && g_ascii_strcasecmp (skip_root (name), skip_root (path)) == 0;
}

/* The entry, or the other name it has on a disc that keeps the same file once. */
static struct archive_entry *
find_entry (Archive    *archive,
            const char *path,
            char      **other_name)
{
  struct archive_entry *entry;
  int status;

  while ((status = archive_read_next_header (archive, &entry)) == ARCHIVE_OK || status == ARCHIVE_WARN)
    if (is_called (entry, path))
      {
        *other_name = g_strdup (archive_entry_hardlink (entry));
        return entry;
      }
  return NULL;
}

static GBytes *
read_entry (Archive              *archive,
            struct archive_entry *entry)
{
  gint64 size = archive_entry_size (entry);
  g_autofree char *contents = NULL;

  if (size <= 0 || size > MAX_FILE_BYTES || (contents = g_try_malloc (size)) == NULL
      || archive_read_data (archive, contents, size) != size)
    return NULL;
  return g_bytes_new_take (g_steal_pointer (&contents), size);
}

/**
 * xeno_disc_file_read:
 * @disc_path: a disc image
 * @path: a file on it, in any case
 *
 * Reads a file of a disc. Blocks for as long as the drive does.
 *
 * Returns: (transfer full) (nullable): what is in it, or %NULL if it is not there or cannot be read
 */
GBytes *
xeno_disc_file_read (const char *disc_path,
                     const char *path)
{
  g_autofree char *wanted = g_strdup (path);

  g_return_val_if_fail (disc_path != NULL && path != NULL, NULL);

  for (guint i = 0; i < MAX_LINKS && wanted != NULL; i++)
    {
      g_autoptr (Archive) archive = open_disc (disc_path);
      g_autofree char *other_name = NULL;
      struct archive_entry *entry;

      if (archive == NULL)
        return NULL;

      entry = find_entry (archive, wanted, &other_name);
      if (entry == NULL)
        return NULL;
      if (other_name == NULL)
        return read_entry (archive, entry);
      g_free (wanted);
      wanted = g_steal_pointer (&other_name);
    }
  return NULL;
}

/**
 * xeno_disc_file_find_folder:
 * @disc_path: a disc image
 * @paths: (array zero-terminated=1): folders, the best first
 *
 * Finds out which folder a disc has. Blocks for as long as the drive does.
 *
 * Returns: (transfer none) (nullable): one of @paths, or %NULL if it has none of them
 */
const char *
xeno_disc_file_find_folder (const char         *disc_path,
                            const char * const *paths)
{
  g_autoptr (Archive) archive = NULL;
  struct archive_entry *entry;
  guint n_paths, found;
  int status;

  g_return_val_if_fail (disc_path != NULL && paths != NULL, NULL);

  n_paths = found = g_strv_length ((char **) paths);
  archive = open_disc (disc_path);
  while (archive != NULL && found > 0
         && ((status = archive_read_next_header (archive, &entry)) == ARCHIVE_OK || status == ARCHIVE_WARN))
    for (guint i = 0; i < found; i++)
      if (archive_entry_filetype (entry) == AE_IFDIR && is_called (entry, paths[i]))
        found = i;
  return found < n_paths ? paths[found] : NULL;
}
