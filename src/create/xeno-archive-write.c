/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Our own archives, written: there when they are whole and not before. */
#include "config.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <archive.h>
#include <archive_entry.h>
#include <glib/gi18n-lib.h>

#include "base/xeno-error.h"
#include "create/xeno-archive.h"
#include "create/xeno-export-archive.h"

#define BLOCK_BYTES (1024 * 1024)

/* Each disk is read twice: to sum it up, and to write it. */
#define SUM_SHARE   0.4

typedef struct archive Archive;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Archive, archive_write_free)

typedef struct
{
  XenoArchive      *archive;
  const int        *contents;
  int               fd;
  const char       *folder;
  GCancellable     *cancellable;
  XenoArchiveFunc   progress;
  gpointer          user_data;
  guint64           total_bytes;
  guint64           done_bytes;
  guint64           now_bytes;   /* of the file that is being summed up */
} Writing;

static la_ssize_t
write_cb (struct archive *archive,
          void           *user_data,
          const void     *buffer,
          size_t          length)
{
  Writing *writing = user_data;
  gssize n;

  do
    n = write (writing->fd, buffer, length);
  while (n < 0 && errno == EINTR);
  if (n < 0)
    archive_set_error (archive, errno, "%s", g_strerror (errno));
  return n;
}

static void
summing_cb (double   fraction,
            gpointer user_data)
{
  Writing *writing = user_data;

  writing->progress (SUM_SHARE * (writing->done_bytes + fraction * writing->now_bytes) / writing->total_bytes,
                     writing->user_data);
}

static gboolean
sum_up (Writing  *writing,
        GError  **error)
{
  GPtrArray *files = writing->archive->files;

  for (guint i = 0; i < files->len; i++)
    {
      XenoArchiveFile *file = g_ptr_array_index (files, i);
      struct stat info;

      file->n_bytes = fstat (writing->contents[i], &info) == 0 ? info.st_size : 0;
      writing->total_bytes += file->n_bytes;
    }
  for (guint i = 0; i < files->len; i++)
    {
      XenoArchiveFile *file = g_ptr_array_index (files, i);

      writing->now_bytes = file->n_bytes;
      g_free (file->checksum);
      file->checksum = xeno_archive_sum (writing->contents[i], &file->data_bytes, writing->cancellable, summing_cb,
                                         writing, error);
      if (file->checksum == NULL)
        return FALSE;
      writing->done_bytes += file->n_bytes;
    }
  return TRUE;
}

static struct archive_entry *
make_entry (const char *name,
            guint64     n_bytes)
{
  struct archive_entry *entry = archive_entry_new ();

  archive_entry_set_pathname (entry, name);
  archive_entry_set_filetype (entry, AE_IFREG);
  archive_entry_set_perm (entry, 0600);
  archive_entry_set_size (entry, n_bytes);
  archive_entry_set_mtime (entry, 0, 0);
  return entry;
}

static gboolean
put (Writing     *writing,
     Archive     *archive,
     const void  *bytes,
     gsize        length,
     GError     **error)
{
  if (archive_write_data (archive, bytes, length) == (la_ssize_t) length)
    return TRUE;

  xeno_export_set_error (error, writing->folder, archive_errno (archive));
  return FALSE;
}

/* libarchive wants to be given holes, too, and leaves them out. */
static gboolean
put_part (Writing   *writing,
          Archive   *archive,
          int        fd,
          guint64    offset,
          guint64    length,
          gboolean   is_hole,
          GError   **error)
{
  g_autofree guint8 *block = g_malloc0 (BLOCK_BYTES);

  while (length > 0)
    {
      gsize wanted = MIN (length, BLOCK_BYTES);
      gssize n = is_hole ? (gssize) wanted : pread (fd, block, wanted, offset);

      if (n < 0 && errno == EINTR)
        continue;
      if (g_cancellable_set_error_if_cancelled (writing->cancellable, error))
        return FALSE;
      if (n <= 0)
        {
          xeno_set_error (error, XENO_ERROR_FAILED, g_strerror (errno), _("A disk could not be read: %s."),
                          g_strerror (n < 0 ? errno : ENODATA));
          return FALSE;
        }
      if (!put (writing, archive, block, n, error))
        return FALSE;
      offset += n;
      length -= n;
      writing->done_bytes += n;
      writing->progress (SUM_SHARE + (1.0 - SUM_SHARE) * writing->done_bytes / writing->total_bytes,
                         writing->user_data);
    }
  return TRUE;
}

