/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Our own archives: a machine with all that belongs to it, in one file. */
#include "config.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib/gi18n-lib.h>

#include "base/xeno-error.h"
#include "base/xeno-text.h"
#include "create/xeno-archive.h"

/*
 * The format, version 1. A file ends in ".xeno" and is a tar archive (POSIX pax; holes as GNU tar 1.0 writes
 * them, so that "tar xf" unpacks it) of plain files in no folder, none of them twice. It is not packed.
 *
 *   xenolith-machine   the manifest; always the first
 *   machine.xml        the domain document, with its secrets
 *   snapshot-N.xml     what libvirt noted of the snapshots, each behind the one it was made after
 *   nvram.fd           the variables of the firmware
 *   tpm.state          what the emulated TPM keeps
 *   disk-TARGET.FORMAT the disks, byte for byte, with the snapshots within them
 *
 * The manifest is a key file (Desktop Entry Specification) with a group "Archive" and one for each other file:
 *
 *   [Archive]
 *   Format=xenolith-machine
 *   Version=1             a reader refuses what is higher
 *   Title=                what people call the machine
 *   Snapshot=             the name of the snapshot the machine stands on
 *   Missing=              what it had and the archive has not: "snapshots", "nvram", "tpm", targets of discs
 *
 *   [disk-vda.qcow2]
 *   Kind=                 definition, snapshot, nvram, tpm or disk
 *   Bytes=                how long it is
 *   Data=                 how much of that is not holes
 *   Sum=                  see xeno_archive_sum()
 *   Target=               of disks: the target in the definition
 *   Format=               of disks: qcow2 or raw
 *   Capacity=             of disks: how much the guest sees
 *
 * A reader ignores keys it does not know; kinds it does not know are an error.
 */
#define GROUP          "Archive"
#define KEY_FORMAT     "Format"
#define KEY_VERSION    "Version"
#define KEY_TITLE      "Title"
#define KEY_SNAPSHOT   "Snapshot"
#define KEY_MISSING    "Missing"
#define KEY_KIND       "Kind"
#define KEY_BYTES      "Bytes"
#define KEY_DATA       "Data"
#define KEY_SUM        "Sum"
#define KEY_TARGET     "Target"
#define KEY_CAPACITY   "Capacity"

#define SUM_BLOCK_BYTES  (64 * 1024)
#define SUM_CHARS        64
#define MIN_HOLE_BYTES   (1024 * 1024)
#define MAX_TARGET_CHARS 16
#define MAX_FILES        1024
#define MAX_TITLE_CHARS  200
#define MAX_NAME_CHARS   80

static void
file_free (gpointer data)
{
  XenoArchiveFile *file = data;

  g_free (file->name);
  g_free (file->kind);
  g_free (file->target);
  g_free (file->format);
  g_free (file->checksum);
  g_free (file);
}

/*< private >
 * xeno_archive_new:
 *
 * Makes an archive of nothing.
 *
 * Returns: (transfer full): the archive
 */
XenoArchive *
xeno_archive_new (void)
{
  XenoArchive *archive = g_new0 (XenoArchive, 1);

  archive->files = g_ptr_array_new_with_free_func (file_free);
  archive->snapshots = g_ptr_array_new_with_free_func (g_object_unref);
  return archive;
}

/*< private >
 * xeno_archive_free:
 * @archive: (transfer full): an archive
 *
 * Frees it.
 */
void
xeno_archive_free (XenoArchive *archive)
{
  g_free (archive->title);
  g_free (archive->current_snapshot);
  g_strfreev (archive->missing);
  g_ptr_array_unref (archive->files);
  g_clear_object (&archive->spec);
  g_ptr_array_unref (archive->snapshots);
  g_strfreev (archive->left_out);
  g_free (archive);
}

/*< private >
 * xeno_archive_add:
 * @archive: an archive
 * @name: what the file is called in it
 * @kind: what it is
 *
 * Adds a file.
 *
 * Returns: (transfer none): the file, to be filled in
 */
XenoArchiveFile *
xeno_archive_add (XenoArchive *archive,
                  const char  *name,
                  const char  *kind)
{
  XenoArchiveFile *file = g_new0 (XenoArchiveFile, 1);

  file->name = g_strdup (name);
  file->kind = g_strdup (kind);
  g_ptr_array_add (archive->files, file);
  return file;
}

/*< private >
 * xeno_archive_find:
 * @archive: an archive
 * @kind: what the file is
 * @target: (nullable): which disk
 *
 * Returns: (transfer none) (nullable): the first such file
 */
XenoArchiveFile *
xeno_archive_find (const XenoArchive *archive,
                   const char        *kind,
                   const char        *target)
{
  for (guint i = 0; i < archive->files->len; i++)
    {
      XenoArchiveFile *file = g_ptr_array_index (archive->files, i);

      if (g_str_equal (file->kind, kind) && g_strcmp0 (file->target, target) == 0)
        return file;
    }
  return NULL;
}

