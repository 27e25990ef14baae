/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* No copy is kept ready any more. */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "base/xeno-error.h"
#include "create/xeno-build-files.h"
#include "create/xeno-warm-discard.h"

static void
files_removed_cb (XenoBuild *build,
                  GError    *error)
{
  g_autoptr (GTask) task = build->owner;

  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_boolean (task, TRUE);
  xeno_build_free (build);
}

/**
 * xeno_warm_remove_files_async:
 * @machine: a machine
 * @note: what a copy of it takes that is kept ready no more
 * @callback: called when nothing of it is left
 * @user_data: for @callback
 *
 * Removes the files. Copies that run already have them open and go on.
 */
void
xeno_warm_remove_files_async (XenoMachine         *machine,
                              const XenoWarmNote  *note,
                              GAsyncReadyCallback  callback,
                              gpointer             user_data)
{
  g_auto (GStrv) paths = NULL;
  XenoConnection *connection;
  XenoBuild *build;
  GTask *task;

  g_return_if_fail (XENO_IS_MACHINE (machine));
  g_return_if_fail (note != NULL);

  connection = xeno_machine_get_connection (machine);
  g_return_if_fail (connection != NULL);

  task = g_task_new (machine, NULL, callback, user_data);
  g_task_set_source_tag (task, xeno_warm_remove_files_async);
  paths = xeno_warm_note_list_paths (note);
  build = xeno_build_new (connection, note->id);
  build->owner = task;
  build->done = files_removed_cb;
  build->files = g_ptr_array_new_with_free_func ((GDestroyNotify) xeno_plan_file_free);
  for (char **path = paths; *path != NULL; path++)
    {
      XenoPlanFile *file = xeno_plan_file_new ("left", "", "");

      file->path = g_strdup (*path);
      g_ptr_array_add (build->files, file);
    }
  xeno_build_files_remove (build);
}

/**
 * xeno_warm_remove_files_finish:
 * @machine: a machine
 * @result: what the callback was given
 * @error: what could not be removed
 *
 * Ends xeno_warm_remove_files_async().
 *
 * Returns: %TRUE if nothing is left
 */
gboolean
xeno_warm_remove_files_finish (XenoMachine   *machine,
                               GAsyncResult  *result,
                               GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, machine), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
note_removed_cb (GObject      *source,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;

  if (xeno_machine_set_note_finish (XENO_MACHINE (source), result, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
discarded_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  XenoMachine *machine = XENO_MACHINE (source);
  GError *error = NULL;

  if (xeno_warm_remove_files_finish (machine, result, &error))
    xeno_machine_set_note_async (machine, XENO_SPEC_NOTE_WARM, NULL, NULL, note_removed_cb, g_steal_pointer (&task));
  else
    g_task_return_error (task, error);
}

/**
 * xeno_warm_discard_async:
 * @machine: a machine
 * @callback: called when nothing of it is left
 * @user_data: for @callback
 *
 * Removes the copy that is kept ready. The note goes last: as long as there is a file, there is a note of it.
 */
void
xeno_warm_discard_async (XenoMachine         *machine,
                         GAsyncReadyCallback  callback,
                         gpointer             user_data)
{
  g_autoptr (XenoWarmNote) note = NULL;
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (XENO_IS_MACHINE (machine));

  task = g_task_new (machine, NULL, callback, user_data);
  g_task_set_source_tag (task, xeno_warm_discard_async);
  note = xeno_warm_note_of_machine (machine);
  if (note == NULL)
    g_task_return_new_error (task, XENO_ERROR, XENO_ERROR_NOT_FOUND, _("No copy of “%s” is kept ready."),
                             xeno_machine_get_title (machine));
  else
    xeno_warm_remove_files_async (machine, note, discarded_cb, g_steal_pointer (&task));
}

/**
 * xeno_warm_discard_finish:
 * @machine: a machine
 * @result: what the callback was given
 * @error: what is left
 *
 * Ends xeno_warm_discard_async().
 *
 * Returns: %TRUE if nothing is left
 */
gboolean
xeno_warm_discard_finish (XenoMachine   *machine,
                          GAsyncResult  *result,
                          GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, machine), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
