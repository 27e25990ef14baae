/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Machines leave in a file of ours and come back as they were, or not at all. */
#include "config.h"

#include <libvirt/libvirt.h>
#include <string.h>

#include <glib/gstdio.h>

#include "base/xeno-error.h"
#include "create/xeno-builder.h"
#include "create/xeno-restore.h"
#include "machine/cli-fixture.h"
#include "machine/daemon-fixture.h"

#define UUID  "6a1f4c3e-9d0a-4f0e-9b6e-3f1f0c9c7a11"
#define NVRAM "what the firmware keeps"
#define STATE "what the chip keeps"

typedef struct
{
  virConnectPtr  handle;
  char          *images;
  char          *disk;
  char          *nvram;
  char          *tpm;
  char          *file;
} Fixture;

static void
run_program (const char *const *argv)
{
  g_autoptr (GError) error = NULL;
  int status;

  g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_SEARCH_PATH | G_SPAWN_STDOUT_TO_DEV_NULL, NULL, NULL, NULL, NULL,
                &status, &error);
  g_assert_no_error (error);
  g_assert_cmpint (status, ==, 0);
}

#define RUN(...) run_program ((const char *const[]) { __VA_ARGS__, NULL })

static char *
checksum (const char *path)
{
  g_autofree char *data = NULL;
  gsize length;

  g_assert_true (g_file_get_contents (path, &data, &length, NULL));
  return g_compute_checksum_for_data (G_CHECKSUM_SHA256, (const guchar *) data, length);
}

static guint
count_files (const char *path)
{
  g_autoptr (GDir) folder = g_dir_open (path, 0, NULL);
  guint n = 0;

  while (folder != NULL && g_dir_read_name (folder) != NULL)
    n++;
  return n;
}

static void
put (const char *path,
     const char *text)
{
  g_autofree char *folder = g_path_get_dirname (path);

  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  g_assert_true (g_file_set_contents (path, text, -1, NULL));
}

static void
define (Fixture    *fixture,
        const char *name,
        const char *uuid)
{
  g_autofree char *xml = g_strdup_printf (
    "<domain type='qemu'><name>%s</name><uuid>%s</uuid><title>A guest, “quoted”</title><description>Mine</description>"
    "<metadata><x:icon xmlns:x='http://boo/1'>blue</x:icon></metadata><memory unit='MiB'>64</memory><vcpu>1</vcpu>"
    "<os firmware='efi'><type arch='x86_64' machine='q35'>hvm</type></os><features><acpi/></features>"
    "<devices><disk type='file' device='disk'><driver name='qemu' type='qcow2' discard='unmap'/><source file='%s'/>"
    "<target dev='vda' bus='virtio'/><serial>abc</serial></disk>"
    "<disk type='file' device='cdrom'><target dev='sda' bus='sata'/><readonly/></disk>"
    "<interface type='user'><mac address='52:54:00:aa:bb:cc'/><model type='virtio'/></interface>"
    "<channel type='unix'><target type='virtio' name='org.qemu.guest_agent.0'/></channel>"
    "<tpm model='tpm-crb'><backend type='emulator' version='2.0'/></tpm>"
    "<graphics type='vnc'><listen type='none'/></graphics><serial type='pty'/></devices></domain>",
    name, uuid, fixture->disk);
  virDomainPtr domain = virDomainDefineXML (fixture->handle, xml);

  g_assert_nonnull (domain);
  virDomainFree (domain);
}

/* libvirt sorts what it is told once more than what it was told first. */
static void
settle (Fixture    *fixture,
        const char *name)
{
  virDomainPtr domain = virDomainLookupByName (fixture->handle, name);
  char *xml = virDomainGetXMLDesc (domain, VIR_DOMAIN_XML_INACTIVE | VIR_DOMAIN_XML_SECURE);
  virDomainPtr again = virDomainDefineXML (fixture->handle, xml);

  g_assert_nonnull (again);
  virDomainFree (again);
  virDomainFree (domain);
  free (xml);
}

static void
make_snapshot (Fixture    *fixture,
               const char *machine,
               const char *name)
{
  g_autofree char *xml = g_strdup_printf ("<domainsnapshot><name>%s</name></domainsnapshot>", name);
  virDomainPtr domain = virDomainLookupByName (fixture->handle, machine);
  virDomainSnapshotPtr snapshot = virDomainSnapshotCreateXML (domain, xml, 0);

  g_assert_nonnull (snapshot);
  virDomainSnapshotFree (snapshot);
  virDomainFree (domain);
}

