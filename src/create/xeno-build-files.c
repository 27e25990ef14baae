/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The files of a machine that is being built: where they go, how each is made, and that none stays. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>

#include "base/xeno-error.h"
#include "base/xeno-units.h"
#include "base/xeno-worker.h"
#include "create/xeno-build-copy.h"
#include "create/xeno-build-files.h"
#include "create/xeno-build-restore.h"
#include "create/xeno-build-send.h"

/*
 * Maker:
 * @id: what plans call it
 * @make: begins to make the file, and goes on with xeno_build_files_made() when it is done
 * @needs_place: whether it can only be made where it is to be
 *
 * One way to make a file.
 */
typedef struct
{
  const char *id;
  void      (*make) (XenoBuild    *build,
                     XenoPlanFile *file);
  gboolean    needs_place;
} Maker;

static const Maker *find_maker (const char *id);
static void make_next (XenoBuild *build);
static void remove_next (XenoBuild *build);

/* How much the files want, all together. */
static guint64
sum_room (GPtrArray *files)
{
  guint64 sum = 0;

  for (guint i = 0; i < files->len; i++)
    {
      XenoPlanFile *file = g_ptr_array_index (files, i);

      if (!file->is_there && !g_uint64_checked_add (&sum, sum, file->room_bytes))
        return G_MAXUINT64;
    }
  return sum;
}

/* The folder of the system's machines is root's, and that of another computer is not here. */
static gboolean
check_place (XenoBuild  *build,
             GError    **error)
{
  gboolean needs_place = FALSE;

  build->sends = !xeno_connection_is_local (build->connection) || g_access (build->place->path, W_OK) != 0;
  for (guint i = 0; i < build->files->len; i++)
    {
      const XenoPlanFile *file = g_ptr_array_index (build->files, i);

      needs_place = needs_place || find_maker (file->maker)->needs_place;
    }
  if (!needs_place || !build->sends)
    return TRUE;

  xeno_set_error (error, XENO_ERROR_NO_PERMISSION, NULL,
                  _("“%s” keeps its disks in “%s”, where you may not write, so nothing can be copied there. Make "
                    "the machine on your own connection (“qemu:///session”), or ask root to make it."),
                  xeno_connection_get_title (build->connection), build->place->path);
  return FALSE;
}

static gboolean
check_room (XenoBuild  *build,
            GError    **error)
{
  guint64 wanted = sum_room (build->files);
  g_autofree char *size = xeno_units_format_size (wanted);
  g_autofree char *available = xeno_units_format_size (build->place->available_bytes);

  if (build->place->available_bytes >= wanted)
    return TRUE;

  xeno_set_error (error, XENO_ERROR_NO_SPACE, NULL,
                  _("Disk: %s is too much. The folder “%s” has %s free."), size, build->place->path, available);
  return FALSE;
}

static void
named_cb (XenoBuild *build,
          GError    *error)
{
  if (error == NULL)
    check_room (build, &error);

  for (guint i = 0; error == NULL && i < build->files->len; i++)
    {
      XenoPlanFile *file = g_ptr_array_index (build->files, i);
      g_autofree char *name = g_strconcat (build->stem, file->suffix, NULL);

      if (file->place != NULL)
        file->path = file->place (file->author, xeno_connection_get_uri (build->connection), build->uuid);
      else if (file->path == NULL)
        file->path = g_build_filename (build->place->path, name, NULL);
    }
  build->done (build, error);
}

static void
place_found_cb (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  XenoBuild *build = user_data;
  GError *error = NULL;

  build->place = xeno_storage_ensure_finish (build->connection, result, &error);
  if (build->place != NULL && check_place (build, &error))
    xeno_build_send_name (build, named_cb);
  else
    build->done (build, error);
}

static void
volume_made_cb (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  XenoBuild *build = user_data;
  GError *error = NULL;
  g_autofree char *path = xeno_storage_create_finish (build->connection, result, &error);

  xeno_build_files_made (build, error);
}

/* Short work is not left half way when the person cancels: what it came to must be known before it is
 * undone. */
static void
make_volume (XenoBuild    *build,
             XenoPlanFile *file)
{
  g_autofree char *name = g_path_get_basename (file->path);
  const char *below = file->source_role != NULL ? xeno_plan_find_path (build->files, file->source_role)
                                                : file->source_path;
  const XenoVolume volume = { name, file->capacity_bytes, below, file->source_format };

  xeno_storage_create_async (build->connection, build->place->pool, &volume, NULL, volume_made_cb, build);
}

