/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A machine in one file for other programs: packed disks, and an OVF. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib/gi18n-lib.h>

#include "base/xeno-error.h"
#include "base/xeno-worker.h"
#include "create/xeno-export-archive.h"
#include "create/xeno-export-private.h"
#include "create/xeno-image-copy.h"
#include "create/xeno-media-facts.h"

#define MAX_DISKS     16

/* How much of the job is the packing of disks; the rest is writing them down. */
#define PACKING_SHARE 0.7

typedef struct
{
  char    *path;
  char    *format;
  char    *backing_path;   /* NULL: it stands on nothing */
  char    *backing_format;
  char    *source;         /* in QEMU's terms */
} Disk;

/* One export. Threads read it while the main thread waits for them. */
typedef struct
{
  XenoMachine  *machine;
  XenoJob      *job;
  GTask        *task;
  GCancellable *cancellable;
  char         *path;
  char         *folder;
  XenoOvf      *ovf;
  GPtrArray    *disks;          /* Disk */
  int           packed[MAX_DISKS];
  guint64       needed_bytes;
  guint         current;
} Export;

static void measure_next (Export *export);
static void pack_next (Export *export);

static void
disk_free (gpointer data)
{
  Disk *disk = data;

  g_free (disk->path);
  g_free (disk->format);
  g_free (disk->backing_path);
  g_free (disk->backing_format);
  g_free (disk->source);
  g_free (disk);
}

/* The end, well or not: what has no name goes with its descriptor. */
static void
finish (Export *export,
        GError *error)
{
  for (guint i = 0; i < MAX_DISKS; i++)
    if (export->packed[i] >= 0)
      close (export->packed[i]);

  xeno_job_finish (export->job, error);
  if (error != NULL)
    g_task_return_error (export->task, error);
  else
    g_task_return_boolean (export->task, TRUE);
  g_object_unref (export->machine);
  g_object_unref (export->job);
  g_object_unref (export->task);
  g_object_unref (export->cancellable);
  g_clear_pointer (&export->ovf, xeno_ovf_free);
  g_clear_pointer (&export->disks, g_ptr_array_unref);
  g_free (export->path);
  g_free (export->folder);
  g_free (export);
}

static void
run (Export              *export,
     XenoWorkFunc         work,
     GAsyncReadyCallback  callback)
{
  g_autoptr (XenoWorker) worker = xeno_worker_new (1);
  g_autoptr (GTask) task = g_task_new (NULL, NULL, callback, export);

  xeno_worker_run (worker, NULL, 0, task, work, export, NULL, NULL);
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
writing_cb (double   fraction,
            gpointer user_data)
{
  Export *export = user_data;

  xeno_job_report (export->job, _("Writing the file…"), PACKING_SHARE + fraction * (1.0 - PACKING_SHARE));
}

static gpointer
write_file (gpointer       data,
            GCancellable  *cancellable,
            GError       **error)
{
  Export *export = data;

  for (guint i = 0; i < export->disks->len; i++)
    {
      XenoOvfDisk *disk = g_ptr_array_index (export->ovf->disks, i);
      struct stat info;

      disk->file_bytes = fstat (export->packed[i], &info) == 0 ? info.st_size : 0;
    }
  return GINT_TO_POINTER (xeno_export_write (export->path, export->ovf, export->packed, export->cancellable, writing_cb,
                                             export, error));
}

static void
packing_cb (double   fraction,
            gpointer user_data)
{
  Export *export = user_data;

  xeno_job_report (export->job, _("Packing the disks…"),
                   PACKING_SHARE * (export->current + fraction) / export->disks->len);
}

static void
packed_cb (GObject      *source,
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
  pack_next (export);
}

static void
pack_next (Export *export)
{
  const Disk *disk;
  XenoImageCopy order = { NULL, -1, "vmdk", "subformat=streamOptimized", XENO_IMAGE_FD, -1 };
  GError *error = NULL;

  if (export->current == export->disks->len)
    {
      run (export, write_file, written_cb);
      return;
    }

  disk = g_ptr_array_index (export->disks, export->current);
  export->packed[export->current] = xeno_export_open_nameless (export->folder, &error);
  if (error != NULL)
    {
      finish (export, error);
      return;
    }

  packing_cb (0.0, export);
  order.source = disk->source;
  order.source_fd = export->packed[export->current];
  xeno_image_copy_async (&order, export->cancellable, packing_cb, export, packed_cb, export);
}

static void
measured_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  Export *export = user_data;
  guint64 needed_bytes = 0;
  GError *error = NULL;

  if (!xeno_image_measure_finish (result, &needed_bytes, &error))
    {
      finish (export, error);
      return;
    }

  export->needed_bytes += needed_bytes;
  export->current++;
  measure_next (export);
}

