/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Disks in a real libvirt: their place, the plan of a deletion, its undo, and what can be wrong. */
#include "config.h"

#include <glib/gstdio.h>

#include "base/xeno-error.h"
#include "support/xeno-test.h"
#include "virt/xeno-delete-plan.h"
#include "virt/xeno-storage.h"
#include "virt/xeno-trash.h"

#define MIB (G_GUINT64_CONSTANT (1) << 20)

static XenoConnection *
open_connection (void)
{
  XenoConnection *connection = xeno_connection_new ("qemu:///session");
  g_autoptr (GError) error = NULL;
  GAsyncResult *result = NULL;
  g_autoptr (GAsyncResult) opened = NULL;

  xeno_connection_open_async (connection, NULL, xeno_test_result_cb, &result);
  opened = xeno_test_await (&result);
  xeno_connection_open_finish (connection, opened, &error);
  g_assert_no_error (error);
  return connection;
}

static XenoStoragePlace *
ensure (XenoConnection  *connection,
        GError         **error)
{
  GAsyncResult *result = NULL;
  g_autoptr (GAsyncResult) done = NULL;

  xeno_storage_ensure_async (connection, NULL, xeno_test_result_cb, &result);
  done = xeno_test_await (&result);
  return xeno_storage_ensure_finish (connection, done, error);
}

static char *
create_disk (XenoConnection *connection,
             const char     *name)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (XenoStoragePlace) place = ensure (connection, &error);
  GAsyncResult *result = NULL;
  g_autoptr (GAsyncResult) done = NULL;
  char *path;

  g_assert_no_error (error);
  xeno_storage_create_async (connection, place->pool, &(XenoVolume) { name, 64 * MIB }, NULL, xeno_test_result_cb,
                             &result);
  done = xeno_test_await (&result);
  path = xeno_storage_create_finish (connection, done, &error);
  g_assert_no_error (error);
  return path;
}

static void
add_disk (XenoSpec   *spec,
          const char *path,
          const char *target)
{
  XenoDevice *disk = xeno_spec_add_device (spec, "disk");

  xeno_device_set_string (disk, "type", "file");
  xeno_device_set_string (disk, "device", "disk");
  xeno_device_set_string (disk, "driver-type", "qcow2");
  xeno_device_set_string (disk, "source-file", path);
  xeno_device_set_string (disk, "target-dev", target);
  xeno_device_set_string (disk, "bus", "virtio");
}

static XenoMachine *
define (XenoConnection     *connection,
        const char         *name,
        const char         *uuid,
        const char * const *disks)
{
  static const char * const targets[] = { "vda", "vdb", "vdc" };
  g_autoptr (XenoSpec) spec = xeno_spec_new ();
  g_autoptr (GError) error = NULL;
  GAsyncResult *result = NULL;
  g_autoptr (GAsyncResult) done = NULL;
  XenoMachine *machine;

  xeno_spec_set_name (spec, name);
  xeno_spec_set_uuid (spec, uuid);
  xeno_spec_set_virt_type (spec, "qemu");
  xeno_spec_set_platform (spec, "x86_64", "q35");
  xeno_spec_set_memory_bytes (spec, 64 * MIB);
  xeno_spec_set_n_cpus (spec, 1);
  for (guint i = 0; disks[i] != NULL; i++)
    add_disk (spec, disks[i], targets[i]);

  xeno_connection_define_async (connection, spec, NULL, xeno_test_result_cb, &result);
  done = xeno_test_await (&result);
  machine = xeno_connection_define_finish (connection, done, &error);
  g_assert_no_error (error);
  return machine;
}

static GPtrArray *
plan (XenoMachine *machine)
{
  g_autoptr (GError) error = NULL;
  GAsyncResult *result = NULL;
  g_autoptr (GAsyncResult) done = NULL;
  GPtrArray *fates;

  xeno_machine_plan_delete_async (machine, NULL, xeno_test_result_cb, &result);
  done = xeno_test_await (&result);
  fates = xeno_machine_plan_delete_finish (machine, done, &error);
  g_assert_no_error (error);
  return fates;
}

