/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Disks from elsewhere become machines: all that is on them, or nothing. */
#include "config.h"

#include <fcntl.h>
#include <locale.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "base/xeno-error.h"
#include "core/appliance-files.h"
#include "create/xeno-builder.h"
#include "create/xeno-export.h"
#include "create/xeno-recipe.h"
#include "machine/daemon-fixture.h"
#include "machine/small-drive.h"
#include "support/xeno-test.h"
#include "virt/xeno-trash.h"

#define MIB (G_GUINT64_CONSTANT (1) << 20)
#define CAPACITY (16 * MIB)
#define STATUS_NOT_ALLOWED 77

/* Sets a mode of 800 by 600 and stands still. */
static const guint8 boot_code[] = { 0xb8, 0x02, 0x4f, 0xbb, 0x03, 0x01, 0xcd, 0x10, 0xeb, 0xfe };

static const struct
{
  const char *name;
  const char *format;
  const char *options;
  const char *packer;
} formats[] = {
  { "a.raw", "raw", "size=16M", NULL },
  { "a.vmdk", "vmdk", "subformat=streamOptimized", NULL },
  { "b.vmdk", "vmdk", "subformat=monolithicSparse", "xz" },
  { "a.vdi", "vdi", "static=off", NULL },
  { "a.vhd", "vpc", "subformat=dynamic,force_size=on", NULL },
  { "b.vhd", "vpc", "subformat=fixed,force_size=on", "gzip" },
  { "a.vhdx", "vhdx", "subformat=dynamic", NULL },
  { "a.qcow2", "qcow2", "compat=0.10", "gzip" },
  { "b.raw", "raw", "size=16M", "xz" },
};

static char *
get_path (const char *name)
{
  return g_build_filename (g_get_home_dir (), name, NULL);
}

static void
run (const char * const *argv)
{
  g_autoptr (GError) error = NULL;
  int status;

  g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_SEARCH_PATH | G_SPAWN_STDOUT_TO_DEV_NULL, NULL, NULL, NULL, NULL,
                &status, &error);
  g_assert_no_error (error);
  g_assert_true (g_spawn_check_wait_status (status, &error));
}

/* A disk that starts, with noise on it and holes between. */
static char *
make_raw (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (4);
  g_autofree guint32 *noise = g_new (guint32, MIB / 4);
  char *path = get_path ("source.raw");
  guint8 sector[512] = { 0 };
  int fd = open (path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

  g_assert_cmpint (fd, >=, 0);
  for (gsize i = 0; i < MIB / 4; i++)
    noise[i] = g_rand_int (rand);
  memcpy (sector, boot_code, sizeof boot_code);
  sector[510] = 0x55;
  sector[511] = 0xaa;
  g_assert_cmpint (pwrite (fd, sector, sizeof sector, 0), ==, sizeof sector);
  g_assert_cmpint (pwrite (fd, noise, MIB, 5 * MIB), ==, MIB);
  g_assert_cmpint (pwrite (fd, noise, MIB, 11 * MIB + 512), ==, MIB);
  g_assert_cmpint (ftruncate (fd, CAPACITY), ==, 0);
  close (fd);
  return path;
}

static char *
make_disk (const char *name,
           const char *format,
           const char *options,
           const char *packer)
{
  g_autofree char *raw = make_raw ();
  char *path = get_path (name);
  const char *convert[] = { "qemu-img", "convert", "-f", "raw", "-O", format, "-o", options, raw, path, NULL };
  const char *pack[] = { packer, "-f", path, NULL };
  g_autofree char *unpacked = NULL;

  run (convert);
  if (packer == NULL)
    return path;

  run (pack);
  unpacked = path;
  return g_strconcat (path, g_str_equal (packer, "xz") ? ".xz" : ".gz", NULL);
}

static XenoRecipe *
make_recipe (const char *path,
             const char *title)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (XenoMedia) media = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  GAsyncResult *pending = NULL;
  XenoRecipe *recipe;

  xeno_media_open_async (file, NULL, xeno_test_result_cb, &pending);
  result = xeno_test_await (&pending);
  media = xeno_media_open_finish (result, &error);
  g_assert_no_error (error);
  recipe = xeno_recipe_new (media);
  xeno_recipe_set_disk_way (recipe, XENO_DISK_COPY);
  xeno_recipe_recommend (recipe, NULL, NULL, NULL, 0);
  xeno_recipe_set_title (recipe, title);
  xeno_recipe_set_memory_bytes (recipe, 64 * MIB);
  xeno_recipe_set_n_cpus (recipe, 1);
  return recipe;
}

