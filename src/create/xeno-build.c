/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The steps of making a machine, forwards and backwards. */
#include "config.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>

#include "base/xeno-error.h"
#include "base/xeno-units.h"
#include "base/xeno-worker.h"
#include "create/xeno-build.h"
#include "spec/xeno-name.h"
#include "virt/xeno-trash.h"
#include "virt/xeno-verb.h"

static gboolean
needs_disk (XenoBuild *build)
{
  return xeno_recipe_get_disk_bytes (build->recipe) > 0;
}

static gboolean
needs_start (XenoBuild *build)
{
  return build->start_machine;
}

static gboolean
is_name_taken (const char *name,
               gpointer    user_data)
{
  GListModel *machines = user_data;

  for (guint i = 0; i < g_list_model_get_n_items (machines); i++)
    {
      g_autoptr (XenoMachine) machine = g_list_model_get_item (machines, i);

      if (g_strcmp0 (xeno_machine_get_name (machine), name) == 0)
        return TRUE;
    }
  return FALSE;
}

static gboolean
choose_name (XenoBuild  *build,
             GError    **error)
{
  GListModel *machines = xeno_connection_get_machines (build->connection);
  const char *title = xeno_recipe_get_title (build->recipe);
  g_autofree char *free_title = xeno_recipe_dup_free_title (build->recipe, machines);
  g_autofree char *slug = NULL;

  if (g_strcmp0 (title, free_title) != 0)
    {
      xeno_set_error (error, XENO_ERROR_EXISTS, NULL,
                      _("There is a machine “%s” already. Choose another name, for example “%s”."),
                      title, free_title);
      return FALSE;
    }

  slug = xeno_name_make_slug (title);
  build->name = xeno_name_make_unique (slug, "-", is_name_taken, machines);
  return TRUE;
}

static gboolean
check_reachable (XenoBuild  *build,
                 GError    **error)
{
  XenoMedia *media = xeno_recipe_get_media (build->recipe);

  if (xeno_connection_get_state (build->connection) != XENO_CONNECTION_OPEN)
    xeno_set_error (error, XENO_ERROR_NO_CONNECTION, NULL,
                    _("“%s” is not connected. Wait until it is, then try again."),
                    xeno_connection_get_title (build->connection));
  else if (media != NULL && !xeno_connection_is_local (build->connection))
    xeno_set_error (error, XENO_ERROR_NOT_SUPPORTED, NULL,
                    _("The file is on this computer, and “%s” is not. Copy it there, and make the "
                      "machine there."), xeno_connection_get_title (build->connection));
  else
    return TRUE;

  return FALSE;
}

static void
media_looked_at_cb (GObject      *source,
                    GAsyncResult *result,
                    gpointer      user_data)
{
  XenoBuild *build = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (XenoMedia) media = xeno_media_open_finish (result, &error);

  if (media != NULL && xeno_media_get_kind (media) != xeno_media_get_kind (xeno_recipe_get_media (build->recipe)))
    error = xeno_error_new (XENO_ERROR_BAD_MEDIA, NULL,
                            _("The file “%s” is another one than before. Open it again."),
                            xeno_media_get_path (media));
  build->done (build, g_steal_pointer (&error));
}

static void
caps_loaded_cb (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  XenoBuild *build = user_data;
  XenoMedia *media = xeno_recipe_get_media (build->recipe);
  g_autoptr (GFile) file = NULL;
  GError *error = NULL;

  build->caps = xeno_connection_load_caps_finish (build->connection, result, &error);
  if (build->caps == NULL || media == NULL)
    {
      build->done (build, error);
      return;
    }

  /* It was there when it was chosen; it may not be now. */
  file = g_file_new_for_path (xeno_media_get_path (media));
  xeno_media_open_async (file, build->cancellable, media_looked_at_cb, build);
}

static void
run_check (XenoBuild *build)
{
  GError *error = NULL;

  if (!check_reachable (build, &error) || !xeno_recipe_check (build->recipe, &error) || !choose_name (build, &error))
    build->done (build, error);
  else
    xeno_connection_load_caps_async (build->connection, build->cancellable, caps_loaded_cb, build);
}

static void
place_found_cb (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  XenoBuild *build = user_data;
  guint64 wanted = xeno_recipe_get_disk_bytes (build->recipe);
  GError *error = NULL;

  build->place = xeno_storage_ensure_finish (build->connection, result, &error);
  if (build->place != NULL && build->place->available_bytes < wanted)
    {
      g_autofree char *size = xeno_units_format_size (wanted);
      g_autofree char *available = xeno_units_format_size (build->place->available_bytes);

      xeno_set_error (&error, XENO_ERROR_NO_SPACE, NULL,
                      _("Disk: %s is too much. The folder “%s” has %s free."), size, build->place->path, available);
    }
  if (error == NULL)
    {
      g_autofree char *file_name = g_strconcat (build->uuid, ".qcow2", NULL);

      build->disk_path = g_build_filename (build->place->path, file_name, NULL);
    }
  build->done (build, error);
}

