/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Our own archives, read without trusting what wrote them. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <archive.h>
#include <archive_entry.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>

#include "base/xeno-error.h"
#include "base/xeno-text.h"
#include "create/xeno-archive.h"
#include "create/xeno-media-facts.h"
#include "spec/xeno-spec-trust.h"

#define READ_BYTES         (256 * 1024)
#define HEAD_BYTES         512
#define HOLE_BYTES         (64 * 1024) /* zeros of this length are not written */
#define MAX_MANIFEST_BYTES (1024 * 1024)
#define MAX_DOCUMENT_BYTES (4 * 1024 * 1024)
#define MAX_SNAPSHOT_BYTES (64 * 1024 * 1024) /* all of them */
#define MAX_NAME_CHARS     80

/* How much of the work is the unpacking of a disk; the rest is summing it up. */
#define UNPACKING_SHARE    0.7

typedef struct archive Archive;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Archive, archive_read_free)

typedef struct
{
  XenoMediaFile *file;
  guint64        offset;
  guint8         buffer[READ_BYTES];
} Source;

static la_ssize_t
read_cb (struct archive  *archive,
         void            *user_data,
         const void     **buffer)
{
  Source *source = user_data;
  gsize length = xeno_media_file_read (source->file, source->offset, source->buffer, sizeof source->buffer);

  source->offset += length;
  *buffer = source->buffer;
  return length;
}

static la_int64_t
skip_cb (struct archive *archive,
         void           *user_data,
         la_int64_t      length)
{
  Source *source = user_data;
  guint64 left = source->file->size_bytes - MIN (source->offset, source->file->size_bytes);
  guint64 skipped = MIN ((guint64) MAX (length, 0), left);

  source->offset += skipped;
  return skipped;
}

/* Neither packings nor other formats: each would be one more thing that could be wrong. */
static Archive *
open_archive (XenoMediaFile *file,
              Source        *source)
{
  g_autoptr (Archive) archive = archive_read_new ();

  source->file = file;
  source->offset = 0;
  archive_read_support_format_tar (archive);
  archive_read_set_read_callback (archive, read_cb);
  archive_read_set_skip_callback (archive, skip_cb);
  archive_read_set_callback_data (archive, source);
  return archive_read_open1 (archive) == ARCHIVE_OK ? g_steal_pointer (&archive) : NULL;
}

static void
refuse_cut (XenoMediaFile  *file,
            GError        **error)
{
  xeno_set_error (error, XENO_ERROR_BAD_MEDIA, NULL,
                  _("“%s” is damaged or ends too early. Get it again from where it came from."), file->name);
}

static void
refuse_wrong (XenoMediaFile  *file,
              const char     *name,
              GError        **error)
{
  g_autofree char *shown = xeno_text_clean (name, -1, MAX_NAME_CHARS);

  xeno_set_error (error, XENO_ERROR_BAD_MEDIA, NULL,
                  _("“%s” in “%s” is not what its list says: it was damaged or changed. Get the archive again from where "
                    "it came from."), shown, file->name);
}

static gboolean
is_plain_file (struct archive_entry *entry)
{
  const char *name = archive_entry_pathname (entry);

  return archive_entry_filetype (entry) == AE_IFREG && archive_entry_hardlink (entry) == NULL
         && archive_entry_symlink (entry) == NULL && name != NULL && *name != '\0' && *name != '.'
         && strchr (name, '/') == NULL && strchr (name, '\\') == NULL && g_utf8_validate (name, -1, NULL);
}

/* The next header, which is a file in no folder; NULL without an error at the end. */
static struct archive_entry *
read_header (XenoMediaFile  *file,
             Archive        *archive,
             GError        **error)
{
  struct archive_entry *entry;
  int status = archive_read_next_header (archive, &entry);
  const char *name;

  if (status == ARCHIVE_EOF)
    return NULL;
  if (status != ARCHIVE_OK)
    {
      refuse_cut (file, error);
      return NULL;
    }
  if (is_plain_file (entry))
    return entry;

  name = archive_entry_pathname (entry);
  refuse_wrong (file, name != NULL ? name : "?", error);
  return NULL;
}

