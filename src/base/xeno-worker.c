/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Runs blocking calls on threads of its own, in lanes, and gives the person back control in time. */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "base/xeno-error.h"
#include "base/xeno-worker.h"

/* What threads share. It outlives the XenoWorker for as long as a call is stuck, so that nobody has
 * to wait for that call. */
typedef struct
{
  gatomicrefcount  ref_count;
  GMutex           mutex;
  GThreadPool     *pool;
  GHashTable      *lanes; /* name -> GQueue of Work waiting behind the one that runs */
} Shared;

/* Who was first: the thread that begins, or the deadline. */
enum
{
  PHASE_WAITING,
  PHASE_RUNNING,
  PHASE_GIVEN_UP,
};

typedef struct
{
  Shared         *shared;
  gint            phase; /* atomic */
  char           *lane;
  GMainContext   *context;
  GTask          *task;
  GCancellable   *cancellable;
  XenoWorkFunc    func;
  gpointer        data;
  GDestroyNotify  free_data;
  GDestroyNotify  free_result;
  gpointer        result;
  GError         *error;
  GSource        *deadline;
  GSource        *cancelled;
  gint            is_given_up; /* atomic: nobody waits for it any more */
} Work;

struct _XenoWorker
{
  GObject  parent_instance;
  Shared  *shared;
};

G_DEFINE_FINAL_TYPE (XenoWorker, xeno_worker, G_TYPE_OBJECT)

static void
shared_unref (Shared *shared)
{
  if (!g_atomic_ref_count_dec (&shared->ref_count))
    return;

  /* Not waiting, and perhaps in one of its own threads: it ends by itself. */
  g_thread_pool_free (shared->pool, FALSE, FALSE);
  g_hash_table_unref (shared->lanes);
  g_mutex_clear (&shared->mutex);
  g_free (shared);
}

static void
drop_source (GSource **source)
{
  if (*source == NULL)
    return;

  g_source_destroy (*source);
  g_clear_pointer (source, g_source_unref);
}

static void
release_person (Work *work)
{
  drop_source (&work->deadline);
  drop_source (&work->cancelled);
  g_clear_object (&work->task);
  g_atomic_int_set (&work->is_given_up, TRUE);
}

static gboolean
deadline_cb (gpointer user_data)
{
  Work *work = user_data;
  const char *sentence;

  if (g_atomic_int_compare_and_exchange (&work->phase, PHASE_WAITING, PHASE_GIVEN_UP))
    sentence = _("What was asked for before did not end in time, so this was not done. "
                 "Try again later.");
  else
    sentence = _("There was no answer in time, so the outcome is not known. "
                 "It will show here once the answer comes.");

  g_task_return_error (work->task, xeno_error_new (XENO_ERROR_TIMEOUT, NULL, "%s", sentence));
  release_person (work);
  return G_SOURCE_REMOVE;
}

static gboolean
cancelled_cb (GCancellable *cancellable,
              gpointer      user_data)
{
  Work *work = user_data;

  g_task_return_error_if_cancelled (work->task);
  release_person (work);
  return G_SOURCE_REMOVE;
}

static void
work_free (Work *work)
{
  drop_source (&work->deadline);
  drop_source (&work->cancelled);
  if (work->data != NULL && work->free_data != NULL)
    work->free_data (work->data);
  if (work->result != NULL && work->free_result != NULL)
    work->free_result (work->result);
  g_clear_error (&work->error);
  g_clear_object (&work->task);
  g_clear_object (&work->cancellable);
  g_main_context_unref (work->context);
  g_free (work->lane);
  shared_unref (work->shared);
  g_free (work);
}

static gboolean
finish_cb (gpointer user_data)
{
  Work *work = user_data;
  g_autoptr (GTask) task = g_steal_pointer (&work->task);

  drop_source (&work->deadline);
  drop_source (&work->cancelled);
  if (task == NULL) /* given up on: what came late is dropped with the work */
    return G_SOURCE_REMOVE;

  if (work->error != NULL)
    g_task_return_error (task, g_steal_pointer (&work->error));
  else
    g_task_return_pointer (task, g_steal_pointer (&work->result), work->free_result);
  return G_SOURCE_REMOVE;
}

static void
start_next (Shared     *shared,
            const char *lane)
{
  GQueue *waiting = g_hash_table_lookup (shared->lanes, lane);

  if (g_queue_is_empty (waiting))
    g_hash_table_remove (shared->lanes, lane);
  else
    g_thread_pool_push (shared->pool, g_queue_pop_head (waiting), NULL);
}

