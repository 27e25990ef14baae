/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copies of machines that are kept ready: throw-away copies go on from them, and nothing stays of them. */
#include "config.h"

#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>

#include <glib/gstdio.h>

#include "machine/cli-fixture.h"
#include "machine/clone-fixture.h"
#include "virt/xeno-delete-plan.h"
#include "virt/xeno-saved-state.h"
#include "virt/xeno-trash.h"
#include "virt/xeno-warm-note.h"

static gboolean
is_kept_ready (gpointer data)
{
  g_autoptr (XenoWarmNote) note = xeno_warm_note_of_machine (data);

  return note != NULL;
}

static gboolean
is_kept_no_more (gpointer data)
{
  return !is_kept_ready (data);
}

typedef struct
{
  XenoMachine  *base;
  XenoWarmNote *old;
} Change;

static gboolean
is_another (gpointer data)
{
  Change *change = data;
  g_autoptr (XenoWarmNote) note = xeno_warm_note_of_machine (change->base);

  return note != NULL && (change->old == NULL || g_strcmp0 (note->id, change->old->id) != 0);
}

static void
keep_ready (CloneFixture *fixture)
{
  g_autoptr (XenoWarmNote) old = xeno_warm_note_of_machine (fixture->base);
  Change change = { fixture->base, old };

  must ("ready base --after 1s");
  xeno_test_until (is_another, &change);
}

/* A person's line with BASE in it, which says what @notice says, or nothing. */
static void
run_with_notice (const char *arguments,
                 const char *notice)
{
  g_auto (Run) run = { 0 };

  run_xeno (&run, arguments);
  g_test_message ("%s", run.errors);
  g_assert_cmpint (run.status, ==, 0);
  if (notice != NULL)
    g_assert_nonnull (strstr (run.errors, notice));
  else
    g_assert_cmpstr (run.errors, ==, "");
}

static gboolean
has_three_machines (gpointer connection)
{
  return g_list_model_get_n_items (xeno_connection_get_machines (connection)) == 3;
}

/* Its name comes once it runs, and not before. */
static void
await_name (GSubprocess *process)
{
  char byte = '\0';

  while (byte != '\n')
    g_assert_true (g_input_stream_read_all (g_subprocess_get_stdout_pipe (process), &byte, 1, NULL, NULL, NULL)
                   && byte != '\0');
}

static void
interrupt (GSubprocess *process)
{
  g_auto (Run) run = { 0 };

  g_subprocess_send_signal (process, SIGINT);
  finish_run (&run, process);
  g_test_message ("%s", run.errors);
  g_assert_cmpstr (run.errors, ==, "");
}

/* What it takes is nobody else's to read, and is as it was after many copies, two of them at once. */
static void
test_many_go_on_from_one (CloneFixture  *fixture,
                          gconstpointer  data)
{
  g_autofree char *before = checksum_file (fixture->disk);
  g_autoptr (XenoWarmNote) note = NULL;
  g_autofree char *memory = NULL;
  g_autofree char *memory_before = NULL;
  g_autofree char *memory_after = NULL;
  g_autofree char *after = NULL;
  g_autoptr (GSubprocess) one = NULL;
  g_autoptr (GSubprocess) other = NULL;
  g_auto (GStrv) paths = NULL;
  GStatBuf info;

  keep_ready (fixture);
  note = xeno_warm_note_of_machine (fixture->base);
  paths = xeno_warm_note_list_paths (note);
  g_assert_cmpuint (g_strv_length (paths), ==, 2);
  g_assert_cmpuint (count_files (), ==, 3);
  g_assert_cmpuint (count_journal (), ==, 0);
  g_assert_false (note->has_agent);
  for (char **path = paths; *path != NULL; path++)
    {
      g_assert_cmpint (g_stat (*path, &info), ==, 0);
      g_assert_cmpint (info.st_mode & 07777, ==, 0400);
    }
  memory = xeno_warm_note_dup_path (note, XENO_WARM_MEMORY_SUFFIX);
  memory_before = checksum_file (memory);

  one = spawn_xeno ("run base");
  other = spawn_xeno ("run base");
  await_name (one);
  await_name (other);
  xeno_test_until (has_three_machines, fixture->connection);
  interrupt (one);
  interrupt (other);
  xeno_test_until (has_one_machine, fixture->connection);

  memory_after = checksum_file (memory);
  g_assert_cmpstr (memory_before, ==, memory_after);
  g_assert_cmpuint (count_files (), ==, 3);
  must ("ready base --off");
  xeno_test_until (is_kept_no_more, fixture->base);
  must_not ("ready base --off");
  after = checksum_file (fixture->disk);
  g_assert_cmpstr (before, ==, after);
}

static void
spoil_memory (const char *path)
{
  g_assert_cmpint (g_chmod (path, 0600), ==, 0);
  g_assert_true (g_file_set_contents (path, "LibvirtQemudSave", -1, NULL));
}

