/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A disc image of a few small files, made in memory. */
#include "config.h"

#include <archive.h>
#include <archive_entry.h>
#include <string.h>

#include <glib/gi18n-lib.h>

#include "base/xeno-error.h"
#include "create/xeno-small-disc.h"

typedef struct archive Archive;
typedef struct archive_entry ArchiveEntry;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Archive, archive_write_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ArchiveEntry, archive_entry_free)

static la_ssize_t
take_bytes (struct archive *archive,
            void           *user_data,
            const void     *bytes,
            size_t          length)
{
  g_byte_array_append (user_data, bytes, length);
  return length;
}

static gboolean
begin (Archive    *archive,
       const char *volume_id,
       GByteArray *image)
{
  g_autofree char *options = g_strdup_printf ("iso9660:volume-id=%s,iso9660:joliet=long,iso9660:rockridge=useful",
                                              volume_id);

  return archive_write_set_format_iso9660 (archive) == ARCHIVE_OK
         && archive_write_set_options (archive, options) == ARCHIVE_OK
         && archive_write_set_bytes_per_block (archive, 0) == ARCHIVE_OK
         && archive_write_open (archive, image, NULL, take_bytes, NULL) == ARCHIVE_OK;
}

static gboolean
add_file (Archive             *archive,
          const XenoSmallFile *file)
{
  g_autoptr (ArchiveEntry) entry = archive_entry_new ();
  gsize length = strlen (file->text);

  archive_entry_set_pathname (entry, file->name);
  archive_entry_set_filetype (entry, AE_IFREG);
  archive_entry_set_perm (entry, 0600);
  archive_entry_set_size (entry, length);
  archive_entry_set_mtime (entry, g_get_real_time () / G_USEC_PER_SEC, 0);
  return archive_write_header (archive, entry) == ARCHIVE_OK
         && archive_write_data (archive, file->text, length) == (la_ssize_t) length;
}

/**
 * xeno_small_disc_make:
 * @volume_id: by what name a guest finds it; small letters are kept for Joliet alone
 * @files: (array length=n_files): what is on it
 * @n_files: how many
 * @error: %XENO_ERROR_FAILED, most likely because there is no room for temporary files
 *
 * Makes a disc image with the long names of Joliet and Rock Ridge.
 *
 * Returns: (transfer full): the image, or %NULL
 */
GBytes *
xeno_small_disc_make (const char           *volume_id,
                      const XenoSmallFile  *files,
                      gsize                 n_files,
                      GError              **error)
{
  g_autoptr (Archive) archive = archive_write_new ();
  g_autoptr (GByteArray) image = g_byte_array_new ();
  gboolean is_good;

  g_return_val_if_fail (volume_id != NULL && files != NULL, NULL);

  is_good = begin (archive, volume_id, image);
  for (gsize i = 0; i < n_files && is_good; i++)
    is_good = add_file (archive, &files[i]);
  if (is_good && archive_write_close (archive) == ARCHIVE_OK)
    return g_byte_array_free_to_bytes (g_steal_pointer (&image));

  xeno_set_error (error, XENO_ERROR_FAILED, archive_error_string (archive),
                  _("The disc “%s” could not be made. Look whether there is room for temporary files."), volume_id);
  return NULL;
}