static void
run_cb (gpointer data,
        gpointer user_data)
{
  Work *work = data;
  Shared *shared = work->shared;
  g_autoptr (GSource) finish = g_idle_source_new ();

  if (g_atomic_int_compare_and_exchange (&work->phase, PHASE_WAITING, PHASE_RUNNING)
      && !g_cancellable_set_error_if_cancelled (work->cancellable, &work->error))
    work->result = work->func (work->data, work->cancellable, &work->error);

  if (work->lane != NULL)
    {
      g_mutex_lock (&shared->mutex);
      start_next (shared, work->lane);
      g_mutex_unlock (&shared->mutex);
    }

  g_source_set_priority (finish, G_PRIORITY_DEFAULT);
  g_source_set_callback (finish, finish_cb, work, (GDestroyNotify) work_free);
  g_source_attach (finish, work->context);
}

static void
xeno_worker_finalize (GObject *object)
{
  XenoWorker *self = XENO_WORKER (object);

  shared_unref (self->shared);

  G_OBJECT_CLASS (xeno_worker_parent_class)->finalize (object);
}

static void
xeno_worker_class_init (XenoWorkerClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = xeno_worker_finalize;
}

static void
xeno_worker_init (XenoWorker *self)
{
}

static void
watch_deadline (Work  *work,
                guint  deadline_ms)
{
  work->deadline = g_timeout_source_new (deadline_ms);
  g_source_set_callback (work->deadline, deadline_cb, work, NULL);
  g_source_attach (work->deadline, work->context);
}

static void
watch_cancellable (Work *work)
{
  work->cancelled = g_cancellable_source_new (work->cancellable);
  g_source_set_callback (work->cancelled, G_SOURCE_FUNC (cancelled_cb), work, NULL);
  g_source_attach (work->cancelled, work->context);
}

static void
queue_work (Work *work)
{
  Shared *shared = work->shared;
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&shared->mutex);
  GQueue *waiting;

  if (work->lane == NULL)
    {
      g_thread_pool_push (shared->pool, work, NULL);
      return;
    }

  waiting = g_hash_table_lookup (shared->lanes, work->lane);
  if (waiting != NULL)
    {
      g_queue_push_tail (waiting, work);
      return;
    }

  g_hash_table_insert (shared->lanes, g_strdup (work->lane), g_queue_new ());
  g_thread_pool_push (shared->pool, work, NULL);
}

/**
 * xeno_worker_new:
 * @n_threads: how many calls may block at the same time
 *
 * Makes a worker with threads of its own. Nobody else's dead host can use them up, and dropping the
 * worker waits for none of them.
 *
 * Returns: (transfer full): the worker
 */
XenoWorker *
xeno_worker_new (guint n_threads)
{
  XenoWorker *self;
  Shared *shared;

  g_return_val_if_fail (n_threads > 0, NULL);

  shared = g_new0 (Shared, 1);
  g_atomic_ref_count_init (&shared->ref_count);
  g_mutex_init (&shared->mutex);
  shared->lanes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                         (GDestroyNotify) g_queue_free);
  shared->pool = g_thread_pool_new (run_cb, NULL, n_threads, FALSE, NULL);

  self = g_object_new (XENO_TYPE_WORKER, NULL);
  self->shared = shared;
  return self;
}

/**
 * xeno_worker_run:
 * @self: a worker
 * @lane: (nullable): work of the same lane runs in order, one at a time; %NULL for no order
 * @deadline_ms: milliseconds after which the task returns %XENO_ERROR_TIMEOUT, or 0 for no deadline
 * @task: the task that waits for the result, made in the calling thread
 * @func: (scope async): the blocking work
 * @data: (nullable) (transfer full): what @func gets
 * @free_data: (nullable): frees @data, in the task's main context
 * @free_result: (nullable): frees the result of @func when nobody takes it
 *
 * Runs @func on a thread and returns its result, or its error, from @task in the task's main
 * context; take it with g_task_propagate_pointer(). The task returns early when it is cancelled or
 * the deadline has passed; what @func gives later is dropped then, and @func is not called at all
 * when it has not begun by then.
 */
void
xeno_worker_run (XenoWorker     *self,
                 const char     *lane,
                 guint           deadline_ms,
                 GTask          *task,
                 XenoWorkFunc    func,
                 gpointer        data,
                 GDestroyNotify  free_data,
                 GDestroyNotify  free_result)
{
  Work *work;

  g_return_if_fail (XENO_IS_WORKER (self));
  g_return_if_fail (G_IS_TASK (task));
  g_return_if_fail (func != NULL);

  work = g_new0 (Work, 1);
  work->shared = self->shared;
  g_atomic_ref_count_inc (&self->shared->ref_count);
  work->lane = g_strdup (lane);
  work->context = g_main_context_ref (g_task_get_context (task));
  work->task = g_object_ref (task);
  g_set_object (&work->cancellable, g_task_get_cancellable (task));
  work->func = func;
  work->data = data;
  work->free_data = free_data;
  work->free_result = free_result;

  if (deadline_ms > 0)
    watch_deadline (work, deadline_ms);
  if (work->cancellable != NULL)
    watch_cancellable (work);

  queue_work (work);
}
