/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The operations journal: what is being made or removed, so that a later start can finish or undo. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>

#include "base/xeno-error.h"
#include "base/xeno-journal-private.h"
#include "base/xeno-journal.h"

struct _XenoJournal
{
  GObject  parent_instance;
  char    *directory;
};

G_DEFINE_FINAL_TYPE (XenoJournal, xeno_journal, G_TYPE_OBJECT)

/* The lock must be on the file the path names now: its owner may have replaced it meanwhile. */
static int
open_abandoned (const char *path)
{
  int fd = open (path, O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);

  if (fd < 0)
    return -1;
  if (flock (fd, LOCK_EX | LOCK_NB) == 0 && xeno_journal_is_named (fd, path))
    return fd;

  close (fd);
  return -1;
}

/* What a process that died did not come to give its name: the entry is as it was before. */
static void
clear_away (const char *path)
{
  int fd = open_abandoned (path);

  if (fd < 0)
    return;

  unlink (path);
  close (fd);
}

static char *
put_file_aside (const char *path)
{
  g_autofree char *aside = NULL;

  aside = g_strdup_printf ("%s.bad-%" G_GINT64_FORMAT, path, g_get_real_time () / G_USEC_PER_SEC);
  return rename (path, aside) == 0 ? g_steal_pointer (&aside) : NULL;
}

static void
take_file (const char   *path,
           const char   *kind,
           const char   *uri,
           GPtrArray    *entries,
           GStrvBuilder *bad)
{
  g_autoptr (XenoJournalEntry) entry = NULL;
  g_autofree char *aside = NULL;
  int fd = open_abandoned (path);

  if (fd < 0)
    return;

  entry = xeno_journal_entry_load (path, fd, NULL);
  if (entry == NULL)
    {
      aside = put_file_aside (path);
      if (aside != NULL)
        g_strv_builder_add (bad, aside);
      return;
    }

  if ((kind == NULL || strcmp (xeno_journal_entry_get_kind (entry), kind) == 0)
      && (uri == NULL || strcmp (xeno_journal_entry_get_uri (entry), uri) == 0))
    g_ptr_array_add (entries, g_steal_pointer (&entry));
}

static int
compare_entries (gconstpointer a,
                 gconstpointer b)
{
  gint64 started_a = xeno_journal_entry_get_started_s (*(XenoJournalEntry **) a);
  gint64 started_b = xeno_journal_entry_get_started_s (*(XenoJournalEntry **) b);

  return (started_a > started_b) - (started_a < started_b);
}

static void
xeno_journal_finalize (GObject *object)
{
  g_free (XENO_JOURNAL (object)->directory);

  G_OBJECT_CLASS (xeno_journal_parent_class)->finalize (object);
}

static void
xeno_journal_class_init (XenoJournalClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = xeno_journal_finalize;
}

static void
xeno_journal_init (XenoJournal *self)
{
}

/**
 * xeno_journal_new:
 * @directory: (nullable): the folder to keep it in, or %NULL for the person's own
 *
 * Makes a journal. Nothing is read or written yet.
 *
 * Returns: (transfer full): the journal
 */
XenoJournal *
xeno_journal_new (const char *directory)
{
  XenoJournal *self = g_object_new (XENO_TYPE_JOURNAL, NULL);

  if (directory != NULL)
    self->directory = g_strdup (directory);
  else
    self->directory = g_build_filename (g_get_user_state_dir (), "xenolith", "journal", NULL);
  return self;
}

/**
 * xeno_journal_begin:
 * @self: a journal
 * @kind: what kind of operation: "create", "delete"
 * @uri: the connection the machine is on
 * @machine_uuid: which machine
 * @step: (nullable): a name for the step that comes first, if it is known by now
 * @paths: (nullable) (array zero-terminated=1): absolute paths of the files it makes or moves
 * @error: %XENO_ERROR_NO_SPACE, %XENO_ERROR_NO_PERMISSION or %XENO_ERROR_FAILED
 *
 * Writes down that an operation begins. The entry is this process's own while it lives and the
 * entry is not dropped; it stays for the next start unless xeno_journal_entry_done() is called.
 * Blocks until it is on the disk.
 *
 * Returns: (transfer full): the entry, or %NULL with @error set: the operation must not begin
 */
