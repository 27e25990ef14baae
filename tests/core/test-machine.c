/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A machine is edited, renamed and looked at without harm to what others did. */
#include "config.h"

#include <string.h>

#include "base/xeno-error.h"
#include "core/virt-fixture.h"
#include "virt/xeno-brief.h"
#include "virt/xeno-connection-private.h"

#define MIB (1024ull * 1024)

static XenoMachine *
add_machine (Fixture    *fixture,
             const char *name,
             const char *title)
{
  g_autofree char *xml = make_xml (name, title);

  virDomainFree (virDomainDefineXML (fixture->outside, xml));
  wait_for_count (fixture->connection, 2);
  return xeno_connection_find_machine (fixture->connection, name, NULL);
}

static gboolean
edit (XenoMachine          *machine,
      XenoMachineEditFunc   func,
      gpointer              data,
      GError              **error)
{
  GAsyncResult *pending = NULL;
  g_autoptr (GAsyncResult) result = NULL;

  xeno_machine_edit_async (machine, func, data, NULL, NULL, xeno_test_result_cb, &pending);
  result = xeno_test_await (&pending);
  return xeno_machine_edit_finish (machine, result, error);
}

static gboolean
rename_machine (XenoMachine  *machine,
                const char   *title,
                GError      **error)
{
  GAsyncResult *pending = NULL;
  g_autoptr (GAsyncResult) result = NULL;

  xeno_machine_rename_async (machine, title, NULL, xeno_test_result_cb, &pending);
  result = xeno_test_await (&pending);
  return xeno_machine_rename_finish (machine, result, error);
}

static gboolean
give_more_memory (XenoSpec  *spec,
                  gpointer   user_data,
                  GError   **error)
{
  xeno_spec_set_memory_bytes (spec, 128 * MIB);
  return TRUE;
}

static void
an_edit_changes_the_document (Fixture       *fixture,
                              gconstpointer  data)
{
  XenoMachine *machine = add_machine (fixture, "edited", "");
  g_autoptr (GError) error = NULL;
  g_autoptr (XenoSpec) spec = NULL;

  g_assert_true (edit (machine, give_more_memory, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (xeno_machine_get_memory_bytes (machine), ==, 128 * MIB);
  spec = xeno_machine_dup_spec (machine);
  g_assert_cmpuint (xeno_spec_get_memory_bytes (spec), ==, 128 * MIB);
}

/* Row 41: the edit is made to what is there, not to what was there when a dialog opened. */
static void
an_edit_keeps_what_another_program_changed (Fixture       *fixture,
                                            gconstpointer  data)
{
  XenoMachine *machine = add_machine (fixture, "shared", "");
  virDomainPtr domain = virDomainLookupByName (fixture->outside, "shared");
  g_autofree char *description = NULL;

  virDomainSetMetadata (domain, VIR_DOMAIN_METADATA_DESCRIPTION, "theirs", NULL, NULL, VIR_DOMAIN_AFFECT_CONFIG);
  g_assert_true (edit (machine, give_more_memory, NULL, NULL));
  description = virDomainGetMetadata (domain, VIR_DOMAIN_METADATA_DESCRIPTION, NULL, VIR_DOMAIN_AFFECT_CONFIG);
  g_assert_cmpstr (description, ==, "theirs");
  virDomainFree (domain);
}

static gboolean
become_another (XenoSpec  *spec,
                gpointer   user_data,
                GError   **error)
{
  xeno_spec_set_name (spec, "another");
  return TRUE;
}

static gboolean
give_up (XenoSpec  *spec,
         gpointer   user_data,
         GError   **error)
{
  xeno_set_error (error, XENO_ERROR_INVALID, NULL, "No.");
  return FALSE;
}

static void
an_edit_cannot_make_a_second_machine (Fixture       *fixture,
                                      gconstpointer  data)
{
  XenoMachine *machine = add_machine (fixture, "single", "");
  g_autoptr (GError) error = NULL;

  g_assert_false (edit (machine, become_another, NULL, &error));
  g_assert_error (error, XENO_ERROR, XENO_ERROR_INVALID);
  g_clear_error (&error);
  g_assert_false (edit (machine, give_up, NULL, &error));
  g_assert_cmpstr (error->message, ==, "No.");
  g_assert_cmpuint (count_machines (fixture->connection), ==, 2);
  g_assert_false (xeno_machine_is_busy (machine));
}

static void
a_new_title_in_any_script_brings_a_new_name (Fixture       *fixture,
                                             gconstpointer  data)
{
  static const struct
  {
    const char *title;
    const char *name;
  } rows[] = {
    { "Fedora 42", "Fedora-42" },
    { "テスト", "machine" },
    { "test", "test-2" },
    { "<b>&\"'", "b" },
  };
  XenoMachine *machine = add_machine (fixture, "first", "");

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GError) error = NULL;

      rename_machine (machine, rows[i].title, &error);
      g_assert_no_error (error);
      g_assert_cmpstr (xeno_machine_get_title (machine), ==, rows[i].title);
      g_assert_cmpstr (xeno_machine_get_name (machine), ==, rows[i].name);
    }
  g_assert_cmpuint (count_machines (fixture->connection), ==, 2);
}

