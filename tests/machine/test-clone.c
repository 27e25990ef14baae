/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copies, templates and throw-away machines: what they are built on stays as it was, and nothing stays of
 * what is thrown away. */
#include "config.h"

#include <signal.h>
#include <string.h>
#include <sys/stat.h>

#include <glib/gstdio.h>

#include "base/xeno-error.h"
#include "create/xeno-builder.h"
#include "create/xeno-clone.h"
#include "create/xeno-disc-file.h"
#include "create/xeno-disposable.h"
#include "create/xeno-seed-machine.h"
#include "machine/cli-fixture.h"
#include "machine/clone-fixture.h"
#include "virt/xeno-machine-template.h"
#include "virt/xeno-trash.h"
#include "virt/xeno-warm-note.h"

#define N_CYCLES 100
#define N_AT_ONCE 4

typedef CloneFixture Fixture;

static XenoMachine *
make_copy (Fixture     *fixture,
           const char  *title,
           gboolean     is_linked,
           GError     **error)
{
  g_autoptr (XenoClone) clone = xeno_clone_new (fixture->base, is_linked);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (XenoJob) job = NULL;
  GAsyncResult *pending = NULL;

  xeno_plan_set_title (XENO_PLAN (clone), title);
  job = xeno_builder_start (fixture->connection, XENO_PLAN (clone), FALSE, xeno_test_result_cb, &pending);
  result = xeno_test_await (&pending);
  return xeno_builder_finish (result, error);
}

static char *
dup_own_value (XenoMachine *machine,
               const char  *path)
{
  g_autoptr (XenoSpec) spec = xeno_machine_dup_spec (machine);

  return xeno_spec_dup_value (spec, path);
}

static void
delete_with_disks (Fixture     *fixture,
                   XenoMachine *machine)
{
  g_autofree char *name = g_strconcat (xeno_machine_get_uuid (machine), ".qcow2", NULL);
  g_autofree char *folder = images_folder ();
  g_autofree char *path = g_build_filename (folder, name, NULL);
  const char * const paths[] = { path, NULL };
  g_autofree char *trash_id = NULL;
  g_autoptr (GAsyncResult) deleted = NULL;
  g_autoptr (GAsyncResult) purged = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *trash = g_build_filename (folder, ".xenolith-trash", NULL);
  GAsyncResult *pending = NULL;

  g_assert_true (g_file_test (path, G_FILE_TEST_EXISTS));
  xeno_machine_delete_async (machine, paths, NULL, xeno_test_result_cb, &pending);
  deleted = xeno_test_await (&pending);
  trash_id = xeno_machine_delete_finish (machine, deleted, &error);
  g_assert_no_error (error);
  xeno_storage_purge_async (fixture->connection, trash_id, NULL, xeno_test_result_cb, &pending);
  purged = xeno_test_await (&pending);
  xeno_storage_purge_finish (fixture->connection, purged, &error);
  g_assert_no_error (error);
  g_rmdir (trash);
}

static gboolean
set_template (XenoMachine  *machine,
              gboolean      is_template,
              GError      **error)
{
  g_autoptr (GAsyncResult) result = NULL;
  GAsyncResult *pending = NULL;

  xeno_machine_set_template_async (machine, is_template, NULL, xeno_test_result_cb, &pending);
  result = xeno_test_await (&pending);
  return xeno_machine_set_template_finish (machine, result, error);
}

