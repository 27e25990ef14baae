/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A connection lists its machines and follows what other programs do to them. */
#include "config.h"

#include <string.h>

#include "base/xeno-error.h"
#include "core/virt-fixture.h"

static void
lists_what_is_there (Fixture       *fixture,
                     gconstpointer  data)
{
  g_assert_cmpint (xeno_connection_get_state (fixture->connection), ==, XENO_CONNECTION_OPEN);
  g_assert_true (xeno_connection_is_populated (fixture->connection));
  g_assert_null (xeno_connection_get_error (fixture->connection));
  g_assert_cmpuint (count_machines (fixture->connection), ==, 1);
  g_assert_cmpstr (xeno_machine_get_name (fixture->machine), ==, "test");
  g_assert_cmpstr (xeno_machine_get_title (fixture->machine), ==, "test");
  g_assert_cmpint (xeno_machine_get_state (fixture->machine), ==, XENO_MACHINE_RUNNING);
  g_assert_cmpuint (xeno_machine_get_n_cpus (fixture->machine), ==, 2);
  g_assert_cmpuint (xeno_machine_get_memory_bytes (fixture->machine), ==, 8 * 1024ull * 1024 * 1024);
  g_assert_true (xeno_machine_is_persistent (fixture->machine));
  g_assert_true (xeno_machine_get_connection (fixture->machine) == fixture->connection);
}

static void
shows_a_machine_another_program_defines_and_undefines (Fixture       *fixture,
                                                       gconstpointer  data)
{
  g_autofree char *xml = make_xml ("other", "Другая машина");
  virDomainPtr domain = virDomainDefineXML (fixture->outside, xml);
  XenoMachine *machine;

  g_assert_nonnull (domain);
  wait_for_count (fixture->connection, 2);
  machine = xeno_connection_find_machine (fixture->connection, "other", NULL);
  g_assert_nonnull (machine);
  g_assert_cmpstr (xeno_machine_get_title (machine), ==, "Другая машина");
  g_assert_true (machine == xeno_connection_find_machine (fixture->connection, "Другая машина", NULL));
  g_assert_cmpint (xeno_machine_get_state (machine), ==, XENO_MACHINE_OFF);

  g_object_ref (machine);
  g_assert_cmpint (virDomainUndefine (domain), ==, 0);
  wait_for_count (fixture->connection, 1);
  g_assert_finalize_object (machine);
  virDomainFree (domain);
}

static gboolean
is_renamed (gpointer data)
{
  return g_str_equal (xeno_machine_get_name (data), "renamed");
}

static void
keeps_the_machine_another_program_renames (Fixture       *fixture,
                                           gconstpointer  data)
{
  g_autofree char *xml = make_xml ("before", "");
  virDomainPtr domain = virDomainDefineXML (fixture->outside, xml);
  XenoMachine *machine;

  wait_for_count (fixture->connection, 2);
  machine = xeno_connection_find_machine (fixture->connection, "before", NULL);
  g_assert_cmpint (virDomainRename (domain, "renamed", 0), ==, 0);
  xeno_test_until (is_renamed, machine);
  g_assert_cmpuint (count_machines (fixture->connection), ==, 2);
  g_assert_cmpstr (xeno_machine_get_title (machine), ==, "renamed");
  virDomainFree (domain);
}

static void
follows_another_program_that_stops_and_starts (Fixture       *fixture,
                                               gconstpointer  data)
{
  virDomainPtr domain = virDomainLookupByUUIDString (fixture->outside, TEST_UUID);

  g_assert_cmpint (virDomainSuspend (domain), ==, 0);
  wait_for_state (fixture->machine, XENO_MACHINE_PAUSED);
  g_assert_cmpint (virDomainDestroy (domain), ==, 0);
  wait_for_state (fixture->machine, XENO_MACHINE_OFF);
  g_assert_cmpint (virDomainCreate (domain), ==, 0);
  wait_for_state (fixture->machine, XENO_MACHINE_RUNNING);
  virDomainFree (domain);
}

static void
count_cb (gpointer counter)
{
  (*(guint *) counter)++;
}

