/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How a connection opens, notices that it was lost, and comes back with growing pauses. */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "base/xeno-error.h"
#include "virt/xeno-connection-private.h"
#include "virt/xeno-host-private.h"
#include "virt/xeno-machine-private.h"

#define FIRST_PAUSE_MS 250
#define LONGEST_PAUSE_MS 15000

/* An attempt that takes longer is told about, and waited for all the same. */
#define SLOW_OPEN_MS 10000
#define SLOW_REMOTE_OPEN_MS 30000

/* One that was lost sooner than this is opened again with a growing pause, not at once. */
#define STABLE_US (10 * G_USEC_PER_SEC)

static void start_opening (XenoConnection *self);

static void
answer_waiting (XenoConnection *self,
                const GError   *error)
{
  g_autoptr (GPtrArray) waiting = g_steal_pointer (&self->waiting);

  self->waiting = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < waiting->len; i++)
    {
      GTask *task = g_ptr_array_index (waiting, i);

      if (error != NULL)
        g_task_return_error (task, g_error_copy (error));
      else
        g_task_return_boolean (task, TRUE);
    }
}

static void
set_all_stale (XenoConnection *self)
{
  GHashTableIter iter;
  gpointer machine;

  g_hash_table_iter_init (&iter, self->by_uuid);
  while (g_hash_table_iter_next (&iter, NULL, &machine))
    xeno_machine_set_stale (machine, TRUE);
}

static void
retry_cb (gpointer user_data)
{
  XenoConnection *self = user_data;

  self->retry_id = 0;
  start_opening (self);
}

static void
retry_later (XenoConnection *self)
{
  if (!self->is_wanted || self->retry_id != 0)
    return;

  self->retry_id = g_timeout_add_once (self->pause_ms, retry_cb, self);
  self->pause_ms = MIN (self->pause_ms * 2, LONGEST_PAUSE_MS);
}

static void
drop_link (XenoConnection *self)
{
  g_clear_object (&self->pool);
  g_clear_object (&self->link);
  g_hash_table_remove_all (self->awaited);
  xeno_connection_stop_refreshing (self);
  g_clear_object (&self->caps);
  xeno_host_set_pool (self->host, NULL);
}

static void
lose (XenoConnection *self)
{
  g_autoptr (GError) error = xeno_error_new (XENO_ERROR_NO_CONNECTION, NULL,
                                             _("The connection to “%s” was lost. It is opened "
                                               "again "
                                               "by itself."),
                                             self->title);

  if (g_get_monotonic_time () - self->opened_at_us > STABLE_US)
    self->pause_ms = FIRST_PAUSE_MS;
  drop_link (self);
  set_all_stale (self);
  xeno_connection_set_state (self, XENO_CONNECTION_LOST, error);
  retry_later (self);
}

static void
link_cb (GObject  *owner,
         XenoLink *link,
         gboolean  is_lost)
{
  XenoConnection *self = XENO_CONNECTION (owner);

  if (link != self->link) /* one that is not taken yet, or was given up */
    return;

  if (is_lost)
    lose (self);
  else
    xeno_coalescer_trigger (self->refresher);
}

/* An attempt and what it brought. */
typedef struct
{
  XenoLink  *link;
  char      *uri;
  gboolean   is_quiet;
  GPtrArray *machines;
} Opening;

static void
opening_free (gpointer data)
{
  Opening *opening = data;

  g_clear_object (&opening->link);
  g_clear_pointer (&opening->machines, g_ptr_array_unref);
  g_free (opening->uri);
  g_free (opening);
}

static gpointer
open_call (gpointer       data,
           GCancellable  *cancellable,
           GError       **error)
{
  Opening *asked = data;
  g_autoptr (GPtrArray) machines = NULL;
  Opening *brought;

  if (!xeno_link_open (asked->link, asked->uri, error))
    return NULL;
  machines = asked->is_quiet
    ? g_ptr_array_new ()
    : xeno_facts_read_all (xeno_link_get_handle (asked->link), NULL, error);
  if (machines == NULL)
    return NULL;

  brought = g_new0 (Opening, 1);
  brought->link = g_object_ref (asked->link);
  brought->machines = g_steal_pointer (&machines);
  return brought;
}

static void
fail_opening (XenoConnection *self,
              const GError   *error)
{
  XenoConnectionState state = self->state == XENO_CONNECTION_LOST ? XENO_CONNECTION_LOST
                                                                  : XENO_CONNECTION_UNREACHABLE;

  xeno_connection_set_state (self, state, error);
  answer_waiting (self, error);
}

static void
take_link (XenoConnection *self,
           Opening        *opening)
{
  self->link = g_steal_pointer (&opening->link);
  self->pool = xeno_link_pool_new (self->link, self->uri);
  self->opened_at_us = g_get_monotonic_time ();
  xeno_host_set_pool (self->host, self->pool);
  xeno_connection_apply_list (self, opening->machines);
  xeno_connection_set_populated (self);
  xeno_connection_set_state (self, XENO_CONNECTION_OPEN, NULL);
  answer_waiting (self, NULL);

  /* What happened while the list was read. */
  if (self->link != NULL && xeno_link_is_lost (self->link))
    lose (self);
  else
    xeno_coalescer_trigger (self->refresher);
  if (self->link != NULL && !self->is_quiet)
    xeno_connection_check_later (self);
}