static void
undefine (Fixture    *fixture,
          const char *name)
{
  virDomainPtr domain = virDomainLookupByName (fixture->handle, name);

  g_assert_nonnull (domain);
  g_assert_cmpint (virDomainUndefineFlags (domain, VIR_DOMAIN_UNDEFINE_KEEP_NVRAM
                                                   | VIR_DOMAIN_UNDEFINE_SNAPSHOTS_METADATA), ==, 0);
  virDomainFree (domain);
}

static gboolean
has_machine (Fixture    *fixture,
             const char *name)
{
  virDomainPtr domain = virDomainLookupByName (fixture->handle, name);

  if (domain != NULL)
    virDomainFree (domain);
  return domain != NULL;
}

/* The document, without where things are. */
static char *
read_document (Fixture    *fixture,
               const char *name)
{
  virDomainPtr domain = virDomainLookupByName (fixture->handle, name);
  g_autoptr (GRegex) places = g_regex_new ("\\s*<(nvram|source file).*", 0, 0, NULL);
  char *xml = domain != NULL ? virDomainGetXMLDesc (domain, VIR_DOMAIN_XML_INACTIVE | VIR_DOMAIN_XML_SECURE) : NULL;
  char *text;

  g_assert_nonnull (xml);
  text = g_regex_replace (places, xml, -1, 0, "", 0, NULL);
  free (xml);
  virDomainFree (domain);
  return text;
}

/* Each with what it was made after, and a star at the one the machine stands on. */
static char *
read_snapshots (Fixture    *fixture,
                const char *name)
{
  virDomainPtr domain = virDomainLookupByName (fixture->handle, name);
  virDomainSnapshotPtr *snapshots = NULL;
  int n = virDomainListAllSnapshots (domain, &snapshots, VIR_DOMAIN_SNAPSHOT_LIST_TOPOLOGICAL);
  GString *text = g_string_new (NULL);

  for (int i = 0; i < n; i++)
    {
      virDomainSnapshotPtr parent = virDomainSnapshotGetParent (snapshots[i], 0);

      g_string_append_printf (text, "%s<%s%s ", virDomainSnapshotGetName (snapshots[i]),
                              parent != NULL ? virDomainSnapshotGetName (parent) : "",
                              virDomainSnapshotIsCurrent (snapshots[i], 0) == 1 ? "*" : "");
      if (parent != NULL)
        virDomainSnapshotFree (parent);
      virDomainSnapshotFree (snapshots[i]);
    }
  free (snapshots);
  virDomainFree (domain);
  return g_string_free (text, FALSE);
}

static char *
dup_value (Fixture    *fixture,
           const char *name,
           const char *path)
{
  virDomainPtr domain = virDomainLookupByName (fixture->handle, name);
  char *xml = virDomainGetXMLDesc (domain, VIR_DOMAIN_XML_INACTIVE);
  g_autoptr (XenoSpec) spec = xeno_spec_new_from_xml (xml, NULL);
  char *value = xeno_spec_dup_value (spec, path);

  free (xml);
  virDomainFree (domain);
  return value;
}

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  g_autofree char *config = g_build_filename (g_get_user_config_dir (), "libvirt", "qemu", NULL);

  g_assert_nonnull (g_getenv ("XENO_TEST_WORLD"));
  fixture->handle = virConnectOpen (SESSION_URI);
  g_assert_nonnull (fixture->handle);
  fixture->images = g_build_filename (g_get_user_data_dir (), "libvirt", "images", NULL);
  fixture->disk = g_build_filename (g_get_home_dir (), "guest.qcow2", NULL);
  fixture->file = g_build_filename (g_get_home_dir (), "guest.xeno", NULL);
  fixture->nvram = g_build_filename (config, "nvram", "guest_VARS.fd", NULL);
  fixture->tpm = g_build_filename (config, "swtpm", UUID, "tpm2", "tpm2-00.permall", NULL);
  g_assert_cmpint (g_mkdir_with_parents (fixture->images, 0711), ==, 0);
  RUN ("qemu-img", "create", "-q", "-f", "qcow2", fixture->disk, "64M");
  RUN ("qemu-io", "-c", "write -P 7 1M 3M", fixture->disk);
  put (fixture->nvram, NVRAM);
  put (fixture->tpm, STATE);
  define (fixture, "guest", UUID);
  settle (fixture, "guest");
  make_snapshot (fixture, "guest", "one");
  make_snapshot (fixture, "guest", "two");
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  g_autofree char *journal = g_build_filename (g_get_user_state_dir (), "xenolith", "journal", NULL);
  g_autofree char *config = g_build_filename (g_get_user_config_dir (), "libvirt", "qemu", "swtpm", NULL);
  virDomainPtr *domains = NULL;
  int n = virConnectListAllDomains (fixture->handle, &domains, 0);

  for (int i = 0; i < n; i++)
    {
      virDomainUndefineFlags (domains[i], VIR_DOMAIN_UNDEFINE_NVRAM | VIR_DOMAIN_UNDEFINE_SNAPSHOTS_METADATA);
      virDomainFree (domains[i]);
    }
  free (domains);
  g_assert_cmpuint (count_files (journal), ==, 0);
  virConnectClose (fixture->handle);
  RUN ("rm", "-rf", fixture->images, config);
  g_unlink (fixture->disk);
  g_unlink (fixture->file);
  g_unlink (fixture->nvram);
  g_free (fixture->images);
  g_free (fixture->disk);
  g_free (fixture->file);
  g_free (fixture->nvram);
  g_free (fixture->tpm);
}

