/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The life of a real machine: every verb, its screen and console, and starts that cannot be. */
#include "config.h"

#include <glib/gstdio.h>
#include <libvirt/libvirt.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/xeno-error.h"
#include "machine/daemon-fixture.h"
#include "virt/xeno-machine-monitor.h"

typedef struct
{
  XenoConnection *connection;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  fixture->connection = open_session ();
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  remove_machines (fixture->connection);
  g_assert_finalize_object (fixture->connection);
}

static void
every_verb_works_on_a_real_machine (Fixture       *fixture,
                                    gconstpointer  data)
{
  XenoMachine *machine = add_machine (fixture->connection, "life", "");

  do_verb (machine, "start");
  wait_for_machine (machine, XENO_MACHINE_RUNNING);
  g_assert_nonnull (xeno_machine_get_started_at (machine));
  do_verb (machine, "pause");
  wait_for_machine (machine, XENO_MACHINE_PAUSED);
  do_verb (machine, "resume");
  wait_for_machine (machine, XENO_MACHINE_RUNNING);
  do_verb (machine, "save");
  wait_for_machine (machine, XENO_MACHINE_SAVED);
  g_assert_null (xeno_machine_get_started_at (machine));
  do_verb (machine, "restore");
  wait_for_machine (machine, XENO_MACHINE_RUNNING);
  do_verb (machine, "reset");
  do_verb (machine, "reboot");
  do_verb (machine, "shut-down"); /* the guest does not listen to its power button */
  g_assert_true (xeno_machine_is_active (machine));
  do_verb (machine, "save");
  do_verb (machine, "discard-saved-state");
  wait_for_machine (machine, XENO_MACHINE_OFF);
  do_verb (machine, "start");
  do_verb (machine, "force-off");
  wait_for_machine (machine, XENO_MACHINE_OFF);
}

static GBytes *
take_picture (XenoMachine  *machine,
              GError      **error)
{
  GAsyncResult *pending = NULL;
  g_autoptr (GAsyncResult) result = NULL;

  xeno_machine_screenshot_async (machine, 0, NULL, xeno_test_result_cb, &pending);
  result = xeno_test_await (&pending);
  return xeno_machine_screenshot_finish (machine, result, error);
}

static void
its_screen_can_be_pictured_while_it_runs (Fixture       *fixture,
                                          gconstpointer  data)
{
  XenoMachine *machine = add_machine (fixture->connection, "picture", "");
  g_autoptr (GBytes) picture = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_null (take_picture (machine, &error));
  g_assert_error (error, XENO_ERROR, XENO_ERROR_WRONG_STATE);
  g_clear_error (&error);
  do_verb (machine, "start");
  picture = take_picture (machine, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_bytes_get_size (picture), >, 100);
}

static char *
ask_monitor (XenoMachine  *machine,
             const char   *command,
             GError      **error)
{
  GAsyncResult *pending = NULL;
  g_autoptr (GAsyncResult) result = NULL;

  xeno_machine_run_monitor_async (machine, command, NULL, xeno_test_result_cb, &pending);
  result = xeno_test_await (&pending);
  return xeno_machine_run_monitor_finish (machine, result, error);
}

static void
its_monitor_answers_and_refuses_in_words (Fixture       *fixture,
                                          gconstpointer  data)
{
  XenoMachine *machine = add_machine (fixture->connection, "monitor", "");
  g_autofree char *answer = NULL;
  g_autofree char *refusal = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_null (ask_monitor (machine, "info status", &error));
  g_assert_error (error, XENO_ERROR, XENO_ERROR_WRONG_STATE);
  g_clear_error (&error);

  do_verb (machine, "start");
  answer = ask_monitor (machine, "info status", &error);
  g_assert_no_error (error);
  g_assert_nonnull (strstr (answer, "running"));
  refusal = ask_monitor (machine, "no such thing", &error);
  g_assert_no_error (error);
  g_assert_nonnull (strstr (refusal, "unknown command"));
}

static int
open_socket (XenoMachine  *machine,
             gboolean      is_console,
             GError      **error)
{
  GAsyncResult *pending = NULL;
  g_autoptr (GAsyncResult) result = NULL;

  if (is_console)
    xeno_machine_open_console_async (machine, NULL, NULL, xeno_test_result_cb, &pending);
  else
    xeno_machine_open_graphics_async (machine, 0, NULL, xeno_test_result_cb, &pending);
  result = xeno_test_await (&pending);
  return is_console ? xeno_machine_open_console_finish (machine, result, error)
                    : xeno_machine_open_graphics_finish (machine, result, error);
}

