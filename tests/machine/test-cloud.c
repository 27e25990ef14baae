/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Cloud images, from the command to the guest: it finds its seed, and has its disk; the image stays as it was. */
#include "config.h"

#include <crypt.h>
#include <locale.h>
#include <string.h>
#include <sys/stat.h>

#include <glib/gstdio.h>
#include <libvirt/libvirt.h>

#include "machine/daemon-fixture.h"
#include "support/xeno-test.h"
#include "virt/xeno-delete-plan.h"
#include "virt/xeno-trash.h"

#define PASSWORD "geheim \"'\\ ä"
#define KEY      "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f anna@desk"
#define GIB      (G_GUINT64_CONSTANT (1) << 30)

/* What a guest reports of itself, where its serial port leads to. */
static const char script[] =
  "{ echo \"host=$(hostname)\"\n"
  "echo \"shadow=$(getent shadow anna | cut -d: -f2)\"\n"
  "echo \"groups=$(id -nG anna)\"\n"
  "echo \"sudo=$(runuser -u anna -- sudo -n id -u)\"\n"
  "echo \"key=$(cat ~anna/.ssh/authorized_keys)\"\n"
  "echo \"disk=$(lsblk -bdno SIZE /dev/vda)\"\n"
  "echo \"grown=$(df -B1 --output=size / | tail -1)\"\n"
  "echo \"zone=$(cat /etc/timezone)\"\n"
  "echo \"uuid=$(cat /var/lib/cloud/data/instance-id)\"\n"
  "echo END; } >/dev/ttyS0\n";

typedef struct
{
  XenoConnection *connection;
  XenoMachine    *machine;
  char           *image;
  char           *checksum;
  char           *port; /* what the guest says on its serial port */
} Fixture;

static char *
write_home_file (const char *name,
                 const char *text)
{
  char *path = g_build_filename (g_get_home_dir (), name, NULL);

  g_assert_true (g_file_set_contents (path, text, -1, NULL));
  return path;
}

/* The password comes by standard input, so nowhere else. */
static char *
create (const char *image,
        const char *more)
{
  g_autofree char *key = write_home_file ("key.pub", KEY "\n");
  g_autofree char *run = write_home_file ("run.sh", script);
  const char *argv[] = {
    "sh", "-c", "printf '%s\\n' \"$PASSWORD\" | \"$XENO\" --connect " SESSION_URI " create --cloud \"$IMAGE\" "
    "--name 'Cloud <1>' --user anna --password-stdin --ssh-key \"$KEY\" --run \"$RUN\" --disk-size 4G --cpus 2 "
    "--memory 512M --no-start $MORE", NULL
  };
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE);
  g_autoptr (GSubprocess) process = NULL;
  g_autoptr (GError) error = NULL;
  char *output = NULL;

  g_subprocess_launcher_setenv (launcher, "PASSWORD", PASSWORD, TRUE);
  g_subprocess_launcher_setenv (launcher, "XENO", g_getenv ("XENO_TEST_XENO"), TRUE);
  g_subprocess_launcher_setenv (launcher, "IMAGE", image, TRUE);
  g_subprocess_launcher_setenv (launcher, "KEY", key, TRUE);
  g_subprocess_launcher_setenv (launcher, "RUN", run, TRUE);
  g_subprocess_launcher_setenv (launcher, "MORE", more, TRUE);
  process = g_subprocess_launcher_spawnv (launcher, argv, &error);
  g_assert_no_error (error);
  g_subprocess_communicate_utf8 (process, NULL, NULL, &output, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (g_subprocess_get_exit_status (process), ==, 0);
  g_unlink (key);
  g_unlink (run);
  return g_strstrip (output);
}

static char *
sum (const char *path)
{
  g_autofree char *bytes = NULL;
  gsize length;

  g_assert_true (g_file_get_contents (path, &bytes, &length, NULL));
  return g_compute_checksum_for_data (G_CHECKSUM_SHA256, (const guchar *) bytes, length);
}

static void
replace (char       **text,
         const char  *from,
         const char  *to)
{
  g_autoptr (GString) string = g_string_new (*text);

  g_assert_cmpuint (g_string_replace (string, from, to, 1), ==, 1);
  g_free (*text);
  *text = g_string_free (g_steal_pointer (&string), FALSE);
}