static void
opened_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (GError) error = NULL;
  Opening *opening = g_task_propagate_pointer (G_TASK (result), &error);
  XenoConnection *self;

  /* Perhaps it does not live any more. */
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  self = XENO_CONNECTION (user_data);
  g_clear_object (&self->opening);
  g_clear_handle_id (&self->slow_id, g_source_remove);
  if (opening == NULL)
    {
      fail_opening (self, error);
      retry_later (self);
      return;
    }

  take_link (self, opening);
  opening_free (opening);
}

static void
slow_cb (gpointer user_data)
{
  XenoConnection *self = user_data;
  g_autoptr (GError) error = xeno_error_new (XENO_ERROR_TIMEOUT, NULL,
                                             _("“%s” does not answer. Its libvirt daemon hangs or "
                                               "is "
                                               "very busy; it connects by itself once it answers."),
                                             self->title);

  self->slow_id = 0;
  fail_opening (self, error);
}

/* Without a deadline: what hangs is waited for, and no second attempt piles up behind it. */
static void
start_opening (XenoConnection *self)
{
  const guint slow_ms = xeno_connection_is_local (self) ? SLOW_OPEN_MS : SLOW_REMOTE_OPEN_MS;
  g_autoptr (GTask) task = NULL;
  Opening *opening;

  if (self->link != NULL || self->opening != NULL)
    return;

  g_clear_handle_id (&self->retry_id, g_source_remove);
  if (self->state == XENO_CONNECTION_CLOSED)
    xeno_connection_set_state (self, XENO_CONNECTION_OPENING, NULL);

  opening = g_new0 (Opening, 1);
  opening->link = self->is_quiet ? xeno_link_new (NULL, NULL)
                                 : xeno_link_new (G_OBJECT (self), link_cb);
  opening->uri = g_strdup (self->uri);
  opening->is_quiet = self->is_quiet;
  self->opening = g_cancellable_new ();
  self->slow_id = g_timeout_add_once (slow_ms, slow_cb, self);
  task = g_task_new (NULL, self->opening, opened_cb, self);
  g_task_set_source_tag (task, start_opening);
  xeno_worker_run (self->worker, NULL, 0, task, open_call, opening, opening_free, opening_free);
}

void
xeno_connection_stop_opening (XenoConnection *self)
{
  g_cancellable_cancel (self->opening);
  g_clear_object (&self->opening);
  g_clear_handle_id (&self->retry_id, g_source_remove);
  g_clear_handle_id (&self->slow_id, g_source_remove);
}

void
xeno_connection_init_opening (XenoConnection *self)
{
  self->pause_ms = FIRST_PAUSE_MS;
  self->waiting = g_ptr_array_new_with_free_func (g_object_unref);
}

/**
 * xeno_connection_open:
 * @self: a connection
 *
 * Opens it and keeps it open: it is tried again by itself whenever it does not work or is lost.
 * Returns at once; "state" and "error" tell how it goes.
 */
void
xeno_connection_open (XenoConnection *self)
{
  g_return_if_fail (XENO_IS_CONNECTION (self));

  self->is_wanted = TRUE;
  if (self->retry_id == 0)
    start_opening (self);
}

/**
 * xeno_connection_retry:
 * @self: a connection
 *
 * Tries again now instead of at the end of the pause.
 */
void
xeno_connection_retry (XenoConnection *self)
{
  g_return_if_fail (XENO_IS_CONNECTION (self));

  self->is_wanted = TRUE;
  self->pause_ms = FIRST_PAUSE_MS;
  start_opening (self);
}

/**
 * xeno_connection_close:
 * @self: a connection
 *
 * Closes it and forgets its machines. Waits for nothing.
 */
void
xeno_connection_close (XenoConnection *self)
{
  g_autoptr (GPtrArray) nothing = g_ptr_array_new ();
  g_autoptr (GError) error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED,
                                                  _("The connection was closed."));

  g_return_if_fail (XENO_IS_CONNECTION (self));

  self->is_wanted = FALSE;
  self->pause_ms = FIRST_PAUSE_MS;
  xeno_connection_stop_opening (self);
  drop_link (self);
  xeno_connection_apply_list (self, nothing);
  xeno_connection_set_state (self, XENO_CONNECTION_CLOSED, NULL);
  answer_waiting (self, error);
}

/**
 * xeno_connection_open_async:
 * @self: a connection
 * @cancellable: (nullable): stops the waiting
 * @callback: (scope async): called when the list of machines is complete, or the attempt failed
 * @user_data: passed to @callback
 *
 * Makes one attempt, for front ends that end.
 */
void
xeno_connection_open_async (XenoConnection      *self,
                            GCancellable        *cancellable,
                            GAsyncReadyCallback  callback,
                            gpointer             user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (XENO_IS_CONNECTION (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, xeno_connection_open_async);
  if (self->state == XENO_CONNECTION_OPEN)
    {
      g_task_return_boolean (task, TRUE);
      return;
    }

  g_ptr_array_add (self->waiting, g_steal_pointer (&task));
  start_opening (self);
}

/**
 * xeno_connection_open_finish:
 * @self: a connection
 * @result: what the callback got
 * @error: where to say why it does not work, and how to mend it
 *
 * Finishes xeno_connection_open_async().
 *
 * Returns: whether it is open
 */
gboolean
xeno_connection_open_finish (XenoConnection  *self,
                             GAsyncResult    *result,
                             GError         **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
