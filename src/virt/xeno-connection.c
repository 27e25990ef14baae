/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One libvirt connection: opens, stays alive, comes back, and lists the machines it has. */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <libvirt/virterror.h>
#include <unistd.h>

#include "base/xeno-coalescer.h"
#include "base/xeno-error.h"
#include "base/xeno-read-only-list.h"
#include "base/xeno-worker.h"
#include "spec/xeno-name.h"
#include "virt/xeno-connection-private.h"
#include "virt/xeno-host-private.h"
#include "virt/xeno-machine-private.h"
#include "virt/xeno-uri.h"
#include "virt/xeno-virt-error.h"

/* Calls that may hang at the same time: a stuck QEMU holds up to three. Threads are made as needed. */
#define N_THREADS 32

#define REFRESH_INTERVAL_MS 100
#define FIRST_PAUSE_MS 250
#define LONGEST_PAUSE_MS 15000

/* An attempt that takes longer is told about, and waited for all the same. */
#define SLOW_OPEN_MS 10000
#define SLOW_REMOTE_OPEN_MS 30000

/* One that was lost sooner than this is opened again with a growing pause, not at once. */
#define STABLE_US (10 * G_USEC_PER_SEC)

/* With more changes at once, one listing is cheaper than asking for each machine. */
#define MANY_CHANGES 12

struct _XenoConnection
{
  GObject              parent_instance;
  char                *uri;
  char                *title;
  XenoConnectionState  state;
  GError              *error;
  gboolean             is_populated;
  gboolean             is_wanted; /* it shall be open, and come back when it is lost */

  XenoWorker          *worker;
  XenoLink            *link; /* NULL unless the state is OPEN */
  GCancellable        *opening; /* of the attempt under way */
  GPtrArray           *waiting; /* GTasks that want to hear how the attempt ends */
  gint64               opened_at_us;
  guint                pause_ms;
  guint                retry_id;
  guint                slow_id;

  GListStore          *machines;
  GListModel          *facade;
  GHashTable          *by_uuid; /* borrows from machines */
  XenoCoalescer       *refresher;
  GHashTable          *awaited; /* uuid -> whether the document is wanted too: what the next refresh reads */
  GCancellable        *refreshing; /* of the refresh under way */

  XenoHost            *host;
  XenoCaps            *caps; /* NULL until they were asked for, and again once the link is lost */
};

G_DEFINE_FINAL_TYPE (XenoConnection, xeno_connection, G_TYPE_OBJECT)

enum
{
  PROP_0,
  PROP_URI,
  PROP_TITLE,
  PROP_STATE,
  PROP_ERROR,
  PROP_IS_POPULATED,
  PROP_HOST,
  N_PROPS
};