/* Its serial port into a file; and firmware looks only at discs that may be booted from. */
static void
open_ears (Fixture  *fixture,
           gboolean  has_firmware_eyes)
{
  g_autofree char *port = g_strdup_printf ("<serial type='file'><source path='%s'/>", fixture->port);
  virConnectPtr outside = virConnectOpen (SESSION_URI);
  virDomainPtr domain = virDomainLookupByUUIDString (outside, xeno_machine_get_uuid (fixture->machine));
  g_autofree char *xml = virDomainGetXMLDesc (domain, VIR_DOMAIN_XML_INACTIVE);

  replace (&xml, "<serial type='pty'>", port);
  replace (&xml, "<console type='pty'>", "<console type='file'>");
  if (has_firmware_eyes)
    replace (&xml, "<target dev='sdc' bus='scsi'/>", "<target dev='sdc' bus='scsi'/><boot order='9'/>");
  virDomainFree (domain);
  domain = virDomainDefineXML (outside, xml);
  g_assert_nonnull (domain);
  virDomainFree (domain);
  virConnectClose (outside);
}

static void
set_up (Fixture    *fixture,
        const char *image,
        const char *more)
{
  g_autofree char *name = NULL;

  fixture->image = g_strdup (image);
  fixture->checksum = sum (image);
  fixture->port = write_home_file ("port", "");
  name = create (image, more);
  fixture->connection = open_session ();
  fixture->machine = g_object_ref (xeno_connection_find_machine (fixture->connection, name, NULL));
  g_assert_cmpstr (xeno_machine_get_title (fixture->machine), ==, "Cloud <1>");
}

static char *
dup_seed_path (Fixture *fixture)
{
  g_autofree char *name = g_strconcat (xeno_machine_get_uuid (fixture->machine), "-seed.iso", NULL);

  return g_build_filename (g_get_user_data_dir (), "libvirt", "images", name, NULL);
}

static void
delete_with_files (Fixture *fixture)
{
  GAsyncResult *pending = NULL;
  g_autoptr (GAsyncResult) planned = NULL;
  g_autoptr (GAsyncResult) deleted = NULL;
  g_autoptr (GAsyncResult) purged = NULL;
  g_autoptr (GPtrArray) fates = NULL;
  g_autoptr (GPtrArray) paths = g_ptr_array_new ();
  g_autofree char *seed = dup_seed_path (fixture);
  g_autofree char *trash_id = NULL;
  g_autoptr (GError) error = NULL;
  gboolean has_seed = FALSE;

  xeno_machine_plan_delete_async (fixture->machine, NULL, xeno_test_result_cb, &pending);
  planned = xeno_test_await (&pending);
  fates = xeno_machine_plan_delete_finish (fixture->machine, planned, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < fates->len; i++)
    {
      XenoDiskFate *fate = g_ptr_array_index (fates, i);

      g_test_message ("%s: %s", fate->path, fate->reason);
      g_assert_cmpint (fate->remove, ==, !g_str_equal (fate->path, fixture->image));
      has_seed |= g_str_equal (fate->path, seed);
      if (fate->remove)
        g_ptr_array_add (paths, fate->path);
    }
  g_assert_true (has_seed);
  g_assert_cmpuint (paths->len, ==, 2);

  g_ptr_array_add (paths, NULL);
  xeno_machine_delete_async (fixture->machine, (const char * const *) paths->pdata, NULL, xeno_test_result_cb,
                             &pending);
  deleted = xeno_test_await (&pending);
  trash_id = xeno_machine_delete_finish (fixture->machine, deleted, &error);
  g_assert_no_error (error);
  xeno_storage_purge_async (fixture->connection, trash_id, NULL, xeno_test_result_cb, &pending);
  purged = xeno_test_await (&pending);
  xeno_storage_purge_finish (fixture->connection, purged, &error);
  g_assert_no_error (error);
  g_assert_false (g_file_test (seed, G_FILE_TEST_EXISTS));
}

static void
tear_down (Fixture *fixture)
{
  g_autofree char *checksum = NULL;

  delete_with_files (fixture);
  checksum = sum (fixture->image);
  g_assert_cmpstr (checksum, ==, fixture->checksum);
  g_object_unref (fixture->machine);
  xeno_connection_close (fixture->connection);
  g_object_unref (fixture->connection);
  g_unlink (fixture->port);
  g_free (fixture->image);
  g_free (fixture->checksum);
  g_free (fixture->port);
}

