/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The thread on which libvirt's events happen, apart from every window. */
#include "config.h"

#include <glib-unix.h>
#include <libvirt/libvirt.h>
#include <signal.h>

#include "virt/xeno-event-loop.h"

/* One file descriptor or one timer that libvirt watches. */
typedef struct
{
  int                     fd;
  int                     id;
  virEventHandleCallback  handle_func;
  virEventTimeoutCallback timeout_func;
  gpointer                data;
  virFreeCallback         free_data;
  GSource                *source; /* NULL while nothing is watched for; guarded by the loop's mutex */
} Watch;

typedef struct
{
  GMainContext *context;
  GMutex        mutex;
  GCond         ready;
  gboolean      is_ready;
  GHashTable   *watches; /* id -> Watch */
  int           last_id;
} Loop;

static void
watch_clear (Watch *watch)
{
  if (watch->free_data != NULL)
    watch->free_data (watch->data);
}

static void
watch_unref (gpointer watch)
{
  g_atomic_rc_box_release_full (watch, (GDestroyNotify) watch_clear);
}

/* Libraries below libvirt keep state for the thread that makes them ready, and OpenSSL 3.0 frees it
 * twice where that thread ends while the process does. This one never ends. */
static gpointer
run_loop_cb (gpointer data)
{
  Loop *loop = data;

  virInitialize ();
  g_mutex_lock (&loop->mutex);
  loop->is_ready = TRUE;
  g_cond_broadcast (&loop->ready);
  g_mutex_unlock (&loop->mutex);

  g_main_context_push_thread_default (loop->context);
  while (TRUE)
    g_main_context_iteration (loop->context, TRUE);
  return NULL;
}

/* libvirt's functions for a loop take no closure and cannot be unregistered, so the process has one
 * loop, made at first use, for as long as it lives. */
static Loop *
get_loop (void)
{
  static Loop *loop;

  if (g_once_init_enter (&loop))
    {
      Loop *made = g_new0 (Loop, 1);

      made->context = g_main_context_new ();
      g_mutex_init (&made->mutex);
      g_cond_init (&made->ready);
      made->watches = g_hash_table_new_full (NULL, NULL, NULL, watch_unref);
      g_once_init_leave (&loop, made);
    }
  return loop;
}

static void
wait_until_ready (Loop *loop)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&loop->mutex);

  while (!loop->is_ready)
    g_cond_wait (&loop->ready, &loop->mutex);
}

static GIOCondition
events_to_condition (int events)
{
  GIOCondition condition = 0;

  if (events & VIR_EVENT_HANDLE_READABLE)
    condition |= G_IO_IN;
  if (events & VIR_EVENT_HANDLE_WRITABLE)
    condition |= G_IO_OUT;
  if (events & VIR_EVENT_HANDLE_ERROR)
    condition |= G_IO_ERR;
  if (events & VIR_EVENT_HANDLE_HANGUP)
    condition |= G_IO_HUP;
  return condition;
}

static int
condition_to_events (GIOCondition condition)
{
  int events = 0;

  if (condition & G_IO_IN)
    events |= VIR_EVENT_HANDLE_READABLE;
  if (condition & G_IO_OUT)
    events |= VIR_EVENT_HANDLE_WRITABLE;
  if (condition & (G_IO_ERR | G_IO_NVAL))
    events |= VIR_EVENT_HANDLE_ERROR;
  if (condition & G_IO_HUP)
    events |= VIR_EVENT_HANDLE_HANGUP;
  return events;
}

static gboolean
handle_cb (int          fd,
           GIOCondition condition,
           gpointer     user_data)
{
  Watch *watch = user_data;

  watch->handle_func (watch->id, fd, condition_to_events (condition), watch->data);
  return G_SOURCE_CONTINUE;
}

static gboolean
timeout_cb (gpointer user_data)
{
  Watch *watch = user_data;

  watch->timeout_func (watch->id, watch->data);
  return G_SOURCE_CONTINUE;
}

static void
stop_source (Watch *watch)
{
  if (watch->source == NULL)
    return;

  g_source_destroy (watch->source);
  g_clear_pointer (&watch->source, g_source_unref);
}

