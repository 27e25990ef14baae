/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One operation in the journal: what it is about, and the steps it was about to take. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <gio/gio.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>

#include "base/xeno-error.h"
#include "base/xeno-journal-private.h"

#define FORMAT_VERSION 1
#define MAX_FILE_BYTES (1024 * 1024)
#define GROUP "operation"

typedef struct
{
  char  *name;
  GStrv  paths;
} Step;

/* Whoever holds the lock of the file that the path names owns the entry. Each write makes a new
 * file, which is locked before it takes the old one's place. */
struct _XenoJournalEntry
{
  GObject    parent_instance;
  char      *id;
  char      *kind;
  char      *uri;
  char      *machine_uuid;
  char      *path;
  gint64     started_s;
  GPtrArray *steps;
  int        fd;
};

G_DEFINE_FINAL_TYPE (XenoJournalEntry, xeno_journal_entry, G_TYPE_OBJECT)

static void
step_free (Step *step)
{
  g_free (step->name);
  g_strfreev (step->paths);
  g_free (step);
}

static void
set_errno_error (GError     **error,
                 int          number,
                 const char  *path)
{
  g_autofree char *shown = g_filename_display_name (path);
  XenoError code = XENO_ERROR_FAILED;

  if (number == ENOSPC || number == EDQUOT)
    code = XENO_ERROR_NO_SPACE;
  else if (number == EACCES || number == EPERM || number == EROFS)
    code = XENO_ERROR_NO_PERMISSION;

  xeno_set_error (error, code, g_strerror (number),
                  _("The journal “%s” cannot be written, so nothing was changed. "
                    "Check the free space and the permissions of its folder."),
                  shown);
}

static char *
format_steps (XenoJournalEntry *self)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();

  g_key_file_set_integer (file, GROUP, "version", FORMAT_VERSION);
  g_key_file_set_string (file, GROUP, "kind", self->kind);
  g_key_file_set_string (file, GROUP, "connection", self->uri);
  g_key_file_set_string (file, GROUP, "machine", self->machine_uuid);
  g_key_file_set_int64 (file, GROUP, "started", self->started_s);
  g_key_file_set_uint64 (file, GROUP, "steps", self->steps->len);

  for (guint i = 0; i < self->steps->len; i++)
    {
      const Step *step = g_ptr_array_index (self->steps, i);
      g_autofree char *group = g_strdup_printf ("step %u", i);
      g_autoptr (GStrvBuilder) uris = g_strv_builder_new ();
      g_auto (GStrv) list = NULL;

      /* As URIs: file names need not be UTF-8, and may hold what a key file uses itself. */
      for (guint j = 0; step->paths[j] != NULL; j++)
        {
          g_autofree char *uri = g_filename_to_uri (step->paths[j], NULL, NULL);

          g_strv_builder_add (uris, uri);
        }
      list = g_strv_builder_end (uris);

      g_key_file_set_string (file, group, "name", step->name);
      g_key_file_set_string_list (file, group, "paths", (const char * const *) list,
                                  g_strv_length (list));
    }
  return g_key_file_to_data (file, NULL, NULL);
}

static gboolean
write_all (int         fd,
           const char *text)
{
  gsize left = strlen (text);

  while (left > 0)
    {
      gssize n = write (fd, text, left);

      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        return FALSE;
      text += n;
      left -= n;
    }
  return fsync (fd) == 0;
}

