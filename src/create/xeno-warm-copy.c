/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A throw-away copy of a machine that goes on from the memory of one that was kept ready. */
#include "config.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "base/xeno-error.h"
#include "base/xeno-worker.h"
#include "create/xeno-warm-copy.h"
#include "create/xeno-warm-marks.h"
#include "spec/xeno-spec-copy.h"
#include "virt/xeno-saved-state.h"

#define ROLE_NVRAM "nvram"

/* What an overlay takes before anything is written to it. */
#define OVERLAY_BYTES (G_GUINT64_CONSTANT (1) << 20)

struct _XenoWarmCopy
{
  GObject            parent_instance;
  XenoMachine       *machine;
  char              *walls;
  XenoWarmNote      *note;
  char              *memory_path;
  XenoMachineSource *source;       /* NULL before it was looked at */
  XenoSpec          *spec;         /* of the machine that was saved */
  gboolean           is_unplugged;
};

static void xeno_warm_copy_plan_init (XenoPlanInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (XenoWarmCopy, xeno_warm_copy, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (XENO_TYPE_PLAN, xeno_warm_copy_plan_init))

static const char *
get_title (XenoPlan *plan)
{
  return xeno_machine_get_title (XENO_WARM_COPY (plan)->machine);
}

static const char *
get_memory_path (XenoPlan *plan)
{
  return XENO_WARM_COPY (plan)->memory_path;
}

static GBytes *
read_nvram (gconstpointer   author,
            const char     *uuid,
            GError        **error)
{
  g_autoptr (GFile) file = g_file_new_for_path (author);
  g_autoptr (GError) reason = NULL;
  GBytes *contents = g_file_load_bytes (file, NULL, NULL, &reason);

  if (contents == NULL)
    xeno_set_error (error, XENO_ERROR_NO_PERMISSION, reason->message,
                    _("What the firmware of the copy that is kept ready keeps cannot be read."));
  return contents;
}

static GPtrArray *
list_files (XenoPlan *plan)
{
  XenoWarmCopy *self = XENO_WARM_COPY (plan);
  GPtrArray *files = g_ptr_array_new_with_free_func ((GDestroyNotify) xeno_plan_file_free);
  XenoPlanFile *file;

  g_assert (self->source != NULL);
  for (guint i = 0; i < self->source->disks->len; i++)
    {
      const XenoSourceDisk *disk = g_ptr_array_index (self->source->disks, i);
      g_autofree char *suffix = g_strdup_printf ("-%s.qcow2", disk->target);
      g_autofree char *below = g_strconcat ("-warm", suffix, NULL);

      file = xeno_plan_file_new (disk->target, suffix, "overlay");
      file->capacity_bytes = disk->capacity_bytes;
      file->room_bytes = OVERLAY_BYTES;
      file->source_path = xeno_warm_note_dup_path (self->note, below);
      file->source_format = g_strdup ("qcow2");
      g_ptr_array_add (files, file);
    }
  if (g_strv_contains ((const char * const *) self->note->suffixes, XENO_WARM_NVRAM_SUFFIX))
    {
      file = xeno_plan_file_new (ROLE_NVRAM, "_VARS.fd", "written");
      file->write = read_nvram;
      file->author = xeno_warm_note_dup_path (self->note, XENO_WARM_NVRAM_SUFFIX);
      file->free_author = g_free;
      g_ptr_array_add (files, file);
    }
  g_ptr_array_add (files, xeno_plan_file_new (XENO_PLAN_ROLE_PIPE, ".pipe", "later"));
  return files;
}

static gpointer
inspect (gpointer       data,
         GCancellable  *cancellable,
         GError       **error)
{
  XenoWarmCopy *self = data;
  g_auto (GStrv) paths = xeno_warm_note_list_paths (self->note);
  const char *reason = xeno_warm_marks_judge (self->note, self->source);

  for (char **path = paths; reason == NULL && *path != NULL; path++)
    if (!g_file_test (*path, G_FILE_TEST_IS_REGULAR))
      reason = _("a file of it is missing");
  if (reason == NULL)
    return xeno_saved_state_read (self->memory_path, error);

  xeno_set_error (error, XENO_ERROR_WRONG_STATE, NULL,
                  _("The copy of “%s” that is kept ready is of no use: %s."),
                  xeno_machine_get_title (self->machine), reason);
  return NULL;
}

static void
inspected_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  XenoWarmCopy *self = g_task_get_source_object (task);
  GError *error = NULL;

  g_clear_object (&self->spec);
  self->spec = g_task_propagate_pointer (G_TASK (result), &error);
  if (self->spec != NULL)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
source_read_cb (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  XenoWarmCopy *self = g_task_get_source_object (task);
  g_autoptr (XenoWorker) worker = NULL;
  g_autoptr (GTask) inspection = NULL;
  GError *error = NULL;

  g_clear_pointer (&self->source, xeno_machine_source_free);
  self->source = xeno_machine_read_source_finish (self->machine, result, &error);
  if (self->source == NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  worker = xeno_worker_new (1);
  inspection = g_task_new (NULL, NULL, inspected_cb, g_steal_pointer (&task));
  xeno_worker_run (worker, NULL, 0, inspection, inspect, g_object_ref (self), g_object_unref, g_object_unref);
}

static gboolean
check_walls (XenoWarmCopy  *self,
             GError       **error)
{
  if (g_strcmp0 (self->walls, self->note->walls) == 0)
    return TRUE;

  xeno_set_error (error, XENO_ERROR_WRONG_STATE, NULL,
                  _("The copy of “%s” that is kept ready has other ways out than this one is to have."),
                  xeno_machine_get_title (self->machine));
  return FALSE;
}

static void
look_async (XenoPlan            *plan,
            XenoConnection      *connection,
            GCancellable        *cancellable,
            GAsyncReadyCallback  callback,
            gpointer             user_data)
{
  XenoWarmCopy *self = XENO_WARM_COPY (plan);
  g_autoptr (GTask) task = g_task_new (plan, cancellable, callback, user_data);
  g_autoptr (GError) error = NULL;

  g_task_set_source_tag (task, look_async);
  if (!check_walls (self, &error))
    g_task_return_error (task, g_steal_pointer (&error));
  else
    xeno_machine_read_source_async (self->machine, cancellable, source_read_cb, g_steal_pointer (&task));
}

static gboolean
look_finish (XenoPlan      *plan,
             GAsyncResult  *result,
             GError       **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

static gboolean
is_address_taken (XenoConnection *connection,
                  const char     *mac)
{
  GListModel *machines = xeno_connection_get_machines (connection);

  for (guint i = 0; mac != NULL && i < g_list_model_get_n_items (machines); i++)
    {
      g_autoptr (XenoMachine) machine = g_list_model_get_item (machines, i);
      g_autoptr (XenoSpec) spec = xeno_machine_is_active (machine) ? xeno_machine_dup_spec (machine) : NULL;
      g_autoptr (GPtrArray) nics = spec != NULL ? xeno_spec_list_devices (spec, "interface") : NULL;

      for (guint j = 0; nics != NULL && j < nics->len; j++)
        {
          g_autofree char *other = xeno_device_dup_string (nics->pdata[j], "mac");

          if (g_strcmp0 (mac, other) == 0)
            return TRUE;
        }
    }
  return FALSE;
}

/* The guest knows its addresses already. On a network of its own, one more of them disturbs nobody. */
static void
unplug_doubles (XenoWarmCopy   *self,
                XenoConnection *connection,
                XenoSpec       *spec)
{
  g_autoptr (GPtrArray) nics = xeno_spec_list_devices (spec, "interface");

  self->is_unplugged = FALSE;
  for (guint i = 0; i < nics->len; i++)
    {
      g_autofree char *type = xeno_device_dup_string (nics->pdata[i], "type");
      g_autofree char *mac = xeno_device_dup_string (nics->pdata[i], "mac");

      if (g_strcmp0 (type, "user") == 0 || !is_address_taken (connection, mac))
        continue;
      xeno_device_set_string (nics->pdata[i], "link-state", "down");
      self->is_unplugged = TRUE;
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
  XenoWarmCopy *self = XENO_WARM_COPY (plan);
  g_autoptr (XenoSpec) spec = xeno_spec_copy (self->spec);
  const char *nvram = xeno_plan_find_path (files, ROLE_NVRAM);
  gboolean is_whole = TRUE;

  xeno_spec_set_name (spec, name);
  xeno_spec_set_uuid (spec, uuid);
  if (nvram != NULL)
    xeno_spec_set_value (spec, "os/nvram", nvram);
  for (guint i = 0; i < self->source->disks->len; i++)
    {
      const XenoSourceDisk *disk = g_ptr_array_index (self->source->disks, i);
      const char *path = xeno_plan_find_path (files, disk->target);

      is_whole = is_whole && path != NULL && xeno_spec_put_overlay (spec, disk->target, path);
    }
  unplug_doubles (self, connection, spec);
  if (is_whole && xeno_spec_get_refused (spec) == NULL)
    return g_steal_pointer (&spec);

  xeno_set_error (error, XENO_ERROR_FAILED, xeno_spec_get_refused (spec),
                  _("The copy of “%s” that is kept ready is not what was noted."),
                  xeno_machine_get_title (self->machine));
  return NULL;
}

static void
xeno_warm_copy_plan_init (XenoPlanInterface *iface)
{
  iface->get_title = get_title;
  iface->get_memory_path = get_memory_path;
  iface->list_files = list_files;
  iface->look_async = look_async;
  iface->look_finish = look_finish;
  iface->make_spec = make_spec;
}

static void
xeno_warm_copy_finalize (GObject *object)
{
  XenoWarmCopy *self = XENO_WARM_COPY (object);

  g_clear_object (&self->machine);
  g_clear_object (&self->spec);
  g_clear_pointer (&self->source, xeno_machine_source_free);
  g_clear_pointer (&self->note, xeno_warm_note_free);
  g_free (self->memory_path);
  g_free (self->walls);

  G_OBJECT_CLASS (xeno_warm_copy_parent_class)->finalize (object);
}

static void
xeno_warm_copy_class_init (XenoWarmCopyClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = xeno_warm_copy_finalize;
}

static void
xeno_warm_copy_init (XenoWarmCopy *self)
{
}

/**
 * xeno_warm_copy_new:
 * @machine: a machine
 * @walls: what ways out the copy is to have
 *
 * Plans a throw-away copy that does not start but goes on where the one was that is kept ready. Its
 * network cards have the addresses of that one.
 *
 * Returns: (transfer full) (nullable): the plan, or %NULL where none is kept ready
 */
XenoPlan *
xeno_warm_copy_new (XenoMachine *machine,
                    const char  *walls)
{
  g_autoptr (XenoWarmNote) note = NULL;
  XenoWarmCopy *self;

  g_return_val_if_fail (XENO_IS_MACHINE (machine), NULL);
  g_return_val_if_fail (walls != NULL, NULL);

  note = xeno_warm_note_of_machine (machine);
  if (note == NULL)
    return NULL;

  self = g_object_new (XENO_TYPE_WARM_COPY, NULL);
  self->machine = g_object_ref (machine);
  self->walls = g_strdup (walls);
  self->memory_path = xeno_warm_note_dup_path (note, XENO_WARM_MEMORY_SUFFIX);
  self->note = g_steal_pointer (&note);
  return XENO_PLAN (self);
}

/**
 * xeno_warm_copy_has_agent:
 * @self: a copy
 *
 * Returns: whether the agent of the guest answered when it was saved
 */
gboolean
xeno_warm_copy_has_agent (XenoWarmCopy *self)
{
  g_return_val_if_fail (XENO_IS_WARM_COPY (self), FALSE);

  return self->note->has_agent;
}

/**
 * xeno_warm_copy_is_unplugged:
 * @self: a copy that was made
 *
 * Returns: whether a network card of it is unplugged, because another machine has its address
 */
gboolean
xeno_warm_copy_is_unplugged (XenoWarmCopy *self)
{
  g_return_val_if_fail (XENO_IS_WARM_COPY (self), FALSE);

  return self->is_unplugged;
}
