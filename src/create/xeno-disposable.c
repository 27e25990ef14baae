/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A throw-away machine: from its start until nothing of it is left. */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "agent/xeno-agent-clock.h"
#include "agent/xeno-agent-machine.h"
#include "base/xeno-error.h"
#include "create/xeno-builder.h"
#include "create/xeno-clone.h"
#include "create/xeno-disposable.h"
#include "create/xeno-warm-copy.h"
#include "spec/xeno-spec-copy.h"
#include "virt/xeno-verb.h"

/* A guest that goes on answers at once, unless it hangs. */
#define CLOCK_SECONDS 5

struct _XenoDisposable
{
  GObject         parent_instance;
  XenoPlan       *base;
  XenoPlan       *warm;         /* what is tried first; NULL without a copy that is kept ready, or cold */
  char           *title;
  gboolean        is_untrusted;
  guint           lifetime_s;   /* 0: as long as it likes */

  XenoConnection *connection;
  XenoJob        *job;
  XenoMachine    *machine;      /* NULL before it runs */
  char           *notice;       /* what a person may want to know of how it runs */
  GAsyncResult   *built;        /* what has to be undone; NULL before there is anything, and at the end */
  guint           lifetime_id;
  gboolean        has_outlived;
  gboolean        is_over;
};

static void xeno_disposable_plan_init (XenoPlanInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (XenoDisposable, xeno_disposable, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (XENO_TYPE_PLAN, xeno_disposable_plan_init))

enum
{
  OVER,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static const char *
get_title (XenoPlan *plan)
{
  return XENO_DISPOSABLE (plan)->title;
}

static gboolean
is_passing (XenoPlan *plan)
{
  return TRUE;
}

static XenoPlan *
get_base (XenoPlan *plan)
{
  XenoDisposable *self = XENO_DISPOSABLE (plan);

  return self->warm != NULL ? self->warm : self->base;
}

static const char *
get_memory_path (XenoPlan *plan)
{
  return xeno_plan_get_memory_path (get_base (plan));
}

static GPtrArray *
list_files (XenoPlan *plan)
{
  return xeno_plan_list_files (get_base (plan));
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
  xeno_plan_look_async (get_base (plan), connection, cancellable, base_looked_cb, task);
}

static gboolean
look_finish (XenoPlan      *plan,
             GAsyncResult  *result,
             GError       **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
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
  XenoDisposable *self = XENO_DISPOSABLE (plan);
  XenoSpec *spec = xeno_plan_make_spec (get_base (plan), connection, caps, name, uuid, files, error);

  if (spec == NULL)
    return NULL;

  xeno_spec_set_title (spec, self->title);
  xeno_disposable_make_passing (spec, self->is_untrusted);
  return spec;
}

static void
xeno_disposable_plan_init (XenoPlanInterface *iface)
{
  iface->get_title = get_title;
  iface->is_passing = is_passing;
  iface->get_memory_path = get_memory_path;
  iface->list_files = list_files;
  iface->look_async = look_async;
  iface->look_finish = look_finish;
  iface->make_spec = make_spec;
}

static void
cleared_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (XenoDisposable) self = user_data;
  g_autoptr (GError) error = NULL;

  xeno_builder_clear_finish (result, &error);
  self->is_over = TRUE;
  g_signal_emit (self, signals[OVER], 0, error);
}

static void
clear (XenoDisposable *self)
{
  g_autoptr (GAsyncResult) built = g_steal_pointer (&self->built);

  g_clear_handle_id (&self->lifetime_id, g_source_remove);
  if (built != NULL)
    xeno_builder_clear_async (built, cleared_cb, g_object_ref (self));
}

static void
machine_removed_cb (XenoConnection *connection,
                    XenoMachine    *machine,
                    XenoDisposable *self)
{
  if (machine == self->machine)
    clear (self);
}

static void
forced_off_cb (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr (XenoDisposable) self = user_data;
  g_autoptr (GError) error = NULL;

  /* Whatever came of it: what still runs is stopped, what is gone is gone. */
  if (!xeno_machine_run_finish (XENO_MACHINE (source), result, &error))
    g_debug ("%s", error->message);
  clear (self);
}

static gboolean
lifetime_cb (gpointer user_data)
{
  XenoDisposable *self = user_data;

  self->lifetime_id = 0;
  self->has_outlived = TRUE;
  xeno_disposable_end (self);
  return G_SOURCE_REMOVE;
}

static gboolean
is_listed (XenoDisposable *self)
{
  return xeno_connection_find_machine (self->connection, xeno_machine_get_uuid (self->machine), NULL) != NULL;
}

static void
succeed (GTask *task)
{
  XenoDisposable *self = g_task_get_source_object (task);
  GError *error = NULL;

  if (g_cancellable_set_error_if_cancelled (xeno_job_get_cancellable (self->job), &error))
    {
      xeno_job_finish (self->job, error);
      g_task_return_error (task, error);
      clear (self);
      return;
    }

  xeno_job_finish (self->job, NULL);
  g_task_return_pointer (task, g_object_ref (self->machine), g_object_unref);
  if (!is_listed (self)) /* it was over before anybody could watch */
    clear (self);
}

static void
clock_set_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;

  if (!xeno_agent_set_clock_finish (XENO_AGENT (source), result, &error))
    g_info ("The clock of the guest is not set: %s", error->message);
  succeed (task);
}

