/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Making machines on libvirt's test driver: all of it or nothing. */
#include "config.h"

#include <locale.h>
#include <string.h>

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <libvirt/libvirt.h>

#include "base/xeno-error.h"
#include "base/xeno-journal.h"
#include "create/xeno-build-first-start.h"
#include "create/xeno-build.h"
#include "create/xeno-builder.h"
#include "create/xeno-disposable.h"
#include "create/xeno-recipe.h"
#include "media-files.h"
#include "support/xeno-test.h"
#include "virt/xeno-verb.h"

#define URI "test:///default"
#define DISK_BYTES (G_GUINT64_CONSTANT (1) << 30)

typedef struct
{
  char           *folder;
  char           *iso;
  XenoConnection *connection;
  virConnectPtr   outside;    /* what another program would see */
} Fixture;

typedef struct
{
  XenoMachine *machine;
  XenoMachine *kept;
  XenoJob     *job;
  GError      *error;
} Outcome;

static GAsyncResult *
await (GAsyncResult **pending)
{
  return xeno_test_await (pending);
}

/* The driver lives as long as somebody has it open: what a test made must be gone for the next. */
static void
restore_driver (virConnectPtr outside)
{
  virDomainPtr *domains = NULL;
  int n_domains = virConnectListAllDomains (outside, &domains, 0);

  for (int i = 0; i < n_domains; i++)
    {
      if (!g_str_equal (virDomainGetName (domains[i]), "test"))
        {
          virDomainDestroy (domains[i]);
          virDomainUndefine (domains[i]);
        }
      virDomainFree (domains[i]);
    }
  free (domains);
}

static int
count_disks (Fixture *fixture)
{
  virStoragePoolPtr pool = virStoragePoolLookupByName (fixture->outside, "default");
  int n_disks = 0;

  if (pool != NULL)
    {
      n_disks = virStoragePoolNumOfVolumes (pool);
      virStoragePoolFree (pool);
    }
  return n_disks;
}

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  GAsyncResult *pending = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  fixture->folder = g_dir_make_tmp ("xeno-builder-XXXXXX", NULL);
  fixture->iso = media_write (fixture->folder, "a.iso", media_make_iso ("Disc", TRUE, FALSE, 21));
  fixture->outside = virConnectOpen (URI);
  g_assert_nonnull (fixture->outside);
  fixture->connection = xeno_connection_new (URI);
  xeno_connection_open_async (fixture->connection, NULL, xeno_test_result_cb, &pending);
  result = await (&pending);
  xeno_connection_open_finish (fixture->connection, result, &error);
  g_assert_no_error (error);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  restore_driver (fixture->outside);
  virConnectClose (fixture->outside);
  g_unlink (fixture->iso);
  g_assert_cmpint (g_rmdir (fixture->folder), ==, 0);
  g_assert_finalize_object (fixture->connection);
  g_free (fixture->folder);
  g_free (fixture->iso);
}

static XenoRecipe *
make_recipe (Fixture    *fixture,
             const char *title)
{
  g_autoptr (GFile) file = g_file_new_for_path (fixture->iso);
  g_autoptr (XenoMedia) media = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  GAsyncResult *pending = NULL;
  XenoRecipe *recipe;

  xeno_media_open_async (file, NULL, xeno_test_result_cb, &pending);
  result = await (&pending);
  media = xeno_media_open_finish (result, NULL);
  g_assert_nonnull (media);
  recipe = xeno_recipe_new (media);
  xeno_recipe_set_title (recipe, title);
  xeno_recipe_set_memory_bytes (recipe, 64 << 20);
  xeno_recipe_set_disk_bytes (recipe, DISK_BYTES);
  return recipe;
}

static void
outcome_clear (Outcome *outcome)
{
  g_clear_object (&outcome->machine);
  g_clear_object (&outcome->kept);
  g_clear_object (&outcome->job);
  g_clear_error (&outcome->error);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Outcome, outcome_clear)

static void
cancel_at_step_cb (XenoJob    *job,
                   GParamSpec *pspec,
                   const char *label)
{
  if (g_strcmp0 (xeno_job_get_step (job), label) == 0)
    xeno_job_cancel (job);
}

