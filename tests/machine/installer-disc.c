/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A disc whose installer says on its serial port what it was told, and ends when it is told to. */
#include "config.h"

#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "installer-disc.h"
#include "support/xeno-test.h"

#define RAM_DISK_BYTES 4096 /* the guest says its end, and only that */

static void
write_file (const char *folder,
            const char *name,
            const char *bytes,
            gsize       length)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);

  g_assert_true (g_file_set_contents (path, bytes, length, NULL));
}

static void
write_guest (const char *folder,
             const char *name,
             const char *part)
{
  g_autofree char *built = g_strconcat (g_getenv ("XENO_TEST_INSTALLER"), part, NULL);
  g_autofree char *bytes = NULL;
  gsize length;

  g_assert_true (g_file_get_contents (built, &bytes, &length, NULL));
  write_file (folder, name, bytes, length);
}

/* With a kernel of its own where @kernel says what that is. */
char *
make_installer_disc (const char *folder,
                     const char *label,
                     const char *kernel)
{
  g_autofree char *disc = g_build_filename (folder, "installer.iso", NULL);
  g_autofree char *tree = g_build_filename (folder, "tree", NULL);
  const char *argv[] = { "xorriso", "-as", "mkisofs", "-quiet", "-r", "-V", label, "-o", disc, "-b", "boot",
                         "-no-emul-boot", "-boot-load-size", "4", tree, NULL };
  g_autofree char *ram = g_strnfill (RAM_DISK_BYTES, '.');
  g_autoptr (GError) error = NULL;
  int status;

  g_assert_cmpint (g_mkdir_with_parents (tree, 0700), ==, 0);
  write_guest (tree, "vmlinuz", "-kernel");
  if (kernel != NULL)
    write_file (tree, "vmlinuz", kernel, strlen (kernel));
  write_guest (tree, "boot", "-boot");
  write_file (tree, "initrd.gz", ram, RAM_DISK_BYTES);
  g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_SEARCH_PATH | G_SPAWN_STDERR_TO_DEV_NULL, NULL, NULL, NULL, NULL,
                &status, &error);
  g_assert_no_error (error);
  g_assert_true (g_spawn_check_wait_status (status, &error));
  return g_steal_pointer (&disc);
}

int
open_installer_port (virDomainPtr domain)
{
  g_autofree char *xml = virDomainGetXMLDesc (domain, 0);
  const char *from = strstr (xml, "/dev/pts/");
  g_autofree char *path = NULL;
  int fd;

  g_assert_nonnull (from);
  path = g_strndup (from, strcspn (from, "'"));
  fd = open (path, O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK);
  g_assert_cmpint (fd, >=, 0);
  return fd;
}

/* The guest says it over and over. */
void
hear_installer (int         port,
                const char *text)
{
  g_autoptr (GString) heard = g_string_new (NULL);
  gint64 deadline = g_get_monotonic_time () + XENO_TEST_SECONDS * G_USEC_PER_SEC;
  char bytes[512];

  while (strstr (heard->str, text) == NULL)
    {
      struct pollfd poller = { port, POLLIN, 0 };
      gssize length = poll (&poller, 1, 1000) > 0 ? read (port, bytes, sizeof bytes) : 0;

      if (length > 0)
        g_string_append_len (heard, bytes, length);
      if (g_get_monotonic_time () > deadline)
        g_error ("The guest does not say “%s” but “%s”", text, heard->str);
    }
}