static void
measure_next (Export *export)
{
  XenoImageCopy order = { NULL, -1, "qcow2", NULL, NULL, -1 };
  GError *error = NULL;

  if (export->current < export->disks->len)
    {
      order.source = ((Disk *) g_ptr_array_index (export->disks, export->current))->source;
      xeno_image_measure_async (&order, export->cancellable, measured_cb, export);
      return;
    }

  export->current = 0;
  /* The disks are there twice for a moment: packed, and in the file. Packed they are hardly ever larger. */
  if (xeno_export_check_room (export->machine, export->folder, 2 * export->needed_bytes, &error))
    pack_next (export);
  else
    finish (export, error);
}

/* What stands on another disk has to say so in the document: a header is not followed. */
static gboolean
look_at_disk (Export  *export,
              Disk    *disk,
              GError **error)
{
  const char *base = disk->backing_path != NULL ? disk->backing_path : disk->path;
  const char *format = disk->backing_path != NULL ? disk->backing_format : disk->format;
  g_autofree char *backing = NULL;

  if (g_strcmp0 (format, "qcow2") == 0)
    {
      g_autoptr (XenoMediaFacts) facts = xeno_media_facts_read (base, error);

      if (facts == NULL)
        return FALSE;
    }
  if (access (disk->path, R_OK) != 0)
    {
      xeno_set_error (error, XENO_ERROR_NO_PERMISSION, g_strerror (errno),
                      _("The disk “%s” cannot be read: %s."), disk->path, g_strerror (errno));
      return FALSE;
    }

  if (disk->backing_path != NULL)
    backing = xeno_image_describe (disk->backing_path, disk->backing_format, 0, 0, NULL);
  disk->source = xeno_image_describe (disk->path, disk->format, 0, 0, backing);
  return TRUE;
}

static guint64
read_capacity (Disk *disk)
{
  struct stat info;
  guint8 size[8] = { 0 };
  guint64 capacity = 0;
  int fd = open (disk->path, O_RDONLY | O_CLOEXEC);

  /* A qcow2 disk says it in its header, also one that stands on another. */
  if (fd >= 0 && g_str_equal (disk->format, "qcow2") && pread (fd, size, sizeof size, 24) == sizeof size)
    for (gsize i = 0; i < sizeof size; i++)
      capacity = capacity << 8 | size[i];
  else if (fd >= 0 && fstat (fd, &info) == 0)
    capacity = info.st_size;
  if (fd >= 0)
    close (fd);
  return capacity;
}

static gpointer
look (gpointer       data,
      GCancellable  *cancellable,
      GError       **error)
{
  Export *export = data;

  for (guint i = 0; i < export->disks->len; i++)
    {
      Disk *disk = g_ptr_array_index (export->disks, i);
      g_autofree char *name = g_strdup_printf ("disk%u.vmdk", i + 1);

      if (!look_at_disk (export, disk, error))
        return NULL;
      xeno_ovf_add_disk (export->ovf, name, read_capacity (disk));
    }
  return export;
}

static void
looked_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  Export *export = user_data;
  GError *error = NULL;

  if (g_task_propagate_pointer (G_TASK (result), &error) == NULL)
    finish (export, error);
  else
    measure_next (export);
}

