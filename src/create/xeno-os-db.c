/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is known of operating systems: the libosinfo database, loaded once in a thread. */
#include "config.h"

#include <sys/utsname.h>

#include <glib/gi18n-lib.h>
#include <osinfo/osinfo.h>

#include "base/xeno-error.h"
#include "base/xeno-read-only-list.h"
#include "base/xeno-worker.h"
#include "create/xeno-media-facts.h"
#include "create/xeno-os-db.h"
#include "create/xeno-os-private.h"

/* libosinfo says nothing about threads, so one at a time goes to the database. */
#define LANE                 "osinfo"
#define IDENTIFY_DEADLINE_MS 5000

/* The database itself, touched by the worker's thread only. */
typedef struct
{
  gatomicrefcount  ref_count;
  OsinfoDb        *db;
  GPtrArray       *entries; /* of XenoOs */
} Library;

typedef struct
{
  Library *library;
  char    *path;
} Identification;

struct _XenoOsDb
{
  GObject     parent_instance;
  XenoWorker *worker;
  Library    *library;
  GListStore *store;
  GListModel *list;
  GHashTable *by_id; /* id or short id -> XenoOs in the store */
};

G_DEFINE_FINAL_TYPE (XenoOsDb, xeno_os_db, G_TYPE_OBJECT)

static Library *
library_ref (Library *library)
{
  g_atomic_ref_count_inc (&library->ref_count);
  return library;
}

static void
library_unref (Library *library)
{
  if (!g_atomic_ref_count_dec (&library->ref_count))
    return;

  g_clear_object (&library->db);
  g_clear_pointer (&library->entries, g_ptr_array_unref);
  g_free (library);
}

static void
identification_free (Identification *identification)
{
  library_unref (identification->library);
  g_free (identification->path);
  g_free (identification);
}

static int
compare_age_cb (gconstpointer a,
                gconstpointer b)
{
  return xeno_os_compare_age (*(XenoOs **) a, *(XenoOs **) b);
}

static GPtrArray *
copy_entries (OsinfoDb *db)
{
  g_autoptr (OsinfoOsList) list = osinfo_db_get_os_list (db);
  g_autoptr (GList) elements = osinfo_list_get_elements (OSINFO_LIST (list));
  GPtrArray *entries = g_ptr_array_new_with_free_func (g_object_unref);
  struct utsname host;

  if (uname (&host) < 0)
    host.machine[0] = '\0';

  for (GList *l = elements; l != NULL; l = l->next)
    g_ptr_array_add (entries, xeno_os_new_from_osinfo (l->data, host.machine));
  g_ptr_array_sort (entries, compare_age_cb);
  return entries;
}

static gpointer
load (gpointer       data,
      GCancellable  *cancellable,
      GError       **error)
{
  Library *library = data;
  g_autoptr (OsinfoLoader) loader = NULL;
  g_autoptr (GError) problem = NULL;

  if (library->db != NULL)
    return g_ptr_array_ref (library->entries);

  loader = osinfo_loader_new ();
  osinfo_loader_process_default_path (loader, &problem);
  if (problem != NULL)
    {
      xeno_set_error (error, XENO_ERROR_NOT_INSTALLED, problem->message,
                      _("The database of operating systems could not be read. Install or repair the "
                        "package “osinfo-db”; until then systems are not recognised."));
      return NULL;
    }

  library->db = g_object_ref (osinfo_loader_get_db (loader));
  library->entries = copy_entries (library->db);
  return g_ptr_array_ref (library->entries);
}

static void
set_param (OsinfoMedia *media,
           const char  *key,
           const char  *value)
{
  if (value != NULL)
    osinfo_entity_set_param (OSINFO_ENTITY (media), key, value);
}

