/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Every verb, in every state; and every code libvirt can fail with. */
#include "config.h"

#include <libvirt/virterror.h>
#include <string.h>

#include "core/virt-fixture.h"
#include "virt/xeno-virt-error.h"

/* A way through all the states the driver can pretend, with every verb it knows. */
static const struct
{
  const char       *id;
  XenoMachineState  state;
} walk[] = {
  { "pause", XENO_MACHINE_PAUSED },
  { "resume", XENO_MACHINE_RUNNING },
  { "reboot", XENO_MACHINE_RUNNING },
  { "reset", XENO_MACHINE_RUNNING },
  { "save", XENO_MACHINE_SAVED },
  { "restore", XENO_MACHINE_RUNNING },
  { "save", XENO_MACHINE_SAVED },
  { "discard-saved-state", XENO_MACHINE_OFF },
  { "start", XENO_MACHINE_RUNNING },
  { "shut-down", XENO_MACHINE_OFF },
  { "start", XENO_MACHINE_RUNNING },
  { "force-off", XENO_MACHINE_OFF },
  { "start", XENO_MACHINE_RUNNING },
  { "run-again", XENO_MACHINE_RUNNING },
};

static gboolean
runs_kernel (gpointer machine)
{
  return xeno_machine_runs_kernel (machine);
}

static gboolean
runs_no_kernel (gpointer machine)
{
  return !xeno_machine_runs_kernel (machine);
}

/* Without one there is nothing to run again. */
static void
give_kernel (Fixture    *fixture,
             const char *kernel)
{
  virDomainPtr domain = virDomainLookupByUUIDString (fixture->outside, TEST_UUID);
  g_autofree char *xml = virDomainGetXMLDesc (domain, VIR_DOMAIN_XML_INACTIVE);
  g_autoptr (XenoSpec) spec = xeno_spec_new_from_xml (xml, NULL);
  g_autofree char *with = NULL;

  xeno_spec_set_value (spec, "os/kernel", kernel);
  with = xeno_spec_to_xml (spec);
  virDomainFree (domain);
  domain = virDomainDefineXML (fixture->outside, with);
  g_assert_nonnull (domain);
  virDomainFree (domain);
  xeno_test_until (kernel != NULL ? runs_kernel : runs_no_kernel, fixture->machine);
}

static void
every_verb_leads_where_it_says (Fixture       *fixture,
                                gconstpointer  data)
{
  give_kernel (fixture, "/boot/vmlinuz");
  for (gsize i = 0; i < G_N_ELEMENTS (walk); i++)
    {
      g_autoptr (GError) error = NULL;

      g_test_message ("%s", walk[i].id);
      run_verb (fixture->machine, walk[i].id, &error);
      g_assert_no_error (error);
      g_assert_false (xeno_machine_is_busy (fixture->machine));
      wait_for_state (fixture->machine, walk[i].state);
      g_assert_cmpint (xeno_machine_has_saved_state (fixture->machine), ==, walk[i].state == XENO_MACHINE_SAVED);
    }
  give_kernel (fixture, NULL);
}

static gboolean
is_walked (const char *id)
{
  for (gsize i = 0; i < G_N_ELEMENTS (walk); i++)
    if (g_str_equal (walk[i].id, id))
      return TRUE;
  return FALSE;
}

static void
every_verb_is_whole_and_tested (void)
{
  gsize n_verbs;
  const XenoVerb *verbs = xeno_verb_list (&n_verbs);
  g_autoptr (GHashTable) ids = g_hash_table_new (g_str_hash, g_str_equal);
  guint section = 0;

  for (gsize i = 0; i < n_verbs; i++)
    {
      g_test_message ("%s", verbs[i].id);
      g_assert_true (is_walked (verbs[i].id));
      g_assert_true (g_hash_table_add (ids, (gpointer) verbs[i].id));
      g_assert_true (xeno_verb_find (verbs[i].id) == &verbs[i]);
      g_assert_nonnull (verbs[i].label);
      g_assert_nonnull (verbs[i].explanation);
      g_assert_nonnull (strstr (verbs[i].failure, "%s"));
      g_assert_nonnull (verbs[i].run);
      g_assert_cmpuint (verbs[i].states, !=, 0);
      g_assert_cmpuint (verbs[i].deadline_ms, >, 0);
      g_assert_cmpuint (verbs[i].section, >=, section);
      g_assert_cmpint (verbs[i].confirm != NULL, ==, verbs[i].is_destructive);
      section = verbs[i].section;
    }
  g_assert_null (xeno_verb_find ("explode"));
}