static Outcome
build (Fixture    *fixture,
       XenoRecipe *recipe,
       gboolean    start,
       const char *cancel_at)
{
  g_autoptr (GAsyncResult) result = NULL;
  GAsyncResult *pending = NULL;
  Outcome outcome = { NULL };

  outcome.job = xeno_builder_start (fixture->connection, XENO_PLAN (recipe), start, xeno_test_result_cb, &pending);
  if (cancel_at != NULL)
    g_signal_connect (outcome.job, "notify::step", G_CALLBACK (cancel_at_step_cb), (gpointer) cancel_at);
  result = await (&pending);
  outcome.machine = xeno_builder_finish (result, &outcome.error);
  g_set_object (&outcome.kept, xeno_builder_get_machine (result));
  g_assert_true ((outcome.machine == NULL) == (outcome.error != NULL));
  return outcome;
}

static guint
count_machines (Fixture *fixture)
{
  return g_list_model_get_n_items (xeno_connection_get_machines (fixture->connection));
}

static guint
count_journal (void)
{
  g_autofree char *path = g_build_filename (g_get_user_state_dir (), "xenolith", "journal", NULL);
  g_autoptr (GDir) folder = g_dir_open (path, 0, NULL);
  guint n = 0;

  while (folder != NULL && g_dir_read_name (folder) != NULL)
    n++;
  return n;
}

typedef struct
{
  Fixture *fixture;
  guint    n_machines;
  int      n_disks;
} Expectation;

static Expectation
look (Fixture *fixture)
{
  return (Expectation) { fixture, count_machines (fixture), count_disks (fixture) };
}

static void
test_makes_and_starts (Fixture       *fixture,
                       gconstpointer  data)
{
  g_autoptr (XenoRecipe) recipe = make_recipe (fixture, "Мой Дебиан");
  Expectation before = look (fixture);
  g_auto (Outcome) outcome = build (fixture, recipe, TRUE, NULL);

  g_assert_no_error (outcome.error);
  g_assert_cmpint (xeno_job_get_state (outcome.job), ==, XENO_JOB_DONE);
  g_assert_cmpstr (xeno_machine_get_title (outcome.machine), ==, "Мой Дебиан");
  g_assert_cmpint (xeno_machine_get_state (outcome.machine), ==, XENO_MACHINE_RUNNING);
  g_assert_true (xeno_connection_find_machine (fixture->connection, "Мой Дебиан", NULL) == outcome.machine);
  g_assert_null (outcome.kept);
  g_assert_cmpuint (count_journal (), ==, 0);
  g_assert_cmpint (count_disks (fixture), ==, before.n_disks + 1);
}

static void
count_journal_cb (XenoJob    *job,
                  GParamSpec *pspec,
                  guint      *n_entries)
{
  *n_entries = count_journal ();
}

/* What dies from here on leaves a machine that is whole, and nothing to clear away. */
static void
test_whole_machine_is_in_no_journal (Fixture       *fixture,
                                     gconstpointer  data)
{
  g_autoptr (XenoRecipe) recipe = make_recipe (fixture, "Whole");
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (XenoMachine) machine = NULL;
  g_autoptr (XenoJob) job = NULL;
  GAsyncResult *pending = NULL;
  guint n_entries = G_MAXUINT;

  job = xeno_builder_start (fixture->connection, XENO_PLAN (recipe), TRUE, xeno_test_result_cb, &pending);
  g_signal_connect (job, "notify::step", G_CALLBACK (count_journal_cb), &n_entries);
  result = await (&pending);
  machine = xeno_builder_finish (result, NULL);
  g_assert_nonnull (machine);
  g_assert_cmpuint (n_entries, ==, 0); /* at the last step, the start */
}

static void
test_makes_without_starting (Fixture       *fixture,
                             gconstpointer  data)
{
  g_autoptr (XenoRecipe) recipe = make_recipe (fixture, "Off");
  g_auto (Outcome) outcome = build (fixture, recipe, FALSE, NULL);

  g_assert_no_error (outcome.error);
  g_assert_cmpint (xeno_machine_get_state (outcome.machine), ==, XENO_MACHINE_OFF);
  g_assert_cmpuint (count_journal (), ==, 0);
}