/* Of the guest: it says something more, or all. */
typedef struct
{
  const char *path;
  char       *said;
  gsize       length;
} Report;

static gboolean
has_said_more (gpointer data)
{
  Report *report = data;
  gsize before = report->length;

  g_free (report->said);
  g_assert_true (g_file_get_contents (report->path, &report->said, &report->length, NULL));
  return report->length > before;
}

static char *
hear (Fixture *fixture)
{
  Report report = { fixture->port, NULL, 0 };

  do_verb (fixture->machine, "start");
  while (report.said == NULL || strstr (report.said, "\nEND") == NULL)
    xeno_test_until (has_said_more, &report);
  do_verb (fixture->machine, "force-off");
  for (char *p = report.said; *p != '\0'; p++)
    if (*p == '\r')
      *p = '\n';
  return report.said;
}

static char *
dup_said (const char *said,
          const char *key)
{
  const char *start = strstr (said, key);

  g_assert_nonnull (start);
  start += strlen (key);
  return g_strndup (start, strcspn (start, "\n"));
}

static void
assert_said (const char *said,
             const char *key,
             const char *value)
{
  g_autofree char *words = dup_said (said, key);

  g_test_message ("%s%s", key, words);
  g_assert_cmpstr (words, ==, value);
}

static void
assert_is_password (const char *hash)
{
  struct crypt_data data = { 0 };

  g_assert_true (g_str_has_prefix (hash, "$6$"));
  g_assert_cmpstr (crypt_rn (PASSWORD, hash, &data, sizeof data), ==, hash);
}

/* A guest of a sector, which sees through its firmware. */
static void
test_boots_with_its_seed (void)
{
  Fixture fixture = { NULL };
  g_autofree char *seed = NULL;
  g_autofree char *said = NULL;
  g_autofree char *hash = NULL;
  g_autofree char *instance = NULL;
  GStatBuf info;

  set_up (&fixture, g_getenv ("XENO_TEST_CLOUD_IMAGE"), "");
  seed = dup_seed_path (&fixture);
  g_assert_cmpint (g_stat (seed, &info), ==, 0);
  g_assert_cmpint (info.st_mode & 0777, ==, 0600);
  g_assert_cmpuint (info.st_uid, ==, getuid ());

  open_ears (&fixture, TRUE);
  said = hear (&fixture);
  g_assert_true (g_str_has_prefix (said, "00800000\n")); /* sectors: 4 GiB, where the image has one MiB */
  assert_said (said, "hostname: ", "\"cloud-1\"");
  assert_said (said, "  name: ", "\"anna\"");
  assert_said (said, "- ", "\"" KEY "\"");
  hash = dup_said (said, "hashed_passwd: \"");
  hash[strlen (hash) - 1] = '\0';
  assert_is_password (hash);
  instance = g_strdup_printf ("\"%s\"", xeno_machine_get_uuid (fixture.machine));
  assert_said (said, "instance-id: ", instance);
  tear_down (&fixture);
}

/* @line is the shell's, with the password on standard input; returns how it ended. */
static int
run_line (const char  *line,
          char       **errors)
{
  const char *argv[] = { "sh", "-c", line, NULL };
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDIN_PIPE
                                                                        | G_SUBPROCESS_FLAGS_STDOUT_SILENCE
                                                                        | G_SUBPROCESS_FLAGS_STDERR_PIPE);
  g_autoptr (GSubprocess) process = NULL;
  g_autoptr (GError) error = NULL;

  g_subprocess_launcher_setenv (launcher, "XENO", g_getenv ("XENO_TEST_XENO"), TRUE);
  process = g_subprocess_launcher_spawnv (launcher, argv, &error);
  g_assert_no_error (error);
  g_subprocess_communicate_utf8 (process, PASSWORD "\n", NULL, NULL, errors, &error);
  g_assert_no_error (error);
  return g_subprocess_get_exit_status (process);
}

