/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A machine with a disk, whose copies are to leave it alone, and counts of what there is. */
#include "config.h"

#include <glib/gstdio.h>

#include "machine/clone-fixture.h"

static void
run_program (const char *line)
{
  g_autoptr (GError) error = NULL;
  int status;

  g_spawn_command_line_sync (line, NULL, NULL, &status, &error);
  g_assert_no_error (error);
  g_assert_cmpint (status, ==, 0);
}

char *
checksum_file (const char *path)
{
  g_autofree char *data = NULL;
  gsize length;

  g_assert_true (g_file_get_contents (path, &data, &length, NULL));
  return g_compute_checksum_for_data (G_CHECKSUM_SHA256, (const guchar *) data, length);
}

char *
images_folder (void)
{
  return g_build_filename (g_get_user_data_dir (), "libvirt", "images", NULL);
}

/* Files the machines' place has, the trash and what is hidden included. */
guint
count_files (void)
{
  g_autofree char *path = images_folder ();
  g_autoptr (GDir) folder = g_dir_open (path, 0, NULL);
  guint n = 0;

  while (folder != NULL && g_dir_read_name (folder) != NULL)
    n++;
  return n;
}

guint
count_journal (void)
{
  g_autofree char *path = g_build_filename (g_get_user_state_dir (), "xenolith", "journal", NULL);
  g_autoptr (GDir) folder = g_dir_open (path, 0, NULL);
  guint n = 0;

  while (folder != NULL && g_dir_read_name (folder) != NULL)
    n++;
  return n;
}

void
clone_fixture_set_up (CloneFixture  *fixture,
                      gconstpointer  data)
{
  g_autofree char *folder = images_folder ();
  g_autofree char *line = NULL;
  g_autofree char *more = NULL;

  fixture->connection = open_session ();
  g_assert_cmpint (g_mkdir_with_parents (folder, 0711), ==, 0);
  fixture->disk = g_build_filename (folder, "base.qcow2", NULL);
  fixture->nvram = g_build_filename (folder, "base_VARS.fd", NULL);
  line = g_strdup_printf ("qemu-img create -q -f qcow2 '%s' 64M", fixture->disk);
  run_program (line);
  more = g_strdup_printf ("<disk type='file' device='disk'><driver name='qemu' type='qcow2'/><source file='%s'/>"
                          "<target dev='hdb' bus='ide'/></disk>"
                          "<interface type='user'><mac address='52:54:00:aa:bb:cc'/></interface>", fixture->disk);
  fixture->base = add_machine (fixture->connection, "base", more);
}

void
clone_fixture_tear_down (CloneFixture  *fixture,
                         gconstpointer  data)
{
  remove_machines (fixture->connection);
  g_chmod (fixture->disk, 0600);
  g_unlink (fixture->disk);
  g_unlink (fixture->nvram);
  g_assert_cmpuint (count_files (), ==, 0);
  g_assert_cmpuint (count_journal (), ==, 0);
  g_free (fixture->disk);
  g_free (fixture->nvram);
  g_assert_finalize_object (fixture->connection);
}

gboolean
has_one_machine (gpointer connection)
{
  return g_list_model_get_n_items (xeno_connection_get_machines (connection)) == 1;
}

gboolean
has_two_machines (gpointer connection)
{
  return g_list_model_get_n_items (xeno_connection_get_machines (connection)) == 2;
}
