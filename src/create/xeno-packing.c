/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is packed with gzip or xz, read through libarchive and never believed about its size. */
#include "config.h"

#include <errno.h>
#include <unistd.h>

#include <archive.h>
#include <archive_entry.h>
#include <glib/gi18n-lib.h>

#include "base/xeno-error.h"
#include "base/xeno-text.h"
#include "base/xeno-units.h"
#include "create/xeno-media-bytes.h"
#include "create/xeno-packing.h"

#define READ_BYTES        (256 * 1024)
#define HOLE_BYTES        (64 * 1024) /* zeros of this length are not written */
#define MAX_DETAILS_CHARS 200

/* The .xz File Format 1.1. */
#define XZ_FOOTER_BYTES   12
#define MAX_INDEX_BYTES   (1024 * 1024)

typedef struct archive Archive;

typedef struct
{
  XenoMediaFile   *parts;    /* one after the other */
  guint            n_parts;
  guint            part;
  guint64          part_offset;
  guint64          offset;   /* how much was read */
  guint64          total_bytes;
  guint8           buffer[READ_BYTES];
  GCancellable    *cancellable;
  XenoPackingFunc  progress;
  gpointer         user_data;
  guint            percent;
} Source;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Archive, archive_read_free)

static void
report (Source *source)
{
  guint percent = source->offset * 100 / MAX (source->total_bytes, 1);

  if (source->progress == NULL || percent == source->percent)
    return;

  source->percent = percent;
  source->progress (percent / 100.0, source->user_data);
}

static void
source_init (Source        *source,
             XenoMediaFile *parts,
             guint          n_parts)
{
  source->parts = parts;
  source->n_parts = n_parts;
  for (guint i = 0; i < n_parts; i++)
    source->total_bytes += parts[i].size_bytes;
}

static gsize
read_more (Source *source)
{
  gsize length = 0;

  while (length == 0 && source->part < source->n_parts)
    {
      length = xeno_media_file_read (&source->parts[source->part], source->part_offset, source->buffer,
                                     sizeof source->buffer);
      source->part_offset += length;
      if (length == 0)
        {
          source->part++;
          source->part_offset = 0;
        }
    }
  source->offset += length;
  report (source);
  return length;
}

static la_ssize_t
read_cb (struct archive  *archive,
         void            *user_data,
         const void     **buffer)
{
  Source *source = user_data;

  if (g_cancellable_is_cancelled (source->cancellable))
    {
      archive_set_error (archive, ECANCELED, "cancelled");
      return ARCHIVE_FATAL;
    }

  *buffer = source->buffer;
  return read_more (source);
}

/* Only the two packings, and whatever is in them as it is: no archive is looked into. */
static Archive *
open_archive (Source *source)
{
  g_autoptr (Archive) archive = archive_read_new ();
  struct archive_entry *entry;

  archive_read_support_filter_gzip (archive);
  archive_read_support_filter_xz (archive);
  archive_read_support_format_raw (archive);
  if (archive_read_open (archive, source, NULL, read_cb, NULL) != ARCHIVE_OK
      || archive_read_next_header (archive, &entry) != ARCHIVE_OK
      || archive_filter_code (archive, 0) == ARCHIVE_FILTER_NONE)
    return NULL;
  return g_steal_pointer (&archive);
}

static gboolean
is_zero (const guint8 *bytes,
         gsize         length)
{
  return length > 0 && bytes[0] == 0 && memcmp (bytes, bytes + 1, length - 1) == 0;
}

static gboolean
write_at (int           fd,
          guint64       offset,
          const guint8 *bytes,
          gsize         length)
{
  while (length > 0)
    {
      gsize piece = MIN (length, HOLE_BYTES);
      gssize n = is_zero (bytes, piece) ? (gssize) piece : pwrite (fd, bytes, piece, offset);

      if (n < 0 && errno == EINTR)
        continue;
      if (n <= 0)
        return FALSE;
      offset += n;
      bytes += n;
      length -= n;
    }
  return TRUE;
}

static void
set_write_error (GError     **error,
                 const char  *folder,
                 int          number)
{
  if (number == ENOSPC || number == EDQUOT || number == EFBIG)
    xeno_set_error (error, XENO_ERROR_NO_SPACE, g_strerror (number),
                    _("The disk does not fit into the folder “%s”. Make room there, then try again."), folder);
  else
    xeno_set_error (error, XENO_ERROR_FAILED, g_strerror (number),
                    _("The disk could not be written to the folder “%s”: %s."), folder, g_strerror (number));
}

