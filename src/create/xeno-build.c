/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The steps of making a machine, forwards and backwards. */
#include "config.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "base/xeno-error.h"
#include "create/xeno-build-files.h"
#include "create/xeno-build-first-start.h"
#include "create/xeno-build-install.h"
#include "spec/xeno-name.h"
#include "virt/xeno-machine-snapshots.h"
#include "virt/xeno-trash.h"
#include "virt/xeno-verb.h"

/* A passing machine's name is made unique by the first letters of its UUID. It is short: libvirt puts it and a
 * number that grows into the path of a socket, deep in the person's home, and such a path has 107 bytes. */
#define MARK_CHARS 6
#define MAX_PASSING_SLUG 7

static gboolean
needs_start (XenoBuild *build)
{
  return build->start_machine && !xeno_plan_is_passing (build->plan);
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
  const char *title = xeno_plan_get_title (build->plan);
  const char *own_name = xeno_plan_get_name (build->plan);
  g_autofree char *free_title = NULL;
  g_autofree char *slug = NULL;

  if (!xeno_name_check_title (title != NULL ? title : "", error))
    return FALSE;

  slug = xeno_name_make_slug (title);
  if (xeno_plan_is_passing (build->plan)) /* there may be many of a kind, and more at the same moment */
    {
      build->name = g_strdup_printf ("%.*s-%.*s", MAX_PASSING_SLUG, slug, MARK_CHARS, build->uuid);
      return TRUE;
    }

  free_title = xeno_plan_dup_free_title (build->plan, machines);
  if (g_strcmp0 (title, free_title) != 0)
    {
      xeno_set_error (error, XENO_ERROR_EXISTS, NULL,
                      _("There is a machine “%s” already. Choose another name, for example “%s”."),
                      title, free_title);
      return FALSE;
    }

  build->name = xeno_name_make_unique (own_name != NULL && xeno_name_is_slug (own_name) ? own_name : slug, "-",
                                       is_name_taken, machines);
  return TRUE;
}

static void
looked_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  XenoBuild *build = user_data;
  GError *error = NULL;

  if (xeno_plan_look_finish (build->plan, result, &error))
    build->files = xeno_plan_list_files (build->plan);
  build->done (build, error);
}

static void
caps_loaded_cb (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  XenoBuild *build = user_data;
  GError *error = NULL;

  build->caps = xeno_connection_load_caps_finish (build->connection, result, &error);
  if (build->caps == NULL)
    build->done (build, error);
  else
    xeno_plan_look_async (build->plan, build->connection, build->cancellable, looked_cb, build);
}

static gboolean
check_connection (XenoBuild  *build,
                  GError    **error)
{
  if (xeno_connection_get_state (build->connection) == XENO_CONNECTION_OPEN)
    return TRUE;

  xeno_set_error (error, XENO_ERROR_NO_CONNECTION, NULL,
                  _("“%s” is not connected. Wait until it is, then try again."),
                  xeno_connection_get_title (build->connection));
  return FALSE;
}

static void
run_check (XenoBuild *build)
{
  GError *error = NULL;

  if (!check_connection (build, &error) || !choose_name (build, &error))
    build->done (build, error);
  else
    xeno_connection_load_arch_caps_async (build->connection, xeno_plan_get_arch (build->plan), build->cancellable,
                                          caps_loaded_cb, build);
}

static void
defined_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  XenoBuild *build = user_data;
  GError *error = NULL;

  if (xeno_plan_is_passing (build->plan))
    build->machine = xeno_connection_create_finish (build->connection, result, &error);
  else
    build->machine = xeno_connection_define_finish (build->connection, result, &error);
  build->is_unsure = g_error_matches (error, XENO_ERROR, XENO_ERROR_TIMEOUT)
                     || g_error_matches (error, XENO_ERROR, XENO_ERROR_NO_CONNECTION);
  build->done (build, error);
}

static void
run_define (XenoBuild *build)
{
  const char *memory_path = xeno_plan_get_memory_path (build->plan);
  GError *error = NULL;
  g_autoptr (XenoSpec) spec = xeno_plan_make_spec (build->plan, build->connection, build->caps, build->name,
                                                   build->uuid, build->files, &error);

  if (spec == NULL)
    {
      build->done (build, error);
      return;
    }

  if (xeno_plan_is_passing (build->plan))
    xeno_connection_create_async (build->connection, spec, memory_path,
                                  memory_path != NULL ? xeno_plan_find_path (build->files, XENO_PLAN_ROLE_PIPE) : NULL,
                                  NULL, defined_cb, build);
  else
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

  if (g_error_matches (error, XENO_ERROR, XENO_ERROR_NOT_FOUND)) /* it went by itself meanwhile */
    g_clear_error (&error);
  if (trash_id != NULL)
    xeno_storage_purge_async (build->connection, trash_id, NULL, purged_cb, build);
  else
    build->done (build, error);
}

