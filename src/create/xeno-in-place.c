/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Whether a machine can have a file as its disk, where the file is. */
#include "config.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <glib/gi18n-lib.h>

#include "base/xeno-error.h"
#include "base/xeno-text.h"
#include "base/xeno-worker.h"
#include "create/xeno-in-place.h"
#include "virt/xeno-disk-uses.h"

#define MAX_NAME_CHARS 80
#define MAX_NAMED      3

/* A drive that does not answer is not waited for any longer. */
#define LOOK_MS 5000

typedef struct
{
  char       *path;
  char       *name;       /* safe to show */
  gboolean    is_session; /* the machine runs as this person */
  GHashTable *uses;       /* which machines use which files */
} Place;

static void
place_free (gpointer data)
{
  Place *place = data;

  g_free (place->path);
  g_free (place->name);
  g_clear_pointer (&place->uses, g_hash_table_unref);
  g_free (place);
}

static gboolean
is_same_file (const char *a,
              const char *b)
{
  struct stat first, second;

  return g_str_equal (a, b)
         || (stat (a, &first) == 0 && stat (b, &second) == 0 && first.st_dev == second.st_dev
             && first.st_ino == second.st_ino);
}

static char *
dup_users (Place *place)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GString) users = g_string_new (NULL);
  GHashTableIter iter;
  gpointer path, list;

  g_hash_table_iter_init (&iter, place->uses);
  while (g_hash_table_iter_next (&iter, &path, &list))
    for (guint i = 0; is_same_file (place->path, path) && i < ((GPtrArray *) list)->len; i++)
      {
        const XenoDiskUse *use = g_ptr_array_index ((GPtrArray *) list, i);

        if (g_hash_table_add (seen, use->uuid) && g_hash_table_size (seen) <= MAX_NAMED)
          g_string_append_printf (users, "%s“%s”", users->len > 0 ? ", " : "", use->title);
      }
  if (g_hash_table_size (seen) > MAX_NAMED)
    g_string_append (users, ", …");
  return users->len > 0 ? g_string_free (g_steal_pointer (&users), FALSE) : NULL;
}

static gpointer
look (gpointer       data,
      GCancellable  *cancellable,
      GError       **error)
{
  Place *place = data;
  g_autofree char *users = dup_users (place);
  struct statvfs drive;

  if (users != NULL)
    /* Translators: a file, and machines: “web”, “mail” */
    xeno_set_error (error, XENO_ERROR_IN_USE, NULL,
                    _("“%s” is the disk of %s already, and what two machines write to one disk destroys it. Choose a "
                      "copy of it."), place->name, users);
  else if (statvfs (place->path, &drive) == 0 && drive.f_flag & ST_RDONLY)
    xeno_set_error (error, XENO_ERROR_NO_PERMISSION, NULL,
                    _("“%s” is on a drive that can only be read, so no machine can write to it. Choose a copy of it."),
                    place->name);
  else if (place->is_session && access (place->path, W_OK) != 0)
    xeno_set_error (error, XENO_ERROR_NO_PERMISSION, g_strerror (errno),
                    _("You may only read “%s”, so your machine could not write to it. Choose a copy of it."),
                    place->name);
  else
    return GINT_TO_POINTER (TRUE);
  return NULL;
}

static void
uses_listed_cb (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  Place *place = g_task_get_task_data (task);
  g_autoptr (XenoWorker) worker = NULL;
  GError *error = NULL;

  place->uses = xeno_connection_list_disk_uses_finish (XENO_CONNECTION (source), result, &error);
  if (place->uses == NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  worker = xeno_worker_new (1);
  xeno_worker_run (worker, NULL, LOOK_MS, task, look, place, NULL, NULL);
}

/**
 * xeno_in_place_check_async:
 * @connection: where the machine shall live
 * @path: a disk
 * @cancellable: (nullable): a cancellable
 * @callback: called when it is known
 * @user_data: for @callback
 *
 * Looks whether a new machine could write to a file: nobody else uses it, and it can be written to.
 */
void
xeno_in_place_check_async (XenoConnection      *connection,
                           const char          *path,
                           GCancellable        *cancellable,
                           GAsyncReadyCallback  callback,
                           gpointer             user_data)
{
  g_autoptr (GTask) task = NULL;
  g_autofree char *base = NULL;
  Place *place;

  g_return_if_fail (XENO_IS_CONNECTION (connection));
  g_return_if_fail (path != NULL);

  task = g_task_new (NULL, cancellable, callback, user_data);
  g_task_set_source_tag (task, xeno_in_place_check_async);
  if (!xeno_connection_is_local (connection))
    {
      g_task_return_error (task, xeno_error_new (XENO_ERROR_NOT_SUPPORTED, NULL,
                                                 _("The disk is on this computer, and “%s” is not, so it cannot be "
                                                   "used as it is. Choose a copy of it."),
                                                 xeno_connection_get_title (connection)));
      return;
    }

  base = g_path_get_basename (path);
  place = g_new0 (Place, 1);
  place->path = g_strdup (path);
  place->name = xeno_text_clean (base, -1, MAX_NAME_CHARS);
  place->is_session = strstr (xeno_connection_get_uri (connection), "/session") != NULL;
  g_task_set_task_data (task, place, place_free);
  xeno_connection_list_disk_uses_async (connection, cancellable, uses_listed_cb, g_steal_pointer (&task));
}

/**
 * xeno_in_place_check_finish:
 * @result: what the callback was given
 * @error: %XENO_ERROR_IN_USE, %XENO_ERROR_NO_PERMISSION, %XENO_ERROR_NOT_SUPPORTED, or what libvirt said
 *
 * Ends xeno_in_place_check_async().
 *
 * Returns: %TRUE if it can
 */
gboolean
xeno_in_place_check_finish (GAsyncResult  *result,
                            GError       **error)
{
  g_return_val_if_fail (g_async_result_is_tagged (result, xeno_in_place_check_async), FALSE);

  g_task_propagate_pointer (G_TASK (result), error);
  return !g_task_had_error (G_TASK (result));
}
