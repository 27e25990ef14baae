/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A recipe as the builder sees it. */
#include "config.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>

#include "base/xeno-error.h"
#include "base/xeno-worker.h"
#include "create/xeno-in-place.h"
#include "create/xeno-recipe-private.h"
#include "create/xeno-seed-machine.h"

/* A drive that does not answer is not waited for any longer. */
#define LOOK_MS 5000

static gboolean
is_of_system (XenoConnection *connection)
{
  return strstr (xeno_connection_get_uri (connection), "/system") != NULL;
}

static const char *
get_title (XenoPlan *plan)
{
  return xeno_recipe_get_title (XENO_RECIPE (plan));
}

static const char *
get_arch (XenoPlan *plan)
{
  return xeno_recipe_get_arch (XENO_RECIPE (plan));
}

/* Without the person's word the host chooses, and may change its mind. */
static gboolean
is_network_ours (XenoPlan *plan)
{
  return g_str_equal (xeno_recipe_get_network (XENO_RECIPE (plan)), "auto");
}

/* What is in several pieces, or packed, is made one first; the disk is copied from that. */
static XenoPlanFile *
plan_unpacked (XenoPlanFile *disk,
               guint         n)
{
  g_autofree char *role = n == 0 ? g_strdup ("unpacked") : g_strdup_printf ("unpacked-%u", n);
  g_autofree char *suffix = n == 0 ? g_strdup (".unpacked") : g_strdup_printf ("-%u.unpacked", n);
  XenoPlanFile *unpacked = xeno_plan_file_new (role, suffix, "unpack");

  unpacked->is_temporary = TRUE;
  disk->source_role = g_strdup (role);
  return unpacked;
}

static void
plan_appliance_disk (XenoRecipe              *self,
                     const XenoApplianceDisk *disk,
                     guint                    n,
                     GPtrArray               *files)
{
  g_autofree char *role = g_strdup_printf (XENO_RECIPE_DISK_ROLE, n);
  g_autofree char *suffix = n == 0 ? g_strdup (".qcow2") : g_strdup_printf ("-%u.qcow2", n);
  XenoPlanFile *file = xeno_plan_file_new (role, suffix, "copy");
  XenoPlanFile *source = disk->format == NULL ? plan_unpacked (file, n) : file;

  for (guint i = 0; i < disk->parts->len; i++)
    {
      const XenoAppliancePart *part = g_ptr_array_index (disk->parts, i);
      XenoPlanPart *taken =
        xeno_plan_file_add_part (source, part->path != NULL ? part->path : xeno_media_get_path (self->media),
                                 part->offset, part->n_bytes);

      taken->checksum = g_strdup (part->checksum);
      taken->checksum_type = part->checksum_type;
      if (source != file)
        source->room_bytes += part->n_bytes;
    }

  file->source_format = g_strdup (disk->format);
  if (source != file)
    g_ptr_array_add (files, source);
  g_ptr_array_add (files, file);
}

static void
plan_appliance (XenoRecipe          *self,
                const XenoAppliance *appliance,
                GPtrArray           *files)
{
  for (guint i = 0; i < appliance->disks->len; i++)
    plan_appliance_disk (self, g_ptr_array_index (appliance->disks, i), i, files);
}

/* How much room a copy takes is only known for sure when it is measured. */
static void
plan_copy (XenoRecipe *self,
           GPtrArray  *files)
{
  const char *path = xeno_media_get_path (self->media);
  const char *format = xeno_media_get_format (self->media);
  XenoPlanFile *disk = xeno_plan_file_new ("disk", ".qcow2", "copy");
  XenoPlanFile *unpacked;

  if (format == NULL)
    {
      unpacked = plan_unpacked (disk, 0);
      unpacked->source_path = g_strdup (path);
      unpacked->room_bytes = xeno_media_get_size_bytes (self->media);
      g_ptr_array_add (files, unpacked);
    }
  else
    {
      disk->source_path = g_strdup (path);
      disk->source_format = g_strdup (format);
    }
  if (self->values.disk_bytes > self->recommended.disk_bytes)
    disk->capacity_bytes = self->values.disk_bytes;
  g_ptr_array_add (files, disk);
}