/* A name that begins with the UUID and some letters more is of a machine whose UUID was somebody's before. */
static gboolean
is_marked (const char *name,
           const char *uuid)
{
  const char *mark = name + strlen (uuid);
  gsize n = 1;

  if (!g_str_has_prefix (name, uuid) || *mark != '-')
    return FALSE;
  while (n <= MARK_CHARS && g_ascii_isxdigit (mark[n]))
    n++;
  return n > MARK_CHARS && !g_ascii_isalnum (mark[n]);
}

/* One of that UUID may have come from somewhere else meanwhile: only what stands on our files is ours. */
static gboolean
is_ours (XenoBuild   *build,
         XenoMachine *machine)
{
  g_autoptr (XenoSpec) spec = xeno_machine_dup_spec (machine);
  g_autofree char *xml = spec != NULL ? xeno_spec_to_xml (spec) : NULL;
  gboolean has_marked = FALSE;

  for (guint i = 0; xml != NULL && build->files != NULL && i < build->files->len; i++)
    {
      XenoPlanFile *file = g_ptr_array_index (build->files, i);
      g_autofree char *name = file->path != NULL ? g_path_get_basename (file->path) : NULL;

      if (name == NULL || !is_marked (name, build->uuid))
        continue;
      if (strstr (xml, name) != NULL)
        return TRUE;
      has_marked = TRUE;
    }
  return !has_marked;
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
  else if (build->machine == NULL || !is_ours (build, build->machine))
    build->done (build, NULL);
  else
    xeno_machine_delete_async (build->machine, no_disks, NULL, deleted_cb, build);
}

/*< private >
 * xeno_build_has_snapshots:
 * @build: what is being built
 *
 * Returns: whether its disks hold snapshots
 */
gboolean
xeno_build_has_snapshots (XenoBuild *build)
{
  const char *current;
  g_auto (GStrv) snapshots = xeno_plan_list_snapshots (build->plan, &current);

  return *snapshots != NULL;
}

static void
snapshots_restored_cb (GObject      *source,
                       GAsyncResult *result,
                       gpointer      user_data)
{
  XenoBuild *build = user_data;
  GError *error = NULL;

  xeno_machine_restore_snapshots_finish (build->machine, result, &error);
  build->done (build, error);
}

static void
run_snapshots (XenoBuild *build)
{
  const char *current;
  g_auto (GStrv) snapshots = xeno_plan_list_snapshots (build->plan, &current);

  xeno_machine_restore_snapshots_async (build->machine, (const char * const *) snapshots, current, NULL,
                                        snapshots_restored_cb, build);
}

/* They go with the machine. */
static void
undo_snapshots (XenoBuild *build)
{
  build->done (build, NULL);
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
         && xeno_plan_is_network_ours (build->plan)
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
  if (error != NULL && xeno_build_first_start_is_needed (build))
    xeno_build_first_start_give_up (build, error);
  else
    build->done (build, error);
}

static void
start (XenoBuild *build)
{
  xeno_machine_run_async (build->machine, xeno_verb_find ("start"), build->cancellable, started_cb, build);
}

static const XenoBuildStep steps[] = {
  { N_("Looking whether it can be made…"), 0.0, NULL, run_check, NULL },
  { N_("Looking for a place for the disk…"), 0.05, xeno_build_files_is_needed, xeno_build_files_place, NULL },
  { N_("Making the disk…"), 0.1, xeno_build_files_is_needed, xeno_build_files_make, xeno_build_files_remove },
  { N_("Putting the machine together…"), 0.8, NULL, run_define, undo_define },
  { N_("Putting its snapshots back…"), 0.85, xeno_build_has_snapshots, run_snapshots, undo_snapshots },
  { N_("Starting the machine…"), 0.9, needs_start, start, NULL },
  {
    N_("Putting away what was for the first start…"), 0.97, xeno_build_first_start_is_needed,
    xeno_build_first_start_end, NULL
  },
  {
    N_("Installing… the machine restarts by itself"), XENO_BUILD_UNKNOWN, xeno_build_first_start_is_needed,
    xeno_build_install_wait, NULL, TRUE
  },
  { N_("Starting it from its disk…"), 0.99, xeno_build_first_start_is_needed, xeno_build_install_start, NULL, TRUE },
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
  build->stem = g_strdup (uuid);
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
  g_clear_object (&build->plan);
  g_clear_object (&build->caps);
  g_clear_object (&build->machine);
  g_clear_object (&build->cancellable);
  g_clear_error (&build->start_error);
  g_clear_pointer (&build->place, xeno_storage_place_free);
  g_free (build->uuid);
  g_free (build->stem);
  g_free (build->name);
  g_clear_pointer (&build->files, g_ptr_array_unref);
  g_free (build);
}
