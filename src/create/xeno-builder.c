/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Makes a machine from a plan: a job of steps, each with an undo. */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "base/xeno-error.h"
#include "base/xeno-worker.h"
#include "create/xeno-build-first-start.h"
#include "create/xeno-build-note.h"
#include "create/xeno-build.h"
#include "create/xeno-builder-private.h"
#include "create/xeno-recipe.h"

#define BUILDER_KEY "xeno-builder"

/* How much of a random UUID tells files of the same machine apart. */
#define MARK_CHARS 8

typedef struct
{
  XenoBuild        *build;
  XenoJob          *job;     /* NULL when undoing what another process left */
  GTask            *task;
  XenoWorker       *worker;
  XenoJournalEntry *entry;   /* NULL before anything is made, and once nothing is left to undo or to put away */
  GError           *error;   /* why it is being undone */
  guint             step;
  gboolean          has_made; /* there may be something to undo */
  gboolean          is_whole; /* all is made: what comes now does not change what there is */
  gboolean          is_kept; /* the machine stays, though it did not start */
  gboolean          is_passing; /* what was made is undone once the machine is gone */
} Builder;

static void go_on (Builder *builder);
static void go_back (Builder *builder);

static Builder *
builder_new (XenoBuild *build,
             GTask     *task)
{
  Builder *builder = g_new0 (Builder, 1);

  builder->build = build;
  builder->task = g_object_ref (task);
  builder->worker = xeno_worker_new (1);
  return builder;
}

static void
builder_free (Builder *builder)
{
  xeno_build_free (builder->build);
  g_clear_object (&builder->job);
  g_clear_object (&builder->task);
  g_clear_object (&builder->worker);
  g_clear_object (&builder->entry);
  g_clear_error (&builder->error);
  g_free (builder);
}

/* The end, well or not. */
static void
finish (Builder *builder)
{
  XenoMachine *machine = builder->build->machine;

  if (builder->job != NULL)
    xeno_job_finish (builder->job, builder->error);
  if (builder->is_kept)
    g_object_set_data_full (G_OBJECT (builder->task), "xeno-machine", g_object_ref (machine), g_object_unref);

  if (builder->error == NULL && builder->is_passing)
    {
      g_autoptr (GTask) task = g_steal_pointer (&builder->task);

      g_clear_object (&builder->build->plan); /* which may hold what is about to hold this */
      g_object_set_data_full (G_OBJECT (task), BUILDER_KEY, builder, (GDestroyNotify) builder_free);
      g_task_return_pointer (task, g_object_ref (machine), g_object_unref);
      return;
    }

  if (builder->error != NULL)
    g_task_return_error (builder->task, g_steal_pointer (&builder->error));
  else
    g_task_return_pointer (builder->task, machine != NULL ? g_object_ref (machine) : NULL, g_object_unref);
  builder_free (builder);
}

static void
undo_struck_out_cb (GObject      *source,
                    GAsyncResult *result,
                    gpointer      user_data)
{
  Builder *builder = user_data;
  g_autoptr (GError) error = NULL;

  /* The next start looks at it once more, and finds nothing to do. */
  if (!xeno_build_note_strike_out_finish (result, &error))
    g_info ("The journal keeps %s: %s", builder->build->uuid, error->message);
  finish (builder);
}

static void
undone_cb (XenoBuild *build,
           GError    *error)
{
  Builder *builder = build->owner;
  g_autoptr (GError) problem = error;

  if (problem == NULL)
    {
      go_back (builder);
      return;
    }

  /* The journal keeps what is left to do. */
  if (builder->error == NULL)
    builder->error = g_steal_pointer (&problem);
  finish (builder);
}

static void
go_back (Builder *builder)
{
  gsize n_steps;
  const XenoBuildStep *steps = xeno_build_step_list (&n_steps);

  while (builder->step > 0)
    {
      const XenoBuildStep *step = &steps[--builder->step];

      if (step->undo != NULL)
        {
          builder->build->done = undone_cb;
          step->undo (builder->build);
          return;
        }
    }

  if (builder->entry != NULL)
    xeno_build_note_strike_out_async (builder->entry, builder->worker, undo_struck_out_cb, builder);
  else
    finish (builder);
}

