/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A drive so small that it fills up. */
#include "config.h"

#include <fcntl.h>
#include <sched.h>
#include <string.h>
#include <sys/mount.h>
#include <unistd.h>

#include "machine/small-drive.h"

static void
write_text (const char *path,
            const char *text)
{
  int fd = open (path, O_WRONLY | O_CLOEXEC);

  g_assert_cmpint (fd, >=, 0);
  g_assert_cmpint (write (fd, text, strlen (text)), ==, (gssize) strlen (text));
  close (fd);
}

/**
 * mount_small_drive:
 * @path: where; made if it is not there
 * @mebibytes: its size
 *
 * Mounts a drive that this process and its children see and nobody else does. To be called before the
 * process has a second thread.
 *
 * Returns: %FALSE where the kernel lets nobody mount a drive of his own
 */
gboolean
mount_small_drive (const char *path,
                   guint       mebibytes)
{
  g_autofree char *uids = g_strdup_printf ("%u %u 1", getuid (), getuid ());
  g_autofree char *gids = g_strdup_printf ("%u %u 1", getgid (), getgid ());
  g_autofree char *size = g_strdup_printf ("size=%um", mebibytes);

  if (unshare (CLONE_NEWUSER | CLONE_NEWNS) != 0)
    return FALSE;

  write_text ("/proc/self/uid_map", uids);
  write_text ("/proc/self/setgroups", "deny");
  write_text ("/proc/self/gid_map", gids);
  g_assert_cmpint (g_mkdir_with_parents (path, 0700), ==, 0);
  g_assert_cmpint (mount ("small", path, "tmpfs", 0, size), ==, 0);
  return TRUE;
}