/* What a thread works on. */
typedef struct
{
  XenoPlanFile *file; /* the build has it until the step is done */
  char         *uuid;
} Writing;

static void
writing_free (Writing *writing)
{
  g_free (writing->uuid);
  g_free (writing);
}

static gpointer
write_contents (gpointer       data,
                GCancellable  *cancellable,
                GError       **error)
{
  Writing *writing = data;

  return writing->file->write (writing->file->author, writing->uuid, error);
}

static void
uploaded_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  XenoBuild *build = user_data;
  GError *error = NULL;
  g_autofree char *path = xeno_storage_upload_finish (build->connection, result, &error);

  xeno_build_files_made (build, error);
}

static void
written_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  XenoBuild *build = user_data;
  XenoPlanFile *file = g_ptr_array_index (build->files, build->n_files_made);
  g_autofree char *name = g_path_get_basename (file->path);
  GError *error = NULL;
  g_autoptr (GBytes) contents = g_task_propagate_pointer (G_TASK (result), &error);
  const XenoUpload upload = { name, contents, -1 };

  if (contents != NULL)
    xeno_storage_upload_async (build->connection, build->place->pool, &upload, uploaded_cb, build);
  else
    xeno_build_files_made (build, error);
}

/* What is in it is known here, and what it is made for by now. */
static void
make_written (XenoBuild    *build,
              XenoPlanFile *file)
{
  g_autoptr (XenoWorker) worker = xeno_worker_new (1);
  g_autoptr (GTask) task = g_task_new (NULL, NULL, written_cb, build);
  Writing *writing = g_new0 (Writing, 1);

  writing->file = file;
  writing->uuid = g_strdup (build->uuid);
  xeno_worker_run (worker, NULL, 0, task, write_contents, writing, (GDestroyNotify) writing_free,
                   (GDestroyNotify) g_bytes_unref);
}

static void
make_later (XenoBuild    *build,
            XenoPlanFile *file)
{
  xeno_build_files_made (build, NULL);
}

static const Maker makers[] = {
  { "clone", xeno_build_clone, TRUE },
  { "copy", xeno_build_copy },
  { "empty", make_volume },
  { "later", make_later, TRUE },
  { "overlay", make_volume },
  { "placed", xeno_build_place },
  { "restore", xeno_build_restore, TRUE },
  { "send", xeno_build_send },
  { "unpack", xeno_build_unpack },
  { "written", make_written },
};

static const Maker *
find_maker (const char *id)
{
  for (gsize i = 0; i < G_N_ELEMENTS (makers); i++)
    if (g_str_equal (makers[i].id, id))
      return &makers[i];
  g_assert_not_reached (); /* a plan of ours, with a row that does not exist */
}

/* What was only needed on the way; what cannot be removed now is no reason to fail. */
static void
drop_temporaries (XenoBuild *build)
{
  for (guint i = 0; i < build->files->len; i++)
    {
      XenoPlanFile *file = g_ptr_array_index (build->files, i);

      if (file->is_temporary && file->fd < 0 && g_unlink (file->path) != 0)
        g_info ("%s stays: %s", file->path, g_strerror (errno));
      if (file->fd >= 0)
        close (file->fd);
      file->fd = -1;
    }
}

static void
make_next (XenoBuild *build)
{
  XenoPlanFile *file;

  while (build->n_files_made < build->files->len
         && ((XenoPlanFile *) g_ptr_array_index (build->files, build->n_files_made))->is_there)
    build->n_files_made++;
  if (build->n_files_made == build->files->len)
    drop_temporaries (build);
  if (build->n_files_made == build->files->len || g_cancellable_is_cancelled (build->cancellable))
    {
      build->done (build, NULL);
      return;
    }

  file = g_ptr_array_index (build->files, build->n_files_made);
  if (file->path != NULL)
    find_maker (file->maker)->make (build, file);
  else
    xeno_build_files_made (build, NULL);
}

/* A libvirt whose caller died waits at the pipe for somebody to come, perhaps. */
static void
release_readers (const char *path)
{
  int fd = g_open (path, O_RDWR | O_NONBLOCK | O_CLOEXEC | O_NOFOLLOW);

  if (fd >= 0)
    close (fd);
}

