/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The operations journal: nothing noted is lost, nothing under way is taken, garbage stops nobody. */
#include "config.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/xeno-error.h"
#include "base/xeno-journal.h"

#define URI "test:///default"
#define UUID "6695eb01-f6a4-8304-79aa-97f2502e193f"

typedef struct
{
  char        *directory;
  XenoJournal *journal;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  g_autofree char *top = g_dir_make_tmp ("xeno-journal-XXXXXX", NULL);

  fixture->directory = g_build_filename (top, "journal", NULL);
  fixture->journal = xeno_journal_new (fixture->directory);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  g_autofree char *top = g_path_get_dirname (fixture->directory);
  g_autoptr (GDir) folder = g_dir_open (fixture->directory, 0, NULL);
  const char *name;

  while (folder != NULL && (name = g_dir_read_name (folder)) != NULL)
    {
      g_autofree char *path = g_build_filename (fixture->directory, name, NULL);

      g_assert_cmpint (g_unlink (path), ==, 0);
    }
  g_rmdir (fixture->directory);
  g_assert_cmpint (g_rmdir (top), ==, 0);
  g_assert_finalize_object (fixture->journal);
  g_free (fixture->directory);
}

static guint
count_files (Fixture *fixture)
{
  g_autoptr (GDir) folder = g_dir_open (fixture->directory, 0, NULL);
  guint n = 0;

  while (folder != NULL && g_dir_read_name (folder) != NULL)
    n++;
  return n;
}

static GPtrArray *
take (Fixture    *fixture,
      const char *kind,
      const char *uri,
      GStrv      *put_aside)
{
  g_autoptr (GError) error = NULL;
  GPtrArray *entries = xeno_journal_take_unfinished (fixture->journal, kind, uri, put_aside, &error);

  g_assert_no_error (error);
  g_assert_nonnull (entries);
  return entries;
}

static XenoJournalEntry *
begin (Fixture    *fixture,
       const char *kind)
{
  g_autoptr (GError) error = NULL;
  XenoJournalEntry *entry = xeno_journal_begin (fixture->journal, kind, URI, UUID, NULL, NULL, &error);

  g_assert_no_error (error);
  return entry;
}

static void
note (XenoJournalEntry *entry,
      const char       *step,
      const char       *path,
      const char       *other_path)
{
  const char *paths[] = { path, other_path, NULL };
  g_autoptr (GError) error = NULL;

  g_assert_true (xeno_journal_entry_note_step (entry, step, paths, &error));
  g_assert_no_error (error);
}

static void
test_abandoned (Fixture       *fixture,
                gconstpointer  data)
{
  /* Legal in a file name, and a trial for any text format. */
  const char *odd_path = "/srv/a;b\nc \xff ]=%41\\";
  g_autoptr (GPtrArray) entries = NULL;
  XenoJournalEntry *entry = begin (fixture, "create");
  g_autofree char *id = g_strdup (xeno_journal_entry_get_id (entry));

  note (entry, "disk", "/srv/one.qcow2", NULL);
  note (entry, "define", odd_path, "/srv/two");
  g_assert_true (xeno_journal_entry_note_step (entry, "start", NULL, NULL));
  g_object_unref (entry);

  entries = take (fixture, "create", URI, NULL);
  g_assert_cmpuint (entries->len, ==, 1);
  entry = g_ptr_array_index (entries, 0);
  g_assert_cmpstr (xeno_journal_entry_get_id (entry), ==, id);
  g_assert_cmpstr (xeno_journal_entry_get_kind (entry), ==, "create");
  g_assert_cmpstr (xeno_journal_entry_get_uri (entry), ==, URI);
  g_assert_cmpstr (xeno_journal_entry_get_machine_uuid (entry), ==, UUID);
  g_assert_cmpint (xeno_journal_entry_get_started_s (entry), >, 0);
  g_assert_cmpuint (xeno_journal_entry_get_n_steps (entry), ==, 3);
  g_assert_cmpstr (xeno_journal_entry_get_step (entry, 1), ==, "define");
  g_assert_cmpstr (xeno_journal_entry_get_paths (entry, 0)[0], ==, "/srv/one.qcow2");
  g_assert_null (xeno_journal_entry_get_paths (entry, 0)[1]);
  g_assert_cmpstr (xeno_journal_entry_get_paths (entry, 1)[0], ==, odd_path);
  g_assert_cmpstr (xeno_journal_entry_get_paths (entry, 1)[1], ==, "/srv/two");
  g_assert_null (xeno_journal_entry_get_paths (entry, 2)[0]);
  g_assert_true (xeno_journal_entry_has_step (entry, "start"));
  g_assert_false (xeno_journal_entry_has_step (entry, "undo"));

  /* What was taken over can be written on, and ended. */
  note (entry, "undo", "/srv/one.qcow2", NULL);
  g_assert_true (xeno_journal_entry_done (entry, NULL));
  g_assert_cmpuint (count_files (fixture), ==, 0);
}

