/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is known of operating systems: the libosinfo database, loaded once in a thread. */
#include "config.h"

#include "base/xeno-read-only-list.h"
#include "base/xeno-worker.h"
#include "create/xeno-os-db.h"
#include "create/xeno-os-library.h"

/* libosinfo says nothing about threads, so one at a time goes to the database. */
#define LANE "osinfo"

typedef struct
{
  XenoOsLibrary *library;
  char          *id;    /* of a system that shall be described, or */
  XenoMedia     *media; /* a medium that shall be identified */
} Question;

struct _XenoOsDb
{
  GObject        parent_instance;
  XenoWorker    *worker;
  XenoOsLibrary *library;
  GListStore    *store;
  GListModel    *list;
  GHashTable    *by_id; /* id or short id -> XenoOs in the store */
};

G_DEFINE_FINAL_TYPE (XenoOsDb, xeno_os_db, G_TYPE_OBJECT)

static void
question_free (Question *question)
{
  xeno_os_library_unref (question->library);
  g_free (question->id);
  g_clear_object (&question->media);
  g_free (question);
}

static gpointer
load (gpointer       data,
      GCancellable  *cancellable,
      GError       **error)
{
  return xeno_os_library_load (data, error);
}

static gpointer
answer (gpointer       data,
        GCancellable  *cancellable,
        GError       **error)
{
  Question *question = data;

  return question->media != NULL ? xeno_os_library_identify (question->library, question->media)
                                 : xeno_os_library_describe (question->library, question->id);
}

static void
ask (XenoOsDb   *self,
     GTask      *task,
     const char *id,
     XenoMedia  *media)
{
  Question *question = g_new0 (Question, 1);

  question->library = xeno_os_library_ref (self->library);
  question->id = g_strdup (id);
  g_set_object (&question->media, media);
  xeno_worker_run (self->worker, LANE, 0, task, answer, question, (GDestroyNotify) question_free,
                   (GDestroyNotify) xeno_os_finding_free);
}

static void
lookup_loaded_cb (GObject      *source,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  XenoOsDb *self = XENO_OS_DB (source);
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  XenoOs *os;

  if (!xeno_os_db_load_finish (self, result, &error))
    {
      g_task_return_error (task, error);
      return;
    }

  os = xeno_os_db_find (self, g_task_get_task_data (task));
  if (os != NULL && !xeno_os_is_described (os))
    ask (self, task, xeno_os_get_id (os), NULL);
  else
    g_task_return_pointer (task, xeno_os_finding_new (os != NULL ? xeno_os_get_id (os) : NULL, NULL),
                           (GDestroyNotify) xeno_os_finding_free);
}

static void
identify_loaded_cb (GObject      *source,
                    GAsyncResult *result,
                    gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;

  /* Without a database nothing is recognised; that is no failure of the medium's. */
  xeno_os_db_load_finish (XENO_OS_DB (source), result, &error);
  if (!g_task_return_error_if_cancelled (task))
    ask (XENO_OS_DB (source), task, NULL, g_task_get_task_data (task));
}

static XenoOs *
take_finding (XenoOsDb      *self,
              GAsyncResult  *result,
              GError       **error)
{
  g_autoptr (XenoOsFinding) finding = g_task_propagate_pointer (G_TASK (result), error);
  XenoOs *os = finding != NULL ? xeno_os_db_find (self, finding->id) : NULL;

  if (os == NULL)
    return NULL;

  if (finding->facts != NULL)
    xeno_os_take_facts (os, g_steal_pointer (&finding->facts));
  return g_object_ref (os);
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
  xeno_os_library_unref (self->library);

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
  self->library = xeno_os_library_new ();
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
 * Loads it in a thread, if that has not been done. What is in the list afterwards is not described.
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
  xeno_worker_run (self->worker, LANE, 0, task, load, xeno_os_library_ref (self->library),
                   (GDestroyNotify) xeno_os_library_unref, (GDestroyNotify) g_ptr_array_unref);
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
 * Finds an operating system in the list, described or not.
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
 * xeno_os_db_lookup_async:
 * @self: a database
 * @id_or_short_id: "http://debian.org/debian/11" or "debian11"
 * @cancellable: (nullable): a cancellable
 * @callback: called when it was looked up
 * @user_data: for @callback
 *
 * Finds an operating system and what it needs, loading the database first if needed.
 */
void
xeno_os_db_lookup_async (XenoOsDb            *self,
                         const char          *id_or_short_id,
                         GCancellable        *cancellable,
                         GAsyncReadyCallback  callback,
                         gpointer             user_data)
{
  GTask *task;

  g_return_if_fail (XENO_IS_OS_DB (self));
  g_return_if_fail (id_or_short_id != NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, xeno_os_db_lookup_async);
  g_task_set_task_data (task, g_strdup (id_or_short_id), g_free);
  xeno_os_db_load_async (self, cancellable, lookup_loaded_cb, task);
}

/**
 * xeno_os_db_lookup_finish:
 * @self: a database
 * @result: what the callback was given
 * @error: as for xeno_os_db_load_finish()
 *
 * Ends xeno_os_db_lookup_async().
 *
 * Returns: (nullable) (transfer full): the operating system, described, or %NULL without an error when
 *   nobody is called that
 */
XenoOs *
xeno_os_db_lookup_finish (XenoOsDb      *self,
                          GAsyncResult  *result,
                          GError       **error)
{
  g_return_val_if_fail (XENO_IS_OS_DB (self), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, xeno_os_db_lookup_async), NULL);

  return take_finding (self, result, error);
}

/**
 * xeno_os_db_identify_async:
 * @self: a database
 * @media: a medium
 * @cancellable: (nullable): a cancellable
 * @callback: called when it is known or nobody knows it
 * @user_data: for @callback
 *
 * Finds out which operating system is on a disc image and what that needs, loading the database first
 * if needed. The file was looked at already; it is not looked at again.
 */
void
xeno_os_db_identify_async (XenoOsDb            *self,
                           XenoMedia           *media,
                           GCancellable        *cancellable,
                           GAsyncReadyCallback  callback,
                           gpointer             user_data)
{
  GTask *task;

  g_return_if_fail (XENO_IS_OS_DB (self));
  g_return_if_fail (XENO_IS_MEDIA (media));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, xeno_os_db_identify_async);
  g_task_set_task_data (task, g_object_ref (media), g_object_unref);
  xeno_os_db_load_async (self, cancellable, identify_loaded_cb, task);
}

/**
 * xeno_os_db_identify_finish:
 * @self: a database
 * @result: what the callback was given
 * @error: where to say that it was cancelled
 *
 * Ends xeno_os_db_identify_async().
 *
 * Returns: (nullable) (transfer full): the operating system, described, or %NULL without an error when
 *   it is not known
 */
XenoOs *
xeno_os_db_identify_finish (XenoOsDb      *self,
                            GAsyncResult  *result,
                            GError       **error)
{
  g_return_val_if_fail (XENO_IS_OS_DB (self), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, xeno_os_db_identify_async), NULL);

  return take_finding (self, result, error);
}
