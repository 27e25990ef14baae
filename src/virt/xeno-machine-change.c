/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Changes of a machine's hardware: at once where machine and host can, else at its next start. */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "base/xeno-error.h"
#include "virt/xeno-live.h"
#include "virt/xeno-machine-call.h"
#include "virt/xeno-machine-change.h"
#include "virt/xeno-machine-private.h"
#include "virt/xeno-virt-error.h"

/* A guest that shall let go of a device has five seconds for each, as libvirt waits. */
#define CHANGE_MS 60000

typedef struct
{
  GPtrArray *outcomes;
  XenoFacts *facts;
} Changed;

static void
changed_free (Changed *changed)
{
  g_clear_pointer (&changed->outcomes, g_ptr_array_unref);
  g_clear_pointer (&changed->facts, xeno_facts_free);
  g_free (changed);
}

/**
 * xeno_change_outcome_free:
 * @outcome: (transfer full): what became of a change
 *
 * Frees it.
 */
void
xeno_change_outcome_free (XenoChangeOutcome *outcome)
{
  g_return_if_fail (outcome != NULL);

  g_object_unref (outcome->change);
  g_clear_error (&outcome->reason);
  g_free (outcome);
}

static XenoSpec *
read_spec (virDomainPtr   domain,
           const char    *title,
           guint          flags,
           GError       **error)
{
  g_autofree char *xml = virDomainGetXMLDesc (domain, flags);

  if (xml != NULL)
    return xeno_spec_new_from_xml (xml, error);

  xeno_virt_set_error (error, _("“%s” could not be read."), title);
  return NULL;
}

/* All of them or none: what libvirt refuses is refused before anything was done. */
static gboolean
define_next (virDomainPtr   domain,
             const char    *title,
             GPtrArray     *changes,
             GError       **error)
{
  g_autoptr (XenoSpec) spec = read_spec (domain, title, VIR_DOMAIN_XML_INACTIVE | VIR_DOMAIN_XML_SECURE, error);
  g_autofree char *xml = NULL;
  virDomainPtr defined;

  for (guint i = 0; i < changes->len; i++)
    if (spec == NULL || !xeno_change_apply (changes->pdata[i], spec, error))
      return FALSE;
  if (spec == NULL)
    return FALSE;
  if (xeno_spec_get_refused (spec) != NULL)
    {
      xeno_set_error (error, XENO_ERROR_INVALID, NULL,
                      _("The value of “%s” has characters that cannot be stored. Type it again."),
                      xeno_spec_get_refused (spec));
      return FALSE;
    }

  xml = xeno_spec_to_xml (spec);
  defined = virDomainDefineXMLFlags (virDomainGetConnect (domain), xml, VIR_DOMAIN_DEFINE_VALIDATE);
  if (defined == NULL)
    {
      xeno_virt_set_error (error, _("“%s” could not be changed."), title);
      return FALSE;
    }
  virDomainFree (defined);
  return TRUE;
}

static gpointer
change_domain (virDomainPtr   domain,
               const char    *title,
               gpointer       data,
               GError       **error)
{
  GPtrArray *changes = data;
  gboolean is_active = virDomainIsActive (domain) > 0;
  gboolean is_persistent = virDomainIsPersistent (domain) > 0;
  Changed *changed;

  if (is_persistent && !define_next (domain, title, changes, error))
    return NULL;

  changed = g_new0 (Changed, 1);
  changed->outcomes = g_ptr_array_new_with_free_func ((GDestroyNotify) xeno_change_outcome_free);
  for (guint i = 0; i < changes->len; i++)
    {
      XenoChangeOutcome *outcome = g_new0 (XenoChangeOutcome, 1);

      outcome->change = g_object_ref (changes->pdata[i]);
      outcome->is_now = !is_active;
      g_ptr_array_add (changed->outcomes, outcome);
    }
  if (is_active)
    xeno_live_apply (domain, title, changed->outcomes);

  /* What was changed was changed, whether or not it can be read just now. */
  changed->facts = xeno_facts_read_domain (domain, TRUE, NULL);
  return changed;
}