static guint64
add_up (const XenoArchive *archive,
        gsize              field)
{
  guint64 sum = 0;

  for (guint i = 0; i < archive->files->len; i++)
    if (!g_uint64_checked_add (&sum, sum, G_STRUCT_MEMBER (guint64, g_ptr_array_index (archive->files, i), field)))
      return G_MAXUINT64;
  return sum;
}

/*< private >
 * xeno_archive_get_data:
 * @archive: an archive
 *
 * Returns: how many bytes all files have that are not holes
 */
guint64
xeno_archive_get_data (const XenoArchive *archive)
{
  return add_up (archive, G_STRUCT_OFFSET (XenoArchiveFile, data_bytes));
}

/*< private >
 * xeno_archive_get_capacity:
 * @archive: an archive
 *
 * Returns: how much a guest sees of all disks together, in bytes
 */
guint64
xeno_archive_get_capacity (const XenoArchive *archive)
{
  return add_up (archive, G_STRUCT_OFFSET (XenoArchiveFile, capacity_bytes));
}

/*< private >
 * xeno_archive_make_manifest:
 * @archive: an archive, whose files are summed up
 *
 * Writes down what is in it.
 *
 * Returns: (transfer full): the manifest
 */
char *
xeno_archive_make_manifest (const XenoArchive *archive)
{
  g_autoptr (GKeyFile) keys = g_key_file_new ();

  g_key_file_set_string (keys, GROUP, KEY_FORMAT, XENO_ARCHIVE_MANIFEST);
  g_key_file_set_integer (keys, GROUP, KEY_VERSION, XENO_ARCHIVE_VERSION);
  g_key_file_set_string (keys, GROUP, KEY_TITLE, archive->title);
  if (archive->current_snapshot != NULL)
    g_key_file_set_string (keys, GROUP, KEY_SNAPSHOT, archive->current_snapshot);
  if (archive->missing != NULL && *archive->missing != NULL)
    g_key_file_set_string_list (keys, GROUP, KEY_MISSING, (const char * const *) archive->missing,
                                g_strv_length (archive->missing));
  for (guint i = 0; i < archive->files->len; i++)
    {
      const XenoArchiveFile *file = g_ptr_array_index (archive->files, i);

      g_key_file_set_string (keys, file->name, KEY_KIND, file->kind);
      g_key_file_set_uint64 (keys, file->name, KEY_BYTES, file->n_bytes);
      g_key_file_set_uint64 (keys, file->name, KEY_DATA, file->data_bytes);
      g_key_file_set_string (keys, file->name, KEY_SUM, file->checksum);
      if (file->target == NULL)
        continue;
      g_key_file_set_string (keys, file->name, KEY_TARGET, file->target);
      g_key_file_set_string (keys, file->name, KEY_FORMAT, file->format);
      g_key_file_set_uint64 (keys, file->name, KEY_CAPACITY, file->capacity_bytes);
    }
  return g_key_file_to_data (keys, NULL, NULL);
}

static gboolean
is_kind (const char *kind)
{
  static const char * const kinds[] = {
    XENO_ARCHIVE_DEFINITION, XENO_ARCHIVE_DISK, XENO_ARCHIVE_SNAPSHOT, XENO_ARCHIVE_NVRAM, XENO_ARCHIVE_TPM, NULL,
  };

  return g_strv_contains (kinds, kind);
}

/* It becomes a part of a file's name. */
static gboolean
is_target (const char *target)
{
  gsize length = strlen (target);

  for (gsize i = 0; i < length; i++)
    if (!g_ascii_isalnum (target[i]))
      return FALSE;
  return length > 0 && length <= MAX_TARGET_CHARS;
}