/* Fault matrix, row 21. */
static void
test_never_overwrites (Fixture       *fixture,
                       gconstpointer  data)
{
  g_autoptr (XenoRecipe) recipe = make_recipe (fixture, "Same");
  g_auto (Outcome) first = build (fixture, recipe, FALSE, NULL);
  g_auto (Outcome) second = build (fixture, recipe, FALSE, NULL);
  g_auto (Outcome) third = { NULL };

  g_assert_no_error (first.error);
  g_assert_error (second.error, XENO_ERROR, XENO_ERROR_EXISTS);
  g_assert_nonnull (strstr (second.error->message, "“Same 2”"));

  xeno_recipe_make_title_unique (recipe, xeno_connection_get_machines (fixture->connection));
  third = build (fixture, recipe, FALSE, NULL);
  g_assert_no_error (third.error);
  g_assert_cmpstr (xeno_machine_get_title (third.machine), ==, "Same 2");
}

/* Two titles that come to the same slug. */
static void
test_slugs_are_unique (Fixture       *fixture,
                       gconstpointer  data)
{
  g_autoptr (XenoRecipe) japanese = make_recipe (fixture, "日本語");
  g_autoptr (XenoRecipe) chinese = make_recipe (fixture, "中文");
  g_auto (Outcome) first = build (fixture, japanese, FALSE, NULL);
  g_auto (Outcome) second = build (fixture, chinese, FALSE, NULL);

  g_assert_no_error (first.error);
  g_assert_no_error (second.error);
  g_assert_cmpstr (xeno_machine_get_name (first.machine), !=, xeno_machine_get_name (second.machine));
}

static gboolean
has_machines (gpointer data)
{
  Expectation *expectation = data;

  return count_machines (expectation->fixture) == expectation->n_machines;
}

static gboolean
has_disks (gpointer data)
{
  Expectation *expectation = data;

  return count_disks (expectation->fixture) == expectation->n_disks;
}

static void
assert_nothing_left (Expectation *before,
                     Outcome     *outcome)
{
  g_assert_null (outcome->machine);
  g_assert_null (outcome->kept);
  xeno_test_until (has_machines, before); /* an event tells */
  xeno_test_until (has_disks, before);    /* a pool that was about to be started is started all the same */
  g_assert_cmpuint (count_journal (), ==, 0);
}

static void
test_vanished_medium_leaves_nothing (Fixture       *fixture,
                                     gconstpointer  data)
{
  g_autoptr (XenoRecipe) recipe = make_recipe (fixture, "Gone");
  Expectation before = look (fixture);
  g_auto (Outcome) outcome = { NULL };

  g_assert_cmpint (g_unlink (fixture->iso), ==, 0);
  outcome = build (fixture, recipe, TRUE, NULL);
  g_assert_error (outcome.error, XENO_ERROR, XENO_ERROR_NOT_FOUND);
  g_assert_cmpint (xeno_job_get_state (outcome.job), ==, XENO_JOB_FAILED);
  assert_nothing_left (&before, &outcome);
}

static void
test_too_large_disk_leaves_nothing (Fixture       *fixture,
                                    gconstpointer  data)
{
  g_autoptr (XenoRecipe) recipe = make_recipe (fixture, "Large");
  Expectation before = look (fixture);
  g_auto (Outcome) outcome = { NULL };

  xeno_recipe_set_disk_bytes (recipe, G_GUINT64_CONSTANT (1) << 60);
  outcome = build (fixture, recipe, TRUE, NULL);
  g_assert_error (outcome.error, XENO_ERROR, XENO_ERROR_NO_SPACE);
  g_assert_nonnull (strstr (outcome.error->message, "Disk: "));
  assert_nothing_left (&before, &outcome);
}

/* The test driver has no firmware, which shows when the disk is made already. */
static void
test_failed_definition_leaves_nothing (Fixture       *fixture,
                                       gconstpointer  data)
{
  g_autoptr (XenoRecipe) recipe = make_recipe (fixture, "Uefi");
  Expectation before = look (fixture);
  g_auto (Outcome) outcome = { NULL };

  xeno_recipe_set_firmware (recipe, XENO_FIRMWARE_UEFI);
  outcome = build (fixture, recipe, TRUE, NULL);
  g_assert_error (outcome.error, XENO_ERROR, XENO_ERROR_NOT_SUPPORTED);
  g_assert_cmpint (xeno_job_get_state (outcome.job), ==, XENO_JOB_FAILED);
  assert_nothing_left (&before, &outcome);
}