static char *
delete (XenoMachine         *machine,
        const char * const  *disks,
        GError             **error)
{
  GAsyncResult *result = NULL;
  g_autoptr (GAsyncResult) done = NULL;

  xeno_machine_delete_async (machine, disks, NULL, xeno_test_result_cb, &result);
  done = xeno_test_await (&result);
  return xeno_machine_delete_finish (machine, done, error);
}

static void
undo (XenoConnection *connection,
      const char     *trash_id)
{
  g_autoptr (GError) error = NULL;
  GAsyncResult *result = NULL;
  g_autoptr (GAsyncResult) done = NULL;

  xeno_storage_undo_delete_async (connection, trash_id, NULL, xeno_test_result_cb, &result);
  done = xeno_test_await (&result);
  g_assert_true (xeno_storage_undo_delete_finish (connection, done, &error));
  g_assert_no_error (error);
}

static void
purge (XenoConnection *connection,
       const char     *trash_id)
{
  g_autoptr (GError) error = NULL;
  GAsyncResult *result = NULL;
  g_autoptr (GAsyncResult) done = NULL;

  xeno_storage_purge_async (connection, trash_id, NULL, xeno_test_result_cb, &result);
  done = xeno_test_await (&result);
  g_assert_true (xeno_storage_purge_finish (connection, done, &error));
  g_assert_no_error (error);
}

static gboolean
list_is_empty (gpointer data)
{
  return g_list_model_get_n_items (data) == 0;
}

static gboolean
list_has_one (gpointer data)
{
  return g_list_model_get_n_items (data) == 1;
}

static guint
count_files (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  guint n = 0;

  while (dir != NULL && g_dir_read_name (dir) != NULL)
    n++;
  return n;
}

static void
test_place_is_made_where_there_is_none (void)
{
  g_autoptr (XenoConnection) connection = open_connection ();
  g_autoptr (GError) error = NULL;
  g_autoptr (XenoStoragePlace) place = ensure (connection, &error);

  g_assert_no_error (error);
  g_assert_true (g_file_test (place->path, G_FILE_TEST_IS_DIR));
  g_assert_cmpuint (place->available_bytes, >, 0);
  g_assert_true (g_str_has_prefix (place->path, g_get_user_data_dir ()));
}

static void
test_delete_moves_disks_to_the_trash_and_undo_brings_all_back (void)
{
  g_autoptr (XenoConnection) connection = open_connection ();
  GListModel *machines = xeno_connection_get_machines (connection);
  g_autofree char *uuid = g_uuid_string_random ();
  g_autofree char *name = g_strconcat (uuid, ".qcow2", NULL);
  g_autofree char *path = create_disk (connection, name);
  const char * const disks[] = { path, NULL };
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;
  gsize before_length, after_length;
  g_autoptr (XenoMachine) machine = define (connection, "doomed", uuid, disks);
  g_autoptr (GPtrArray) fates = plan (machine);
  g_autofree char *trash_id = NULL;
  g_autofree char *folder = g_path_get_dirname (path);
  g_autofree char *trash_folder = g_build_filename (folder, ".xenolith-trash", NULL);
  g_autoptr (GError) error = NULL;

  g_assert_cmpuint (fates->len, ==, 1);
  g_assert_true (((XenoDiskFate *) fates->pdata[0])->remove);
  g_assert_true (g_file_get_contents (path, &before, &before_length, NULL));

  trash_id = delete (machine, disks, &error);
  g_assert_no_error (error);
  xeno_test_until (list_is_empty, machines);
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
  g_assert_cmpuint (count_files (trash_folder), ==, 1);

  undo (connection, trash_id);
  xeno_test_until (list_has_one, machines);
  g_assert_true (g_file_get_contents (path, &after, &after_length, NULL));
  g_assert_cmpmem (before, before_length, after, after_length);
  g_assert_cmpuint (count_files (trash_folder), ==, 0);

  g_clear_object (&machine);
  machine = g_list_model_get_item (machines, 0);
  g_assert_cmpstr (xeno_machine_get_uuid (machine), ==, uuid);
  g_free (trash_id);
  trash_id = delete (machine, disks, &error);
  g_assert_no_error (error);
  purge (connection, NULL);
  g_assert_cmpuint (count_files (trash_folder), ==, 1);
  purge (connection, trash_id);
  g_assert_cmpuint (count_files (trash_folder), ==, 0);
  xeno_test_until (list_is_empty, machines);
}

