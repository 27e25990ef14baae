/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The file a download goes into: what is there of it, whose it is, and that it is not there by halves. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>

#include "base/xeno-error.h"
#include "base/xeno-units.h"
#include "create/xeno-download-file.h"
#include "create/xeno-download.h"

/* What is noted beside the first part of a file, to go on with the same one only. */
#define NOTE_SUFFIX ".note"
#define GROUP       "Download"
#define KEY_URL     "Url"
#define KEY_VERSION "Version"

#define FOLDER_MODE 0700
#define FILE_MODE   0644 /* a system's QEMU reads discs as somebody else */

struct _XenoDownloadFile
{
  char    *path;
  char    *part_path;
  char    *note_path;
  char    *url;
  char    *version;  /* of what is there; NULL: it cannot be gone on with */
  int      fd;
  guint64  length;   /* of what is there */
};

static void
set_write_error (XenoDownloadFile  *self,
                 int                number,
                 GError           **error)
{
  g_autofree char *folder = g_path_get_dirname (self->path);
  g_autofree char *name = g_path_get_basename (self->path);

  if (number == ENOSPC || number == EDQUOT)
    xeno_set_error (error, XENO_ERROR_NO_SPACE, g_strerror (number),
                    _("There is no room left for “%s” in “%s”. Make room, then download it again: it goes on "
                      "where it stopped."), name, folder);
  else
    xeno_set_error (error, XENO_ERROR_FAILED, g_strerror (number),
                    _("“%s” could not be written to “%s”: %s."), name, folder, g_strerror (number));
}

static void
forget (XenoDownloadFile *self)
{
  g_clear_pointer (&self->version, g_free);
  self->length = 0;
  g_unlink (self->note_path);
}

/* What was noted with the part, if that is a part of the same thing. */
static void
recall (XenoDownloadFile *self)
{
  g_autoptr (GKeyFile) note = g_key_file_new ();
  g_autofree char *url = NULL;
  struct stat info;

  if (g_key_file_load_from_file (note, self->note_path, G_KEY_FILE_NONE, NULL))
    {
      url = g_key_file_get_string (note, GROUP, KEY_URL, NULL);
      self->version = g_key_file_get_string (note, GROUP, KEY_VERSION, NULL);
    }
  if (g_strcmp0 (url, self->url) != 0 || self->version == NULL || fstat (self->fd, &info) < 0)
    forget (self);
  else
    self->length = info.st_size;
}

/* Two downloads of the same file would write over each other; the lock goes with the process. */
static gboolean
take_lock (XenoDownloadFile  *self,
           GError           **error)
{
  g_autofree char *name = NULL;

  if (flock (self->fd, LOCK_EX | LOCK_NB) == 0)
    return TRUE;

  name = g_path_get_basename (self->path);
  xeno_set_error (error, XENO_ERROR_IN_USE, NULL, _("“%s” is being downloaded already."), name);
  return FALSE;
}

/*< private >
 * xeno_download_file_open:
 * @folder: where it shall be; made if it is not there
 * @name: a file name made by xeno_download_make_name()
 * @url: where it comes from
 * @error: %XENO_ERROR_EXISTS, %XENO_ERROR_IN_USE, %XENO_ERROR_NO_SPACE or %XENO_ERROR_FAILED
 *
 * Opens what is there of a file, or begins one, for this process alone.
 *
 * Returns: (transfer full): the file
 */
XenoDownloadFile *
xeno_download_file_open (const char  *folder,
                         const char  *name,
                         const char  *url,
                         GError     **error)
{
  g_autoptr (XenoDownloadFile) self = g_new0 (XenoDownloadFile, 1);

  self->fd = -1;
  self->url = g_strdup (url);
  self->path = g_build_filename (folder, name, NULL);
  self->part_path = g_strconcat (self->path, XENO_DOWNLOAD_PART_SUFFIX, NULL);
  self->note_path = g_strconcat (self->part_path, NOTE_SUFFIX, NULL);

  if (g_file_test (self->path, G_FILE_TEST_EXISTS))
    {
      xeno_set_error (error, XENO_ERROR_EXISTS, NULL, _("“%s” has been downloaded already."), name);
      return NULL;
    }

  if (g_mkdir_with_parents (folder, FOLDER_MODE) == 0)
    self->fd = open (self->part_path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, FILE_MODE);
  if (self->fd < 0)
    {
      set_write_error (self, errno, error);
      return NULL;
    }
  if (!take_lock (self, error))
    return NULL;

  recall (self);
  return g_steal_pointer (&self);
}

/*< private >
 * xeno_download_file_close:
 * @self: (transfer full): a file
 *
 * Closes it. What is there stays, so that the next one goes on with it.
 */
void
xeno_download_file_close (XenoDownloadFile *self)
{
  if (self->fd >= 0)
    close (self->fd);
  g_free (self->path);
  g_free (self->part_path);
  g_free (self->note_path);
  g_free (self->url);
  g_free (self->version);
  g_free (self);
}

/*< private >
 * xeno_download_file_get_fd:
 * @self: a file
 *
 * Returns: what is there, open
 */
