/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The discs and images a person has: those that were downloaded, and those among their downloads. */
#include "config.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>

#include "base/xeno-error.h"
#include "base/xeno-text.h"
#include "base/xeno-worker.h"
#include "create/xeno-download.h"
#include "create/xeno-media-facts.h"
#include "create/xeno-media-library.h"
#include "virt/xeno-disk-uses.h"

#define MAX_NAME_CHARS 80
#define BLOCK_BYTES    512 /* what st_blocks counts in */

/* More than that is no library that anybody looks through. */
#define MAX_ENTRIES 10000

/* Among a person's downloads only what says that it is a disc or a disk. */
static const char * const endings[] = {
  ".iso", ".qcow2", ".img", ".raw", ".vmdk", ".vdi", ".vhd", ".vhdx", ".ova",
};

static gboolean
has_ending (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (endings); i++)
    {
      gsize length = strlen (name);
      gsize ending = strlen (endings[i]);

      if (length > ending && g_ascii_strcasecmp (name + length - ending, endings[i]) == 0)
        return TRUE;
    }
  return FALSE;
}

static void
add_file (GPtrArray  *entries,
          const char *folder,
          const char *name)
{
  XenoMediaEntry *entry;
  g_autofree char *path = g_build_filename (folder, name, NULL);
  GStatBuf info;

  if (g_lstat (path, &info) < 0 || !S_ISREG (info.st_mode) || entries->len == MAX_ENTRIES)
    return;

  entry = g_new0 (XenoMediaEntry, 1);
  entry->path = g_steal_pointer (&path);
  entry->name = xeno_text_clean (name, -1, MAX_NAME_CHARS);
  entry->size_bytes = (guint64) info.st_blocks * BLOCK_BYTES;
  entry->is_part = g_str_has_suffix (name, XENO_DOWNLOAD_PART_SUFFIX);
  g_ptr_array_add (entries, entry);
}

/* A folder that is not there has nothing in it. */
static void
add_folder (GPtrArray  *entries,
            const char *path,
            gboolean    is_ours)
{
  g_autoptr (GDir) folder = path != NULL ? g_dir_open (path, 0, NULL) : NULL;
  const char *name;

  while (folder != NULL && (name = g_dir_read_name (folder)) != NULL)
    if (name[0] != '.' && (has_ending (name) || (is_ours && g_str_has_suffix (name, XENO_DOWNLOAD_PART_SUFFIX))))
      add_file (entries, path, name);
}

static void
add_all (GPtrArray *entries)
{
  add_folder (entries, xeno_media_library_get_folder (), TRUE);
  add_folder (entries, g_get_user_special_dir (G_USER_DIRECTORY_DOWNLOAD), FALSE);
}

static int
compare_cb (gconstpointer a,
            gconstpointer b)
{
  return g_utf8_collate ((*(XenoMediaEntry **) a)->name, (*(XenoMediaEntry **) b)->name);
}

static GStrv
list_users (GHashTable *uses,
            const char *path)
{
  g_autoptr (GStrvBuilder) users = g_strv_builder_new ();
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  GPtrArray *list = g_hash_table_lookup (uses, path);

  for (guint i = 0; list != NULL && i < list->len; i++)
    {
      const XenoDiskUse *use = list->pdata[i];

      if (g_hash_table_add (seen, use->uuid)) /* a running machine has two documents */
        g_strv_builder_add (users, use->title);
    }
  return g_strv_builder_end (users);
}

/* The same look as before a machine is made of it: at its headers alone. */
static void
look_at (XenoMediaEntry *entry)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (XenoMediaFacts) facts = entry->is_part ? NULL : xeno_media_facts_read (entry->path, &error);

  if (facts != NULL && g_str_equal (facts->type->device, "disk"))
    entry->capacity_bytes = facts->capacity_bytes;
  if (error != NULL)
    entry->problem = g_strdup (error->message);
}

/* @data: which machines use which files */
static gpointer
list_work (gpointer       data,
           GCancellable  *cancellable,
           GError       **error)
{
  GHashTable *uses = data;
  GPtrArray *entries = g_ptr_array_new_with_free_func ((GDestroyNotify) xeno_media_entry_free);

  add_all (entries);
  for (guint i = 0; i < entries->len; i++)
    {
      XenoMediaEntry *entry = g_ptr_array_index (entries, i);

      entry->users = list_users (uses, entry->path);
      if (!g_cancellable_is_cancelled (cancellable))
        look_at (entry);
    }
  g_ptr_array_sort (entries, compare_cb);
  return entries;
}

