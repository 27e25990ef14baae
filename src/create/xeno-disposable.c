/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A throw-away machine: from its start until nothing of it is left. */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "base/xeno-error.h"
#include "create/xeno-builder.h"
#include "create/xeno-disposable.h"
#include "spec/xeno-spec-copy.h"
#include "virt/xeno-verb.h"

struct _XenoDisposable
{
  GObject         parent_instance;
  XenoPlan       *base;
  char           *title;
  gboolean        is_untrusted;
  guint           lifetime_s;   /* 0: as long as it likes */

  XenoConnection *connection;
  XenoMachine    *machine;      /* NULL before it runs */
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

static GPtrArray *
list_files (XenoPlan *plan)
{
  return xeno_plan_list_files (XENO_DISPOSABLE (plan)->base);
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
  xeno_plan_look_async (XENO_DISPOSABLE (plan)->base, connection, cancellable, base_looked_cb, task);
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
  XenoSpec *spec = xeno_plan_make_spec (self->base, connection, caps, name, uuid, files, error);

  if (spec == NULL)
    return NULL;

  xeno_spec_set_title (spec, self->title);
  xeno_spec_set_note (spec, XENO_SPEC_NOTE_THROW_AWAY, "yes");
  xeno_spec_set_value (spec, "on_poweroff", "destroy");
  xeno_spec_set_value (spec, "on_crash", "destroy");
  if (self->is_untrusted)
    {
      xeno_spec_set_note (spec, XENO_SPEC_NOTE_UNTRUSTED, "yes");
      xeno_spec_wall_off (spec);
    }
  return spec;
}

static void
xeno_disposable_plan_init (XenoPlanInterface *iface)
{
  iface->get_title = get_title;
  iface->is_passing = is_passing;
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
built_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  XenoDisposable *self = g_task_get_source_object (task);
  GError *error = NULL;

  self->machine = xeno_builder_finish (result, &error);
  if (self->machine == NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  self->built = g_object_ref (result);
  g_signal_connect_object (self->connection, "machine-removed", G_CALLBACK (machine_removed_cb), self, 0);
  if (self->lifetime_s > 0)
    self->lifetime_id = g_timeout_add_seconds (self->lifetime_s, lifetime_cb, self);
  g_task_return_pointer (task, g_object_ref (self->machine), g_object_unref);
  if (!is_listed (self)) /* it was over before anybody could watch */
    clear (self);
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

  G_OBJECT_CLASS (xeno_disposable_parent_class)->dispose (object);
}

static void
xeno_disposable_finalize (GObject *object)
{
  g_free (XENO_DISPOSABLE (object)->title);

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
  GTask *task;

  g_return_val_if_fail (XENO_IS_DISPOSABLE (self), NULL);
  g_return_val_if_fail (XENO_IS_CONNECTION (connection), NULL);
  g_return_val_if_fail (self->connection == NULL, NULL);

  self->connection = g_object_ref (connection);
  task = g_task_new (self, NULL, callback, user_data);
  g_task_set_source_tag (task, xeno_disposable_start);
  return xeno_builder_start (connection, XENO_PLAN (self), TRUE, built_cb, task);
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