/* Exported, and gone with all it had. */
static void
send_away (Fixture *fixture)
{
  g_autofree char *line = g_strdup_printf ("export guest '%s'", fixture->file);

  must (line);
  undefine (fixture, "guest");
  g_assert_cmpint (g_unlink (fixture->disk), ==, 0);
  g_unlink (fixture->nvram);
  g_unlink (fixture->tpm);
}

static void
assert_contents (const char *path,
                 const char *text)
{
  g_autofree char *contents = NULL;

  g_assert_true (g_file_get_contents (path, &contents, NULL, NULL));
  g_assert_cmpstr (contents, ==, text);
}

static void
test_comes_back (Fixture       *fixture,
                 gconstpointer  data)
{
  g_autofree char *document = read_document (fixture, "guest");
  g_autofree char *snapshots = read_snapshots (fixture, "guest");
  g_autofree char *sum = checksum (fixture->disk);
  g_autofree char *line = g_strdup_printf ("import '%s' --no-start", fixture->file);
  g_autofree char *named = g_strdup_printf ("import '%s' --no-start --name Other", fixture->file);
  g_autofree char *again = NULL;
  g_autofree char *again_snapshots = NULL;
  g_autofree char *disk = NULL;
  g_autofree char *disk_sum = NULL;
  g_autofree char *nvram = NULL;
  g_autofree char *mac = NULL;
  g_autofree char *uuid = NULL;
  g_autofree char *tpm = NULL;

  g_assert_cmpstr (snapshots, ==, "one< two<one* ");
  send_away (fixture);
  must (line);
  again = read_document (fixture, "guest");
  g_assert_cmpstr (again, ==, document);
  again_snapshots = read_snapshots (fixture, "guest");
  g_assert_cmpstr (again_snapshots, ==, snapshots);
  disk = dup_value (fixture, "guest", "devices/disk/source/@file");
  disk_sum = checksum (disk);
  g_assert_cmpstr (disk_sum, ==, sum);
  nvram = dup_value (fixture, "guest", "os/nvram");
  assert_contents (nvram, NVRAM);
  assert_contents (fixture->tpm, STATE);

  /* Beside it, it is another one. */
  must (named);
  uuid = dup_value (fixture, "Other", "uuid");
  g_assert_cmpstr (uuid, !=, UUID);
  mac = dup_value (fixture, "Other", "devices/interface/mac/@address");
  g_assert_cmpstr (mac, !=, "52:54:00:aa:bb:cc");
  tpm = g_build_filename (g_get_user_config_dir (), "libvirt", "qemu", "swtpm", uuid, "tpm2", "tpm2-00.permall", NULL);
  assert_contents (tpm, STATE);
  g_free (again_snapshots);
  again_snapshots = read_snapshots (fixture, "Other");
  g_assert_cmpstr (again_snapshots, ==, snapshots);
}

/* What stands on another disk is merged, and says what that costs. */
static void
test_linked_disk_is_merged (Fixture       *fixture,
                            gconstpointer  data)
{
  g_autofree char *export = g_strdup_printf ("export Linked '%s'", fixture->file);
  g_autofree char *import = g_strdup_printf ("import '%s' --no-start --name Back", fixture->file);
  g_autofree char *disk = NULL;
  g_auto (Run) run = { 0 };

  must ("clone guest --linked --name Linked");
  make_snapshot (fixture, "Linked", "late");
  run_xeno (&run, export);
  g_assert_cmpstr (run.errors, ==, "xeno: This is not in the file: its snapshots.\n");
  g_assert_cmpint (run.status, ==, 0);
  must (import);
  disk = dup_value (fixture, "Back", "devices/disk/source/@file");
  RUN ("qemu-img", "compare", "-q", "-f", "qcow2", "-F", "qcow2", fixture->disk, disk);
}