typedef struct
{
  int         fd;
  GString    *text;
  const char *wanted;
} Reader;

static gboolean
has_greeting (gpointer data)
{
  Reader *reader = data;
  char bytes[64];
  gssize n = recv (reader->fd, bytes, sizeof bytes, MSG_DONTWAIT);

  if (n > 0)
    g_string_append_len (reader->text, bytes, n);
  return strstr (reader->text->str, reader->wanted) != NULL;
}

/* QEMU looks only once a second whether somebody listens, and drops what is said before; so the guest is
 * asked until it is heard. */
static gboolean
answers_a_key (gpointer data)
{
  const char *argv[] = { "virsh", "-q", "-c", SESSION_URI, "send-key", "console", "KEY_A", NULL };
  g_autoptr (GError) error = NULL;

  g_spawn_sync (NULL, (char **) argv, NULL,
                G_SPAWN_SEARCH_PATH | G_SPAWN_STDOUT_TO_DEV_NULL | G_SPAWN_STDERR_TO_DEV_NULL, NULL, NULL,
                NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  return has_greeting (data);
}

static void
its_display_server_is_reached_without_a_port (Fixture       *fixture,
                                              gconstpointer  data)
{
  XenoMachine *machine = add_machine (fixture->connection, "display", "");
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GError) error = NULL;
  Reader reader = { -1, text, "RFB 003." };

  do_verb (machine, "start");
  reader.fd = open_socket (machine, FALSE, &error);
  g_assert_no_error (error);
  xeno_test_until (has_greeting, &reader);
  close (reader.fd);
}

static void
its_console_carries_what_the_guest_says (Fixture       *fixture,
                                         gconstpointer  data)
{
  XenoMachine *machine = add_machine (fixture->connection, "console", "");
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GError) error = NULL;
  Reader reader = { -1, text, "1e" };

  do_verb (machine, "start");
  reader.fd = open_socket (machine, TRUE, &error);
  g_assert_no_error (error);
  xeno_test_until (answers_a_key, &reader);

  g_assert_cmpint (open_socket (machine, TRUE, &error), ==, -1);
  g_assert_nonnull (error);
  close (reader.fd);
}

static gboolean
has_two_machines (gpointer connection)
{
  return g_list_model_get_n_items (xeno_connection_get_machines (connection)) == 2;
}

typedef struct
{
  XenoMachine *machine;
  const char  *title;
} Naming;

static gboolean
is_called_so (gpointer data)
{
  Naming *naming = data;

  return g_str_equal (xeno_machine_get_title (naming->machine), naming->title);
}

/* Returns: how long it took until the new title was seen, in microseconds */
static gint64
be_renamed_outside (XenoMachine  *machine,
                    virDomainPtr  domain,
                    const char   *title)
{
  Naming naming = { machine, title };
  gint64 start_us = g_get_monotonic_time ();

  g_assert_cmpint (virDomainSetMetadata (domain, VIR_DOMAIN_METADATA_TITLE, title, NULL, NULL,
                                         VIR_DOMAIN_AFFECT_CONFIG), ==, 0);
  xeno_test_until (is_called_so, &naming);
  return g_get_monotonic_time () - start_us;
}

/* Returns: how long it took until the start was seen, in microseconds */
static gint64
be_started_outside (XenoMachine  *machine,
                    virDomainPtr  domain)
{
  gint64 start_us;

  g_assert_cmpint (virDomainCreate (domain), ==, 0);
  start_us = g_get_monotonic_time ();
  wait_for_machine (machine, XENO_MACHINE_RUNNING);
  return g_get_monotonic_time () - start_us;
}