static gboolean
put_file (Writing                *writing,
          Archive                *archive,
          const XenoArchiveFile  *file,
          int                     fd,
          GError                **error)
{
  struct archive_entry *entry = make_entry (file->name, file->n_bytes);
  g_autoptr (GArray) parts = g_array_new (FALSE, FALSE, sizeof (guint64));
  guint64 offset = 0, length = 0, at = 0;
  gboolean is_good;

  while (xeno_archive_find_data (fd, file->n_bytes, &offset, &length))
    {
      archive_entry_sparse_add_entry (entry, offset, length);
      g_array_append_val (parts, offset);
      g_array_append_val (parts, length);
      offset += length;
    }
  if (parts->len == 0 && file->n_bytes > 0)
    archive_entry_sparse_add_entry (entry, file->n_bytes, 0);
  is_good = archive_write_header (archive, entry) == ARCHIVE_OK;
  if (!is_good)
    xeno_export_set_error (error, writing->folder, archive_errno (archive));
  archive_entry_free (entry);

  for (guint i = 0; is_good && i < parts->len; i += 2)
    {
      offset = g_array_index (parts, guint64, i);
      length = g_array_index (parts, guint64, i + 1);
      is_good = put_part (writing, archive, fd, at, offset - at, TRUE, error)
                && put_part (writing, archive, fd, offset, length, FALSE, error);
      at = offset + length;
    }
  return is_good && put_part (writing, archive, fd, at, file->n_bytes - at, TRUE, error);
}

static gboolean
put_manifest (Writing  *writing,
              Archive  *archive,
              GError  **error)
{
  g_autofree char *text = xeno_archive_make_manifest (writing->archive);
  struct archive_entry *entry = make_entry (XENO_ARCHIVE_MANIFEST, strlen (text));
  gboolean is_good = archive_write_header (archive, entry) == ARCHIVE_OK;

  archive_entry_free (entry);
  if (is_good)
    return put (writing, archive, text, strlen (text), error);

  xeno_export_set_error (error, writing->folder, archive_errno (archive));
  return FALSE;
}

static gboolean
put_all (Writing  *writing,
         GError  **error)
{
  g_autoptr (Archive) archive = archive_write_new ();
  GPtrArray *files = writing->archive->files;

  archive_write_set_format_pax_restricted (archive);
  archive_write_set_bytes_in_last_block (archive, 1);
  if (archive_write_open (archive, writing, NULL, write_cb, NULL) != ARCHIVE_OK)
    {
      xeno_export_set_error (error, writing->folder, archive_errno (archive));
      return FALSE;
    }

  writing->done_bytes = 0;
  if (!put_manifest (writing, archive, error))
    return FALSE;
  for (guint i = 0; i < files->len; i++)
    if (!put_file (writing, archive, g_ptr_array_index (files, i), writing->contents[i], error))
      return FALSE;
  if (archive_write_close (archive) == ARCHIVE_OK)
    return TRUE;

  xeno_export_set_error (error, writing->folder, archive_errno (archive));
  return FALSE;
}

/*< private >
 * xeno_archive_write:
 * @archive: what is to be in it; sizes and sums are filled in
 * @contents: (array): an open file for each of its files
 * @path: the file to make, which is replaced if it is there
 * @cancellable: (nullable): a cancellable
 * @progress: called now and then, in this thread
 * @user_data: for @progress
 * @error: why there is no file
 *
 * Writes an archive. Blocks. The file comes into being when all of it is written.
 *
 * Returns: %TRUE if it is there
 */
gboolean
xeno_archive_write (XenoArchive      *archive,
                    const int        *contents,
                    const char       *path,
                    GCancellable     *cancellable,
                    XenoArchiveFunc   progress,
                    gpointer          user_data,
                    GError          **error)
{
  g_autofree char *folder = g_path_get_dirname (path);
  Writing writing = { archive, contents, -1, folder, cancellable, progress, user_data, 1, 0, 0 };
  gboolean is_done;

  if (!sum_up (&writing, error))
    return FALSE;

  writing.fd = xeno_export_open_nameless (folder, error);
  if (writing.fd < 0)
    return FALSE;

  is_done = put_all (&writing, error) && xeno_export_give_name (writing.fd, path, folder, error);
  close (writing.fd);
  return is_done;
}
