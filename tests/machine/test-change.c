/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Hardware of a real machine is changed: at once where it can be, and else when it starts the next time. */
#include "config.h"

#include <glib/gstdio.h>
#include <libvirt/libvirt.h>
#include <unistd.h>

#include "base/xeno-error.h"
#include "machine/daemon-fixture.h"
#include "virt/xeno-machine-change.h"

/* Some of each kind, so that a machine that has just been started has nothing pending but what is wanted. */
#define MACHINE \
  "<domain type='qemu'><name>change</name><memory unit='MiB'>64</memory><vcpu>1</vcpu>" \
  "<os><type arch='x86_64' machine='q35'>hvm</type><boot dev='cdrom'/></os><features><acpi/></features>" \
  "<cpu mode='maximum'/><clock offset='utc'><timer name='rtc' tickpolicy='catchup'/></clock><devices>" \
  "<disk type='file' device='cdrom'><source file='%s'/><target dev='sda' bus='sata'/><readonly/></disk>" \
  "<controller type='pci' index='0' model='pcie-root'/><controller type='pci' model='pcie-root-port'/>" \
  "<controller type='pci' model='pcie-root-port'/><controller type='pci' model='pcie-root-port'/>" \
  "<controller type='pci' model='pcie-root-port'/><controller type='pci' model='pcie-root-port'/>" \
  "<controller type='pci' model='pcie-root-port'/><controller type='pci' model='pcie-root-port'/>" \
  "<controller type='virtio-serial'/>" \
  "<interface type='user'><mac address='52:54:00:12:34:56'/><model type='virtio'/></interface>" \
  "<serial type='pty'><target port='0'/></serial><console type='pty'/>" \
  "<channel type='unix'><target type='virtio' name='org.qemu.guest_agent.0'/></channel>" \
  "<input type='tablet' bus='usb'/><graphics type='vnc' port='-1' autoport='yes'/>" \
  "<video><model type='virtio'/></video><sound model='ich9'/><watchdog model='i6300esb' action='reset'/>" \
  "<rng model='virtio'><backend model='random'>/dev/urandom</backend></rng><memballoon model='virtio'/>" \
  "</devices></domain>"

typedef struct
{
  XenoConnection *connection;
  XenoMachine    *machine;
  XenoSpec       *before;
  XenoSpec       *draft;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  g_autofree char *xml = g_strdup_printf (MACHINE, g_getenv ("XENO_TEST_SCREEN_ISO"));

  fixture->connection = open_session ();
  fixture->machine = add_machine_of_xml (fixture->connection, xml);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  g_clear_object (&fixture->before);
  g_clear_object (&fixture->draft);
  remove_machines (fixture->connection);
  g_assert_finalize_object (fixture->connection);
}

static void
begin (Fixture *fixture)
{
  g_clear_object (&fixture->before);
  g_clear_object (&fixture->draft);
  fixture->before = xeno_machine_dup_spec (fixture->machine);
  fixture->draft = xeno_spec_copy (fixture->before);
}

static GPtrArray *
apply (Fixture  *fixture,
       GError  **error)
{
  g_autoptr (GPtrArray) changes = xeno_change_list (fixture->before, fixture->draft);
  GAsyncResult *pending = NULL;
  g_autoptr (GAsyncResult) result = NULL;

  g_assert_cmpuint (changes->len, >, 0);
  xeno_machine_change_async (fixture->machine, changes, NULL, xeno_test_result_cb, &pending);
  result = xeno_test_await (&pending);
  return xeno_machine_change_finish (fixture->machine, result, error);
}

static void
assert_applied (Fixture  *fixture,
                gboolean  is_now)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) outcomes = apply (fixture, &error);

  g_assert_no_error (error);
  for (guint i = 0; i < outcomes->len; i++)
    {
      XenoChangeOutcome *outcome = outcomes->pdata[i];
      g_autofree char *title = xeno_change_dup_title (outcome->change);

      g_test_message ("%s: %d %s", title, outcome->is_now, outcome->reason != NULL ? xeno_error_get_details (outcome->reason) : "");
      g_assert_cmpint (outcome->is_now, ==, is_now);
    }
}