static XenoMachine *
build (XenoConnection  *connection,
       XenoRecipe      *recipe,
       gboolean         start,
       GCallback        step_cb,
       GError         **error)
{
  g_autoptr (GAsyncResult) result = NULL;
  GAsyncResult *pending = NULL;
  g_autoptr (XenoJob) job = xeno_builder_start (connection, XENO_PLAN (recipe), start, xeno_test_result_cb, &pending);

  if (step_cb != NULL)
    g_signal_connect (job, "notify::step", step_cb, NULL);
  result = xeno_test_await (&pending);
  return xeno_builder_finish (result, error);
}

static char *
get_images (void)
{
  return g_build_filename (g_get_user_data_dir (), "libvirt", "images", NULL);
}

static guint
count_files (const char *path)
{
  g_autoptr (GDir) folder = g_dir_open (path, 0, NULL);
  const char *name;
  guint n = 0;

  while (folder != NULL && (name = g_dir_read_name (folder)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      n += g_file_test (child, G_FILE_TEST_IS_DIR) ? count_files (child) : 1;
    }
  return n;
}

static gboolean
is_list_empty (gpointer data)
{
  return g_list_model_get_n_items (xeno_connection_get_machines (data)) == 0;
}

static void
assert_nothing_left (XenoConnection *connection)
{
  g_autofree char *images = get_images ();
  g_autofree char *state = g_build_filename (g_get_user_state_dir (), "xenolith", NULL);

  xeno_test_until (is_list_empty, connection);
  g_assert_cmpuint (count_files (images), ==, 0);
  g_assert_cmpuint (count_files (state), ==, 0);
}

static char *
get_disk (XenoMachine *machine)
{
  g_autofree char *name = g_strconcat (xeno_machine_get_uuid (machine), ".qcow2", NULL);
  g_autofree char *images = get_images ();

  return g_build_filename (images, name, NULL);
}

static void
remove_machine (XenoConnection *connection,
                XenoMachine    *machine)
{
  g_autofree char *disk = get_disk (machine);
  const char * const disks[] = { disk, NULL };
  g_autoptr (GAsyncResult) deleted = NULL;
  g_autoptr (GAsyncResult) purged = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *trash_id = NULL;
  GAsyncResult *pending = NULL;

  xeno_machine_delete_async (machine, disks, NULL, xeno_test_result_cb, &pending);
  deleted = xeno_test_await (&pending);
  trash_id = xeno_machine_delete_finish (machine, deleted, &error);
  g_assert_no_error (error);
  xeno_storage_purge_async (connection, trash_id, NULL, xeno_test_result_cb, &pending);
  purged = xeno_test_await (&pending);
  xeno_storage_purge_finish (connection, purged, &error);
  g_assert_no_error (error);
}

static void
close_connection (XenoConnection *connection)
{
  xeno_connection_close (connection);
  g_object_unref (connection);
}

/* What the guest sees is the same, to the byte; what was nothing still is. */
static void
assert_same (XenoMachine *machine)
{
  g_autofree char *raw = get_path ("source.raw");
  g_autofree char *disk = get_disk (machine);
  const char *compare[] = { "qemu-img", "compare", "-f", "raw", "-F", "qcow2", raw, disk, NULL };
  GStatBuf info;

  run (compare);
  g_assert_cmpint (g_stat (disk, &info), ==, 0);
  g_assert_cmpint (info.st_blocks * 512, <, 5 * MIB);
  g_assert_cmpint (info.st_mode & 0077, ==, 0);
}

static void
test_copies_every_format (void)
{
  XenoConnection *connection = open_session ();

  for (gsize i = 0; i < G_N_ELEMENTS (formats); i++)
    {
      g_autofree char *path = make_disk (formats[i].name, formats[i].format, formats[i].options, formats[i].packer);
      g_autoptr (XenoRecipe) recipe = make_recipe (path, formats[i].name);
      g_autoptr (GError) error = NULL;
      g_autoptr (XenoMachine) machine = build (connection, recipe, FALSE, NULL, &error);
      g_autofree char *images = get_images ();

      g_assert_no_error (error);
      assert_same (machine);
      g_assert_cmpuint (count_files (images), ==, 1); /* what was unpacked on the way is gone */
      remove_machine (connection, machine);
      g_assert_cmpint (g_unlink (path), ==, 0);
    }
  assert_nothing_left (connection);
  close_connection (connection);
}

typedef struct
{
  XenoMachine *machine;
  gboolean     is_drawn;
  gboolean     is_asking;
} Screen;

static void
screenshot_cb (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  Screen *screen = user_data;
  g_autoptr (GBytes) picture = xeno_machine_screenshot_finish (XENO_MACHINE (source), result, NULL);
  gsize size = 0;
  const guint8 *data = picture != NULL ? g_bytes_get_data (picture, &size) : NULL;

  screen->is_asking = FALSE;
  /* PNG: width and height stand at 16 and 20. */
  screen->is_drawn = size > 24 && data[18] == 0x03 && data[19] == 0x20 && data[22] == 0x02 && data[23] == 0x58;
}

static gboolean
is_drawn (gpointer data)
{
  Screen *screen = data;

  if (!screen->is_drawn && !screen->is_asking)
    {
      screen->is_asking = TRUE;
      xeno_machine_screenshot_async (screen->machine, 0, NULL, screenshot_cb, screen);
    }
  return screen->is_drawn && !screen->is_asking;
}

static void
test_copy_boots (void)
{
  XenoConnection *connection = open_session ();
  g_autofree char *path = make_disk ("boots.vmdk", "vmdk", "subformat=streamOptimized", NULL);
  g_autoptr (XenoRecipe) recipe = make_recipe (path, "Boots");
  g_autoptr (GError) error = NULL;
  g_autoptr (XenoMachine) machine = NULL;
  Screen screen = { NULL };

  xeno_recipe_set_disk_bytes (recipe, 2 * CAPACITY); /* and may be larger */
  machine = build (connection, recipe, TRUE, NULL, &error);
  g_assert_no_error (error);
  screen.machine = machine;
  xeno_test_until (is_drawn, &screen);
  remove_machine (connection, machine);
  assert_nothing_left (connection);
  g_unlink (path);
  close_connection (connection);
}

static void
cancel_cb (XenoJob *job)
{
  if (g_str_equal (xeno_job_get_step (job), "Copying the disk…") || g_str_equal (xeno_job_get_step (job), "Unpacking the disk…"))
    xeno_job_cancel (job);
}

/* Row 31. */
static void
test_cancelling_leaves_nothing (void)
{
  static const char * const packers[] = { NULL, "gzip" };
  XenoConnection *connection = open_session ();

  for (gsize i = 0; i < G_N_ELEMENTS (packers); i++)
    {
      g_autofree char *path = make_disk ("cancel.vdi", "vdi", "static=off", packers[i]);
      g_autoptr (XenoRecipe) recipe = make_recipe (path, "Cancelled");
      g_autoptr (GError) error = NULL;

      g_assert_null (build (connection, recipe, TRUE, G_CALLBACK (cancel_cb), &error));
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
      assert_nothing_left (connection);
      g_unlink (path);
    }
  close_connection (connection);
}

static void
die_cb (XenoJob *job)
{
  if (g_str_equal (xeno_job_get_step (job), "Copying the disk…"))
    kill (getpid (), SIGKILL);
}

static int
build_and_die (const char *path)
{
  XenoConnection *connection = open_session ();
  g_autoptr (XenoRecipe) recipe = make_recipe (path, "Killed");

  build (connection, recipe, TRUE, G_CALLBACK (die_cb), NULL);
  return 1;
}

static void
recover (XenoConnection *connection)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  GAsyncResult *pending = NULL;

  xeno_builder_recover_async (connection, NULL, xeno_test_result_cb, &pending);
  result = xeno_test_await (&pending);
  xeno_builder_recover_finish (result, &error);
  g_assert_no_error (error);
}

