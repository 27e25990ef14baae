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
#include "create/xeno-build-send.h"
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
  XenoBuild     *build;
  XenoPlanFile  *file;
  char          *name;           /* safe to show */
  XenoMediaFile *parts;          /* of the source, once they were opened */
  guint          n_parts;
  const char    *format;
  guint64        capacity_bytes;
  char          *source;         /* in QEMU's terms */
  int            target_fd;      /* of what is to be sent, or -1 */
} Copy;

/* The name of what the person gave, not of what came of it on the way. */
static const char *
find_source (XenoBuild    *build,
             XenoPlanFile *file)
{
  if (file->source_role != NULL)
    return find_source (build, xeno_plan_find_file (build->files, file->source_role));
  return file->parts != NULL ? ((XenoPlanPart *) g_ptr_array_index (file->parts, 0))->path : file->source_path;
}

static Copy *
copy_new (XenoBuild    *build,
          XenoPlanFile *file)
{
  Copy *copy = g_new0 (Copy, 1);
  g_autofree char *base = g_path_get_basename (find_source (build, file));

  copy->build = build;
  copy->file = file;
  copy->name = xeno_text_clean (base, -1, MAX_NAME_CHARS);
  copy->target_fd = -1;
  return copy;
}

static void
copy_free (Copy *copy)
{
  for (guint i = 0; i < copy->n_parts; i++)
    close (copy->parts[i].fd);
  if (copy->target_fd >= 0)
    close (copy->target_fd);
  g_free (copy->parts);
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

/* Where files are made: where they will be, or here, to be sent. */
static const char *
get_folder (XenoBuild *build)
{
  return build->sends ? xeno_build_send_get_folder () : build->place->path;
}

static guint64
get_free_bytes (XenoBuild *build)
{
  struct statvfs info;
  guint64 free_bytes;

  if (statvfs (get_folder (build), &info) != 0)
    return G_MAXUINT64;

  free_bytes = (guint64) info.f_bavail * info.f_frsize;
  return free_bytes > RESERVE_BYTES ? free_bytes - RESERVE_BYTES : 0;
}

/* Takes the descriptor. */
static gboolean
add_source (Copy     *copy,
            int       fd,
            guint64   offset,
            guint64   n_bytes,
            GError  **error)
{
  XenoMediaFile *part = &copy->parts[copy->n_parts];
  struct stat info;

  if (fd < 0 || fstat (fd, &info) != 0 || !S_ISREG (info.st_mode))
    {
      xeno_set_error (error, XENO_ERROR_NOT_FOUND, g_strerror (errno),
                      _("“%s” cannot be opened any more. It may have been moved or deleted, or its drive is not "
                        "connected."), copy->name);
      if (fd >= 0)
        close (fd);
      return FALSE;
    }

  part->fd = fd;
  part->name = copy->name;
  part->base = offset;
  part->size_bytes = n_bytes > 0 ? n_bytes : (guint64) info.st_size;
  copy->n_parts++;
  return TRUE;
}

static int
open_file (const char *path)
{
  return open (path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
}

static gboolean
open_sources (Copy    *copy,
              GError **error)
{
  XenoPlanFile *file = copy->file;
  XenoPlanFile *made = file->source_role != NULL ? xeno_plan_find_file (copy->build->files, file->source_role) : NULL;
  int fd;

  copy->parts = g_new0 (XenoMediaFile, file->parts != NULL ? file->parts->len : 1);
  if (made != NULL)
    {
      fd = made->fd >= 0 ? fcntl (made->fd, F_DUPFD_CLOEXEC, 3) : open_file (made->path);
      return add_source (copy, fd, 0, 0, error);
    }
  if (file->parts == NULL)
    return add_source (copy, open_file (file->source_path), 0, 0, error);

  for (guint i = 0; i < file->parts->len; i++)
    {
      const XenoPlanPart *part = g_ptr_array_index (file->parts, i);

      if (!add_source (copy, open_file (part->path), part->offset, part->n_bytes, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
has_checksums (XenoPlanFile *file)
{
  for (guint i = 0; file->parts != NULL && i < file->parts->len; i++)
    if (((XenoPlanPart *) g_ptr_array_index (file->parts, i))->checksum != NULL)
      return TRUE;
  return FALSE;
}

/* What somebody wrote down of a part must be true of it. */
static gboolean
check_sum (Copy                *copy,
           const XenoPlanPart  *part,
           XenoMediaFile       *source,
           guint64             *done_bytes,
           guint64              total_bytes,
           GError             **error)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (part->checksum_type);
  g_autofree guint8 *block = g_malloc (BLOCK_BYTES);
  double n_files = copy->build->files->len;
  guint64 done = 0;
  gsize n;

  while (done < part->n_bytes && !g_cancellable_set_error_if_cancelled (copy->build->cancellable, error)
         && (n = xeno_media_file_read (source, done, block, BLOCK_BYTES)) > 0)
    {
      g_checksum_update (checksum, block, n);
      done += n;
      copy->build->report (copy->build, _("Checking the disk…"),
                           (copy->build->n_files_made + CHECK_SHARE * (*done_bytes + done) / total_bytes) / n_files);
    }
  *done_bytes += done;
  if (g_cancellable_is_cancelled (copy->build->cancellable))
    return FALSE;
  if (done == part->n_bytes && g_str_equal (g_checksum_get_string (checksum), part->checksum))
    return TRUE;

  xeno_set_error (error, XENO_ERROR_BAD_MEDIA, NULL,
                  _("A disk in “%s” is not what the list of checksums says: it was damaged or changed. Get the "
                    "appliance again from where it came from."), copy->name);
  return FALSE;
}

static gboolean
check_sums (Copy    *copy,
            GError **error)
{
  GPtrArray *parts = copy->file->parts;
  guint64 total_bytes = 0;
  guint64 done_bytes = 0;

  for (guint i = 0; parts != NULL && i < parts->len; i++)
    total_bytes += copy->parts[i].size_bytes;
  for (guint i = 0; parts != NULL && i < parts->len; i++)
    {
      const XenoPlanPart *part = g_ptr_array_index (parts, i);

      if (part->checksum != NULL
          && !check_sum (copy, part, &copy->parts[i], &done_bytes, MAX (total_bytes, 1), error))
        return FALSE;
    }
  return TRUE;
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

  if (!open_sources (copy, error) || !check_sums (copy, error))
    return NULL;

  if (file->parts != NULL)
    facts = xeno_media_facts_read_part (copy->parts->fd, copy->name, copy->parts->base, copy->parts->size_bytes, error);
  else
    facts = xeno_media_facts_read_fd (copy->parts->fd, copy->name, error);
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

/* The copy is where it was made, or has to be sent. */
static void
hand_over (Copy *copy)
{
  XenoBuild *build = copy->build;
  XenoPlanFile *file = copy->file;
  int fd = copy->target_fd;

  if (fd >= 0)
    {
      copy->target_fd = -1;
      copy_free (copy);
      xeno_build_send_fd (build, file, fd);
      return;
    }

  /* libvirt hears of the disk, so that everybody sees it in the pool. */
  xeno_storage_refresh_async (copy->build->connection, copy->file->path, NULL, copy_refreshed_cb, copy);
}

static void
resized_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  GError *error = NULL;

  if (xeno_image_resize_finish (result, &error))
    hand_over (user_data);
  else
    finish (user_data, error);
}

static const char *
get_target (Copy *copy)
{
  return copy->target_fd >= 0 ? XENO_IMAGE_TARGET_FD : copy->file->path;
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
    xeno_image_resize_async (get_target (copy), copy->target_fd, copy->file->capacity_bytes, copy->build->cancellable,
                             resized_cb, copy);
  else
    hand_over (copy);
}

static void
progress_cb (double   fraction,
             gpointer user_data)
{
  Copy *copy = user_data;
  double n_files = copy->build->files->len;

  if (has_checksums (copy->file))
    fraction = CHECK_SHARE + fraction * (1.0 - CHECK_SHARE);
  if (copy->target_fd >= 0)
    fraction *= XENO_BUILD_COPY_SHARE;
  copy->build->report (copy->build, _("Copying the disk…"), (copy->build->n_files_made + fraction) / n_files);
}

static XenoImageCopy
describe (Copy *copy)
{
  return (XenoImageCopy) {
    copy->source, copy->n_parts > 0 ? copy->parts->fd : -1, "qcow2", "compat=1.1", get_target (copy), copy->target_fd
  };
}

/* Whether there is room where it is made and, when it is sent, where it will be. */
static gboolean
check_room (Copy     *copy,
            guint64   needed_bytes,
            GError  **error)
{
  XenoBuild *build = copy->build;
  guint64 here_bytes = get_free_bytes (build);
  guint64 free_bytes = build->sends ? MIN (here_bytes, build->place->available_bytes) : here_bytes;
  g_autofree char *needed = xeno_units_format_size (needed_bytes);
  g_autofree char *available = xeno_units_format_size (free_bytes);

  if (needed_bytes <= free_bytes)
    return TRUE;

  xeno_set_error (error, XENO_ERROR_NO_SPACE, NULL,
                  _("A copy of the disk in “%s” needs %s, and the folder “%s” has %s free. Make room there, "
                    "then try again."), copy->name, needed,
                  free_bytes < here_bytes ? build->place->path : get_folder (build), available);
  return FALSE;
}

static void
measured_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  Copy *copy = user_data;
  XenoImageCopy order = describe (copy);
  guint64 needed_bytes = 0;
  GError *error = NULL;

  if (!xeno_image_measure_finish (result, &needed_bytes, &error) || !check_room (copy, needed_bytes, &error))
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

  if (g_task_propagate_pointer (G_TASK (result), &error) != NULL && copy->build->sends)
    copy->target_fd = xeno_build_send_open (&error);
  if (error != NULL)
    {
      finish (copy, error);
      return;
    }

  copy->source = xeno_image_describe (XENO_IMAGE_FD, copy->format, copy->parts->base,
                                      copy->file->parts != NULL ? copy->parts->size_bytes : 0, NULL);
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

/* What is to be sent needs no name on the way. */
static int
open_unpacked (Copy    *copy,
               GError **error)
{
  int fd;

  if (copy->build->sends)
    return copy->file->fd = xeno_build_send_open (error);

  fd = open (copy->file->path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (fd < 0)
    xeno_set_error (error, errno == ENOSPC || errno == EDQUOT ? XENO_ERROR_NO_SPACE : XENO_ERROR_FAILED,
                    g_strerror (errno), _("The disk could not be written to the folder “%s”: %s."),
                    get_folder (copy->build), g_strerror (errno));
  return fd;
}

static gpointer
unpack (gpointer       data,
        GCancellable  *cancellable,
        GError       **error)
{
  Copy *copy = data;
  gboolean is_done;
  int fd;

  if (!open_sources (copy, error) || !check_sums (copy, error) || (fd = open_unpacked (copy, error)) < 0)
    return NULL;

  is_done = xeno_packing_unpack (copy->parts, copy->n_parts, fd, get_folder (copy->build),
                                 MIN (get_free_bytes (copy->build), MAX_UNPACKED_BYTES), copy->build->cancellable,
                                 unpacking_cb, copy, error);
  if (fd != copy->file->fd)
    close (fd);
  return is_done ? copy : NULL;
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