/* What is used where it is, and is not there, is sent once for all machines that are made from it. */
static void
plan_sent (const char *role,
           const char *suffix,
           const char *maker,
           const char *path,
           const char *format,
           GPtrArray  *files)
{
  XenoPlanFile *file = xeno_plan_file_new (role, suffix, maker);

  file->source_path = g_strdup (path);
  file->source_format = g_strdup (format);
  file->is_shared = TRUE;
  g_ptr_array_add (files, file);
}

static void
plan_far (XenoRecipe *self,
          GPtrArray  *files)
{
  const char *path = self->media != NULL ? xeno_media_get_path (self->media) : NULL;
  const char *format = self->media != NULL ? xeno_media_get_format (self->media) : NULL;
  const char *drivers = xeno_recipe_is_windows (self) ? self->driver_disc : NULL;

  if (self->media != NULL && g_str_equal (xeno_media_get_device (self->media), "cdrom"))
    plan_sent (XENO_RECIPE_MEDIUM_ROLE, "-disc.iso", "send", path, format, files);
  else if (self->media != NULL && self->disk_way == XENO_DISK_OVERLAY) /* a raw disk says nowhere that it is whole */
    plan_sent (XENO_RECIPE_MEDIUM_ROLE, "-base.qcow2", g_str_equal (format, "qcow2") ? "send" : "copy", path, format,
               files);
  if (drivers != NULL)
    plan_sent (XENO_RECIPE_DRIVERS_ROLE, "-drivers.iso", "send", drivers, "raw", files);
}

static XenoPlanFile *
plan_disk (XenoRecipe *self)
{
  XenoPlanFile *disk;

  if (self->disk_way == XENO_DISK_OVERLAY && self->is_far)
    {
      disk = xeno_plan_file_new ("disk", ".qcow2", "overlay");
      disk->source_role = g_strdup (XENO_RECIPE_MEDIUM_ROLE);
      disk->source_format = g_strdup ("qcow2");
    }
  else if (self->disk_way == XENO_DISK_OVERLAY)
    {
      disk = xeno_plan_file_new ("disk", ".qcow2", "overlay");
      disk->source_path = g_strdup (xeno_media_get_path (self->media));
      disk->source_format = g_strdup (xeno_media_get_format (self->media));
    }
  else
    disk = xeno_plan_file_new ("disk", ".qcow2", "empty");
  disk->capacity_bytes = self->values.disk_bytes;
  disk->room_bytes = self->values.disk_bytes;
  return disk;
}

static GBytes *
write_kernel (gconstpointer   author,
              const char     *uuid,
              GError        **error)
{
  return xeno_install_script_make_kernel (author, error);
}

static GBytes *
write_initrd (gconstpointer   author,
              const char     *uuid,
              GError        **error)
{
  return xeno_install_script_make_initrd (author, error);
}

static GBytes *
write_answers (gconstpointer   author,
               const char     *uuid,
               GError        **error)
{
  return xeno_install_script_make_answers (author, error);
}

static void
plan_file_of_installer (XenoRecipe        *self,
                        const char        *role,
                        const char        *suffix,
                        XenoPlanWriteFunc  write,
                        GPtrArray         *files)
{
  XenoPlanFile *file = xeno_plan_file_new (role, suffix, "written");

  file->write = write;
  file->author = xeno_install_script_copy (self->install_script);
  file->free_author = (GDestroyNotify) xeno_install_script_free;
  file->is_for_first_start = TRUE;
  g_ptr_array_add (files, file);
}

static void
plan_installer (XenoRecipe *self,
                GPtrArray  *files)
{
  switch (self->install_script->method)
    {
    case XENO_INSTALL_INITRD:
      plan_file_of_installer (self, "kernel", "-kernel", write_kernel, files);
      plan_file_of_installer (self, "initrd", "-initrd", write_initrd, files);
      break;

    case XENO_INSTALL_DISC:
      plan_file_of_installer (self, "answers", "-answers.iso", write_answers, files);
      break;

    case XENO_INSTALL_FLOPPY:
    default:
      plan_file_of_installer (self, "answers", "-answers.img", write_answers, files);
      break;
    }
}

