/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Makes a machine from a plan: a job of steps, each with an undo. */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "base/xeno-error.h"
#include "base/xeno-worker.h"
#include "create/xeno-build.h"
#include "create/xeno-builder.h"
#include "create/xeno-recipe.h"

#define JOURNAL_KIND "create"

#define BUILDER_KEY "xeno-builder"

/* What the journal hears before anything is made, with all paths. What it has not struck out by the time
 * the process dies is undone by the next one. */
#define NOTE_MAKE "make"

typedef struct
{
  XenoBuild        *build;
  XenoJob          *job;     /* NULL when undoing what another process left */
  GTask            *task;
  XenoWorker       *worker;
  XenoJournal      *journal;
  XenoJournalEntry *entry;   /* NULL before anything is made, and once the machine is whole */
  GError           *error;   /* why it is being undone */
  guint             step;
  gboolean          has_made; /* there may be something to undo */
  gboolean          is_kept; /* the machine stays, though it did not start */
  gboolean          is_passing; /* what was made is undone once the machine is gone */
} Builder;

/* What a worker writes down. */
typedef struct
{
  XenoJournal      *journal;
  XenoJournalEntry *entry;
  char             *uri;
  char             *uuid;
  GStrv             paths;
} Note;

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
  builder->journal = xeno_journal_new (NULL);
  return builder;
}

static void
builder_free (Builder *builder)
{
  xeno_build_free (builder->build);
  g_clear_object (&builder->job);
  g_clear_object (&builder->task);
  g_clear_object (&builder->worker);
  g_clear_object (&builder->journal);
  g_clear_object (&builder->entry);
  g_clear_error (&builder->error);
  g_free (builder);
}

static void
note_free (Note *note)
{
  g_object_unref (note->journal);
  g_clear_object (&note->entry);
  g_free (note->uri);
  g_free (note->uuid);
  g_strfreev (note->paths);
  g_free (note);
}

static GStrv
list_paths (GPtrArray *files)
{
  g_autoptr (GStrvBuilder) paths = g_strv_builder_new ();

  for (guint i = 0; files != NULL && i < files->len; i++)
    {
      XenoPlanFile *file = g_ptr_array_index (files, i);

      if (file->path != NULL)
        g_strv_builder_add (paths, file->path);
    }
  return g_strv_builder_end (paths);
}

static Note *
note_new (Builder *builder)
{
  Note *note = g_new0 (Note, 1);

  note->journal = g_object_ref (builder->journal);
  g_set_object (&note->entry, builder->entry);
  note->uri = g_strdup (xeno_connection_get_uri (builder->build->connection));
  note->uuid = g_strdup (builder->build->uuid);
  note->paths = list_paths (builder->build->files);
  return note;
}

static gpointer
write_note (gpointer       data,
            GCancellable  *cancellable,
            GError       **error)
{
  Note *note = data;

  note->entry = xeno_journal_begin (note->journal, JOURNAL_KIND, note->uri, note->uuid, error);
  if (note->entry == NULL
      || !xeno_journal_entry_note_step (note->entry, NOTE_MAKE, (const char * const *) note->paths, error))
    return NULL;
  return g_object_ref (note->entry);
}

static gpointer
strike_out (gpointer       data,
            GCancellable  *cancellable,
            GError       **error)
{
  Note *note = data;

  return GINT_TO_POINTER (note->entry == NULL || xeno_journal_entry_done (note->entry, error));
}

static void
write_down (Builder             *builder,
            XenoWorkFunc         work,
            GAsyncReadyCallback  callback)
{
  g_autoptr (GTask) task = g_task_new (NULL, NULL, callback, builder);

  xeno_worker_run (builder->worker, NULL, 0, task, work, note_new (builder), (GDestroyNotify) note_free,
                   work == write_note ? g_object_unref : NULL);
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

  g_task_propagate_pointer (G_TASK (result), &error);
  if (error != NULL) /* the next start looks at it once more, and finds nothing to do */
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
  write_down (builder, strike_out, undo_struck_out_cb);
}

static void
undo_noted_cb (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  Builder *builder = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (XenoJournalEntry) entry = g_task_propagate_pointer (G_TASK (result), &error);

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
    write_down (builder, write_note, undo_noted_cb);
  else
    go_back (builder);
}

static void
keep (Builder *builder,
      GError  *error)
{
  builder->error = error;
  builder->is_kept = TRUE;
  if (!g_error_matches (error, XENO_ERROR, XENO_ERROR_TIMEOUT))
    g_prefix_error (&builder->error, _("“%s” was made and is kept, switched off. "),
                    xeno_plan_get_title (builder->build->plan));
  finish (builder);
}

