/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The machines of a connection: listed when it opens, read again when something happens to them. */
#include "config.h"

#include "base/xeno-read-only-list.h"
#include "virt/xeno-connection-private.h"
#include "virt/xeno-machine-private.h"

#define REFRESH_INTERVAL_MS 100

/* What could not be read is read again after this time, and then with growing pauses. */
#define FIRST_REFRESH_PAUSE_MS 500
#define LONGEST_REFRESH_PAUSE_MS 30000

/* With more changes at once, one listing is cheaper than asking for each machine. */
#define MANY_CHANGES 12

static void
remove_machine (XenoConnection *self,
                XenoMachine    *machine)
{
  g_autoptr (XenoMachine) kept = g_object_ref (machine);
  guint position;

  g_hash_table_remove (self->by_uuid, xeno_machine_get_uuid (machine));
  if (g_list_store_find (self->machines, machine, &position))
    g_list_store_remove (self->machines, position);
  g_signal_emit_by_name (self, "machine-removed", machine);
}

/*
 * xeno_connection_apply:
 * @self: a connection
 * @facts: what was found out about one of its machines
 *
 * Makes the list agree with what was found out.
 *
 * Returns: (transfer none) (nullable): the machine, or %NULL when it is gone
 */
XenoMachine *
xeno_connection_apply (XenoConnection  *self,
                       const XenoFacts *facts)
{
  XenoMachine *machine = g_hash_table_lookup (self->by_uuid, facts->uuid);

  if (facts->is_gone)
    {
      if (machine != NULL && facts->read_us >= machine->state_us)
        remove_machine (self, machine);
      return NULL;
    }

  if (machine != NULL)
    {
      xeno_machine_apply (machine, facts);
      return machine;
    }

  machine = xeno_machine_new (self, facts);
  g_hash_table_insert (self->by_uuid, (gpointer) xeno_machine_get_uuid (machine), machine);
  g_list_store_append (self->machines, machine);
  g_signal_emit_by_name (self, "machine-added", machine);
  g_object_unref (machine);
  return machine;
}

static void
add_machines (XenoConnection *self,
              GPtrArray      *added)
{
  g_list_store_splice (self->machines, g_list_model_get_n_items (G_LIST_MODEL (self->machines)), 0,
                       added->pdata, added->len);
  for (guint i = 0; i < added->len; i++)
    g_signal_emit_by_name (self, "machine-added", g_ptr_array_index (added, i));
}

/* The new ones go in at once: a thousand machines are one change of the list. */
static void
apply_many (XenoConnection *self,
            GPtrArray      *found)
{
  g_autoptr (GPtrArray) added = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < found->len; i++)
    {
      XenoFacts *facts = g_ptr_array_index (found, i);
      XenoMachine *machine;

      if (facts->is_gone || g_hash_table_contains (self->by_uuid, facts->uuid))
        {
          xeno_connection_apply (self, facts);
          continue;
        }
      machine = xeno_machine_new (self, facts);
      g_hash_table_insert (self->by_uuid, (gpointer) xeno_machine_get_uuid (machine), machine);
      g_ptr_array_add (added, machine);
    }
  if (added->len > 0)
    add_machines (self, added);
}

/* What a full listing does not have is gone. */
void
xeno_connection_apply_list (XenoConnection *self,
                            GPtrArray      *all)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GPtrArray) gone = g_ptr_array_new ();
  GHashTableIter iter;
  gpointer uuid, machine;

  for (guint i = 0; i < all->len; i++)
    g_hash_table_add (seen, ((XenoFacts *) g_ptr_array_index (all, i))->uuid);
  g_hash_table_iter_init (&iter, self->by_uuid);
  while (g_hash_table_iter_next (&iter, &uuid, &machine))
    if (!g_hash_table_contains (seen, uuid))
      g_ptr_array_add (gone, machine);
  for (guint i = 0; i < gone->len; i++)
    remove_machine (self, g_ptr_array_index (gone, i));
  apply_many (self, all);
}

/* What a refresh found, and what it could not read. */
typedef struct
{
  GPtrArray  *found;
  GHashTable *missed; /* as awaited */
} Refresh;

static void
refresh_free (gpointer data)
{
  Refresh *refresh = data;

  g_ptr_array_unref (refresh->found);
  g_hash_table_unref (refresh->missed);
  g_free (refresh);
}

static GHashTable *
new_awaited (void)
{
  return g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
}

static Refresh *
refresh_new (void)
{
  Refresh *refresh = g_new (Refresh, 1);

  refresh->found = g_ptr_array_new_with_free_func ((GDestroyNotify) xeno_facts_free);
  refresh->missed = new_awaited ();
  return refresh;
}