static gboolean
take_file (XenoArchive *archive,
           GKeyFile    *keys,
           const char  *name)
{
  g_autofree char *kind = g_key_file_get_string (keys, name, KEY_KIND, NULL);
  g_autofree char *target = g_key_file_get_string (keys, name, KEY_TARGET, NULL);
  g_autofree char *format = g_key_file_get_string (keys, name, KEY_FORMAT, NULL);
  g_autofree char *sum = g_key_file_get_string (keys, name, KEY_SUM, NULL);
  XenoArchiveFile *file;

  if (kind == NULL || !is_kind (kind) || sum == NULL || strlen (sum) != SUM_CHARS)
    return FALSE;
  if (g_str_equal (kind, XENO_ARCHIVE_DISK)
      && (target == NULL || !is_target (target) || xeno_archive_find (archive, kind, target) != NULL
          || (g_strcmp0 (format, "qcow2") != 0 && g_strcmp0 (format, "raw") != 0)))
    return FALSE;
  if (!g_str_equal (kind, XENO_ARCHIVE_DISK) && target != NULL)
    return FALSE;
  if (!g_str_equal (kind, XENO_ARCHIVE_DISK) && !g_str_equal (kind, XENO_ARCHIVE_SNAPSHOT)
      && xeno_archive_find (archive, kind, NULL) != NULL)
    return FALSE;

  file = xeno_archive_add (archive, name, kind);
  file->target = g_steal_pointer (&target);
  file->format = file->target != NULL ? g_steal_pointer (&format) : NULL;
  file->checksum = g_steal_pointer (&sum);
  file->n_bytes = g_key_file_get_uint64 (keys, name, KEY_BYTES, NULL);
  file->data_bytes = g_key_file_get_uint64 (keys, name, KEY_DATA, NULL);
  file->capacity_bytes = g_key_file_get_uint64 (keys, name, KEY_CAPACITY, NULL);
  return file->n_bytes <= G_MAXINT64 && file->data_bytes <= file->n_bytes;
}

/*< private >
 * xeno_archive_parse:
 * @manifest: what is in an archive, as somebody wrote it
 * @name: the archive's name, safe to show
 * @error: %XENO_ERROR_BAD_MEDIA or %XENO_ERROR_NOT_SUPPORTED
 *
 * Reads a manifest. Its names are those of plain files only when it was compared with the archive.
 *
 * Returns: (transfer full): the archive, whose machine is not known yet
 */
XenoArchive *
xeno_archive_parse (const char  *manifest,
                    const char  *name,
                    GError     **error)
{
  g_autoptr (GKeyFile) keys = g_key_file_new ();
  g_autoptr (XenoArchive) archive = xeno_archive_new ();
  g_autofree char *format = NULL;
  g_autofree char *title = NULL;
  g_auto (GStrv) groups = NULL;
  gboolean is_good;

  is_good = g_key_file_load_from_data (keys, manifest, strlen (manifest), G_KEY_FILE_NONE, NULL);
  format = is_good ? g_key_file_get_string (keys, GROUP, KEY_FORMAT, NULL) : NULL;
  is_good = g_strcmp0 (format, XENO_ARCHIVE_MANIFEST) == 0;
  if (is_good && g_key_file_get_integer (keys, GROUP, KEY_VERSION, NULL) != XENO_ARCHIVE_VERSION)
    {
      xeno_set_error (error, XENO_ERROR_NOT_SUPPORTED, NULL,
                      _("“%s” was written by another version of Xenolith than this one. Use that, or a newer one."), name);
      return NULL;
    }

  groups = g_key_file_get_groups (keys, NULL);
  for (guint i = 0; is_good && groups[i] != NULL; i++)
    if (!g_str_equal (groups[i], GROUP))
      is_good = archive->files->len < MAX_FILES && take_file (archive, keys, groups[i]);
  if (!is_good)
    {
      xeno_set_error (error, XENO_ERROR_BAD_MEDIA, NULL,
                      _("The list of what is in “%s” makes no sense: it was damaged or changed. Get the archive again "
                        "from where it came from."), name);
      return NULL;
    }

  title = g_key_file_get_string (keys, GROUP, KEY_TITLE, NULL);
  archive->title = xeno_text_clean (title != NULL ? title : "", -1, MAX_TITLE_CHARS);
  archive->current_snapshot = g_key_file_get_string (keys, GROUP, KEY_SNAPSHOT, NULL);
  archive->missing = g_key_file_get_string_list (keys, GROUP, KEY_MISSING, NULL, NULL);
  for (guint i = 0; archive->missing != NULL && archive->missing[i] != NULL; i++)
    {
      char *word = archive->missing[i];

      archive->missing[i] = xeno_text_clean (word, -1, MAX_NAME_CHARS);
      g_free (word);
    }
  return g_steal_pointer (&archive);
}

/*< private >
 * xeno_archive_list_missing:
 * @words: (nullable): what an archive has not
 *
 * Returns: (transfer full): the same in words for people
 */
GStrv
xeno_archive_list_missing (GStrv words)
{
  static const struct { const char *word; const char *label; } known[] = {
    { XENO_ARCHIVE_NO_SNAPSHOTS, N_("its snapshots") },
    { XENO_ARCHIVE_NVRAM, N_("what the firmware keeps") },
    { XENO_ARCHIVE_TPM, N_("what the TPM keeps") },
  };
  g_autoptr (GStrvBuilder) lines = g_strv_builder_new ();

  for (guint i = 0; words != NULL && words[i] != NULL; i++)
    {
      const char *label = NULL;
      g_autofree char *disc = NULL;

      for (gsize j = 0; j < G_N_ELEMENTS (known); j++)
        if (g_str_equal (words[i], known[j].word))
          label = _(known[j].label);
      if (label == NULL)
        /* Translators: %s is a drive, "sda" */
        disc = g_strdup_printf (_("the disc in “%s”"), words[i]);
      g_strv_builder_add (lines, label != NULL ? label : disc);
    }
  return g_strv_builder_end (lines);
}