static void
sync_folder_of (const char *path)
{
  g_autofree char *folder = g_path_get_dirname (path);
  int fd = open (folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

  if (fd < 0)
    return;
  fsync (fd);
  close (fd);
}

/* Before it is locked, another process may take it for what a dead one left, and clear it away. */
static int
open_locked (const char *path)
{
  int fd;

  while ((fd = open (path, O_RDWR | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600)) >= 0)
    {
      int number = flock (fd, LOCK_EX) == 0 ? 0 : errno;

      if (number == 0 && xeno_journal_is_named (fd, path))
        return fd;

      close (fd);
      errno = number;
      if (number != 0)
        return -1;
    }
  return -1;
}

static gboolean
save (XenoJournalEntry  *self,
      GError           **error)
{
  g_autofree char *text = format_steps (self);
  g_autofree char *folder = g_path_get_dirname (self->path);
  g_autofree char *new_name = g_strconcat (self->id, XENO_JOURNAL_NEW_SUFFIX, NULL);
  g_autofree char *new_path = g_build_filename (folder, new_name, NULL);
  int fd = open_locked (new_path);

  if (fd < 0
      || !write_all (fd, text)
      || rename (new_path, self->path) != 0)
    {
      set_errno_error (error, errno, self->path);
      if (fd >= 0)
        {
          unlink (new_path);
          close (fd);
        }
      return FALSE;
    }

  sync_folder_of (self->path);
  if (self->fd >= 0)
    close (self->fd);
  self->fd = fd;
  return TRUE;
}

static void
xeno_journal_entry_finalize (GObject *object)
{
  XenoJournalEntry *self = XENO_JOURNAL_ENTRY (object);

  if (self->fd >= 0)
    close (self->fd);
  g_free (self->id);
  g_free (self->kind);
  g_free (self->uri);
  g_free (self->machine_uuid);
  g_free (self->path);
  g_ptr_array_unref (self->steps);

  G_OBJECT_CLASS (xeno_journal_entry_parent_class)->finalize (object);
}

static void
xeno_journal_entry_class_init (XenoJournalEntryClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = xeno_journal_entry_finalize;
}

static void
xeno_journal_entry_init (XenoJournalEntry *self)
{
  self->fd = -1;
  self->steps = g_ptr_array_new_with_free_func ((GDestroyNotify) step_free);
}

static void
add_step (XenoJournalEntry   *self,
          const char         *name,
          const char * const *paths)
{
  static const char * const no_paths[] = { NULL };
  Step *step = g_new0 (Step, 1);

  step->name = g_strdup (name);
  step->paths = g_strdupv ((char **) (paths != NULL ? paths : no_paths));
  g_ptr_array_add (self->steps, step);
}

XenoJournalEntry *
xeno_journal_entry_begin (const char          *directory,
                          const char          *kind,
                          const char          *uri,
                          const char          *machine_uuid,
                          const char          *step,
                          const char * const  *paths,
                          GError             **error)
{
  g_autoptr (XenoJournalEntry) self = g_object_new (XENO_TYPE_JOURNAL_ENTRY, NULL);
  g_autofree char *file_name = NULL;

  self->id = g_uuid_string_random ();
  file_name = g_strconcat (self->id, XENO_JOURNAL_SUFFIX, NULL);
  self->path = g_build_filename (directory, file_name, NULL);
  self->kind = g_strdup (kind);
  self->uri = g_strdup (uri);
  self->machine_uuid = g_strdup (machine_uuid);
  self->started_s = g_get_real_time () / G_USEC_PER_SEC;
  if (step != NULL)
    add_step (self, step, paths);

  if (!save (self, error))
    return NULL;
  return g_steal_pointer (&self);
}

static char *
read_text (int      fd,
           gsize   *length,
           GError **error)
{
  struct stat status;
  g_autofree char *text = NULL;
  gssize n;

  if (fstat (fd, &status) != 0 || !S_ISREG (status.st_mode) || status.st_size > MAX_FILE_BYTES)
    {
      g_set_error (error, G_KEY_FILE_ERROR, G_KEY_FILE_ERROR_PARSE, "not a small regular file");
      return NULL;
    }

  text = g_malloc0 (status.st_size + 1);
  n = pread (fd, text, status.st_size, 0);
  *length = MAX (n, 0);
  return g_steal_pointer (&text);
}

static gboolean
load_step (XenoJournalEntry  *self,
           GKeyFile          *file,
           guint              index,
           GError           **error)
{
  g_autofree char *group = g_strdup_printf ("step %u", index);
  g_autofree char *name = g_key_file_get_string (file, group, "name", error);
  g_auto (GStrv) uris = NULL;
  g_autoptr (GStrvBuilder) paths = g_strv_builder_new ();
  Step *step;

  if (name == NULL)
    return FALSE;
  uris = g_key_file_get_string_list (file, group, "paths", NULL, error);
  if (uris == NULL)
    return FALSE;

  for (guint i = 0; uris[i] != NULL; i++)
    {
      g_autofree char *path = g_filename_from_uri (uris[i], NULL, error);

      if (path == NULL)
        return FALSE;
      g_strv_builder_add (paths, path);
    }

  step = g_new0 (Step, 1);
  step->name = g_steal_pointer (&name);
  step->paths = g_strv_builder_end (paths);
  g_ptr_array_add (self->steps, step);
  return TRUE;
}

static gboolean
load_text (XenoJournalEntry  *self,
           const char        *text,
           gsize              length,
           GError           **error)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  guint64 n_steps;

  if (!g_key_file_load_from_data (file, text, length, G_KEY_FILE_NONE, error))
    return FALSE;
  if (g_key_file_get_integer (file, GROUP, "version", NULL) != FORMAT_VERSION)
    {
      g_set_error (error, G_KEY_FILE_ERROR, G_KEY_FILE_ERROR_INVALID_VALUE, "unknown version");
      return FALSE;
    }

  self->kind = g_key_file_get_string (file, GROUP, "kind", error);
  if (self->kind == NULL)
    return FALSE;
  self->uri = g_key_file_get_string (file, GROUP, "connection", error);
  if (self->uri == NULL)
    return FALSE;
  self->machine_uuid = g_key_file_get_string (file, GROUP, "machine", error);
  if (self->machine_uuid == NULL)
    return FALSE;
  self->started_s = g_key_file_get_int64 (file, GROUP, "started", NULL);

  n_steps = g_key_file_get_uint64 (file, GROUP, "steps", NULL);
  for (guint i = 0; i < n_steps; i++)
    {
      if (!load_step (self, file, i, error))
        return FALSE;
    }
  return TRUE;
}

