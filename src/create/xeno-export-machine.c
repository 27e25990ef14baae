/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A machine in one file of ours, from which it comes back as it was. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>

#include "base/xeno-error.h"
#include "base/xeno-worker.h"
#include "create/xeno-archive.h"
#include "create/xeno-export-archive.h"
#include "create/xeno-export-private.h"
#include "create/xeno-image-copy.h"
#include "create/xeno-media-facts.h"
#include "virt/xeno-machine-source.h"

/* How much of the job is the merging of disks that stand on others, where there are such. */
#define MERGING_SHARE 0.4

/* One export. A thread reads it while the main thread waits for it. */
typedef struct
{
  GTask             *task;
  XenoMachine       *machine;
  XenoJob           *job;
  GCancellable      *cancellable;
  char              *path;
  char              *folder;
  XenoMachineSource *source;
  XenoArchive       *archive;
  GArray            *contents;  /* int: a descriptor for each file of the archive */
  int               *merged;    /* a descriptor for each disk that stands on others, else -1 */
  guint              current;
  gboolean           has_merged;
} Export;

static void merge_next (Export *export);

static void
close_all (Export *export)
{
  for (guint i = 0; i < export->contents->len; i++)
    close (g_array_index (export->contents, int, i));
  for (guint i = 0; export->merged != NULL && i < export->source->disks->len; i++)
    if (export->merged[i] >= 0)
      close (export->merged[i]);
}

/* The end, well or not: what has no name goes with its descriptor. */
static void
finish (Export *export,
        GError *error)
{
  close_all (export);
  xeno_job_finish (export->job, error);
  if (error != NULL)
    g_task_return_error (export->task, error);
  else
    {
      xeno_export_set_missing (export->task, xeno_archive_list_missing (export->archive->missing));
      g_task_return_boolean (export->task, TRUE);
    }
  g_object_unref (export->task);
  g_object_unref (export->machine);
  g_object_unref (export->job);
  g_object_unref (export->cancellable);
  g_clear_pointer (&export->source, xeno_machine_source_free);
  xeno_archive_free (export->archive);
  g_array_unref (export->contents);
  g_free (export->merged);
  g_free (export->path);
  g_free (export->folder);
  g_free (export);
}

static void
miss (Export     *export,
      const char *what)
{
  guint n = export->archive->missing != NULL ? g_strv_length (export->archive->missing) : 0;

  export->archive->missing = g_renew (char *, export->archive->missing, n + 2);
  export->archive->missing[n] = g_strdup (what);
  export->archive->missing[n + 1] = NULL;
}

static gboolean
add_text (Export      *export,
          const char  *name,
          const char  *kind,
          const char  *text,
          GError     **error)
{
  int fd = memfd_create (name, MFD_CLOEXEC);
  gsize length = strlen (text);

  if (fd < 0 || write (fd, text, length) != (gssize) length)
    {
      xeno_export_set_error (error, export->folder, errno);
      if (fd >= 0)
        close (fd);
      return FALSE;
    }

  xeno_archive_add (export->archive, name, kind);
  g_array_append_val (export->contents, fd);
  return TRUE;
}

static int
open_file (const char *path)
{
  int fd = g_open (path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC, 0);
  struct stat info;

  if (fd >= 0 && (fstat (fd, &info) != 0 || !S_ISREG (info.st_mode)))
    {
      close (fd);
      errno = EINVAL;
      return -1;
    }
  return fd;
}

/* What a machine that never started has is not there; what is not for us to read is missing. */
static void
add_kept (Export     *export,
          const char *path,
          const char *name,
          const char *kind)
{
  int fd = path != NULL ? open_file (path) : -1;

  if (fd >= 0)
    {
      xeno_archive_add (export->archive, name, kind);
      g_array_append_val (export->contents, fd);
    }
  else if (path != NULL && errno != ENOENT)
    miss (export, kind);
}

static gboolean
set_read_error (GError     **error,
                const char  *path)
{
  xeno_set_error (error, XENO_ERROR_NO_PERMISSION, g_strerror (errno),
                  _("The disk “%s” cannot be read: %s."), path, g_strerror (errno));
  return FALSE;
}

/* A header that leads elsewhere would be refused when it comes back. */
static gboolean
check_header (const XenoSourceDisk  *disk,
              int                    fd,
              GError               **error)
{
  g_autoptr (XenoMediaFacts) facts = NULL;

  if (!g_str_equal (disk->format, "qcow2"))
    return TRUE;

  facts = xeno_media_facts_read_fd (fd, disk->target, error);
  return facts != NULL;
}