/* Row 30. */
static void
test_killed_leaves_nothing (void)
{
  g_autofree char *path = make_disk ("kill.vdi", "vdi", "static=off", "gzip");
  g_autofree char *self = g_file_read_link ("/proc/self/exe", NULL);
  const char *argv[] = { self, "--die", path, NULL };
  g_autoptr (GError) error = NULL;
  XenoConnection *connection;
  int status;

  g_spawn_sync (NULL, (char **) argv, NULL, 0, NULL, NULL, NULL, NULL, &status, &error);
  g_assert_no_error (error);
  g_assert_true (WIFSIGNALED (status) && WTERMSIG (status) == SIGKILL);

  connection = open_session ();
  recover (connection);
  assert_nothing_left (connection);
  g_unlink (path);
  close_connection (connection);
}

static int
build_on_small_drive (const char *path)
{
  g_autofree char *images = get_images ();
  XenoConnection *connection;
  g_autoptr (XenoRecipe) recipe = NULL;
  g_autoptr (GError) error = NULL;

  if (!mount_small_drive (images, 18))
    return STATUS_NOT_ALLOWED;

  connection = open_session ();
  recipe = make_recipe (path, "Full");
  g_assert_null (build (connection, recipe, FALSE, NULL, &error));
  g_assert_error (error, XENO_ERROR, XENO_ERROR_NO_SPACE);
  assert_nothing_left (connection);
  close_connection (connection);
  return 0;
}

