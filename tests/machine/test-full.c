/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Rows 25 and 26 of the fault matrix: storage that fills up, under a guest and under ourselves. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "machine/daemon-fixture.h"
#include "machine/small-drive.h"
#include "virt/xeno-trash.h"

#define MIB (1024 * 1024)

static void
run_qemu_img (const char *first,
              const char *second,
              const char *third,
              const char *fourth,
              const char *fifth,
              const char *sixth)
{
  const char *argv[] = { "qemu-img", first, second, third, fourth, fifth, sixth, NULL };
  g_autoptr (GError) error = NULL;
  int status;

  g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_SEARCH_PATH | G_SPAWN_STDOUT_TO_DEV_NULL, NULL, NULL,
                NULL, NULL, &status, &error);
  g_assert_no_error (error);
  g_assert_cmpint (status, ==, 0);
}

static gboolean
is_whole (gpointer path)
{
  struct stat info;

  return stat (path, &info) == 0 && info.st_size > 4 * MIB;
}

static void
test_full (gconstpointer data)
{
  const char *drive = data;
  g_autofree char *filler = NULL;
  g_autofree char *disk = NULL;
  g_autofree char *device = NULL;
  g_autofree char *bytes = g_malloc0 (5 * MIB);
  XenoConnection *connection;
  XenoMachine *machine;

  if (drive == NULL)
    {
      g_test_skip ("this kernel lets nobody mount a drive of his own");
      return;
    }

  filler = g_build_filename (drive, "filler", NULL);
  disk = g_build_filename (drive, "disk.qcow2", NULL);
  g_assert_true (g_file_set_contents (filler, bytes, 4 * MIB, NULL));
  run_qemu_img ("create", "-q", "-f", "qcow2", disk, "4M");
  device = g_strdup_printf ("<disk type='file'><driver name='qemu' type='qcow2'/><source file='%s'/>"
                            "<target dev='vda' bus='virtio'/></disk>", disk);
  connection = open_session ();
  machine = add_machine_with (connection, "worker", g_getenv ("XENO_TEST_WORKER_ISO"), device);

  do_verb (machine, "start");
  wait_for_machine (machine, XENO_MACHINE_PAUSED);
  g_assert_cmpstr (xeno_machine_get_state_reason (machine), ==,
                   "Paused because its storage is full. Free some space on the host, then resume it.");

  /* Too early: it stops again, and says the same. */
  do_verb (machine, "resume");
  wait_for_machine (machine, XENO_MACHINE_PAUSED);
  g_assert_cmpstr (xeno_machine_get_state_reason (machine), ==,
                   "Paused because its storage is full. Free some space on the host, then resume it.");

  g_assert_cmpint (g_unlink (filler), ==, 0);
  do_verb (machine, "resume");
  xeno_test_until (is_whole, disk);
  wait_for_machine (machine, XENO_MACHINE_RUNNING);
  g_assert_null (xeno_machine_get_state_reason (machine));

  do_verb (machine, "force-off");
  run_qemu_img ("check", "-q", "-f", "qcow2", disk, NULL);
  g_assert_cmpint (g_unlink (disk), ==, 0);
  remove_machines (connection);
  g_assert_finalize_object (connection);
}

static void
fill (const char *path)
{
  g_autofree char *bytes = g_malloc0 (MIB);
  int fd = open (path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

  g_assert_cmpint (fd, >=, 0);
  while (write (fd, bytes, MIB) > 0)
    continue;
  g_assert_cmpint (errno, ==, ENOSPC);
  close (fd);
}

static char *
delete_machine (XenoMachine  *machine,
                GError      **error)
{
  GAsyncResult *pending = NULL;
  g_autoptr (GAsyncResult) result = NULL;

  xeno_machine_delete_async (machine, NULL, NULL, xeno_test_result_cb, &pending);
  result = xeno_test_await (&pending);
  return xeno_machine_delete_finish (machine, result, error);
}

/* What is needed to bring it back cannot be written down, so it is not deleted. */
static void
test_state_full (gconstpointer data)
{
  const char *drive = data;
  g_autofree char *filler = NULL;
  g_autofree char *trash_id = NULL;
  g_autoptr (GError) error = NULL;
  XenoConnection *connection;
  XenoMachine *machine;

  if (drive == NULL)
    {
      g_test_skip ("this kernel lets nobody mount a drive of his own");
      return;
    }

  filler = g_build_filename (drive, "filler", NULL);
  connection = open_session ();
  machine = add_machine (connection, "kept", "");
  fill (filler);
  g_assert_null (delete_machine (machine, &error));
  g_test_message ("%s", error->message);
  g_assert_true (xeno_connection_find_machine (connection, "kept", NULL) == machine);
  g_assert_cmpint (xeno_machine_get_state (machine), ==, XENO_MACHINE_OFF);

  /* The same works once there is space. */
  g_assert_cmpint (g_unlink (filler), ==, 0);
  g_clear_error (&error);
  trash_id = delete_machine (machine, &error);
  g_assert_no_error (error);
  g_assert_nonnull (trash_id);
  remove_machines (connection);
  g_assert_finalize_object (connection);
}

int
main (int   argc,
      char *argv[])
{
  g_autofree char *drive = g_build_filename (g_getenv ("HOME"), "small", NULL);
  g_autofree char *own = g_build_filename (drive, "own", NULL);

  /* Before anybody asks for it. */
  g_setenv ("XDG_DATA_HOME", own, TRUE);
  g_test_init (&argc, &argv, NULL);

  if (!mount_small_drive (drive, 6))
    g_clear_pointer (&drive, g_free);
  g_test_add_data_func ("/xeno/full/a-guest-that-fills-the-storage-waits-and-goes-on-once-there-is-space",
                        drive, test_full);
  g_test_add_data_func ("/xeno/full/what-cannot-be-noted-is-not-deleted", drive, test_state_full);
  return g_test_run ();
}