static void
undo_noted_cb (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  Builder *builder = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (XenoJournalEntry) entry = xeno_build_note_begin_finish (result, &error);

  /* Even where the journal is full by now, nothing is to stay behind. */
  if (entry == NULL)
    g_info ("The journal does not know that %s is undone: %s", builder->build->uuid, error->message);
  g_set_object (&builder->entry, entry);
  go_back (builder);
}

static void
turn_round (Builder *builder,
            GError  *error)
{
  builder->error = error;
  builder->step++; /* what failed may have left something, too */
  if (builder->job != NULL)
    xeno_job_report (builder->job, _("Clearing away…"), -1.0);

  if (!builder->has_made)
    finish (builder);
  else if (builder->entry == NULL)
    xeno_build_note_begin_async (builder->build, builder->worker, undo_noted_cb, builder);
  else
    go_back (builder);
}

static void
keep (Builder *builder,
      GError  *error)
{
  builder->error = error;
  builder->is_kept = TRUE;
  if (!g_error_matches (error, XENO_ERROR, XENO_ERROR_TIMEOUT)
      && xeno_connection_find_machine (builder->build->connection, builder->build->uuid, NULL) != NULL)
    g_prefix_error (&builder->error, _("“%s” was made and is kept, switched off. "),
                    xeno_plan_get_title (builder->build->plan));

  /* What could not be put away is left to the next start. */
  if (builder->entry != NULL && builder->build->is_put_away)
    xeno_build_note_strike_out_async (builder->entry, builder->worker, undo_struck_out_cb, builder);
  else
    finish (builder);
}

static void
step_done_cb (XenoBuild *build,
              GError    *error)
{
  Builder *builder = build->owner;
  gboolean is_cancelled = g_cancellable_is_cancelled (build->cancellable);

  if (is_cancelled)
    {
      g_clear_error (&error);
      g_cancellable_set_error_if_cancelled (build->cancellable, &error);
      turn_round (builder, error);
    }
  else if (error == NULL)
    {
      builder->step++;
      go_on (builder);
    }
  else if (builder->is_whole)
    keep (builder, error);
  else
    turn_round (builder, error);
}

/* A step's share of the job ends where the next one's begins. */
static void
report_cb (XenoBuild  *build,
           const char *label,
           double      fraction)
{
  Builder *builder = build->owner;
  gsize n_steps;
  const XenoBuildStep *steps = xeno_build_step_list (&n_steps);
  double begin = steps[builder->step].fraction;
  double end = builder->step + 1 < n_steps ? steps[builder->step + 1].fraction : 1.0;

  xeno_job_report (builder->job, label, begin + fraction * (end - begin));
}

static void
run_step (Builder *builder)
{
  gsize n_steps;
  const XenoBuildStep *step = &xeno_build_step_list (&n_steps)[builder->step];

  builder->build->done = step_done_cb;
  step->run (builder->build);
}

static void
noted_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  Builder *builder = user_data;
  GError *error = NULL;

  builder->entry = xeno_build_note_begin_finish (result, &error);
  builder->has_made = builder->entry != NULL;
  if (builder->has_made)
    run_step (builder);
  else
    turn_round (builder, error);
}

static void
struck_out_cb (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  Builder *builder = user_data;
  GError *error = NULL;

  if (!xeno_build_note_strike_out_finish (result, &error))
    {
      turn_round (builder, error);
      return;
    }

  builder->is_whole = TRUE;
  g_clear_object (&builder->entry);
  go_on (builder);
}

static void
start_noted_cb (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  Builder *builder = user_data;
  GError *error = NULL;

  builder->is_whole = xeno_build_note_start_finish (result, &error);
  if (builder->is_whole)
    go_on (builder);
  else
    turn_round (builder, error);
}