static void
read_disks (XenoMachine *machine,
            guint64     *capacity_bytes,
            guint64     *allocated_bytes)
{
  g_autoptr (GError) error = NULL;
  GAsyncResult *result = NULL;
  g_autoptr (GAsyncResult) done = NULL;

  xeno_machine_read_disks_async (machine, NULL, xeno_test_result_cb, &result);
  done = xeno_test_await (&result);
  xeno_machine_read_disks_finish (machine, done, capacity_bytes, allocated_bytes, &error);
  g_assert_no_error (error);
}

static void
test_disks_have_sizes_while_the_machine_is_off (void)
{
  g_autoptr (XenoConnection) connection = open_connection ();
  GListModel *machines = xeno_connection_get_machines (connection);
  g_autofree char *uuid = g_uuid_string_random ();
  g_autofree char *first = create_disk (connection, "first.qcow2");
  g_autofree char *second = create_disk (connection, "second.qcow2");
  const char * const disks[] = { first, second, NULL };
  const char * const none[] = { NULL };
  g_autoptr (XenoMachine) machine = define (connection, "sized", uuid, disks);
  g_autoptr (GError) error = NULL;
  guint64 capacity_bytes, allocated_bytes;

  g_assert_false (xeno_machine_is_active (machine));
  read_disks (machine, &capacity_bytes, &allocated_bytes);
  g_assert_cmpuint (capacity_bytes, ==, 2 * 64 * MIB);
  g_assert_cmpuint (allocated_bytes, >, 0);
  g_assert_cmpuint (allocated_bytes, <, 2 * MIB);

  /* One that is lost leaves the other its size. */
  g_unlink (first);
  read_disks (machine, &capacity_bytes, &allocated_bytes);
  g_assert_cmpuint (capacity_bytes, ==, 64 * MIB);

  g_free (delete (machine, none, &error));
  g_assert_no_error (error);
  xeno_test_until (list_is_empty, machines);
  g_unlink (second);
}

static void
test_plan_keeps_what_another_machine_uses (void)
{
  g_autoptr (XenoConnection) connection = open_connection ();
  GListModel *machines = xeno_connection_get_machines (connection);
  g_autofree char *uuid = g_uuid_string_random ();
  g_autofree char *other_uuid = g_uuid_string_random ();
  g_autofree char *name = g_strconcat (uuid, ".qcow2", NULL);
  g_autofree char *path = create_disk (connection, name);
  g_autofree char *foreign = create_disk (connection, "somebody-elses.qcow2");
  const char * const disks[] = { path, foreign, NULL };
  const char * const shared[] = { path, NULL };
  const char * const none[] = { NULL };
  g_autoptr (XenoMachine) machine = define (connection, "one", uuid, disks);
  g_autoptr (XenoMachine) other = define (connection, "other", other_uuid, shared);
  g_autoptr (GPtrArray) fates = plan (machine);
  const XenoDiskFate *first = fates->pdata[0];
  const XenoDiskFate *second = fates->pdata[1];
  g_autoptr (GError) error = NULL;
  g_autofree char *trash_id = NULL;
  g_autofree char *other_trash_id = NULL;

  g_assert_false (first->may_remove);
  g_assert_nonnull (strstr (first->reason, "other"));
  g_assert_true (second->may_remove);
  g_assert_false (second->remove);

  trash_id = delete (machine, shared, &error);
  g_assert_error (error, XENO_ERROR, XENO_ERROR_IN_USE);
  g_assert_null (trash_id);
  g_assert_true (g_file_test (path, G_FILE_TEST_EXISTS));
  g_clear_error (&error);

  trash_id = delete (machine, none, &error);
  g_assert_no_error (error);
  other_trash_id = delete (other, shared, &error);
  g_assert_no_error (error);
  xeno_test_until (list_is_empty, machines);
  purge (connection, trash_id);
  purge (connection, other_trash_id);
  g_assert_true (g_file_test (foreign, G_FILE_TEST_EXISTS));
  g_unlink (foreign);
}