static void
a_verb_is_refused_in_the_wrong_state (Fixture       *fixture,
                                      gconstpointer  data)
{
  static const char * const ids[] = { "start", "resume", "restore", "discard-saved-state" };

  for (gsize i = 0; i < G_N_ELEMENTS (ids); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_false (xeno_verb_is_allowed (xeno_verb_find (ids[i]), fixture->machine));
      g_assert_false (run_verb (fixture->machine, ids[i], &error));
      g_assert_error (error, XENO_ERROR, XENO_ERROR_WRONG_STATE);
      g_assert_nonnull (strstr (error->message, "“test”"));
    }
}

static void
a_refusal_says_what_is_possible_instead (Fixture       *fixture,
                                         gconstpointer  data)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (run_verb (fixture->machine, "resume", &error));
  g_assert_cmpstr (error->message, ==,
                   "“Resume” is not possible for “test” in its state “Running”. "
                   "Possible now: Pause, Shut Down, Reboot, Save, Reset, Force Off.");
}

static void
a_busy_machine_takes_only_urgent_verbs (Fixture       *fixture,
                                        gconstpointer  data)
{
  GAsyncResult *pending = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  xeno_machine_run_async (fixture->machine, xeno_verb_find ("pause"), NULL, xeno_test_result_cb, &pending);
  g_assert_true (xeno_machine_is_busy (fixture->machine));
  g_assert_false (xeno_verb_is_allowed (xeno_verb_find ("save"), fixture->machine));
  g_assert_true (xeno_verb_is_allowed (xeno_verb_find ("force-off"), fixture->machine));
  g_assert_false (run_verb (fixture->machine, "save", &error));
  g_assert_error (error, XENO_ERROR, XENO_ERROR_IN_USE);

  result = xeno_test_await (&pending);
  g_assert_true (xeno_machine_run_finish (fixture->machine, result, NULL));
  g_assert_false (xeno_machine_is_busy (fixture->machine));
}

static void
the_big_button_follows_the_state (Fixture       *fixture,
                                  gconstpointer  data)
{
  g_assert_null (xeno_verb_get_primary (fixture->machine));
  run_verb (fixture->machine, "pause", NULL);
  g_assert_cmpstr (xeno_verb_get_primary (fixture->machine)->id, ==, "resume");
  run_verb (fixture->machine, "save", NULL);
  g_assert_cmpstr (xeno_verb_get_primary (fixture->machine)->id, ==, "restore");
  run_verb (fixture->machine, "discard-saved-state", NULL);
  g_assert_cmpstr (xeno_verb_get_primary (fixture->machine)->id, ==, "start");
}

static void
a_question_names_the_machine (Fixture       *fixture,
                              gconstpointer  data)
{
  g_autofree char *question = xeno_verb_dup_question (xeno_verb_find ("force-off"), fixture->machine);

  g_assert_nonnull (strstr (question, "“test”"));
  g_assert_null (xeno_verb_dup_question (xeno_verb_find ("start"), fixture->machine));
}