static gboolean
read_many (virConnectPtr   handle,
           GHashTable     *awaited,
           Refresh        *refresh,
           GError        **error)
{
  g_autoptr (GPtrArray) all = NULL;
  g_autoptr (GHashTable) documents = g_hash_table_new (g_str_hash, g_str_equal);
  const gint64 read_us = g_get_monotonic_time ();
  GHashTableIter iter;
  gpointer uuid, is_document;

  g_hash_table_iter_init (&iter, awaited);
  while (g_hash_table_iter_next (&iter, &uuid, &is_document))
    if (GPOINTER_TO_INT (is_document))
      g_hash_table_add (documents, uuid);
  all = xeno_facts_read_all (handle, documents, error);
  if (all == NULL)
    return FALSE;

  while (all->len > 0)
    {
      XenoFacts *facts = g_ptr_array_steal_index_fast (all, all->len - 1);

      if (g_hash_table_remove (awaited, facts->uuid))
        g_ptr_array_add (refresh->found, facts);
      else
        xeno_facts_free (facts);
    }

  g_hash_table_iter_init (&iter, awaited);
  while (g_hash_table_iter_next (&iter, &uuid, NULL))
    {
      XenoFacts *facts = g_new0 (XenoFacts, 1);

      g_strlcpy (facts->uuid, uuid, sizeof facts->uuid);
      facts->read_us = read_us;
      facts->is_gone = TRUE;
      g_ptr_array_add (refresh->found, facts);
    }
  return TRUE;
}

static void
read_few (virConnectPtr  handle,
          GHashTable    *awaited,
          Refresh       *refresh)
{
  GHashTableIter iter;
  gpointer uuid, is_document;

  g_hash_table_iter_init (&iter, awaited);
  while (g_hash_table_iter_next (&iter, &uuid, &is_document))
    {
      g_autoptr (GError) reason = NULL;
      XenoFacts *facts = xeno_facts_read (handle, uuid, GPOINTER_TO_INT (is_document), &reason);

      if (facts != NULL)
        {
          g_ptr_array_add (refresh->found, facts);
          continue;
        }

      /* One that cannot be read does not keep the news of the others away. */
      g_debug ("%s", reason->message);
      g_hash_table_insert (refresh->missed, g_strdup (uuid), is_document);
    }
}

static gpointer
refresh_call (virConnectPtr   handle,
              gpointer        data,
              GCancellable   *cancellable,
              GError        **error)
{
  GHashTable *awaited = data;
  Refresh *refresh = refresh_new ();

  if (g_hash_table_size (awaited) <= MANY_CHANGES)
    read_few (handle, awaited, refresh);
  else if (!read_many (handle, awaited, refresh, error))
    g_clear_pointer (&refresh, refresh_free);
  return refresh;
}

static void
await_machine (XenoConnection *self,
               const char     *uuid,
               gboolean        is_document)
{
  if (g_hash_table_lookup (self->awaited, uuid) != NULL)
    is_document = TRUE;
  g_hash_table_insert (self->awaited, g_strdup (uuid), GINT_TO_POINTER (is_document));
}

/* What a failed refresh should have read is not known, so everything is read again. */
static void
await_everything (XenoConnection *self)
{
  GHashTableIter iter;
  gpointer uuid;

  g_hash_table_iter_init (&iter, self->by_uuid);
  while (g_hash_table_iter_next (&iter, &uuid, NULL))
    await_machine (self, uuid, TRUE);
}

static void
await_missed (XenoConnection *self,
              GHashTable     *missed)
{
  GHashTableIter iter;
  gpointer uuid, is_document;

  g_hash_table_iter_init (&iter, missed);
  while (g_hash_table_iter_next (&iter, &uuid, &is_document))
    await_machine (self, uuid, GPOINTER_TO_INT (is_document));
}

static void
refresh_again_cb (gpointer user_data)
{
  XenoConnection *self = user_data;

  self->refresh_again_id = 0;
  xeno_coalescer_trigger (self->refresher);
}

/* A daemon that refuses is not asked ten times a second. */
static void
refresh_later (XenoConnection *self)
{
  if (self->refresh_again_id != 0)
    return;

  self->refresh_again_id = g_timeout_add_once (self->refresh_pause_ms, refresh_again_cb, self);
  self->refresh_pause_ms = MIN (self->refresh_pause_ms * 2, LONGEST_REFRESH_PAUSE_MS);
}

static void
refreshed_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  XenoConnection *self;
  g_autoptr (GError) error = NULL;
  Refresh *refresh = g_task_propagate_pointer (G_TASK (result), &error);

  /* Perhaps it does not live any more. */
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  self = XENO_CONNECTION (user_data);
  g_clear_object (&self->refreshing);
  if (refresh == NULL)
    {
      g_debug ("A refresh failed: %s", error->message);
      await_everything (self);
      refresh_later (self);
      return;
    }

  apply_many (self, refresh->found);
  if (g_hash_table_size (self->awaited) > 0)
    xeno_coalescer_trigger (self->refresher);
  if (g_hash_table_size (refresh->missed) > 0)
    {
      await_missed (self, refresh->missed);
      refresh_later (self);
    }
  else
    self->refresh_pause_ms = FIRST_REFRESH_PAUSE_MS;
  refresh_free (refresh);
}