static char *
read_text (Archive *archive,
           gsize    max_bytes,
           gsize   *length)
{
  g_autoptr (GString) text = g_string_new (NULL);
  char block[4096];
  la_ssize_t n;

  while ((n = archive_read_data (archive, block, sizeof block)) > 0)
    if (text->len + n <= max_bytes)
      g_string_append_len (text, block, n);
    else
      return NULL;
  if (n < 0)
    return NULL;

  if (length != NULL)
    *length = text->len;
  else if (strlen (text->str) != text->len)
    return NULL;
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static char *
sum_up (const char *text,
        gsize       length)
{
  int fd = memfd_create ("sum", MFD_CLOEXEC);
  char *sum = NULL;

  if (fd >= 0 && write (fd, text, length) == (gssize) length)
    sum = xeno_archive_sum (fd, NULL, NULL, NULL, NULL, NULL);
  if (fd >= 0)
    close (fd);
  return sum;
}

static XenoArchiveFile *
find_file (XenoArchive *archive,
           const char  *name)
{
  for (guint i = 0; i < archive->files->len; i++)
    {
      XenoArchiveFile *file = g_ptr_array_index (archive->files, i);

      if (g_str_equal (file->name, name))
        return file;
    }
  return NULL;
}

static gboolean
take_definition (XenoMediaFile  *file,
                 XenoArchive    *self,
                 const char     *xml,
                 GError        **error)
{
  self->spec = xeno_spec_new_from_xml (xml, error);
  if (self->spec == NULL)
    return FALSE;

  self->left_out = xeno_spec_distrust (self->spec);
  return TRUE;
}

/* One that leads to other files is none of ours. */
static gboolean
take_snapshot (XenoMediaFile  *file,
               XenoArchive    *self,
               const char     *xml,
               GError        **error)
{
  g_autoptr (XenoSnapshot) snapshot = xeno_snapshot_new_from_xml (xml, error);

  if (snapshot == NULL)
    return FALSE;
  if (!xeno_snapshot_is_internal (snapshot))
    {
      refuse_wrong (file, xeno_snapshot_get_name (snapshot), error);
      return FALSE;
    }

  xeno_snapshot_distrust (snapshot);
  g_ptr_array_add (self->snapshots, g_steal_pointer (&snapshot));
  return TRUE;
}

static const struct
{
  const char *kind;
  gboolean  (*take) (XenoMediaFile  *file,
                     XenoArchive    *self,
                     const char     *xml,
                     GError        **error);
} documents[] = {
  { XENO_ARCHIVE_DEFINITION, take_definition },
  { XENO_ARCHIVE_SNAPSHOT, take_snapshot },
};

static gboolean
take_document (XenoMediaFile          *file,
               Archive                *archive,
               XenoArchive            *self,
               const XenoArchiveFile  *member,
               guint64                *n_bytes,
               GError                **error)
{
  g_autofree char *xml = NULL;
  g_autofree char *sum = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (documents); i++)
    {
      if (!g_str_equal (documents[i].kind, member->kind))
        continue;
      *n_bytes += member->n_bytes;
      xml = *n_bytes <= MAX_SNAPSHOT_BYTES ? read_text (archive, MAX_DOCUMENT_BYTES, NULL) : NULL;
      sum = xml != NULL ? sum_up (xml, strlen (xml)) : NULL;
      if (g_strcmp0 (sum, member->checksum) != 0)
        {
          refuse_wrong (file, member->name, error);
          return FALSE;
        }
      return documents[i].take (file, self, xml, error);
    }
  return TRUE;
}

/* What is on the list is there, once, and as long as it says; and nothing else is there. */
static gboolean
take_members (XenoMediaFile  *file,
              Archive        *archive,
              XenoArchive    *self,
              GError        **error)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GError) reason = NULL;
  struct archive_entry *entry;
  guint64 n_bytes = 0;

  while ((entry = read_header (file, archive, &reason)) != NULL)
    {
      XenoArchiveFile *member = find_file (self, archive_entry_pathname (entry));

      if (member == NULL || !g_hash_table_add (seen, member->name)
          || archive_entry_size (entry) != (la_int64_t) member->n_bytes)
        {
          refuse_wrong (file, archive_entry_pathname (entry), error);
          return FALSE;
        }
      if (!take_document (file, archive, self, member, &n_bytes, error))
        return FALSE;
    }
  if (reason != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&reason));
      return FALSE;
    }
  if (g_hash_table_size (seen) == self->files->len && self->spec != NULL)
    return TRUE;

  refuse_cut (file, error);
  return FALSE;
}

static gboolean
is_disk (XenoDevice *device)
{
  g_autofree char *kind = xeno_device_dup_string (device, "device");

  return kind == NULL || g_str_equal (kind, "disk");
}

