/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The makers of files that copy: a disk from another format, and what was packed. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <glib/gi18n-lib.h>

#include "base/xeno-error.h"
#include "base/xeno-text.h"
#include "base/xeno-units.h"
#include "base/xeno-worker.h"
#include "create/xeno-build-copy.h"
#include "create/xeno-build-files.h"
#include "create/xeno-image-copy.h"
#include "create/xeno-media-facts.h"
#include "create/xeno-packing.h"

#define MAX_NAME_CHARS 80
#define BLOCK_BYTES    (4 * 1024 * 1024)

/* How much of the time goes into looking at a checksum. */
#define CHECK_SHARE    0.3

/* No disk is larger, however well it is packed. */
#define MAX_UNPACKED_BYTES (G_GUINT64_CONSTANT (16) << 40)

/* What stays free for everybody else. */
#define RESERVE_BYTES      (G_GUINT64_CONSTANT (16) << 20)

/* A copy on its way. Threads read it while the main thread waits for them. */
typedef struct
{
  XenoBuild    *build;
  XenoPlanFile *file;
  const char   *path;           /* of the source */
  char         *name;           /* safe to show */
  int           fd;             /* of the source, once it was looked at */
  const char   *format;
  guint64       capacity_bytes;
  char         *source;         /* in QEMU's terms */
} Copy;

static const char *
find_source (XenoBuild    *build,
             XenoPlanFile *file)
{
  return file->source_role != NULL ? xeno_plan_find_path (build->files, file->source_role) : file->source_path;
}

static Copy *
copy_new (XenoBuild    *build,
          XenoPlanFile *file)
{
  Copy *copy = g_new0 (Copy, 1);
  g_autofree char *base = NULL;

  copy->build = build;
  copy->file = file;
  copy->path = find_source (build, file);
  base = g_path_get_basename (copy->path);
  copy->name = xeno_text_clean (base, -1, MAX_NAME_CHARS);
  copy->fd = -1;
  return copy;
}

static void
copy_free (Copy *copy)
{
  if (copy->fd >= 0)
    close (copy->fd);
  g_free (copy->name);
  g_free (copy->source);
  g_free (copy);
}

/* Takes the copy. */
static void
finish (Copy   *copy,
        GError *error)
{
  XenoBuild *build = copy->build;

  copy_free (copy);
  xeno_build_files_made (build, error);
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

static gboolean
open_source (Copy    *copy,
             GError **error)
{
  struct stat info;

  copy->fd = open (copy->path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
  if (copy->fd >= 0 && fstat (copy->fd, &info) == 0 && S_ISREG (info.st_mode))
    return TRUE;

  xeno_set_error (error, XENO_ERROR_NOT_FOUND, g_strerror (errno),
                  _("“%s” cannot be opened any more. It may have been moved or deleted, or its drive is not "
                    "connected."), copy->name);
  return FALSE;
}

/* What somebody wrote down of a disk must be true of it. */
static gboolean
check_sum (Copy    *copy,
           GError **error)
{
  XenoPlanFile *file = copy->file;
  g_autoptr (GChecksum) checksum = NULL;
  g_autofree guint8 *block = NULL;
  double n_files = copy->build->files->len;
  guint64 done = 0;

  if (file->checksum == NULL)
    return TRUE;

  checksum = g_checksum_new (file->checksum_type);
  block = g_malloc (BLOCK_BYTES);
  while (done < file->source_bytes && !g_cancellable_set_error_if_cancelled (copy->build->cancellable, error))
    {
      gssize n = pread (copy->fd, block, MIN (BLOCK_BYTES, file->source_bytes - done), file->source_offset + done);

      if (n <= 0)
        break;
      g_checksum_update (checksum, block, n);
      done += n;
      copy->build->report (copy->build, _("Checking the disk…"),
                           (copy->build->n_files_made + CHECK_SHARE * done / file->source_bytes) / n_files);
    }
  if (g_cancellable_is_cancelled (copy->build->cancellable))
    return FALSE;
  if (done == file->source_bytes && g_str_equal (g_checksum_get_string (checksum), file->checksum))
    return TRUE;

  xeno_set_error (error, XENO_ERROR_BAD_MEDIA, NULL,
                  _("A disk in “%s” is not what the list of checksums says: it was damaged or changed. Get the "
                    "appliance again from where it came from."), copy->name);
  return FALSE;
}

/* What is copied is what is looked at here: the program gets the descriptor, not the name. */
static gpointer
look (gpointer       data,
      GCancellable  *cancellable,
      GError       **error)
{
  Copy *copy = data;
  XenoPlanFile *file = copy->file;
  g_autoptr (XenoMediaFacts) facts = NULL;

  if (!open_source (copy, error) || !check_sum (copy, error))
    return NULL;

  if (file->source_bytes > 0)
    facts = xeno_media_facts_read_part (copy->fd, copy->name, file->source_offset, file->source_bytes, error);
  else
    facts = xeno_media_facts_read_fd (copy->fd, copy->name, error);
  if (facts == NULL)
    return NULL;

  copy->format = facts->type->format;
  copy->capacity_bytes = facts->capacity_bytes;
  if (copy->format != NULL && g_str_equal (facts->type->device, "disk")
      && (file->source_format == NULL || g_str_equal (copy->format, file->source_format)))
    return copy;

  xeno_set_error (error, XENO_ERROR_BAD_MEDIA, NULL,
                  _("The disk in “%s” is not of the kind it should be. Get it again from where it came from."),
                  copy->name);
  return NULL;
}

static void
copy_refreshed_cb (GObject      *source,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  xeno_storage_refresh_finish (XENO_CONNECTION (source), result, NULL);
  finish (user_data, NULL);
}

/* libvirt hears of the disk, so that everybody sees it in the pool. */
static void
tell_libvirt (Copy *copy)
{
  xeno_storage_refresh_async (copy->build->connection, copy->file->path, NULL, copy_refreshed_cb, copy);
}

static void
resized_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  GError *error = NULL;

  if (xeno_image_resize_finish (result, &error))
    tell_libvirt (user_data);
  else
    finish (user_data, error);
}

static void
copied_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  Copy *copy = user_data;
  GError *error = NULL;

  if (!xeno_image_copy_finish (result, &error))
    finish (copy, error);
  else if (copy->file->capacity_bytes > copy->capacity_bytes)
    xeno_image_resize_async (copy->file->path, copy->file->capacity_bytes, copy->build->cancellable, resized_cb, copy);
  else
    tell_libvirt (copy);
}