/* Nothing of it is there. */
static void
assert_nothing_came (Fixture *fixture)
{
  g_assert_false (has_machine (fixture, "guest"));
  g_assert_cmpuint (count_files (fixture->images), ==, 0);
  g_assert_false (g_file_test (fixture->tpm, G_FILE_TEST_EXISTS));
}

static void
test_damaged_does_not_come (Fixture       *fixture,
                            gconstpointer  data)
{
  g_autofree char *line = g_strdup_printf ("import '%s' --no-start", fixture->file);
  g_autofree char *bytes = NULL;
  g_auto (Run) run = { 0 };
  gsize length;

  send_away (fixture);
  g_assert_true (g_file_get_contents (fixture->file, &bytes, &length, NULL));
  bytes[length - 600 * 1024]++;
  g_assert_true (g_file_set_contents (fixture->file, bytes, length, NULL));
  run_xeno (&run, line);
  g_assert_cmpint (run.status, ==, 1);
  g_assert_nonnull (strstr (run.errors, "was damaged or changed"));
  assert_nothing_came (fixture);
}

typedef struct
{
  Fixture *fixture;
  XenoJob *job;
  gboolean has_acted;
} Moment;

static XenoRestore *
open_archive (Fixture *fixture)
{
  g_autoptr (GFile) file = g_file_new_for_path (fixture->file);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (XenoMedia) media = NULL;
  g_autoptr (GError) error = NULL;
  GAsyncResult *pending = NULL;

  xeno_media_open_async (file, NULL, xeno_test_result_cb, &pending);
  result = xeno_test_await (&pending);
  media = xeno_media_open_finish (result, &error);
  g_assert_no_error (error);
  return xeno_restore_new (media);
}

/* As soon as there is a file of it. */
static gboolean
has_begun (Moment *moment)
{
  if (moment->has_acted || count_files (moment->fixture->images) == 0)
    return FALSE;
  return moment->has_acted = TRUE;
}

static void
cancel_cb (Moment *moment)
{
  if (has_begun (moment))
    xeno_job_cancel (moment->job);
}

static void
take_uuid_cb (Moment *moment)
{
  if (has_begun (moment))
    define (moment->fixture, "stranger", UUID);
}

static void
build (Fixture    *fixture,
       void      (*act) (Moment *moment),
       GError    **error)
{
  XenoConnection *connection = open_session ();
  g_autoptr (XenoRestore) restore = open_archive (fixture);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (XenoMachine) machine = NULL;
  GAsyncResult *pending = NULL;
  Moment moment = { fixture, NULL, FALSE };

  moment.job = xeno_builder_start (connection, XENO_PLAN (restore), FALSE, xeno_test_result_cb, &pending);
  g_signal_connect_swapped (moment.job, "notify", G_CALLBACK (act), &moment);
  result = xeno_test_await (&pending);
  machine = xeno_builder_finish (result, error);
  g_assert_true (moment.has_acted);
  g_assert_null (machine);
  g_object_unref (moment.job);
  g_clear_object (&result);
  g_assert_finalize_object (connection);
}

static void
test_cancelled_leaves_nothing (Fixture       *fixture,
                               gconstpointer  data)
{
  g_autoptr (GError) error = NULL;

  send_away (fixture);
  build (fixture, cancel_cb, &error);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  assert_nothing_came (fixture);
}

/* Whoever was faster with the same UUID keeps the machine. */
static void
test_undoing_leaves_others_alone (Fixture       *fixture,
                                  gconstpointer  data)
{
  g_autoptr (GError) error = NULL;

  send_away (fixture);
  build (fixture, take_uuid_cb, &error);
  g_assert_error (error, XENO_ERROR, XENO_ERROR_EXISTS);
  g_assert_true (has_machine (fixture, "stranger"));
  assert_nothing_came (fixture);
}

static const struct
{
  const char *path;
  void      (*test) (Fixture       *fixture,
                     gconstpointer  data);
} tests[] = {
  { "/xeno/archive/a-machine-comes-back-as-it-was", test_comes_back },
  { "/xeno/archive/a-linked-disk-is-merged", test_linked_disk_is_merged },
  { "/xeno/archive/what-is-damaged-does-not-come", test_damaged_does_not_come },
  { "/xeno/archive/cancelled-nothing-stays", test_cancelled_leaves_nothing },
  { "/xeno/archive/undoing-leaves-others-alone", test_undoing_leaves_others_alone },
};

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Fixture, NULL, set_up, tests[i].test, tear_down);

  return g_test_run ();
}