static void
what_runs_gets_a_new_title_and_keeps_its_name (Fixture       *fixture,
                                               gconstpointer  data)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (rename_machine (fixture->machine, "Running", &error));
  g_assert_no_error (error);
  g_assert_cmpstr (xeno_machine_get_title (fixture->machine), ==, "Running");
  g_assert_cmpstr (xeno_machine_get_name (fixture->machine), ==, "test");
}

static void
a_title_that_cannot_be_is_refused (Fixture       *fixture,
                                   gconstpointer  data)
{
  static const char * const titles[] = { "", "   ", ".", "..", "a/b", "host", "all", "self", "a\nb" };

  for (gsize i = 0; i < G_N_ELEMENTS (titles); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_false (rename_machine (fixture->machine, titles[i], &error));
      g_assert_error (error, XENO_ERROR, XENO_ERROR_INVALID);
    }
  g_assert_cmpstr (xeno_machine_get_title (fixture->machine), ==, "test");
}

static void
autostart_is_set_and_shown (Fixture       *fixture,
                            gconstpointer  data)
{
  for (int wanted = TRUE; wanted >= FALSE; wanted--)
    {
      GAsyncResult *pending = NULL;
      g_autoptr (GAsyncResult) result = NULL;
      g_autoptr (GError) error = NULL;

      xeno_machine_set_autostart_async (fixture->machine, wanted, NULL, xeno_test_result_cb, &pending);
      result = xeno_test_await (&pending);
      xeno_machine_set_autostart_finish (fixture->machine, result, &error);
      g_assert_no_error (error);
      g_assert_cmpint (xeno_machine_has_autostart (fixture->machine), ==, wanted);
    }
}

static void
what_the_host_lacks_is_not_supported (Fixture       *fixture,
                                      gconstpointer  data)
{
  GAsyncResult *pending = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  xeno_machine_open_graphics_async (fixture->machine, 0, NULL, xeno_test_result_cb, &pending);
  result = xeno_test_await (&pending);
  g_assert_cmpint (xeno_machine_open_graphics_finish (fixture->machine, result, &error), ==, -1);
  g_assert_error (error, XENO_ERROR, XENO_ERROR_NOT_SUPPORTED);
  g_assert_nonnull (strstr (error->message, "“test”"));
}

/* The driver pretends addresses too; what is no address is never shown. */
static void
addresses_are_valid_text (Fixture       *fixture,
                          gconstpointer  data)
{
  GAsyncResult *pending = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) addresses = NULL;

  xeno_machine_list_addresses_async (fixture->machine, NULL, xeno_test_result_cb, &pending);
  result = xeno_test_await (&pending);
  addresses = xeno_machine_list_addresses_finish (fixture->machine, result, &error);
  g_assert_no_error (error);
  for (gsize i = 0; addresses[i] != NULL; i++)
    {
      g_autoptr (GInetAddress) address = g_inet_address_new_from_string (addresses[i]);

      g_assert_nonnull (address);
    }
}

static void
a_machine_that_outlives_its_connection_says_so (void)
{
  XenoConnection *connection = xeno_connection_new (TEST_URI);
  g_autoptr (XenoMachine) machine = NULL;
  g_autoptr (GError) error = NULL;

  open_connection (connection);
  machine = g_object_ref (xeno_connection_find_machine (connection, TEST_UUID, NULL));
  g_assert_finalize_object (connection);
  g_assert_null (xeno_machine_get_connection (machine));
  g_assert_false (run_verb (machine, "pause", &error));
  g_assert_error (error, XENO_ERROR, XENO_ERROR_NO_CONNECTION);
  g_clear_error (&error);
  g_assert_false (edit (machine, give_more_memory, NULL, &error));
  g_assert_error (error, XENO_ERROR, XENO_ERROR_NO_CONNECTION);
}

