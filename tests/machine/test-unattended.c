/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A system that installs itself, from the command to QEMU: its installer runs, and nothing of it stays. */
#include "config.h"

#include <locale.h>
#include <string.h>

#include <glib/gstdio.h>
#include <libvirt/libvirt.h>

#include "machine/daemon-fixture.h"
#include "support/xeno-test.h"

#define PASSWORD "gehe1m"

/* What a loader of Linux takes for a kernel: it does nothing for ever. */
static GBytes *
make_kernel (void)
{
  static const guint8 header[] = {
    0xeb, 0xfe,             /* where it begins: it stays there */
    'H', 'd', 'r', 'S', 0x02, 0x02, 0, 0, 0, 0, 0, 0x10, 0, 0,
    0, 0x01, 0, 0x80,       /* the rest goes above the first MiB */
    0, 0, 0x10, 0,
  };
  guint8 *bytes = g_malloc0 (4096);

  bytes[0x1f1] = 1; /* sectors of the header behind the first */
  bytes[0x1f4] = 1;
  bytes[0x1fe] = 0x55;
  bytes[0x1ff] = 0xaa;
  memcpy (bytes + 0x200, header, sizeof header);
  return g_bytes_new_take (bytes, 4096);
}

static char *
write_file (const char *folder,
            const char *name,
            GBytes     *bytes)
{
  char *path = g_build_filename (folder, name, NULL);
  gsize length = g_bytes_get_size (bytes);

  g_assert_true (g_file_set_contents (path, g_bytes_get_data (bytes, NULL), length, NULL));
  g_bytes_unref (bytes);
  return path;
}

static char *
make_disc (const char *folder,
           GBytes     *kernel_bytes)
{
  g_autofree char *tree = g_build_filename (folder, "tree", NULL);
  g_autofree char *disc = g_build_filename (folder, "installer.iso", NULL);
  g_autofree char *kernel = NULL;
  g_autofree char *initrd = NULL;
  const char *argv[] = { "xorriso", "-as", "mkisofs", "-quiet", "-r", "-V", "Debian 11.3.0 amd64 n", "-o", disc,
                         "-b", "vmlinuz", "-no-emul-boot", tree, NULL };
  g_autoptr (GError) error = NULL;
  int status;

  g_assert_cmpint (g_mkdir_with_parents (tree, 0700), ==, 0);
  kernel = write_file (tree, "vmlinuz", kernel_bytes);
  initrd = write_file (tree, "initrd.gz", g_bytes_new_static ("RAM disk", strlen ("RAM disk")));
  g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_SEARCH_PATH | G_SPAWN_STDERR_TO_DEV_NULL, NULL, NULL, NULL, NULL,
                &status, &error);
  g_assert_no_error (error);
  g_assert_true (g_spawn_check_wait_status (status, &error));
  g_unlink (kernel);
  g_unlink (initrd);
  g_rmdir (tree);
  return g_steal_pointer (&disc);
}

/* The password comes by standard input, so nowhere else. */
static char *
create (const char *disc,
        int         status)
{
  g_autoptr (GSubprocess) process = NULL;
  g_autoptr (GError) error = NULL;
  char *output = NULL;

  process = g_subprocess_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error,
                              g_getenv ("XENO_TEST_XENO"), "--connect", SESSION_URI, "create", "--iso", disc, "--anyway",
                              "--unattended", "--user", "anna", "--password-stdin", "--hostname", "box", "--memory",
                              "64M", "--disk-size", "1G", NULL);
  g_assert_no_error (error);
  g_subprocess_communicate_utf8 (process, PASSWORD "\n", NULL, &output, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (g_subprocess_get_exit_status (process), ==, status);
  return g_strchomp (output);
}

