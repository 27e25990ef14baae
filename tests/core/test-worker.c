/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Blocking work on threads: in order, in time, and nobody waits for a call that is stuck. */
#include "config.h"

#include "base/xeno-error.h"
#include "base/xeno-worker.h"

#define SOON_MS 50
#define LATER_MS 30000

/* A door that keeps a worker's thread until the test opens it. */
typedef struct
{
  GMutex   mutex;
  GCond    cond;
  gboolean is_open;
  guint    n_waiting;
  guint    n_calls;
} Door;

static Door *
door_new (void)
{
  Door *door = g_new0 (Door, 1);

  g_mutex_init (&door->mutex);
  g_cond_init (&door->cond);
  return door;
}

static void
door_free (Door *door)
{
  g_mutex_clear (&door->mutex);
  g_cond_clear (&door->cond);
  g_free (door);
}

static void
door_open (Door *door)
{
  g_mutex_lock (&door->mutex);
  door->is_open = TRUE;
  g_cond_broadcast (&door->cond);
  g_mutex_unlock (&door->mutex);
}

/* Waits until so many threads stand before the door. */
static void
door_await (Door  *door,
            guint  n_waiting)
{
  gint64 deadline_us = g_get_monotonic_time () + 60 * G_TIME_SPAN_SECOND;

  g_mutex_lock (&door->mutex);
  while (door->n_waiting < n_waiting)
    g_assert_true (g_cond_wait_until (&door->cond, &door->mutex, deadline_us));
  g_mutex_unlock (&door->mutex);
}

static gpointer
pass_door (gpointer       data,
           GCancellable  *cancellable,
           GError       **error)
{
  Door *door = data;

  g_mutex_lock (&door->mutex);
  door->n_calls++;
  door->n_waiting++;
  g_cond_broadcast (&door->cond);
  while (!door->is_open)
    g_cond_wait (&door->cond, &door->mutex);
  door->n_waiting--;
  g_mutex_unlock (&door->mutex);
  return g_strdup ("through");
}

static gpointer
fail (gpointer       data,
      GCancellable  *cancellable,
      GError       **error)
{
  xeno_set_error (error, XENO_ERROR_IN_USE, NULL, "Somebody else has it.");
  return NULL;
}

static gpointer
append_letter (gpointer       data,
               GCancellable  *cancellable,
               GError       **error)
{
  GString **work = data;

  g_string_append_c (work[0], work[1]->str[0]);
  return NULL;
}

static void
free_letter (gpointer data)
{
  GString **work = data;

  g_string_free (work[1], TRUE);
  g_free (work);
}

static void
done_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  *(GTask **) user_data = g_object_ref (G_TASK (result));
}

static GTask *
await (GTask **done)
{
  while (*done == NULL)
    g_main_context_iteration (NULL, TRUE);
  return g_steal_pointer (done);
}

static void
drain (void)
{
  while (g_main_context_iteration (NULL, FALSE))
    continue;
}

static void
run (XenoWorker    *worker,
     const char    *lane,
     guint          deadline_ms,
     GCancellable  *cancellable,
     XenoWorkFunc   func,
     gpointer       data,
     GTask        **done)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, done_cb, done);

  xeno_worker_run (worker, lane, deadline_ms, task, func, data, NULL, g_free);
}

static void
test_result (void)
{
  g_autoptr (XenoWorker) worker = xeno_worker_new (1);
  g_autoptr (GError) error = NULL;
  g_autoptr (GTask) first = NULL;
  g_autoptr (GTask) second = NULL;
  g_autofree char *result = NULL;
  Door *door = door_new ();
  GTask *done = NULL;

  door_open (door);
  run (worker, NULL, LATER_MS, NULL, pass_door, door, &done);
  first = await (&done);
  result = g_task_propagate_pointer (first, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (result, ==, "through");

  run (worker, "lane", 0, NULL, fail, NULL, &done);
  second = await (&done);
  g_assert_null (g_task_propagate_pointer (second, &error));
  g_assert_error (error, XENO_ERROR, XENO_ERROR_IN_USE);
  door_free (door);
}

static void
test_lane (void)
{
  g_autoptr (XenoWorker) worker = xeno_worker_new (4);
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GString) expected = g_string_new (NULL);
  GTask *done = NULL;

  for (char letter = 'a'; letter <= 'z'; letter++)
    {
      g_autoptr (GTask) task = g_task_new (NULL, NULL, letter == 'z' ? done_cb : NULL, &done);
      GString **work = g_new0 (GString *, 2);
      const char own[] = { letter, '\0' };

      work[0] = text;
      work[1] = g_string_new (own);
      g_string_append (expected, own);
      xeno_worker_run (worker, "lane", 0, task, append_letter, work, free_letter, NULL);
    }

  g_object_unref (await (&done));
  g_assert_cmpstr (text->str, ==, expected->str);
}

static void
test_lanes_apart (void)
{
  g_autoptr (XenoWorker) worker = xeno_worker_new (3);
  g_autoptr (GTask) free_result = NULL;
  Door *stuck = door_new ();
  Door *open = door_new ();
  GTask *stuck_done = NULL;
  GTask *behind_done = NULL;
  GTask *free_done = NULL;

  door_open (open);
  run (worker, "one", 0, NULL, pass_door, stuck, &stuck_done);
  run (worker, "one", 0, NULL, pass_door, stuck, &behind_done);
  run (worker, "two", 0, NULL, pass_door, open, &free_done);
  free_result = await (&free_done);
  door_await (stuck, 1);
  g_assert_null (stuck_done);
  g_assert_cmpuint (stuck->n_calls, ==, 1);

  door_open (stuck);
  g_object_unref (await (&stuck_done));
  g_object_unref (await (&behind_done));
  g_assert_cmpuint (stuck->n_calls, ==, 2);
  door_free (stuck);
  door_free (open);
}

