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
  char          *id;    /* of a system that is looked up, or */
  XenoMedia     *media; /* a medium that shall be identified */
} Question;

/* What an installer shall be told. The texts are the wish's own. */
typedef struct
{
  XenoOsLibrary   *library;
  XenoOs          *os;
  XenoMedia       *media;
  XenoSeed        *seed; /* NULL: nothing yet */
  XenoInstallWish  wish;
  GPtrArray       *texts;
} Order;

struct _XenoOsDb
{
  GObject        parent_instance;
  XenoWorker    *worker;
  XenoOsLibrary *library;
  GListStore    *store;
  GListModel    *list;
  gboolean       is_kept; /* or will be */
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

static void
order_free (Order *order)
{
  xeno_os_library_unref (order->library);
  g_object_unref (order->os);
  g_object_unref (order->media);
  g_clear_pointer (&order->seed, xeno_seed_free);
  g_ptr_array_unref (order->texts);
  g_free (order);
}

static Order *
order_new (XenoOsDb  *self,
           XenoOs    *os,
           XenoMedia *media)
{
  Order *order = g_new0 (Order, 1);

  order->library = xeno_os_library_ref (self->library);
  order->os = g_object_ref (os);
  order->media = g_object_ref (media);
  order->texts = g_ptr_array_new_with_free_func (g_free);
  return order;
}

static const char *
keep_text (Order      *order,
           const char *text)
{
  char *copy = g_strdup (text);

  g_ptr_array_add (order->texts, copy);
  return copy;
}

static void
keep_wish (Order                 *order,
           const XenoInstallWish *wish)
{
  order->seed = xeno_seed_copy (wish->seed);
  order->wish = (XenoInstallWish) {
    .profile = keep_text (order, wish->profile),
    .language = keep_text (order, wish->language),
    .keyboard = keep_text (order, wish->keyboard),
    .timezone = keep_text (order, wish->timezone),
    .realname = keep_text (order, wish->realname),
    .product_key = keep_text (order, wish->product_key),
    .driver_disc = keep_text (order, wish->driver_disc),
    .seed = order->seed,
  };
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

  return question->media != NULL ? xeno_os_library_identify (question->library, question->media, error)
                                 : xeno_os_library_lookup (question->library, question->id, error);
}

static gpointer
list_downloads (gpointer       data,
                GCancellable  *cancellable,
                GError       **error)
{
  return xeno_os_library_list_downloads (data, error);
}

static gpointer
write_script (gpointer       data,
              GCancellable  *cancellable,
              GError       **error)
{
  Order *order = data;

  return xeno_os_library_write_script (order->library, order->os, order->media, &order->wish, error);
}

static gpointer
list_offers (gpointer       data,
             GCancellable  *cancellable,
             GError       **error)
{
  Order *order = data;

  return xeno_os_library_list_offers (order->library, order->os, order->media, error);
}

static gpointer
keep (gpointer       data,
      GCancellable  *cancellable,
      GError       **error)
{
  xeno_os_library_keep (data);
  return NULL;
}

static void
keep_behind_answers (XenoOsDb *self)
{
  if (self->is_kept)
    return;

  self->is_kept = TRUE;
  xeno_os_db_keep_async (self, NULL, NULL);
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
                   g_object_unref);
  keep_behind_answers (self);
}

static void
xeno_os_db_dispose (GObject *object)
{
  XenoOsDb *self = XENO_OS_DB (object);

  g_clear_object (&self->worker);
  g_clear_object (&self->list);
  g_clear_object (&self->store);

  G_OBJECT_CLASS (xeno_os_db_parent_class)->dispose (object);
}

static void
xeno_os_db_finalize (GObject *object)
{
  XenoOsDb *self = XENO_OS_DB (object);

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
 * Loads it in a thread, if that has not been done. What is in the list afterwards may not be described.
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
  keep_behind_answers (self);
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

  g_list_store_splice (self->store, 0, 0, entries->pdata, entries->len);
  return TRUE;
}

/**
 * xeno_os_db_get_list:
 * @self: a database
 *
 * Gets every operating system, newest first, perhaps not described. Empty until it is loaded.
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
 * Finds an operating system and what it needs, loading the database if nobody asked before.
 */
void
xeno_os_db_lookup_async (XenoOsDb            *self,
                         const char          *id_or_short_id,
                         GCancellable        *cancellable,
                         GAsyncReadyCallback  callback,
                         gpointer             user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (XENO_IS_OS_DB (self));
  g_return_if_fail (id_or_short_id != NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, xeno_os_db_lookup_async);
  ask (self, task, id_or_short_id, NULL);
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

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * xeno_os_db_identify_async:
 * @self: a database
 * @media: a medium
 * @cancellable: (nullable): a cancellable
 * @callback: called when it is known or nobody knows it
 * @user_data: for @callback
 *
 * Finds out which operating system is on a disc image and what that needs, loading the database if
 * nobody asked before. The file was looked at already; it is not looked at again.
 */
void
xeno_os_db_identify_async (XenoOsDb            *self,
                           XenoMedia           *media,
                           GCancellable        *cancellable,
                           GAsyncReadyCallback  callback,
                           gpointer             user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (XENO_IS_OS_DB (self));
  g_return_if_fail (XENO_IS_MEDIA (media));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, xeno_os_db_identify_async);
  ask (self, task, NULL, media);
}

/**
 * xeno_os_db_identify_finish:
 * @self: a database
 * @result: what the callback was given
 * @error: as for xeno_os_db_load_finish()
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

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * xeno_os_db_list_downloads_async:
 * @self: a database
 * @cancellable: (nullable): a cancellable
 * @callback: called when they are listed
 * @user_data: for @callback
 *
 * Lists what vendors give out to be downloaded.
 */