/* What was made is the machine's from here on; what is for its first start alone is ours until it is put away. */
static gboolean
hand_over (Builder             *builder,
           const XenoBuildStep *step)
{
  gboolean puts_away;

  if (builder->entry == NULL || (step != NULL && step->undo != NULL) || builder->is_passing)
    return FALSE;

  puts_away = step != NULL && !step->is_usable && xeno_build_first_start_is_needed (builder->build);
  if (!puts_away)
    xeno_build_note_strike_out_async (builder->entry, builder->worker, struck_out_cb, builder);
  else if (!builder->is_whole)
    xeno_build_note_start_async (builder->build, builder->entry, builder->worker, start_noted_cb, builder);
  else
    return FALSE;
  return TRUE;
}

static void
go_on (Builder *builder)
{
  gsize n_steps;
  const XenoBuildStep *steps = xeno_build_step_list (&n_steps);
  const XenoBuildStep *step = NULL;

  while (builder->step < n_steps && steps[builder->step].is_needed != NULL
         && !steps[builder->step].is_needed (builder->build))
    builder->step++;
  if (builder->step < n_steps)
    step = &steps[builder->step];

  if (hand_over (builder, step))
    return;
  if (step == NULL)
    {
      finish (builder);
      return;
    }

  xeno_job_report (builder->job, _(step->label), step->fraction);
  if (step->is_usable)
    xeno_job_make_usable (builder->job);
  if (builder->entry == NULL && step->undo != NULL)
    xeno_build_note_begin_async (builder->build, builder->worker, noted_cb, builder);
  else
    run_step (builder);
}

static gboolean
begin_cb (gpointer user_data)
{
  go_on (user_data);
  return G_SOURCE_REMOVE;
}

/* A UUID that was somebody's before may come again at any moment: the names of the files are nobody's all the same. */
static XenoBuild *
make_build (XenoConnection *connection,
            XenoPlan       *plan)
{
  g_autofree char *uuid = g_uuid_string_random ();
  const char *own = xeno_plan_get_uuid (plan);
  XenoBuild *build;

  if (own == NULL || xeno_connection_find_machine (connection, own, NULL) != NULL)
    return xeno_build_new (connection, uuid);

  build = xeno_build_new (connection, own);
  g_free (build->stem);
  build->stem = g_strdup_printf ("%s-%.*s", own, MARK_CHARS, uuid);
  return build;
}

/**
 * xeno_builder_start:
 * @connection: where to make it
 * @plan: what to make
 * @start_machine: whether it is to run at once
 * @callback: called when it is made, or was not and left nothing behind
 * @user_data: for @callback
 *
 * Makes a machine. Whatever fails or is cancelled, no half machine and no stray disk stays behind; a
 * machine that only failed to start is kept, off. The journal hears of everything before it is made, and
 * strikes it out once the machine is whole and nothing lies about that it is started with once, so that
 * xeno_builder_recover_async() can undo or put away what this process leaves when it dies. A machine that
 * installs itself can be used while the job goes on, until it was started from its disk.
 *
 * A passing machine is started in any case. What was made for it is undone by xeno_builder_clear_async(),
 * or by the next process once this one dies, whatever the machine does then.
 *
 * Returns: (transfer full): the job, to watch and to cancel
 */