enum
{
  MACHINE_ADDED,
  MACHINE_REMOVED,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

static void start_opening (XenoConnection *self);
static void refresh_cb (gpointer user_data);

GType
xeno_connection_state_get_type (void)
{
  static gsize type;
  static const GEnumValue values[] = {
    { XENO_CONNECTION_CLOSED, "XENO_CONNECTION_CLOSED", "closed" },
    { XENO_CONNECTION_OPENING, "XENO_CONNECTION_OPENING", "opening" },
    { XENO_CONNECTION_OPEN, "XENO_CONNECTION_OPEN", "open" },
    { XENO_CONNECTION_LOST, "XENO_CONNECTION_LOST", "lost" },
    { XENO_CONNECTION_UNREACHABLE, "XENO_CONNECTION_UNREACHABLE", "unreachable" },
    { 0, NULL, NULL }
  };

  if (g_once_init_enter (&type))
    g_once_init_leave (&type, g_enum_register_static ("XenoConnectionState", values));
  return type;
}

/* Calls */

typedef struct
{
  XenoLink       *link;
  XenoCallFunc    func;
  gpointer        data;
  GDestroyNotify  free_data;
} Call;

static void
call_free (gpointer data)
{
  Call *call = data;

  if (call->data != NULL && call->free_data != NULL)
    call->free_data (call->data);
  g_object_unref (call->link);
  g_free (call);
}

static gpointer
run_call (gpointer       data,
          GCancellable  *cancellable,
          GError       **error)
{
  Call *call = data;

  virResetLastError ();
  return call->func (xeno_link_get_handle (call->link), call->data, cancellable, error);
}

/*
 * xeno_connection_call:
 * @self: a connection
 * @lane: (nullable): calls of one lane run in order
 * @deadline_ms: milliseconds after which the person is released
 * @task: what waits for the result
 * @func: (scope async): the blocking calls
 * @data: (nullable) (transfer full): what @func gets
 * @free_data: (nullable): frees @data
 * @free_result: (nullable): frees the result
 *
 * Runs libvirt calls in a worker. Take the result with g_task_propagate_pointer().
 */
void
xeno_connection_call (XenoConnection *self,
                      const char     *lane,
                      guint           deadline_ms,
                      GTask          *task,
                      XenoCallFunc    func,
                      gpointer        data,
                      GDestroyNotify  free_data,
                      GDestroyNotify  free_result)
{
  Call *call;

  g_return_if_fail (XENO_IS_CONNECTION (self));

  if (self->link == NULL)
    {
      g_task_return_error (task, xeno_error_new (XENO_ERROR_NO_CONNECTION, NULL,
                                                 _("“%s” is not connected. It is tried again by itself."),
                                                 self->title));
      if (data != NULL && free_data != NULL)
        free_data (data);
      return;
    }

  call = g_new0 (Call, 1);
  call->link = g_object_ref (self->link);
  call->func = func;
  call->data = data;
  call->free_data = free_data;
  xeno_worker_run (self->worker, lane, deadline_ms, task, run_call, call, call_free, free_result);
}

/*
 * xeno_connection_lookup:
 * @handle: an open connection
 * @uuid: which machine
 * @title: how people call it
 * @error: where to say that it is gone
 *
 * Finds the domain of a machine. Blocks.
 *
 * Returns: (transfer full) (nullable): the domain
 */
virDomainPtr
xeno_connection_lookup (virConnectPtr   handle,
                        const char     *uuid,
                        const char     *title,
                        GError        **error)
{
  virDomainPtr domain = virDomainLookupByUUIDString (handle, uuid);

  if (domain == NULL)
    xeno_virt_set_error (error, _("“%s” could not be found."), title);
  return domain;
}

/* What was asked once is kept while the link lives; another daemon may offer other things. */
XenoCaps *
xeno_connection_get_kept_caps (XenoConnection *self)
{
  g_return_val_if_fail (XENO_IS_CONNECTION (self), NULL);

  return self->caps;
}

void
xeno_connection_keep_caps (XenoConnection *self,
                           XenoCaps       *caps)
{
  g_return_if_fail (XENO_IS_CONNECTION (self));

  if (self->link != NULL)
    g_set_object (&self->caps, caps);
}

/* The list */

static void
remove_machine (XenoConnection *self,
                XenoMachine    *machine)
{
  g_autoptr (XenoMachine) kept = g_object_ref (machine);
  guint position;

  g_hash_table_remove (self->by_uuid, xeno_machine_get_uuid (machine));
  if (g_list_store_find (self->machines, machine, &position))
    g_list_store_remove (self->machines, position);
  g_signal_emit (self, signals[MACHINE_REMOVED], 0, machine);
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
      if (machine != NULL)
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
  g_signal_emit (self, signals[MACHINE_ADDED], 0, machine);
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
    g_signal_emit (self, signals[MACHINE_ADDED], 0, g_ptr_array_index (added, i));
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
static void
apply_list (XenoConnection *self,
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

/* Refreshing */

static gpointer
refresh_many (virConnectPtr   handle,
              GHashTable     *awaited,
              GError        **error)
{
  g_autoptr (GPtrArray) all = NULL;
  g_autoptr (GPtrArray) found = NULL;
  g_autoptr (GHashTable) documents = g_hash_table_new (g_str_hash, g_str_equal);
  GHashTableIter iter;
  gpointer uuid, is_document;

  g_hash_table_iter_init (&iter, awaited);
  while (g_hash_table_iter_next (&iter, &uuid, &is_document))
    if (GPOINTER_TO_INT (is_document))
      g_hash_table_add (documents, uuid);
  all = xeno_facts_read_all (handle, documents, error);
  if (all == NULL)
    return NULL;

  found = g_ptr_array_new_with_free_func ((GDestroyNotify) xeno_facts_free);
  while (all->len > 0)
    {
      XenoFacts *facts = g_ptr_array_steal_index_fast (all, all->len - 1);

      if (g_hash_table_remove (awaited, facts->uuid))
        g_ptr_array_add (found, facts);
      else
        xeno_facts_free (facts);
    }

  g_hash_table_iter_init (&iter, awaited);
  while (g_hash_table_iter_next (&iter, &uuid, NULL))
    {
      XenoFacts *facts = g_new0 (XenoFacts, 1);

      g_strlcpy (facts->uuid, uuid, sizeof facts->uuid);
      facts->is_gone = TRUE;
      g_ptr_array_add (found, facts);
    }
  return g_steal_pointer (&found);
}

static gpointer
refresh_call (virConnectPtr   handle,
              gpointer        data,
              GCancellable   *cancellable,
              GError        **error)
{
  GHashTable *awaited = data;
  g_autoptr (GPtrArray) found = NULL;
  GHashTableIter iter;
  gpointer uuid, is_document;

  if (g_hash_table_size (awaited) > MANY_CHANGES)
    return refresh_many (handle, awaited, error);

  found = g_ptr_array_new_with_free_func ((GDestroyNotify) xeno_facts_free);
  g_hash_table_iter_init (&iter, awaited);
  while (g_hash_table_iter_next (&iter, &uuid, &is_document))
    {
      g_autoptr (GError) reason = NULL;
      XenoFacts *facts = xeno_facts_read (handle, uuid, GPOINTER_TO_INT (is_document), &reason);

      if (facts != NULL)
        g_ptr_array_add (found, facts);
      else /* one that cannot be read does not keep the news of the others away */
        g_debug ("%s", reason->message);
    }
  return g_steal_pointer (&found);
}

/* What a failed refresh should have read is not known, so everything is read again. */
static void
await_everything (XenoConnection *self)
{
  GHashTableIter iter;
  gpointer uuid;

  g_hash_table_iter_init (&iter, self->by_uuid);
  while (g_hash_table_iter_next (&iter, &uuid, NULL))
    g_hash_table_insert (self->awaited, g_strdup (uuid), GINT_TO_POINTER (TRUE));
}

static void
refreshed_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  XenoConnection *self;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) found = g_task_propagate_pointer (G_TASK (result), &error);

  /* Perhaps it does not live any more. */
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  self = XENO_CONNECTION (user_data);
  g_clear_object (&self->refreshing);
  if (found == NULL)
    {
      /* With the next event: a daemon that refuses is not asked ten times a second. */
      g_debug ("A refresh failed: %s", error->message);
      await_everything (self);
      return;
    }

  apply_many (self, found);
  if (g_hash_table_size (self->awaited) > 0)
    xeno_coalescer_trigger (self->refresher);
}

static void
await_changes (XenoConnection *self)
{
  g_autoptr (GPtrArray) changes = xeno_link_take_changes (self->link);

  for (guint i = 0; i < changes->len; i++)
    {
      XenoLinkChange *change = g_ptr_array_index (changes, i);
      XenoMachine *machine = g_hash_table_lookup (self->by_uuid, change->uuid);
      gboolean is_document = change->is_document || machine == NULL ||
                             GPOINTER_TO_INT (g_hash_table_lookup (self->awaited, change->uuid));

      if (machine != NULL && change->io_error != NULL)
        xeno_machine_set_io_error (machine, change->io_error);
      g_hash_table_insert (self->awaited, g_strdup (change->uuid), GINT_TO_POINTER (is_document));
    }
}

static GHashTable *
new_awaited (void)
{
  return g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
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
  xeno_connection_call (self, "refresh", XENO_LONG_CALL_MS, task, refresh_call,
                        self->awaited, (GDestroyNotify) g_hash_table_unref,
                        (GDestroyNotify) g_ptr_array_unref);
  self->awaited = new_awaited ();
}

/* Opening, losing, coming back */

static void
set_state (XenoConnection      *self,
           XenoConnectionState  state,
           const GError        *error)
{
  g_object_freeze_notify (G_OBJECT (self));
  if (self->error != NULL || error != NULL)
    {
      g_clear_error (&self->error);
      self->error = error != NULL ? g_error_copy (error) : NULL;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ERROR]);
    }
  if (self->state != state)
    {
      self->state = state;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATE]);
    }
  g_object_thaw_notify (G_OBJECT (self));
}

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
stop_refreshing (XenoConnection *self)
{
  g_cancellable_cancel (self->refreshing);
  g_clear_object (&self->refreshing);
  xeno_coalescer_cancel (self->refresher);
}

