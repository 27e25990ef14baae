/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Makes a copy of a machine that throw-away copies go on from, instead of starting. */
#include "config.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>

#include "agent/xeno-agent-machine.h"
#include "agent/xeno-agent.h"
#include "base/xeno-error.h"
#include "base/xeno-worker.h"
#include "create/xeno-builder.h"
#include "create/xeno-clone.h"
#include "create/xeno-disposable.h"
#include "create/xeno-warm-discard.h"
#include "create/xeno-warm-marks.h"
#include "create/xeno-warm-up.h"
#include "virt/xeno-saved-state.h"

#define ROLE_MEMORY "memory"
#define ROLE_NVRAM "nvram"

/* How long a guest may take until its agent answers; emulation is slow. */
#define AGENT_SECONDS 900

#define AGENT_CHANNEL "org.qemu.guest_agent.0"

/* What a memory takes beside itself. */
#define DEVICES_BYTES (G_GUINT64_CONSTANT (32) << 20)

struct _XenoWarmUp
{
  GObject            parent_instance;
  XenoMachine       *machine;
  XenoPlan          *base;
  char              *title;
  gboolean           is_untrusted;
  guint              delay_s;    /* 0: until its agent answers */

  XenoJob           *job;
  GTask             *task;
  XenoMachine       *copy;       /* NULL before it runs */
  XenoMachineSource *source;
  XenoWarmNote      *note;
  XenoWarmNote      *old;        /* what is replaced */
  GStrv              paths;
  GAsyncResult      *built;      /* what has to be undone; NULL when nothing has */
  GCancellable      *waiting;    /* for the guest; cancelled when that is over */
  GError            *error;      /* why it comes to nothing */
  guint              delay_id;
  gulong             removed_id;
  gboolean           has_agent;
};