static gboolean
add_disk (Export                *export,
          const XenoSourceDisk  *disk,
          int                    merged,
          GError               **error)
{
  const char *format = merged >= 0 ? "qcow2" : disk->format;
  g_autofree char *name = g_strdup_printf ("disk-%s.%s", disk->target, format);
  int fd = merged >= 0 ? dup (merged) : open_file (disk->path);
  XenoArchiveFile *file;

  if (fd < 0)
    return set_read_error (error, disk->path);

  g_array_append_val (export->contents, fd);
  file = xeno_archive_add (export->archive, name, XENO_ARCHIVE_DISK);
  file->target = g_strdup (disk->target);
  file->format = g_strdup (format);
  file->capacity_bytes = disk->capacity_bytes;
  return merged >= 0 || check_header (disk, fd, error);
}

/* Discs are not copied: they are on a shelf of their own. */
static void
miss_discs (Export *export)
{
  g_autoptr (GPtrArray) disks = xeno_spec_list_devices (export->source->spec, "disk");

  for (guint i = 0; i < disks->len; i++)
    {
      g_autofree char *target = xeno_device_dup_string (disks->pdata[i], "target-dev");
      g_autofree char *path = xeno_device_dup_string (disks->pdata[i], "source-file");
      gboolean is_in = FALSE;

      for (guint j = 0; j < export->source->disks->len; j++)
        is_in |= g_strcmp0 (((XenoSourceDisk *) export->source->disks->pdata[j])->target, target) == 0;
      if (!is_in && path != NULL && target != NULL)
        miss (export, target);
    }
}

/* Those within merged disks are gone with the merging, and those in other files are not in ours. */
static gboolean
can_keep_snapshots (Export *export)
{
  if (export->has_merged)
    return FALSE;

  for (guint i = 0; export->source->snapshots[i] != NULL; i++)
    {
      g_autoptr (XenoSnapshot) snapshot = xeno_snapshot_new_from_xml (export->source->snapshots[i], NULL);

      if (snapshot == NULL || !xeno_snapshot_is_internal (snapshot))
        return FALSE;
    }
  return TRUE;
}

static gboolean
add_snapshots (Export  *export,
               GError **error)
{
  if (export->source->snapshots[0] == NULL)
    return TRUE;
  if (!can_keep_snapshots (export))
    {
      miss (export, XENO_ARCHIVE_NO_SNAPSHOTS);
      return TRUE;
    }

  export->archive->current_snapshot = g_strdup (export->source->current_snapshot);
  for (guint i = 0; export->source->snapshots[i] != NULL; i++)
    {
      g_autofree char *name = g_strdup_printf ("snapshot-%u.xml", i + 1);

      if (!add_text (export, name, XENO_ARCHIVE_SNAPSHOT, export->source->snapshots[i], error))
        return FALSE;
    }
  return TRUE;
}

/* Notes of what others stand on, or of what it was made for, are of this host. */
static char *
make_definition (Export *export)
{
  g_autoptr (XenoSpec) spec = xeno_spec_copy (export->source->spec);

  xeno_spec_set_note (spec, XENO_SPEC_NOTE_BASE, NULL);
  return xeno_spec_to_xml (spec);
}

static void
writing_cb (double   fraction,
            gpointer user_data)
{
  Export *export = user_data;
  double begin = export->has_merged ? MERGING_SHARE : 0.0;

  xeno_job_report (export->job, _("Writing the file…"), begin + fraction * (1.0 - begin));
}

static gboolean
write_all (Export  *export,
           GError **error)
{
  g_autofree char *definition = make_definition (export);

  if (!add_text (export, "machine.xml", XENO_ARCHIVE_DEFINITION, definition, error) || !add_snapshots (export, error))
    return FALSE;
  add_kept (export, export->source->nvram, "nvram.fd", XENO_ARCHIVE_NVRAM);
  add_kept (export, export->source->tpm, "tpm.state", XENO_ARCHIVE_TPM);
  miss_discs (export);
  for (guint i = 0; i < export->source->disks->len; i++)
    if (!add_disk (export, export->source->disks->pdata[i], export->merged[i], error))
      return FALSE;
  return xeno_archive_write (export->archive, (const int *) export->contents->data, export->path, export->cancellable,
                             writing_cb, export, error);
}

/* What was read has to be what is there at the end. */
typedef struct
{
  gint64 n_bytes;
  gint64 changed_s;
  gint64 changed_ns;
} Moment;

static GArray *
read_moments (Export *export)
{
  GArray *moments = g_array_new (FALSE, TRUE, sizeof (Moment));

  for (guint i = 0; i < export->source->disks->len; i++)
    {
      struct stat info = { 0 };
      Moment moment = { 0 };

      if (stat (((XenoSourceDisk *) export->source->disks->pdata[i])->path, &info) == 0)
        moment = (Moment) { info.st_size, info.st_mtim.tv_sec, info.st_mtim.tv_nsec };
      g_array_append_val (moments, moment);
    }
  return moments;
}