static void
drop_link (XenoConnection *self)
{
  g_clear_object (&self->link);
  g_hash_table_remove_all (self->awaited);
  stop_refreshing (self);
  g_clear_object (&self->caps);
  xeno_host_set_link (self->host, NULL);
}

static void
lose (XenoConnection *self)
{
  g_autoptr (GError) error = xeno_error_new (XENO_ERROR_NO_CONNECTION, NULL,
                                             _("The connection to “%s” was lost. It is opened again by itself."),
                                             self->title);

  if (g_get_monotonic_time () - self->opened_at_us > STABLE_US)
    self->pause_ms = FIRST_PAUSE_MS;
  drop_link (self);
  set_all_stale (self);
  set_state (self, XENO_CONNECTION_LOST, error);
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
  machines = xeno_facts_read_all (xeno_link_get_handle (asked->link), NULL, error);
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
  gboolean was_open = self->state == XENO_CONNECTION_LOST;

  set_state (self, was_open ? XENO_CONNECTION_LOST : XENO_CONNECTION_UNREACHABLE, error);
  answer_waiting (self, error);
}

static void
take_link (XenoConnection *self,
           Opening        *opening)
{
  self->link = g_steal_pointer (&opening->link);
  self->opened_at_us = g_get_monotonic_time ();
  xeno_host_set_link (self->host, self->link);
  apply_list (self, opening->machines);
  if (!self->is_populated)
    {
      self->is_populated = TRUE;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_IS_POPULATED]);
    }
  set_state (self, XENO_CONNECTION_OPEN, NULL);
  answer_waiting (self, NULL);

  /* What happened while the list was read. */
  if (self->link != NULL && xeno_link_is_lost (self->link))
    lose (self);
  else
    xeno_coalescer_trigger (self->refresher);
}