/* What takes longer by itself does so each time; a busy computer does not. */
static void
what_virsh_does_shows_within_a_second (Fixture       *fixture,
                                       gconstpointer  data)
{
  static const char * const titles[] = { "Neu", "Neuer", "Am neuesten" };
  XenoMachine *machine = add_machine (fixture->connection, "seen", "");
  virConnectPtr outside = virConnectOpen (SESSION_URI);
  virDomainPtr domain = virDomainLookupByName (outside, "seen");
  g_autofree char *xml = make_machine_xml ("other", "");
  virDomainPtr other;
  gint64 shortest_us = G_MAXINT64;

  for (gsize i = 0; i < G_N_ELEMENTS (titles) && shortest_us >= G_USEC_PER_SEC; i++)
    shortest_us = be_renamed_outside (machine, domain, titles[i]);
  g_assert_cmpint (shortest_us, <, G_USEC_PER_SEC);

  other = virDomainDefineXML (outside, xml);
  xeno_test_until (has_two_machines, fixture->connection);

  shortest_us = G_MAXINT64;
  for (gsize i = 0; i < G_N_ELEMENTS (titles) && shortest_us >= G_USEC_PER_SEC; i++)
    {
      if (i > 0)
        do_verb (machine, "force-off");
      shortest_us = be_started_outside (machine, domain);
    }
  g_assert_cmpint (shortest_us, <, G_USEC_PER_SEC);

  virDomainFree (other);
  virDomainFree (domain);
  virConnectClose (outside);
}

static void
measures_what_a_real_machine_does (Fixture       *fixture,
                                   gconstpointer  data)
{
  XenoMachine *machine = add_machine (fixture->connection, "measured", "");
  GAsyncResult *pending = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) records = NULL;
  XenoStatsRecord *record;

  do_verb (machine, "start");
  xeno_connection_sample_async (fixture->connection, NULL, xeno_test_result_cb, &pending);
  result = xeno_test_await (&pending);
  records = xeno_connection_sample_finish (fixture->connection, result, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (records->len, ==, 1);
  record = g_ptr_array_index (records, 0);
  g_assert_cmpstr (record->uuid, ==, xeno_machine_get_uuid (machine));
  g_assert_cmpuint (record->n_cpus, ==, 1);
  g_assert_cmpuint (record->cpu_time_ns, >, 0);
  g_assert_cmpuint (record->cpu_time_ns, !=, G_MAXUINT64);
  g_assert_cmpuint (record->memory_total_bytes, ==, 64 * 1024 * 1024);
  g_assert_cmpuint (record->memory_used_bytes, >, 1024 * 1024);
  g_assert_cmpuint (record->memory_used_bytes, !=, G_MAXUINT64);
  g_assert_cmpuint (record->disk_read_bytes, !=, G_MAXUINT64);
}

/* Starts that cannot be */

static XenoMachine *
define_edited (XenoConnection *connection,
               const char     *name,
               const char     *from,
               const char     *to)
{
  g_autofree char *xml = make_machine_xml (name, "");
  g_autoptr (GString) edited = g_string_new (xml);
  virConnectPtr outside = virConnectOpen (SESSION_URI);
  virDomainPtr domain;

  g_assert_cmpuint (g_string_replace (edited, from, to, 0), >, 0);
  domain = virDomainDefineXML (outside, edited->str);
  g_assert_nonnull (domain);
  virDomainFree (domain);
  virConnectClose (outside);
  while (xeno_connection_find_machine (connection, name, NULL) == NULL)
    g_main_context_iteration (NULL, TRUE);
  return xeno_connection_find_machine (connection, name, NULL);
}

static void
assert_start_fails (XenoMachine *machine,
                    int          code,
                    const char  *words)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (run_verb (machine, "start", &error));
  g_test_message ("%s (%s)", error->message, xeno_error_get_details (error));
  g_assert_error (error, XENO_ERROR, code);
  g_assert_nonnull (strstr (error->message, words));
  g_assert_nonnull (strstr (error->message, xeno_machine_get_title (machine)));
  g_assert_cmpint (xeno_machine_get_state (machine), ==, XENO_MACHINE_OFF);
}

/* Rows 6 and 32: the machine is kept. */
static void
a_start_without_its_disc_names_the_file (Fixture       *fixture,
                                         gconstpointer  data)
{
  g_autofree char *path = g_build_filename (g_get_home_dir (), "gone.iso", NULL);
  g_autofree char *iso = NULL;
  gsize length;
  XenoMachine *machine;

  g_assert_true (g_file_get_contents (g_getenv ("XENO_TEST_SCREEN_ISO"), &iso, &length, NULL));
  g_assert_true (g_file_set_contents (path, iso, length, NULL));
  machine = define_edited (fixture->connection, "discless", g_getenv ("XENO_TEST_SCREEN_ISO"), path);
  g_remove (path);
  assert_start_fails (machine, XENO_ERROR_NOT_FOUND, path);

  g_assert_true (g_file_set_contents (path, iso, length, NULL));
  do_verb (machine, "start");
}