static void
assert_nobody_knows_the_password (const char *path)
{
  g_autoptr (GDir) folder = g_dir_open (path, 0, NULL);
  g_autofree char *bytes = NULL;
  const char *name;
  gsize length;

  while (folder != NULL && (name = g_dir_read_name (folder)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      assert_nobody_knows_the_password (child);
    }
  if (folder == NULL && g_file_test (path, G_FILE_TEST_IS_REGULAR) && g_file_get_contents (path, &bytes, &length, NULL)
      && memmem (bytes, length, PASSWORD, strlen (PASSWORD)) != NULL)
    g_error ("%s has the password", path);
}

/* What runs is the installer; what starts the next time is the disk. */
static void
test_installs_itself (void)
{
  g_autofree char *folder = g_dir_make_tmp ("xeno-unattended-XXXXXX", NULL);
  g_autofree char *disc = make_disc (folder, make_kernel ());
  g_autofree char *name = create (disc, 0);
  virConnectPtr outside = virConnectOpen (SESSION_URI);
  virDomainPtr domain = virDomainLookupByName (outside, name);
  g_autofree char *running = NULL;
  g_autofree char *next = NULL;

  g_assert_nonnull (domain);
  g_assert_cmpint (virDomainIsActive (domain), ==, 1);
  running = virDomainGetXMLDesc (domain, 0);
  next = virDomainGetXMLDesc (domain, VIR_DOMAIN_XML_INACTIVE);

  g_assert_nonnull (strstr (running, "-kernel</kernel>"));
  g_assert_nonnull (strstr (running, "-initrd</initrd>"));
  g_assert_nonnull (strstr (running, "<cmdline>auto=box</cmdline>"));
  g_assert_nonnull (strstr (running, "<on_reboot>destroy</on_reboot>"));
  g_assert_nonnull (strstr (running, disc));
  g_assert_null (strstr (next, "<kernel>"));
  g_assert_null (strstr (next, "<initrd>"));
  g_assert_null (strstr (next, "<cmdline>"));
  g_assert_nonnull (strstr (next, "<on_reboot>restart</on_reboot>"));
  g_assert_null (strstr (next, "installer.iso'/>"));
  assert_nobody_knows_the_password (g_get_home_dir ());

  virDomainDestroy (domain);
  virDomainUndefine (domain);
  virDomainFree (domain);
  virConnectClose (outside);
  g_unlink (disc);
  g_rmdir (folder);
}

/* What did not start is a machine as any other, with the disc in its drive. */
static void
test_does_not_start (void)
{
  g_autofree char *folder = g_dir_make_tmp ("xeno-unattended-XXXXXX", NULL);
  g_autofree char *disc = make_disc (folder, g_bytes_new_static ("no kernel", strlen ("no kernel")));
  g_autofree char *name = create (disc, 1);
  virConnectPtr outside = virConnectOpen (SESSION_URI);
  virDomainPtr domain = virDomainLookupByName (outside, "Debian-11");
  g_autofree char *next = NULL;

  g_assert_cmpstr (name, ==, "");
  g_assert_nonnull (domain);
  g_assert_cmpint (virDomainIsActive (domain), ==, 0);
  next = virDomainGetXMLDesc (domain, VIR_DOMAIN_XML_INACTIVE);
  g_assert_null (strstr (next, "<kernel>"));
  g_assert_nonnull (strstr (next, "<on_reboot>restart</on_reboot>"));
  g_assert_nonnull (strstr (next, "installer.iso'/>"));
  assert_nobody_knows_the_password (g_get_home_dir ());

  virDomainUndefine (domain);
  virDomainFree (domain);
  virConnectClose (outside);
  g_unlink (disc);
  g_rmdir (folder);
}

int
main (int    argc,
      char **argv)
{
  setlocale (LC_ALL, "C.UTF-8");
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/xeno/unattended/a-system-installs-itself-and-nothing-of-it-stays", test_installs_itself);
  g_test_add_func ("/xeno/unattended/what-does-not-start-is-a-machine-as-any-other", test_does_not_start);
  return g_test_run ();
}
