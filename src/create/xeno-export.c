/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A machine in one file, for other computers and other programs. */
#include "config.h"

#include <sys/statvfs.h>

#include <glib/gi18n-lib.h>

#include "base/xeno-error.h"
#include "base/xeno-units.h"
#include "create/xeno-export-private.h"
#include "virt/xeno-connection.h"

#define MISSING_KEY "xeno-missing"

/* The first is the usual one. */
static const struct
{
  const char *id;
  const char *suffix;
  void      (*begin) (GTask      *task,
                      XenoJob    *job,
                      const char *path);
} formats[] = {
  { "ova", ".ova", xeno_export_ova_begin },
  { "xeno", ".xeno", xeno_export_machine_begin },
};

typedef struct
{
  GTask   *task;
  XenoJob *job;
  char    *path;
  guint    format;
} Beginning;

static gboolean
check_machine (XenoMachine  *machine,
               GError      **error)
{
  if (!xeno_connection_is_local (xeno_machine_get_connection (machine)))
    xeno_set_error (error, XENO_ERROR_NOT_SUPPORTED, NULL,
                    _("“%s” is on another computer. Export it there."), xeno_machine_get_title (machine));
  else if (xeno_machine_get_state (machine) != XENO_MACHINE_OFF || xeno_machine_has_saved_state (machine))
    xeno_set_error (error, XENO_ERROR_WRONG_STATE, NULL,
                    _("“%s” is not switched off. Shut it down, then export it."), xeno_machine_get_title (machine));
  else
    return TRUE;
  return FALSE;
}

static gboolean
begin_cb (gpointer user_data)
{
  Beginning *beginning = user_data;
  GError *error = NULL;

  if (check_machine (g_task_get_source_object (beginning->task), &error))
    formats[beginning->format].begin (beginning->task, beginning->job, beginning->path);
  else
    {
      xeno_job_finish (beginning->job, error);
      g_task_return_error (beginning->task, error);
    }
  g_object_unref (beginning->task);
  g_object_unref (beginning->job);
  g_free (beginning->path);
  g_free (beginning);
  return G_SOURCE_REMOVE;
}

static guint
find_format (const char *id)
{
  for (guint i = 0; i < G_N_ELEMENTS (formats); i++)
    if (g_strcmp0 (formats[i].id, id) == 0)
      return i;
  return 0;
}

/**
 * xeno_export_guess_format:
 * @path: a file that is to be written
 *
 * Guesses from its name what it shall be.
 *
 * Returns: (transfer none): "ova", for other programs, or "xeno", from which the machine comes back as it was
 */
const char *
xeno_export_guess_format (const char *path)
{
  g_autofree char *lower = NULL;

  g_return_val_if_fail (path != NULL, NULL);

  lower = g_ascii_strdown (path, -1);
  for (gsize i = 0; i < G_N_ELEMENTS (formats); i++)
    if (g_str_has_suffix (lower, formats[i].suffix))
      return formats[i].id;
  return formats[0].id;
}

/**
 * xeno_export_start:
 * @machine: a machine that is switched off
 * @path: the file to write, which is replaced if it is there
 * @format: as xeno_export_guess_format() says it
 * @callback: called when it is there, or when nothing is
 * @user_data: for @callback
 *
 * Writes a machine to one file. It comes into being when all of it is written; whatever happens before, nothing stays.
 *
 * Returns: (transfer full): the job, to watch and to cancel
 */
XenoJob *
xeno_export_start (XenoMachine         *machine,
                   const char          *path,
                   const char          *format,
                   GAsyncReadyCallback  callback,
                   gpointer             user_data)
{
  g_autofree char *title = NULL;
  Beginning *beginning;

  g_return_val_if_fail (XENO_IS_MACHINE (machine), NULL);
  g_return_val_if_fail (path != NULL, NULL);
  g_return_val_if_fail (format != NULL, NULL);

  title = g_strdup_printf (_("Exporting “%s”"), xeno_machine_get_title (machine));
  beginning = g_new0 (Beginning, 1);
  beginning->job = xeno_job_new (title);
  xeno_job_set_subject (beginning->job, xeno_machine_get_uuid (machine));
  beginning->task = g_task_new (machine, NULL, callback, user_data);
  g_task_set_source_tag (beginning->task, xeno_export_start);
  beginning->path = g_canonicalize_filename (path, NULL);
  beginning->format = find_format (format);

  /* Not before the caller has the job. */
  g_idle_add_full (G_PRIORITY_DEFAULT, begin_cb, beginning, NULL);
  return g_object_ref (beginning->job);
}

/**
 * xeno_export_finish:
 * @result: what the callback was given
 * @error: why there is no file
 *
 * Ends xeno_export_start().
 *
 * Returns: %TRUE if it is there
 */
gboolean
xeno_export_finish (GAsyncResult  *result,
                    GError       **error)
{
  g_return_val_if_fail (g_async_result_is_tagged (result, xeno_export_start), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * xeno_export_get_missing:
 * @result: what the callback was given
 *
 * Gets what the machine has and an archive of ours, which is to hold all of it, does not.
 *
 * Returns: (transfer none) (nullable): what it is, for people to read
 */
GStrv
xeno_export_get_missing (GAsyncResult *result)
{
  g_return_val_if_fail (g_async_result_is_tagged (result, xeno_export_start), NULL);

  return g_object_get_data (G_OBJECT (result), MISSING_KEY);
}

/*< private >
 * xeno_export_set_missing:
 * @task: the task of an export
 * @missing: (transfer full): what is not in the file
 *
 * Keeps what is to be said at the end.
 */
void
xeno_export_set_missing (GTask *task,
                         GStrv  missing)
{
  g_object_set_data_full (G_OBJECT (task), MISSING_KEY, missing, (GDestroyNotify) g_strfreev);
}

/*< private >
 * xeno_export_check_room:
 * @machine: what is exported
 * @folder: where to
 * @needed_bytes: how much may be written there
 * @error: %XENO_ERROR_NO_SPACE with what to do
 *
 * Looks whether there is room for it.
 *
 * Returns: %TRUE if so
 */
gboolean
xeno_export_check_room (XenoMachine  *machine,
                        const char   *folder,
                        guint64       needed_bytes,
                        GError      **error)
{
  g_autofree char *needed = xeno_units_format_size (needed_bytes);
  g_autofree char *available = NULL;
  struct statvfs info;
  guint64 free_bytes;

  if (statvfs (folder, &info) != 0)
    return TRUE;

  free_bytes = (guint64) info.f_bavail * info.f_frsize;
  if (needed_bytes <= free_bytes)
    return TRUE;

  available = xeno_units_format_size (free_bytes);
  xeno_set_error (error, XENO_ERROR_NO_SPACE, NULL,
                  _("Exporting “%s” needs up to %s, and the folder “%s” has %s free. Make room there, or choose another."),
                  xeno_machine_get_title (machine), needed, folder, available);
  return FALSE;
}
