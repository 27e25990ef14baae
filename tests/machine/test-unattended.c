/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A system that installs itself, from the command to QEMU: its installer reads what it is told, and nothing of it
 * stays. */
#include "config.h"

#include <fcntl.h>
#include <locale.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include <libvirt/libvirt.h>

#include "machine/daemon-fixture.h"
#include "machine/installer-disc.h"
#include "support/xeno-test.h"

#define PASSWORD "gehe1m"

typedef struct
{
  char          *folder;
  char          *disc;
  virConnectPtr  outside;
  virDomainPtr   domain;
  GSubprocess   *xeno;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  label)
{
  fixture->folder = g_dir_make_tmp ("xeno-unattended-XXXXXX", NULL);
  fixture->outside = virConnectOpen (SESSION_URI);
  g_assert_nonnull (fixture->outside);
  fixture->disc = make_installer_disc (fixture->folder, label, NULL);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  label)
{
  if (fixture->domain != NULL)
    {
      virDomainDestroy (fixture->domain);
      virDomainUndefine (fixture->domain);
      virDomainFree (fixture->domain);
    }
  g_clear_object (&fixture->xeno);
  virConnectClose (fixture->outside);
  xeno_test_remove_tree (fixture->folder);
  g_free (fixture->disc);
  g_free (fixture->folder);
}

/* The command */

/* The password comes by standard input, so nowhere else. */
static void
start_creation (Fixture    *fixture,
                const char *more)
{
  g_autoptr (GError) error = NULL;
  GOutputStream *input;

  fixture->xeno = g_subprocess_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error,
                                    g_getenv ("XENO_TEST_XENO"), "--connect", SESSION_URI, "create", "--iso",
                                    fixture->disc, "--anyway", "--unattended", "--user", "anna", "--password-stdin",
                                    "--name", "Box", "--memory", "64M", "--disk-size", "1G", more, NULL);
  g_assert_no_error (error);
  input = g_subprocess_get_stdin_pipe (fixture->xeno);
  g_assert_true (g_output_stream_write_all (input, PASSWORD "\n", strlen (PASSWORD "\n"), NULL, NULL, &error));
  g_assert_true (g_output_stream_close (input, NULL, &error));
}

static void
end_creation (Fixture *fixture,
              int      status)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (g_subprocess_wait (fixture->xeno, NULL, &error));
  g_assert_cmpint (g_subprocess_get_exit_status (fixture->xeno), ==, status);
}

/* The kernel and what it has read, or the discs and floppies, are out of what is started the next time. */
static gboolean
is_put_away (gpointer data)
{
  Fixture *fixture = data;
  g_autofree char *next = NULL;

  if (fixture->domain == NULL)
    {
      virDomainPtr *domains = NULL;

      if (virConnectListAllDomains (fixture->outside, &domains, VIR_CONNECT_LIST_DOMAINS_ACTIVE) == 1)
        fixture->domain = domains[0];
      free (domains);
    }
  if (fixture->domain != NULL)
    next = virDomainGetXMLDesc (fixture->domain, VIR_DOMAIN_XML_INACTIVE);
  return next != NULL && strstr (next, "<kernel>") == NULL && strstr (next, "<cmdline>") == NULL
         && strstr (next, "<on_reboot>restart</on_reboot>") != NULL && strstr (next, "answers") == NULL
         && strstr (next, "installer.iso'/>") == NULL;
}