static void xeno_warm_up_plan_init (XenoPlanInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (XenoWarmUp, xeno_warm_up, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (XENO_TYPE_PLAN, xeno_warm_up_plan_init))

enum
{
  STARTED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static const char *
get_title (XenoPlan *plan)
{
  return XENO_WARM_UP (plan)->title;
}

static gboolean
is_passing (XenoPlan *plan)
{
  return TRUE;
}

/* The files of a linked copy, under names by which they are known later. */
static GPtrArray *
list_files (XenoPlan *plan)
{
  XenoWarmUp *self = XENO_WARM_UP (plan);
  GPtrArray *files = xeno_plan_list_files (self->base);
  XenoPlanFile *memory = xeno_plan_file_new (ROLE_MEMORY, XENO_WARM_MEMORY_SUFFIX, "later");

  for (guint i = 0; i < files->len; i++)
    {
      XenoPlanFile *file = g_ptr_array_index (files, i);

      g_free (file->suffix);
      file->suffix = g_str_equal (file->role, ROLE_NVRAM) ? g_strdup (XENO_WARM_NVRAM_SUFFIX)
                                                          : g_strdup_printf ("-warm-%s.qcow2", file->role);
    }
  memory->room_bytes = xeno_machine_get_memory_bytes (self->machine) + DEVICES_BYTES;
  g_ptr_array_add (files, memory);
  return files;
}

static void
base_looked_cb (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;

  if (xeno_plan_look_finish (XENO_PLAN (source), result, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
look_async (XenoPlan            *plan,
            XenoConnection      *connection,
            GCancellable        *cancellable,
            GAsyncReadyCallback  callback,
            gpointer             user_data)
{
  GTask *task = g_task_new (plan, cancellable, callback, user_data);

  g_task_set_source_tag (task, look_async);
  xeno_plan_look_async (XENO_WARM_UP (plan)->base, connection, cancellable, base_looked_cb, task);
}

static gboolean
look_finish (XenoPlan      *plan,
             GAsyncResult  *result,
             GError       **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

/* What the firmware keeps must be a file of ours, as the memory and the disks are. */
static gboolean
check_firmware (XenoWarmUp  *self,
                XenoSpec    *spec,
                GPtrArray   *files,
                GError     **error)
{
  if (!xeno_spec_is_uefi (spec) || xeno_plan_find_path (files, ROLE_NVRAM) != NULL)
    return TRUE;

  xeno_set_error (error, XENO_ERROR_WRONG_STATE, NULL,
                  _("The firmware of “%s” has kept nothing yet. Start the machine once, then shut it down."),
                  xeno_machine_get_title (self->machine));
  return FALSE;
}

static void
remember_paths (XenoWarmUp *self,
                GPtrArray  *files)
{
  g_autoptr (GStrvBuilder) paths = g_strv_builder_new ();

  for (guint i = 0; i < files->len; i++)
    g_strv_builder_add (paths, ((XenoPlanFile *) g_ptr_array_index (files, i))->path);
  g_strfreev (self->paths);
  self->paths = g_strv_builder_end (paths);
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
  XenoWarmUp *self = XENO_WARM_UP (plan);
  g_autoptr (XenoSpec) spec = xeno_plan_make_spec (self->base, connection, caps, name, uuid, files, error);

  if (spec == NULL || !check_firmware (self, spec, files, error))
    return NULL;

  remember_paths (self, files);
  xeno_disposable_make_passing (spec, self->is_untrusted);
  xeno_spec_set_title (spec, self->title);
  return g_steal_pointer (&spec);
}

static void
xeno_warm_up_plan_init (XenoPlanInterface *iface)
{
  iface->get_title = get_title;
  iface->is_passing = is_passing;
  iface->list_files = list_files;
  iface->look_async = look_async;
  iface->look_finish = look_finish;
  iface->make_spec = make_spec;
}

static void
stop_waiting (XenoWarmUp *self)
{
  g_cancellable_cancel (self->waiting);
  g_clear_handle_id (&self->delay_id, g_source_remove);
}

/* The end, well or not. */
static void
end (XenoWarmUp *self)
{
  g_autoptr (GTask) task = g_steal_pointer (&self->task);
  XenoConnection *connection = xeno_machine_get_connection (self->machine);

  if (self->removed_id != 0 && connection != NULL)
    g_signal_handler_disconnect (connection, self->removed_id);
  self->removed_id = 0;
  xeno_job_finish (self->job, self->error);
  if (self->error != NULL)
    g_task_return_error (task, g_steal_pointer (&self->error));
  else
    g_task_return_boolean (task, TRUE);
}

static void
cleared_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (XenoWarmUp) self = user_data;
  g_autoptr (GError) error = NULL;

  if (!xeno_builder_clear_finish (result, &error))
    g_info ("%s", error->message);
  end (self);
}

/* Takes @error. What was made is undone, once. */
static void
give_up (XenoWarmUp *self,
         GError     *error)
{
  g_autoptr (GAsyncResult) built = g_steal_pointer (&self->built);
  g_autoptr (GError) reason = error;

  stop_waiting (self);
  if (self->error == NULL && !g_cancellable_set_error_if_cancelled (xeno_job_get_cancellable (self->job), &self->error))
    self->error = g_steal_pointer (&reason);
  if (built == NULL)
    return; /* somebody else is at it */

  xeno_job_report (self->job, _("Clearing away…"), -1.0);
  xeno_builder_clear_async (built, cleared_cb, g_object_ref (self));
}

static void
old_removed_cb (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr (XenoWarmUp) self = user_data;

  xeno_warm_remove_files_finish (XENO_MACHINE (source), result, &self->error);
  end (self);
}

static void
kept_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr (XenoWarmUp) self = user_data;

  if (xeno_builder_keep_finish (result, &self->error) && self->old != NULL)
    xeno_warm_remove_files_async (self->machine, self->old, old_removed_cb, g_object_ref (self));
  else
    end (self);
}

/* From now on it is the machine's, and no journal's. */
static void
noted_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr (XenoWarmUp) self = user_data;
  g_autoptr (GAsyncResult) built = NULL;
  GError *error = NULL;

  if (!xeno_machine_set_note_finish (self->machine, result, &error))
    {
      give_up (self, error);
      return;
    }

  built = g_steal_pointer (&self->built);
  xeno_builder_keep_async (built, kept_cb, g_object_ref (self));
}

/* Nobody writes to what others are built on, and nobody else reads what was in a memory. */
static gpointer
take_stock (gpointer       data,
            GCancellable  *cancellable,
            GError       **error)
{
  XenoWarmUp *self = data;
  g_autofree char *memory = xeno_warm_note_dup_path (self->note, XENO_WARM_MEMORY_SUFFIX);
  GStatBuf info;

  for (char **path = self->paths; *path != NULL; path++)
    if (g_chmod (*path, S_IRUSR) != 0)
      g_info ("The mode of %s stays as it is: %s", *path, g_strerror (errno));
  if (g_stat (memory, &info) != 0)
    {
      xeno_set_error (error, XENO_ERROR_FAILED, g_strerror (errno), _("The memory of “%s” could not be saved."),
                      self->title);
      return NULL;
    }

  self->note->size_bytes = (guint64) info.st_blocks * 512;
  self->note->made_at = g_get_real_time () / G_USEC_PER_SEC;
  xeno_warm_marks_take (self->note, self->source);
  return GINT_TO_POINTER (TRUE);
}

static void
stock_taken_cb (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr (XenoWarmUp) self = user_data;
  g_autofree char *text = NULL;
  GError *error = NULL;

  if (g_task_propagate_pointer (G_TASK (result), &error) == NULL)
    {
      give_up (self, error);
      return;
    }

  self->old = xeno_warm_note_of_machine (self->machine);
  text = xeno_warm_note_to_text (self->note);
  xeno_machine_set_note_async (self->machine, XENO_SPEC_NOTE_WARM, text, NULL, noted_cb, g_object_ref (self));
}

static void
describe (XenoWarmUp *self)
{
  g_autoptr (GStrvBuilder) suffixes = g_strv_builder_new ();
  const char *id = xeno_machine_get_uuid (self->copy);

  self->note = xeno_warm_note_new ();
  self->note->base = g_strdup (xeno_machine_get_uuid (self->machine));
  self->note->id = g_strdup (id);
  self->note->folder = g_path_get_dirname (self->paths[0]);
  self->note->walls = g_strdup (xeno_disposable_name_walls (self->is_untrusted));
  self->note->has_agent = self->has_agent;
  for (char **path = self->paths; *path != NULL; path++)
    {
      g_autofree char *name = g_path_get_basename (*path);

      g_strv_builder_add (suffixes, name + strlen (id));
    }
  self->note->suffixes = g_strv_builder_end (suffixes);
}

static void
source_read_cb (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr (XenoWarmUp) self = user_data;
  g_autoptr (XenoWorker) worker = NULL;
  g_autoptr (GTask) task = NULL;
  GError *error = NULL;

  self->source = xeno_machine_read_source_finish (self->machine, result, &error);
  if (self->source == NULL)
    {
      give_up (self, error);
      return;
    }

  describe (self);
  worker = xeno_worker_new (1);
  task = g_task_new (NULL, NULL, stock_taken_cb, g_object_ref (self));
  xeno_worker_run (worker, NULL, 0, task, take_stock, g_object_ref (self), g_object_unref, NULL);
}

static void
saved_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr (XenoWarmUp) self = user_data;
  GError *error = NULL;

  if (xeno_saved_state_make_finish (self->copy, result, &error))
    xeno_machine_read_source_async (self->machine, NULL, source_read_cb, g_object_ref (self));
  else
    give_up (self, error);
}

static void
save (XenoWarmUp *self)
{
  XenoConnection *connection = xeno_machine_get_connection (self->machine);
  guint n_paths = g_strv_length (self->paths);

  if (self->built == NULL || g_cancellable_is_cancelled (self->waiting))
    return;

  stop_waiting (self);
  if (connection != NULL)
    g_clear_signal_handler (&self->removed_id, connection); /* now it is to go */
  xeno_job_report (self->job, _("Saving its memory…"), -1.0);
  /* The memory is the last file of the plan. */
  xeno_saved_state_make_async (self->copy, self->paths[n_paths - 1], xeno_job_get_cancellable (self->job), saved_cb,
                               g_object_ref (self));
}

static void
agent_came_cb (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr (XenoWarmUp) self = user_data;
  GError *error = NULL;

  self->has_agent = xeno_agent_await_finish (XENO_AGENT (source), result, &error);
  if (g_cancellable_is_cancelled (self->waiting))
    g_clear_error (&error);
  else if (self->has_agent && self->delay_s == 0)
    save (self);
  else if (!self->has_agent && self->delay_s == 0)
    give_up (self, g_steal_pointer (&error));
  g_clear_error (&error);
}

static gboolean
delay_cb (gpointer user_data)
{
  XenoWarmUp *self = user_data;

  self->delay_id = 0;
  save (self);
  return G_SOURCE_REMOVE;
}

static gboolean
has_agent_channel (XenoMachine *machine)
{
  g_autoptr (XenoSpec) spec = xeno_machine_dup_spec (machine);
  g_autofree char *type = spec != NULL
                          ? xeno_spec_dup_value (spec, "devices/channel/target[@name='" AGENT_CHANNEL "']/@type") : NULL;

  return type != NULL;
}

static void
begin_waiting (XenoWarmUp *self)
{
  g_autoptr (XenoAgentTransport) transport = xeno_agent_machine_new (self->copy);
  g_autoptr (XenoAgent) agent = xeno_agent_new (transport);

  if (self->delay_s > 0)
    self->delay_id = g_timeout_add_seconds (self->delay_s, delay_cb, self);
  if (has_agent_channel (self->machine))
    xeno_agent_await_async (agent, AGENT_SECONDS, self->waiting, agent_came_cb, g_object_ref (self));
  xeno_job_report (self->job, xeno_warm_up_needs_word (self) ? _("Waiting for your word that it is ready…")
                                                             : _("Waiting until the guest is ready…"), -1.0);
}

static void
machine_removed_cb (XenoConnection *connection,
                    XenoMachine    *machine,
                    XenoWarmUp     *self)
{
  if (machine == self->copy)
    give_up (self, xeno_error_new (XENO_ERROR_FAILED, NULL, _("“%s” stopped before it was ready."), self->title));
}

static void
cancelled_cb (GCancellable *cancellable,
              XenoWarmUp   *self)
{
  if (!g_cancellable_is_cancelled (self->waiting))
    give_up (self, NULL);
}

static void
built_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr (XenoWarmUp) self = user_data;
  XenoConnection *connection = XENO_CONNECTION (source);

  self->copy = xeno_builder_finish (result, &self->error);
  if (self->copy == NULL)
    {
      end (self);
      return;
    }

  self->built = g_object_ref (result);
  if (xeno_connection_find_machine (connection, xeno_machine_get_uuid (self->copy), NULL) == NULL)
    {
      machine_removed_cb (connection, self->copy, self);
      return;
    }
  self->removed_id = g_signal_connect_object (connection, "machine-removed", G_CALLBACK (machine_removed_cb), self, 0);
  begin_waiting (self);
  g_signal_emit (self, signals[STARTED], 0);
  g_signal_connect_object (xeno_job_get_cancellable (self->job), "cancelled", G_CALLBACK (cancelled_cb), self, 0);
  if (g_cancellable_is_cancelled (xeno_job_get_cancellable (self->job)))
    cancelled_cb (NULL, self);
}

static void
xeno_warm_up_dispose (GObject *object)
{
  XenoWarmUp *self = XENO_WARM_UP (object);

  g_clear_handle_id (&self->delay_id, g_source_remove);
  g_clear_object (&self->built);
  g_clear_object (&self->copy);
  g_clear_object (&self->base);
  g_clear_object (&self->machine);
  g_clear_object (&self->job);
  g_clear_object (&self->waiting);

  G_OBJECT_CLASS (xeno_warm_up_parent_class)->dispose (object);
}

static void
xeno_warm_up_finalize (GObject *object)
{
  XenoWarmUp *self = XENO_WARM_UP (object);

  g_clear_pointer (&self->source, xeno_machine_source_free);
  g_clear_pointer (&self->note, xeno_warm_note_free);
  g_clear_pointer (&self->old, xeno_warm_note_free);
  g_strfreev (self->paths);
  g_clear_error (&self->error);
  g_free (self->title);

  G_OBJECT_CLASS (xeno_warm_up_parent_class)->finalize (object);
}

static void
xeno_warm_up_class_init (XenoWarmUpClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = xeno_warm_up_dispose;
  object_class->finalize = xeno_warm_up_finalize;

  /**
   * XenoWarmUp::started:
   * @self: what is under way
   *
   * The copy runs, and it is waited for.
   */
  signals[STARTED] = g_signal_new ("started", XENO_TYPE_WARM_UP, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 0);
}

static void
xeno_warm_up_init (XenoWarmUp *self)
{
  self->waiting = g_cancellable_new ();
}

/**
 * xeno_warm_up_new:
 * @machine: a machine that is off, or a template
 *
 * Plans to keep a copy of a machine ready: it is started, waited for, and saved with its memory. Nothing
 * is written to the machine but a note.
 *
 * Returns: (transfer full): the plan
 */
XenoWarmUp *
xeno_warm_up_new (XenoMachine *machine)
{
  g_autoptr (XenoClone) clone = NULL;
  XenoWarmUp *self;

  g_return_val_if_fail (XENO_IS_MACHINE (machine), NULL);

  clone = xeno_clone_new (machine, TRUE);
  xeno_clone_set_passing (clone, TRUE);
  self = g_object_new (XENO_TYPE_WARM_UP, NULL);
  self->machine = g_object_ref (machine);
  self->base = XENO_PLAN (g_steal_pointer (&clone));
  /* Translators: a copy of a machine that is about to be kept ready; %s is the machine's title */
  self->title = g_strdup_printf (_("%s (getting ready)"), xeno_machine_get_title (machine));
  return self;
}

/**
 * xeno_warm_up_set_untrusted:
 * @self: what was not started
 * @is_untrusted: whether the copies made from it are to have no way out
 *
 * Sets what ways out they have; xeno_disposable_set_untrusted() has to agree.
 */
void
xeno_warm_up_set_untrusted (XenoWarmUp *self,
                            gboolean    is_untrusted)
{
  g_return_if_fail (XENO_IS_WARM_UP (self));

  self->is_untrusted = is_untrusted;
}

/**
 * xeno_warm_up_set_delay:
 * @self: what was not started
 * @seconds: how long to wait, or 0 to wait for the guest's agent
 *
 * Sets when the guest is taken for ready.
 */
void
xeno_warm_up_set_delay (XenoWarmUp *self,
                        guint       seconds)
{
  g_return_if_fail (XENO_IS_WARM_UP (self));

  self->delay_s = seconds;
}

/**
 * xeno_warm_up_start:
 * @self: what is planned
 * @callback: called when the copy is kept ready, or nothing is left of it
 * @user_data: for @callback
 *
 * Makes the copy, once. One that was kept ready before is replaced.
 *
 * Returns: (transfer full): the job, to watch and to cancel
 */
XenoJob *
xeno_warm_up_start (XenoWarmUp          *self,
                    GAsyncReadyCallback  callback,
                    gpointer             user_data)
{
  g_autofree char *title = NULL;
  g_autoptr (XenoJob) building = NULL;

  g_return_val_if_fail (XENO_IS_WARM_UP (self), NULL);
  g_return_val_if_fail (self->job == NULL, NULL);

  title = g_strdup_printf (_("Keeping a copy of “%s” ready"), xeno_machine_get_title (self->machine));
  self->task = g_task_new (self, NULL, callback, user_data);
  g_task_set_source_tag (self->task, xeno_warm_up_start);
  self->job = xeno_job_new (title);
  xeno_job_set_subject (self->job, xeno_machine_get_uuid (self->machine));
  building = xeno_builder_start (xeno_machine_get_connection (self->machine), XENO_PLAN (self), TRUE, built_cb,
                                 g_object_ref (self));
  xeno_job_follow (self->job, building);
  return g_object_ref (self->job);
}

/**
 * xeno_warm_up_start_finish:
 * @self: what was planned
 * @result: what the callback was given
 * @error: why no copy is kept ready
 *
 * Ends xeno_warm_up_start().
 *
 * Returns: %TRUE if a copy is kept ready
 */
gboolean
xeno_warm_up_start_finish (XenoWarmUp    *self,
                           GAsyncResult  *result,
                           GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * xeno_warm_up_get_copy:
 * @self: what is under way
 *
 * Returns: (transfer none) (nullable): the machine that is waited for, or %NULL before it runs
 */
XenoMachine *
xeno_warm_up_get_copy (XenoWarmUp *self)
{
  g_return_val_if_fail (XENO_IS_WARM_UP (self), NULL);

  return self->copy;
}

/**
 * xeno_warm_up_needs_word:
 * @self: what is planned
 *
 * Returns: whether nothing else tells when the guest is ready but xeno_warm_up_say_ready()
 */
gboolean
xeno_warm_up_needs_word (XenoWarmUp *self)
{
  g_return_val_if_fail (XENO_IS_WARM_UP (self), FALSE);

  return self->delay_s == 0 && !has_agent_channel (self->machine);
}

/**
 * xeno_warm_up_say_ready:
 * @self: what is under way
 *
 * Says that the guest is ready, whatever else is waited for.
 */
void
xeno_warm_up_say_ready (XenoWarmUp *self)
{
  g_return_if_fail (XENO_IS_WARM_UP (self));

  save (self);
}