static void
await_changes (XenoConnection *self)
{
  g_autoptr (GPtrArray) changes = xeno_link_take_changes (self->link);

  for (guint i = 0; i < changes->len; i++)
    {
      XenoLinkChange *change = g_ptr_array_index (changes, i);
      XenoMachine *machine = g_hash_table_lookup (self->by_uuid, change->uuid);

      if (machine != NULL && change->io_error != NULL)
        xeno_machine_set_io_error (machine, change->io_error);
      if (machine != NULL && change->has_viewer)
        xeno_machine_emit_viewer (machine);
      if (change->has_news)
        await_machine (self, change->uuid, change->is_document || machine == NULL);
    }
}

static void
refresh_cb (gpointer user_data)
{
  XenoConnection *self = user_data;
  g_autoptr (GTask) task = NULL;

  if (self->link == NULL)
    return;

  await_changes (self);
  if (self->refreshing != NULL || g_hash_table_size (self->awaited) == 0)
    return;

  self->refreshing = g_cancellable_new ();
  task = g_task_new (NULL, self->refreshing, refreshed_cb, self);
  g_task_set_source_tag (task, refresh_cb);
  xeno_connection_call (self, XENO_CALL_DAEMON, "refresh", XENO_LONG_CALL_MS, task, refresh_call,
                        self->awaited, (GDestroyNotify) g_hash_table_unref,
                        refresh_free);
  self->awaited = new_awaited ();
}

static void
check_cb (gpointer user_data)
{
  XenoConnection *self = user_data;
  GHashTableIter iter;
  gpointer uuid, machine;

  self->check_id = 0;
  g_hash_table_iter_init (&iter, self->by_uuid);
  while (g_hash_table_iter_next (&iter, &uuid, &machine))
    if (xeno_machine_is_active (machine))
      await_machine (self, uuid, FALSE);
  xeno_coalescer_trigger (self->refresher);
  xeno_connection_check_later (self);
}

/*
 * xeno_connection_check_later:
 * @self: a connection that was opened
 *
 * Reads the machines that are said to run again, a few times. A daemon that has just come back
 * tells what it remembers; it looks for each hypervisor afterwards, and there is no event for one it
 * does not find.
 */
void
xeno_connection_check_later (XenoConnection *self)
{
  static const guint pauses_ms[] = { 1000, 4000, 15000 };

  if (self->n_checks < G_N_ELEMENTS (pauses_ms))
    self->check_id = g_timeout_add_once (pauses_ms[self->n_checks++], check_cb, self);
}

void
xeno_connection_init_list (XenoConnection *self)
{
  self->machines = g_list_store_new (XENO_TYPE_MACHINE);
  self->facade = xeno_read_only_list_new (G_LIST_MODEL (self->machines));
  self->by_uuid = g_hash_table_new (g_str_hash, g_str_equal);
  self->awaited = new_awaited ();
  self->refresher = xeno_coalescer_new (REFRESH_INTERVAL_MS, refresh_cb, self);
  self->refresh_pause_ms = FIRST_REFRESH_PAUSE_MS;
}

void
xeno_connection_stop_refreshing (XenoConnection *self)
{
  g_cancellable_cancel (self->refreshing);
  g_clear_object (&self->refreshing);
  g_clear_handle_id (&self->refresh_again_id, g_source_remove);
  self->refresh_pause_ms = FIRST_REFRESH_PAUSE_MS;
  g_clear_handle_id (&self->check_id, g_source_remove);
  self->n_checks = 0;
  xeno_coalescer_cancel (self->refresher);
}

/*
 * xeno_connection_refresh:
 * @self: a connection
 * @uuid: one of its machines
 *
 * Reads a machine again, soon. Nothing happens while the connection is not open: what opens it
 * reads all.
 */
void
xeno_connection_refresh (XenoConnection *self,
                         const char     *uuid)
{
  g_return_if_fail (XENO_IS_CONNECTION (self));
  g_return_if_fail (uuid != NULL);

  if (self->link == NULL)
    return;

  await_machine (self, uuid, TRUE);
  xeno_coalescer_trigger (self->refresher);
}

/**
 * xeno_connection_get_machines:
 * @self: a connection
 *
 * Gets its machines. While the connection is lost they stay as last known, and are stale.
 *
 * Returns: (transfer none): a list of #XenoMachine
 */
GListModel *
xeno_connection_get_machines (XenoConnection *self)
{
  g_return_val_if_fail (XENO_IS_CONNECTION (self), NULL);

  return self->facade;
}