static gpointer
remove_file (gpointer       data,
             GCancellable  *cancellable,
             GError       **error)
{
  const char *path = data;
  GStatBuf info;

  if (g_lstat (path, &info) != 0)
    return GINT_TO_POINTER (TRUE);
  if (S_ISFIFO (info.st_mode))
    release_readers (path);
  if ((S_ISREG (info.st_mode) || S_ISFIFO (info.st_mode)) && g_unlink (path) != 0)
    {
      xeno_set_error (error, XENO_ERROR_FAILED, g_strerror (errno),
                      _("The unfinished disk “%s” could not be removed. Remove it by hand."), path);
      return NULL;
    }
  return GINT_TO_POINTER (TRUE);
}

static void
file_removed (XenoBuild *build,
              GError    *error)
{
  if (error != NULL)
    {
      build->done (build, error);
      return;
    }

  build->n_files_removed++;
  remove_next (build);
}

static void
file_removed_cb (GObject      *source,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  GError *error = NULL;

  g_task_propagate_pointer (G_TASK (result), &error);
  file_removed (user_data, error);
}

/* Whether it could have been made without libvirt; what others are built on is theirs, too. */
static gboolean
may_be_ours (XenoBuild  *build,
             const char *path)
{
  g_autofree char *folder = g_path_get_dirname (path);
  g_autofree char *name = g_path_get_basename (path);

  return xeno_connection_is_local (build->connection) && g_access (folder, W_OK) == 0
         && !g_str_has_prefix (name, XENO_STORAGE_BASE_PREFIX);
}

static void
volume_removed_cb (GObject      *source,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  XenoBuild *build = user_data;
  XenoPlanFile *file = g_ptr_array_index (build->files, build->n_files_removed);
  g_autoptr (XenoWorker) worker = NULL;
  g_autoptr (GTask) task = NULL;
  GError *error = NULL;

  if (!xeno_storage_delete_finish (build->connection, result, &error)
      || !may_be_ours (build, file->path))
    {
      file_removed (build, error);
      return;
    }

  /* A daemon that was killed meanwhile may have made a file its pool does not know. */
  worker = xeno_worker_new (1);
  task = g_task_new (NULL, NULL, file_removed_cb, build);
  xeno_worker_run (worker, NULL, 0, task, remove_file, g_strdup (file->path), g_free, NULL);
}

static void
remove_next (XenoBuild *build)
{
  XenoPlanFile *file;

  if (build->files == NULL || build->n_files_removed == build->files->len)
    {
      build->done (build, NULL);
      return;
    }

  file = g_ptr_array_index (build->files, build->n_files_removed);
  if (file->path == NULL || file->is_there || (build->puts_away && !file->is_for_first_start))
    file_removed (build, NULL);
  else
    xeno_storage_delete_async (build->connection, file->path, NULL, volume_removed_cb, build);
}

static void
place_opened_cb (GObject      *source,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  XenoBuild *build = user_data;

  /* Without a place there are at least the files. */
  build->place = xeno_storage_ensure_finish (build->connection, result, NULL);
  remove_next (build);
}

/*< private >
 * xeno_build_files_is_needed:
 * @build: what is being built
 *
 * Returns: whether the machine needs files that are made for it
 */
gboolean
xeno_build_files_is_needed (XenoBuild *build)
{
  return build->files->len > 0;
}

/*< private >
 * xeno_build_files_place:
 * @build: what is being built
 *
 * Finds out where the files go, and whether there is room for them.
 */
void
xeno_build_files_place (XenoBuild *build)
{
  xeno_storage_ensure_async (build->connection, build->cancellable, place_found_cb, build);
}

/*< private >
 * xeno_build_files_make:
 * @build: what is being built
 *
 * Makes the files, one after the other.
 */
void
xeno_build_files_make (XenoBuild *build)
{
  build->n_files_made = 0;
  make_next (build);
}

/*< private >
 * xeno_build_files_remove:
 * @build: what is being undone
 *
 * Removes the files, whether they were made or only begun: all of them, or those for the first start.
 */
void
xeno_build_files_remove (XenoBuild *build)
{
  build->n_files_removed = 0;
  if (build->place == NULL && build->files != NULL && build->files->len > 0)
    xeno_storage_ensure_async (build->connection, NULL, place_opened_cb, build);
  else
    remove_next (build);
}

/*< private >
 * xeno_build_files_made:
 * @build: what is being built
 * @error: (transfer full) (nullable): why the file could not be made
 *
 * Goes on when a maker is done with its file.
 */
void
xeno_build_files_made (XenoBuild *build,
                       GError    *error)
{
  if (error != NULL)
    {
      build->done (build, error);
      return;
    }

  build->n_files_made++;
  make_next (build);
}