static void
opened_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (GError) error = NULL;
  Opening *opening = g_task_propagate_pointer (G_TASK (result), &error);
  XenoConnection *self;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED)) /* perhaps it does not live any more */
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
                                             _("“%s” does not answer. Its libvirt daemon hangs or is very busy; "
                                               "it connects by itself once it answers."), self->title);

  self->slow_id = 0;
  fail_opening (self, error);
}

/* Without a deadline: what hangs is waited for, and no second attempt piles up behind it. */
static void
start_opening (XenoConnection *self)
{
  g_autoptr (GTask) task = NULL;
  Opening *opening;

  if (self->link != NULL || self->opening != NULL)
    return;

  g_clear_handle_id (&self->retry_id, g_source_remove);
  if (self->state == XENO_CONNECTION_CLOSED)
    set_state (self, XENO_CONNECTION_OPENING, NULL);

  opening = g_new0 (Opening, 1);
  opening->link = xeno_link_new (G_OBJECT (self), link_cb);
  opening->uri = g_strdup (self->uri);
  self->opening = g_cancellable_new ();
  self->slow_id = g_timeout_add_once (xeno_connection_is_local (self) ? SLOW_OPEN_MS : SLOW_REMOTE_OPEN_MS,
                                      slow_cb, self);
  task = g_task_new (NULL, self->opening, opened_cb, self);
  g_task_set_source_tag (task, start_opening);
  xeno_worker_run (self->worker, NULL, 0, task, open_call, opening, opening_free, opening_free);
}