void
xeno_os_db_list_downloads_async (XenoOsDb            *self,
                                 GCancellable        *cancellable,
                                 GAsyncReadyCallback  callback,
                                 gpointer             user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (XENO_IS_OS_DB (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, xeno_os_db_list_downloads_async);
  xeno_worker_run (self->worker, LANE, 0, task, list_downloads, xeno_os_library_ref (self->library),
                   (GDestroyNotify) xeno_os_library_unref, (GDestroyNotify) g_ptr_array_unref);
}

/**
 * xeno_os_db_list_downloads_finish:
 * @self: a database
 * @result: what the callback was given
 * @error: as for xeno_os_db_load_finish()
 *
 * Ends xeno_os_db_list_downloads_async().
 *
 * Returns: (transfer full) (element-type XenoOsDownload): the list, newest first
 */
GPtrArray *
xeno_os_db_list_downloads_finish (XenoOsDb      *self,
                                  GAsyncResult  *result,
                                  GError       **error)
{
  g_return_val_if_fail (XENO_IS_OS_DB (self), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, xeno_os_db_list_downloads_async), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * xeno_os_db_list_offers_async:
 * @self: a database
 * @os: what is on the disc
 * @media: the disc
 * @cancellable: (nullable): a cancellable
 * @callback: called when they are listed
 * @user_data: for @callback
 *
 * Lists the ways in which the system on a disc installs itself, without asking anybody anything.
 */
void
xeno_os_db_list_offers_async (XenoOsDb            *self,
                              XenoOs              *os,
                              XenoMedia           *media,
                              GCancellable        *cancellable,
                              GAsyncReadyCallback  callback,
                              gpointer             user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (XENO_IS_OS_DB (self));
  g_return_if_fail (XENO_IS_OS (os) && xeno_os_is_described (os));
  g_return_if_fail (XENO_IS_MEDIA (media));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, xeno_os_db_list_offers_async);
  xeno_worker_run (self->worker, LANE, 0, task, list_offers, order_new (self, os, media), (GDestroyNotify) order_free,
                   (GDestroyNotify) g_ptr_array_unref);
}

/**
 * xeno_os_db_list_offers_finish:
 * @self: a database
 * @result: what the callback was given
 * @error: as for xeno_os_db_load_finish()
 *
 * Ends xeno_os_db_list_offers_async().
 *
 * Returns: (transfer full) (element-type XenoInstallOffer): the offers, the recommended one first; may be empty
 */
GPtrArray *
xeno_os_db_list_offers_finish (XenoOsDb      *self,
                               GAsyncResult  *result,
                               GError       **error)
{
  g_return_val_if_fail (XENO_IS_OS_DB (self), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, xeno_os_db_list_offers_async), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * xeno_os_db_write_script_async:
 * @self: a database
 * @os: what is on the disc
 * @media: the disc
 * @wish: what shall be installed; its seed was checked
 * @cancellable: (nullable): a cancellable
 * @callback: called when it is written or cannot be
 * @user_data: for @callback
 *
 * Writes what the installer on a disc has to be told so that it asks nobody anything.
 */
void
xeno_os_db_write_script_async (XenoOsDb              *self,
                               XenoOs                *os,
                               XenoMedia             *media,
                               const XenoInstallWish *wish,
                               GCancellable          *cancellable,
                               GAsyncReadyCallback    callback,
                               gpointer               user_data)
{
  g_autoptr (GTask) task = NULL;
  Order *order;

  g_return_if_fail (XENO_IS_OS_DB (self));
  g_return_if_fail (XENO_IS_OS (os) && xeno_os_is_described (os));
  g_return_if_fail (XENO_IS_MEDIA (media));
  g_return_if_fail (wish != NULL && wish->seed != NULL);

  order = order_new (self, os, media);
  keep_wish (order, wish);
  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, xeno_os_db_write_script_async);
  xeno_worker_run (self->worker, LANE, 0, task, write_script, order, (GDestroyNotify) order_free,
                   (GDestroyNotify) xeno_install_script_free);
}

/**
 * xeno_os_db_write_script_finish:
 * @self: a database
 * @result: what the callback was given
 * @error: %XENO_ERROR_NOT_SUPPORTED where the disc cannot be installed from without a person, or
 *   %XENO_ERROR_INVALID where an answer is missing
 *
 * Ends xeno_os_db_write_script_async().
 *
 * Returns: (transfer full): the script
 */
XenoInstallScript *
xeno_os_db_write_script_finish (XenoOsDb      *self,
                                GAsyncResult  *result,
                                GError       **error)
{
  g_return_val_if_fail (XENO_IS_OS_DB (self), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, xeno_os_db_write_script_async), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * xeno_os_db_keep_async:
 * @self: a database
 * @callback: (nullable): called when it is kept, or there is nothing new to keep
 * @user_data: for @callback
 *
 * Keeps for the next run what was read, behind everybody who waits for an answer. That happens by itself; it
 * is asked for by who is about to end the process.
 */
void
xeno_os_db_keep_async (XenoOsDb            *self,
                       GAsyncReadyCallback  callback,
                       gpointer             user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (XENO_IS_OS_DB (self));

  /* Not with the database as its source, which would live until it is kept. */
  task = g_task_new (NULL, NULL, callback, user_data);
  g_task_set_source_tag (task, xeno_os_db_keep_async);
  xeno_worker_run (self->worker, LANE, 0, task, keep, xeno_os_library_ref (self->library),
                   (GDestroyNotify) xeno_os_library_unref, NULL);
}