static void
set_read_error (GError  **error,
                Source   *source,
                Archive  *archive)
{
  g_autofree char *details = xeno_text_clean (archive != NULL ? archive_error_string (archive) : NULL, -1,
                                              MAX_DETAILS_CHARS);

  if (g_cancellable_set_error_if_cancelled (source->cancellable, error))
    return;
  xeno_set_error (error, XENO_ERROR_BAD_MEDIA, details,
                  _("“%s” is damaged or cut off, so it cannot be unpacked. Get it again from where it came from."),
                  source->parts->name);
}

static gboolean
take_piece (Source         *source,
            int             fd,
            guint64         offset,
            gconstpointer   bytes,
            gsize           length,
            const char     *folder,
            guint64         max_bytes,
            GError        **error)
{
  g_autofree char *most = NULL;

  if (offset + length > max_bytes)
    {
      most = xeno_units_format_size (max_bytes);
      xeno_set_error (error, XENO_ERROR_NO_SPACE, NULL,
                      _("“%s” unpacks to more than %s, which is more than there is room for."), source->parts->name,
                      most);
      return FALSE;
    }
  if (write_at (fd, offset, bytes, length))
    return TRUE;

  set_write_error (error, folder, errno);
  return FALSE;
}

/* What was only cut into pieces. */
static gboolean
join_to (Source      *source,
         int          fd,
         const char  *folder,
         guint64      max_bytes,
         GError     **error)
{
  guint64 end = 0;
  gsize length;

  while (!g_cancellable_set_error_if_cancelled (source->cancellable, error) && (length = read_more (source)) > 0)
    {
      if (!take_piece (source, fd, end, source->buffer, length, folder, max_bytes, error))
        return FALSE;
      end += length;
    }
  if (g_cancellable_is_cancelled (source->cancellable))
    return FALSE;

  if (end < source->total_bytes)
    set_read_error (error, source, NULL);
  else if (ftruncate (fd, end) != 0)
    set_write_error (error, folder, errno);
  else
    return TRUE;
  return FALSE;
}

static gboolean
unpack_to (Source      *source,
           int          fd,
           const char  *folder,
           guint64      max_bytes,
           GError     **error)
{
  g_autoptr (Archive) archive = open_archive (source);
  guint64 end = 0;
  const void *bytes;
  la_int64_t offset;
  gsize length;
  int status = ARCHIVE_FATAL;

  while (archive != NULL && (status = archive_read_data_block (archive, &bytes, &length, &offset)) == ARCHIVE_OK)
    {
      end = offset + length;
      if (!take_piece (source, fd, offset, bytes, length, folder, max_bytes, error))
        return FALSE;
    }

  /* Zeros at the end were left out, too. */
  if (status != ARCHIVE_EOF)
    set_read_error (error, source, archive);
  else if (ftruncate (fd, end) != 0)
    set_write_error (error, folder, errno);
  else
    return TRUE;
  return FALSE;
}

static guint64
read_number (const guint8 *bytes,
             gsize         length,
             gsize        *position)
{
  guint64 value = 0;

  for (guint shift = 0; shift < 63 && *position < length; shift += 7)
    {
      guint8 byte = bytes[(*position)++];

      value |= (guint64) (byte & 0x7f) << shift;
      if ((byte & 0x80) == 0)
        break;
    }
  return value;
}

/* The index at the end of the last stream; a file of several streams says less than it has. */
static guint64
read_xz_size (XenoMediaFile *file)
{
  guint8 footer[XZ_FOOTER_BYTES];
  g_autofree guint8 *index = NULL;
  guint64 index_bytes, n_records;
  guint64 sum = 0;
  gsize position = 1;

  if (file->size_bytes < 2 * XZ_FOOTER_BYTES
      || xeno_media_file_read (file, file->size_bytes - XZ_FOOTER_BYTES, footer, sizeof footer) < sizeof footer)
    return 0;
  index_bytes = ((guint64) xeno_bytes_le32 (footer + 4) + 1) * 4;
  if (index_bytes > MAX_INDEX_BYTES || index_bytes > file->size_bytes - XZ_FOOTER_BYTES)
    return 0;

  index = g_malloc (index_bytes);
  if (xeno_media_file_read (file, file->size_bytes - XZ_FOOTER_BYTES - index_bytes, index, index_bytes) < index_bytes)
    return 0;
  n_records = read_number (index, index_bytes, &position);
  for (guint64 i = 0; i < n_records && position < index_bytes; i++)
    {
      read_number (index, index_bytes, &position);
      if (!g_uint64_checked_add (&sum, sum, read_number (index, index_bytes, &position)))
        return 0;
    }
  return sum;
}