static gboolean
take_disk (Export      *export,
           XenoDevice  *device,
           GError     **error)
{
  g_autofree char *kind = xeno_device_dup_string (device, "device");
  Disk *disk;

  if (g_strcmp0 (kind, "cdrom") == 0 || g_strcmp0 (kind, "floppy") == 0)
    return TRUE;

  disk = g_new0 (Disk, 1);
  disk->path = xeno_device_dup_string (device, "source-file");
  disk->format = xeno_device_dup_string (device, "driver-type");
  disk->backing_path = xeno_device_dup_string (device, "backing-file");
  disk->backing_format = xeno_device_dup_string (device, "backing-format");
  g_ptr_array_add (export->disks, disk);
  if (disk->path != NULL && disk->format != NULL && (disk->backing_path == NULL) == (disk->backing_format == NULL)
      && export->disks->len <= MAX_DISKS)
    return TRUE;

  xeno_set_error (error, XENO_ERROR_NOT_SUPPORTED, NULL,
                  _("“%s” has a disk that is not a file, or whose format is not stated, so it cannot be exported."),
                  xeno_machine_get_title (export->machine));
  return FALSE;
}

/* As VMware and VirtualBox call them; what they lack is the one that everybody knows. */
static const char *
find_card (const char *model)
{
  if (g_strcmp0 (model, "e1000e") == 0)
    return "E1000e";
  if (g_strcmp0 (model, "vmxnet3") == 0)
    return "VmxNet3";
  return g_strcmp0 (model, "virtio") == 0 ? "virtio" : "E1000";
}

static gboolean
take_spec (Export    *export,
           XenoSpec  *spec,
           GError   **error)
{
  g_autoptr (GPtrArray) disks = xeno_spec_list_devices (spec, "disk");
  g_autoptr (GPtrArray) nics = xeno_spec_list_devices (spec, "interface");

  export->ovf->title = g_strdup (xeno_machine_get_title (export->machine));
  export->ovf->n_cpus = xeno_spec_get_n_cpus (spec);
  export->ovf->memory_bytes = xeno_spec_get_memory_bytes (spec);
  export->ovf->is_uefi = xeno_spec_is_uefi (spec);
  for (guint i = 0; i < nics->len; i++)
    {
      g_autofree char *model = xeno_device_dup_string (g_ptr_array_index (nics, i), "model");

      g_ptr_array_add (export->ovf->nics, g_strdup (find_card (model)));
    }
  for (guint i = 0; i < disks->len; i++)
    if (!take_disk (export, g_ptr_array_index (disks, i), error))
      return FALSE;
  return TRUE;
}

/*< private >
 * xeno_export_ova_begin:
 * @task: returns %TRUE when the file is there; its source is the machine
 * @job: the job
 * @path: the file to write
 *
 * Writes a machine as an OVA: what it is like, its disks, and their checksums.
 */
void
xeno_export_ova_begin (GTask      *task,
                       XenoJob    *job,
                       const char *path)
{
  XenoMachine *machine = g_task_get_source_object (task);
  g_autoptr (XenoSpec) spec = xeno_machine_dup_spec (machine);
  GError *error = NULL;
  Export *export = g_new0 (Export, 1);

  export->machine = g_object_ref (machine);
  export->job = g_object_ref (job);
  export->cancellable = g_object_ref (xeno_job_get_cancellable (job));
  export->task = g_object_ref (task);
  export->path = g_strdup (path);
  export->folder = g_path_get_dirname (path);
  export->ovf = xeno_ovf_new ();
  export->disks = g_ptr_array_new_with_free_func (disk_free);
  for (guint i = 0; i < MAX_DISKS; i++)
    export->packed[i] = -1;

  if (spec == NULL)
    finish (export, xeno_error_new (XENO_ERROR_NO_CONNECTION, NULL, _("Nothing is known of “%s” yet. Try again."),
                                    xeno_machine_get_title (machine)));
  else if (!take_spec (export, spec, &error))
    finish (export, error);
  else
    run (export, look, looked_cb);
}
