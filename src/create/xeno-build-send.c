/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Files for a place where we may not write: made here without a name, and sent there through libvirt. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib/gi18n-lib.h>

#include "base/xeno-error.h"
#include "base/xeno-text.h"
#include "base/xeno-worker.h"
#include "create/xeno-build-files.h"
#include "create/xeno-build-send.h"
#include "create/xeno-media-facts.h"

#define MAX_NAME_CHARS 80
#define BLOCK_BYTES    (4 * 1024 * 1024)
#define FOLDER_MODE    0700

/* As much of a checksum as makes a name that nothing else has. */
#define MAX_SUM_CHARS 32

/* A file on its way to a place, or being named. */
typedef struct
{
  XenoBuild          *build;
  XenoPlanFile       *file;
  int                 fd;
  struct stat         before;    /* what it was like when it was looked at; st_nlink 0 where it has no name */
  char               *name;      /* safe to show */
  char               *base;      /* what it is called there */
  XenoBuildNamedFunc  named;
} Sending;

static Sending *
sending_new (XenoBuild    *build,
             XenoPlanFile *file)
{
  Sending *sending = g_new0 (Sending, 1);
  g_autofree char *base = g_path_get_basename (file->source_path != NULL ? file->source_path : file->suffix);

  sending->build = build;
  sending->file = file;
  sending->fd = -1;
  sending->name = xeno_text_clean (base, -1, MAX_NAME_CHARS);
  return sending;
}

static void
sending_free (Sending *sending)
{
  if (sending->fd >= 0)
    close (sending->fd);
  g_free (sending->name);
  g_free (sending->base);
  g_free (sending);
}

static void
finish (Sending *sending,
        GError  *error)
{
  XenoBuild *build = sending->build;

  sending_free (sending);
  xeno_build_files_made (build, error);
}

/* Without a cancellable: what the thread does must be over before it is undone. */
static void
run (Sending             *sending,
     XenoWorkFunc         work,
     GAsyncReadyCallback  callback)
{
  g_autoptr (XenoWorker) worker = xeno_worker_new (1);
  g_autoptr (GTask) task = g_task_new (NULL, NULL, callback, sending);

  xeno_worker_run (worker, NULL, 0, task, work, sending, NULL, NULL);
}

static void
sending_cb (double   fraction,
            gpointer user_data)
{
  Sending *sending = user_data;
  XenoBuild *build = sending->build;
  double begun = sending->before.st_nlink > 0 ? 0.0 : XENO_BUILD_COPY_SHARE;

  build->report (build, _("Sending the disk…"),
                 (build->n_files_made + begun + fraction * (1.0 - begun)) / build->files->len);
}

static gboolean
is_as_before (Sending *sending)
{
  struct stat now;

  return fstat (sending->fd, &now) == 0 && now.st_size == sending->before.st_size
         && now.st_mtim.tv_sec == sending->before.st_mtim.tv_sec
         && now.st_mtim.tv_nsec == sending->before.st_mtim.tv_nsec;
}

static void
sent_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  Sending *sending = user_data;
  GError *error = NULL;
  g_autofree char *path = xeno_storage_upload_finish (XENO_CONNECTION (source), result, &error);

  if (path != NULL && !is_as_before (sending))
    xeno_set_error (&error, XENO_ERROR_BAD_MEDIA, NULL,
                    _("“%s” was changed while it was read. Wait until whatever writes to it is done, then try again."),
                    sending->name);
  finish (sending, error);
}

static void
send_file (Sending *sending)
{
  g_autofree char *base = g_path_get_basename (sending->file->path);
  XenoUpload upload = { base, NULL, sending->fd, 0, sending->build->cancellable, sending_cb, sending };

  upload.n_bytes = sending->before.st_size;
  sending_cb (0.0, sending);
  xeno_storage_upload_async (sending->build->connection, sending->build->place->pool, &upload, sent_cb, sending);
}

static gboolean
open_source (Sending *sending,
             GError **error)
{
  sending->fd = open (sending->file->source_path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
  if (sending->fd >= 0 && fstat (sending->fd, &sending->before) == 0 && S_ISREG (sending->before.st_mode))
    return TRUE;

  xeno_set_error (error, XENO_ERROR_NOT_FOUND, g_strerror (errno),
                  _("“%s” cannot be opened any more. It may have been moved or deleted, or its drive is not "
                    "connected."), sending->name);
  return FALSE;
}

/* What is sent is what is looked at here: whoever uses it there must not be led to another file. */
static gpointer
look (gpointer       data,
      GCancellable  *cancellable,
      GError       **error)
{
  Sending *sending = data;
  g_autoptr (XenoMediaFacts) facts = NULL;

  if (!open_source (sending, error))
    return NULL;

  facts = xeno_media_facts_read_fd (sending->fd, sending->name, error);
  if (facts == NULL)
    return NULL;
  if (g_strcmp0 (facts->type->format, sending->file->source_format) == 0)
    return sending;

  xeno_set_error (error, XENO_ERROR_BAD_MEDIA, NULL,
                  _("The file “%s” is another one than before. Open it again."), sending->name);
  return NULL;
}

static void
looked_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  GError *error = NULL;

  if (g_task_propagate_pointer (G_TASK (result), &error) != NULL)
    send_file (user_data);
  else
    finish (user_data, error);
}