/* What is pending, one title after the other. */
static char *
dup_pending (Fixture *fixture)
{
  GAsyncResult *pending = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) changes = NULL;
  g_autoptr (GString) titles = g_string_new (NULL);

  xeno_machine_list_pending_async (fixture->machine, NULL, xeno_test_result_cb, &pending);
  result = xeno_test_await (&pending);
  changes = xeno_machine_list_pending_finish (fixture->machine, result, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < changes->len; i++)
    {
      g_autofree char *title = xeno_change_dup_title (changes->pdata[i]);
      g_autofree char *text = xeno_change_dup_text (changes->pdata[i]);

      g_string_append_printf (titles, "%s: %s\n", title, text);
    }
  return g_string_free (g_steal_pointer (&titles), FALSE);
}

static void
assert_pending (Fixture    *fixture,
                const char *expected)
{
  g_autofree char *pending = dup_pending (fixture);

  g_assert_cmpstr (pending, ==, expected);
}

static void
set_field (Fixture    *fixture,
           const char *kind,
           guint       index,
           const char *field,
           const char *value)
{
  g_autoptr (GPtrArray) devices = xeno_spec_list_devices (fixture->draft, kind);

  xeno_device_set_string (g_ptr_array_index (devices, index), field, value);
}

static void
set_part (Fixture    *fixture,
          const char *part,
          const char *field,
          const char *value)
{
  g_autoptr (XenoDevice) device = xeno_spec_get_part (fixture->draft, part);

  xeno_device_set_string (device, field, value);
}

static void
what_can_be_changed_at_once_is (Fixture       *fixture,
                                gconstpointer  data)
{
  g_autofree char *disk = g_build_filename (g_get_user_runtime_dir (), "more.raw", NULL);
  g_autoptr (XenoDevice) added = NULL;

  /* Before it runs. */
  begin (fixture);
  set_part (fixture, "processors", "maximum", "2");
  set_part (fixture, "processors", "current", "1");
  assert_applied (fixture, TRUE);
  assert_pending (fixture, "");

  do_verb (fixture->machine, "start");
  assert_pending (fixture, "");

  begin (fixture);
  set_field (fixture, "interface", 0, "link-state", "down");
  set_field (fixture, "disk", 0, "source-file", NULL);
  set_part (fixture, "processors", "current", "2");
  assert_applied (fixture, TRUE);
  assert_pending (fixture, "");

  g_file_set_contents (disk, "nothing much", 12, NULL);
  g_assert_cmpint (truncate (disk, 1024 * 1024), ==, 0);
  begin (fixture);
  added = xeno_spec_add_device (fixture->draft, "disk");
  xeno_device_set_string (added, "type", "file");
  xeno_device_set_string (added, "device", "disk");
  xeno_device_set_string (added, "driver-type", "raw");
  xeno_device_set_string (added, "source-file", disk);
  xeno_device_set_string (added, "target-dev", "vdb");
  xeno_device_set_string (added, "bus", "virtio");
  assert_applied (fixture, TRUE);
  assert_pending (fixture, "");
  begin (fixture);
  set_field (fixture, "disk", 1, "read-iops", "100");
  set_field (fixture, "disk", 1, "write-iops", "50");
  assert_applied (fixture, TRUE);
  assert_pending (fixture, "");

  /* The guest has no driver that would let go of it. */
  begin (fixture);
  {
    g_autoptr (GPtrArray) disks = xeno_spec_list_devices (fixture->draft, "disk");
    g_autoptr (GError) error = NULL;
    g_autoptr (GPtrArray) outcomes = NULL;

    xeno_spec_remove_device (fixture->draft, disks->pdata[1]);
    outcomes = apply (fixture, &error);
    g_assert_no_error (error);
    g_assert_false (((XenoChangeOutcome *) outcomes->pdata[0])->is_now);
    g_assert_error (((XenoChangeOutcome *) outcomes->pdata[0])->reason, XENO_ERROR, XENO_ERROR_IN_USE);
  }
  assert_pending (fixture, "Disk 1 (virtio): Removed\n");
  do_verb (fixture->machine, "force-off");
  assert_pending (fixture, "");
  g_remove (disk);
}