static OsinfoMedia *
describe_media (const XenoMediaFacts *facts)
{
  OsinfoMedia *media = osinfo_media_new ("file", NULL);

  set_param (media, OSINFO_MEDIA_PROP_VOLUME_ID, facts->volume_id);
  set_param (media, OSINFO_MEDIA_PROP_SYSTEM_ID, facts->system_id);
  set_param (media, OSINFO_MEDIA_PROP_PUBLISHER_ID, facts->publisher_id);
  set_param (media, OSINFO_MEDIA_PROP_APPLICATION_ID, facts->application_id);
  osinfo_entity_set_param_int64 (OSINFO_ENTITY (media), OSINFO_MEDIA_PROP_VOLUME_SIZE, facts->capacity_bytes);
  return media;
}

static gpointer
identify (gpointer       data,
          GCancellable  *cancellable,
          GError       **error)
{
  Identification *identification = data;
  g_autoptr (XenoMediaFacts) facts = xeno_media_facts_read (identification->path, error);
  g_autoptr (OsinfoMedia) media = NULL;
  OsinfoOs *os;

  if (facts == NULL)
    return NULL;
  if (identification->library->db == NULL || facts->volume_id == NULL)
    return g_strdup ("");

  media = describe_media (facts);
  if (!osinfo_db_identify_media (identification->library->db, media))
    return g_strdup ("");

  os = osinfo_media_get_os (media);
  return g_strdup (os != NULL ? osinfo_entity_get_id (OSINFO_ENTITY (os)) : "");
}

static void
identify_loaded_cb (GObject      *source,
                    GAsyncResult *result,
                    gpointer      user_data)
{
  XenoOsDb *self = XENO_OS_DB (source);
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  Identification *identification;

  /* Without a database nothing is recognised; that is no failure of the medium's. */
  xeno_os_db_load_finish (self, result, &error);
  if (g_task_return_error_if_cancelled (task))
    return;

  identification = g_new0 (Identification, 1);
  identification->library = library_ref (self->library);
  identification->path = g_strdup (g_task_get_task_data (task));
  xeno_worker_run (self->worker, LANE, IDENTIFY_DEADLINE_MS, task, identify, identification,
                   (GDestroyNotify) identification_free, g_free);
}

static void
take_entry (XenoOsDb *self,
            XenoOs   *os)
{
  g_hash_table_insert (self->by_id, (gpointer) xeno_os_get_id (os), os);
  if (xeno_os_get_short_id (os) != NULL)
    g_hash_table_insert (self->by_id, (gpointer) xeno_os_get_short_id (os), os);
}

static void
xeno_os_db_dispose (GObject *object)
{
  XenoOsDb *self = XENO_OS_DB (object);

  g_hash_table_remove_all (self->by_id);
  g_clear_object (&self->worker);
  g_clear_object (&self->list);
  g_clear_object (&self->store);

  G_OBJECT_CLASS (xeno_os_db_parent_class)->dispose (object);
}

static void
xeno_os_db_finalize (GObject *object)
{
  XenoOsDb *self = XENO_OS_DB (object);

  g_hash_table_unref (self->by_id);
  library_unref (self->library);

  G_OBJECT_CLASS (xeno_os_db_parent_class)->finalize (object);
}

static void
xeno_os_db_class_init (XenoOsDbClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = xeno_os_db_dispose;
  object_class->finalize = xeno_os_db_finalize;
}

static void
xeno_os_db_init (XenoOsDb *self)
{
  self->worker = xeno_worker_new (1);
  self->library = g_new0 (Library, 1);
  g_atomic_ref_count_init (&self->library->ref_count);
  self->store = g_list_store_new (XENO_TYPE_OS);
  self->list = xeno_read_only_list_new (G_LIST_MODEL (self->store));
  self->by_id = g_hash_table_new (g_str_hash, g_str_equal);
}

/**
 * xeno_os_db_new:
 *
 * Makes an empty database.
 *
 * Returns: (transfer full): the database
 */
XenoOsDb *
xeno_os_db_new (void)
{
  return g_object_new (XENO_TYPE_OS_DB, NULL);
}

/**
 * xeno_os_db_load_async:
 * @self: a database
 * @cancellable: (nullable): a cancellable
 * @callback: called when it is loaded
 * @user_data: for @callback
 *
 * Loads it in a thread, if that has not been done.
 */
