/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What was deleted, on disk: enough to bring it back, and to finish when the deletion was cut
 * short. */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>

#include "base/xeno-error.h"
#include "virt/xeno-trash-record.h"

#define SUFFIX ".trash"
#define GROUP "Deletion"
#define FILE_GROUP "File"
#define VERSION 1

/* On the file system of the disks, so that nothing is copied. */
#define TRASH_FOLDER ".xenolith-trash"

static char *
dup_folder (void)
{
  return g_build_filename (g_get_user_data_dir (), "xenolith", "trash", NULL);
}

static char *
dup_path (const char *id)
{
  g_autofree char *folder = dup_folder ();
  g_autofree char *name = g_strconcat (id, SUFFIX, NULL);

  return g_build_filename (folder, name, NULL);
}

static void
trash_file_free (XenoTrashFile *file)
{
  g_free (file->from);
  g_free (file->to);
  g_free (file);
}

static void
load_files (XenoTrashRecord *record,
            GKeyFile        *keys)
{
  for (guint i = 0;; i++)
    {
      g_autofree char *group = g_strdup_printf (FILE_GROUP " %u", i);
      XenoTrashFile *file;

      if (!g_key_file_has_group (keys, group))
        return;

      file = g_new0 (XenoTrashFile, 1);
      file->from = g_key_file_get_string (keys, group, "From", NULL);
      file->to = g_key_file_get_string (keys, group, "To", NULL);
      if (file->from != NULL && file->to != NULL)
        g_ptr_array_add (record->files, file);
      else
        trash_file_free (file);
    }
}

/*
 * xeno_trash_record_new:
 *
 * Returns: (transfer full): a record of now, with an id and nothing else
 */
XenoTrashRecord *
xeno_trash_record_new (void)
{
  XenoTrashRecord *record = g_new0 (XenoTrashRecord, 1);

  record->id = g_uuid_string_random ();
  record->deleted_at = g_get_real_time () / G_USEC_PER_SEC;
  record->files = g_ptr_array_new_with_free_func ((GDestroyNotify) trash_file_free);
  return record;
}

/*
 * xeno_trash_record_free:
 */
void
xeno_trash_record_free (XenoTrashRecord *record)
{
  g_free (record->id);
  g_free (record->uri);
  g_free (record->uuid);
  g_free (record->title);
  g_free (record->xml);
  g_ptr_array_unref (record->files);
  g_free (record);
}

/*
 * xeno_trash_record_add_file:
 * @path: a file of the machine
 * @can_move: whether we may rename it; otherwise it waits where it is
 *
 * Notes a file and where it is going to wait. Nothing is moved.
 */
void
xeno_trash_record_add_file (XenoTrashRecord *record,
                            const char      *path,
                            gboolean         can_move)
{
  g_autofree char *folder = g_path_get_dirname (path);
  g_autofree char *name = g_path_get_basename (path);
  g_autofree char *new_name = g_strconcat (record->id, "-", name, NULL);
  XenoTrashFile *file = g_new0 (XenoTrashFile, 1);

  file->from = g_strdup (path);
  file->to = can_move ? g_build_filename (folder, TRASH_FOLDER, new_name, NULL) : g_strdup (path);
  g_ptr_array_add (record->files, file);
}

/*
 * xeno_trash_record_save:
 *
 * Returns: %TRUE when the record is on disk, for good and for the person's eyes only
 */
gboolean
xeno_trash_record_save (const XenoTrashRecord  *record,
                        GError                **error)
{
  g_autoptr (GKeyFile) keys = g_key_file_new ();
  g_autofree char *folder = dup_folder ();
  g_autofree char *path = dup_path (record->id);
  g_autofree char *text = NULL;
  gsize length;

  g_key_file_set_integer (keys, GROUP, "Version", VERSION);
  g_key_file_set_string (keys, GROUP, "Uri", record->uri);
  g_key_file_set_string (keys, GROUP, "Uuid", record->uuid);
  g_key_file_set_string (keys, GROUP, "Title", record->title);
  g_key_file_set_string (keys, GROUP, "Document", record->xml);
  g_key_file_set_boolean (keys, GROUP, "Autostart", record->has_autostart);
  g_key_file_set_int64 (keys, GROUP, "DeletedAt", record->deleted_at);
  for (guint i = 0; i < record->files->len; i++)
    {
      const XenoTrashFile *file = record->files->pdata[i];
      g_autofree char *group = g_strdup_printf (FILE_GROUP " %u", i);

      g_key_file_set_string (keys, group, "From", file->from);
      g_key_file_set_string (keys, group, "To", file->to);
    }
  text = g_key_file_to_data (keys, &length, NULL);

  if (g_mkdir_with_parents (folder, 0700) == 0
      && g_file_set_contents_full (path, text, length,
                                   G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE, 0600,
                                   NULL))
    return TRUE;

  xeno_set_error (error, XENO_ERROR_NO_SPACE, NULL,
                  _("“%s” is not deleted: how to undo it could not be written to “%s”. Make space "
                    "there, then try again."),
                  record->title, folder);
  return FALSE;
}

/*
 * xeno_trash_record_load:
 * @error: %XENO_ERROR_NOT_FOUND when there is no such record, or it cannot be read
 *
 * Returns: (transfer full): the record, or %NULL
 */
XenoTrashRecord *
xeno_trash_record_load (const char  *id,
                        GError     **error)
{
  g_autoptr (GKeyFile) keys = g_key_file_new ();
  g_autoptr (XenoTrashRecord) record = xeno_trash_record_new ();
  g_autofree char *path = dup_path (id);

  g_free (record->id);
  record->id = g_strdup (id);
  if (g_key_file_load_from_file (keys, path, G_KEY_FILE_NONE, NULL)
      && g_key_file_get_integer (keys, GROUP, "Version", NULL) == VERSION)
    {
      record->uri = g_key_file_get_string (keys, GROUP, "Uri", NULL);
      record->uuid = g_key_file_get_string (keys, GROUP, "Uuid", NULL);
      record->title = g_key_file_get_string (keys, GROUP, "Title", NULL);
      record->xml = g_key_file_get_string (keys, GROUP, "Document", NULL);
      record->has_autostart = g_key_file_get_boolean (keys, GROUP, "Autostart", NULL);
      record->deleted_at = g_key_file_get_int64 (keys, GROUP, "DeletedAt", NULL);
      load_files (record, keys);
    }
  if (record->uri != NULL && record->uuid != NULL && record->title != NULL && record->xml != NULL)
    return g_steal_pointer (&record);

  xeno_set_error (error, XENO_ERROR_NOT_FOUND, NULL,
                  _("The deleted machine is not in the trash any more."));
  return NULL;
}

/*
 * xeno_trash_record_list:
 *
 * Returns: (transfer full): the ids of all records
 */
GStrv
xeno_trash_record_list (void)
{
  g_autofree char *folder = dup_folder ();
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  g_autoptr (GStrvBuilder) ids = g_strv_builder_new ();
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    if (g_str_has_suffix (name, SUFFIX))
      {
        g_autofree char *id = g_strndup (name, strlen (name) - strlen (SUFFIX));

        g_strv_builder_add (ids, id);
      }
  return g_strv_builder_end (ids);
}

/*
 * xeno_trash_record_forget:
 *
 * Removes a record whose files are gone, or back.
 */
void
xeno_trash_record_forget (const XenoTrashRecord *record)
{
  g_autofree char *path = dup_path (record->id);

  g_unlink (path);
}