XenoJournalEntry *
xeno_journal_begin (XenoJournal         *self,
                    const char          *kind,
                    const char          *uri,
                    const char          *machine_uuid,
                    const char          *step,
                    const char * const  *paths,
                    GError             **error)
{
  int number;

  g_return_val_if_fail (XENO_IS_JOURNAL (self), NULL);
  g_return_val_if_fail (kind != NULL, NULL);
  g_return_val_if_fail (uri != NULL, NULL);
  g_return_val_if_fail (machine_uuid != NULL, NULL);

  if (g_mkdir_with_parents (self->directory, 0700) != 0)
    {
      g_autofree char *shown = g_filename_display_name (self->directory);

      number = errno;
      xeno_set_error (error,
                      number == ENOSPC ? XENO_ERROR_NO_SPACE : XENO_ERROR_NO_PERMISSION,
                      g_strerror (number),
                      _("The folder “%s” cannot be made, so nothing was changed. "
                        "Check the free space and the permissions there."),
                      shown);
      return NULL;
    }
  return xeno_journal_entry_begin (self->directory, kind, uri, machine_uuid, step, paths, error);
}

/**
 * xeno_journal_take_unfinished:
 * @self: a journal
 * @kind: (nullable): only operations of this kind
 * @uri: (nullable): only operations on this connection
 * @put_aside: (out) (optional): paths of files that nobody can read, moved out of the way just now;
 *   the person is told once
 * @error: why the folder could not be read
 *
 * Takes over the operations whose process died, oldest first. They are this process's own from now
 * on; operations that are under way are left alone. Blocks.
 *
 * Returns: (transfer full) (element-type XenoJournalEntry): the entries, or %NULL with @error set
 */
GPtrArray *
xeno_journal_take_unfinished (XenoJournal  *self,
                              const char   *kind,
                              const char   *uri,
                              GStrv        *put_aside,
                              GError      **error)
{
  g_autoptr (GPtrArray) entries = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GStrvBuilder) bad = g_strv_builder_new ();
  g_autoptr (GDir) folder = NULL;
  g_autoptr (GError) local_error = NULL;
  const char *name;

  g_return_val_if_fail (XENO_IS_JOURNAL (self), NULL);

  folder = g_dir_open (self->directory, 0, &local_error);
  if (folder == NULL && !g_error_matches (local_error, G_FILE_ERROR, G_FILE_ERROR_NOENT))
    {
      g_autofree char *shown = g_filename_display_name (self->directory);

      xeno_set_error (error, XENO_ERROR_NO_PERMISSION, local_error->message,
                      _("The journal in “%s” cannot be read, so operations that were interrupted "
                        "stay as they are. Check the permissions of the folder."),
                      shown);
      return NULL;
    }

  while (folder != NULL && (name = g_dir_read_name (folder)) != NULL)
    {
      g_autofree char *path = g_build_filename (self->directory, name, NULL);

      if (g_str_has_suffix (name, XENO_JOURNAL_SUFFIX))
        take_file (path, kind, uri, entries, bad);
      else if (g_str_has_suffix (name, XENO_JOURNAL_NEW_SUFFIX))
        clear_away (path);
    }

  g_ptr_array_sort (entries, compare_entries);
  if (put_aside != NULL)
    *put_aside = g_strv_builder_end (bad);
  return g_steal_pointer (&entries);
}

/*< private >
 * xeno_journal_is_named:
 * @fd: an open file
 * @path: a path
 *
 * Looks whether a path still names the file that was opened by it.
 *
 * Returns: %TRUE if it does
 */
gboolean
xeno_journal_is_named (int         fd,
                       const char *path)
{
  struct stat opened;
  struct stat named;

  return fstat (fd, &opened) == 0
         && stat (path, &named) == 0
         && opened.st_dev == named.st_dev
         && opened.st_ino == named.st_ino;
}