/* Row 53 of the fault matrix: one list at the end, few changes on the way, true afterwards. */
static void
a_storm_of_a_thousand_machines_ends_in_a_true_list (Fixture       *fixture,
                                                    gconstpointer  data)
{
  GListModel *machines = xeno_connection_get_machines (fixture->connection);
  guint n_changes = 0;
  gulong id = g_signal_connect_swapped (machines, "items-changed", G_CALLBACK (count_cb), &n_changes);

  for (guint i = 0; i < 1000; i++)
    {
      g_autofree char *name = g_strdup_printf ("storm-%u", i);
      g_autofree char *xml = make_xml (name, "");
      virDomainPtr domain = virDomainDefineXML (fixture->outside, xml);

      g_assert_nonnull (domain);
      if (i % 2 == 1)
        g_assert_cmpint (virDomainUndefine (domain), ==, 0);
      else
        g_assert_cmpint (virDomainCreate (domain), ==, 0);
      virDomainFree (domain);
    }

  wait_for_count (fixture->connection, 501);
  wait_for_state (xeno_connection_find_machine (fixture->connection, "storm-998", NULL), XENO_MACHINE_RUNNING);
  g_assert_null (xeno_connection_find_machine (fixture->connection, "storm-999", NULL));
  g_assert_cmpuint (n_changes, <, 100);
  g_signal_handler_disconnect (machines, id);
}

static void
finds_nothing_for_a_wrong_reference (Fixture       *fixture,
                                     gconstpointer  data)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (xeno_connection_find_machine (fixture->connection, "nobody", &error));
  g_assert_error (error, XENO_ERROR, XENO_ERROR_NOT_FOUND);
  g_assert_nonnull (strstr (error->message, "nobody"));
}

static void
refuses_a_title_that_two_machines_have (Fixture       *fixture,
                                        gconstpointer  data)
{
  g_autofree char *first = make_xml ("twin-1", "Twin");
  g_autofree char *second = make_xml ("twin-2", "Twin");
  g_autoptr (GError) error = NULL;

  virDomainFree (virDomainDefineXML (fixture->outside, first));
  virDomainFree (virDomainDefineXML (fixture->outside, second));
  wait_for_count (fixture->connection, 3);
  g_assert_null (xeno_connection_find_machine (fixture->connection, "Twin", &error));
  g_assert_error (error, XENO_ERROR, XENO_ERROR_INVALID);
  g_assert_nonnull (xeno_connection_find_machine (fixture->connection, "twin-2", NULL));
}

static XenoMachine *
define (XenoConnection  *connection,
        XenoSpec        *spec,
        GError         **error)
{
  GAsyncResult *pending = NULL;
  g_autoptr (GAsyncResult) result = NULL;

  xeno_connection_define_async (connection, spec, NULL, xeno_test_result_cb, &pending);
  result = xeno_test_await (&pending);
  return xeno_connection_define_finish (connection, result, error);
}