static void
test_base_does_not_start (Fixture       *fixture,
                          gconstpointer  data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (XenoMachine) copy = make_copy (fixture, "Copy", TRUE, &error);
  g_autofree char *before = checksum_file (fixture->disk);
  g_autofree char *after = NULL;
  g_autofree char *mac = NULL;

  g_assert_no_error (error);
  g_assert_cmpstr (xeno_machine_get_uuid (copy), !=, xeno_machine_get_uuid (fixture->base));
  mac = dup_own_value (copy, "devices/interface/mac/@address");
  g_assert_nonnull (mac);
  g_assert_cmpstr (mac, !=, "52:54:00:aa:bb:cc");

  g_assert_false (run_verb (fixture->base, "start", &error));
  g_assert_error (error, XENO_ERROR, XENO_ERROR_IN_USE);
  g_assert_nonnull (strstr (error->message, "“Copy”"));
  do_verb (copy, "start");
  do_verb (copy, "force-off");
  after = checksum_file (fixture->disk);
  g_assert_cmpstr (before, ==, after);

  delete_with_disks (fixture, copy);
  do_verb (fixture->base, "start");
  do_verb (fixture->base, "force-off");
}

static void
test_template_is_only_copied (Fixture       *fixture,
                              gconstpointer  data)
{
  g_autoptr (XenoMachine) copy = NULL;
  g_autoptr (GError) error = NULL;
  GStatBuf info;

  g_assert_true (set_template (fixture->base, TRUE, &error));
  g_assert_true (xeno_machine_is_template (fixture->base));
  g_assert_cmpint (g_stat (fixture->disk, &info), ==, 0);
  g_assert_cmpint (info.st_mode & 0222, ==, 0);
  g_assert_null (xeno_verb_get_primary (fixture->base));
  g_assert_false (run_verb (fixture->base, "start", &error));
  g_assert_error (error, XENO_ERROR, XENO_ERROR_WRONG_STATE);
  g_clear_error (&error);

  copy = make_copy (fixture, "From template", TRUE, &error);
  g_assert_no_error (error);
  g_assert_false (xeno_machine_is_template (copy));
  do_verb (copy, "start");
  do_verb (copy, "force-off");
  g_assert_false (set_template (fixture->base, FALSE, &error));
  g_assert_error (error, XENO_ERROR, XENO_ERROR_IN_USE);
  g_clear_error (&error);

  delete_with_disks (fixture, copy);
  g_assert_true (set_template (fixture->base, FALSE, &error));
  do_verb (fixture->base, "start");
  g_assert_false (set_template (fixture->base, TRUE, &error));
  g_assert_error (error, XENO_ERROR, XENO_ERROR_WRONG_STATE);
  g_clear_error (&error);

  /* What runs is not copied. */
  g_assert_null (make_copy (fixture, "Late", TRUE, &error));
  g_assert_error (error, XENO_ERROR, XENO_ERROR_WRONG_STATE);
}

static gboolean
give_seed (XenoSpec  *spec,
           gpointer   path,
           GError   **error)
{
  g_autoptr (XenoDevice) drive = xeno_spec_add_device (spec, "disk");
  g_autoptr (XenoSeed) seed = xeno_seed_new ();

  xeno_device_set_string (drive, "type", "file");
  xeno_device_set_string (drive, "device", "cdrom");
  xeno_device_set_string (drive, "source-file", path);
  xeno_device_set_string (drive, "target-dev", "hdd");
  xeno_device_set_string (drive, "bus", "ide");
  seed->user = g_strdup ("anna");
  seed->hostname = g_strdup ("base");
  xeno_seed_note (seed, spec);
  return TRUE;
}

