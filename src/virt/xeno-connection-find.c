/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Finds a machine as people refer to one: in the list, or by asking libvirt for it alone. */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "base/xeno-error.h"
#include "base/xeno-nearest.h"
#include "virt/xeno-connection-private.h"

static void
set_not_found_error (XenoConnection  *self,
                     const char      *reference,
                     GError         **error)
{
  g_autoptr (GPtrArray) words = g_ptr_array_new ();
  g_autofree char *typed = g_utf8_make_valid (reference, -1);
  const char *nearest;
  GHashTableIter iter;
  gpointer machine;

  g_hash_table_iter_init (&iter, self->by_uuid);
  while (g_hash_table_iter_next (&iter, NULL, &machine))
    {
      g_ptr_array_add (words, (gpointer) xeno_machine_get_name (machine));
      g_ptr_array_add (words, (gpointer) xeno_machine_get_title (machine));
    }
  g_ptr_array_add (words, NULL);
  nearest = xeno_nearest (typed, (const char * const *) words->pdata);

  if (nearest != NULL)
    /* Translators: what was typed, the title of a connection, and the name of a machine */
    xeno_set_error (error, XENO_ERROR_NOT_FOUND, NULL,
                    _("There is no machine “%s” on “%s”. Did you mean “%s”?"), typed, self->title,
                    nearest);
  else
    xeno_set_error (error, XENO_ERROR_NOT_FOUND, NULL, _("There is no machine “%s” on “%s”."), typed,
                    self->title);
}

static gboolean
is_uuid_or_name (XenoMachine *machine,
                 const char  *reference)
{
  return g_strcmp0 (xeno_machine_get_uuid (machine), reference) == 0
         || g_strcmp0 (xeno_machine_get_name (machine), reference) == 0;
}

static gboolean
is_title (XenoMachine *machine,
          const char  *reference)
{
  return g_strcmp0 (xeno_machine_get_title (machine), reference) == 0;
}

static XenoMachine *
find_by (XenoConnection *self,
         const char     *reference,
         gboolean      (*is_meant) (XenoMachine *machine, const char *reference),
         guint          *n_found)
{
  XenoMachine *found = NULL;
  GHashTableIter iter;
  gpointer machine;

  *n_found = 0;
  g_hash_table_iter_init (&iter, self->by_uuid);
  while (g_hash_table_iter_next (&iter, NULL, &machine))
    if (is_meant (machine, reference))
      {
        found = machine;
        (*n_found)++;
      }
  return found;
}

/**
 * xeno_connection_find_machine:
 * @self: a connection
 * @reference: a uuid, a name, or a title that only one machine has
 * @error: where to say why none is meant
 *
 * Finds a machine as people refer to one. Errors: %XENO_ERROR_NOT_FOUND, %XENO_ERROR_INVALID where
 * more than one has the title, or one the name that is another's uuid.
 *
 * Returns: (transfer none) (nullable): the machine
 */
XenoMachine *
xeno_connection_find_machine (XenoConnection  *self,
                              const char      *reference,
                              GError         **error)
{
  XenoMachine *found;
  guint n_found;

  g_return_val_if_fail (XENO_IS_CONNECTION (self), NULL);
  g_return_val_if_fail (reference != NULL, NULL);

  found = find_by (self, reference, is_uuid_or_name, &n_found);
  if (n_found == 0)
    found = find_by (self, reference, is_title, &n_found);
  if (n_found == 1)
    return found;

  if (n_found == 0)
    set_not_found_error (self, reference, error);
  else
    xeno_set_error (error, XENO_ERROR_INVALID, NULL,
                    _("More than one machine is called “%s”. Use its name or uuid instead."),
                    reference);
  return NULL;
}

/* By uuid or by name, which other managers let be the uuid of another one; then, and for a title, all
 * machines have to be known. */
static virDomainPtr
look_up (virConnectPtr  handle,
         const char    *reference)
{
  virDomainPtr by_name = virDomainLookupByName (handle, reference);
  virDomainPtr by_uuid = NULL;

  if (g_uuid_string_is_valid (reference))
    by_uuid = virDomainLookupByUUIDString (handle, reference);
  if (by_name == NULL || by_uuid == NULL)
    return by_name != NULL ? by_name : by_uuid;

  virDomainFree (by_name);
  virDomainFree (by_uuid);
  return NULL;
}

static gpointer
look_up_call (virConnectPtr   handle,
              gpointer        data,
              GCancellable   *cancellable,
              GError        **error)
{
  virDomainPtr domain = look_up (handle, data);
  g_autoptr (GPtrArray) found = NULL;
  XenoFacts *facts;

  if (domain == NULL)
    return xeno_facts_read_all (handle, NULL, error);

  found = g_ptr_array_new_with_free_func ((GDestroyNotify) xeno_facts_free);
  facts = xeno_facts_read_domain (domain, TRUE, error);
  virDomainFree (domain);
  if (facts == NULL)
    return NULL;

  g_ptr_array_add (found, facts);
  return g_steal_pointer (&found);
}

static void
looked_up_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  XenoConnection *self = XENO_CONNECTION (source);
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) found = g_task_propagate_pointer (G_TASK (result), &error);
  XenoMachine *machine = NULL;

  for (guint i = 0; found != NULL && i < found->len; i++)
    xeno_connection_apply (self, g_ptr_array_index (found, i));
  if (found != NULL)
    machine = xeno_connection_find_machine (self, g_task_get_task_data (task), &error);

  if (machine != NULL)
    g_task_return_pointer (task, g_object_ref (machine), g_object_unref);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

/**
 * xeno_connection_look_up_async:
 * @self: a connection that is open
 * @reference: a uuid, a name, or a title that only one machine has
 * @cancellable: (nullable): stops the waiting
 * @callback: (scope async): called with the machine
 * @user_data: passed to @callback
 *
 * Finds a machine by asking libvirt, which does not have to tell of the others unless @reference is
 * a title. Meant for quiet connections, which have no list.
 */
void
xeno_connection_look_up_async (XenoConnection      *self,
                               const char          *reference,
                               GCancellable        *cancellable,
                               GAsyncReadyCallback  callback,
                               gpointer             user_data)
{
  g_autoptr (GTask) task = NULL;
  g_autoptr (GTask) call = NULL;

  g_return_if_fail (XENO_IS_CONNECTION (self));
  g_return_if_fail (reference != NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, xeno_connection_look_up_async);
  g_task_set_task_data (task, g_strdup (reference), g_free);
  call = g_task_new (self, cancellable, looked_up_cb, g_steal_pointer (&task));
  xeno_connection_call (self, XENO_CALL_DAEMON, NULL, XENO_CALL_MS, call, look_up_call,
                        g_strdup (reference), g_free, (GDestroyNotify) g_ptr_array_unref);
}

/**
 * xeno_connection_look_up_finish:
 * @self: a connection
 * @result: what the callback got
 * @error: where to say why none is meant
 *
 * Finishes xeno_connection_look_up_async(). Errors: as xeno_connection_find_machine().
 *
 * Returns: (transfer full) (nullable): the machine
 */
XenoMachine *
xeno_connection_look_up_finish (XenoConnection  *self,
                                GAsyncResult    *result,
                                GError         **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