static void
stop_opening (XenoConnection *self)
{
  g_cancellable_cancel (self->opening);
  g_clear_object (&self->opening);
  g_clear_handle_id (&self->retry_id, g_source_remove);
  g_clear_handle_id (&self->slow_id, g_source_remove);
}

/* The object */

static void
xeno_connection_dispose (GObject *object)
{
  XenoConnection *self = XENO_CONNECTION (object);

  self->is_wanted = FALSE;
  stop_opening (self);
  stop_refreshing (self);
  g_clear_object (&self->link);

  G_OBJECT_CLASS (xeno_connection_parent_class)->dispose (object);
}

static void
xeno_connection_finalize (GObject *object)
{
  XenoConnection *self = XENO_CONNECTION (object);

  g_clear_object (&self->refresher);
  g_clear_object (&self->facade);
  g_clear_object (&self->machines);
  g_clear_object (&self->caps);
  g_clear_object (&self->host);
  g_clear_object (&self->worker);
  g_hash_table_unref (self->by_uuid);
  g_hash_table_unref (self->awaited);
  g_ptr_array_unref (self->waiting);
  g_clear_error (&self->error);
  g_free (self->title);
  g_free (self->uri);

  G_OBJECT_CLASS (xeno_connection_parent_class)->finalize (object);
}

static void
xeno_connection_constructed (GObject *object)
{
  XenoConnection *self = XENO_CONNECTION (object);

  G_OBJECT_CLASS (xeno_connection_parent_class)->constructed (object);

  self->title = xeno_uri_dup_title (self->uri, xeno_connection_get_default_uri ());
  self->host = xeno_host_new (self->worker, xeno_connection_is_local (self));
}