/* Row 26: a drive on which nothing is free but the reserve. */
static void
test_small_drive_leaves_nothing (gconstpointer packer)
{
  g_autofree char *path = make_disk ("small.vdi", "vdi", "static=on", packer);
  g_autofree char *self = g_file_read_link ("/proc/self/exe", NULL);
  const char *argv[] = { self, "--small", path, NULL };
  g_autoptr (GError) error = NULL;
  int status;

  g_spawn_sync (NULL, (char **) argv, NULL, 0, NULL, NULL, NULL, NULL, &status, &error);
  g_assert_no_error (error);
  g_unlink (path);
  if (WIFEXITED (status) && WEXITSTATUS (status) == STATUS_NOT_ALLOWED)
    g_test_skip ("this kernel lets nobody mount a drive of his own");
  else
    g_assert_true (g_spawn_check_wait_status (status, &error));
}

/* What is read is what was looked at: a disk that became another one meanwhile is refused. */
static void
test_swapped_disk_is_refused (void)
{
  XenoConnection *connection = open_session ();
  g_autofree char *path = make_disk ("swap.vmdk", "vmdk", "subformat=monolithicSparse", NULL);
  g_autofree char *other = make_disk ("other.vdi", "vdi", "static=off", NULL);
  g_autoptr (XenoRecipe) recipe = make_recipe (path, "Swapped");
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (g_rename (other, path), ==, 0);
  g_assert_null (build (connection, recipe, FALSE, NULL, &error));
  g_assert_error (error, XENO_ERROR, XENO_ERROR_BAD_MEDIA);
  assert_nothing_left (connection);
  g_unlink (path);
  close_connection (connection);
}