/* Row 56. */
static void
a_lost_machine_type_is_named (Fixture       *fixture,
                              gconstpointer  data)
{
  XenoMachine *machine = add_machine (fixture->connection, "aged", "");
  g_autofree char *file = g_build_filename (g_get_user_config_dir (), "libvirt", "qemu", "aged.xml", NULL);
  g_autofree char *text = NULL;
  GRegex *regex = g_regex_new ("machine='[^']*'", 0, 0, NULL);
  g_autofree char *aged = NULL;

  /* As an upgrade of QEMU leaves it: libvirt would refuse to define it anew. */
  g_assert_true (g_file_get_contents (file, &text, NULL, NULL));
  aged = g_regex_replace_literal (regex, text, -1, 0, "machine='pc-i440fx-0.99'", 0, NULL);
  g_regex_unref (regex);
  g_assert_true (g_file_set_contents (file, aged, -1, NULL));
  kill (find_daemon (), SIGKILL);
  wait_for_connection (fixture->connection, XENO_CONNECTION_LOST);
  wait_for_connection (fixture->connection, XENO_CONNECTION_OPEN);
  assert_start_fails (machine, XENO_ERROR_NOT_SUPPORTED, "pc-i440fx-0.99");
}

static void
a_processor_the_host_does_not_know_is_named (Fixture       *fixture,
                                             gconstpointer  data)
{
  XenoMachine *machine = define_edited (fixture->connection, "cpu", "<devices>",
                                        "<cpu mode='custom' match='exact'><model fallback='forbid'>Nonsense</model></cpu>"
                                        "<devices>");

  assert_start_fails (machine, XENO_ERROR_NOT_SUPPORTED, "processor model");
}

static void
a_disk_another_machine_runs_from_names_that_machine (Fixture       *fixture,
                                                     gconstpointer  data)
{
  g_autofree char *path = g_build_filename (g_get_home_dir (), "disk.img", NULL);
  g_autofree char *disk = g_strdup_printf ("<disk type='file'><driver name='qemu' type='raw'/><source file='%s'/>"
                                           "<target dev='vda' bus='virtio'/></disk>", path);
  XenoMachine *first = NULL;
  XenoMachine *second = NULL;

  g_assert_true (g_file_set_contents (path, "", 0, NULL));
  g_assert_cmpint (truncate (path, 1024 * 1024), ==, 0);
  first = add_machine (fixture->connection, "owner", disk);
  second = add_machine (fixture->connection, "rival", disk);
  do_verb (first, "start");
  assert_start_fails (second, XENO_ERROR_IN_USE, "“owner”");
}

/* Row 29. */
static void
more_memory_than_the_host_has_is_said (Fixture       *fixture,
                                       gconstpointer  data)
{
  XenoMachine *machine = define_edited (fixture->connection, "huge", "<memory unit='MiB'>64</memory>",
                                        "<memory unit='TiB'>64</memory>");

  assert_start_fails (machine, XENO_ERROR_NO_MEMORY, "memory");
}

/* As if it had been made where acceleration worked: here libvirt would refuse to define it. */
static void
pretend_kvm (XenoConnection *connection,
             const char     *name,
             const char     *accel)
{
  g_autofree char *xml = make_machine_xml (name, "");
  g_autofree char *file_name = g_strconcat (name, ".xml", NULL);
  g_autofree char *path = g_build_filename (g_get_user_config_dir (), "libvirt", "qemu", file_name, NULL);
  g_autoptr (XenoSpec) spec = NULL;
  g_autofree char *text = NULL;

  add_machine (connection, name, "");
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  spec = xeno_spec_new_from_xml (text, NULL);
  xeno_spec_set_virt_type (spec, "kvm");
  xeno_spec_set_note (spec, "accel", accel);
  g_free (text);
  text = xeno_spec_to_xml (spec);
  g_assert_true (g_file_set_contents (path, text, -1, NULL));
  kill (find_daemon (), SIGKILL);
  wait_for_connection (connection, XENO_CONNECTION_LOST);
  wait_for_connection (connection, XENO_CONNECTION_OPEN);
}

/* Where acceleration works there is nothing to tell. */
static gboolean
works_accelerated (XenoMachine *machine)
{
  if (access ("/dev/kvm", R_OK | W_OK) != 0)
    return FALSE;

  do_verb (machine, "start");
  g_assert_null (xeno_machine_get_state_reason (machine));
  return TRUE;
}