static void
what_cannot_waits_for_the_next_start (Fixture       *fixture,
                                      gconstpointer  data)
{
  do_verb (fixture->machine, "start");
  begin (fixture);
  set_part (fixture, "processors", "maximum", "4");
  set_field (fixture, "video", 0, "heads", "2");
  set_field (fixture, "watchdog", 0, "action", "poweroff");
  assert_applied (fixture, FALSE);
  assert_pending (fixture, "Processors: At most: 1 → 4\n"
                           "Graphics card (virtio): Screens: 1 → 2\n"
                           "Watchdog (i6300esb): Action: reset → poweroff\n");
  do_verb (fixture->machine, "force-off");
  do_verb (fixture->machine, "start");
  assert_pending (fixture, "");
}

static void
change_by_another (Fixture    *fixture,
                   const char *from,
                   const char *to)
{
  virConnectPtr handle = virConnectOpen (SESSION_URI);
  virDomainPtr domain = virDomainLookupByName (handle, "change");
  g_autofree char *xml = virDomainGetXMLDesc (domain, VIR_DOMAIN_XML_INACTIVE);
  g_auto (GStrv) pieces = g_strsplit (xml, from, 2);
  g_autofree char *changed = g_strjoin (to, pieces[0], pieces[1], NULL);

  g_assert_cmpuint (g_strv_length (pieces), ==, 2);
  virDomainFree (virDomainDefineXML (handle, changed));
  virDomainFree (domain);
  virConnectClose (handle);
}

static void
who_comes_second_is_told_and_nothing_is_lost (Fixture       *fixture,
                                              gconstpointer  data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) outcomes = NULL;

  begin (fixture);
  set_field (fixture, "watchdog", 0, "action", "poweroff");
  set_field (fixture, "sound", 0, "model", "ich6");
  change_by_another (fixture, "action='reset'", "action='pause'");
  outcomes = apply (fixture, &error);
  g_assert_null (outcomes);
  g_assert_error (error, XENO_ERROR, XENO_ERROR_IN_USE);

  /* Nothing of it was done, and what they changed is still there. */
  begin (fixture);
  set_field (fixture, "sound", 0, "model", "ich6");
  assert_applied (fixture, TRUE);
}

static void
what_libvirt_refuses_changes_nothing (Fixture       *fixture,
                                      gconstpointer  data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) outcomes = NULL;

  begin (fixture);
  set_field (fixture, "watchdog", 0, "action", "poweroff");
  set_field (fixture, "sound", 0, "model", "nonsense");
  outcomes = apply (fixture, &error);
  g_assert_null (outcomes);
  g_assert_nonnull (error);
  g_test_message ("%s (%s)", error->message, xeno_error_get_details (error));
  begin (fixture);
  set_field (fixture, "watchdog", 0, "action", "poweroff");
  assert_applied (fixture, TRUE);
}

int
main (int    argc,
      char **argv)
{
  static const struct
  {
    const char *path;
    void      (*test) (Fixture *, gconstpointer);
  } cases[] = {
    { "/xeno/change/what-can-be-changed-at-once-is", what_can_be_changed_at_once_is },
    { "/xeno/change/what-cannot-waits-for-the-next-start", what_cannot_waits_for_the_next_start },
    { "/xeno/change/who-comes-second-is-told-and-nothing-is-lost", who_comes_second_is_told_and_nothing_is_lost },
    { "/xeno/change/what-libvirt-refuses-changes-nothing", what_libvirt_refuses_changes_nothing },
  };

  g_test_init (&argc, &argv, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    g_test_add (cases[i].path, Fixture, NULL, set_up, cases[i].test, tear_down);
  return g_test_run ();
}