static void
uses_listed_cb (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (XenoWorker) worker = NULL;
  GError *error = NULL;
  GHashTable *uses = xeno_connection_list_disk_uses_finish (XENO_CONNECTION (source), result, &error);

  if (uses == NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  worker = xeno_worker_new (1);
  xeno_worker_run (worker, NULL, 0, task, list_work, uses, (GDestroyNotify) g_hash_table_unref,
                   (GDestroyNotify) g_ptr_array_unref);
}

/**
 * xeno_media_entry_free:
 * @entry: (transfer full): an entry
 *
 * Frees it; the file stays.
 */
void
xeno_media_entry_free (XenoMediaEntry *entry)
{
  g_return_if_fail (entry != NULL);

  g_free (entry->path);
  g_free (entry->name);
  g_free (entry->problem);
  g_strfreev (entry->users);
  g_free (entry);
}

/**
 * xeno_media_library_get_folder:
 *
 * Gets where downloads go.
 *
 * Returns: (transfer none): a path; the folder may not be there
 */
const char *
xeno_media_library_get_folder (void)
{
  static char *folder;

  if (g_once_init_enter (&folder))
    g_once_init_leave (&folder, g_build_filename (g_get_user_data_dir (), "xenolith", "media", NULL));
  return folder;
}

/**
 * xeno_media_library_list_folders:
 *
 * Lists where discs and images are looked for.
 *
 * Returns: (transfer full): the paths, which may not be there
 */
GStrv
xeno_media_library_list_folders (void)
{
  const char *folders[] = {
    xeno_media_library_get_folder (), g_get_user_special_dir (G_USER_DIRECTORY_DOWNLOAD), NULL
  };

  return g_strdupv ((char **) folders);
}

/**
 * xeno_media_library_list_discs:
 *
 * Lists where the disc images are. Blocks for as long as the drives do.
 *
 * Returns: (transfer full): the paths
 */
GStrv
xeno_media_library_list_discs (void)
{
  g_autoptr (GPtrArray) entries = g_ptr_array_new_with_free_func ((GDestroyNotify) xeno_media_entry_free);
  g_autoptr (GStrvBuilder) paths = g_strv_builder_new ();

  add_all (entries);
  for (guint i = 0; i < entries->len; i++)
    {
      const char *path = ((XenoMediaEntry *) g_ptr_array_index (entries, i))->path;

      if (g_str_has_suffix (path, ".iso"))
        g_strv_builder_add (paths, path);
    }
  return g_strv_builder_end (paths);
}

/**
 * xeno_media_library_list_async:
 * @connection: an open connection of this computer, whose machines are asked for
 * @cancellable: (nullable): a cancellable
 * @callback: called when it is listed
 * @user_data: for @callback
 *
 * Lists the discs and images there are, and which machines use them.
 */
void
xeno_media_library_list_async (XenoConnection      *connection,
                               GCancellable        *cancellable,
                               GAsyncReadyCallback  callback,
                               gpointer             user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (XENO_IS_CONNECTION (connection));

  task = g_task_new (NULL, cancellable, callback, user_data);
  g_task_set_source_tag (task, xeno_media_library_list_async);
  xeno_connection_list_disk_uses_async (connection, cancellable, uses_listed_cb, g_steal_pointer (&task));
}

/**
 * xeno_media_library_list_finish:
 * @result: what the callback was given
 * @error: what libvirt said
 *
 * Ends xeno_media_library_list_async().
 *
 * Returns: (transfer full) (element-type XenoMediaEntry): the files, by name
 */
GPtrArray *
xeno_media_library_list_finish (GAsyncResult  *result,
                                GError       **error)
{
  g_return_val_if_fail (g_async_result_is_tagged (result, xeno_media_library_list_async), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
trashed_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) reason = NULL;
  g_autofree char *name = NULL;

  if (g_file_trash_finish (G_FILE (source), result, &reason))
    {
      g_task_return_boolean (task, TRUE);
      return;
    }

  name = g_file_get_basename (G_FILE (source));
  g_task_return_error (task, xeno_error_new (XENO_ERROR_FAILED, reason->message,
                                             _("“%s” could not be moved to the trash. Remove it with your file "
                                               "manager."), name));
}

/**
 * xeno_media_library_remove_async:
 * @entry: an entry, as it was listed
 * @cancellable: (nullable): a cancellable
 * @callback: called when it is gone
 * @user_data: for @callback
 *
 * Moves a file to the trash, unless a machine uses it. Half a download is of no use there: it goes for good.
 */
void
xeno_media_library_remove_async (const XenoMediaEntry *entry,
                                 GCancellable         *cancellable,
                                 GAsyncReadyCallback   callback,
                                 gpointer              user_data)
{
  g_autoptr (GTask) task = NULL;
  g_autoptr (GFile) file = NULL;

  g_return_if_fail (entry != NULL);

  task = g_task_new (NULL, cancellable, callback, user_data);
  g_task_set_source_tag (task, xeno_media_library_remove_async);
  if (entry->users[0] != NULL)
    {
      g_task_return_error (task, xeno_error_new (XENO_ERROR_IN_USE, NULL,
                                                 _("“%s” is used by “%s”. Take it out of that machine first, or "
                                                   "delete the machine."), entry->name, entry->users[0]));
      return;
    }
  if (entry->is_part)
    {
      xeno_download_discard (entry->path);
      g_task_return_boolean (task, TRUE);
      return;
    }

  file = g_file_new_for_path (entry->path);
  g_file_trash_async (file, G_PRIORITY_DEFAULT, cancellable, trashed_cb, g_steal_pointer (&task));
}

/**
 * xeno_media_library_remove_finish:
 * @result: what the callback was given
 * @error: %XENO_ERROR_IN_USE, or %XENO_ERROR_FAILED with what to do
 *
 * Ends xeno_media_library_remove_async().
 *
 * Returns: %TRUE if it is gone
 */
gboolean
xeno_media_library_remove_finish (GAsyncResult  *result,
                                  GError       **error)
{
  g_return_val_if_fail (g_async_result_is_tagged (result, xeno_media_library_remove_async), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