/* Its own is all the disk that a kernel gets. */
static gboolean
has_root_disk (XenoRecipe *self)
{
  return self->direct_boot != NULL && xeno_direct_boot_get_root_disk (self->direct_boot) != NULL;
}

static GPtrArray *
list_files (XenoPlan *plan)
{
  XenoRecipe *self = XENO_RECIPE (plan);
  GPtrArray *files = g_ptr_array_new_with_free_func ((GDestroyNotify) xeno_plan_file_free);

  if (self->is_far)
    plan_far (self, files);
  if (xeno_recipe_get_appliance (self) != NULL)
    plan_appliance (self, xeno_recipe_get_appliance (self), files);
  else if (self->disk_way == XENO_DISK_COPY)
    plan_copy (self, files);
  else if (self->values.disk_bytes > 0 && self->disk_way != XENO_DISK_IN_PLACE && !has_root_disk (self))
    g_ptr_array_add (files, plan_disk (self));
  if (self->seed != NULL)
    g_ptr_array_add (files, xeno_seed_plan_file (self->seed));
  if (self->install_script != NULL)
    plan_installer (self, files);
  return files;
}

/* What a kernel needs beside it; nothing is read of it here. */
typedef struct
{
  char *initrd;
  char *folder;
} Beside;

static void
beside_free (gpointer data)
{
  Beside *beside = data;

  g_free (beside->initrd);
  g_free (beside->folder);
  g_free (beside);
}

static gpointer
look_beside (gpointer       data,
             GCancellable  *cancellable,
             GError       **error)
{
  Beside *beside = data;
  int fd = beside->initrd != NULL ? g_open (beside->initrd, O_RDONLY | O_NONBLOCK | O_CLOEXEC, 0) : -1;
  gboolean is_readable = fd >= 0;

  if (fd >= 0)
    close (fd);
  if (beside->initrd != NULL && (!is_readable || !g_file_test (beside->initrd, G_FILE_TEST_IS_REGULAR)))
    xeno_set_error (error, XENO_ERROR_NOT_FOUND, NULL,
                    _("Initrd: “%s” is not there, or no file that you may read. Choose another, or none."),
                    beside->initrd);
  else if (beside->folder != NULL && !g_file_test (beside->folder, G_FILE_TEST_IS_DIR))
    xeno_set_error (error, XENO_ERROR_NOT_FOUND, NULL,
                    _("Root: the folder “%s” is not there. Choose another, or none."), beside->folder);
  else
    return GINT_TO_POINTER (TRUE);
  return NULL;
}

static void
looked_beside_cb (GObject      *source,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;

  if (g_task_propagate_pointer (G_TASK (result), &error) == NULL)
    g_task_return_error (task, g_steal_pointer (&error));
  else
    g_task_return_boolean (task, TRUE);
}

static void
look_beside_kernel (XenoRecipe *self,
                    GTask      *task)
{
  g_autoptr (XenoWorker) worker = xeno_worker_new (1);
  g_autoptr (GTask) call = NULL;
  Beside *beside = g_new0 (Beside, 1);

  beside->initrd = g_strdup (xeno_direct_boot_get_initrd (self->direct_boot));
  beside->folder = g_strdup (xeno_direct_boot_get_root_folder (self->direct_boot));
  call = g_task_new (self, g_task_get_cancellable (task), looked_beside_cb, g_object_ref (task));
  xeno_worker_run (worker, NULL, LOOK_MS, call, look_beside, beside, beside_free, NULL);
}

