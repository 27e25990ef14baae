/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What has to be known before a person is asked about a file: the medium, its system, the room there is. */
#include "config.h"

#include "create/xeno-in-place.h"
#include "dialogs/xeno-review-facts.h"
#include "virt/xeno-storage.h"

typedef struct
{
  XenoReviewFacts *facts;
  XenoConnection  *connection;
  XenoOsDb        *os_db;
  guint            n_pending;
  gboolean         is_connected;
} Load;

static void
load_free (Load *load)
{
  g_clear_pointer (&load->facts, xeno_review_facts_free);
  g_clear_object (&load->connection);
  g_clear_object (&load->os_db);
  g_free (load);
}

static gboolean
is_cancelled (const GError *error)
{
  return g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
begin (GTask *task)
{
  Load *load = g_task_get_task_data (task);

  load->n_pending++;
  g_object_ref (task);
}

/* The last to come answers. Takes the reference of begin(). */
static void
end (GTask *task)
{
  Load *load = g_task_get_task_data (task);

  load->n_pending--;
  if (load->n_pending == 0 && !g_task_had_error (task))
    g_task_return_pointer (task, g_steal_pointer (&load->facts),
                           (GDestroyNotify) xeno_review_facts_free);
  g_object_unref (task);
}

/* The first problem stands: what follows from it is no news. */
static void
take_problem (GTask  *task,
              GError *error)
{
  Load *load = g_task_get_task_data (task);

  if (load->facts->problem != NULL || is_cancelled (error))
    g_error_free (error);
  else
    load->facts->problem = error;
}

static void
identified_cb (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  GTask *task = user_data;
  Load *load = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (XenoOs) os = NULL;

  os = xeno_os_db_identify_finish (XENO_OS_DB (source), result, &error);
  /* A database that cannot be read makes every medium an unknown one, which is welcome too. */
  if (os == NULL && error != NULL)
    g_debug ("The medium could not be identified: %s", error->message);
  else
    load->facts->os = g_steal_pointer (&os);
  end (task);
}

static void
place_checked_cb (GObject      *source,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  GTask *task = user_data;
  Load *load = g_task_get_task_data (task);

  xeno_in_place_check_finish (result, &load->facts->in_place_problem);
  end (task);
}

/* What can only be asked of a host that answers. */
static void
check_place (GTask *task)
{
  Load *load = g_task_get_task_data (task);
  XenoMedia *media = load->facts->recipe != NULL ? xeno_recipe_get_media (load->facts->recipe) : NULL;

  if (!load->is_connected || media == NULL || !(xeno_media_get_ways (media) & XENO_DISK_IN_PLACE))
    return;

  begin (task);
  xeno_in_place_check_async (load->connection, xeno_media_get_path (media), g_task_get_cancellable (task),
                             place_checked_cb, task);
}

static void
identify (GTask     *task,
          XenoMedia *media)
{
  Load *load = g_task_get_task_data (task);

  begin (task);
  xeno_os_db_identify_async (load->os_db, media, g_task_get_cancellable (task), identified_cb, task);
}

static void
media_opened_cb (GObject      *source,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  GTask *task = user_data;
  Load *load = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (XenoMedia) media = xeno_media_open_finish (result, &error);

  if (media == NULL)
    g_task_return_error (task, g_steal_pointer (&error));
  else if (g_str_equal (xeno_media_get_device (media), XENO_RESTORE_DEVICE))
    load->facts->restore = xeno_restore_new (media);
  else
    {
      load->facts->recipe = xeno_recipe_new (media);
      identify (task, media);
      check_place (task);
    }
  end (task);
}

static void
place_found_cb (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  GTask *task = user_data;
  Load *load = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (XenoStoragePlace) place = NULL;

  place = xeno_storage_ensure_finish (load->connection, result, &error);
  if (place == NULL)
    take_problem (task, error);
  else
    {
      load->facts->free_bytes = place->available_bytes;
      load->facts->promised_bytes = place->promised_bytes;
    }
  end (task);
}

static void
connected_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  GTask *task = user_data;
  Load *load = g_task_get_task_data (task);
  GError *error = NULL;

  if (!xeno_connection_open_finish (load->connection, result, &error))
    take_problem (task, error);
  else
    {
      load->is_connected = TRUE;
      begin (task);
      xeno_storage_ensure_async (load->connection, g_task_get_cancellable (task), place_found_cb, task);
      check_place (task);
    }
  end (task);
}

/**
 * xeno_review_facts_free:
 * @facts: facts
 *
 * Frees @facts.
 */
void
xeno_review_facts_free (XenoReviewFacts *facts)
{
  g_return_if_fail (facts != NULL);

  g_clear_object (&facts->recipe);
  g_clear_object (&facts->restore);
  g_clear_object (&facts->os);
  g_clear_error (&facts->problem);
  g_clear_error (&facts->in_place_problem);
  g_free (facts);
}

/**
 * xeno_review_facts_load_async:
 * @connection: where the machine shall live
 * @os_db: the operating systems that are known; loaded if need be
 * @file: (nullable): what somebody wants to run, or %NULL where there is a recipe
 * @recipe: (nullable): a machine whose file was looked at, or that is made from none
 * @cancellable: (nullable): a cancellable
 * @callback: called when all is known
 * @user_data: data for @callback
 *
 * Looks at the file and at the host, all at the same time. A file that cannot be used is an error;
 * a host that cannot make a machine at the moment is a fact. What the host offers is not asked for:
 * where libvirt has not looked at its emulators yet, that takes seconds.
 */
void
xeno_review_facts_load_async (XenoConnection      *connection,
                              XenoOsDb            *os_db,
                              GFile               *file,
                              XenoRecipe          *recipe,
                              GCancellable        *cancellable,
                              GAsyncReadyCallback  callback,
                              gpointer             user_data)
{
  g_autoptr (GTask) task = NULL;
  Load *load;

  g_return_if_fail (XENO_IS_CONNECTION (connection));
  g_return_if_fail (XENO_IS_OS_DB (os_db));
  g_return_if_fail ((file != NULL) != (recipe != NULL));

  task = g_task_new (NULL, cancellable, callback, user_data);
  g_task_set_source_tag (task, xeno_review_facts_load_async);
  load = g_new0 (Load, 1);
  load->facts = g_new0 (XenoReviewFacts, 1);
  g_set_object (&load->facts->recipe, recipe);
  load->connection = g_object_ref (connection);
  load->os_db = g_object_ref (os_db);
  g_task_set_task_data (task, load, (GDestroyNotify) load_free);

  if (file != NULL)
    {
      begin (task);
      xeno_media_open_async (file, cancellable, media_opened_cb, task);
    }
  else if (xeno_recipe_get_media (recipe) != NULL)
    identify (task, xeno_recipe_get_media (recipe));
  begin (task);
  xeno_connection_open_async (connection, cancellable, connected_cb, task);
}

/**
 * xeno_review_facts_load_finish:
 * @result: the result
 * @error: return location for an error
 *
 * Ends xeno_review_facts_load_async().
 *
 * Returns: (transfer full): the facts, or %NULL with why the file cannot be used
 */
XenoReviewFacts *
xeno_review_facts_load_finish (GAsyncResult  *result,
                               GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