static void
changed_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  XenoMachine *self = XENO_MACHINE (source);
  XenoConnection *connection = xeno_machine_get_connection (self);
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  Changed *changed = g_task_propagate_pointer (G_TASK (result), &error);

  if (changed != NULL && changed->facts != NULL && connection != NULL)
    xeno_connection_apply (connection, changed->facts);
  xeno_machine_drop_busy (self);

  if (changed == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  g_task_return_pointer (task, g_steal_pointer (&changed->outcomes), (GDestroyNotify) g_ptr_array_unref);
  changed_free (changed);
}

/**
 * xeno_machine_can_change_now:
 * @change: a change
 *
 * Returns: whether a machine that runs may be able to do it; guest and host can still refuse
 */
gboolean
xeno_machine_can_change_now (XenoChange *change)
{
  return xeno_live_is_possible (change);
}

/**
 * xeno_machine_change_async:
 * @self: a machine
 * @changes: (element-type XenoChange): what shall be otherwise, as xeno_change_list() found it
 * @cancellable: (nullable): stops the waiting
 * @callback: (scope async): called when it is done
 * @user_data: passed to @callback
 *
 * Changes a machine. First the document of its next start is changed, wholly or not at all, and what other
 * programs changed meanwhile stays; then what runs, as far as it can be.
 */
void
xeno_machine_change_async (XenoMachine         *self,
                           GPtrArray           *changes,
                           GCancellable        *cancellable,
                           GAsyncReadyCallback  callback,
                           gpointer             user_data)
{
  g_autoptr (GTask) task = NULL;
  g_autoptr (GTask) call = NULL;

  g_return_if_fail (XENO_IS_MACHINE (self));
  g_return_if_fail (changes != NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, xeno_machine_change_async);
  call = g_task_new (self, cancellable, changed_cb, g_object_ref (task));
  xeno_machine_hold_busy (self);
  xeno_machine_call (self, XENO_CALL_MACHINE, CHANGE_MS, call, change_domain, g_ptr_array_ref (changes),
                     (GDestroyNotify) g_ptr_array_unref, (GDestroyNotify) changed_free);
}

/**
 * xeno_machine_change_finish:
 * @self: a machine
 * @result: what the callback got
 * @error: why nothing was changed: %XENO_ERROR_IN_USE where another program was faster, or what libvirt says
 *
 * Finishes xeno_machine_change_async().
 *
 * Returns: (transfer container) (element-type XenoChangeOutcome): what became of each change
 */
GPtrArray *
xeno_machine_change_finish (XenoMachine   *self,
                            GAsyncResult  *result,
                            GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

static gpointer
read_pending (virDomainPtr   domain,
              const char    *title,
              gpointer       data,
              GError       **error)
{
  g_autoptr (XenoSpec) running = NULL;
  g_autoptr (XenoSpec) next = NULL;

  if (virDomainIsActive (domain) <= 0 || virDomainIsPersistent (domain) <= 0)
    return g_ptr_array_new_with_free_func (g_object_unref);

  running = read_spec (domain, title, 0, error);
  next = running != NULL ? read_spec (domain, title, VIR_DOMAIN_XML_INACTIVE, error) : NULL;
  return next != NULL ? xeno_change_list_pending (running, next) : NULL;
}

/**
 * xeno_machine_list_pending_async:
 * @self: a machine
 * @cancellable: (nullable): stops the waiting
 * @callback: (scope async): called when it is known
 * @user_data: passed to @callback
 *
 * Finds out what will be different when the machine was shut down and started again.
 */
void
xeno_machine_list_pending_async (XenoMachine         *self,
                                 GCancellable        *cancellable,
                                 GAsyncReadyCallback  callback,
                                 gpointer             user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (XENO_IS_MACHINE (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, xeno_machine_list_pending_async);
  xeno_machine_call (self, XENO_CALL_DAEMON, XENO_CALL_MS, task, read_pending, NULL, NULL,
                     (GDestroyNotify) g_ptr_array_unref);
}

/**
 * xeno_machine_list_pending_finish:
 * @self: a machine
 * @result: what the callback got
 * @error: where to say why it is not known
 *
 * Finishes xeno_machine_list_pending_async().
 *
 * Returns: (transfer container) (element-type XenoChange): the changes; none where it does not run
 */
GPtrArray *
xeno_machine_list_pending_finish (XenoMachine   *self,
                                  GAsyncResult  *result,
                                  GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