static void
test_live (Fixture       *fixture,
           gconstpointer  data)
{
  g_autoptr (XenoJournalEntry) entry = begin (fixture, "create");
  g_autoptr (GPtrArray) before = take (fixture, NULL, NULL, NULL);
  g_autoptr (GPtrArray) after = NULL;

  g_assert_cmpuint (before->len, ==, 0);
  note (entry, "disk", "/srv/one.qcow2", NULL);
  after = take (fixture, NULL, NULL, NULL);
  g_assert_cmpuint (after->len, ==, 0);
  g_assert_true (xeno_journal_entry_done (entry, NULL));
  g_assert_cmpuint (count_files (fixture), ==, 0);
}

static void
test_taken_once (Fixture       *fixture,
                 gconstpointer  data)
{
  g_autoptr (GPtrArray) first = NULL;
  g_autoptr (GPtrArray) second = NULL;

  g_object_unref (begin (fixture, "create"));
  first = take (fixture, NULL, NULL, NULL);
  second = take (fixture, NULL, NULL, NULL);
  g_assert_cmpuint (first->len, ==, 1);
  g_assert_cmpuint (second->len, ==, 0);
}

static void
test_filter (Fixture       *fixture,
             gconstpointer  data)
{
  g_autoptr (GPtrArray) deleted = NULL;
  g_autoptr (GPtrArray) elsewhere = NULL;

  g_object_unref (begin (fixture, "create"));
  g_object_unref (begin (fixture, "delete"));
  elsewhere = take (fixture, NULL, "qemu:///system", NULL);
  g_assert_cmpuint (elsewhere->len, ==, 0);
  deleted = take (fixture, "delete", URI, NULL);
  g_assert_cmpuint (deleted->len, ==, 1);
  g_assert_cmpstr (xeno_journal_entry_get_kind (g_ptr_array_index (deleted, 0)), ==, "delete");
}

static void
test_killed (Fixture       *fixture,
             gconstpointer  data)
{
  g_autoptr (GPtrArray) entries = NULL;
  int status;
  pid_t child = fork ();

  if (child == 0)
    {
      XenoJournalEntry *entry = begin (fixture, "create");

      note (entry, "disk", "/srv/one.qcow2", NULL);
      kill (getpid (), SIGKILL);
    }

  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  g_assert_true (WIFSIGNALED (status));
  entries = take (fixture, NULL, NULL, NULL);
  g_assert_cmpuint (entries->len, ==, 1);
  g_assert_true (xeno_journal_entry_has_step (g_ptr_array_index (entries, 0), "disk"));
}

static void
test_private (Fixture       *fixture,
              gconstpointer  data)
{
  g_autoptr (XenoJournalEntry) entry = begin (fixture, "create");
  g_autofree char *name = g_strconcat (xeno_journal_entry_get_id (entry), ".journal", NULL);
  g_autofree char *path = g_build_filename (fixture->directory, name, NULL);
  struct stat status;

  note (entry, "disk", "/srv/one.qcow2", NULL);
  g_assert_cmpint (stat (path, &status), ==, 0);
  g_assert_cmpint (status.st_mode & 07777, ==, 0600);
  g_assert_cmpint (stat (fixture->directory, &status), ==, 0);
  g_assert_cmpint (status.st_mode & 07777, ==, 0700);
}