/* Two disks, a list of checksums, and a wrong one where @is_wrong. */
static char *
make_ova (gboolean is_wrong)
{
  static const char * const disks[] = { "one.vmdk", "two.vmdk", NULL };
  g_autofree char *disk = make_disk ("ova.vmdk", "vmdk", "subformat=streamOptimized", NULL);
  g_autofree char *ovf = appliance_make_ovf (disks, "");
  g_autofree char *ovf_sum = g_compute_checksum_for_string (G_CHECKSUM_SHA256, ovf, -1);
  g_autofree char *disk_sum = NULL;
  g_autofree char *manifest = NULL;
  g_autofree char *bytes = NULL;
  g_autoptr (GByteArray) archive = g_byte_array_new ();
  char *path = get_path ("a.ova");
  gsize length;

  g_assert_true (g_file_get_contents (disk, &bytes, &length, NULL));
  disk_sum = g_compute_checksum_for_data (G_CHECKSUM_SHA256, (const guint8 *) bytes, length);
  manifest = g_strdup_printf ("SHA256(a.ovf)= %s\nSHA256(one.vmdk)= %s\nSHA256(two.vmdk)= %s\n", ovf_sum, disk_sum,
                              is_wrong ? ovf_sum : disk_sum);
  appliance_add_text (archive, "a.ovf", ovf);
  appliance_add_text (archive, "a.mf", manifest);
  appliance_add (archive, "one.vmdk", bytes, length);
  appliance_add (archive, "two.vmdk", bytes, length);
  appliance_end (archive);
  g_assert_true (g_file_set_contents (path, (const char *) archive->data, archive->len, NULL));
  g_unlink (disk);
  return path;
}

static void
test_appliance_boots (void)
{
  XenoConnection *connection = open_session ();
  g_autofree char *path = make_ova (FALSE);
  g_autoptr (XenoRecipe) recipe = make_recipe (path, "Appliance");
  g_autoptr (GError) error = NULL;
  g_autoptr (XenoMachine) machine = build (connection, recipe, TRUE, NULL, &error);
  g_autofree char *images = get_images ();
  g_autofree char *name = NULL;
  g_autofree char *second = NULL;
  Screen screen = { machine };

  g_assert_no_error (error);
  xeno_test_until (is_drawn, &screen);
  do_verb (machine, "force-off");
  wait_for_machine (machine, XENO_MACHINE_OFF);
  assert_same (machine);
  name = g_strconcat (xeno_machine_get_uuid (machine), "-1.qcow2", NULL);
  second = g_build_filename (images, name, NULL);
  g_assert_true (g_file_test (second, G_FILE_TEST_EXISTS));
  remove_machine (connection, machine);
  g_assert_cmpint (g_unlink (second), ==, 0);
  assert_nothing_left (connection);
  g_unlink (path);
  close_connection (connection);
}