/* Made from a cloud image, it has a seed that says who it is. */
static void
test_copy_is_told_that_it_is_another (Fixture       *fixture,
                                      gconstpointer  data)
{
  g_autofree char *folder = images_folder ();
  g_autofree char *name = g_strconcat (xeno_machine_get_uuid (fixture->base), "-seed.iso", NULL);
  g_autofree char *old_seed = g_build_filename (folder, name, NULL);
  g_autoptr (XenoMachine) copy = NULL;
  g_autoptr (XenoSpec) spec = NULL;
  g_autoptr (XenoDevice) drive = NULL;
  g_autofree char *seed = NULL;
  g_autoptr (GBytes) meta_data = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  GAsyncResult *pending = NULL;

  xeno_machine_edit_async (fixture->base, give_seed, old_seed, NULL, NULL, xeno_test_result_cb, &pending);
  result = xeno_test_await (&pending);
  g_assert_true (xeno_machine_edit_finish (fixture->base, result, &error));
  copy = make_copy (fixture, "Copy of it", TRUE, &error);
  g_assert_no_error (error);

  spec = xeno_machine_dup_spec (copy);
  drive = xeno_seed_find_drive (spec);
  g_assert_nonnull (drive);
  seed = xeno_device_dup_string (drive, "source-file");
  g_assert_cmpstr (seed, !=, old_seed);
  meta_data = xeno_disc_file_read (seed, "meta-data");
  g_assert_nonnull (g_strstr_len (g_bytes_get_data (meta_data, NULL), g_bytes_get_size (meta_data),
                                  xeno_machine_get_uuid (copy)));
  g_assert_nonnull (g_strstr_len (g_bytes_get_data (meta_data, NULL), g_bytes_get_size (meta_data), "copy-of-it"));
  g_remove (seed);
  delete_with_disks (fixture, copy);
}

typedef struct
{
  Fixture *fixture;
  guint    n_started;
  guint    n_over;
  guint    n_warm;
} Cycles;

static void start_cycle (Cycles *cycles);

static void
over_cb (XenoDisposable *disposable,
         const GError   *error,
         Cycles         *cycles)
{
  g_assert_no_error (error);
  cycles->n_over++;
  cycles->n_warm += xeno_disposable_is_warm (disposable);
  g_object_unref (disposable);
  start_cycle (cycles);
}

static void
started_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  XenoDisposable *disposable = XENO_DISPOSABLE (source);
  g_autoptr (GError) error = NULL;
  g_autoptr (XenoMachine) machine = xeno_disposable_start_finish (disposable, result, &error);

  g_assert_no_error (error);
  g_assert_true (xeno_machine_is_throw_away (machine));
  xeno_disposable_end (disposable);
}

static void
start_cycle (Cycles *cycles)
{
  g_autoptr (XenoJob) job = NULL;
  XenoDisposable *disposable;

  if (cycles->n_started == N_CYCLES)
    return;

  cycles->n_started++;
  disposable = xeno_disposable_new_for_machine (cycles->fixture->base, FALSE, cycles->n_started % 2 == 0);
  g_signal_connect (disposable, "over", G_CALLBACK (over_cb), cycles);
  job = xeno_disposable_start (disposable, cycles->fixture->connection, started_cb, NULL);
}

static gboolean
are_over (gpointer data)
{
  Cycles *cycles = data;
  static guint last;

  /* Progress is what counts: all of them take longer than one wait. */
  if (cycles->n_over >= MIN (last + 10, N_CYCLES))
    {
      last = cycles->n_over;
      return TRUE;
    }
  return FALSE;
}

static gboolean
is_kept_ready (gpointer data)
{
  g_autoptr (XenoWarmNote) note = xeno_warm_note_of_machine (data);

  return note != NULL;
}

/* Half of them go on from a copy that is kept ready. */
static void
test_hundred_leave_nothing (Fixture       *fixture,
                            gconstpointer  data)
{
  g_autofree char *before = checksum_file (fixture->disk);
  g_autofree char *after = NULL;
  Cycles cycles = { fixture };
  guint n_files;

  must ("ready base --after 1s");
  xeno_test_until (is_kept_ready, fixture->base);
  n_files = count_files ();
  for (guint i = 0; i < N_AT_ONCE; i++)
    start_cycle (&cycles);
  while (cycles.n_over < N_CYCLES)
    xeno_test_until (are_over, &cycles);

  xeno_test_until (has_one_machine, fixture->connection);
  g_assert_cmpuint (cycles.n_warm, ==, N_CYCLES / 2);
  g_assert_cmpuint (count_files (), ==, n_files);
  g_assert_cmpuint (count_journal (), ==, 0);
  must ("ready base --off");
  g_assert_cmpuint (count_files (), ==, 1);
  after = checksum_file (fixture->disk);
  g_assert_cmpstr (before, ==, after);
  do_verb (fixture->base, "start"); /* nothing was noted on it either */
  do_verb (fixture->base, "force-off");
}