int
xeno_download_file_get_fd (XenoDownloadFile *self)
{
  return self->fd;
}

/*< private >
 * xeno_download_file_get_length:
 * @self: a file
 *
 * Returns: how much is there, in bytes
 */
guint64
xeno_download_file_get_length (XenoDownloadFile *self)
{
  return self->length;
}

/*< private >
 * xeno_download_file_get_version:
 * @self: a file
 *
 * Returns: (nullable): what the server calls the version of which a part is there
 */
const char *
xeno_download_file_get_version (XenoDownloadFile *self)
{
  return self->version;
}

/*< private >
 * xeno_download_file_begin:
 * @self: a file
 * @version: (nullable): what the server calls this version
 * @error: %XENO_ERROR_NO_SPACE or %XENO_ERROR_FAILED
 *
 * Begins anew: what was there goes.
 *
 * Returns: %TRUE if it can be written
 */
gboolean
xeno_download_file_begin (XenoDownloadFile  *self,
                          const char        *version,
                          GError           **error)
{
  g_autoptr (GKeyFile) note = g_key_file_new ();

  forget (self);
  if (ftruncate (self->fd, 0) < 0)
    {
      set_write_error (self, errno, error);
      return FALSE;
    }
  if (version == NULL)
    return TRUE;

  /* Without the note the next attempt begins anew, which is no reason to stop this one. */
  g_key_file_set_string (note, GROUP, KEY_URL, self->url);
  g_key_file_set_string (note, GROUP, KEY_VERSION, version);
  if (g_key_file_save_to_file (note, self->note_path, NULL))
    self->version = g_strdup (version);
  return TRUE;
}

/*< private >
 * xeno_download_file_append:
 * @self: a file
 * @bytes: what came
 * @length: how much of it
 * @error: %XENO_ERROR_NO_SPACE or %XENO_ERROR_FAILED
 *
 * Writes what comes next.
 *
 * Returns: %TRUE if it is written
 */
gboolean
xeno_download_file_append (XenoDownloadFile  *self,
                           gconstpointer      bytes,
                           gsize              length,
                           GError           **error)
{
  gsize done = 0;

  while (done < length)
    {
      gssize n = pwrite (self->fd, (const guint8 *) bytes + done, length - done, self->length);

      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        {
          set_write_error (self, errno, error);
          return FALSE;
        }
      done += n;
      self->length += n;
    }
  return TRUE;
}

/*< private >
 * xeno_download_file_has_room:
 * @self: a file
 * @bytes: how much is still to come
 * @error: %XENO_ERROR_NO_SPACE with both numbers
 *
 * Looks whether there is room for the rest.
 *
 * Returns: %TRUE if there is, or if nobody knows
 */
gboolean
xeno_download_file_has_room (XenoDownloadFile  *self,
                             guint64            bytes,
                             GError           **error)
{
  g_autofree char *folder = g_path_get_dirname (self->path);
  g_autofree char *wanted = NULL;
  g_autofree char *available = NULL;
  struct statvfs info;

  if (fstatvfs (self->fd, &info) < 0 || bytes / info.f_frsize < info.f_bavail)
    return TRUE;

  wanted = xeno_units_format_size (bytes);
  available = xeno_units_format_size ((guint64) info.f_bavail * info.f_frsize);
  xeno_set_error (error, XENO_ERROR_NO_SPACE, NULL,
                  _("There is no room for the download: it takes %s, and “%s” has %s free."), wanted, folder, available);
  return FALSE;
}

/*< private >
 * xeno_download_file_keep:
 * @self: a file that is whole
 * @error: %XENO_ERROR_EXISTS or %XENO_ERROR_FAILED
 *
 * Gives it its name.
 *
 * Returns: (transfer full): its path
 */
char *
xeno_download_file_keep (XenoDownloadFile  *self,
                         GError           **error)
{
  /* Never over what somebody put there meanwhile. */
  if (fsync (self->fd) < 0 || renameat2 (AT_FDCWD, self->part_path, AT_FDCWD, self->path, RENAME_NOREPLACE) < 0)
    {
      set_write_error (self, errno, error);
      return NULL;
    }

  g_unlink (self->note_path);
  return g_strdup (self->path);
}

/*< private >
 * xeno_download_file_discard:
 * @self: a file that is of no use
 *
 * Removes what is there.
 */
void
xeno_download_file_discard (XenoDownloadFile *self)
{
  xeno_download_discard (self->part_path);
}

/**
 * xeno_download_discard:
 * @part_path: the first part of a download
 *
 * Removes it, so that the next download of the same file begins anew.
 */
void
xeno_download_discard (const char *part_path)
{
  g_autofree char *note_path = NULL;

  g_return_if_fail (part_path != NULL);
  g_return_if_fail (g_str_has_suffix (part_path, XENO_DOWNLOAD_PART_SUFFIX));

  note_path = g_strconcat (part_path, NOTE_SUFFIX, NULL);
  g_unlink (part_path);
  g_unlink (note_path);
}