static void
test_garbage (Fixture       *fixture,
              gconstpointer  data)
{
  static const char * const garbage[] = {
    "",
    "no key file",
    "\x00\xff\xfe",
    "[operation]\nversion=2\nkind=create\nconnection=a\nmachine=b\nsteps=0\n",
    "[operation]\nversion=1\nkind=create\nconnection=a\nmachine=b\nsteps=1\n",
    "[operation]\nversion=1\nkind=create\nconnection=a\nmachine=b\nsteps=1\n"
    "[step 0]\nname=disk\npaths=../../etc/passwd;\n",
    "[operation]\nversion=1\nkind=create\nsteps=18446744073709551615\n",
  };
  g_autoptr (GPtrArray) first = NULL;
  g_autoptr (GPtrArray) second = NULL;
  g_auto (GStrv) aside = NULL;
  g_auto (GStrv) aside_again = NULL;

  g_object_unref (begin (fixture, "create"));
  for (guint i = 0; i < G_N_ELEMENTS (garbage); i++)
    {
      g_autofree char *path = g_strdup_printf ("%s/%u.journal", fixture->directory, i);

      g_assert_true (g_file_set_contents (path, garbage[i], -1, NULL));
    }

  first = take (fixture, NULL, NULL, &aside);
  g_assert_cmpuint (first->len, ==, 1);
  g_assert_cmpuint (g_strv_length (aside), ==, G_N_ELEMENTS (garbage));
  g_assert_nonnull (strstr (aside[0], ".journal.bad-"));
  g_assert_true (g_file_test (aside[0], G_FILE_TEST_IS_REGULAR));

  second = take (fixture, NULL, NULL, &aside_again);
  g_assert_cmpuint (g_strv_length (aside_again), ==, 0);
}

