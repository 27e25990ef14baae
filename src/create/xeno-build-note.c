/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the journal knows of machines that are being made. */
#include "config.h"

#include "create/xeno-build-note.h"

#define JOURNAL_KIND "create"

/* What the journal hears before anything is made, with all paths. What it has not struck out by the time
 * the process dies is undone by the next one. */
#define NOTE_MAKE "make"

/* What it hears with the paths of what is for the first start alone, once the machine is whole, and stays. */
#define NOTE_START "start"

/* What a worker writes down. */
typedef struct
{
  char             *uri;
  char             *uuid;
  GStrv             paths;
  XenoJournalEntry *entry; /* NULL before there is one */
} Note;

static void
note_free (Note *note)
{
  g_free (note->uri);
  g_free (note->uuid);
  g_strfreev (note->paths);
  g_clear_object (&note->entry);
  g_free (note);
}

static GStrv
list_paths (GPtrArray *files,
            gboolean   is_start)
{
  g_autoptr (GStrvBuilder) paths = g_strv_builder_new ();

  for (guint i = 0; files != NULL && i < files->len; i++)
    {
      XenoPlanFile *file = g_ptr_array_index (files, i);

      if (file->path != NULL && !file->is_there && (file->is_for_first_start || !is_start))
        g_strv_builder_add (paths, file->path);
    }
  return g_strv_builder_end (paths);
}

static gpointer
write_note (gpointer       data,
            GCancellable  *cancellable,
            GError       **error)
{
  Note *note = data;
  g_autoptr (XenoJournal) journal = xeno_journal_new (NULL);

  return xeno_journal_begin (journal, JOURNAL_KIND, note->uri, note->uuid, NOTE_MAKE,
                             (const char * const *) note->paths, error);
}

static gpointer
write_start (gpointer       data,
             GCancellable  *cancellable,
             GError       **error)
{
  Note *note = data;

  return GINT_TO_POINTER (xeno_journal_entry_note_step (note->entry, NOTE_START, (const char * const *) note->paths,
                                                        error));
}

static gpointer
strike_out (gpointer       data,
            GCancellable  *cancellable,
            GError       **error)
{
  return GINT_TO_POINTER (xeno_journal_entry_done (data, error));
}

static gpointer
take_left (gpointer       data,
           GCancellable  *cancellable,
           GError       **error)
{
  g_autoptr (XenoJournal) journal = xeno_journal_new (NULL);

  return xeno_journal_take_unfinished (journal, JOURNAL_KIND, data, NULL, error);
}

/*< private >
 * xeno_build_note_begin_async:
 * @build: what is about to be made, or undone
 * @worker: who writes
 * @callback: called when it is on the disk
 * @user_data: for @callback
 *
 * Tells the journal of a machine, with the paths of all its files.
 */
void
xeno_build_note_begin_async (XenoBuild           *build,
                             XenoWorker          *worker,
                             GAsyncReadyCallback  callback,
                             gpointer             user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, NULL, callback, user_data);
  Note *note = g_new0 (Note, 1);

  note->uri = g_strdup (xeno_connection_get_uri (build->connection));
  note->uuid = g_strdup (build->uuid);
  note->paths = list_paths (build->files, FALSE);
  g_task_set_source_tag (task, xeno_build_note_begin_async);
  xeno_worker_run (worker, NULL, 0, task, write_note, note, (GDestroyNotify) note_free, g_object_unref);
}

/*< private >
 * xeno_build_note_begin_finish:
 * @result: what the callback was given
 * @error: why nothing may be made
 *
 * Ends xeno_build_note_begin_async().
 *
 * Returns: (transfer full): what to strike out
 */