static gboolean
knows_the_password (const char *path)
{
  g_autoptr (GDir) folder = g_dir_open (path, 0, NULL);
  g_autofree char *bytes = NULL;
  const char *name;
  gsize length;

  while (folder != NULL && (name = g_dir_read_name (folder)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      if (knows_the_password (child))
        return TRUE;
    }
  return folder == NULL && g_file_test (path, G_FILE_TEST_IS_REGULAR)
         && g_file_get_contents (path, &bytes, &length, NULL)
         && memmem (bytes, length, PASSWORD, strlen (PASSWORD)) != NULL;
}

static gboolean
nobody_knows_the_password (gpointer data)
{
  return !knows_the_password (g_get_home_dir ());
}

/* The guest */

static void
press (int  port,
       char key)
{
  g_assert_cmpint (write (port, &key, 1), ==, 1);
}

static gboolean
is_off (gpointer data)
{
  return virDomainIsActive (((Fixture *) data)->domain) != 1;
}

/* Nothing of it is left where it was made. */
static gboolean
is_gone (gpointer data)
{
  Fixture *fixture = data;
  g_autofree char *images = g_build_filename (g_get_user_data_dir (), "libvirt", "images", NULL);
  g_autoptr (GDir) folder = g_dir_open (images, 0, NULL);

  return virConnectNumOfDomains (fixture->outside) + virConnectNumOfDefinedDomains (fixture->outside) == 0
         && (folder == NULL || g_dir_read_name (folder) == NULL);
}

static void
remove_disk (Fixture *fixture)
{
  g_autofree char *images = g_build_filename (g_get_user_data_dir (), "libvirt", "images", NULL);

  xeno_test_remove_tree (images);
  g_assert_cmpint (g_mkdir_with_parents (images, 0700), ==, 0);
}

/* What the installer reads, how it ends, and what it says: by what is on the disc. */
static void
install (Fixture    *fixture,
         const char *answers,
         char        end)
{
  g_autofree char *running = NULL;
  int port;

  start_creation (fixture, NULL);
  xeno_test_until (is_put_away, fixture);
  port = open_installer_port (fixture->domain);
  hear_installer (port, answers);
  xeno_test_until (nobody_knows_the_password, fixture); /* though the guest goes on reading it */
  hear_installer (port, answers);
  g_assert_cmpint (virDomainIsActive (fixture->domain), ==, 1);
  press (port, end);
  end_creation (fixture, 0);
  close (port);

  g_assert_cmpint (virDomainIsActive (fixture->domain), ==, 1);
  running = virDomainGetXMLDesc (fixture->domain, 0);
  g_assert_null (strstr (running, "<kernel>"));
  g_assert_null (strstr (running, "answers"));
  g_assert_null (strstr (running, "installer.iso'/>"));
  g_assert_nonnull (strstr (running, "<on_reboot>restart</on_reboot>"));
  remove_disk (fixture);
}

static void
test_installs_itself (Fixture       *fixture,
                      gconstpointer  label)
{
  install (fixture, "user=anna", 'r');
}

static void
test_installs_from_floppy (Fixture       *fixture,
                           gconstpointer  label)
{
  install (fixture, "AdminPassword=" PASSWORD, 'o');
}

static void
test_is_cancelled (Fixture       *fixture,
                   gconstpointer  label)
{
  start_creation (fixture, NULL);
  xeno_test_until (is_put_away, fixture);
  g_subprocess_send_signal (fixture->xeno, SIGINT);
  end_creation (fixture, 1);
  xeno_test_until (is_gone, fixture);
  g_assert_false (knows_the_password (g_get_home_dir ()));
  g_clear_pointer (&fixture->domain, virDomainFree);
}

/* Who pulls its plug installs it himself: the disc is there again. */
static void
test_is_switched_off (Fixture       *fixture,
                      gconstpointer  label)
{
  g_autofree char *next = NULL;

  start_creation (fixture, NULL);
  xeno_test_until (is_put_away, fixture);
  xeno_test_until (nobody_knows_the_password, fixture);
  virDomainDestroy (fixture->domain);
  end_creation (fixture, 1);
  g_assert_cmpint (virDomainIsActive (fixture->domain), ==, 0);
  next = virDomainGetXMLDesc (fixture->domain, VIR_DOMAIN_XML_INACTIVE);
  g_assert_nonnull (strstr (next, "installer.iso'/>"));
  g_assert_null (strstr (next, "<kernel>"));
  remove_disk (fixture);
}

/* A command that waits for nothing leaves a machine behind that is off when it is done. */
static void
test_goes_on_alone (Fixture       *fixture,
                    gconstpointer  label)
{
  int port;

  start_creation (fixture, "--no-wait");
  end_creation (fixture, 0);
  g_assert_true (is_put_away (fixture));
  g_assert_false (knows_the_password (g_get_home_dir ()));
  port = open_installer_port (fixture->domain);
  press (port, 'r');
  xeno_test_until (is_off, fixture);
  close (port);
  remove_disk (fixture);
}

/* What did not start is a machine as any other, with the disc in its drive. */
static void
test_does_not_start (Fixture       *fixture,
                     gconstpointer  label)
{
  g_autofree char *next = NULL;

  g_free (fixture->disc);
  fixture->disc = make_installer_disc (fixture->folder, label, "no kernel");
  start_creation (fixture, NULL);
  end_creation (fixture, 1);
  fixture->domain = virDomainLookupByName (fixture->outside, "Box");
  g_assert_nonnull (fixture->domain);
  g_assert_cmpint (virDomainIsActive (fixture->domain), ==, 0);
  next = virDomainGetXMLDesc (fixture->domain, VIR_DOMAIN_XML_INACTIVE);
  g_assert_null (strstr (next, "<kernel>"));
  g_assert_nonnull (strstr (next, "<on_reboot>restart</on_reboot>"));
  g_assert_nonnull (strstr (next, "installer.iso'/>"));
  g_assert_false (knows_the_password (g_get_home_dir ()));
  remove_disk (fixture);
}

#define LINUX_LABEL   "Debian 11.3.0 amd64 n"
#define WINDOWS_LABEL "WXPVOL_EN"

static const struct
{
  const char *path;
  const char *label;
  void      (*test) (Fixture       *fixture,
                     gconstpointer  label);
} tests[] = {
  { "/xeno/unattended/a-system-installs-itself-and-nothing-of-it-stays", LINUX_LABEL, test_installs_itself },
  { "/xeno/unattended/an-old-windows-is-told-by-floppy", WINDOWS_LABEL, test_installs_from_floppy },
  { "/xeno/unattended/what-is-cancelled-leaves-nothing", LINUX_LABEL, test_is_cancelled },
  { "/xeno/unattended/what-is-switched-off-is-installed-by-a-person", LINUX_LABEL, test_is_switched_off },
  { "/xeno/unattended/goes-on-when-nobody-waits", LINUX_LABEL, test_goes_on_alone },
  { "/xeno/unattended/what-does-not-start-is-a-machine-as-any-other", LINUX_LABEL, test_does_not_start },
};

int
main (int    argc,
      char **argv)
{
  setlocale (LC_ALL, "C.UTF-8");
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Fixture, tests[i].label, set_up, tests[i].test, tear_down);
  return g_test_run ();
}