static gpointer
write_file (gpointer       data,
            GCancellable  *cancellable,
            GError       **error)
{
  Export *export = data;
  g_autoptr (GArray) before = read_moments (export);
  g_autoptr (GArray) after = NULL;

  if (!write_all (export, error))
    return NULL;

  after = read_moments (export);
  if (memcmp (before->data, after->data, before->len * sizeof (Moment)) == 0)
    return export;

  g_unlink (export->path);
  xeno_set_error (error, XENO_ERROR_WRONG_STATE, NULL,
                  _("“%s” changed while it was exported. Shut it down, then export it."),
                  xeno_machine_get_title (export->machine));
  return NULL;
}

static void
written_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  GError *error = NULL;

  g_task_propagate_pointer (G_TASK (result), &error);
  finish (user_data, error);
}

static void
merging_cb (double   fraction,
            gpointer user_data)
{
  Export *export = user_data;

  xeno_job_report (export->job, _("Merging the disks…"),
                   MERGING_SHARE * (export->current + fraction) / export->source->disks->len);
}

static void
merged_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  Export *export = user_data;
  GError *error = NULL;

  if (!xeno_image_copy_finish (result, &error))
    {
      finish (export, error);
      return;
    }
  export->current++;
  merge_next (export);
}

/* Neither what it stands on nor a format we could not give back goes into the file. */
static gboolean
needs_merging (const XenoSourceDisk *disk)
{
  return disk->below->len > 0 || (!g_str_equal (disk->format, "qcow2") && !g_str_equal (disk->format, "raw"));
}

static void
merge_next (Export *export)
{
  XenoImageCopy order = { NULL, -1, "qcow2", "compat=1.1", XENO_IMAGE_FD, -1 };
  g_autofree char *description = NULL;
  g_autofree char *below = NULL;
  const XenoSourceDisk *disk;
  g_autoptr (XenoWorker) worker = NULL;
  g_autoptr (GTask) task = NULL;
  GError *error = NULL;

  while (export->current < export->source->disks->len
         && !needs_merging (export->source->disks->pdata[export->current]))
    export->current++;
  if (export->current == export->source->disks->len)
    {
      worker = xeno_worker_new (1);
      task = g_task_new (NULL, NULL, written_cb, export);
      xeno_worker_run (worker, NULL, 0, task, write_file, export, NULL, NULL);
      return;
    }

  export->has_merged = TRUE;
  export->merged[export->current] = xeno_export_open_nameless (export->folder, &error);
  if (error != NULL)
    {
      finish (export, error);
      return;
    }

  merging_cb (0.0, export);
  disk = g_ptr_array_index (export->source->disks, export->current);
  below = xeno_image_describe_chain (disk->below);
  description = xeno_image_describe (disk->path, disk->format, 0, 0, below);
  order.source = description;
  order.source_fd = export->merged[export->current];
  xeno_image_copy_async (&order, export->cancellable, merging_cb, export, merged_cb, export);
}

static guint64
sum_room (const XenoMachineSource *source)
{
  guint64 sum = 0;

  for (guint i = 0; i < source->disks->len; i++)
    {
      const XenoSourceDisk *disk = g_ptr_array_index (source->disks, i);

      sum += needs_merging (disk) ? 2 * disk->allocated_bytes : disk->allocated_bytes;
    }
  return sum;
}

static void
source_read_cb (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  Export *export = user_data;
  GError *error = NULL;

  export->source = xeno_machine_read_source_finish (export->machine, result, &error);
  if (export->source != NULL
      && xeno_export_check_room (export->machine, export->folder, sum_room (export->source), &error))
    {
      export->merged = g_new (int, export->source->disks->len + 1);
      memset (export->merged, -1, (export->source->disks->len + 1) * sizeof (int));
      merge_next (export);
    }
  else
    finish (export, error);
}

/*< private >
 * xeno_export_machine_begin:
 * @task: returns %TRUE when the file is there; its source is the machine
 * @job: the job
 * @path: the file to write
 *
 * Writes a machine as an archive of ours: its document, its disks byte for byte with the snapshots in them, what
 * libvirt noted of those, and what its firmware and its TPM keep.
 */
void
xeno_export_machine_begin (GTask      *task,
                           XenoJob    *job,
                           const char *path)
{
  Export *export = g_new0 (Export, 1);

  export->task = g_object_ref (task);
  export->machine = g_object_ref (g_task_get_source_object (task));
  export->job = g_object_ref (job);
  export->cancellable = g_object_ref (xeno_job_get_cancellable (job));
  export->path = g_strdup (path);
  export->folder = g_path_get_dirname (path);
  export->archive = xeno_archive_new ();
  export->archive->title = g_strdup (xeno_machine_get_title (export->machine));
  export->contents = g_array_new (FALSE, FALSE, sizeof (int));
  xeno_machine_read_source_async (export->machine, export->cancellable, source_read_cb, export);
}