static void
place_checked_cb (GObject      *source,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;

  if (xeno_in_place_check_finish (result, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
media_looked_at_cb (GObject      *source,
                    GAsyncResult *result,
                    gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  XenoRecipe *self = g_task_get_source_object (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (XenoMedia) media = xeno_media_open_finish (result, &error);

  if (media == NULL)
    g_task_return_error (task, g_steal_pointer (&error));
  else if (!g_str_equal (xeno_media_get_kind (media), xeno_media_get_kind (self->media)))
    g_task_return_error (task, xeno_error_new (XENO_ERROR_BAD_MEDIA, NULL,
                                               _("The file “%s” is another one than before. Open it again."),
                                               xeno_media_get_path (media)));
  else if (self->direct_boot != NULL)
    look_beside_kernel (self, task);
  else if (self->disk_way == XENO_DISK_IN_PLACE)
    xeno_in_place_check_async (g_task_get_task_data (task), xeno_media_get_path (media), g_task_get_cancellable (task),
                               place_checked_cb, g_object_ref (task));
  else
    g_task_return_boolean (task, TRUE);
}

/* What libvirt's own computer has to open by its path cannot be sent, or would not be what was meant. */
static gboolean
check_reachable (XenoRecipe      *self,
                 XenoConnection  *connection,
                 GError         **error)
{
  self->is_far = !xeno_connection_is_local (connection);
  if (self->is_far && self->direct_boot != NULL)
    xeno_set_error (error, XENO_ERROR_NOT_SUPPORTED, NULL,
                    _("The kernel is on this computer, and “%s” is not. Make the machine on this computer."),
                    xeno_connection_get_title (connection));
  else
    return TRUE;
  return FALSE;
}

static void
look_async (XenoPlan            *plan,
            XenoConnection      *connection,
            GCancellable        *cancellable,
            GAsyncReadyCallback  callback,
            gpointer             user_data)
{
  XenoRecipe *self = XENO_RECIPE (plan);
  g_autoptr (GTask) task = g_task_new (plan, cancellable, callback, user_data);
  g_autoptr (GFile) file = NULL;
  g_autoptr (GError) error = NULL;

  g_task_set_source_tag (task, look_async);
  g_task_set_task_data (task, g_object_ref (connection), g_object_unref);
  if (!check_reachable (self, connection, &error) || !xeno_recipe_check (self, &error)
      || (self->seed != NULL && !xeno_seed_check (self->seed, &error)))
    g_task_return_error (task, g_steal_pointer (&error));
  else if (self->media == NULL)
    g_task_return_boolean (task, TRUE);
  else
    {
      /* It was there when it was chosen; it may not be now. */
      file = g_file_new_for_path (xeno_media_get_path (self->media));
      xeno_media_open_async (file, cancellable, media_looked_at_cb, g_steal_pointer (&task));
    }
}

static gboolean
look_finish (XenoPlan      *plan,
             GAsyncResult  *result,
             GError       **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

/* The bare host connection works everywhere; a network lets the host reach its guests. */
static void
prefer_network (XenoSpec *spec)
{
  g_autoptr (GPtrArray) nics = xeno_spec_list_devices (spec, "interface");

  for (guint i = 0; i < nics->len; i++)
    {
      xeno_device_set_string (g_ptr_array_index (nics, i), "type", "network");
      xeno_device_set_string (g_ptr_array_index (nics, i), "source-network", "default");
    }
}

static XenoSpec *
make_spec (XenoPlan        *plan,
           XenoConnection  *connection,
           XenoCaps        *caps,
           const char      *name,
           const char      *uuid,
           GPtrArray       *files,
           GError         **error)
{
  XenoSpec *spec;

  XENO_RECIPE (plan)->is_of_system = is_of_system (connection);
  spec = xeno_recipe_to_spec (XENO_RECIPE (plan), caps, name, uuid, files, error);
  if (spec != NULL && is_network_ours (plan) && is_of_system (connection))
    prefer_network (spec);
  return spec;
}

/*< private >
 * xeno_recipe_plan_init:
 * @iface: the interface
 *
 * Makes a recipe a plan.
 */
void
xeno_recipe_plan_init (XenoPlanInterface *iface)
{
  iface->get_title = get_title;
  iface->get_arch = get_arch;
  iface->is_network_ours = is_network_ours;
  iface->list_files = list_files;
  iface->look_async = look_async;
  iface->look_finish = look_finish;
  iface->make_spec = make_spec;
}