static void
a_brief_list_says_what_the_long_one_does (Fixture       *fixture,
                                          gconstpointer  data)
{
  XenoMachine *other = add_machine (fixture, "other", "Другая");
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) briefs = xeno_connection_list_brief_sync (TEST_URI, G_MAXUINT, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (briefs->len, ==, 2);
  for (guint i = 0; i < briefs->len; i++)
    {
      XenoBrief *brief = g_ptr_array_index (briefs, i);
      XenoMachine *machine = g_str_equal (brief->uuid, TEST_UUID) ? fixture->machine : other;

      g_assert_cmpstr (brief->uuid, ==, xeno_machine_get_uuid (machine));
      g_assert_cmpstr (brief->name, ==, xeno_machine_get_name (machine));
      g_assert_cmpstr (brief->title, ==, xeno_machine_get_title (machine));
      g_assert_cmpint (brief->state, ==, xeno_machine_get_state (machine));
      g_assert_cmpuint (brief->n_cpus, ==, xeno_machine_get_n_cpus (machine));
      g_assert_cmpuint (brief->memory_bytes, ==, xeno_machine_get_memory_bytes (machine));
    }
}

static void
a_brief_list_of_nowhere_says_why (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (xeno_connection_list_brief_sync ("nonsense", 0, &error));
  g_assert_error (error, XENO_ERROR, XENO_ERROR_INVALID);
}

/* Two threads have found out about it, and the one that began earlier comes later. */
static void
what_was_read_earlier_and_comes_later_says_nothing (Fixture       *fixture,
                                                    gconstpointer  data)
{
  XenoMachine *machine = add_machine (fixture, "stale", NULL);
  virDomainPtr domain = virDomainLookupByName (fixture->outside, "stale");
  g_autoptr (XenoFacts) older = xeno_facts_read_domain (domain, TRUE, NULL);
  g_autoptr (XenoFacts) newer = xeno_facts_read_domain (domain, TRUE, NULL);
  g_autoptr (XenoFacts) gone = xeno_facts_new (domain);

  g_assert_cmpint (older->read_us, <=, newer->read_us);
  gone->read_us = older->read_us = newer->read_us - 1;
  gone->is_gone = TRUE;
  newer->state = VIR_DOMAIN_PAUSED;
  older->state = VIR_DOMAIN_RUNNING;
  older->n_cpus = newer->n_cpus + 1;

  xeno_connection_apply (fixture->connection, newer);
  g_assert_cmpint (xeno_machine_get_state (machine), ==, XENO_MACHINE_PAUSED);
  g_assert_true (xeno_connection_apply (fixture->connection, older) == machine);
  g_assert_cmpint (xeno_machine_get_state (machine), ==, XENO_MACHINE_PAUSED);
  g_assert_cmpuint (xeno_machine_get_n_cpus (machine), ==, newer->n_cpus);
  xeno_connection_apply (fixture->connection, gone);
  g_assert_nonnull (xeno_connection_find_machine (fixture->connection, "stale", NULL));
  virDomainFree (domain);
}

static const struct
{
  const char *path;
  void      (*func) (Fixture *fixture, gconstpointer data);
} with_fixture[] = {
  { "an-edit-changes-the-document", an_edit_changes_the_document },
  { "an-edit-keeps-what-another-program-changed", an_edit_keeps_what_another_program_changed },
  { "an-edit-cannot-make-a-second-machine", an_edit_cannot_make_a_second_machine },
  { "a-new-title-in-any-script-brings-a-new-name", a_new_title_in_any_script_brings_a_new_name },
  { "what-runs-gets-a-new-title-and-keeps-its-name", what_runs_gets_a_new_title_and_keeps_its_name },
  { "a-title-that-cannot-be-is-refused", a_title_that_cannot_be_is_refused },
  { "autostart-is-set-and-shown", autostart_is_set_and_shown },
  { "what-the-host-lacks-is-not-supported", what_the_host_lacks_is_not_supported },
  { "addresses-are-valid-text", addresses_are_valid_text },
  { "a-brief-list-says-what-the-long-one-does", a_brief_list_says_what_the_long_one_does },
  { "what-was-read-earlier-and-comes-later-says-nothing",
    what_was_read_earlier_and_comes_later_says_nothing },
};

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (with_fixture); i++)
    {
      g_autofree char *path = g_strconcat ("/xeno/machine/", with_fixture[i].path, NULL);

      g_test_add (path, Fixture, NULL, fixture_set_up, with_fixture[i].func, fixture_tear_down);
    }
  g_test_add_func ("/xeno/machine/a-machine-that-outlives-its-connection-says-so",
                   a_machine_that_outlives_its_connection_says_so);
  g_test_add_func ("/xeno/machine/a-brief-list-of-nowhere-says-why", a_brief_list_of_nowhere_says_why);
  return g_test_run ();
}