static void
test_plan_keeps_the_backing_file_of_another_machine (void)
{
  g_autoptr (XenoConnection) connection = open_connection ();
  GListModel *machines = xeno_connection_get_machines (connection);
  g_autofree char *uuid = g_uuid_string_random ();
  g_autofree char *other_uuid = g_uuid_string_random ();
  g_autofree char *name = g_strconcat (uuid, ".qcow2", NULL);
  g_autofree char *base = create_disk (connection, name);
  g_autofree char *folder = g_path_get_dirname (base);
  g_autofree char *overlay = g_build_filename (folder, "overlay.qcow2", NULL);
  const char *qemu_img[] = { "qemu-img", "create", "-q", "-f", "qcow2", "-F", "qcow2", "-b", base,
                             overlay, NULL };
  const char *refresh[] = { "virsh", "-c", "qemu:///session", "pool-refresh", "default", NULL };
  const char * const base_disks[] = { base, NULL };
  const char * const overlay_disks[] = { overlay, NULL };
  const char * const none[] = { NULL };
  g_autoptr (XenoMachine) machine = define (connection, "base", uuid, base_disks);
  g_autoptr (XenoMachine) other = define (connection, "clone", other_uuid, overlay_disks);
  g_autoptr (GPtrArray) fates = NULL;
  const XenoDiskFate *fate;
  g_autoptr (GError) error = NULL;
  int status;

  g_spawn_sync (NULL, (char **) qemu_img, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, &status,
                &error);
  g_assert_no_error (error);
  g_assert_cmpint (status, ==, 0);
  g_spawn_sync (NULL, (char **) refresh, NULL, G_SPAWN_SEARCH_PATH | G_SPAWN_STDOUT_TO_DEV_NULL, NULL,
                NULL, NULL, NULL, &status, &error);
  g_assert_no_error (error);

  fates = plan (machine);
  fate = fates->pdata[0];
  g_assert_false (fate->may_remove);
  g_assert_nonnull (strstr (fate->reason, "clone"));

  g_clear_pointer (&fates, g_ptr_array_unref);
  fates = plan (other);
  g_assert_cmpuint (fates->len, ==, 2); /* the overlay, and what it is built on */

  g_free (delete (machine, none, &error));
  g_assert_no_error (error);
  g_free (delete (other, none, &error));
  g_assert_no_error (error);
  xeno_test_until (list_is_empty, machines);
  g_unlink (overlay);
  g_unlink (base);
}

static void
test_folder_that_cannot_be_written_is_named (void)
{
  g_autoptr (XenoConnection) connection = open_connection ();
  g_autoptr (GError) error = NULL;
  g_autoptr (XenoStoragePlace) place = ensure (connection, &error);
  g_autoptr (XenoStoragePlace) again = NULL;

  g_assert_no_error (error);
  g_assert_cmpint (g_chmod (place->path, 0555), ==, 0);
  again = ensure (connection, &error);
  g_chmod (place->path, 0755);
  g_assert_error (error, XENO_ERROR, XENO_ERROR_NO_PERMISSION);
  g_assert_nonnull (strstr (error->message, place->path));
}