static void
test_cancelling_leaves_nothing (Fixture       *fixture,
                                gconstpointer  data)
{
  gsize n_steps;
  const XenoBuildStep *steps = xeno_build_step_list (&n_steps);
  Expectation before = look (fixture);

  for (gsize i = 0; i < n_steps; i++)
    {
      g_autoptr (XenoRecipe) recipe = make_recipe (fixture, "Cancelled");
      g_auto (Outcome) outcome = { NULL };

      /* That is for installers alone, and nobody tells one anything here; nor is anything brought back. */
      if (steps[i].is_needed == xeno_build_first_start_is_needed || steps[i].is_needed == xeno_build_has_snapshots)
        continue;

      outcome = build (fixture, recipe, TRUE, _(steps[i].label));
      g_assert_error (outcome.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
      g_assert_cmpint (xeno_job_get_state (outcome.job), ==, XENO_JOB_CANCELLED);
      assert_nothing_left (&before, &outcome);
    }
}

static void
test_needs_connection (Fixture       *fixture,
                       gconstpointer  data)
{
  g_autoptr (XenoRecipe) recipe = make_recipe (fixture, "Nowhere");
  g_auto (Outcome) outcome = { NULL };

  xeno_connection_close (fixture->connection);
  outcome = build (fixture, recipe, TRUE, NULL);
  g_assert_error (outcome.error, XENO_ERROR, XENO_ERROR_NO_CONNECTION);
}

static void
recover (Fixture *fixture)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  GAsyncResult *pending = NULL;

  xeno_builder_recover_async (fixture->connection, NULL, xeno_test_result_cb, &pending);
  result = await (&pending);
  g_assert_true (xeno_builder_recover_finish (result, &error));
  g_assert_no_error (error);
}

static void
leave_entry (Fixture            *fixture,
             XenoMachine        *machine,
             const char * const *noted)
{
  g_autoptr (XenoJournal) journal = xeno_journal_new (NULL);
  g_autoptr (XenoJournalEntry) entry =
    xeno_journal_begin (journal, "create", URI, xeno_machine_get_uuid (machine), NULL, NULL, NULL);
  g_autofree char *path = g_build_filename (fixture->folder, "none.qcow2", NULL);
  const char * const paths[] = { path, NULL };

  for (guint i = 0; noted[i] != NULL; i++)
    g_assert_true (xeno_journal_entry_note_step (entry, noted[i], paths, NULL));
}

