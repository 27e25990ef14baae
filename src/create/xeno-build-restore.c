/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The makers of files that come as they are: out of an archive of ours, or to a place of their own. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>

#include "base/xeno-error.h"
#include "base/xeno-text.h"
#include "base/xeno-worker.h"
#include "create/xeno-archive.h"
#include "create/xeno-build-files.h"
#include "create/xeno-build-restore.h"

#define MAX_NAME_CHARS 80

/* What stays free for everybody else. */
#define RESERVE_BYTES  (G_GUINT64_CONSTANT (16) << 20)

/* A file on its way. A thread reads it while the main thread waits for it. */
typedef struct
{
  XenoBuild    *build;
  XenoPlanFile *file;
} Work;

static void
run (XenoBuild           *build,
     XenoPlanFile        *file,
     XenoWorkFunc         func,
     GAsyncReadyCallback  callback)
{
  g_autoptr (XenoWorker) worker = xeno_worker_new (1);
  Work *work = g_new0 (Work, 1);
  g_autoptr (GTask) task = g_task_new (NULL, NULL, callback, work);

  work->build = build;
  work->file = file;
  /* Without a cancellable: what the thread does must be over before it is undone. */
  xeno_worker_run (worker, NULL, 0, task, func, work, NULL, NULL);
}

static guint64
get_free_bytes (XenoBuild *build)
{
  struct statvfs info;
  guint64 free_bytes;

  if (statvfs (build->place->path, &info) != 0)
    return G_MAXUINT64;

  free_bytes = (guint64) info.f_bavail * info.f_frsize;
  return free_bytes > RESERVE_BYTES ? free_bytes - RESERVE_BYTES : 0;
}

static void
progress_cb (double   fraction,
             gpointer user_data)
{
  Work *work = user_data;

  work->build->report (work->build, _("Unpacking the disk…"),
                       (work->build->n_files_made + fraction) / work->build->files->len);
}

static gpointer
unpack (gpointer       data,
        GCancellable  *cancellable,
        GError       **error)
{
  Work *work = data;
  XenoPlanFile *file = work->file;
  XenoArchiveFile member = {
    file->source_member, NULL, NULL, file->source_format, 0, file->member_bytes, file->room_bytes,
    file->member_checksum,
  };
  g_autofree char *base = g_path_get_basename (file->source_path);
  g_autofree char *name = xeno_text_clean (base, -1, MAX_NAME_CHARS);
  XenoMediaFile source = { -1, 0, name };
  struct stat info;
  gboolean is_done;

  source.fd = open (file->source_path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
  if (source.fd < 0 || fstat (source.fd, &info) != 0 || !S_ISREG (info.st_mode))
    {
      xeno_set_error (error, XENO_ERROR_NOT_FOUND, g_strerror (errno),
                      _("“%s” cannot be opened any more. It may have been moved or deleted, or its drive is not "
                        "connected."), name);
      if (source.fd >= 0)
        close (source.fd);
      return NULL;
    }

  source.size_bytes = info.st_size;
  is_done = xeno_archive_unpack (&source, &member, file->path, get_free_bytes (work->build), work->build->cancellable,
                                 progress_cb, work, error);
  close (source.fd);
  return GINT_TO_POINTER (is_done);
}

static void
refreshed_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  XenoBuild *build = user_data;

  xeno_storage_refresh_finish (build->connection, result, NULL);
  xeno_build_files_made (build, NULL);
}

static void
unpacked_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autofree Work *work = user_data;
  GError *error = NULL;

  g_task_propagate_pointer (G_TASK (result), &error);
  if (error != NULL)
    xeno_build_files_made (work->build, error);
  else /* libvirt hears of the disk, so that everybody sees it in the pool */
    xeno_storage_refresh_async (work->build->connection, work->file->path, NULL, refreshed_cb, work->build);
}

static gpointer
put (gpointer       data,
     GCancellable  *cancellable,
     GError       **error)
{
  Work *work = data;
  XenoPlanFile *file = work->file;
  g_autofree char *folder = g_path_get_dirname (file->path);
  g_autoptr (GBytes) contents = file->write (file->author, work->build->uuid, error);
  g_autoptr (GError) reason = NULL;
  gsize length;
  const char *bytes;

  if (contents == NULL)
    return NULL;

  bytes = g_bytes_get_data (contents, &length);
  if (g_mkdir_with_parents (folder, 0711) == 0
      && g_file_set_contents_full (file->path, bytes, length, G_FILE_SET_CONTENTS_CONSISTENT, 0600, &reason))
    return GINT_TO_POINTER (TRUE);

  xeno_set_error (error, XENO_ERROR_FAILED, reason != NULL ? reason->message : g_strerror (errno),
                  _("Nothing could be written to the folder “%s”."), folder);
  return NULL;
}

static void
put_cb (GObject      *source,
        GAsyncResult *result,
        gpointer      user_data)
{
  g_autofree Work *work = user_data;
  GError *error = NULL;

  g_task_propagate_pointer (G_TASK (result), &error);
  xeno_build_files_made (work->build, error);
}

/*< private >
 * xeno_build_restore:
 * @build: what is being built
 * @file: the disk to make
 *
 * Unpacks a disk from an archive of ours, byte for byte.
 */
void
xeno_build_restore (XenoBuild    *build,
                    XenoPlanFile *file)
{
  run (build, file, unpack, unpacked_cb);
}

/*< private >
 * xeno_build_place:
 * @build: what is being built
 * @file: what to make
 *
 * Writes a small file where libvirt looks for it, which is not with the disks.
 */
void
xeno_build_place (XenoBuild    *build,
                  XenoPlanFile *file)
{
  run (build, file, put, put_cb);
}