/* gzip keeps the last 32 bits of it. */
static guint64
read_gzip_size (XenoMediaFile *file)
{
  guint8 trailer[4];
  guint64 size;

  if (file->size_bytes < 18
      || xeno_media_file_read (file, file->size_bytes - 4, trailer, sizeof trailer) < sizeof trailer)
    return 0;

  size = xeno_bytes_le32 (trailer);
  if (size < file->size_bytes)
    size += (file->size_bytes - size + G_MAXUINT32) >> 32 << 32;
  return size;
}

static gboolean
is_gzip (XenoMediaFile *file)
{
  guint8 magic[3];

  return xeno_media_file_read (file, 0, magic, sizeof magic) == sizeof magic && memcmp (magic, "\037\213\010", 3) == 0;
}

static gboolean
is_xz (XenoMediaFile *file)
{
  guint8 magic[6];

  return xeno_media_file_read (file, 0, magic, sizeof magic) == sizeof magic && memcmp (magic, "\3757zXZ", 6) == 0;
}

/*< private >
 * xeno_packing_is_packed:
 * @file: a file
 *
 * Returns: whether it begins as gzip or xz
 */
gboolean
xeno_packing_is_packed (XenoMediaFile *file)
{
  return is_gzip (file) || is_xz (file);
}

/*< private >
 * xeno_packing_read_head:
 * @file: a packed file
 * @buffer: (out caller-allocates): where to put the bytes
 * @length: how many to read
 *
 * Unpacks the beginning.
 *
 * Returns: how many bytes there were
 */
gsize
xeno_packing_read_head (XenoMediaFile *file,
                        guint8        *buffer,
                        gsize          length)
{
  g_autofree Source *source = g_new0 (Source, 1);
  g_autoptr (Archive) archive = NULL;
  la_ssize_t n;
  gsize done = 0;

  source_init (source, file, 1);
  archive = open_archive (source);
  while (archive != NULL && done < length && (n = archive_read_data (archive, buffer + done, length - done)) > 0)
    done += n;
  return done;
}

/*< private >
 * xeno_packing_get_unpacked:
 * @file: a packed file
 *
 * Returns: how long it is unpacked, by its own word, or 0 where it does not say
 */
guint64
xeno_packing_get_unpacked (XenoMediaFile *file)
{
  return is_xz (file) ? read_xz_size (file) : read_gzip_size (file);
}

/*< private >
 * xeno_packing_unpack:
 * @parts: (array length=n_parts): a file, or the parts of one
 * @n_parts: how many there are
 * @fd: an empty file to fill
 * @folder: where that is, for people
 * @max_bytes: the most that may come out of it
 * @cancellable: (nullable): a cancellable
 * @progress: (nullable): called now and then
 * @user_data: for @progress
 * @error: %XENO_ERROR_BAD_MEDIA, %XENO_ERROR_NO_SPACE, or %XENO_ERROR_FAILED
 *
 * Joins the parts and, where it is packed, unpacks them, into a sparse file. Blocks.
 *
 * Returns: %TRUE when all of it is there
 */
gboolean
xeno_packing_unpack (XenoMediaFile    *parts,
                     guint             n_parts,
                     int               fd,
                     const char       *folder,
                     guint64           max_bytes,
                     GCancellable     *cancellable,
                     XenoPackingFunc   progress,
                     gpointer          user_data,
                     GError          **error)
{
  g_autofree Source *source = g_new0 (Source, 1);

  source_init (source, parts, n_parts);
  source->cancellable = cancellable;
  source->progress = progress;
  source->user_data = user_data;
  return xeno_packing_is_packed (parts) ? unpack_to (source, fd, folder, max_bytes, error)
                                        : join_to (source, fd, folder, max_bytes, error);
}