static void
test_recovers_what_was_left (Fixture       *fixture,
                             gconstpointer  data)
{
  static const struct
  {
    const char *noted[2];
    gboolean    is_kept;
  } cases[] = {
    { { NULL }, TRUE }, /* nothing was begun, so the machine is somebody else's */
    { { "make", NULL }, FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (XenoRecipe) recipe = make_recipe (fixture, "Left");
      g_auto (Outcome) outcome = { NULL };
      Expectation expectation = { fixture };

      xeno_recipe_make_title_unique (recipe, xeno_connection_get_machines (fixture->connection));
      outcome = build (fixture, recipe, FALSE, NULL);
      g_assert_no_error (outcome.error);
      expectation.n_machines = count_machines (fixture) - (cases[i].is_kept ? 0 : 1);
      leave_entry (fixture, outcome.machine, cases[i].noted);
      g_assert_cmpuint (count_journal (), ==, 1);
      recover (fixture);
      g_assert_cmpuint (count_journal (), ==, 0);
      xeno_test_until (has_machines, &expectation);
    }
  recover (fixture); /* nothing to do is well done */
}

/* As a machine is while its installer runs: the kernel, and answers on a floppy, with a password in each. */
static gboolean
edit_first_start (XenoSpec  *spec,
                  gpointer   user_data,
                  GError   **error)
{
  const char *path = user_data;
  XenoDevice *floppy = xeno_spec_add_device (spec, "disk");

  xeno_spec_set_value (spec, "os/kernel", path);
  xeno_spec_set_value (spec, "os/initrd", path);
  xeno_spec_set_value (spec, "os/cmdline", "auto");
  xeno_spec_set_value (spec, "on_reboot", "destroy");
  xeno_device_set_string (floppy, "type", "file");
  xeno_device_set_string (floppy, "device", "floppy");
  xeno_device_set_string (floppy, "source-file", path);
  xeno_device_set_string (floppy, "target-dev", "fda");
  return TRUE;
}

static char *
dup_next_start (Fixture     *fixture,
                XenoMachine *machine)
{
  virDomainPtr domain = virDomainLookupByUUIDString (fixture->outside, xeno_machine_get_uuid (machine));
  char *xml = virDomainGetXMLDesc (domain, VIR_DOMAIN_XML_INACTIVE);

  virDomainFree (domain);
  return xml;
}

/* Killed between the start and the putting away: the machine stays, and nothing that knows a password. */
static void
test_puts_away_what_was_left (Fixture       *fixture,
                              gconstpointer  data)
{
  static const char * const noted[] = { "make", "start", NULL };
  g_autofree char *secret = g_build_filename (fixture->folder, "none.qcow2", NULL);

  for (guint i = 0; i < 2; i++)
    {
      gboolean was_started = i == 1;
      g_autoptr (XenoRecipe) recipe = make_recipe (fixture, "Installing");
      g_auto (Outcome) outcome = { NULL };
      g_autoptr (GAsyncResult) result = NULL;
      g_autoptr (GError) error = NULL;
      g_autofree char *next = NULL;
      GAsyncResult *pending = NULL;
      int n_disks;

      xeno_recipe_make_title_unique (recipe, xeno_connection_get_machines (fixture->connection));
      outcome = build (fixture, recipe, was_started, NULL);
      g_assert_no_error (outcome.error);
      n_disks = count_disks (fixture);
      g_assert_true (g_file_set_contents (secret, "password", -1, NULL));
      xeno_machine_edit_async (outcome.machine, edit_first_start, secret, NULL, NULL, xeno_test_result_cb, &pending);
      result = await (&pending);
      g_assert_true (xeno_machine_edit_finish (outcome.machine, result, &error));
      leave_entry (fixture, outcome.machine, noted);
      recover (fixture);

      g_assert_cmpuint (count_journal (), ==, 0);
      g_assert_false (g_file_test (secret, G_FILE_TEST_EXISTS));
      g_assert_cmpint (count_disks (fixture), ==, n_disks);
      next = dup_next_start (fixture, outcome.machine);
      g_assert_null (strstr (next, "<kernel>"));
      g_assert_null (strstr (next, "<cmdline>"));
      g_assert_null (strstr (next, "floppy"));
      g_assert_nonnull (strstr (next, "<on_reboot>restart</on_reboot>"));
      /* Nobody knows how far an installation came that does not run: the disc stays in its drive. */
      g_assert_cmpint (strstr (strstr (next, "<devices>"), fixture->iso) != NULL, ==, !was_started);
    }
}

static XenoDisposable *
run_throw_away (Fixture    *fixture,
                const char *title)
{
  g_autoptr (XenoRecipe) recipe = make_recipe (fixture, title);
  XenoDisposable *disposable = xeno_disposable_new (XENO_PLAN (recipe));
  g_autoptr (XenoMachine) machine = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (XenoJob) job = NULL;
  g_autoptr (GError) error = NULL;
  GAsyncResult *pending = NULL;

  xeno_disposable_set_untrusted (disposable, TRUE);
  job = xeno_disposable_start (disposable, fixture->connection, xeno_test_result_cb, &pending);
  result = await (&pending);
  machine = xeno_disposable_start_finish (disposable, result, &error);
  g_assert_no_error (error);
  g_assert_cmpint (xeno_job_get_state (job), ==, XENO_JOB_DONE);
  g_assert_true (machine == xeno_disposable_get_machine (disposable));
  return disposable;
}

static gboolean
is_over (gpointer data)
{
  return xeno_disposable_is_over (data);
}

static void
test_throw_away_leaves_nothing (Fixture       *fixture,
                                gconstpointer  data)
{
  Expectation before = look (fixture);

  /* By its own end, and by the person's. */
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (XenoDisposable) disposable = run_throw_away (fixture, "Gone soon");
      XenoMachine *machine = xeno_disposable_get_machine (disposable);

      g_assert_true (xeno_machine_is_throw_away (machine));
      g_assert_true (xeno_machine_is_untrusted (machine));
      g_assert_false (xeno_machine_is_persistent (machine));
      g_assert_cmpint (xeno_machine_get_state (machine), ==, XENO_MACHINE_RUNNING);
      g_assert_false (xeno_verb_is_allowed (xeno_verb_find ("save"), machine));
      g_assert_true (xeno_verb_is_allowed (xeno_verb_find ("pause"), machine));
      g_assert_cmpuint (count_journal (), ==, 1);

      if (i == 0)
        {
          virDomainPtr domain = virDomainLookupByUUIDString (fixture->outside, xeno_machine_get_uuid (machine));

          g_assert_cmpint (virDomainDestroy (domain), ==, 0);
          virDomainFree (domain);
        }
      else
        xeno_disposable_end (disposable);
      xeno_test_until (is_over, disposable);
      xeno_test_until (has_machines, &before);
      xeno_test_until (has_disks, &before);
      g_assert_cmpuint (count_journal (), ==, 0);
    }
}