/* A descriptor watched for nothing has no source at all: poll() would report a hang-up for ever. */
static void
start_handle (Loop  *loop,
              Watch *watch,
              int    events)
{
  stop_source (watch);
  if (events == 0)
    return;

  watch->source = g_unix_fd_source_new (watch->fd, events_to_condition (events));
  g_source_set_callback (watch->source, G_SOURCE_FUNC (handle_cb),
                         g_atomic_rc_box_acquire (watch), watch_unref);
  g_source_attach (watch->source, loop->context);
}

static void
start_timeout (Loop  *loop,
               Watch *watch,
               int    interval_ms)
{
  stop_source (watch);
  if (interval_ms < 0)
    return;

  watch->source = g_timeout_source_new (interval_ms);
  g_source_set_callback (watch->source, timeout_cb,
                         g_atomic_rc_box_acquire (watch), watch_unref);
  g_source_attach (watch->source, loop->context);
}

static Watch *
add_watch (Loop            *loop,
           gpointer         data,
           virFreeCallback  free_data)
{
  Watch *watch = g_atomic_rc_box_new0 (Watch);

  watch->id = ++loop->last_id;
  watch->data = data;
  watch->free_data = free_data;
  g_hash_table_insert (loop->watches, GINT_TO_POINTER (watch->id), watch);
  return watch;
}

static gboolean
drop_watch_cb (gpointer user_data)
{
  return G_SOURCE_REMOVE;
}

/* The data is freed on the loop's thread: there it is sure that no callback runs, and the caller's
 * locks are not held. */
static int
remove_watch (int id)
{
  Loop *loop = get_loop ();
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&loop->mutex);
  g_autoptr (GSource) drop = NULL;
  Watch *watch = g_hash_table_lookup (loop->watches, GINT_TO_POINTER (id));

  if (watch == NULL)
    return -1;

  drop = g_idle_source_new ();
  g_source_set_callback (drop, drop_watch_cb, g_atomic_rc_box_acquire (watch), watch_unref);
  stop_source (watch);
  g_hash_table_remove (loop->watches, GINT_TO_POINTER (id));
  g_source_attach (drop, loop->context);
  return 0;
}

static int
add_handle (int                     fd,
            int                     events,
            virEventHandleCallback  func,
            void                   *data,
            virFreeCallback         free_data)
{
  Loop *loop = get_loop ();
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&loop->mutex);
  Watch *watch = add_watch (loop, data, free_data);

  watch->fd = fd;
  watch->handle_func = func;
  start_handle (loop, watch, events);
  return watch->id;
}

static void
update_handle (int id,
               int events)
{
  Loop *loop = get_loop ();
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&loop->mutex);
  Watch *watch = g_hash_table_lookup (loop->watches, GINT_TO_POINTER (id));

  if (watch != NULL)
    start_handle (loop, watch, events);
}

static int
add_timeout (int                      interval_ms,
             virEventTimeoutCallback  func,
             void                    *data,
             virFreeCallback          free_data)
{
  Loop *loop = get_loop ();
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&loop->mutex);
  Watch *watch = add_watch (loop, data, free_data);

  watch->timeout_func = func;
  start_timeout (loop, watch, interval_ms);
  return watch->id;
}

static void
update_timeout (int id,
                int interval_ms)
{
  Loop *loop = get_loop ();
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&loop->mutex);
  Watch *watch = g_hash_table_lookup (loop->watches, GINT_TO_POINTER (id));

  if (watch != NULL)
    start_timeout (loop, watch, interval_ms);
}

/**
 * xeno_event_loop_ensure:
 *
 * Gives libvirt a loop on a thread of its own, once for the process. It must happen before the
 * first connection is opened; libvirt takes no other loop afterwards. It takes some milliseconds the
 * first time: libvirt makes itself ready.
 */
void
xeno_event_loop_ensure (void)
{
  static gsize is_registered;

  if (!g_once_init_enter (&is_registered))
    return;

  /* libvirt writes to its daemon without asking for less: one that just died would take us along. */
  signal (SIGPIPE, SIG_IGN);

  g_thread_unref (g_thread_new ("xeno-events", run_loop_cb, get_loop ()));
  virEventRegisterImpl (add_handle, update_handle, remove_watch,
                        add_timeout, update_timeout, remove_watch);
  wait_until_ready (get_loop ());
  g_once_init_leave (&is_registered, 1);
}

/**
 * xeno_event_loop_get_context:
 *
 * Gets the context that libvirt's callbacks run in. Nothing may block there.
 *
 * Returns: (transfer none): the context
 */
GMainContext *
xeno_event_loop_get_context (void)
{
  return get_loop ()->context;
}