/* A guest that goes on from its memory takes it for the moment when that was saved. */
static void
set_clock (GTask *task)
{
  XenoDisposable *self = g_task_get_source_object (task);
  g_autoptr (XenoAgentTransport) transport = xeno_agent_machine_new (self->machine);
  g_autoptr (XenoAgent) agent = xeno_agent_new (transport);

  xeno_job_report (self->job, _("Setting the guest’s clock…"), -1.0);
  xeno_agent_set_clock_async (agent, CLOCK_SECONDS, xeno_job_get_cancellable (self->job), clock_set_cb,
                              g_object_ref (task));
}

static void built_cb (GObject      *source,
                      GAsyncResult *result,
                      gpointer      user_data);

static void
build (GTask *task)
{
  XenoDisposable *self = g_task_get_source_object (task);
  g_autoptr (XenoJob) building = xeno_builder_start (self->connection, XENO_PLAN (self), TRUE, built_cb,
                                                     g_object_ref (task));

  xeno_job_follow (self->job, building);
}

/* What was kept ready is of no use, so it starts as machines do. */
static void
start_cold (GTask        *task,
            const GError *error)
{
  XenoDisposable *self = g_task_get_source_object (task);

  g_clear_object (&self->warm);
  /* Translators: %s is a whole sentence */
  self->notice = g_strdup_printf (_("It started anew. %s"), error->message);
  build (task);
}