static void
a_defined_machine_is_in_the_list_at_once (Fixture       *fixture,
                                          gconstpointer  data)
{
  g_autofree char *xml = make_xml ("fresh", "新しいマシン");
  g_autoptr (XenoSpec) spec = xeno_spec_new_from_xml (xml, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (XenoMachine) machine = define (fixture->connection, spec, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (xeno_machine_get_title (machine), ==, "新しいマシン");
  g_assert_true (machine == xeno_connection_find_machine (fixture->connection, "fresh", NULL));
}

/* Rows 18 and 22: libvirt 9 destroys the files of other machines when one is called "..". */
static void
names_that_libvirt_must_not_see_are_refused (Fixture       *fixture,
                                             gconstpointer  data)
{
  static const char * const names[] = {
    "", " ", ".", "..", "../../x", "a/b", "-x", ".hidden", "two words", "ünïcode",
    "01234567890123456789012345678901234567890123456789x", "$(touch canary)", "`id`", "%s%n",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *xml = make_xml ("ok", "");
      g_autoptr (XenoSpec) spec = xeno_spec_new_from_xml (xml, NULL);
      g_autoptr (GError) error = NULL;

      xeno_spec_set_name (spec, names[i]);
      g_assert_null (define (fixture->connection, spec, &error));
      g_assert_error (error, XENO_ERROR, XENO_ERROR_INVALID);
    }
  g_assert_cmpuint (count_machines (fixture->connection), ==, 1);
}

static XenoMachine *
look_up (XenoConnection  *connection,
         const char      *reference,
         GError         **error)
{
  GAsyncResult *pending = NULL;
  g_autoptr (GAsyncResult) result = NULL;

  xeno_connection_look_up_async (connection, reference, NULL, xeno_test_result_cb, &pending);
  result = xeno_test_await (&pending);
  return xeno_connection_look_up_finish (connection, result, error);
}

/* Row 22. */
static void
a_name_that_is_another_machines_uuid_means_neither (Fixture       *fixture,
                                                    gconstpointer  data)
{
  g_autofree char *xml = make_xml (TEST_UUID, "7");
  g_autoptr (XenoSpec) spec = xeno_spec_new_from_xml (xml, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (XenoMachine) machine = NULL;
  g_autoptr (XenoMachine) found = NULL;

  g_assert_true (xeno_connection_find_machine (fixture->connection, TEST_UUID, NULL) == fixture->machine);
  machine = define (fixture->connection, spec, &error);
  g_assert_no_error (error);

  g_assert_null (xeno_connection_find_machine (fixture->connection, TEST_UUID, &error));
  g_assert_error (error, XENO_ERROR, XENO_ERROR_INVALID);
  g_clear_error (&error);
  g_assert_null (look_up (fixture->connection, TEST_UUID, &error));
  g_assert_error (error, XENO_ERROR, XENO_ERROR_INVALID);
  g_clear_error (&error);

  g_assert_true (xeno_connection_find_machine (fixture->connection, "test", NULL) == fixture->machine);
  g_assert_true (xeno_connection_find_machine (fixture->connection, "7", NULL) == machine);
  found = look_up (fixture->connection, xeno_machine_get_uuid (machine), &error);
  g_assert_no_error (error);
  g_assert_true (found == machine);
}

/* Row 21: never overwritten. */
static void
a_name_or_uuid_that_is_taken_is_refused (Fixture       *fixture,
                                         gconstpointer  data)
{
  g_autofree char *same_name = make_xml ("test", "");
  g_autofree char *same_uuid = make_xml ("another", "");
  g_autoptr (XenoSpec) first = xeno_spec_new_from_xml (same_name, NULL);
  g_autoptr (XenoSpec) second = xeno_spec_new_from_xml (same_uuid, NULL);
  g_autoptr (GError) error = NULL;

  g_assert_null (define (fixture->connection, first, &error));
  g_assert_error (error, XENO_ERROR, XENO_ERROR_EXISTS);
  g_clear_error (&error);
  xeno_spec_set_uuid (second, TEST_UUID);
  g_assert_null (define (fixture->connection, second, &error));
  g_assert_error (error, XENO_ERROR, XENO_ERROR_EXISTS);
  g_assert_cmpuint (xeno_machine_get_memory_bytes (fixture->machine), ==, 8 * 1024ull * 1024 * 1024);
}

static void
measures_all_running_machines_by_one_call (Fixture       *fixture,
                                           gconstpointer  data)
{
  GAsyncResult *pending = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) records = NULL;
  XenoStatsRecord *record;

  xeno_connection_sample_async (fixture->connection, NULL, xeno_test_result_cb, &pending);
  result = xeno_test_await (&pending);
  records = xeno_connection_sample_finish (fixture->connection, result, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (records->len, ==, 1);
  record = g_ptr_array_index (records, 0);
  g_assert_cmpstr (record->uuid, ==, TEST_UUID);
  g_assert_cmpuint (record->state, ==, XENO_MACHINE_RUNNING);
  g_assert_cmpint (record->time_us, <=, g_get_monotonic_time ());
}

static XenoCaps *
load_caps (XenoConnection *connection)
{
  GAsyncResult *pending = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  XenoCaps *caps;

  xeno_connection_load_caps_async (connection, NULL, xeno_test_result_cb, &pending);
  result = xeno_test_await (&pending);
  caps = xeno_connection_load_caps_finish (connection, result, &error);
  g_assert_no_error (error);
  return caps;
}

static void
says_what_the_host_offers_once (Fixture       *fixture,
                                gconstpointer  data)
{
  g_autoptr (XenoCaps) first = load_caps (fixture->connection);
  g_autoptr (XenoCaps) second = load_caps (fixture->connection);

  g_assert_true (first == second);
  g_assert_cmpstr (xeno_caps_get_arch (first), ==, "i686");
}

static void
forgets_its_machines_when_it_is_closed (void)
{
  XenoConnection *connection = xeno_connection_new (TEST_URI);

  open_connection (connection);
  g_assert_cmpuint (count_machines (connection), ==, 1);
  xeno_connection_close (connection);
  g_assert_cmpuint (count_machines (connection), ==, 0);
  g_assert_cmpint (xeno_connection_get_state (connection), ==, XENO_CONNECTION_CLOSED);
  open_connection (connection);
  g_assert_cmpuint (count_machines (connection), ==, 1);
  g_assert_finalize_object (connection);
}

static void
opens_an_absolute_fixture (void)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "machines.xml", NULL);
  g_autofree char *escaped = g_uri_escape_string (path, "/", FALSE);
  g_autofree char *uri = g_strconcat ("test://", escaped, NULL);
  XenoConnection *connection = xeno_connection_new (uri);

  open_connection (connection);
  g_assert_true (xeno_connection_is_local (connection));
  g_assert_cmpuint (count_machines (connection), ==, 2);
  g_assert_cmpstr (xeno_machine_get_title (xeno_connection_find_machine (connection, "debian", NULL)), ==, "Debian 12");
  g_assert_cmpstr (xeno_machine_get_os_id (xeno_connection_find_machine (connection, "debian", NULL)), ==,
                   "http://debian.org/debian/12");
  g_assert_finalize_object (connection);
}

/* Row 54: exactly why, and what to do. */
static void
a_wrong_address_says_so (void)
{
  static const struct
  {
    const char *uri;
    int         code;
  } rows[] = {
    { "nonsense", XENO_ERROR_INVALID },
    { "test:///a blank.xml", XENO_ERROR_INVALID },
    { "test:///no/such/file.xml", XENO_ERROR_INVALID },
    { "qemu+unix:///session?socket=/nowhere/libvirt-sock", XENO_ERROR_NO_CONNECTION },
    { "qemu+ssh://nobody@host.invalid/system?no_tty=1", XENO_ERROR_NO_CONNECTION },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      XenoConnection *connection = xeno_connection_new (rows[i].uri);
      GAsyncResult *pending = NULL;
      g_autoptr (GAsyncResult) result = NULL;
      g_autoptr (GError) error = NULL;

      xeno_connection_open_async (connection, NULL, xeno_test_result_cb, &pending);
      result = xeno_test_await (&pending);
      g_assert_false (xeno_connection_open_finish (connection, result, &error));
      g_test_message ("%s: %s (%s)", rows[i].uri, error->message, xeno_error_get_details (error));
      g_assert_error (error, XENO_ERROR, rows[i].code);
      g_assert_cmpint (xeno_connection_get_state (connection), ==, XENO_CONNECTION_UNREACHABLE);
      g_assert_cmpstr (xeno_connection_get_error (connection)->message, ==, error->message);
      g_clear_object (&result);
      g_assert_finalize_object (connection);
    }
}

static void
titles_are_for_people (void)
{
  static const struct
  {
    const char *uri;
    const char *title;
    gboolean    is_local;
  } rows[] = {
    { "test:///default", "Pretended machines", TRUE },
    { "qemu+ssh://me@server/system", "server over SSH", FALSE },
    { "qemu+tls://server/system", "server", FALSE },
    { "lxc:///", "Containers of this computer", TRUE },
    { "qemu+unix:///session?socket=/tmp/s", "This computer, your machines", TRUE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (XenoConnection) connection = xeno_connection_new (rows[i].uri);

      g_assert_cmpstr (xeno_connection_get_title (connection), ==, rows[i].title);
      g_assert_cmpint (xeno_connection_is_local (connection), ==, rows[i].is_local);
    }
}

static const struct
{
  const char *path;
  void      (*func) (Fixture *fixture, gconstpointer data);
} with_fixture[] = {
  { "lists-what-is-there", lists_what_is_there },
  { "shows-a-machine-another-program-defines-and-undefines", shows_a_machine_another_program_defines_and_undefines },
  { "keeps-the-machine-another-program-renames", keeps_the_machine_another_program_renames },
  { "follows-another-program-that-stops-and-starts", follows_another_program_that_stops_and_starts },
  { "a-storm-of-a-thousand-machines-ends-in-a-true-list", a_storm_of_a_thousand_machines_ends_in_a_true_list },
  { "finds-nothing-for-a-wrong-reference", finds_nothing_for_a_wrong_reference },
  { "refuses-a-title-that-two-machines-have", refuses_a_title_that_two_machines_have },
  { "a-defined-machine-is-in-the-list-at-once", a_defined_machine_is_in_the_list_at_once },
  { "names-that-libvirt-must-not-see-are-refused", names_that_libvirt_must_not_see_are_refused },
  { "a-name-that-is-another-machines-uuid-means-neither", a_name_that_is_another_machines_uuid_means_neither },
  { "a-name-or-uuid-that-is-taken-is-refused", a_name_or_uuid_that_is_taken_is_refused },
  { "measures-all-running-machines-by-one-call", measures_all_running_machines_by_one_call },
  { "says-what-the-host-offers-once", says_what_the_host_offers_once },
};

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (with_fixture); i++)
    {
      g_autofree char *path = g_strconcat ("/xeno/connection/", with_fixture[i].path, NULL);

      g_test_add (path, Fixture, NULL, fixture_set_up, with_fixture[i].func, fixture_tear_down);
    }
  g_test_add_func ("/xeno/connection/forgets-its-machines-when-it-is-closed", forgets_its_machines_when_it_is_closed);
  g_test_add_func ("/xeno/connection/opens-an-absolute-fixture", opens_an_absolute_fixture);
  g_test_add_func ("/xeno/connection/a-wrong-address-says-so", a_wrong_address_says_so);
  g_test_add_func ("/xeno/connection/titles-are-for-people", titles_are_for_people);
  return g_test_run ();
}
