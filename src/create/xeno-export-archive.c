/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The file an exported machine is written to, which is there when it is whole and not before. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib/gi18n-lib.h>

#include "base/xeno-error.h"
#include "create/xeno-export-archive.h"
#include "create/xeno-tar.h"

#define BLOCK_BYTES      (1024 * 1024)
#define DESCRIPTION_NAME "machine.ovf"
#define MANIFEST_NAME    "machine.mf"

typedef struct
{
  int             fd;
  guint64         total_bytes; /* twice what the disks have: once to sum up, once to write */
  guint64         done_bytes;
  GCancellable   *cancellable;
  XenoExportFunc  progress;
  gpointer        user_data;
  const char     *folder;
} Archive;

/*< private >
 * xeno_export_set_error:
 * @error: where to put it
 * @folder: where was written
 * @number: an errno
 *
 * Says why a file could not be written.
 */
void
xeno_export_set_error (GError     **error,
                       const char  *folder,
                       int          number)
{
  if (number == ENOSPC || number == EDQUOT || number == EFBIG)
    xeno_set_error (error, XENO_ERROR_NO_SPACE, g_strerror (number),
                    _("The folder “%s” has no room for it. Make room there, or choose another."), folder);
  else if (number == EACCES || number == EPERM || number == EROFS)
    xeno_set_error (error, XENO_ERROR_NO_PERMISSION, g_strerror (number),
                    _("You may not write to the folder “%s”. Choose another."), folder);
  else
    xeno_set_error (error, XENO_ERROR_FAILED, g_strerror (number),
                    _("Nothing could be written to the folder “%s”: %s."), folder, g_strerror (number));
}

static gboolean
write_all (Archive       *archive,
           const guint8  *bytes,
           gsize          length,
           GError       **error)
{
  while (length > 0)
    {
      gssize n = write (archive->fd, bytes, length);

      if (n < 0 && errno == EINTR)
        continue;
      if (n <= 0)
        {
          xeno_export_set_error (error, archive->folder, errno);
          return FALSE;
        }
      bytes += n;
      length -= n;
    }
  return TRUE;
}

/* Reads a disk to its end: into @checksum, or into the archive where that is NULL. */
static gboolean
pass_disk (Archive    *archive,
           int         disk,
           GChecksum  *checksum,
           GError    **error)
{
  g_autofree guint8 *block = g_malloc (BLOCK_BYTES);
  guint64 offset = 0;
  gssize n;

  while ((n = pread (disk, block, BLOCK_BYTES, offset)) != 0)
    {
      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        {
          xeno_export_set_error (error, archive->folder, errno);
          return FALSE;
        }
      if (g_cancellable_set_error_if_cancelled (archive->cancellable, error))
        return FALSE;
      if (checksum != NULL)
        g_checksum_update (checksum, block, n);
      else if (!write_all (archive, block, n, error))
        return FALSE;

      offset += n;
      archive->done_bytes += n;
      archive->progress ((double) archive->done_bytes / archive->total_bytes, archive->user_data);
    }
  return TRUE;
}

static gboolean
write_header (Archive     *archive,
              const char  *name,
              guint64      n_bytes,
              GError     **error)
{
  guint8 block[XENO_TAR_BLOCK_BYTES];

  xeno_tar_make_header (name, n_bytes, block);
  return write_all (archive, block, sizeof block, error);
}

static gboolean
write_zeros (Archive  *archive,
             gsize     length,
             GError  **error)
{
  static const guint8 zeros[XENO_TAR_END_BYTES] = { 0 };

  return write_all (archive, zeros, length, error);
}

static gboolean
write_text (Archive     *archive,
            const char  *name,
            const char  *text,
            GError     **error)
{
  gsize length = strlen (text);

  return write_header (archive, name, length, error)
         && write_all (archive, (const guint8 *) text, length, error)
         && write_zeros (archive, xeno_tar_get_padding (length), error);
}