XenoJob *
xeno_builder_start (XenoConnection      *connection,
                    XenoPlan            *plan,
                    gboolean             start_machine,
                    GAsyncReadyCallback  callback,
                    gpointer             user_data)
{
  g_autoptr (GTask) task = NULL;
  g_autofree char *title = NULL;
  Builder *builder;

  g_return_val_if_fail (XENO_IS_CONNECTION (connection), NULL);
  g_return_val_if_fail (XENO_IS_PLAN (plan), NULL);

  title = g_strdup_printf (_("Creating “%s”"),
                           xeno_plan_get_title (plan) != NULL ? xeno_plan_get_title (plan) : "");
  task = g_task_new (connection, NULL, callback, user_data);
  g_task_set_source_tag (task, xeno_builder_start);

  builder = builder_new (make_build (connection, plan), task);
  builder->job = xeno_job_new (title);
  xeno_job_set_subject (builder->job, builder->build->uuid);
  builder->build->owner = builder;
  builder->build->plan = g_object_ref (plan);
  builder->build->report = report_cb;
  builder->build->start_machine = start_machine;
  builder->is_passing = xeno_plan_is_passing (plan);
  builder->build->cancellable = g_object_ref (xeno_job_get_cancellable (builder->job));

  /* Not before the caller has the job. */
  g_idle_add_full (G_PRIORITY_DEFAULT, begin_cb, builder, NULL);
  return g_object_ref (builder->job);
}

/**
 * xeno_builder_finish:
 * @result: what the callback was given
 * @error: why there is no machine, or why it does not run
 *
 * Ends xeno_builder_start().
 *
 * Returns: (transfer full): the machine, or %NULL with @error set
 */