static void
run_place (XenoBuild *build)
{
  xeno_storage_ensure_async (build->connection, build->cancellable, place_found_cb, build);
}

static void
disk_made_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  XenoBuild *build = user_data;
  GError *error = NULL;
  g_autofree char *path = xeno_storage_create_finish (build->connection, result, &error);

  build->done (build, error);
}

/* Disk and definition are not left half way when the person cancels: they are short, and what they
 * came to must be known before it is undone. */
static void
run_disk (XenoBuild *build)
{
  g_autofree char *file_name = g_path_get_basename (build->disk_path);

  xeno_storage_create_async (build->connection, build->place->pool, file_name,
                             xeno_recipe_get_disk_bytes (build->recipe), NULL, disk_made_cb, build);
}

static gpointer
remove_file (gpointer       data,
             GCancellable  *cancellable,
             GError       **error)
{
  const char *path = data;
  GStatBuf info;

  if (g_lstat (path, &info) == 0 && S_ISREG (info.st_mode) && g_unlink (path) != 0)
    {
      xeno_set_error (error, XENO_ERROR_FAILED, g_strerror (errno),
                      _("The unfinished disk “%s” could not be removed. Remove it by hand."), path);
      return NULL;
    }
  return GINT_TO_POINTER (TRUE);
}

static void
file_removed_cb (GObject      *source,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  XenoBuild *build = user_data;
  GError *error = NULL;

  g_task_propagate_pointer (G_TASK (result), &error);
  build->done (build, error);
}

static void
disk_removed_cb (GObject      *source,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  XenoBuild *build = user_data;
  g_autoptr (XenoWorker) worker = NULL;
  g_autoptr (GTask) task = NULL;
  GError *error = NULL;

  if (!xeno_storage_delete_finish (build->connection, result, &error)
      || !xeno_connection_is_local (build->connection))
    {
      build->done (build, error);
      return;
    }

  /* A daemon that was killed meanwhile may have made a file its pool does not know. */
  worker = xeno_worker_new (1);
  task = g_task_new (NULL, NULL, file_removed_cb, build);
  xeno_worker_run (worker, NULL, 0, task, remove_file, g_strdup (build->disk_path), g_free, NULL);
}

static void
place_opened_cb (GObject      *source,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  XenoBuild *build = user_data;

  /* Without a place there is at least the file. */
  build->place = xeno_storage_ensure_finish (build->connection, result, NULL);
  xeno_storage_delete_async (build->connection, build->disk_path, NULL, disk_removed_cb, build);
}

static void
undo_disk (XenoBuild *build)
{
  if (build->disk_path == NULL)
    build->done (build, NULL);
  else if (build->place == NULL)
    xeno_storage_ensure_async (build->connection, NULL, place_opened_cb, build);
  else
    xeno_storage_delete_async (build->connection, build->disk_path, NULL, disk_removed_cb, build);
}

/* The bare host connection works everywhere; a network lets the host reach its guests. */
static void
prefer_network (XenoBuild *build,
                XenoSpec  *spec)
{
  g_autoptr (GPtrArray) nics = xeno_spec_list_devices (spec, "interface");

  if (!g_str_equal (xeno_recipe_get_network (build->recipe), "auto") || nics->len == 0
      || strstr (xeno_connection_get_uri (build->connection), "/system") == NULL)
    return;

  xeno_device_set_string (g_ptr_array_index (nics, 0), "type", "network");
  xeno_device_set_string (g_ptr_array_index (nics, 0), "source-network", "default");
}

static void
defined_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  XenoBuild *build = user_data;
  GError *error = NULL;

  build->machine = xeno_connection_define_finish (build->connection, result, &error);
  build->is_unsure = g_error_matches (error, XENO_ERROR, XENO_ERROR_TIMEOUT)
                     || g_error_matches (error, XENO_ERROR, XENO_ERROR_NO_CONNECTION);
  build->done (build, error);
}

static void
run_define (XenoBuild *build)
{
  GError *error = NULL;
  g_autoptr (XenoSpec) spec = xeno_recipe_to_spec (build->recipe, build->caps, build->name, build->uuid,
                                                   build->disk_path, &error);

  if (spec == NULL)
    {
      build->done (build, error);
      return;
    }

  prefer_network (build, spec);
  xeno_connection_define_async (build->connection, spec, NULL, defined_cb, build);
}

static void
purged_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  XenoBuild *build = user_data;
  GError *error = NULL;

  xeno_storage_purge_finish (build->connection, result, &error);
  build->done (build, error);
}