/* All is made: what comes now does not change what there is. */
static gboolean
is_whole (Builder *builder)
{
  return builder->has_made && builder->entry == NULL;
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
  else if (is_whole (builder))
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

  builder->entry = g_task_propagate_pointer (G_TASK (result), &error);
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

  if (g_task_propagate_pointer (G_TASK (result), &error) == NULL)
    {
      turn_round (builder, error);
      return;
    }

  g_clear_object (&builder->entry);
  go_on (builder);
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

  if (builder->entry != NULL && (step == NULL || step->undo == NULL) && !builder->is_passing)
    write_down (builder, strike_out, struck_out_cb);
  else if (step == NULL)
    finish (builder);
  else
    {
      xeno_job_report (builder->job, _(step->label), step->fraction);
      if (builder->entry == NULL && step->undo != NULL)
        write_down (builder, write_note, noted_cb);
      else
        run_step (builder);
    }
}

static gboolean
begin_cb (gpointer user_data)
{
  go_on (user_data);
  return G_SOURCE_REMOVE;
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
 * strikes it out once the machine is whole, so that xeno_builder_recover_async() can undo what this
 * process leaves half made when it dies.
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
  g_autofree char *uuid = g_uuid_string_random ();
  g_autofree char *title = NULL;
  Builder *builder;

  g_return_val_if_fail (XENO_IS_CONNECTION (connection), NULL);
  g_return_val_if_fail (XENO_IS_PLAN (plan), NULL);

  title = g_strdup_printf (_("Creating “%s”"),
                           xeno_plan_get_title (plan) != NULL ? xeno_plan_get_title (plan) : "");
  task = g_task_new (connection, NULL, callback, user_data);
  g_task_set_source_tag (task, xeno_builder_start);

  builder = builder_new (xeno_build_new (connection, uuid), task);
  builder->job = xeno_job_new (title);
  xeno_job_set_subject (builder->job, uuid);
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

/* Undoing one after the other what other processes left. */
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
  GError **error = recovery->error == NULL ? &recovery->error : NULL;
  g_autoptr (XenoMachine) machine = g_task_propagate_pointer (G_TASK (result), error);

  recover_next (task);
}

static void
add_files (GPtrArray          *files,
           const char * const *paths)
{
  for (guint i = 0; paths[i] != NULL; i++)
    {
      XenoPlanFile *file = xeno_plan_file_new ("left", "", "");

      file->path = g_strdup (paths[i]);
      g_ptr_array_add (files, file);
    }
}

static GPtrArray *
list_left_files (XenoJournalEntry *entry)
{
  GPtrArray *files = g_ptr_array_new_with_free_func ((GDestroyNotify) xeno_plan_file_free);

  for (guint i = 0; i < xeno_journal_entry_get_n_steps (entry); i++)
    if (g_str_equal (xeno_journal_entry_get_step (entry, i), NOTE_MAKE))
      add_files (files, xeno_journal_entry_get_paths (entry, i));

  return files;
}

static void
recover (Recovery         *recovery,
         XenoJournalEntry *entry,
         GTask            *task)
{
  Builder *builder = builder_new (xeno_build_new (recovery->connection,
                                                  xeno_journal_entry_get_machine_uuid (entry)), task);
  gsize n_steps;

  xeno_build_step_list (&n_steps);
  builder->build->owner = builder;
  builder->build->files = list_left_files (entry);
  builder->entry = g_object_ref (entry);
  builder->step = xeno_journal_entry_has_step (entry, NOTE_MAKE) ? n_steps : 0;
  go_back (builder);
}

static void
recover_next (GTask *task)
{
  Recovery *recovery = g_task_get_task_data (task);
  g_autoptr (XenoJournalEntry) entry = NULL;
  g_autoptr (GTask) one = NULL;

  if (recovery->entries->len > 0)
    {
      entry = g_ptr_array_steal_index (recovery->entries, 0);
      one = g_task_new (NULL, NULL, recovered_cb, g_object_ref (task));
      recover (recovery, entry, one);
    }
  else if (recovery->error != NULL)
    g_task_return_error (task, g_steal_pointer (&recovery->error));
  else
    g_task_return_boolean (task, TRUE);
}

static gpointer
take_entries (gpointer       data,
              GCancellable  *cancellable,
              GError       **error)
{
  g_autoptr (XenoJournal) journal = xeno_journal_new (NULL);

  return xeno_journal_take_unfinished (journal, JOURNAL_KIND, data, NULL, error);
}

static void
entries_taken_cb (GObject      *source,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  Recovery *recovery = g_task_get_task_data (task);
  GError *error = NULL;

  recovery->entries = g_task_propagate_pointer (G_TASK (result), &error);
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
  g_autoptr (GTask) taking = NULL;
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
  taking = g_task_new (NULL, NULL, entries_taken_cb, g_steal_pointer (&task));
  xeno_worker_run (worker, NULL, 0, taking, take_entries, g_strdup (xeno_connection_get_uri (connection)), g_free,
                   (GDestroyNotify) g_ptr_array_unref);
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