static void
named (Sending *sending,
       GError  *error)
{
  XenoBuild *build = sending->build;
  XenoBuildNamedFunc callback = sending->named;

  sending_free (sending);
  if (error != NULL)
    callback (build, error);
  else
    xeno_build_send_name (build, callback);
}

/* What somebody is sending now, or was when they died, is left to them. */
static void
found_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  Sending *sending = user_data;
  XenoPlanFile *file = sending->file;
  XenoBuild *build = sending->build;
  XenoStorageFound found = XENO_STORAGE_ABSENT;
  GError *error = NULL;

  if (xeno_storage_look_finish (build->connection, result, &found, &error))
    {
      g_autofree char *own = g_strconcat (build->uuid, file->suffix, NULL);

      file->is_there = found == XENO_STORAGE_WHOLE;
      file->path = g_build_filename (build->place->path, found == XENO_STORAGE_HALF ? own : sending->base, NULL);
    }
  named (sending, error);
}

static gpointer
sum_up (gpointer       data,
        GCancellable  *cancellable,
        GError       **error)
{
  Sending *sending = data;
  XenoBuild *build = sending->build;
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  g_autofree guint8 *block = g_malloc (BLOCK_BYTES);
  guint64 done = 0;
  gssize n;

  if (!open_source (sending, error))
    return NULL;

  while ((n = pread (sending->fd, block, BLOCK_BYTES, done)) > 0)
    {
      if (g_cancellable_set_error_if_cancelled (build->cancellable, error))
        return NULL;
      g_checksum_update (checksum, block, n);
      done += n;
      build->report (build, _("Looking whether it was sent before…"), (double) done / MAX (sending->before.st_size, 1));
    }
  if (n < 0)
    {
      xeno_set_error (error, XENO_ERROR_BAD_MEDIA, g_strerror (errno),
                      _("“%s” cannot be read to its end. Its drive may be damaged."), sending->name);
      return NULL;
    }

  sending->base = g_strdup_printf (XENO_STORAGE_BASE_PREFIX "%.*s%s", MAX_SUM_CHARS,
                                   g_checksum_get_string (checksum), strrchr (sending->file->suffix, '.'));
  return sending;
}

static void
summed_up_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  Sending *sending = user_data;
  XenoBuild *build = sending->build;
  GError *error = NULL;

  if (g_task_propagate_pointer (G_TASK (result), &error) != NULL)
    xeno_storage_look_async (build->connection, build->place->pool, sending->base, NULL, found_cb, sending);
  else
    named (sending, error);
}

/*< private >
 * xeno_build_send_get_folder:
 *
 * Returns: where files are made that are to be sent; they have no names there
 */
const char *
xeno_build_send_get_folder (void)
{
  return g_get_user_cache_dir ();
}

/*< private >
 * xeno_build_send_open:
 * @error: why nothing can be written here
 *
 * Makes a file that has no name, so that nothing of it stays when this process dies.
 *
 * Returns: a descriptor, or -1
 */
int
xeno_build_send_open (GError **error)
{
  const char *folder = xeno_build_send_get_folder ();
  int fd;

  g_mkdir_with_parents (folder, FOLDER_MODE);
  fd = open (folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
  if (fd < 0)
    xeno_set_error (error, errno == ENOSPC || errno == EDQUOT ? XENO_ERROR_NO_SPACE : XENO_ERROR_FAILED,
                    g_strerror (errno),
                    _("What is to be sent cannot be made in “%s” first: %s. Make room there, or point "
                      "XDG_CACHE_HOME to another folder."), folder, g_strerror (errno));
  return fd;
}

/*< private >
 * xeno_build_send:
 * @build: what is being built
 * @file: what to make
 *
 * Sends a file as it is.
 */
void
xeno_build_send (XenoBuild    *build,
                 XenoPlanFile *file)
{
  run (sending_new (build, file), look, looked_cb);
}

/*< private >
 * xeno_build_send_fd:
 * @build: what is being built
 * @file: what to make
 * @fd: (transfer full): what is in it
 *
 * Sends what was made here.
 */
void
xeno_build_send_fd (XenoBuild    *build,
                    XenoPlanFile *file,
                    int           fd)
{
  Sending *sending = sending_new (build, file);
  GError *error = NULL;

  sending->fd = fd;
  if (fstat (fd, &sending->before) == 0)
    {
      send_file (sending);
      return;
    }

  xeno_set_error (&error, XENO_ERROR_FAILED, g_strerror (errno), _("What was made of “%s” is gone."), sending->name);
  finish (sending, error);
}

/*< private >
 * xeno_build_send_name:
 * @build: what is being built; its place is known
 * @callback: called when all shared files have their names
 *
 * Names what is shared by what is in it, and looks whether it is in the place already.
 */
void
xeno_build_send_name (XenoBuild          *build,
                      XenoBuildNamedFunc  callback)
{
  for (guint i = 0; i < build->files->len; i++)
    {
      XenoPlanFile *file = g_ptr_array_index (build->files, i);

      if (file->is_shared && file->path == NULL)
        {
          Sending *sending = sending_new (build, file);

          sending->named = callback;
          run (sending, sum_up, summed_up_cb);
          return;
        }
    }
  callback (build, NULL);
}