/* Without a machine, and without libvirt. */
static void
test_seed_alone (void)
{
  static const struct
  {
    const char *line;
    int         status;
    const char *words; /* NULL: it works */
  } lines[] = {
    { "\"$XENO\" cloud-seed --user anna --password-stdin --hostname box --output ~/seed", 0, NULL },
    { "\"$XENO\" cloud-seed --user anna --password-stdin --hostname box --output ~/seed", 1, "is there already" },
    { "\"$XENO\" cloud-seed --user anna --hostname box --output ~/other", 1, "nobody could log in" },
    { "\"$XENO\" cloud-seed --user anna --hostname box --password-stdin --output ~/other </dev/null", 1,
      "no password on standard input" },
    { "\"$XENO\" cloud-seed --user 'a: b' --password-stdin --hostname box --output ~/other", 1, "User name: " },
    { "\"$XENO\" cloud-seed --user anna --password-stdin --hostname box --ssh-key ~/none.pub --output ~/other", 1,
      "cannot be read" },
    { "\"$XENO\" cloud-seed --user anna --password-stdin --hostname box --user-data /etc/passwd --output ~/other", 1,
      "first line" },
    { "\"$XENO\" cloud-seed --user anna --password-stdin --hostname box --output /proc/none", 1, "cannot be written" },
    { "\"$XENO\" cloud-seed --user anna --password-stdin --hostname box", 2, "--output FOLDER" },
    { "\"$XENO\" create --iso ~/x.iso --user anna", 2, "--cloud FILE" },
  };
  g_autofree char *folder = g_build_filename (g_get_home_dir (), "seed", NULL);
  g_autofree char *other = g_build_filename (g_get_home_dir (), "other", NULL);
  g_autofree char *path = g_build_filename (folder, "seed.iso", NULL);
  GStatBuf info;

  for (gsize i = 0; i < G_N_ELEMENTS (lines); i++)
    {
      g_autofree char *errors = NULL;
      int status = run_line (lines[i].line, &errors);

      g_test_message ("%s: %s", lines[i].line, errors);
      g_assert_cmpint (status, ==, lines[i].status);
      g_assert_null (strstr (errors, PASSWORD));
      if (lines[i].words != NULL)
        g_assert_nonnull (strstr (errors, lines[i].words));
    }
  g_assert_cmpint (g_stat (path, &info), ==, 0);
  g_assert_cmpint (info.st_mode & 0777, ==, 0600);
  g_assert_false (g_file_test (other, G_FILE_TEST_EXISTS)); /* nothing is begun that cannot be done */
  g_unlink (path);
  g_rmdir (folder);
}

/* A Debian, and the cloud-init that Debian has. */
static void
test_debian_does_what_it_is_told (void)
{
  Fixture fixture = { NULL };
  g_autofree char *own = NULL;
  g_autofree char *more = NULL;
  g_autofree char *said = NULL;
  g_autofree char *hash = NULL;
  g_autofree char *groups = NULL;
  g_autofree char *root = NULL;

  if (g_getenv ("XENO_TEST_CLOUD_GUEST") == NULL)
    {
      g_test_skip ("./setup.sh test --guests builds the guest first");
      return;
    }

  own = write_home_file ("own.yaml", "#cloud-config\ntimezone: Europe/Berlin\nhostname: mine\n");
  more = g_strdup_printf ("--user-data %s --hostname other", own);
  set_up (&fixture, g_getenv ("XENO_TEST_CLOUD_GUEST"), more);
  open_ears (&fixture, FALSE);
  said = hear (&fixture);
  assert_said (said, "host=", "mine"); /* the person's own document goes first */
  assert_said (said, "zone=", "Europe/Berlin");
  assert_said (said, "sudo=", "0");
  assert_said (said, "key=", KEY);
  assert_said (said, "disk=", "4294967296");
  assert_said (said, "uuid=", xeno_machine_get_uuid (fixture.machine));
  groups = dup_said (said, "groups=");
  g_assert_nonnull (strstr (groups, "sudo"));
  hash = dup_said (said, "shadow=");
  assert_is_password (hash);
  root = dup_said (said, "grown=");
  g_assert_cmpuint (g_ascii_strtoull (root, NULL, 10), >, 3 * GIB); /* it grew with its disk */
  tear_down (&fixture);
  g_unlink (own);
}

int
main (int    argc,
      char **argv)
{
  setlocale (LC_ALL, "C.UTF-8");
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/xeno/cloud/a-seed-is-made-alone-or-refused-in-words", test_seed_alone);
  g_test_add_func ("/xeno/cloud/a-guest-boots-with-its-seed-and-its-disk", test_boots_with_its_seed);
  g_test_add_func ("/xeno/cloud/a-debian-does-what-it-is-told", test_debian_does_what_it_is_told);
  return g_test_run ();
}