/* Takes a locked @fd, in success and failure. */
XenoJournalEntry *
xeno_journal_entry_load (const char  *path,
                         int          fd,
                         GError     **error)
{
  g_autoptr (XenoJournalEntry) self = g_object_new (XENO_TYPE_JOURNAL_ENTRY, NULL);
  g_autofree char *file_name = g_path_get_basename (path);
  g_autofree char *text = NULL;
  gsize length;

  self->fd = fd;
  self->path = g_strdup (path);
  self->id = g_strndup (file_name, strlen (file_name) - strlen (XENO_JOURNAL_SUFFIX));

  text = read_text (fd, &length, error);
  if (text == NULL || !load_text (self, text, length, error))
    return NULL;
  return g_steal_pointer (&self);
}

/**
 * xeno_journal_entry_get_id:
 * @self: an entry
 *
 * Gets the name that is the entry's own, of letters, digits and dashes.
 *
 * Returns: (transfer none): the id
 */
const char *
xeno_journal_entry_get_id (XenoJournalEntry *self)
{
  g_return_val_if_fail (XENO_IS_JOURNAL_ENTRY (self), NULL);

  return self->id;
}

/**
 * xeno_journal_entry_get_kind:
 * @self: an entry
 *
 * Gets what kind of operation it is, as xeno_journal_begin() was told.
 *
 * Returns: (transfer none): the kind
 */
const char *
xeno_journal_entry_get_kind (XenoJournalEntry *self)
{
  g_return_val_if_fail (XENO_IS_JOURNAL_ENTRY (self), NULL);

  return self->kind;
}

/**
 * xeno_journal_entry_get_uri:
 * @self: an entry
 *
 * Gets the connection the machine is on.
 *
 * Returns: (transfer none): the URI
 */
const char *
xeno_journal_entry_get_uri (XenoJournalEntry *self)
{
  g_return_val_if_fail (XENO_IS_JOURNAL_ENTRY (self), NULL);

  return self->uri;
}

/**
 * xeno_journal_entry_get_machine_uuid:
 * @self: an entry
 *
 * Gets which machine it is about.
 *
 * Returns: (transfer none): the UUID
 */
const char *
xeno_journal_entry_get_machine_uuid (XenoJournalEntry *self)
{
  g_return_val_if_fail (XENO_IS_JOURNAL_ENTRY (self), NULL);

  return self->machine_uuid;
}

/**
 * xeno_journal_entry_get_started_s:
 * @self: an entry
 *
 * Gets when the operation began.
 *
 * Returns: seconds since the epoch
 */
gint64
xeno_journal_entry_get_started_s (XenoJournalEntry *self)
{
  g_return_val_if_fail (XENO_IS_JOURNAL_ENTRY (self), 0);

  return self->started_s;
}

/**
 * xeno_journal_entry_get_n_steps:
 * @self: an entry
 *
 * Gets how many steps were noted.
 *
 * Returns: the number of steps
 */