XenoJournalEntry *
xeno_build_note_begin_finish (GAsyncResult  *result,
                              GError       **error)
{
  g_return_val_if_fail (g_async_result_is_tagged (result, xeno_build_note_begin_async), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/*< private >
 * xeno_build_note_start_async:
 * @build: what is made, and has things for its first start
 * @entry: what xeno_build_note_begin_async() gave
 * @worker: who writes
 * @callback: called when it is on the disk
 * @user_data: for @callback
 *
 * Tells the journal that the machine is whole, and what is to be put away as soon as it was started.
 */
void
xeno_build_note_start_async (XenoBuild           *build,
                             XenoJournalEntry    *entry,
                             XenoWorker          *worker,
                             GAsyncReadyCallback  callback,
                             gpointer             user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, NULL, callback, user_data);
  Note *note = g_new0 (Note, 1);

  note->entry = g_object_ref (entry);
  note->paths = list_paths (build->files, TRUE);
  g_task_set_source_tag (task, xeno_build_note_start_async);
  xeno_worker_run (worker, NULL, 0, task, write_start, note, (GDestroyNotify) note_free, NULL);
}

/*< private >
 * xeno_build_note_start_finish:
 * @result: what the callback was given
 * @error: why it may not be started
 *
 * Ends xeno_build_note_start_async().
 *
 * Returns: %TRUE if it may be started
 */
gboolean
xeno_build_note_start_finish (GAsyncResult  *result,
                              GError       **error)
{
  g_return_val_if_fail (g_async_result_is_tagged (result, xeno_build_note_start_async), FALSE);

  return GPOINTER_TO_INT (g_task_propagate_pointer (G_TASK (result), error));
}

/*< private >
 * xeno_build_note_strike_out_async:
 * @entry: what xeno_build_note_begin_async() gave
 * @worker: who writes
 * @callback: called when it is gone from the disk
 * @user_data: for @callback
 *
 * Tells the journal that nothing of a machine has to be undone any more.
 */
void
xeno_build_note_strike_out_async (XenoJournalEntry    *entry,
                                  XenoWorker          *worker,
                                  GAsyncReadyCallback  callback,
                                  gpointer             user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, NULL, callback, user_data);

  g_task_set_source_tag (task, xeno_build_note_strike_out_async);
  xeno_worker_run (worker, NULL, 0, task, strike_out, g_object_ref (entry), g_object_unref, NULL);
}

/*< private >
 * xeno_build_note_strike_out_finish:
 * @result: what the callback was given
 * @error: why the journal still knows of it
 *
 * Ends xeno_build_note_strike_out_async().
 *
 * Returns: %TRUE if it is struck out
 */
gboolean
xeno_build_note_strike_out_finish (GAsyncResult  *result,
                                   GError       **error)
{
  g_return_val_if_fail (g_async_result_is_tagged (result, xeno_build_note_strike_out_async), FALSE);

  return GPOINTER_TO_INT (g_task_propagate_pointer (G_TASK (result), error));
}

/*< private >
 * xeno_build_note_take_left_async:
 * @uri: a connection
 * @worker: who reads
 * @callback: called when it is known
 * @user_data: for @callback
 *
 * Takes over what processes that died left of machines there.
 */
void
xeno_build_note_take_left_async (const char          *uri,
                                 XenoWorker          *worker,
                                 GAsyncReadyCallback  callback,
                                 gpointer             user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, NULL, callback, user_data);

  g_task_set_source_tag (task, xeno_build_note_take_left_async);
  xeno_worker_run (worker, NULL, 0, task, take_left, g_strdup (uri), g_free, (GDestroyNotify) g_ptr_array_unref);
}

/*< private >
 * xeno_build_note_take_left_finish:
 * @result: what the callback was given
 * @error: why it is not known
 *
 * Ends xeno_build_note_take_left_async().
 *
 * Returns: (transfer full) (element-type XenoJournalEntry): what is left
 */
GPtrArray *
xeno_build_note_take_left_finish (GAsyncResult  *result,
                                  GError       **error)
{
  g_return_val_if_fail (g_async_result_is_tagged (result, xeno_build_note_take_left_async), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

static GPtrArray *
list_files (XenoJournalEntry *entry,
            const char       *note)
{
  g_autoptr (GPtrArray) files = NULL;

  if (!xeno_journal_entry_has_step (entry, note))
    return NULL;

  files = g_ptr_array_new_with_free_func ((GDestroyNotify) xeno_plan_file_free);
  for (guint i = 0; i < xeno_journal_entry_get_n_steps (entry); i++)
    {
      const char * const *paths = xeno_journal_entry_get_paths (entry, i);

      for (guint j = 0; g_str_equal (xeno_journal_entry_get_step (entry, i), note) && paths[j] != NULL; j++)
        {
          XenoPlanFile *file = xeno_plan_file_new ("left", "", "");

          file->path = g_strdup (paths[j]);
          file->is_for_first_start = g_str_equal (note, NOTE_START);
          g_ptr_array_add (files, file);
        }
    }
  return g_steal_pointer (&files);
}

/*< private >
 * xeno_build_note_list_files:
 * @entry: what another process left
 *
 * Lists the files that it was about to make.
 *
 * Returns: (transfer full) (nullable) (element-type XenoPlanFile): the files, or %NULL if it had not come that far
 */
GPtrArray *
xeno_build_note_list_files (XenoJournalEntry *entry)
{
  return list_files (entry, NOTE_MAKE);
}

/*< private >
 * xeno_build_note_list_start_files:
 * @entry: what another process left
 *
 * Lists the files that are only for the first start of a machine that it had made.
 *
 * Returns: (transfer full) (nullable) (element-type XenoPlanFile): the files, or %NULL if it had not come that far
 */
GPtrArray *
xeno_build_note_list_start_files (XenoJournalEntry *entry)
{
  return list_files (entry, NOTE_START);
}