static void
deleted_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  XenoBuild *build = user_data;
  GError *error = NULL;
  g_autofree char *trash_id = xeno_machine_delete_finish (XENO_MACHINE (source), result, &error);

  if (trash_id != NULL)
    xeno_storage_purge_async (build->connection, trash_id, NULL, purged_cb, build);
  else
    build->done (build, error);
}

/* A machine that never came to be is not kept in the trash. */
static void
undo_define (XenoBuild *build)
{
  static const char * const no_disks[] = { NULL };

  if (build->machine == NULL)
    g_set_object (&build->machine, xeno_connection_find_machine (build->connection, build->uuid, NULL));
  if (build->machine == NULL && build->is_unsure)
    build->done (build, xeno_error_new (XENO_ERROR_TIMEOUT, NULL,
                                        _("What was begun is cleared away at the next start.")));
  else if (build->machine == NULL)
    build->done (build, NULL);
  else
    xeno_machine_delete_async (build->machine, no_disks, NULL, deleted_cb, build);
}

static void start (XenoBuild *build);

static gboolean
use_host_connection (XenoSpec  *spec,
                     gpointer   user_data,
                     GError   **error)
{
  g_autoptr (GPtrArray) nics = xeno_spec_list_devices (spec, "interface");

  for (guint i = 0; i < nics->len; i++)
    {
      xeno_device_set_string (g_ptr_array_index (nics, i), "source-network", NULL);
      xeno_device_set_string (g_ptr_array_index (nics, i), "type", "user");
    }
  return TRUE;
}

static void
network_changed_cb (GObject      *source,
                    GAsyncResult *result,
                    gpointer      user_data)
{
  XenoBuild *build = user_data;
  GError *error = NULL;

  if (xeno_machine_edit_finish (build->machine, result, &error))
    start (build);
  else
    build->done (build, error);
}

/* Where the choice was ours and the host's network is not there, the machine does without. */
static gboolean
is_missing_network (XenoBuild    *build,
                    const GError *error)
{
  const char *details = xeno_error_get_details (error);

  return !build->tried_user_network && details != NULL && strstr (details, "etwork") != NULL
         && g_str_equal (xeno_recipe_get_network (build->recipe), "auto")
         && strstr (xeno_connection_get_uri (build->connection), "/system") != NULL;
}

static void
started_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  XenoBuild *build = user_data;
  GError *error = NULL;

  xeno_machine_run_finish (build->machine, result, &error);
  if (error != NULL && is_missing_network (build, error))
    {
      g_clear_error (&error);
      build->tried_user_network = TRUE;
      xeno_machine_edit_async (build->machine, use_host_connection, NULL, NULL, NULL, network_changed_cb, build);
      return;
    }
  build->done (build, error);
}

static void
start (XenoBuild *build)
{
  xeno_machine_run_async (build->machine, xeno_verb_find ("start"), build->cancellable, started_cb, build);
}

static const XenoBuildStep steps[] = {
  { N_("Looking whether it can be made…"), 0.0, NULL, run_check, NULL },
  { N_("Looking for a place for the disk…"), 0.1, needs_disk, run_place, NULL },
  { N_("Making the disk…"), 0.2, needs_disk, run_disk, undo_disk },
  { N_("Putting the machine together…"), 0.4, NULL, run_define, undo_define },
  { N_("Starting the machine…"), 0.5, needs_start, start, NULL },
};

/*< private >
 * xeno_build_step_list:
 * @n_steps: (out): how many there are
 *
 * Gets the steps.
 *
 * Returns: (transfer none) (array length=n_steps): the table, in the order of the work
 */
const XenoBuildStep *
xeno_build_step_list (gsize *n_steps)
{
  g_return_val_if_fail (n_steps != NULL, NULL);

  *n_steps = G_N_ELEMENTS (steps);
  return steps;
}

/*< private >
 * xeno_build_new:
 * @connection: where it is built
 * @uuid: the machine's UUID
 *
 * Makes the plan of a machine.
 *
 * Returns: (transfer full): the plan
 */
XenoBuild *
xeno_build_new (XenoConnection *connection,
                const char     *uuid)
{
  XenoBuild *build = g_new0 (XenoBuild, 1);

  build->connection = g_object_ref (connection);
  build->uuid = g_strdup (uuid);
  return build;
}

/*< private >
 * xeno_build_free:
 * @build: (transfer full): a plan
 *
 * Frees it; what was built stays.
 */
void
xeno_build_free (XenoBuild *build)
{
  g_clear_object (&build->connection);
  g_clear_object (&build->recipe);
  g_clear_object (&build->caps);
  g_clear_object (&build->machine);
  g_clear_object (&build->cancellable);
  g_clear_pointer (&build->place, xeno_storage_place_free);
  g_free (build->uuid);
  g_free (build->name);
  g_free (build->disk_path);
  g_free (build);
}