static void
built_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  XenoDisposable *self = g_task_get_source_object (task);
  g_autoptr (GError) error = NULL;

  self->machine = xeno_builder_finish (result, &error);
  if (self->machine == NULL)
    {
      if (self->warm != NULL && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        {
          start_cold (task, error);
          return;
        }
      xeno_job_finish (self->job, error);
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  self->built = g_object_ref (result);
  g_signal_connect_object (self->connection, "machine-removed", G_CALLBACK (machine_removed_cb), self, 0);
  if (self->lifetime_s > 0)
    self->lifetime_id = g_timeout_add_seconds (self->lifetime_s, lifetime_cb, self);
  if (self->warm != NULL && xeno_warm_copy_is_unplugged (XENO_WARM_COPY (self->warm)))
    self->notice = g_strdup (_("Its network cable is unplugged, because another machine has the same address."));
  if (self->warm != NULL && xeno_warm_copy_has_agent (XENO_WARM_COPY (self->warm)))
    set_clock (task);
  else
    succeed (task);
}

static void
xeno_disposable_dispose (GObject *object)
{
  XenoDisposable *self = XENO_DISPOSABLE (object);

  g_clear_handle_id (&self->lifetime_id, g_source_remove);
  g_clear_object (&self->built);
  g_clear_object (&self->machine);
  g_clear_object (&self->connection);
  g_clear_object (&self->base);
  g_clear_object (&self->warm);
  g_clear_object (&self->job);

  G_OBJECT_CLASS (xeno_disposable_parent_class)->dispose (object);
}

static void
xeno_disposable_finalize (GObject *object)
{
  XenoDisposable *self = XENO_DISPOSABLE (object);

  g_free (self->title);
  g_free (self->notice);

  G_OBJECT_CLASS (xeno_disposable_parent_class)->finalize (object);
}

static void
xeno_disposable_class_init (XenoDisposableClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = xeno_disposable_dispose;
  object_class->finalize = xeno_disposable_finalize;

  /**
   * XenoDisposable::over:
   * @self: a throw-away machine
   * @error: (nullable): what could not be removed; the next start tries it again
   *
   * The machine has stopped, and nothing of it is left.
   */
  signals[OVER] = g_signal_new ("over", XENO_TYPE_DISPOSABLE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                G_TYPE_NONE, 1, G_TYPE_ERROR);
}

static void
xeno_disposable_init (XenoDisposable *self)
{
}

/**
 * xeno_disposable_new:
 * @base: what it is made from: a linked copy, or a recipe whose disk is an overlay
 *
 * Plans a throw-away machine. libvirt does not keep it, nothing is written to what it is made from, and
 * its files are removed when it stops. Until then it is this process's: when that dies, the next one
 * removes both.
 *
 * Returns: (transfer full): the throw-away machine
 */
XenoDisposable *
xeno_disposable_new (XenoPlan *base)
{
  XenoDisposable *self;

  g_return_val_if_fail (XENO_IS_PLAN (base), NULL);

  self = g_object_new (XENO_TYPE_DISPOSABLE, NULL);
  self->base = g_object_ref (base);
  /* Translators: what a throw-away machine is called; %s is the title of what it is made from */
  self->title = g_strdup_printf (_("%s (throw-away)"), xeno_plan_get_title (base));
  return self;
}

/**
 * xeno_disposable_new_for_machine:
 * @machine: a machine that is off, or a template
 * @is_untrusted: whether it is to have no way out
 * @is_cold: whether it is to start, even where a copy of it is kept ready
 *
 * Plans a throw-away copy of a machine. It goes on from the copy that is kept ready, if there is one and
 * it is still of use.
 *
 * Returns: (transfer full): the throw-away machine
 */
XenoDisposable *
xeno_disposable_new_for_machine (XenoMachine *machine,
                                 gboolean     is_untrusted,
                                 gboolean     is_cold)
{
  g_autoptr (XenoClone) clone = NULL;
  XenoDisposable *self;

  g_return_val_if_fail (XENO_IS_MACHINE (machine), NULL);

  clone = xeno_clone_new (machine, TRUE);
  xeno_clone_set_passing (clone, TRUE);
  self = xeno_disposable_new (XENO_PLAN (clone));
  self->is_untrusted = is_untrusted;
  if (!is_cold)
    self->warm = xeno_warm_copy_new (machine, xeno_disposable_name_walls (is_untrusted));
  return self;
}

/**
 * xeno_disposable_set_untrusted:
 * @self: a throw-away machine that was not started
 * @is_untrusted: whether it is to have no way out
 *
 * Sets whether it gets no network, no devices, no folders and no clipboard.
 */
void
xeno_disposable_set_untrusted (XenoDisposable *self,
                               gboolean        is_untrusted)
{
  g_return_if_fail (XENO_IS_DISPOSABLE (self));

  self->is_untrusted = is_untrusted;
}

/**
 * xeno_disposable_set_lifetime:
 * @self: a throw-away machine that was not started
 * @seconds: how long it may run, or 0
 *
 * Sets when it is ended, whatever it does.
 */
void
xeno_disposable_set_lifetime (XenoDisposable *self,
                              guint           seconds)
{
  g_return_if_fail (XENO_IS_DISPOSABLE (self));

  self->lifetime_s = seconds;
}

/**
 * xeno_disposable_start:
 * @self: a throw-away machine
 * @connection: where to run it; not a quiet one
 * @callback: called when it runs, or does not and left nothing behind
 * @user_data: for @callback
 *
 * Makes its files and starts it, once.
 *
 * Returns: (transfer full): the job, to watch and to cancel
 */
XenoJob *
xeno_disposable_start (XenoDisposable      *self,
                       XenoConnection      *connection,
                       GAsyncReadyCallback  callback,
                       gpointer             user_data)
{
  g_autoptr (GTask) task = NULL;
  g_autofree char *title = NULL;

  g_return_val_if_fail (XENO_IS_DISPOSABLE (self), NULL);
  g_return_val_if_fail (XENO_IS_CONNECTION (connection), NULL);
  g_return_val_if_fail (self->connection == NULL, NULL);

  self->connection = g_object_ref (connection);
  task = g_task_new (self, NULL, callback, user_data);
  g_task_set_source_tag (task, xeno_disposable_start);
  title = g_strdup_printf (_("Creating “%s”"), self->title);
  self->job = xeno_job_new (title);
  build (task);
  return g_object_ref (self->job);
}

/**
 * xeno_disposable_start_finish:
 * @self: a throw-away machine
 * @result: what the callback was given
 * @error: why it does not run
 *
 * Ends xeno_disposable_start(). Keep the object until XenoDisposable::over: with it goes the machine's
 * claim to be left alone.
 *
 * Returns: (transfer full): the machine, or %NULL with @error set
 */
XenoMachine *
xeno_disposable_start_finish (XenoDisposable  *self,
                              GAsyncResult    *result,
                              GError         **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * xeno_disposable_get_machine:
 * @self: a throw-away machine
 *
 * Gets the machine.
 *
 * Returns: (transfer none) (nullable): the machine, or %NULL before it runs
 */
XenoMachine *
xeno_disposable_get_machine (XenoDisposable *self)
{
  g_return_val_if_fail (XENO_IS_DISPOSABLE (self), NULL);

  return self->machine;
}

/**
 * xeno_disposable_get_notice:
 * @self: a throw-away machine that runs
 *
 * Gets what a person may want to know of how it runs: that it started anew although a copy was kept ready,
 * and why, or that it has no network.
 *
 * Returns: (transfer none) (nullable): a translated sentence, or %NULL
 */
const char *
xeno_disposable_get_notice (XenoDisposable *self)
{
  g_return_val_if_fail (XENO_IS_DISPOSABLE (self), NULL);

  return self->notice;
}

/**
 * xeno_disposable_is_warm:
 * @self: a throw-away machine
 *
 * Gets whether it went on from a copy that is kept ready; before it runs, whether that will be tried.
 *
 * Returns: whether it did
 */
gboolean
xeno_disposable_is_warm (XenoDisposable *self)
{
  g_return_val_if_fail (XENO_IS_DISPOSABLE (self), FALSE);

  return self->warm != NULL;
}

/**
 * xeno_disposable_is_over:
 * @self: a throw-away machine
 *
 * Gets whether it has stopped and nothing of it is left.
 *
 * Returns: whether it is over
 */
gboolean
xeno_disposable_is_over (XenoDisposable *self)
{
  g_return_val_if_fail (XENO_IS_DISPOSABLE (self), FALSE);

  return self->is_over;
}

/**
 * xeno_disposable_has_outlived:
 * @self: a throw-away machine
 *
 * Gets whether it was ended because its time was up.
 *
 * Returns: whether it was
 */
gboolean
xeno_disposable_has_outlived (XenoDisposable *self)
{
  g_return_val_if_fail (XENO_IS_DISPOSABLE (self), FALSE);

  return self->has_outlived;
}

/**
 * xeno_disposable_end:
 * @self: a throw-away machine that runs
 *
 * Ends it, whatever it does. XenoDisposable::over follows.
 */
void
xeno_disposable_end (XenoDisposable *self)
{
  g_return_if_fail (XENO_IS_DISPOSABLE (self));
  g_return_if_fail (self->machine != NULL);

  if (self->built != NULL)
    xeno_machine_run_async (self->machine, xeno_verb_find ("force-off"), NULL, forced_off_cb, g_object_ref (self));
}

/*< private >
 * xeno_disposable_make_passing:
 * @spec: the document of a machine that is about to run
 * @is_untrusted: whether it is to have no way out
 *
 * Writes down that the machine is gone when it stops, and walls it off.
 */
void
xeno_disposable_make_passing (XenoSpec *spec,
                              gboolean  is_untrusted)
{
  g_return_if_fail (XENO_IS_SPEC (spec));

  xeno_spec_set_note (spec, XENO_SPEC_NOTE_THROW_AWAY, "yes");
  xeno_spec_set_value (spec, "on_poweroff", "destroy");
  xeno_spec_set_value (spec, "on_crash", "destroy");
  if (!is_untrusted)
    return;

  xeno_spec_set_note (spec, XENO_SPEC_NOTE_UNTRUSTED, "yes");
  xeno_spec_wall_off (spec);
}

/*< private >
 * xeno_disposable_name_walls:
 * @is_untrusted: whether a machine has no way out
 *
 * Returns: (transfer none): what notes call that
 */
const char *
xeno_disposable_name_walls (gboolean is_untrusted)
{
  return is_untrusted ? "closed" : "open";
}