static char *
make_manifest (Archive        *archive,
               const XenoOvf  *ovf,
               const char     *description,
               const int      *disks,
               GError        **error)
{
  g_autofree char *own = g_compute_checksum_for_string (G_CHECKSUM_SHA256, description, -1);
  g_autoptr (GString) text = g_string_new (NULL);

  g_string_append_printf (text, "SHA256(%s)= %s\n", DESCRIPTION_NAME, own);
  for (guint i = 0; i < ovf->disks->len; i++)
    {
      const XenoOvfDisk *disk = g_ptr_array_index (ovf->disks, i);
      g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);

      if (!pass_disk (archive, disks[i], checksum, error))
        return NULL;
      g_string_append_printf (text, "SHA256(%s)= %s\n", disk->file, g_checksum_get_string (checksum));
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static gboolean
write_members (Archive        *archive,
               const XenoOvf  *ovf,
               const int      *disks,
               GError        **error)
{
  g_autofree char *description = xeno_ovf_write (ovf);
  g_autofree char *manifest = make_manifest (archive, ovf, description, disks, error);

  if (manifest == NULL || !write_text (archive, DESCRIPTION_NAME, description, error)
      || !write_text (archive, MANIFEST_NAME, manifest, error))
    return FALSE;

  for (guint i = 0; i < ovf->disks->len; i++)
    {
      const XenoOvfDisk *disk = g_ptr_array_index (ovf->disks, i);

      if (!write_header (archive, disk->file, disk->file_bytes, error)
          || !pass_disk (archive, disks[i], NULL, error)
          || !write_zeros (archive, xeno_tar_get_padding (disk->file_bytes), error))
        return FALSE;
    }
  return write_zeros (archive, XENO_TAR_END_BYTES, error);
}

/*< private >
 * xeno_export_give_name:
 * @fd: a file of xeno_export_open_nameless(), all written
 * @path: what it is to be called, in the same folder
 * @folder: that folder
 * @error: why it has no name
 *
 * Gives what has no name its name. What had it before goes in the same moment.
 *
 * Returns: %TRUE if it has it
 */
gboolean
xeno_export_give_name (int          fd,
                       const char  *path,
                       const char  *folder,
                       GError     **error)
{
  g_autofree char *link = g_strdup_printf ("/proc/self/fd/%d", fd);
  g_autofree char *unique = g_uuid_string_random ();
  g_autofree char *name = g_strconcat (".", unique, NULL);
  g_autofree char *other = g_build_filename (folder, name, NULL);

  if (fsync (fd) == 0 && linkat (AT_FDCWD, link, AT_FDCWD, other, AT_SYMLINK_FOLLOW) == 0)
    {
      if (rename (other, path) == 0)
        return TRUE;
      xeno_export_set_error (error, folder, errno);
      unlink (other);
      return FALSE;
    }
  xeno_export_set_error (error, folder, errno);
  return FALSE;
}

/*< private >
 * xeno_export_open_nameless:
 * @folder: a folder
 * @error: why nothing can be written there
 *
 * Makes a file that has no name, so that nothing of it stays when this process dies.
 *
 * Returns: a descriptor, or -1
 */
int
xeno_export_open_nameless (const char  *folder,
                           GError     **error)
{
  int fd = open (folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);

  if (fd < 0 && (errno == EOPNOTSUPP || errno == EISDIR || errno == EINVAL))
    xeno_set_error (error, XENO_ERROR_NOT_SUPPORTED, g_strerror (errno),
                    _("The drive of “%s” cannot hold half a file without showing it. Export to your home folder, then "
                      "copy the file."), folder);
  else if (fd < 0)
    xeno_export_set_error (error, folder, errno);
  return fd;
}

/*< private >
 * xeno_export_write:
 * @path: the file to make
 * @ovf: the machine, with the names and sizes of its disks
 * @disks: their contents, in that order
 * @cancellable: (nullable): a cancellable
 * @progress: called now and then, in this thread
 * @user_data: for @progress
 * @error: why there is no file
 *
 * Writes an OVA. Blocks.
 *
 * Returns: %TRUE if it is there
 */
gboolean
xeno_export_write (const char      *path,
                   const XenoOvf   *ovf,
                   const int       *disks,
                   GCancellable    *cancellable,
                   XenoExportFunc   progress,
                   gpointer         user_data,
                   GError         **error)
{
  g_autofree char *folder = g_path_get_dirname (path);
  Archive archive = { -1, 1, 0, cancellable, progress, user_data, folder };
  gboolean is_done;

  for (guint i = 0; i < ovf->disks->len; i++)
    archive.total_bytes += 2 * ((XenoOvfDisk *) g_ptr_array_index (ovf->disks, i))->file_bytes;
  archive.fd = xeno_export_open_nameless (folder, error);
  if (archive.fd < 0)
    return FALSE;

  is_done = write_members (&archive, ovf, disks, error) && xeno_export_give_name (archive.fd, path, folder, error);
  close (archive.fd);
  return is_done;
}