static void
progress_cb (double   fraction,
             gpointer user_data)
{
  Copy *copy = user_data;
  double n_files = copy->build->files->len;

  if (copy->file->checksum != NULL)
    fraction = CHECK_SHARE + fraction * (1.0 - CHECK_SHARE);
  copy->build->report (copy->build, _("Copying the disk…"), (copy->build->n_files_made + fraction) / n_files);
}

static XenoImageCopy
describe (Copy *copy)
{
  return (XenoImageCopy) { copy->source, copy->fd, "qcow2", "compat=1.1", copy->file->path };
}

static void
measured_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  Copy *copy = user_data;
  XenoImageCopy order = describe (copy);
  guint64 free_bytes = get_free_bytes (copy->build);
  guint64 needed_bytes = 0;
  GError *error = NULL;

  if (xeno_image_measure_finish (result, &needed_bytes, &error) && needed_bytes > free_bytes)
    {
      g_autofree char *needed = xeno_units_format_size (needed_bytes);
      g_autofree char *available = xeno_units_format_size (free_bytes);

      xeno_set_error (&error, XENO_ERROR_NO_SPACE, NULL,
                      _("A copy of the disk in “%s” needs %s, and the folder “%s” has %s free. Make room there, "
                        "then try again."), copy->name, needed, copy->build->place->path, available);
    }
  if (error != NULL)
    finish (copy, error);
  else
    {
      progress_cb (0.0, copy);
      xeno_image_copy_async (&order, copy->build->cancellable, progress_cb, copy, copied_cb, copy);
    }
}

static void
looked_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  Copy *copy = user_data;
  XenoImageCopy order;
  GError *error = NULL;

  if (g_task_propagate_pointer (G_TASK (result), &error) == NULL)
    {
      finish (copy, error);
      return;
    }

  copy->source = xeno_image_describe (XENO_IMAGE_FD, copy->format, copy->file->source_offset,
                                      copy->file->source_bytes, NULL);
  order = describe (copy);
  xeno_image_measure_async (&order, copy->build->cancellable, measured_cb, copy);
}

static void
unpacking_cb (double   fraction,
              gpointer user_data)
{
  Copy *copy = user_data;
  double n_files = copy->build->files->len;

  copy->build->report (copy->build, _("Unpacking the disk…"), (copy->build->n_files_made + fraction) / n_files);
}

static gpointer
unpack (gpointer       data,
        GCancellable  *cancellable,
        GError       **error)
{
  Copy *copy = data;
  XenoMediaFile file = { -1, 0, copy->name, 0 };
  struct stat info;

  if (!open_source (copy, error))
    return NULL;

  file.fd = copy->fd;
  file.size_bytes = fstat (copy->fd, &info) == 0 ? info.st_size : 0;
  return xeno_packing_unpack (&file, copy->file->path, MIN (get_free_bytes (copy->build), MAX_UNPACKED_BYTES),
                              copy->build->cancellable, unpacking_cb, copy, error) ? copy : NULL;
}

static void
unpacked_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  GError *error = NULL;

  g_task_propagate_pointer (G_TASK (result), &error);
  finish (user_data, error);
}

/* Without a cancellable: what the thread does must be over before it is undone. */
static void
run (Copy                *copy,
     XenoWorkFunc         work,
     GAsyncReadyCallback  callback)
{
  g_autoptr (XenoWorker) worker = xeno_worker_new (1);
  g_autoptr (GTask) task = g_task_new (NULL, NULL, callback, copy);

  xeno_worker_run (worker, NULL, 0, task, work, copy, NULL, NULL);
}

/*< private >
 * xeno_build_clone:
 * @build: what is being built
 * @file: the disk to make
 *
 * Copies a disk of a machine, with all it stands on, into a qcow2 disk that stands for itself. What it
 * is, the machine's document and libvirt told; nothing is found out from what a guest may have written.
 */
void
xeno_build_clone (XenoBuild    *build,
                  XenoPlanFile *file)
{
  Copy *copy = copy_new (build, file);
  XenoImageCopy order;

  copy->capacity_bytes = file->capacity_bytes;
  copy->source = xeno_image_describe (file->source_path, file->source_format, 0, 0, file->source_below);
  order = describe (copy);
  xeno_image_measure_async (&order, build->cancellable, measured_cb, copy);
}

/*< private >
 * xeno_build_copy:
 * @build: what is being built
 * @file: the disk to make
 *
 * Copies a disk of any format we know into a qcow2 disk.
 */
void
xeno_build_copy (XenoBuild    *build,
                 XenoPlanFile *file)
{
  run (copy_new (build, file), look, looked_cb);
}

/*< private >
 * xeno_build_unpack:
 * @build: what is being built
 * @file: what to make
 *
 * Unpacks a file.
 */
void
xeno_build_unpack (XenoBuild    *build,
                   XenoPlanFile *file)
{
  run (copy_new (build, file), unpack, unpacked_cb);
}