/* A disk without its file cannot be one. */
static void
drop_empty_disks (XenoArchive *self)
{
  g_autoptr (GPtrArray) disks = xeno_spec_list_devices (self->spec, "disk");
  g_autoptr (GStrvBuilder) told = g_strv_builder_new ();

  g_strv_builder_addv (told, (const char **) self->left_out);
  for (guint i = 0; i < disks->len; i++)
    {
      g_autofree char *target = xeno_device_dup_string (disks->pdata[i], "target-dev");
      g_autofree char *title = xeno_device_dup_title (disks->pdata[i]);

      if (!is_disk (disks->pdata[i])
          || (target != NULL && xeno_archive_find (self, XENO_ARCHIVE_DISK, target) != NULL))
        continue;
      g_strv_builder_add (told, title);
      xeno_spec_remove_device (self->spec, disks->pdata[i]);
    }
  g_strfreev (self->left_out);
  self->left_out = g_strv_builder_end (told);
}

/*< private >
 * xeno_archive_recognise:
 * @file: a file
 *
 * Returns: whether it begins as one of our archives does
 */
gboolean
xeno_archive_recognise (XenoMediaFile *file)
{
  char head[HEAD_BYTES];

  return xeno_media_file_read (file, 0, head, sizeof head) == sizeof head
         && memcmp (head, XENO_ARCHIVE_MANIFEST, sizeof XENO_ARCHIVE_MANIFEST) == 0
         && memcmp (head + 257, "ustar", 5) == 0;
}

/*< private >
 * xeno_archive_read:
 * @file: an archive
 * @error: %XENO_ERROR_BAD_MEDIA or %XENO_ERROR_NOT_SUPPORTED
 *
 * Reads what an archive says. Its disks are looked at when they are unpacked.
 *
 * Returns: (transfer full): the archive
 */
XenoArchive *
xeno_archive_read (XenoMediaFile  *file,
                   GError        **error)
{
  g_autofree Source *source = g_new0 (Source, 1);
  g_autoptr (Archive) archive = open_archive (file, source);
  g_autoptr (XenoArchive) self = NULL;
  g_autofree char *manifest = NULL;
  g_autoptr (GError) reason = NULL;
  struct archive_entry *entry = archive != NULL ? read_header (file, archive, &reason) : NULL;

  if (entry != NULL && g_str_equal (archive_entry_pathname (entry), XENO_ARCHIVE_MANIFEST))
    manifest = read_text (archive, MAX_MANIFEST_BYTES, NULL);
  if (manifest == NULL)
    {
      refuse_cut (file, error);
      return NULL;
    }

  self = xeno_archive_parse (manifest, file->name, error);
  if (self == NULL || !take_members (file, archive, self, error))
    return NULL;

  drop_empty_disks (self);
  return g_steal_pointer (&self);
}

/* Moves to a file of the archive. */
static gboolean
go_to (XenoMediaFile          *file,
       Archive                *archive,
       const XenoArchiveFile  *member,
       GError                **error)
{
  struct archive_entry *entry;
  g_autoptr (GError) reason = NULL;

  while (archive != NULL && (entry = read_header (file, archive, &reason)) != NULL)
    if (g_str_equal (archive_entry_pathname (entry), member->name)
        && archive_entry_size (entry) == (la_int64_t) member->n_bytes)
      return TRUE;

  refuse_cut (file, error);
  return FALSE;
}

/*< private >
 * xeno_archive_read_file:
 * @file: an archive
 * @member: a small file in it
 * @max_bytes: the most it may be
 * @error: %XENO_ERROR_BAD_MEDIA where it is not what the list says
 *
 * Reads a small file of an archive.
 *
 * Returns: (transfer full): what is in it
 */
GBytes *
xeno_archive_read_file (XenoMediaFile          *file,
                        const XenoArchiveFile  *member,
                        gsize                   max_bytes,
                        GError                **error)
{
  g_autofree Source *source = g_new0 (Source, 1);
  g_autoptr (Archive) archive = open_archive (file, source);
  g_autofree char *data = NULL;
  g_autofree char *sum = NULL;
  gsize length = 0;

  if (!go_to (file, archive, member, error))
    return NULL;

  data = read_text (archive, max_bytes, &length);
  sum = data != NULL ? sum_up (data, length) : NULL;
  if (g_strcmp0 (sum, member->checksum) == 0)
    return g_bytes_new_take (g_steal_pointer (&data), length);

  refuse_wrong (file, member->name, error);
  return NULL;
}

