/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a machine's firmware and its TPM keep, on its way into another machine. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>

#include "base/xeno-error.h"
#include "base/xeno-text.h"
#include "create/xeno-small-file.h"
#include "virt/xeno-places.h"

#define MAX_BYTES      (72 * 1024 * 1024)
#define MAX_NAME_CHARS 80

/* Where it comes from: a file, or one in an archive. */
typedef struct
{
  char    *path;
  char    *member;
  char    *checksum;
  guint64  n_bytes;
  char    *version; /* of a TPM */
} Source;

static Source *
source_new (const char            *path,
            const XenoArchiveFile *member,
            const char            *version)
{
  Source *source = g_new0 (Source, 1);

  source->path = g_strdup (path);
  source->version = g_strdup (version);
  if (member != NULL)
    {
      source->member = g_strdup (member->name);
      source->checksum = g_strdup (member->checksum);
      source->n_bytes = member->n_bytes;
    }
  return source;
}

static void
source_free (gpointer data)
{
  Source *source = data;

  g_free (source->path);
  g_free (source->member);
  g_free (source->checksum);
  g_free (source->version);
  g_free (source);
}

static GBytes *
read_member (const Source  *source,
             int            fd,
             guint64        size_bytes,
             GError       **error)
{
  const XenoArchiveFile member = { source->member, NULL, NULL, NULL, 0, source->n_bytes, source->n_bytes,
                                   source->checksum };
  g_autofree char *base = g_path_get_basename (source->path);
  g_autofree char *name = xeno_text_clean (base, -1, MAX_NAME_CHARS);
  XenoMediaFile file = { fd, size_bytes, name };

  return xeno_archive_read_file (&file, &member, MAX_BYTES, error);
}

static GBytes *
read_file (const Source  *source,
           int            fd,
           guint64        size_bytes,
           GError       **error)
{
  g_autofree char *bytes = size_bytes <= MAX_BYTES ? g_malloc (MAX (size_bytes, 1)) : NULL;
  gsize done = 0;

  while (bytes != NULL && done < size_bytes)
    {
      gssize n = pread (fd, bytes + done, size_bytes - done, done);

      if (n < 0 && errno == EINTR)
        continue;
      if (n <= 0)
        break;
      done += n;
    }
  if (bytes != NULL && done == size_bytes)
    return g_bytes_new_take (g_steal_pointer (&bytes), done);

  xeno_set_error (error, XENO_ERROR_FAILED, NULL, _("“%s” could not be read: %s. Check the drive it is on."),
                  source->path, g_strerror (bytes != NULL ? EIO : EFBIG));
  return NULL;
}

static GBytes *
read_source (gconstpointer   author,
             const char     *uuid,
             GError        **error)
{
  const Source *source = author;
  int fd = g_open (source->path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC, 0);
  GBytes *bytes = NULL;
  struct stat info;

  if (fd < 0 || fstat (fd, &info) != 0 || !S_ISREG (info.st_mode))
    xeno_set_error (error, XENO_ERROR_NO_PERMISSION, g_strerror (errno),
                    _("What the machine’s firmware keeps may not be read by you, so it cannot be copied. Make the "
                      "copy as root."));
  else if (source->member != NULL)
    bytes = read_member (source, fd, info.st_size, error);
  else
    bytes = read_file (source, fd, info.st_size, error);
  if (fd >= 0)
    close (fd);
  return bytes;
}

/* What is there already is of this very machine, which was here before. */
static char *
place_tpm (gconstpointer  author,
           const char    *uri,
           const char    *uuid)
{
  const Source *source = author;
  g_autofree char *path = xeno_places_dup_tpm (uri, uuid, source->version);

  if (path == NULL || g_access (path, F_OK) == 0)
    return NULL;
  return g_steal_pointer (&path);
}

static XenoPlanFile *
plan (const char            *role,
      const char            *suffix,
      const char            *maker,
      const char            *path,
      const XenoArchiveFile *member,
      const char            *version)
{
  XenoPlanFile *file = xeno_plan_file_new (role, suffix, maker);

  file->write = read_source;
  file->author = source_new (path, member, version);
  file->free_author = source_free;
  file->room_bytes = member != NULL ? member->n_bytes : 0;
  return file;
}

/*< private >
 * xeno_small_file_plan_nvram:
 * @path: where the variables of a firmware are, or an archive of ours
 * @member: (nullable): the file in that
 *
 * Plans a copy of the variables of a machine's firmware.
 *
 * Returns: (transfer full): the file
 */
XenoPlanFile *
xeno_small_file_plan_nvram (const char            *path,
                            const XenoArchiveFile *member)
{
  return plan (XENO_SMALL_FILE_NVRAM, "_VARS.fd", "written", path, member, NULL);
}

/*< private >
 * xeno_small_file_plan_tpm:
 * @path: where what a TPM keeps is, or an archive of ours
 * @member: (nullable): the file in that
 * @version: (nullable): the version of the TPM
 *
 * Plans a copy of what a machine's TPM keeps, where libvirt looks for it.
 *
 * Returns: (transfer full): the file
 */
XenoPlanFile *
xeno_small_file_plan_tpm (const char            *path,
                          const XenoArchiveFile *member,
                          const char            *version)
{
  XenoPlanFile *file = plan (XENO_SMALL_FILE_TPM, ".tpm", "placed", path, member, version);

  file->place = place_tpm;
  return file;
}