static void
xeno_connection_get_property (GObject    *object,
                              guint       prop_id,
                              GValue     *value,
                              GParamSpec *pspec)
{
  XenoConnection *self = XENO_CONNECTION (object);

  switch (prop_id)
    {
    case PROP_URI:
      g_value_set_string (value, self->uri);
      break;

    case PROP_TITLE:
      g_value_set_string (value, self->title);
      break;

    case PROP_STATE:
      g_value_set_enum (value, self->state);
      break;

    case PROP_ERROR:
      g_value_set_boxed (value, self->error);
      break;

    case PROP_IS_POPULATED:
      g_value_set_boolean (value, self->is_populated);
      break;

    case PROP_HOST:
      g_value_set_object (value, self->host);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
xeno_connection_set_property (GObject      *object,
                              guint         prop_id,
                              const GValue *value,
                              GParamSpec   *pspec)
{
  XenoConnection *self = XENO_CONNECTION (object);

  switch (prop_id)
    {
    case PROP_URI:
      self->uri = g_value_dup_string (value);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
xeno_connection_class_init (XenoConnectionClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->constructed = xeno_connection_constructed;
  object_class->dispose = xeno_connection_dispose;
  object_class->finalize = xeno_connection_finalize;
  object_class->get_property = xeno_connection_get_property;
  object_class->set_property = xeno_connection_set_property;

  /**
   * XenoConnection:uri:
   *
   * libvirt's address of it.
   */
  properties[PROP_URI] =
    g_param_spec_string ("uri", NULL, NULL, NULL,
                         G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);

  /**
   * XenoConnection:title:
   *
   * Its name for people.
   */
  properties[PROP_TITLE] = g_param_spec_string ("title", NULL, NULL, NULL, flags);

  /**
   * XenoConnection:state:
   *
   * Where it stands.
   */
  properties[PROP_STATE] =
    g_param_spec_enum ("state", NULL, NULL, XENO_TYPE_CONNECTION_STATE, XENO_CONNECTION_CLOSED, flags);

  /**
   * XenoConnection:error:
   *
   * Why it does not work, and how to mend it; %NULL while it works.
   */
  properties[PROP_ERROR] = g_param_spec_boxed ("error", NULL, NULL, G_TYPE_ERROR, flags);

  /**
   * XenoConnection:is-populated:
   *
   * Whether the first list of machines is complete.
   */
  properties[PROP_IS_POPULATED] = g_param_spec_boolean ("is-populated", NULL, NULL, FALSE, flags);

  /**
   * XenoConnection:host:
   *
   * The computer its machines run on.
   */
  properties[PROP_HOST] = g_param_spec_object ("host", NULL, NULL, XENO_TYPE_HOST, flags);

  g_object_class_install_properties (object_class, N_PROPS, properties);

  /**
   * XenoConnection::machine-added:
   * @self: the connection
   * @machine: the machine
   *
   * The list has one more.
   */
  signals[MACHINE_ADDED] = g_signal_new ("machine-added", XENO_TYPE_CONNECTION, G_SIGNAL_RUN_LAST, 0,
                                         NULL, NULL, NULL, G_TYPE_NONE, 1, XENO_TYPE_MACHINE);

  /**
   * XenoConnection::machine-removed:
   * @self: the connection
   * @machine: the machine
   *
   * The list has one less.
   */
  signals[MACHINE_REMOVED] = g_signal_new ("machine-removed", XENO_TYPE_CONNECTION, G_SIGNAL_RUN_LAST, 0,
                                           NULL, NULL, NULL, G_TYPE_NONE, 1, XENO_TYPE_MACHINE);
}

static void
xeno_connection_init (XenoConnection *self)
{
  self->pause_ms = FIRST_PAUSE_MS;
  self->worker = xeno_worker_new (N_THREADS);
  self->machines = g_list_store_new (XENO_TYPE_MACHINE);
  self->facade = xeno_read_only_list_new (G_LIST_MODEL (self->machines));
  self->by_uuid = g_hash_table_new (g_str_hash, g_str_equal);
  self->awaited = new_awaited ();
  self->waiting = g_ptr_array_new_with_free_func (g_object_unref);
  self->refresher = xeno_coalescer_new (REFRESH_INTERVAL_MS, refresh_cb, self);
}

/**
 * xeno_connection_get_default_uri:
 *
 * Gets the address people use who never chose one: their own machines, and for root the system's.
 *
 * Returns: (transfer none): the address
 */
const char *
xeno_connection_get_default_uri (void)
{
  return geteuid () == 0 ? "qemu:///system" : "qemu:///session";
}

/**
 * xeno_connection_new:
 * @uri: libvirt's address of it
 *
 * Makes a connection that is not open.
 *
 * Returns: (transfer full): the connection
 */
XenoConnection *
xeno_connection_new (const char *uri)
{
  g_return_val_if_fail (uri != NULL, NULL);

  return g_object_new (XENO_TYPE_CONNECTION, "uri", uri, NULL);
}

/**
 * xeno_connection_get_uri:
 * @self: a connection
 *
 * Gets libvirt's address of it.
 *
 * Returns: (transfer none): the address
 */
const char *
xeno_connection_get_uri (XenoConnection *self)
{
  g_return_val_if_fail (XENO_IS_CONNECTION (self), NULL);

  return self->uri;
}

/**
 * xeno_connection_get_title:
 * @self: a connection
 *
 * Gets its name for people.
 *
 * Returns: (transfer none): the name
 */
const char *
xeno_connection_get_title (XenoConnection *self)
{
  g_return_val_if_fail (XENO_IS_CONNECTION (self), NULL);

  return self->title;
}

/**
 * xeno_connection_get_state:
 * @self: a connection
 *
 * Gets where it stands.
 *
 * Returns: the state
 */
XenoConnectionState
xeno_connection_get_state (XenoConnection *self)
{
  g_return_val_if_fail (XENO_IS_CONNECTION (self), XENO_CONNECTION_CLOSED);

  return self->state;
}

/**
 * xeno_connection_get_error:
 * @self: a connection
 *
 * Gets why it does not work, and how to mend it.
 *
 * Returns: (transfer none) (nullable): the error, or %NULL while it works
 */
const GError *
xeno_connection_get_error (XenoConnection *self)
{
  g_return_val_if_fail (XENO_IS_CONNECTION (self), NULL);

  return self->error;
}

/**
 * xeno_connection_is_populated:
 * @self: a connection
 *
 * Whether the first list of machines is complete.
 *
 * Returns: whether it is
 */
gboolean
xeno_connection_is_populated (XenoConnection *self)
{
  g_return_val_if_fail (XENO_IS_CONNECTION (self), FALSE);

  return self->is_populated;
}

/**
 * xeno_connection_is_local:
 * @self: a connection
 *
 * Whether its machines run on this computer, so that files and sockets can be shared with them.
 *
 * Returns: whether they do
 */
gboolean
xeno_connection_is_local (XenoConnection *self)
{
  g_return_val_if_fail (XENO_IS_CONNECTION (self), FALSE);

  return xeno_uri_is_local (self->uri);
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
  g_autoptr (GError) error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, _("The connection was closed."));

  g_return_if_fail (XENO_IS_CONNECTION (self));

  self->is_wanted = FALSE;
  self->pause_ms = FIRST_PAUSE_MS;
  stop_opening (self);
  drop_link (self);
  apply_list (self, nothing);
  set_state (self, XENO_CONNECTION_CLOSED, NULL);
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

/**
 * xeno_connection_find_machine:
 * @self: a connection
 * @reference: a uuid, a name, or a title that only one machine has
 * @error: where to say why none is meant
 *
 * Finds a machine as people refer to one. Errors: %XENO_ERROR_NOT_FOUND, %XENO_ERROR_INVALID where
 * more than one has the title.
 *
 * Returns: (transfer none) (nullable): the machine
 */
XenoMachine *
xeno_connection_find_machine (XenoConnection  *self,
                              const char      *reference,
                              GError         **error)
{
  XenoMachine *found;
  GHashTableIter iter;
  gpointer machine;
  guint n_titles = 0;

  g_return_val_if_fail (XENO_IS_CONNECTION (self), NULL);
  g_return_val_if_fail (reference != NULL, NULL);

  found = g_hash_table_lookup (self->by_uuid, reference);
  g_hash_table_iter_init (&iter, self->by_uuid);
  while (found == NULL && g_hash_table_iter_next (&iter, NULL, &machine))
    if (g_strcmp0 (xeno_machine_get_name (machine), reference) == 0)
      found = machine;
  if (found != NULL)
    return found;

  g_hash_table_iter_init (&iter, self->by_uuid);
  while (g_hash_table_iter_next (&iter, NULL, &machine))
    if (g_strcmp0 (xeno_machine_get_title (machine), reference) == 0)
      {
        found = machine;
        n_titles++;
      }
  if (n_titles == 1)
    return found;

  if (n_titles == 0)
    xeno_set_error (error, XENO_ERROR_NOT_FOUND, NULL,
                    _("There is no machine “%s” on “%s”."), reference, self->title);
  else
    xeno_set_error (error, XENO_ERROR_INVALID, NULL,
                    _("More than one machine is called “%s”. Use its name or uuid instead."), reference);
  return NULL;
}

/**
 * xeno_connection_get_host:
 * @self: a connection
 *
 * Gets the computer its machines run on.
 *
 * Returns: (transfer none): the host
 */
XenoHost *
xeno_connection_get_host (XenoConnection *self)
{
  g_return_val_if_fail (XENO_IS_CONNECTION (self), NULL);

  return self->host;
}