static void
test_deadline (void)
{
  g_autoptr (XenoWorker) worker = xeno_worker_new (1);
  g_autoptr (GError) error = NULL;
  g_autoptr (GTask) late = NULL;
  Door *door = door_new ();
  GTask *done = NULL;
  GTask *next_done = NULL;

  run (worker, "lane", SOON_MS, NULL, pass_door, door, &done);
  door_await (door, 1); /* what has not begun by then is never done */
  late = await (&done);
  g_assert_null (g_task_propagate_pointer (late, &error));
  g_assert_error (error, XENO_ERROR, XENO_ERROR_TIMEOUT);
  g_assert_nonnull (strstr (error->message, "not known"));

  /* The late result is dropped, and the lane goes on. */
  run (worker, "lane", LATER_MS, NULL, pass_door, door, &next_done);
  door_open (door);
  g_object_unref (await (&next_done));
  g_assert_cmpuint (door->n_calls, ==, 2);
  drain ();
  door_free (door);
}

static void
test_deadline_before_start (void)
{
  g_autoptr (XenoWorker) worker = xeno_worker_new (1);
  g_autoptr (GError) error = NULL;
  g_autoptr (GTask) late = NULL;
  Door *door = door_new ();
  Door *behind = door_new ();
  GTask *done = NULL;
  GTask *behind_done = NULL;
  GTask *last_done = NULL;

  door_open (behind);
  run (worker, "lane", 0, NULL, pass_door, door, &done);
  run (worker, "lane", SOON_MS, NULL, pass_door, behind, &behind_done);
  run (worker, "lane", 0, NULL, pass_door, door, &last_done);
  late = await (&behind_done);
  g_assert_null (g_task_propagate_pointer (late, &error));
  g_assert_error (error, XENO_ERROR, XENO_ERROR_TIMEOUT);
  g_assert_nonnull (strstr (error->message, "not done"));

  door_open (door);
  g_object_unref (await (&done));
  g_object_unref (await (&last_done));
  g_assert_cmpuint (behind->n_calls, ==, 0);
  door_free (door);
  door_free (behind);
}

static void
test_cancel (void)
{
  g_autoptr (XenoWorker) worker = xeno_worker_new (2);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GCancellable) other = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (GTask) cancelled = NULL;
  g_autoptr (GTask) never_began = NULL;
  Door *door = door_new ();
  GTask *done = NULL;
  GTask *other_done = NULL;
  GTask *last_done = NULL;

  run (worker, "lane", LATER_MS, cancellable, pass_door, door, &done);
  run (worker, "lane", LATER_MS, other, pass_door, door, &other_done);
  door_await (door, 1);
  g_cancellable_cancel (cancellable);
  g_cancellable_cancel (other);
  cancelled = await (&done);
  g_assert_null (g_task_propagate_pointer (cancelled, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  never_began = await (&other_done);

  run (worker, "lane", LATER_MS, NULL, pass_door, door, &last_done);
  door_open (door);
  g_object_unref (await (&last_done));
  g_assert_cmpuint (door->n_calls, ==, 2);
  door_free (door);
}

static void
test_drop_while_stuck (void)
{
  XenoWorker *worker = xeno_worker_new (1);
  g_autoptr (GTask) result = NULL;
  g_autofree char *text = NULL;
  Door *door = door_new ();
  GTask *done = NULL;

  run (worker, "lane", 0, NULL, pass_door, door, &done);
  door_await (door, 1);
  g_assert_finalize_object (worker);

  door_open (door);
  result = await (&done);
  text = g_task_propagate_pointer (result, NULL);
  g_assert_cmpstr (text, ==, "through");
  drain ();
  door_free (door);
}

static gpointer
run_in_own_context (gpointer data)
{
  XenoWorker *worker = data;
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (GTask) task = NULL;
  g_autoptr (GTask) result = NULL;
  g_autoptr (GError) error = NULL;
  GTask *done = NULL;

  g_main_context_push_thread_default (context);
  task = g_task_new (NULL, NULL, done_cb, &done);
  xeno_worker_run (worker, NULL, LATER_MS, task, fail, NULL, NULL, NULL);
  while (done == NULL)
    g_main_context_iteration (context, TRUE);
  result = done;
  g_assert_null (g_task_propagate_pointer (result, &error));
  g_main_context_pop_thread_default (context);
  return g_steal_pointer (&error);
}

static void
test_own_context (void)
{
  g_autoptr (XenoWorker) worker = xeno_worker_new (1);
  GThread *thread = g_thread_new ("caller", run_in_own_context, worker);
  g_autoptr (GError) error = g_thread_join (thread);

  g_assert_error (error, XENO_ERROR, XENO_ERROR_IN_USE);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/xeno/worker/a-result-or-an-error-comes-back", test_result);
  g_test_add_func ("/xeno/worker/a-lane-runs-in-order", test_lane);
  g_test_add_func ("/xeno/worker/a-stuck-lane-does-not-hold-another", test_lanes_apart);
  g_test_add_func ("/xeno/worker/a-deadline-releases-and-drops-the-late-result", test_deadline);
  g_test_add_func ("/xeno/worker/what-was-given-up-before-it-began-is-not-done",
                   test_deadline_before_start);
  g_test_add_func ("/xeno/worker/cancelling-releases-at-once", test_cancel);
  g_test_add_func ("/xeno/worker/dropping-it-waits-for-nobody", test_drop_while_stuck);
  g_test_add_func ("/xeno/worker/results-arrive-in-the-caller-s-context", test_own_context);

  return g_test_run ();
}