static void
a_cancelled_verb_returns_at_once (Fixture       *fixture,
                                  gconstpointer  data)
{
  GAsyncResult *pending = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  g_cancellable_cancel (cancellable);
  xeno_machine_run_async (fixture->machine, xeno_verb_find ("pause"), cancellable, xeno_test_result_cb, &pending);
  result = xeno_test_await (&pending);
  g_assert_false (xeno_machine_run_finish (fixture->machine, result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_false (xeno_machine_is_busy (fixture->machine));
}

static void
every_code_of_libvirt_becomes_one_of_ours (void)
{
  gboolean is_met[XENO_ERROR_TIMEOUT + 1] = { FALSE };

  for (int code = VIR_ERR_OK; code <= VIR_ERR_MULTIPLE_DOMAINS + 10; code++)
    {
      XenoError mapped = xeno_virt_error_map (code);

      g_assert_cmpint (mapped, >=, XENO_ERROR_FAILED);
      g_assert_cmpint (mapped, <=, XENO_ERROR_TIMEOUT);
      is_met[mapped] = TRUE;
    }

  for (int code = XENO_ERROR_FAILED; code <= XENO_ERROR_TIMEOUT; code++)
    if (code != XENO_ERROR_NOT_INSTALLED && code != XENO_ERROR_NO_SPACE)
      {
        g_test_message ("%d", code);
        g_assert_true (is_met[code]);
      }
}

/* What libvirt says in its own words under a general code. */
static void
every_known_cause_names_the_next_step (void)
{
  static const struct
  {
    const char *message;
    int         code;
    const char *sentence;
  } rows[] = {
    { "Cannot access storage file '/x/a.iso' (as uid:1): No such file or directory", XENO_ERROR_NOT_FOUND, "/x/a.iso" },
    { "Failed to get \"write\" lock Is another process using the image [/x/a.qcow2]?", XENO_ERROR_IN_USE, "Stop that machine" },
    { "Emulator '/usr/bin/q' does not support machine type 'pc-q35-99'", XENO_ERROR_NOT_SUPPORTED, "pc-q35-99" },
    { "internal error: No more available PCI slots", XENO_ERROR_NO_SPACE, "no free slot" },
    { "Unknown CPU model 'Nonsense'", XENO_ERROR_NOT_SUPPORTED, "processor model" },
    { "Unable to find any firmware to satisfy 'efi'", XENO_ERROR_NOT_SUPPORTED, "OVMF" },
    { "Could not access KVM kernel module: Permission denied", XENO_ERROR_NOT_SUPPORTED, "emulation" },
    { "cannot set up guest memory 'pc.ram': Cannot allocate memory", XENO_ERROR_NO_MEMORY, "memory" },
    { "Unable to write: No space left on device", XENO_ERROR_NO_SPACE, "Free some space" },
    { "Cannot create: Read-only file system", XENO_ERROR_NO_PERMISSION, "only be read" },
    { "Could not open: Permission denied", XENO_ERROR_NO_PERMISSION, "denied" },
    { "QEMU guest agent is not connected", XENO_ERROR_NO_AGENT, "agent" },
    { "Something no one has seen", XENO_ERROR_FAILED, "details" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GError) error = NULL;

      xeno_virt_set_error_from (&error, VIR_ERR_INTERNAL_ERROR, rows[i].message, "“X” could not start.");
      g_test_message ("%s", error->message);
      g_assert_error (error, XENO_ERROR, rows[i].code);
      g_assert_true (g_str_has_prefix (error->message, "“X” could not start. "));
      g_assert_nonnull (strstr (error->message, rows[i].sentence));
      g_assert_cmpstr (xeno_error_get_details (error), ==, rows[i].message);
    }
}

static void
details_are_clean_and_bounded (void)
{
  g_autofree char *flood = g_strnfill (200000, 'x');
  g_autoptr (GError) first = NULL;
  g_autoptr (GError) second = NULL;

  xeno_virt_set_error_from (&first, VIR_ERR_INTERNAL_ERROR, flood, "It failed.");
  g_assert_cmpuint (strlen (xeno_error_get_details (first)), <, 4096);
  xeno_virt_set_error_from (&second, VIR_ERR_INTERNAL_ERROR, "a\033[31mred\xff", "It failed.");
  g_assert_null (strchr (xeno_error_get_details (second), '\033'));
  g_assert_true (g_utf8_validate (xeno_error_get_details (second), -1, NULL));
}

static const struct
{
  const char *path;
  void      (*func) (Fixture *fixture, gconstpointer data);
} with_fixture[] = {
  { "every-verb-leads-where-it-says", every_verb_leads_where_it_says },
  { "a-verb-is-refused-in-the-wrong-state", a_verb_is_refused_in_the_wrong_state },
  { "a-refusal-says-what-is-possible-instead", a_refusal_says_what_is_possible_instead },
  { "a-busy-machine-takes-only-urgent-verbs", a_busy_machine_takes_only_urgent_verbs },
  { "the-big-button-follows-the-state", the_big_button_follows_the_state },
  { "a-question-names-the-machine", a_question_names_the_machine },
  { "a-cancelled-verb-returns-at-once", a_cancelled_verb_returns_at_once },
};

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (with_fixture); i++)
    {
      g_autofree char *path = g_strconcat ("/xeno/verb/", with_fixture[i].path, NULL);

      g_test_add (path, Fixture, NULL, fixture_set_up, with_fixture[i].func, fixture_tear_down);
    }
  g_test_add_func ("/xeno/verb/every-verb-is-whole-and-tested", every_verb_is_whole_and_tested);
  g_test_add_func ("/xeno/virt-error/every-code-of-libvirt-becomes-one-of-ours", every_code_of_libvirt_becomes_one_of_ours);
  g_test_add_func ("/xeno/virt-error/every-known-cause-names-the-next-step", every_known_cause_names_the_next_step);
  g_test_add_func ("/xeno/virt-error/details-are-clean-and-bounded", details_are_clean_and_bounded);
  return g_test_run ();
}