/* The command is killed; the next one that makes something clears away. */
static void
test_killed_command_leaves_nothing (Fixture       *fixture,
                                    gconstpointer  data)
{
  g_autoptr (GSubprocess) process = spawn_xeno ("run base --untrusted");
  g_auto (Run) late = { 0 };

  xeno_test_until (has_two_machines, fixture->connection);
  g_subprocess_send_signal (process, SIGKILL);
  g_assert_true (g_subprocess_wait (process, NULL, NULL));
  g_assert_cmpuint (count_files (), ==, 2);
  g_assert_cmpuint (count_journal (), ==, 1);

  run_xeno (&late, "run nothing-of-this-name");
  g_assert_cmpint (late.status, ==, 1);
  xeno_test_until (has_one_machine, fixture->connection);
  g_assert_cmpuint (count_files (), ==, 1);
}

/* After a power cut nobody lives: not the command, not the machine. Its files are cleared away all the same. */
static void
test_power_cut_leaves_nothing (Fixture       *fixture,
                               gconstpointer  data)
{
  g_autoptr (GSubprocess) process = spawn_xeno ("run base");
  g_autofree char *before = checksum_file (fixture->disk);
  g_autofree char *after = NULL;
  g_auto (Run) late = { 0 };
  GListModel *machines = xeno_connection_get_machines (fixture->connection);

  xeno_test_until (has_two_machines, fixture->connection);
  g_subprocess_send_signal (process, SIGKILL);
  g_assert_true (g_subprocess_wait (process, NULL, NULL));
  for (guint i = 0; i < g_list_model_get_n_items (machines); i++)
    {
      g_autoptr (XenoMachine) machine = g_list_model_get_item (machines, i);

      if (xeno_machine_is_throw_away (machine))
        g_assert_cmpint (kill (find_qemu (machine), SIGKILL), ==, 0);
    }
  xeno_test_until (has_one_machine, fixture->connection);
  g_assert_cmpuint (count_files (), ==, 2);
  g_assert_cmpuint (count_journal (), ==, 1);

  run_xeno (&late, "run nothing-of-this-name");
  g_assert_cmpint (late.status, ==, 1);
  g_assert_cmpuint (count_files (), ==, 1);
  after = checksum_file (fixture->disk);
  g_assert_cmpstr (before, ==, after);
}

static void
test_time_is_up (Fixture       *fixture,
                 gconstpointer  data)
{
  must ("run base --lifetime 1s");
  xeno_test_until (has_one_machine, fixture->connection);
  g_assert_cmpuint (count_files (), ==, 1);
}

static const struct
{
  const char *path;
  void      (*test) (Fixture       *fixture,
                     gconstpointer  data);
} tests[] = {
  { "/xeno/clone/what-others-are-built-on-does-not-start", test_base_does_not_start },
  { "/xeno/clone/a-template-is-only-copied", test_template_is_only_copied },
  { "/xeno/clone/a-copy-of-a-cloud-image-is-told-that-it-is-another", test_copy_is_told_that_it_is_another },
  { "/xeno/disposable/a-hundred-leave-nothing", test_hundred_leave_nothing },
  { "/xeno/disposable/a-killed-command-leaves-nothing-after-the-next", test_killed_command_leaves_nothing },
  { "/xeno/disposable/a-power-cut-leaves-nothing-after-the-next", test_power_cut_leaves_nothing },
  { "/xeno/disposable/ends-when-its-time-is-up", test_time_is_up },
};

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Fixture, NULL, clone_fixture_set_up, tests[i].test, clone_fixture_tear_down);

  return g_test_run ();
}