guint
xeno_journal_entry_get_n_steps (XenoJournalEntry *self)
{
  g_return_val_if_fail (XENO_IS_JOURNAL_ENTRY (self), 0);

  return self->steps->len;
}

/**
 * xeno_journal_entry_get_step:
 * @self: an entry
 * @index: which step, 0 for the first
 *
 * Gets the name of a step. The last one may have happened or not; those before it did.
 *
 * Returns: (transfer none): the name
 */
const char *
xeno_journal_entry_get_step (XenoJournalEntry *self,
                             guint             index)
{
  g_return_val_if_fail (XENO_IS_JOURNAL_ENTRY (self), NULL);
  g_return_val_if_fail (index < self->steps->len, NULL);

  return ((Step *) g_ptr_array_index (self->steps, index))->name;
}

/**
 * xeno_journal_entry_get_paths:
 * @self: an entry
 * @index: which step, 0 for the first
 *
 * Gets the files a step is about, in the order they were noted.
 *
 * Returns: (transfer none) (array zero-terminated=1): absolute paths, perhaps none
 */
const char * const *
xeno_journal_entry_get_paths (XenoJournalEntry *self,
                              guint             index)
{
  g_return_val_if_fail (XENO_IS_JOURNAL_ENTRY (self), NULL);
  g_return_val_if_fail (index < self->steps->len, NULL);

  return (const char * const *) ((Step *) g_ptr_array_index (self->steps, index))->paths;
}

/**
 * xeno_journal_entry_has_step:
 * @self: an entry
 * @step: the name of a step
 *
 * Gets whether a step of this name was noted.
 *
 * Returns: %TRUE if it was
 */
gboolean
xeno_journal_entry_has_step (XenoJournalEntry *self,
                             const char       *step)
{
  g_return_val_if_fail (XENO_IS_JOURNAL_ENTRY (self), FALSE);
  g_return_val_if_fail (step != NULL, FALSE);

  for (guint i = 0; i < self->steps->len; i++)
    {
      if (strcmp (xeno_journal_entry_get_step (self, i), step) == 0)
        return TRUE;
    }
  return FALSE;
}

/**
 * xeno_journal_entry_note_step:
 * @self: an entry
 * @step: a name for the step
 * @paths: (nullable) (array zero-terminated=1): absolute paths of the files it makes or moves
 * @error: %XENO_ERROR_NO_SPACE, %XENO_ERROR_NO_PERMISSION or %XENO_ERROR_FAILED
 *
 * Writes down a step before it is taken. When this returns, it is on the disk. Blocks: call it
 * where blocking is allowed, from one thread at a time.
 *
 * Returns: %TRUE when the step may be taken
 */
gboolean
xeno_journal_entry_note_step (XenoJournalEntry    *self,
                              const char          *step,
                              const char * const  *paths,
                              GError             **error)
{
  g_return_val_if_fail (XENO_IS_JOURNAL_ENTRY (self), FALSE);
  g_return_val_if_fail (self->fd >= 0, FALSE);
  g_return_val_if_fail (step != NULL, FALSE);
  for (guint i = 0; paths != NULL && paths[i] != NULL; i++)
    g_return_val_if_fail (g_path_is_absolute (paths[i]), FALSE);

  add_step (self, step, paths);
  if (save (self, error))
    return TRUE;

  g_ptr_array_remove_index (self->steps, self->steps->len - 1);
  return FALSE;
}

/**
 * xeno_journal_entry_done:
 * @self: an entry
 * @error: why the entry could not be removed
 *
 * Ends the operation: nothing is left to finish or to undo, and the entry is forgotten. An entry
 * that is dropped without this stays for the next start. Blocks.
 *
 * Returns: %TRUE when the entry is gone
 */
gboolean
xeno_journal_entry_done (XenoJournalEntry  *self,
                         GError           **error)
{
  g_return_val_if_fail (XENO_IS_JOURNAL_ENTRY (self), FALSE);
  g_return_val_if_fail (self->fd >= 0, FALSE);

  if (unlink (self->path) != 0 && errno != ENOENT)
    {
      set_errno_error (error, errno, self->path);
      return FALSE;
    }

  sync_folder_of (self->path);
  close (self->fd);
  self->fd = -1;
  return TRUE;
}
