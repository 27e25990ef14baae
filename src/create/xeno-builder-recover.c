/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Undoes, one after the other, what processes that died left of machines they were making. */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "base/xeno-error.h"
#include "create/xeno-build-note.h"
#include "create/xeno-builder-private.h"

typedef struct
{
  XenoConnection *connection;
  GPtrArray      *entries;
  GError         *error; /* the first failure; the rest is undone all the same */
} Recovery;

static void recover_next (GTask *task);

static void
recovery_free (Recovery *recovery)
{
  g_object_unref (recovery->connection);
  g_clear_pointer (&recovery->entries, g_ptr_array_unref);
  g_clear_error (&recovery->error);
  g_free (recovery);
}

static void
recovered_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  Recovery *recovery = g_task_get_task_data (task);

  xeno_builder_undo_finish (result, recovery->error == NULL ? &recovery->error : NULL);
  recover_next (task);
}

static void
recover_next (GTask *task)
{
  Recovery *recovery = g_task_get_task_data (task);
  g_autoptr (XenoJournalEntry) entry = NULL;

  if (recovery->entries->len > 0)
    {
      entry = g_ptr_array_steal_index (recovery->entries, 0);
      xeno_builder_undo_async (recovery->connection, entry, recovered_cb, g_object_ref (task));
    }
  else if (recovery->error != NULL)
    g_task_return_error (task, g_steal_pointer (&recovery->error));
  else
    g_task_return_boolean (task, TRUE);
}

static void
entries_taken_cb (GObject      *source,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  Recovery *recovery = g_task_get_task_data (task);
  GError *error = NULL;

  recovery->entries = xeno_build_note_take_left_finish (result, &error);
  if (recovery->entries != NULL)
    recover_next (task);
  else
    g_task_return_error (task, error);
}

/**
 * xeno_builder_recover_async:
 * @connection: a connection that is open and has its list of machines
 * @cancellable: (nullable): a cancellable; what was begun is done all the same
 * @callback: called when nothing is left to do
 * @user_data: for @callback
 *
 * Undoes what processes that died in the middle of xeno_builder_start() left. A machine that was
 * whole already stays.
 */
void
xeno_builder_recover_async (XenoConnection      *connection,
                            GCancellable        *cancellable,
                            GAsyncReadyCallback  callback,
                            gpointer             user_data)
{
  g_autoptr (XenoWorker) worker = NULL;
  g_autoptr (GTask) task = NULL;
  Recovery *recovery;

  g_return_if_fail (XENO_IS_CONNECTION (connection));

  task = g_task_new (connection, cancellable, callback, user_data);
  g_task_set_source_tag (task, xeno_builder_recover_async);
  if (xeno_connection_get_state (connection) != XENO_CONNECTION_OPEN || !xeno_connection_is_populated (connection))
    {
      g_task_return_error (task, xeno_error_new (XENO_ERROR_NO_CONNECTION, NULL,
                                                 _("“%s” is not connected, so what was left there is cleared "
                                                   "away later."), xeno_connection_get_title (connection)));
      return;
    }

  recovery = g_new0 (Recovery, 1);
  recovery->connection = g_object_ref (connection);
  g_task_set_task_data (task, recovery, (GDestroyNotify) recovery_free);

  worker = xeno_worker_new (1);
  xeno_build_note_take_left_async (xeno_connection_get_uri (connection), worker, entries_taken_cb,
                                   g_steal_pointer (&task));
}

/**
 * xeno_builder_recover_finish:
 * @result: what the callback was given
 * @error: what could not be undone; it is tried again the next time
 *
 * Ends xeno_builder_recover_async().
 *
 * Returns: %TRUE if nothing is left to do
 */
gboolean
xeno_builder_recover_finish (GAsyncResult  *result,
                             GError       **error)
{
  g_return_val_if_fail (g_async_result_is_tagged (result, xeno_builder_recover_async), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