static void
test_pool_that_was_stopped_starts_by_itself (void)
{
  g_autoptr (XenoConnection) connection = open_connection ();
  const char *stop[] = { "virsh", "-c", "qemu:///session", "pool-destroy", "default", NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (XenoStoragePlace) place = ensure (connection, &error);
  g_autoptr (XenoStoragePlace) again = NULL;

  g_assert_no_error (error);
  g_spawn_sync (NULL, (char **) stop, NULL, G_SPAWN_SEARCH_PATH | G_SPAWN_STDOUT_TO_DEV_NULL, NULL,
                NULL, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  again = ensure (connection, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (again->path, ==, place->path);
}

static void
remove_folder (const char *path)
{
  const char *rm[] = { "rm", "-r", path, NULL };
  g_autoptr (GError) error = NULL;

  g_spawn_sync (NULL, (char **) rm, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
}

static void
virsh (const char *command,
       const char *argument)
{
  const char *argv[] = { "virsh", "-c", "qemu:///session", command, argument, NULL };
  g_autoptr (GError) error = NULL;
  int status;

  g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_SEARCH_PATH | G_SPAWN_STDOUT_TO_DEV_NULL, NULL,
                NULL, NULL, NULL, &status, &error);
  g_assert_no_error (error);
  g_assert_cmpint (status, ==, 0);
}

static void
test_folder_of_ours_that_was_removed_is_made_again (gconstpointer is_stopped)
{
  g_autoptr (XenoConnection) connection = open_connection ();
  g_autoptr (GError) error = NULL;
  g_autoptr (XenoStoragePlace) place = ensure (connection, &error);
  g_autoptr (XenoStoragePlace) again = NULL;
  g_autofree char *path = NULL;

  g_assert_no_error (error);
  if (GPOINTER_TO_INT (is_stopped))
    virsh ("pool-destroy", "default");
  remove_folder (place->path);
  again = ensure (connection, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (again->path, ==, place->path);
  path = create_disk (connection, "after.qcow2");
  g_assert_true (g_file_test (path, G_FILE_TEST_EXISTS));
  g_unlink (path);
}

static void
test_folder_of_others_that_is_missing_is_named (gconstpointer is_stopped)
{
  g_autoptr (XenoConnection) connection = open_connection ();
  g_autofree char *folder = g_build_filename (g_get_home_dir (), "elsewhere", NULL);
  g_autofree char *file = g_build_filename (g_get_home_dir (), "pool.xml", NULL);
  g_autofree char *xml = g_strdup_printf ("<pool type='dir'><name>default</name><target>"
                                          "<path>%s</path></target></pool>", folder);
  g_autoptr (GError) error = NULL;
  g_autoptr (XenoStoragePlace) ours = ensure (connection, &error);
  g_autoptr (XenoStoragePlace) place = NULL;

  g_assert_no_error (error);
  virsh ("pool-destroy", "default");
  virsh ("pool-undefine", "default");
  g_file_set_contents (file, xml, -1, &error);
  g_assert_no_error (error);
  virsh ("pool-define", file);
  if (!GPOINTER_TO_INT (is_stopped))
    {
      g_assert_cmpint (g_mkdir (folder, 0755), ==, 0);
      virsh ("pool-start", "default");
      remove_folder (folder);
    }

  place = ensure (connection, &error);
  g_assert_null (place);
  g_assert_error (error, XENO_ERROR, XENO_ERROR_NOT_FOUND);
  g_assert_nonnull (strstr (error->message, folder));
  g_assert_false (g_file_test (folder, G_FILE_TEST_EXISTS));

  if (!GPOINTER_TO_INT (is_stopped))
    virsh ("pool-destroy", "default");
  virsh ("pool-undefine", "default");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/xeno/storage/place-is-made-where-there-is-none",
                   test_place_is_made_where_there_is_none);
  g_test_add_func ("/xeno/storage/delete-moves-disks-to-the-trash-and-undo-brings-all-back",
                   test_delete_moves_disks_to_the_trash_and_undo_brings_all_back);
  g_test_add_func ("/xeno/storage/disks-have-sizes-while-the-machine-is-off",
                   test_disks_have_sizes_while_the_machine_is_off);
  g_test_add_func ("/xeno/storage/plan-keeps-what-another-machine-uses",
                   test_plan_keeps_what_another_machine_uses);
  g_test_add_func ("/xeno/storage/plan-keeps-the-backing-file-of-another-machine",
                   test_plan_keeps_the_backing_file_of_another_machine);
  g_test_add_func ("/xeno/storage/folder-that-cannot-be-written-is-named",
                   test_folder_that_cannot_be_written_is_named);
  g_test_add_func ("/xeno/storage/pool-that-was-stopped-starts-by-itself",
                   test_pool_that_was_stopped_starts_by_itself);
  g_test_add_data_func ("/xeno/storage/folder-of-ours-that-was-removed-is-made-again",
                        GINT_TO_POINTER (FALSE), test_folder_of_ours_that_was_removed_is_made_again);
  g_test_add_data_func ("/xeno/storage/folder-of-ours-that-was-removed-is-made-again-for-a-stopped-pool",
                        GINT_TO_POINTER (TRUE), test_folder_of_ours_that_was_removed_is_made_again);
  g_test_add_data_func ("/xeno/storage/folder-of-others-that-is-missing-is-named",
                        GINT_TO_POINTER (FALSE), test_folder_of_others_that_is_missing_is_named);
  g_test_add_data_func ("/xeno/storage/folder-of-others-that-is-missing-is-named-for-a-stopped-pool",
                        GINT_TO_POINTER (TRUE), test_folder_of_others_that_is_missing_is_named);
  return g_test_run ();
}