/* Its process dies: what counts is that the journal's entry is nobody's any more. */
static void
test_orphaned_throw_away_is_cleared (Fixture       *fixture,
                                     gconstpointer  data)
{
  Expectation before = look (fixture);
  Expectation with = { fixture, before.n_machines + 1, before.n_disks + 1 };
  XenoDisposable *disposable = run_throw_away (fixture, "Orphan");

  recover (fixture); /* whose process lives is left alone */
  g_assert_true (has_machines (&with));
  g_assert_true (has_disks (&with));
  g_object_unref (disposable);
  g_assert_cmpuint (count_journal (), ==, 1);
  recover (fixture);
  xeno_test_until (has_machines, &before);
  xeno_test_until (has_disks, &before);
  g_assert_cmpuint (count_journal (), ==, 0);
}

static const struct
{
  const char *path;
  void      (*test) (Fixture       *fixture,
                     gconstpointer  data);
} tests[] = {
  { "/xeno/builder/makes-and-starts-a-machine", test_makes_and_starts },
  { "/xeno/builder/a-machine-that-starts-is-in-no-journal", test_whole_machine_is_in_no_journal },
  { "/xeno/builder/makes-a-machine-without-starting-it", test_makes_without_starting },
  { "/xeno/builder/never-overwrites-and-proposes-a-name", test_never_overwrites },
  { "/xeno/builder/names-that-come-to-the-same-slug-are-told-apart", test_slugs_are_unique },
  { "/xeno/builder/a-vanished-medium-leaves-nothing", test_vanished_medium_leaves_nothing },
  { "/xeno/builder/a-disk-beyond-the-free-space-leaves-nothing", test_too_large_disk_leaves_nothing },
  { "/xeno/builder/a-failed-definition-leaves-nothing", test_failed_definition_leaves_nothing },
  { "/xeno/builder/cancelling-at-any-step-leaves-nothing", test_cancelling_leaves_nothing },
  { "/xeno/builder/needs-a-connection", test_needs_connection },
  { "/xeno/builder/recovers-what-another-process-left", test_recovers_what_was_left },
  { "/xeno/builder/puts-away-what-another-process-left", test_puts_away_what_was_left },
  { "/xeno/disposable/leaves-nothing-however-it-ends", test_throw_away_leaves_nothing },
  { "/xeno/disposable/is-cleared-away-once-its-process-died", test_orphaned_throw_away_is_cleared },
};

int
main (int    argc,
      char **argv)
{
  g_autofree char *state = g_dir_make_tmp ("xeno-state-XXXXXX", NULL);
  g_autofree char *journal = g_build_filename (state, "xenolith", "journal", NULL);
  g_autofree char *top = g_build_filename (state, "xenolith", NULL);
  int status;

  setlocale (LC_ALL, "C.UTF-8");
  g_setenv ("XDG_STATE_HOME", state, TRUE);
  g_setenv ("XDG_DATA_HOME", state, TRUE);
  g_unsetenv ("XENO_VIRT_TYPE");
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Fixture, NULL, set_up, tests[i].test, tear_down);
  status = g_test_run ();
  g_rmdir (journal);
  g_rmdir (top);
  g_rmdir (state);
  return status;
}