/* A disk that was packed and then cut into pieces, as OVF allows. */
static void
test_pieces_are_put_together (void)
{
  static const char * const disks[] = { "disk.vdi.gz", NULL };
  XenoConnection *connection = open_session ();
  g_autofree char *disk = make_disk ("pieces.vdi", "vdi", "static=off", "gzip");
  g_autofree char *path = get_path ("pieces.ova");
  g_autofree char *bytes = NULL;
  g_autofree char *ovf = appliance_make_ovf (disks, "");
  g_auto (GStrv) around = g_strsplit (ovf, "ovf:href='disk.vdi.gz'", 2);
  g_autofree char *cut = NULL;
  g_autoptr (GByteArray) archive = g_byte_array_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (XenoRecipe) recipe = NULL;
  g_autoptr (XenoMachine) machine = NULL;
  g_autofree char *images = get_images ();
  const gsize chunk = 700001;
  gsize length;

  g_assert_true (g_file_get_contents (disk, &bytes, &length, NULL));
  cut = g_strdup_printf ("%sovf:href='disk.vdi.gz' ovf:compression='gzip' ovf:chunkSize='%" G_GSIZE_FORMAT "' "
                         "ovf:size='%" G_GSIZE_FORMAT "'%s", around[0], chunk, length, around[1]);
  appliance_add_text (archive, "a.ovf", cut);
  for (gsize i = 0; i * chunk < length; i++)
    {
      g_autofree char *name = g_strdup_printf ("disk.vdi.gz.%09" G_GSIZE_FORMAT, i);

      appliance_add (archive, name, bytes + i * chunk, MIN (chunk, length - i * chunk));
    }
  appliance_end (archive);
  g_assert_true (g_file_set_contents (path, (const char *) archive->data, archive->len, NULL));

  recipe = make_recipe (path, "Pieces");
  machine = build (connection, recipe, FALSE, NULL, &error);
  g_assert_no_error (error);
  assert_same (machine);
  g_assert_cmpuint (count_files (images), ==, 1);
  remove_machine (connection, machine);
  assert_nothing_left (connection);
  g_unlink (path);
  g_unlink (disk);
  close_connection (connection);
}

/* What another machine has, or what may only be read, is not written to. */
static void
test_in_place_is_refused (void)
{
  XenoConnection *connection = open_session ();
  g_autofree char *path = make_disk ("place.qcow2", "qcow2", "compat=1.1", NULL);
  g_autofree char *link_path = get_path ("link.qcow2");
  g_autoptr (XenoRecipe) recipe = make_recipe (path, "First");
  g_autoptr (XenoRecipe) again = NULL;
  g_autoptr (XenoMachine) machine = NULL;
  g_autoptr (GError) read_only = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) used = NULL;

  xeno_recipe_set_disk_way (recipe, XENO_DISK_IN_PLACE);
  xeno_recipe_recommend (recipe, NULL, NULL, NULL, 0);
  g_assert_cmpint (g_chmod (path, 0400), ==, 0);
  g_assert_null (build (connection, recipe, FALSE, NULL, &read_only));
  g_assert_error (read_only, XENO_ERROR, XENO_ERROR_NO_PERMISSION);
  g_assert_cmpint (g_chmod (path, 0600), ==, 0);
  machine = build (connection, recipe, FALSE, NULL, &error);
  g_assert_no_error (error);

  g_assert_cmpint (symlink (path, link_path), ==, 0);
  again = make_recipe (link_path, "Second");
  xeno_recipe_set_disk_way (again, XENO_DISK_IN_PLACE);
  xeno_recipe_recommend (again, NULL, NULL, NULL, 0);
  g_assert_null (build (connection, again, FALSE, NULL, &used));
  g_assert_error (used, XENO_ERROR, XENO_ERROR_IN_USE);
  g_assert_nonnull (strstr (used->message, "“First”"));
  remove_machines (connection);
  assert_nothing_left (connection);
  g_unlink (link_path);
  g_unlink (path);
  close_connection (connection);
}

static void
test_wrong_appliance_leaves_nothing (void)
{
  XenoConnection *connection = open_session ();
  g_autofree char *path = make_ova (TRUE);
  g_autoptr (XenoRecipe) recipe = make_recipe (path, "Wrong");
  g_autoptr (GError) error = NULL;

  g_assert_null (build (connection, recipe, TRUE, NULL, &error));
  g_assert_error (error, XENO_ERROR, XENO_ERROR_BAD_MEDIA);
  g_assert_nonnull (strstr (error->message, "damaged or changed"));
  assert_nothing_left (connection);
  g_unlink (path);
  close_connection (connection);
}