void
xeno_os_db_load_async (XenoOsDb            *self,
                       GCancellable        *cancellable,
                       GAsyncReadyCallback  callback,
                       gpointer             user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (XENO_IS_OS_DB (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, xeno_os_db_load_async);
  xeno_worker_run (self->worker, LANE, 0, task, load, library_ref (self->library),
                   (GDestroyNotify) library_unref, (GDestroyNotify) g_ptr_array_unref);
}

/**
 * xeno_os_db_load_finish:
 * @self: a database
 * @result: what the callback was given
 * @error: %XENO_ERROR_NOT_INSTALLED when it could not be read
 *
 * Ends xeno_os_db_load_async().
 *
 * Returns: %TRUE if it is loaded
 */
gboolean
xeno_os_db_load_finish (XenoOsDb      *self,
                        GAsyncResult  *result,
                        GError       **error)
{
  g_autoptr (GPtrArray) entries = NULL;

  g_return_val_if_fail (XENO_IS_OS_DB (self), FALSE);
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  entries = g_task_propagate_pointer (G_TASK (result), error);
  if (entries == NULL)
    return FALSE;

  if (g_list_model_get_n_items (self->list) > 0)
    return TRUE;

  for (guint i = 0; i < entries->len; i++)
    take_entry (self, g_ptr_array_index (entries, i));
  g_list_store_splice (self->store, 0, 0, entries->pdata, entries->len);
  return TRUE;
}

/**
 * xeno_os_db_find:
 * @self: a database
 * @id_or_short_id: (nullable): "http://debian.org/debian/11" or "debian11"
 *
 * Finds an operating system.
 *
 * Returns: (nullable) (transfer none): the operating system, or %NULL
 */
XenoOs *
xeno_os_db_find (XenoOsDb   *self,
                 const char *id_or_short_id)
{
  g_return_val_if_fail (XENO_IS_OS_DB (self), NULL);

  return id_or_short_id != NULL ? g_hash_table_lookup (self->by_id, id_or_short_id) : NULL;
}

/**
 * xeno_os_db_get_list:
 * @self: a database
 *
 * Gets every operating system, newest first. Empty until it is loaded.
 *
 * Returns: (transfer none): a list of #XenoOs
 */
GListModel *
xeno_os_db_get_list (XenoOsDb *self)
{
  g_return_val_if_fail (XENO_IS_OS_DB (self), NULL);

  return self->list;
}

/**
 * xeno_os_db_identify_async:
 * @self: a database
 * @path: a disc image
 * @cancellable: (nullable): a cancellable
 * @callback: called when it was looked at
 * @user_data: for @callback
 *
 * Finds out which operating system is on a disc image, loading the database first if needed. The
 * file is looked at as xeno_media_open_async() does.
 */
void
xeno_os_db_identify_async (XenoOsDb            *self,
                           const char          *path,
                           GCancellable        *cancellable,
                           GAsyncReadyCallback  callback,
                           gpointer             user_data)
{
  GTask *task;

  g_return_if_fail (XENO_IS_OS_DB (self));
  g_return_if_fail (path != NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, xeno_os_db_identify_async);
  g_task_set_task_data (task, g_strdup (path), g_free);
  xeno_os_db_load_async (self, cancellable, identify_loaded_cb, task);
}

/**
 * xeno_os_db_identify_finish:
 * @self: a database
 * @result: what the callback was given
 * @error: as for xeno_media_open_finish()
 *
 * Ends xeno_os_db_identify_async().
 *
 * Returns: (nullable) (transfer full): the operating system, or %NULL without an error when it is
 *   not known
 */
XenoOs *
xeno_os_db_identify_finish (XenoOsDb      *self,
                            GAsyncResult  *result,
                            GError       **error)
{
  g_autofree char *id = NULL;
  XenoOs *os;

  g_return_val_if_fail (XENO_IS_OS_DB (self), NULL);
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  id = g_task_propagate_pointer (G_TASK (result), error);
  os = xeno_os_db_find (self, id);
  return os != NULL ? g_object_ref (os) : NULL;
}