/* Whatever is not as it was, a copy starts all the same, and says why it took longer. */
static void
test_what_is_of_no_use_is_not_used (CloneFixture  *fixture,
                                    gconstpointer  data)
{
  g_autoptr (XenoWarmNote) note = NULL;
  g_autofree char *memory = NULL;

  keep_ready (fixture);
  run_with_notice ("run base --lifetime 1s", NULL);
  run_with_notice ("run base --lifetime 1s --untrusted", "other ways out");
  run_with_notice ("run base --lifetime 1s --cold", NULL);

  g_assert_cmpint (utimensat (AT_FDCWD, fixture->disk, NULL, 0), ==, 0);
  run_with_notice ("run base --lifetime 1s", "disks have changed");
  keep_ready (fixture); /* the old one is replaced */
  g_assert_cmpuint (count_files (), ==, 3);
  note = xeno_warm_note_of_machine (fixture->base);
  memory = xeno_warm_note_dup_path (note, XENO_WARM_MEMORY_SUFFIX);

  spoil_memory (memory);
  run_with_notice ("run base --lifetime 1s", "not known here");
  g_assert_cmpint (g_unlink (memory), ==, 0);
  run_with_notice ("run base --lifetime 1s", "missing");
  must ("ready base --off");
  g_assert_cmpuint (count_files (), ==, 1);
}

/* libvirt refuses it only when it is read; nothing stays of what was made for it. */
static void
test_torn_memory_is_not_used (CloneFixture  *fixture,
                              gconstpointer  data)
{
  g_autoptr (XenoWarmNote) note = NULL;
  g_autofree char *memory = NULL;
  g_autofree char *bytes = NULL;
  gsize length;

  keep_ready (fixture);
  note = xeno_warm_note_of_machine (fixture->base);
  memory = xeno_warm_note_dup_path (note, XENO_WARM_MEMORY_SUFFIX);
  g_assert_cmpint (g_chmod (memory, 0600), ==, 0);
  g_assert_true (g_file_get_contents (memory, &bytes, &length, NULL));
  g_assert_true (g_file_set_contents (memory, bytes, length / 2, NULL));

  run_with_notice ("run base --lifetime 1s", "libvirt does not go on");
  xeno_test_until (has_one_machine, fixture->connection);
  g_assert_cmpuint (count_files (), ==, 3);
  g_assert_cmpuint (count_journal (), ==, 0);
  must ("ready base --off");
}

static gboolean
has_note_or_is_gone (gpointer data)
{
  CloneFixture *fixture = data;

  return is_kept_ready (fixture->base) || has_two_machines (fixture->connection);
}

/* Killed at any moment; the next command clears away, and what was kept ready before still is. */
static void
test_killed_at_any_moment_leaves_nothing (CloneFixture  *fixture,
                                          gconstpointer  data)
{
  g_autoptr (GSubprocess) making = spawn_xeno ("ready base --after 100s");
  g_autoptr (GSubprocess) running = NULL;
  g_auto (Run) late = { 0 };
  g_auto (Run) later = { 0 };

  xeno_test_until (has_note_or_is_gone, fixture);
  g_subprocess_send_signal (making, SIGKILL);
  g_assert_true (g_subprocess_wait (making, NULL, NULL));
  g_assert_cmpuint (count_journal (), ==, 1);
  run_xeno (&late, "run nothing-of-this-name");
  g_assert_cmpint (late.status, ==, 1);
  xeno_test_until (has_one_machine, fixture->connection);
  g_assert_cmpuint (count_files (), ==, 1);
  g_assert_cmpuint (count_journal (), ==, 0);

  keep_ready (fixture);
  running = spawn_xeno ("run base");
  xeno_test_until (has_two_machines, fixture->connection);
  g_subprocess_send_signal (running, SIGKILL);
  g_assert_true (g_subprocess_wait (running, NULL, NULL));
  run_xeno (&later, "run nothing-of-this-name");
  g_assert_cmpint (later.status, ==, 1);
  xeno_test_until (has_one_machine, fixture->connection);
  g_assert_cmpuint (count_files (), ==, 3);
  run_with_notice ("run base --lifetime 1s", NULL);
  must ("ready base --off");
}

/* Not even the machine's own note removes what is not such a copy's. */
static void
test_goes_with_the_machine (CloneFixture  *fixture,
                            gconstpointer  data)
{
  const char * const no_disks[] = { NULL };
  g_autofree char *folder = images_folder ();
  g_autofree char *trash = g_build_filename (folder, ".xenolith-trash", NULL);
  g_autofree char *trash_id = NULL;
  g_autoptr (GAsyncResult) deleted = NULL;
  g_autoptr (GAsyncResult) purged = NULL;
  g_autoptr (GError) error = NULL;
  GAsyncResult *pending = NULL;

  keep_ready (fixture);
  xeno_machine_delete_async (fixture->base, no_disks, NULL, xeno_test_result_cb, &pending);
  deleted = xeno_test_await (&pending);
  trash_id = xeno_machine_delete_finish (fixture->base, deleted, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (count_files (), ==, 2); /* the disk, and the trash */
  xeno_storage_purge_async (fixture->connection, trash_id, NULL, xeno_test_result_cb, &pending);
  purged = xeno_test_await (&pending);
  xeno_storage_purge_finish (fixture->connection, purged, &error);
  g_assert_no_error (error);
  g_assert_cmpint (g_rmdir (trash), ==, 0);
}

static const struct
{
  const char *path;
  void      (*test) (CloneFixture  *fixture,
                     gconstpointer  data);
} tests[] = {
  { "/xeno/ready/many-go-on-from-one", test_many_go_on_from_one },
  { "/xeno/ready/what-is-of-no-use-is-not-used", test_what_is_of_no_use_is_not_used },
  { "/xeno/ready/torn-memory-is-not-used", test_torn_memory_is_not_used },
  { "/xeno/ready/killed-at-any-moment-leaves-nothing", test_killed_at_any_moment_leaves_nothing },
  { "/xeno/ready/goes-with-the-machine", test_goes_with_the_machine },
};

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, CloneFixture, NULL, clone_fixture_set_up, tests[i].test, clone_fixture_tear_down);

  return g_test_run ();
}