/* Row 55: who chose acceleration is told that it does not work; nothing is changed behind them. */
static void
acceleration_one_chose_and_that_does_not_work_is_told (Fixture       *fixture,
                                                       gconstpointer  data)
{
  XenoMachine *machine;
  g_autoptr (XenoSpec) spec = NULL;
  g_autofree char *virt_type = NULL;

  pretend_kvm (fixture->connection, "chosen", "kvm");
  machine = xeno_connection_find_machine (fixture->connection, "chosen", NULL);
  if (works_accelerated (machine))
    return;

  assert_start_fails (machine, XENO_ERROR_NOT_SUPPORTED, "emulation");
  spec = xeno_machine_dup_spec (machine);
  virt_type = xeno_spec_dup_virt_type (spec);
  g_assert_cmpstr (virt_type, ==, "kvm");
}

static void
acceleration_we_chose_falls_back_and_says_so (Fixture       *fixture,
                                              gconstpointer  data)
{
  XenoMachine *machine;

  pretend_kvm (fixture->connection, "auto", "auto");
  machine = xeno_connection_find_machine (fixture->connection, "auto", NULL);
  if (works_accelerated (machine))
    return;

  do_verb (machine, "start");
  wait_for_machine (machine, XENO_MACHINE_RUNNING);
  g_assert_nonnull (strstr (xeno_machine_get_state_reason (machine), "emulation"));
  do_verb (machine, "force-off");
  g_assert_null (xeno_machine_get_state_reason (machine));
}

/* Row 58. */
static void
a_saved_state_that_does_not_load_is_kept (Fixture       *fixture,
                                          gconstpointer  data)
{
  XenoMachine *machine = add_machine (fixture->connection, "saved", "");
  g_autofree char *path = g_build_filename (g_get_user_config_dir (), "libvirt", "qemu", "save", "saved.save", NULL);
  g_autofree char *state = NULL;
  gsize length;
  g_autoptr (GError) error = NULL;

  do_verb (machine, "start");
  do_verb (machine, "save");
  g_assert_true (g_file_get_contents (path, &state, &length, NULL));
  g_assert_cmpuint (length, >, 100000);
  memset (state + length / 2, 0xa5, 4096);
  g_assert_true (g_file_set_contents (path, state, length / 2 + 4096, NULL));

  g_assert_false (run_verb (machine, "restore", &error));
  g_test_message ("%s (%s)", error->message, xeno_error_get_details (error));
  g_assert_nonnull (strstr (error->message, "saved state is kept"));
  g_assert_true (g_file_test (path, G_FILE_TEST_EXISTS));
  wait_for_machine (machine, XENO_MACHINE_SAVED);
  do_verb (machine, "discard-saved-state");
  do_verb (machine, "start");
}

static const struct
{
  const char *path;
  void      (*func) (Fixture *fixture, gconstpointer data);
} tests[] = {
  { "every-verb-works-on-a-real-machine", every_verb_works_on_a_real_machine },
  { "its-monitor-answers-and-refuses-in-words", its_monitor_answers_and_refuses_in_words },
  { "its-screen-can-be-pictured-while-it-runs", its_screen_can_be_pictured_while_it_runs },
  { "its-display-server-is-reached-without-a-port", its_display_server_is_reached_without_a_port },
  { "its-console-carries-what-the-guest-says", its_console_carries_what_the_guest_says },
  { "what-virsh-does-shows-within-a-second", what_virsh_does_shows_within_a_second },
  { "measures-what-a-real-machine-does", measures_what_a_real_machine_does },
  { "a-start-without-its-disc-names-the-file", a_start_without_its_disc_names_the_file },
  { "a-lost-machine-type-is-named", a_lost_machine_type_is_named },
  { "a-processor-the-host-does-not-know-is-named", a_processor_the_host_does_not_know_is_named },
  { "a-disk-another-machine-runs-from-names-that-machine", a_disk_another_machine_runs_from_names_that_machine },
  { "more-memory-than-the-host-has-is-said", more_memory_than_the_host_has_is_said },
  { "acceleration-one-chose-and-that-does-not-work-is-told", acceleration_one_chose_and_that_does_not_work_is_told },
  { "acceleration-we-chose-falls-back-and-says-so", acceleration_we_chose_falls_back_and_says_so },
  { "a-saved-state-that-does-not-load-is-kept", a_saved_state_that_does_not_load_is_kept },
};

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    {
      g_autofree char *path = g_strconcat ("/xeno/life/", tests[i].path, NULL);

      g_test_add (path, Fixture, NULL, set_up, tests[i].func, tear_down);
    }
  return g_test_run ();
}