/*< private >
 * xeno_archive_find_data:
 * @fd: an open file
 * @size_bytes: how long it is
 * @offset: (inout): where to begin to look, then where there is something
 * @length: (out): how much there is
 *
 * Finds the next part of a file that is no hole. Small holes do not count.
 *
 * Returns: %FALSE if there is none
 */
gboolean
xeno_archive_find_data (int      fd,
                        guint64  size_bytes,
                        guint64 *offset,
                        guint64 *length)
{
  off_t begin = *offset < size_bytes ? lseek (fd, *offset, SEEK_DATA) : -1;
  off_t end;

  if (begin < 0)
    {
      if (*offset >= size_bytes || errno == ENXIO)
        return FALSE;
      *length = size_bytes - *offset; /* a drive that knows no holes */
      return TRUE;
    }

  *offset = begin;
  end = lseek (fd, begin, SEEK_HOLE);
  while (end >= 0 && (guint64) end < size_bytes)
    {
      off_t next = lseek (fd, end, SEEK_DATA);

      if (next < 0 || next - end >= MIN_HOLE_BYTES)
        break;
      end = lseek (fd, next, SEEK_HOLE);
    }
  *length = (end < 0 ? size_bytes : MIN ((guint64) end, size_bytes)) - begin;
  return TRUE;
}

static gboolean
is_zero (const guint8 *bytes,
         gsize         length)
{
  return bytes[0] == 0 && memcmp (bytes, bytes + 1, length - 1) == 0;
}

static gssize
read_block (int      fd,
            guint64  offset,
            guint8  *block,
            gsize    length)
{
  gsize done = 0;

  while (done < length)
    {
      gssize n = pread (fd, block + done, length - done, offset + done);

      if (n < 0 && errno == EINTR)
        continue;
      if (n <= 0)
        return -1;
      done += n;
    }
  return done;
}

/*< private >
 * xeno_archive_sum:
 * @fd: an open file, which nobody changes meanwhile
 * @data_bytes: (out) (optional): how much of it is not holes
 * @cancellable: (nullable): a cancellable
 * @progress: (nullable): called now and then, in this thread
 * @user_data: for @progress
 * @error: why it cannot be read
 *
 * Sums up a file: the SHA-256 of all its blocks of 64 KiB that hold anything but zeros, each behind its number
 * (64 bit, big-endian), and of the file's length (likewise) at the end. So nobody has to read holes, and it does
 * not matter where there are some.
 *
 * Returns: (transfer full): the sum, in hexadecimal
 */
char *
xeno_archive_sum (int               fd,
                  guint64          *data_bytes,
                  GCancellable     *cancellable,
                  XenoArchiveFunc   progress,
                  gpointer          user_data,
                  GError          **error)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  g_autofree guint8 *block = g_malloc (SUM_BLOCK_BYTES);
  guint64 size_bytes, length = 0, total = 0, offset = 0, next = 0, number;
  struct stat info;

  size_bytes = fstat (fd, &info) == 0 ? info.st_size : 0;
  while (xeno_archive_find_data (fd, size_bytes, &offset, &length))
    {
      total += length;
      for (guint64 at = MAX (offset / SUM_BLOCK_BYTES * SUM_BLOCK_BYTES, next); at < offset + length;
           at += SUM_BLOCK_BYTES)
        {
          gsize n = MIN (SUM_BLOCK_BYTES, size_bytes - at);

          if (g_cancellable_set_error_if_cancelled (cancellable, error))
            return NULL;
          if (read_block (fd, at, block, n) < 0)
            {
              xeno_set_error (error, XENO_ERROR_FAILED, g_strerror (errno), _("A disk could not be read: %s."),
                              g_strerror (errno));
              return NULL;
            }
          next = at + SUM_BLOCK_BYTES;
          if (is_zero (block, n))
            continue;
          number = GUINT64_TO_BE (at / SUM_BLOCK_BYTES);
          g_checksum_update (checksum, (const guchar *) &number, sizeof number);
          g_checksum_update (checksum, block, n);
          if (progress != NULL)
            progress ((double) at / size_bytes, user_data);
        }
      offset += length;
    }

  number = GUINT64_TO_BE (size_bytes);
  g_checksum_update (checksum, (const guchar *) &number, sizeof number);
  if (data_bytes != NULL)
    *data_bytes = total;
  return g_strdup (g_checksum_get_string (checksum));
}
