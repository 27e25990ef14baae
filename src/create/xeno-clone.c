/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A copy of a machine: with disks of its own, or with its changes to the disks of the other. */
#include "config.h"

#include <errno.h>
#include <unistd.h>

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>

#include "base/xeno-error.h"
#include "base/xeno-worker.h"
#include "create/xeno-clone.h"
#include "create/xeno-image-copy.h"
#include "create/xeno-seed-machine.h"
#include "create/xeno-small-file.h"
#include "spec/xeno-spec-copy.h"
#include "virt/xeno-machine-source.h"

/* What an overlay takes before anything is written to it. */
#define OVERLAY_BYTES (G_GUINT64_CONSTANT (1) << 20)

struct _XenoClone
{
  GObject            parent_instance;
  XenoMachine       *machine;
  gboolean           is_linked;
  gboolean           is_passing; /* while it lives, the other's disks are locked by QEMU itself */
  char              *title;
  XenoMachineSource *source;     /* NULL before it was looked at */
  gboolean           has_nvram;
  gboolean           has_tpm;
  gboolean           hides_tpm;  /* what it keeps is not for us to read */
  GStrv              lost;
};

static void xeno_clone_plan_init (XenoPlanInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (XenoClone, xeno_clone, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (XENO_TYPE_PLAN, xeno_clone_plan_init))

static const char *
get_title (XenoPlan *plan)
{
  return XENO_CLONE (plan)->title;
}

static void
set_title (XenoPlan   *plan,
           const char *title)
{
  XenoClone *self = XENO_CLONE (plan);
  char *copy = g_strdup (title);

  g_free (self->title);
  self->title = copy;
}

static XenoPlanFile *
plan_disk (XenoClone            *self,
           const XenoSourceDisk *disk)
{
  g_autofree char *suffix = g_strdup_printf ("-%s.qcow2", disk->target);
  gboolean is_only = self->source->disks->len == 1;
  XenoPlanFile *file;

  file = xeno_plan_file_new (disk->target, is_only ? ".qcow2" : suffix, self->is_linked ? "overlay" : "clone");
  file->capacity_bytes = disk->capacity_bytes;
  file->room_bytes = self->is_linked ? OVERLAY_BYTES : disk->allocated_bytes;
  file->source_path = g_strdup (disk->path);
  file->source_format = g_strdup (disk->format);
  file->source_below = self->is_linked ? NULL : xeno_image_describe_chain (disk->below);
  return file;
}

static char *
dup_tpm_version (XenoClone *self)
{
  g_autoptr (GPtrArray) tpms = xeno_spec_list_devices (self->source->spec, "tpm");

  return tpms->len > 0 ? xeno_device_dup_string (tpms->pdata[0], "version") : NULL;
}

/* Who was made from a cloud image is told that it is somebody else; what is thrown away need not know. */
static XenoSeed *
make_seed (XenoClone *self)
{
  g_autoptr (XenoDevice) drive = !self->is_passing ? xeno_seed_find_drive (self->source->spec) : NULL;

  return drive != NULL ? xeno_seed_new_again (self->source->spec, self->title) : NULL;
}

static GPtrArray *
list_files (XenoPlan *plan)
{
  XenoClone *self = XENO_CLONE (plan);
  g_autoptr (XenoSeed) seed = NULL;
  GPtrArray *files = g_ptr_array_new_with_free_func ((GDestroyNotify) xeno_plan_file_free);

  g_assert (self->source != NULL);
  for (guint i = 0; i < self->source->disks->len; i++)
    g_ptr_array_add (files, plan_disk (self, g_ptr_array_index (self->source->disks, i)));
  if (self->has_nvram)
    g_ptr_array_add (files, xeno_small_file_plan_nvram (self->source->nvram, NULL));
  if (self->has_tpm)
    {
      g_autofree char *version = dup_tpm_version (self);

      g_ptr_array_add (files, xeno_small_file_plan_tpm (self->source->tpm, NULL, version));
    }
  seed = make_seed (self);
  if (seed != NULL)
    g_ptr_array_add (files, xeno_seed_plan_file (seed));
  return files;
}

/* The source of a linked copy must not be written to from now on; whoever starts it looks. */
static void
noted_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;

  if (xeno_machine_set_note_finish (XENO_MACHINE (source), result, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

/* Paths, and whether there is something. A thread looks. */
typedef struct
{
  char     *nvram;
  char     *tpm;
  gboolean  has_nvram;
  gboolean  has_tpm;
  gboolean  hides_tpm;
} Kept;

static void
kept_free (gpointer data)
{
  Kept *kept = data;

  g_free (kept->nvram);
  g_free (kept->tpm);
}

static void
kept_unref (gpointer data)
{
  g_rc_box_release_full (data, kept_free);
}

static gboolean
is_there (const char *path)
{
  return path != NULL && (g_access (path, F_OK) == 0 || errno != ENOENT);
}

/* A machine that never started has neither: firmware and TPM make what they keep. */
static gpointer
find_kept (gpointer       data,
           GCancellable  *cancellable,
           GError       **error)
{
  Kept *kept = data;

  kept->has_nvram = is_there (kept->nvram);
  kept->has_tpm = is_there (kept->tpm) && g_access (kept->tpm, R_OK) == 0;
  kept->hides_tpm = is_there (kept->tpm) && !kept->has_tpm;
  return g_rc_box_acquire (kept);
}

static void
conclude (GTask *task)
{
  XenoClone *self = g_task_get_source_object (task);

  if (!self->is_linked || self->is_passing || xeno_machine_is_template (self->machine))
    g_task_return_boolean (task, TRUE);
  else
    xeno_machine_set_note_async (self->machine, XENO_SPEC_NOTE_BASE, "yes", g_task_get_cancellable (task),
                                 noted_cb, g_object_ref (task));
}

static void
kept_found_cb (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  XenoClone *self = g_task_get_source_object (task);
  g_autoptr (GError) error = NULL;
  Kept *kept = g_task_propagate_pointer (G_TASK (result), &error);

  if (kept == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  /* What a throw-away machine keeps is gone with it. */
  self->has_nvram = kept->has_nvram;
  self->has_tpm = kept->has_tpm && !self->is_passing;
  self->hides_tpm = kept->hides_tpm;
  kept_unref (kept);
  conclude (task);
}

static void
source_read_cb (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  XenoClone *self = g_task_get_source_object (task);
  g_autoptr (XenoWorker) worker = NULL;
  g_autoptr (GTask) looking = NULL;
  GError *error = NULL;
  Kept *kept;

  g_clear_pointer (&self->source, xeno_machine_source_free);
  self->source = xeno_machine_read_source_finish (self->machine, result, &error);
  self->has_nvram = FALSE;
  self->has_tpm = FALSE;
  if (self->source == NULL)
    g_task_return_error (task, error);
  else if (self->source->nvram == NULL && self->source->tpm == NULL)
    conclude (task);
  else
    {
      kept = g_rc_box_new0 (Kept);
      kept->nvram = g_strdup (self->source->nvram);
      kept->tpm = g_strdup (self->source->tpm);
      worker = xeno_worker_new (1);
      looking = g_task_new (NULL, NULL, kept_found_cb, g_object_ref (task));
      xeno_worker_run (worker, NULL, 0, looking, find_kept, kept, kept_unref, kept_unref);
    }
}

static gboolean
check_place (XenoClone       *self,
             XenoConnection  *connection,
             GError         **error)
{
  if (xeno_machine_get_connection (self->machine) == connection
      && xeno_connection_is_local (connection))
    return TRUE;

  xeno_set_error (error, XENO_ERROR_NOT_SUPPORTED, NULL,
                  _("“%s” is on another computer. Make the copy there."),
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
  XenoClone *self = XENO_CLONE (plan);
  g_autoptr (GTask) task = g_task_new (plan, cancellable, callback, user_data);
  g_autoptr (GError) error = NULL;

  g_task_set_source_tag (task, look_async);
  if (!check_place (self, connection, &error))
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
put_disks (XenoClone  *self,
           XenoSpec   *spec,
           GPtrArray  *files)
{
  for (guint i = 0; i < self->source->disks->len; i++)
    {
      const XenoSourceDisk *disk = g_ptr_array_index (self->source->disks, i);
      const char *path = xeno_plan_find_path (files, disk->target);

      if (path == NULL
          || !(self->is_linked ? xeno_spec_put_overlay : xeno_spec_put_file) (spec, disk->target, path))
        return FALSE;
    }
  return TRUE;
}

static void
put_seed (XenoClone *self,
          XenoSpec  *spec,
          GPtrArray *files)
{
  const char *path = xeno_plan_find_path (files, XENO_SEED_ROLE);
  g_autoptr (XenoDevice) drive = path != NULL ? xeno_seed_find_drive (spec) : NULL;
  g_autoptr (XenoSeed) seed = drive != NULL ? make_seed (self) : NULL;

  if (seed == NULL)
    return;

  xeno_device_set_string (drive, "source-file", path);
  xeno_seed_note (seed, spec);
}

static void
add_lost (XenoClone  *self,
          const char *what)
{
  guint n = g_strv_length (self->lost);

  self->lost = g_renew (char *, self->lost, n + 2);
  self->lost[n] = g_strdup (what);
  self->lost[n + 1] = NULL;
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
  XenoClone *self = XENO_CLONE (plan);
  g_autoptr (XenoSpec) spec = xeno_spec_copy (self->source->spec);

  g_clear_pointer (&self->lost, g_strfreev);
  self->lost = xeno_spec_make_another (spec);
  if (self->hides_tpm)
    add_lost (self, _("what the TPM keeps"));
  xeno_spec_set_name (spec, name);
  xeno_spec_set_uuid (spec, uuid);
  xeno_spec_set_title (spec, self->title);
  xeno_spec_set_note (spec, XENO_SPEC_NOTE_TEMPLATE, NULL);
  xeno_spec_set_note (spec, XENO_SPEC_NOTE_BASE, NULL);
  xeno_spec_set_note (spec, XENO_SPEC_NOTE_WARM, NULL);
  if (self->source->nvram != NULL)
    xeno_spec_set_value (spec, "os/nvram", xeno_plan_find_path (files, XENO_SMALL_FILE_NVRAM));
  put_seed (self, spec, files);
  if (put_disks (self, spec, files) && xeno_spec_get_refused (spec) == NULL)
    return g_steal_pointer (&spec);

  xeno_set_error (error, XENO_ERROR_FAILED, xeno_spec_get_refused (spec),
                  _("“%s” changed while it was copied. Try again."), xeno_machine_get_title (self->machine));
  return NULL;
}

static void
xeno_clone_plan_init (XenoPlanInterface *iface)
{
  iface->get_title = get_title;
  iface->set_title = set_title;
  iface->list_files = list_files;
  iface->look_async = look_async;
  iface->look_finish = look_finish;
  iface->make_spec = make_spec;
}

static void
xeno_clone_finalize (GObject *object)
{
  XenoClone *self = XENO_CLONE (object);

  g_clear_object (&self->machine);
  g_clear_pointer (&self->source, xeno_machine_source_free);
  g_strfreev (self->lost);
  g_free (self->title);

  G_OBJECT_CLASS (xeno_clone_parent_class)->finalize (object);
}

static void
xeno_clone_class_init (XenoCloneClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = xeno_clone_finalize;
}

static void
xeno_clone_init (XenoClone *self)
{
}

/**
 * xeno_clone_new:
 * @machine: what to copy; it has to be off when the copy is made
 * @is_linked: whether the disks of the copy only hold its changes
 *
 * Plans a copy of a machine. The disks of a linked copy are made at once and are small, but the machine
 * itself must not be written to any more as long as there is a copy. Both have the guest of the machine,
 * with all it knows of itself: a machine-id or a host name are the guest's to change. One that was made from
 * a cloud image, and has its seed, is told to.
 *
 * Returns: (transfer full): the plan
 */
XenoClone *
xeno_clone_new (XenoMachine *machine,
                gboolean     is_linked)
{
  XenoClone *self;

  g_return_val_if_fail (XENO_IS_MACHINE (machine), NULL);

  self = g_object_new (XENO_TYPE_CLONE, NULL);
  self->machine = g_object_ref (machine);
  self->is_linked = is_linked;
  /* Translators: what a copy is called at first; %s is the title of the other machine */
  self->title = g_strdup_printf (_("%s (copy)"), xeno_machine_get_title (machine));
  return self;
}

/**
 * xeno_clone_get_source:
 * @self: a copy
 *
 * Gets what is copied.
 *
 * Returns: (transfer none): the machine
 */
XenoMachine *
xeno_clone_get_source (XenoClone *self)
{
  g_return_val_if_fail (XENO_IS_CLONE (self), NULL);

  return self->machine;
}

/**
 * xeno_clone_is_linked:
 * @self: a copy
 *
 * Gets whether its disks only hold its changes.
 *
 * Returns: whether they do
 */
gboolean
xeno_clone_is_linked (XenoClone *self)
{
  g_return_val_if_fail (XENO_IS_CLONE (self), FALSE);

  return self->is_linked;
}

/**
 * xeno_clone_set_passing:
 * @self: a linked copy
 * @is_passing: whether it is only there while it runs
 *
 * Sets whether the machine may be started again as soon as the copy has stopped. It is called as the machine
 * then.
 */
void
xeno_clone_set_passing (XenoClone *self,
                        gboolean   is_passing)
{
  g_return_if_fail (XENO_IS_CLONE (self));

  self->is_passing = is_passing;
  set_title (XENO_PLAN (self), xeno_machine_get_title (self->machine));
}

/**
 * xeno_clone_get_lost:
 * @self: a copy that was made
 *
 * Gets what of the machine the copy does not have, because only one machine can have it.
 *
 * Returns: (transfer none) (nullable): translated titles of devices
 */
GStrv
xeno_clone_get_lost (XenoClone *self)
{
  g_return_val_if_fail (XENO_IS_CLONE (self), NULL);

  return self->lost;
}