static void
test_huge (Fixture       *fixture,
           gconstpointer  data)
{
  g_autoptr (GPtrArray) entries = NULL;
  g_auto (GStrv) aside = NULL;
  g_autofree char *path = NULL;
  int fd;

  g_object_unref (begin (fixture, "create"));
  path = g_build_filename (fixture->directory, "huge.journal", NULL);
  fd = open (path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  g_assert_cmpint (ftruncate (fd, 100 * 1024 * 1024), ==, 0);
  close (fd);

  entries = take (fixture, NULL, NULL, &aside);
  g_assert_cmpuint (entries->len, ==, 1);
  g_assert_cmpuint (g_strv_length (aside), ==, 1);
}

static void
test_nothing_yet (Fixture       *fixture,
                  gconstpointer  data)
{
  g_autoptr (GPtrArray) entries = take (fixture, NULL, NULL, NULL);

  g_assert_cmpuint (entries->len, ==, 0);
  g_assert_false (g_file_test (fixture->directory, G_FILE_TEST_EXISTS));
}

static void
test_not_writable (Fixture       *fixture,
                   gconstpointer  data)
{
  g_autoptr (XenoJournal) journal = xeno_journal_new ("/proc/xenolith/journal");
  g_autoptr (XenoJournalEntry) entry = NULL;
  g_autoptr (GError) error = NULL;

  entry = xeno_journal_begin (journal, "create", URI, UUID, NULL, NULL, &error);
  g_assert_null (entry);
  g_assert_error (error, XENO_ERROR, XENO_ERROR_NO_PERMISSION);
}

static void
test_full (Fixture       *fixture,
           gconstpointer  data)
{
  g_autoptr (XenoJournalEntry) entry = begin (fixture, "create");
  g_autoptr (GPtrArray) entries = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *blocker = NULL;

  note (entry, "disk", "/srv/one.qcow2", NULL);

  /* A folder where the new file would go fails the write as a full disk would: before the rename. */
  blocker = g_strdup_printf ("%s/%s.journal.new", fixture->directory,
                             xeno_journal_entry_get_id (entry));
  g_assert_cmpint (g_mkdir (blocker, 0700), ==, 0);
  g_assert_false (xeno_journal_entry_note_step (entry, "define", NULL, &error));
  g_assert_error (error, XENO_ERROR, XENO_ERROR_FAILED);
  g_assert_cmpint (g_rmdir (blocker), ==, 0);

  g_clear_object (&entry);
  entries = take (fixture, NULL, NULL, NULL);
  g_assert_cmpuint (entries->len, ==, 1);
  g_assert_cmpuint (xeno_journal_entry_get_n_steps (g_ptr_array_index (entries, 0)), ==, 1);
}

static void
test_first_step (Fixture       *fixture,
                 gconstpointer  data)
{
  const char * const paths[] = { "/srv/one.qcow2", NULL };
  XenoJournalEntry *entry = xeno_journal_begin (fixture->journal, "create", URI, UUID, "disk", paths, NULL);
  g_autoptr (GPtrArray) entries = NULL;

  g_assert_true (xeno_journal_entry_has_step (entry, "disk"));
  note (entry, "define", NULL, NULL);
  g_object_unref (entry);

  entries = take (fixture, NULL, NULL, NULL);
  entry = g_ptr_array_index (entries, 0);
  g_assert_cmpuint (xeno_journal_entry_get_n_steps (entry), ==, 2);
  g_assert_cmpstr (xeno_journal_entry_get_step (entry, 0), ==, "disk");
  g_assert_cmpstr (xeno_journal_entry_get_paths (entry, 0)[0], ==, "/srv/one.qcow2");
  g_assert_cmpstr (xeno_journal_entry_get_step (entry, 1), ==, "define");
}

/* As one that was killed between writing and naming what it wrote. */
static void
test_half_written (Fixture       *fixture,
                   gconstpointer  data)
{
  g_autoptr (XenoJournalEntry) entry = begin (fixture, "create");
  g_autoptr (GPtrArray) entries = NULL;
  g_auto (GStrv) aside = NULL;
  g_autofree char *left = g_build_filename (fixture->directory, "left.journal.new", NULL);
  g_autofree char *written = g_build_filename (fixture->directory, "written.journal.new", NULL);
  int fd = open (written, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

  g_assert_cmpint (flock (fd, LOCK_EX), ==, 0);
  g_assert_true (g_file_set_contents (left, "[operation]\nversion=1\nki", -1, NULL));

  entries = take (fixture, NULL, NULL, &aside);
  g_assert_cmpuint (entries->len, ==, 0);
  g_assert_cmpuint (g_strv_length (aside), ==, 0);
  g_assert_false (g_file_test (left, G_FILE_TEST_EXISTS));
  g_assert_true (g_file_test (written, G_FILE_TEST_EXISTS));
  close (fd);
}

typedef struct
{
  Fixture *fixture;
  gint     is_over; /* atomic */
} Other;

static gpointer
clear_away (gpointer data)
{
  Other *other = data;

  while (!g_atomic_int_get (&other->is_over))
    g_ptr_array_unref (take (other->fixture, NULL, NULL, NULL));
  return NULL;
}

static void
test_written_while_others_clear_away (Fixture       *fixture,
                                      gconstpointer  data)
{
  Other other = { fixture, FALSE };
  GThread *thread = NULL;

  g_object_unref (begin (fixture, "create"));
  thread = g_thread_new ("other", clear_away, &other);
  for (guint i = 0; i < 100; i++)
    {
      g_autoptr (XenoJournalEntry) entry = begin (fixture, "create");
      g_autoptr (GError) error = NULL;

      note (entry, "disk", "/srv/one.qcow2", NULL);
      g_assert_true (xeno_journal_entry_done (entry, &error));
      g_assert_no_error (error);
    }
  g_atomic_int_set (&other.is_over, TRUE);
  g_thread_join (thread);
  g_assert_cmpuint (count_files (fixture), ==, 1);
}

#define ADD(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  ADD ("/xeno/journal/an-operation-whose-process-died-is-found-with-its-steps", test_abandoned);
  ADD ("/xeno/journal/an-operation-may-begin-with-its-first-step", test_first_step);
  ADD ("/xeno/journal/an-operation-under-way-is-left-alone", test_live);
  ADD ("/xeno/journal/an-operation-is-taken-over-once", test_taken_once);
  ADD ("/xeno/journal/only-what-was-asked-for-is-taken", test_filter);
  ADD ("/xeno/journal/a-killed-process-leaves-its-entry", test_killed);
  ADD ("/xeno/journal/files-are-for-their-owner-alone", test_private);
  ADD ("/xeno/journal/what-was-half-written-is-cleared-away", test_half_written);
  ADD ("/xeno/journal/what-is-being-written-is-never-cleared-away", test_written_while_others_clear_away);
  ADD ("/xeno/journal/garbage-is-put-aside-and-told-once", test_garbage);
  ADD ("/xeno/journal/a-huge-file-is-not-read", test_huge);
  ADD ("/xeno/journal/no-folder-is-no-unfinished-operation", test_nothing_yet);
  ADD ("/xeno/journal/a-folder-that-cannot-be-made-is-no-permission", test_not_writable);
  ADD ("/xeno/journal/a-failed-write-keeps-what-was-noted", test_full);

  return g_test_run ();
}