XenoMachine *
xeno_builder_finish (GAsyncResult  *result,
                     GError       **error)
{
  g_return_val_if_fail (g_async_result_is_tagged (result, xeno_builder_start), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * xeno_builder_get_machine:
 * @result: what the callback was given
 *
 * Gets the machine that was kept though it failed to start.
 *
 * Returns: (nullable) (transfer none): the machine, or %NULL when nothing was left
 */
XenoMachine *
xeno_builder_get_machine (GAsyncResult *result)
{
  g_return_val_if_fail (g_async_result_is_tagged (result, xeno_builder_start), NULL);

  return g_object_get_data (G_OBJECT (result), "xeno-machine");
}

/**
 * xeno_builder_clear_async:
 * @built: what the callback of xeno_builder_start() was given for a passing machine
 * @callback: called when all of it is gone
 * @user_data: for @callback
 *
 * Undoes what was made for a passing machine: it is stopped if it still runs, and its files are removed.
 */
void
xeno_builder_clear_async (GAsyncResult        *built,
                          GAsyncReadyCallback  callback,
                          gpointer             user_data)
{
  Builder *builder;
  gsize n_steps;

  g_return_if_fail (g_async_result_is_tagged (built, xeno_builder_start));

  builder = g_object_steal_data (G_OBJECT (built), BUILDER_KEY);
  g_return_if_fail (builder != NULL);

  xeno_build_step_list (&n_steps);
  builder->task = g_task_new (NULL, NULL, callback, user_data);
  g_task_set_source_tag (builder->task, xeno_builder_clear_async);
  g_clear_object (&builder->job);
  g_clear_object (&builder->build->machine);
  builder->is_passing = FALSE;
  builder->step = n_steps;
  go_back (builder);
}

/**
 * xeno_builder_clear_finish:
 * @result: what the callback was given
 * @error: what could not be undone; the next start tries it again
 *
 * Ends xeno_builder_clear_async().
 *
 * Returns: %TRUE if nothing is left
 */
gboolean
xeno_builder_clear_finish (GAsyncResult  *result,
                           GError       **error)
{
  g_return_val_if_fail (g_async_result_is_tagged (result, xeno_builder_clear_async), FALSE);

  g_task_propagate_pointer (G_TASK (result), error);
  return !g_task_had_error (G_TASK (result));
}

static void
kept_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  Builder *builder = user_data;

  xeno_build_note_strike_out_finish (result, &builder->error);
  finish (builder);
}

/**
 * xeno_builder_keep_async:
 * @built: what the callback of xeno_builder_start() was given for a passing machine
 * @callback: called when it is noted
 * @user_data: for @callback
 *
 * Lets the files stay that were made for a passing machine, instead of xeno_builder_clear_async(). Whoever
 * calls it knows where they are.
 */
void
xeno_builder_keep_async (GAsyncResult        *built,
                         GAsyncReadyCallback  callback,
                         gpointer             user_data)
{
  Builder *builder;

  g_return_if_fail (g_async_result_is_tagged (built, xeno_builder_start));

  builder = g_object_steal_data (G_OBJECT (built), BUILDER_KEY);
  g_return_if_fail (builder != NULL);

  builder->task = g_task_new (NULL, NULL, callback, user_data);
  g_task_set_source_tag (builder->task, xeno_builder_keep_async);
  g_clear_object (&builder->job);
  g_clear_object (&builder->build->machine);
  builder->is_passing = FALSE;
  xeno_build_note_strike_out_async (builder->entry, builder->worker, kept_cb, builder);
}

/**
 * xeno_builder_keep_finish:
 * @result: what the callback was given
 * @error: why the next start removes them all the same
 *
 * Ends xeno_builder_keep_async().
 *
 * Returns: %TRUE if they stay
 */
gboolean
xeno_builder_keep_finish (GAsyncResult  *result,
                          GError       **error)
{
  g_return_val_if_fail (g_async_result_is_tagged (result, xeno_builder_keep_async), FALSE);

  g_task_propagate_pointer (G_TASK (result), error);
  return !g_task_had_error (G_TASK (result));
}

static void
put_away_cb (XenoBuild *build,
             GError    *error)
{
  Builder *builder = build->owner;

  builder->error = error;
  if (error == NULL)
    xeno_build_note_strike_out_async (builder->entry, builder->worker, undo_struck_out_cb, builder);
  else
    finish (builder);
}

/* The machine was whole, and is somebody's by now. */
static void
put_away (Builder *builder)
{
  XenoBuild *build = builder->build;

  build->keeps_medium = !xeno_machine_is_active (build->machine); /* nobody knows how far it came */
  build->done = put_away_cb;
  xeno_build_first_start_end (build);
}

/*< private >
 * xeno_builder_undo_async:
 * @connection: where the machine was being made
 * @entry: what the journal knows of it
 * @callback: called when nothing of it is left
 * @user_data: for @callback
 *
 * Undoes what another process left of a machine; of one that was whole it puts away what was only for its first
 * start.
 */
void
xeno_builder_undo_async (XenoConnection      *connection,
                         XenoJournalEntry    *entry,
                         GAsyncReadyCallback  callback,
                         gpointer             user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, NULL, callback, user_data);
  Builder *builder = builder_new (xeno_build_new (connection, xeno_journal_entry_get_machine_uuid (entry)), task);
  gsize n_steps;

  xeno_build_step_list (&n_steps);
  g_task_set_source_tag (task, xeno_builder_undo_async);
  builder->build->owner = builder;
  builder->entry = g_object_ref (entry);
  builder->build->files = xeno_build_note_list_start_files (entry);
  if (builder->build->files != NULL)
    g_set_object (&builder->build->machine,
                  xeno_connection_find_machine (connection, xeno_journal_entry_get_machine_uuid (entry), NULL));
  if (builder->build->machine != NULL)
    {
      put_away (builder);
      return;
    }

  g_clear_pointer (&builder->build->files, g_ptr_array_unref);
  builder->build->files = xeno_build_note_list_files (entry);
  builder->step = builder->build->files != NULL ? n_steps : 0;
  go_back (builder);
}

/*< private >
 * xeno_builder_undo_finish:
 * @result: what the callback was given
 * @error: what could not be undone
 *
 * Ends xeno_builder_undo_async().
 *
 * Returns: %TRUE if nothing of it is left
 */
gboolean
xeno_builder_undo_finish (GAsyncResult  *result,
                          GError       **error)
{
  g_autoptr (XenoMachine) machine = NULL;

  g_return_val_if_fail (g_async_result_is_tagged (result, xeno_builder_undo_async), FALSE);

  machine = g_task_propagate_pointer (G_TASK (result), error);
  return !g_task_had_error (G_TASK (result));
}