static void
set_write_error (GError     **error,
                 const char  *path,
                 int          number)
{
  g_autofree char *folder = g_path_get_dirname (path);

  if (number == ENOSPC || number == EDQUOT || number == EFBIG)
    xeno_set_error (error, XENO_ERROR_NO_SPACE, g_strerror (number),
                    _("The disk does not fit into the folder “%s”. Make room there, then try again."), folder);
  else
    xeno_set_error (error, XENO_ERROR_FAILED, g_strerror (number),
                    _("The disk could not be written to the folder “%s”: %s."), folder, g_strerror (number));
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

typedef struct
{
  XenoArchiveFunc  progress;
  gpointer         user_data;
} Report;

static void
summing_cb (double   fraction,
            gpointer user_data)
{
  Report *report = user_data;

  report->progress (UNPACKING_SHARE + fraction * (1.0 - UNPACKING_SHARE), report->user_data);
}

static gboolean
copy_data (XenoMediaFile          *file,
           Archive                *archive,
           const XenoArchiveFile  *member,
           int                     fd,
           const char             *path,
           guint64                 max_bytes,
           GCancellable           *cancellable,
           Report                 *report,
           GError                **error)
{
  const void *block;
  size_t length;
  la_int64_t offset;
  guint64 total = 0;
  int status;

  while ((status = archive_read_data_block (archive, &block, &length, &offset)) == ARCHIVE_OK)
    {
      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return FALSE;
      if (length == 0)
        continue;
      total += length;
      if (offset < 0 || (guint64) offset > member->n_bytes || length > member->n_bytes - offset)
        break;
      if (total > max_bytes || !write_at (fd, offset, block, length))
        {
          set_write_error (error, path, total > max_bytes ? ENOSPC : errno);
          return FALSE;
        }
      report->progress (UNPACKING_SHARE * MIN (total, member->data_bytes) / MAX (member->data_bytes, 1),
                        report->user_data);
    }
  if (status != ARCHIVE_EOF)
    {
      refuse_cut (file, error);
      return FALSE;
    }
  if (ftruncate (fd, member->n_bytes) == 0)
    return TRUE;

  set_write_error (error, path, errno);
  return FALSE;
}

static gboolean
check_sum (XenoMediaFile          *file,
           const XenoArchiveFile  *member,
           int                     fd,
           GCancellable           *cancellable,
           Report                 *report,
           GError                **error)
{
  g_autofree char *sum = xeno_archive_sum (fd, NULL, cancellable, summing_cb, report, error);

  if (sum == NULL)
    return FALSE;
  if (g_str_equal (sum, member->checksum))
    return TRUE;

  refuse_wrong (file, member->name, error);
  return FALSE;
}

/* What is raw is never looked into: its format is stated, whatever a guest wrote to it. */
static gboolean
check_disk (XenoMediaFile          *file,
            const XenoArchiveFile  *member,
            int                     fd,
            GError                **error)
{
  g_autofree char *shown = xeno_text_clean (member->name, -1, MAX_NAME_CHARS);
  g_autoptr (XenoMediaFacts) facts = NULL;

  if (g_strcmp0 (member->format, "raw") == 0)
    return TRUE;

  facts = xeno_media_facts_read_fd (fd, shown, error);
  if (facts == NULL)
    return FALSE;
  if (g_strcmp0 (facts->type->format, member->format) == 0)
    return TRUE;

  refuse_wrong (file, member->name, error);
  return FALSE;
}

/*< private >
 * xeno_archive_unpack:
 * @file: an archive
 * @member: a disk in it
 * @path: the file to make, which must not be there
 * @max_bytes: the most that may be written
 * @cancellable: (nullable): a cancellable
 * @progress: called now and then, in this thread
 * @user_data: for @progress
 * @error: %XENO_ERROR_BAD_MEDIA where it is not what the list says, or leads to another file
 *
 * Unpacks a disk, holes and all, and looks at what it has become. Blocks. What was begun stays when it fails.
 *
 * Returns: %TRUE if it is there
 */
gboolean
xeno_archive_unpack (XenoMediaFile          *file,
                     const XenoArchiveFile  *member,
                     const char             *path,
                     guint64                 max_bytes,
                     GCancellable           *cancellable,
                     XenoArchiveFunc         progress,
                     gpointer                user_data,
                     GError                **error)
{
  g_autofree Source *source = g_new0 (Source, 1);
  g_autoptr (Archive) archive = open_archive (file, source);
  Report report = { progress, user_data };
  gboolean is_good;
  int fd;

  if (!go_to (file, archive, member, error))
    return FALSE;

  fd = g_open (path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (fd < 0)
    {
      set_write_error (error, path, errno);
      return FALSE;
    }

  is_good = copy_data (file, archive, member, fd, path, max_bytes, cancellable, &report, error)
            && check_sum (file, member, fd, cancellable, &report, error)
            && check_disk (file, member, fd, error);
  if (close (fd) != 0 && is_good)
    {
      set_write_error (error, path, errno);
      is_good = FALSE;
    }
  return is_good;
}