static gboolean
export_machine (XenoMachine  *machine,
                const char   *path,
                GCallback     step_cb,
                GError      **error)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (XenoJob) job = NULL;
  GAsyncResult *pending = NULL;

  job = xeno_export_start (machine, path, "ova", xeno_test_result_cb, &pending);
  if (step_cb != NULL)
    g_signal_connect (job, "notify::step", step_cb, NULL);
  result = xeno_test_await (&pending);
  return xeno_export_finish (result, error);
}

static XenoMachine *
make_machine (XenoConnection *connection,
              const char     *title)
{
  g_autofree char *path = make_disk ("export.vdi", "vdi", "static=off", NULL);
  g_autoptr (XenoRecipe) recipe = make_recipe (path, title);
  g_autoptr (GError) error = NULL;
  XenoMachine *machine = build (connection, recipe, FALSE, NULL, &error);

  g_assert_no_error (error);
  g_unlink (path);
  return machine;
}

static void
test_export_comes_back (void)
{
  XenoConnection *connection = open_session ();
  g_autofree char *folder = get_path ("exports");
  g_autofree char *path = g_build_filename (folder, "out.ova", NULL);
  g_autoptr (XenoMachine) machine = make_machine (connection, "Ätna <1> & more");
  g_autoptr (XenoMachine) back = NULL;
  g_autoptr (XenoRecipe) recipe = NULL;
  g_autoptr (XenoSpec) before = xeno_machine_dup_spec (machine);
  g_autoptr (XenoSpec) after = NULL;
  g_autoptr (GPtrArray) cards = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (g_mkdir (folder, 0700), ==, 0);
  g_assert_true (g_file_set_contents (path, "what was there before", -1, NULL));
  export_machine (machine, path, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (count_files (folder), ==, 1);

  recipe = make_recipe (path, "Back");
  xeno_recipe_recommend (recipe, NULL, NULL, NULL, 0);
  xeno_recipe_set_memory_bytes (recipe, xeno_recipe_get_memory_range (recipe).recommended);
  g_assert_cmpuint (xeno_recipe_get_memory_bytes (recipe), ==, 64 * MIB);
  back = build (connection, recipe, FALSE, NULL, &error);
  g_assert_no_error (error);
  assert_same (back);
  after = xeno_machine_dup_spec (back);
  cards = xeno_spec_list_devices (after, "interface");
  g_assert_cmpuint (xeno_spec_get_n_cpus (after), ==, xeno_spec_get_n_cpus (before));
  g_assert_cmpuint (xeno_spec_get_memory_bytes (after), ==, xeno_spec_get_memory_bytes (before));
  g_assert_cmpuint (cards->len, ==, 1);

  remove_machine (connection, back);
  remove_machine (connection, machine);
  assert_nothing_left (connection);
  g_unlink (path);
  g_rmdir (folder);
  close_connection (connection);
}

static const char *step_to_stop;

static void
cancel_export_cb (XenoJob *job)
{
  if (g_str_equal (xeno_job_get_step (job), step_to_stop))
    xeno_job_cancel (job);
}

static void
test_stopped_export_leaves_nothing (void)
{
  static const char * const steps[] = { "Packing the disks…", "Writing the file…" };
  XenoConnection *connection = open_session ();
  g_autofree char *folder = get_path ("exports");
  g_autofree char *path = g_build_filename (folder, "out.ova", NULL);
  g_autoptr (XenoMachine) machine = make_machine (connection, "Stopped");

  g_assert_cmpint (g_mkdir (folder, 0700), ==, 0);
  for (gsize i = 0; i < G_N_ELEMENTS (steps); i++)
    {
      g_autoptr (GError) error = NULL;

      step_to_stop = steps[i];
      g_assert_false (export_machine (machine, path, G_CALLBACK (cancel_export_cb), &error));
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
      g_assert_cmpuint (count_files (folder), ==, 0);
    }
  remove_machine (connection, machine);
  g_rmdir (folder);
  close_connection (connection);
}

static void
test_export_refuses (void)
{
  XenoConnection *connection = open_session ();
  g_autoptr (XenoMachine) machine = make_machine (connection, "Runs");
  g_autofree char *nowhere = get_path ("nowhere/out.ova");
  g_autofree char *path = get_path ("out.ova");
  g_autoptr (GError) missing = NULL;
  g_autoptr (GError) running = NULL;

  g_assert_false (export_machine (machine, nowhere, NULL, &missing));
  g_assert_nonnull (missing);
  do_verb (machine, "start");
  wait_for_machine (machine, XENO_MACHINE_RUNNING);
  g_assert_false (export_machine (machine, path, NULL, &running));
  g_assert_error (running, XENO_ERROR, XENO_ERROR_WRONG_STATE);
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
  do_verb (machine, "force-off");
  wait_for_machine (machine, XENO_MACHINE_OFF);
  remove_machine (connection, machine);
  assert_nothing_left (connection);
  close_connection (connection);
}

/* Holes are found when it is read to the end. */
static void
test_damaged_disk_leaves_nothing (void)
{
  XenoConnection *connection = open_session ();
  g_autofree char *path = make_disk ("cut.vdi", "vdi", "static=off", "xz");
  g_autoptr (XenoRecipe) recipe = make_recipe (path, "Damaged");
  g_autoptr (GError) error = NULL;
  GStatBuf info;

  g_assert_cmpint (g_stat (path, &info), ==, 0);
  g_assert_cmpint (truncate (path, info.st_size - 5000), ==, 0);
  g_assert_null (build (connection, recipe, FALSE, NULL, &error));
  g_assert_error (error, XENO_ERROR, XENO_ERROR_BAD_MEDIA);
  assert_nothing_left (connection);
  g_unlink (path);
  close_connection (connection);
}

int
main (int    argc,
      char **argv)
{
  setlocale (LC_ALL, "C.UTF-8");
  if (argc == 3 && g_str_equal (argv[1], "--die"))
    return build_and_die (argv[2]);
  if (argc == 3 && g_str_equal (argv[1], "--small"))
    return build_on_small_drive (argv[2]);

  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/xeno/import/every-format-is-copied-to-the-byte", test_copies_every_format);
  g_test_add_func ("/xeno/import/a-copy-boots", test_copy_boots);
  g_test_add_func ("/xeno/import/cancelling-leaves-nothing", test_cancelling_leaves_nothing);
  g_test_add_func ("/xeno/import/killed-leaves-nothing", test_killed_leaves_nothing);
  g_test_add_data_func ("/xeno/import/a-full-drive-leaves-nothing", NULL, test_small_drive_leaves_nothing);
  g_test_add_data_func ("/xeno/import/a-full-drive-leaves-nothing-unpacked", "gzip", test_small_drive_leaves_nothing);
  g_test_add_func ("/xeno/import/a-disk-that-became-another-is-refused", test_swapped_disk_is_refused);
  g_test_add_func ("/xeno/import/a-damaged-disk-leaves-nothing", test_damaged_disk_leaves_nothing);
  g_test_add_func ("/xeno/import/an-appliance-boots-with-all-its-disks", test_appliance_boots);
  g_test_add_func ("/xeno/import/packed-pieces-are-put-together", test_pieces_are_put_together);
  g_test_add_func ("/xeno/import/in-place-is-refused-where-it-would-destroy", test_in_place_is_refused);
  g_test_add_func ("/xeno/import/an-appliance-that-was-changed-leaves-nothing", test_wrong_appliance_leaves_nothing);
  g_test_add_func ("/xeno/export/what-is-exported-comes-back", test_export_comes_back);
  g_test_add_func ("/xeno/export/what-is-stopped-leaves-nothing", test_stopped_export_leaves_nothing);
  g_test_add_func ("/xeno/export/what-runs-or-goes-nowhere-is-refused", test_export_refuses);
  return g_test_run ();
}
