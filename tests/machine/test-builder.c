/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Making real machines: killed, cancelled or failed at any moment, nothing stays behind. */
#include "config.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <libvirt/libvirt.h>

#include "base/xeno-error.h"
#include "create/xeno-build.h"
#include "create/xeno-builder.h"
#include "create/xeno-recipe.h"
#include "machine/daemon-fixture.h"
#include "machine/small-drive.h"
#include "support/xeno-test.h"
#include "virt/xeno-trash.h"
#include "virt/xeno-verb.h"

#define URI "qemu:///session"
#define MIB (G_GUINT64_CONSTANT (1) << 20)
#define GIB (G_GUINT64_CONSTANT (1) << 30)

/* Moments around the calls that make something. At the chosen one this process dies, the job is
 * cancelled, a drive fills up or the daemon dies. */
typedef enum
{
  NEVER,
  BEFORE_DISK,
  AFTER_DISK,
  BEFORE_SEED,
  AFTER_SEED,
  BEFORE_DEFINE,
  AFTER_DEFINE,
  BEFORE_START,
  AFTER_START,
  N_MOMENTS,
} Moment;

static const char * const moment_names[] = {
  "never", "before-disk", "after-disk", "before-seed", "after-seed", "before-define", "after-define", "before-start",
  "after-start",
};

static Moment chosen;
static XenoJob *job_to_cancel;     /* NULL: die */
static const char *file_to_fill;   /* where to fill the drive instead */
static GPid daemon_to_kill;        /* whom to kill instead */

static void
fill (const char *path)
{
  static const char zeros[4096];
  int fd = open (path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

  g_assert_cmpint (fd, >=, 0);
  while (write (fd, zeros, sizeof zeros) > 0)
    continue;
  g_assert_cmpint (errno, ==, ENOSPC);
  close (fd);
}

static void
reach (Moment moment)
{
  if (moment != chosen)
    return;

  if (file_to_fill != NULL)
    fill (file_to_fill);
  else if (daemon_to_kill != 0)
    kill (daemon_to_kill, SIGKILL);
  else if (job_to_cancel != NULL)
    xeno_job_cancel (job_to_cancel);
  else
    kill (getpid (), SIGKILL);
}

virStorageVolPtr
virStorageVolCreateXML (virStoragePoolPtr  pool,
                        const char        *xml,
                        unsigned int       flags)
{
  virStorageVolPtr (*real) (virStoragePoolPtr, const char *, unsigned int) =
    dlsym (RTLD_NEXT, "virStorageVolCreateXML");
  virStorageVolPtr volume;

  reach (BEFORE_DISK);
  volume = real (pool, xml, flags);
  reach (AFTER_DISK);
  return volume;
}

int
virStorageVolUpload (virStorageVolPtr    volume,
                     virStreamPtr        stream,
                     unsigned long long  offset,
                     unsigned long long  length,
                     unsigned int        flags)
{
  int (*real) (virStorageVolPtr, virStreamPtr, unsigned long long, unsigned long long, unsigned int) =
    dlsym (RTLD_NEXT, "virStorageVolUpload");

  reach (BEFORE_SEED);
  return real (volume, stream, offset, length, flags);
}

int
virStreamFinish (virStreamPtr stream)
{
  int (*real) (virStreamPtr) = dlsym (RTLD_NEXT, "virStreamFinish");
  int status = real (stream);

  reach (AFTER_SEED);
  return status;
}

virDomainPtr
virDomainDefineXML (virConnectPtr  connection,
                    const char    *xml)
{
  virDomainPtr (*real) (virConnectPtr, const char *) = dlsym (RTLD_NEXT, "virDomainDefineXML");
  virDomainPtr domain;

  reach (BEFORE_DEFINE);
  domain = real (connection, xml);
  reach (AFTER_DEFINE);
  return domain;
}

int
virDomainCreate (virDomainPtr domain)
{
  int (*real) (virDomainPtr) = dlsym (RTLD_NEXT, "virDomainCreate");
  int status;

  reach (BEFORE_START);
  status = real (domain);
  reach (AFTER_START);
  return status;
}

static XenoConnection *
open_connection (void)
{
  XenoConnection *connection = xeno_connection_new (URI);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  GAsyncResult *pending = NULL;

  xeno_connection_open_async (connection, NULL, xeno_test_result_cb, &pending);
  result = xeno_test_await (&pending);
  xeno_connection_open_finish (connection, result, &error);
  g_assert_no_error (error);
  return connection;
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
  xeno_recipe_set_title (recipe, title);
  xeno_recipe_set_memory_bytes (recipe, 128 * MIB);
  xeno_recipe_set_n_cpus (recipe, 1);
  xeno_recipe_set_disk_bytes (recipe, GIB);
  return recipe;
}

/* With two files of its own, made in two ways. */
static XenoRecipe *
make_seeded_recipe (const char *path,
                    const char *title)
{
  XenoRecipe *recipe = make_recipe (path, title);
  g_autoptr (XenoSeed) seed = xeno_seed_new ();

  seed->user = g_strdup ("anna");
  seed->hostname = xeno_seed_make_hostname (title);
  xeno_seed_set_password (seed, "secret");
  xeno_recipe_set_seed (recipe, seed);
  return recipe;
}

static char *
copy_iso (const char *name)
{
  g_autoptr (GFile) from = g_file_new_for_path (g_getenv ("XENO_TEST_SCREEN_ISO"));
  char *path = g_build_filename (g_get_home_dir (), name, NULL);
  g_autoptr (GFile) to = g_file_new_for_path (path);
  g_autoptr (GError) error = NULL;

  g_file_copy (from, to, G_FILE_COPY_OVERWRITE, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  return path;
}

static XenoMachine *
build (XenoConnection  *connection,
       XenoRecipe      *recipe,
       gboolean         start,
       XenoMachine    **kept,
       GError         **error)
{
  g_autoptr (GAsyncResult) result = NULL;
  GAsyncResult *pending = NULL;
  g_autoptr (XenoJob) job = xeno_builder_start (connection, XENO_PLAN (recipe), start, xeno_test_result_cb, &pending);
  XenoMachine *machine;

  if (chosen != NEVER && file_to_fill == NULL && daemon_to_kill == 0)
    job_to_cancel = job;
  result = xeno_test_await (&pending);
  job_to_cancel = NULL;
  machine = xeno_builder_finish (result, error);
  if (kept != NULL)
    *kept = xeno_builder_get_machine (result) != NULL ? g_object_ref (xeno_builder_get_machine (result)) : NULL;
  return machine;
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

/* Disks, trash, journal, definitions, NVRAM: what belongs to machines is gone. */
static void
assert_nothing_left (XenoConnection *connection)
{
  g_autofree char *data = g_build_filename (g_get_user_data_dir (), "libvirt", "images", NULL);
  g_autofree char *state = g_build_filename (g_get_user_state_dir (), "xenolith", NULL);
  g_autofree char *own = g_build_filename (g_get_user_data_dir (), "xenolith", NULL);
  g_autofree char *definitions = g_build_filename (g_get_user_config_dir (), "libvirt", "qemu", NULL);
  g_autofree char *nvram = g_build_filename (definitions, "nvram", NULL);
  g_autoptr (GDir) folder = g_dir_open (definitions, 0, NULL);
  const char *name;

  xeno_test_until (is_list_empty, connection);
  g_assert_cmpuint (count_files (data), ==, 0);
  g_assert_cmpuint (count_files (state), ==, 0);
  g_assert_cmpuint (count_files (own), ==, 0);
  g_assert_cmpuint (count_files (nvram), ==, 0);
  while (folder != NULL && (name = g_dir_read_name (folder)) != NULL)
    g_assert_false (g_str_has_suffix (name, ".xml"));
}

static char *
dup_file (XenoMachine *machine,
          const char  *suffix)
{
  g_autofree char *name = g_strconcat (xeno_machine_get_uuid (machine), suffix, NULL);

  return g_build_filename (g_get_user_data_dir (), "libvirt", "images", name, NULL);
}

static void
remove_machine (XenoConnection *connection,
                XenoMachine    *machine)
{
  g_autofree char *disk = dup_file (machine, ".qcow2");
  g_autofree char *seed = dup_file (machine, "-seed.iso");
  const char *files[] = { NULL, NULL, NULL };
  guint n_files = 0;
  g_autoptr (GAsyncResult) deleted = NULL;
  g_autoptr (GAsyncResult) purged = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *trash_id = NULL;
  GAsyncResult *pending = NULL;

  if (g_file_test (disk, G_FILE_TEST_EXISTS))
    files[n_files++] = disk;
  if (g_file_test (seed, G_FILE_TEST_EXISTS))
    files[n_files++] = seed;
  xeno_machine_delete_async (machine, files, NULL, xeno_test_result_cb, &pending);
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

  screen->is_asking = FALSE;
  /* Text modes and blank screens compress to less than the guest's picture does. */
  if (picture != NULL && g_bytes_get_size (picture) > 0)
    {
      gsize size;
      const guint8 *data = g_bytes_get_data (picture, &size);

      /* PNG: width and height stand at 16 and 20; the guest draws 800x600. */
      screen->is_drawn = size > 24 && data[18] == 0x03 && data[19] == 0x20 && data[22] == 0x02 && data[23] == 0x58;
    }
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
check_boots (const char   *graphics,
             XenoFirmware  firmware)
{
  XenoConnection *connection = open_connection ();
  g_autofree char *iso = copy_iso ("boot, =;.iso");
  g_autoptr (XenoRecipe) recipe = make_recipe (iso, "Ätna <1>");
  g_autoptr (XenoMachine) machine = NULL;
  g_autoptr (GError) error = NULL;
  Screen screen = { NULL };

  xeno_recipe_set_graphics (recipe, graphics);
  xeno_recipe_set_firmware (recipe, firmware);
  machine = build (connection, recipe, TRUE, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (xeno_machine_get_state (machine), ==, XENO_MACHINE_RUNNING);
  g_assert_cmpstr (xeno_machine_get_title (machine), ==, "Ätna <1>");
  g_assert_true (xeno_connection_find_machine (connection, "Ätna <1>", NULL) == machine);

  screen.machine = machine;
  if (firmware != XENO_FIRMWARE_UEFI) /* the guest's disc is for a BIOS */
    xeno_test_until (is_drawn, &screen);

  remove_machine (connection, machine);
  assert_nothing_left (connection);
  g_unlink (iso);
  close_connection (connection);
}

static void
test_boots_with_spice (void)
{
  check_boots ("spice", XENO_FIRMWARE_AUTO);
}

static void
test_boots_with_vnc (void)
{
  check_boots ("vnc", XENO_FIRMWARE_BIOS);
}

static void
test_starts_with_uefi (void)
{
  check_boots ("auto", XENO_FIRMWARE_UEFI);
}

static void
test_disk_is_used_in_place (void)
{
  XenoConnection *connection = open_connection ();
  g_autofree char *iso = copy_iso ("disc.iso");
  g_autofree char *path = g_build_filename (g_get_home_dir (), "own.img", NULL);
  g_autoptr (XenoRecipe) recipe = NULL;
  g_autoptr (XenoMachine) machine = NULL;
  g_autoptr (GError) error = NULL;
  guint8 sector[512] = { 0xeb, 0xfe };

  sector[510] = 0x55;
  sector[511] = 0xaa;
  g_assert_true (g_file_set_contents (path, (const char *) sector, sizeof sector, NULL));
  recipe = make_recipe (path, "Own disk");
  xeno_recipe_recommend (recipe, NULL, NULL, NULL, 0);
  xeno_recipe_set_disk_bytes (recipe, 0);
  machine = build (connection, recipe, TRUE, NULL, &error);
  g_assert_no_error (error);
  remove_machine (connection, machine);
  g_assert_true (g_file_test (path, G_FILE_TEST_EXISTS));
  assert_nothing_left (connection);
  g_unlink (path);
  g_unlink (iso);
  close_connection (connection);
}

/* Row 15: a disk that comes to stand on another file after it was looked at does not get to read it. */
static void
test_swapped_disk_leads_nowhere (void)
{
  XenoConnection *connection = open_connection ();
  g_autofree char *secret = g_build_filename (g_get_home_dir (), "secret.img", NULL);
  g_autofree char *path = g_build_filename (g_get_home_dir (), "own.qcow2", NULL);
  const char *make_plain[] = { "qemu-img", "create", "-q", "-f", "qcow2", path, "1M", NULL };
  const char *make_overlay[] = { "qemu-img", "create", "-q", "-f", "qcow2", "-F", "raw", "-b", secret, path, NULL };
  g_autoptr (XenoRecipe) recipe = NULL;
  g_autoptr (XenoMachine) machine = NULL;
  virConnectPtr outside = virConnectOpen (URI);
  virDomainPtr domain;
  g_autofree char *live = NULL;
  g_autoptr (GError) error = NULL;
  int status;

  g_assert_true (g_file_set_contents (secret, "secret", -1, NULL));
  g_assert_true (g_spawn_sync (NULL, (char **) make_plain, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL,
                               &status, NULL));
  recipe = make_recipe (path, "Swapped");
  xeno_recipe_set_disk_bytes (recipe, 0);
  machine = build (connection, recipe, FALSE, NULL, &error);
  g_assert_no_error (error);

  g_assert_true (g_spawn_sync (NULL, (char **) make_overlay, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL,
                               &status, NULL));
  run_verb (machine, "start", &error);
  g_assert_no_error (error);
  domain = virDomainLookupByUUIDString (outside, xeno_machine_get_uuid (machine));
  live = virDomainGetXMLDesc (domain, 0);
  g_assert_nonnull (strstr (live, "own.qcow2"));
  g_assert_null (strstr (live, "secret.img"));
  virDomainFree (domain);
  virConnectClose (outside);
  remove_machine (connection, machine);
  assert_nothing_left (connection);
  g_unlink (path);
  g_unlink (secret);
  close_connection (connection);
}

/* Fault matrix, row 31. */
static void
test_cancelling_leaves_nothing (gconstpointer data)
{
  XenoConnection *connection = open_connection ();
  g_autofree char *iso = copy_iso ("cancel.iso");
  g_autoptr (XenoRecipe) recipe = make_seeded_recipe (iso, "Cancelled");
  g_autoptr (XenoMachine) machine = NULL;
  g_autoptr (GError) error = NULL;

  chosen = GPOINTER_TO_INT (data);
  machine = build (connection, recipe, TRUE, NULL, &error);
  chosen = NEVER;
  g_assert_null (machine);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  assert_nothing_left (connection);
  g_unlink (iso);
  close_connection (connection);
}

/* In a process of its own, which does not come back. */
static int
build_and_die (const char *moment,
               const char *iso)
{
  XenoConnection *connection = open_connection ();
  g_autoptr (XenoRecipe) recipe = make_seeded_recipe (iso, "Killed");
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (XenoJob) job = NULL;
  GAsyncResult *pending = NULL;

  for (int i = 0; i < N_MOMENTS; i++)
    if (g_str_equal (moment, moment_names[i]))
      chosen = i;
  job = xeno_builder_start (connection, XENO_PLAN (recipe), TRUE, xeno_test_result_cb, &pending);
  result = xeno_test_await (&pending);
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

/* Row 30: before the start nothing stays; from then on the machine is whole and does. */
static void
test_killed_leaves_all_or_nothing (gconstpointer data)
{
  Moment moment = GPOINTER_TO_INT (data);
  g_autofree char *iso = copy_iso ("kill.iso");
  const char *argv[] = { "/proc/self/exe", "--die", moment_names[moment], iso, NULL };
  g_autofree char *self = g_file_read_link ("/proc/self/exe", NULL);
  g_autofree char *images = NULL;
  g_autofree char *state = NULL;
  g_autoptr (GError) error = NULL;
  XenoConnection *connection;
  GListModel *machines;
  int status;

  argv[0] = self;
  g_spawn_sync (NULL, (char **) argv, NULL, 0, NULL, NULL, NULL, NULL, &status, &error);
  g_assert_no_error (error);
  g_assert_true (WIFSIGNALED (status) && WTERMSIG (status) == SIGKILL);

  /* What it left is there, and noted unless it is whole. */
  images = g_build_filename (g_get_user_data_dir (), "libvirt", "images", NULL);
  state = g_build_filename (g_get_user_state_dir (), "xenolith", NULL);
  g_assert_cmpuint (count_files (images), ==, moment >= BEFORE_SEED ? 2 : moment >= AFTER_DISK ? 1 : 0);
  g_assert_cmpuint (count_files (state), ==, moment >= BEFORE_START ? 0 : 1);

  connection = open_connection ();
  recover (connection);
  machines = xeno_connection_get_machines (connection);
  if (moment >= BEFORE_START)
    {
      g_autoptr (XenoMachine) machine = NULL;

      g_assert_cmpuint (g_list_model_get_n_items (machines), ==, 1);
      machine = g_list_model_get_item (machines, 0);
      g_assert_cmpstr (xeno_machine_get_title (machine), ==, "Killed");
      remove_machine (connection, machine);
    }
  assert_nothing_left (connection);
  g_unlink (iso);
  close_connection (connection);
}

static gboolean
is_another_daemon (gpointer pid)
{
  g_autofree char *path = g_build_filename (g_get_user_runtime_dir (), "libvirt", "libvirtd.pid", NULL);
  g_autofree char *text = NULL;

  return g_file_get_contents (path, &text, NULL, NULL) && atoi (text) > 0 && atoi (text) != GPOINTER_TO_INT (pid);
}

/* Row 47: what libvirt has then is true, and what could not be undone without it is undone later. */
static void
test_killed_daemon_leaves_all_or_nothing (gconstpointer data)
{
  XenoConnection *connection = open_session ();
  g_autofree char *iso = copy_iso ("daemon.iso");
  g_autoptr (XenoRecipe) recipe = make_seeded_recipe (iso, "Interrupted");
  g_autoptr (XenoMachine) machine = NULL;
  g_autoptr (XenoMachine) kept = NULL;
  g_autoptr (GError) error = NULL;
  GPid killed;

  chosen = GPOINTER_TO_INT (data);
  daemon_to_kill = killed = find_daemon ();
  machine = build (connection, recipe, TRUE, &kept, &error);
  chosen = NEVER;
  daemon_to_kill = 0;
  if (machine == NULL)
    g_assert_error (error, XENO_ERROR, XENO_ERROR_NO_CONNECTION);

  xeno_test_until (is_another_daemon, GINT_TO_POINTER (killed));
  wait_for_connection (connection, XENO_CONNECTION_OPEN);
  recover (connection);
  if (machine != NULL || kept != NULL)
    {
      XenoMachine *whole = machine != NULL ? machine : kept;

      g_assert_true (xeno_connection_find_machine (connection, "Interrupted", NULL) == whole);
      if (!xeno_machine_is_active (whole))
        do_verb (whole, "start");
      wait_for_machine (whole, XENO_MACHINE_RUNNING);
      remove_machine (connection, whole);
    }
  assert_nothing_left (connection);
  g_unlink (iso);
  close_connection (connection);
}

/* Row 32: what holds the disc back is found out by QEMU only. */
static void
test_failed_start_keeps_machine (void)
{
  XenoConnection *connection = open_connection ();
  g_autofree char *iso = copy_iso ("start.iso");
  g_autoptr (XenoRecipe) recipe = make_recipe (iso, "Not startable");
  g_autoptr (XenoMachine) machine = NULL;
  g_autoptr (XenoMachine) kept = NULL;
  g_autoptr (GError) error = NULL;

  xeno_recipe_set_network (recipe, "there-is-no-such-network");
  machine = build (connection, recipe, TRUE, &kept, &error);
  g_assert_null (machine);
  g_assert_nonnull (kept);
  g_assert_nonnull (strstr (error->message, "“Not startable” was made and is kept, switched off."));
  g_assert_cmpint (xeno_machine_get_state (kept), ==, XENO_MACHINE_OFF);
  g_assert_nonnull (xeno_machine_get_state_reason (kept));
  g_assert_true (xeno_connection_find_machine (connection, "Not startable", NULL) == kept);
  remove_machine (connection, kept);
  assert_nothing_left (connection);
  g_unlink (iso);
  close_connection (connection);
}

/* Row 21: one of two who want the same name gets it, and each its own seed. */
static void
test_two_at_once (void)
{
  XenoConnection *connection = open_connection ();
  g_autofree char *iso = copy_iso ("twice.iso");
  g_autoptr (XenoRecipe) recipe = make_seeded_recipe (iso, "Twice");
  GAsyncResult *pending[2] = { NULL };
  g_autoptr (XenoMachine) made = NULL;
  guint n_refused = 0;

  for (guint i = 0; i < 2; i++)
    g_object_unref (xeno_builder_start (connection, XENO_PLAN (recipe), FALSE, xeno_test_result_cb, &pending[i]));
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (GAsyncResult) result = xeno_test_await (&pending[i]);
      g_autoptr (GError) error = NULL;
      g_autoptr (XenoMachine) machine = xeno_builder_finish (result, &error);

      g_assert_true (machine != NULL || g_error_matches (error, XENO_ERROR, XENO_ERROR_EXISTS));
      n_refused += machine == NULL;
      if (machine != NULL)
        g_set_object (&made, machine);
    }
  g_assert_cmpuint (n_refused, ==, 1);
  remove_machine (connection, made);
  assert_nothing_left (connection);
  g_unlink (iso);
  close_connection (connection);
}

#define STATUS_NOT_ALLOWED 77

static int
build_on_full_drive (const char *iso)
{
  const char *images = g_getenv ("XENO_TEST_IMAGES");
  g_autofree char *filler = g_build_filename (images, "filler", NULL);
  XenoConnection *connection;
  g_autoptr (XenoRecipe) recipe = NULL;
  g_autoptr (XenoMachine) machine = NULL;
  g_autoptr (GError) error = NULL;

  if (!mount_small_drive (images, 4))
    return STATUS_NOT_ALLOWED;

  connection = open_connection ();
  recipe = make_seeded_recipe (iso, "Full");
  xeno_recipe_set_disk_bytes (recipe, MIB);
  file_to_fill = filler;
  for (chosen = BEFORE_DISK; chosen <= AFTER_DISK; chosen++) /* the disk, or the seed behind it */
    {
      machine = build (connection, recipe, TRUE, NULL, &error);
      g_assert_error (error, XENO_ERROR, XENO_ERROR_NO_SPACE);
      g_assert_null (machine);
      g_assert_cmpuint (count_files (images), ==, 1);
      g_assert_cmpint (g_unlink (filler), ==, 0);
      assert_nothing_left (connection);
      g_clear_error (&error);
    }

  /* The same works again once there is space. */
  chosen = NEVER;
  machine = build (connection, recipe, FALSE, NULL, &error);
  g_assert_no_error (error);
  remove_machine (connection, machine);
  assert_nothing_left (connection);
  close_connection (connection);
  return 0;
}

static void
test_full_drive_leaves_nothing (void)
{
  g_autofree char *iso = copy_iso ("full.iso");
  g_autofree char *self = g_file_read_link ("/proc/self/exe", NULL);
  g_autofree char *top = g_build_filename (g_get_home_dir (), "f", NULL);
  g_autofree char *runtime = g_build_filename (g_get_user_runtime_dir (), "f", NULL);
  g_autofree char *images = g_build_filename (top, "libvirt", "images", NULL);
  const char *argv[] = { self, "--full", iso, NULL };
  g_auto (GStrv) environment = g_get_environ ();
  g_autoptr (GError) error = NULL;
  int status;

  g_assert_cmpint (g_mkdir_with_parents (top, 0700), ==, 0);
  g_assert_cmpint (g_mkdir_with_parents (runtime, 0700), ==, 0);
  environment = g_environ_setenv (environment, "XDG_DATA_HOME", top, TRUE);
  environment = g_environ_setenv (environment, "XDG_CONFIG_HOME", top, TRUE);
  environment = g_environ_setenv (environment, "XDG_STATE_HOME", top, TRUE);
  environment = g_environ_setenv (environment, "XDG_RUNTIME_DIR", runtime, TRUE);
  environment = g_environ_setenv (environment, "XENO_TEST_IMAGES", images, TRUE);
  g_spawn_sync (NULL, (char **) argv, environment, 0, NULL, NULL, NULL, NULL, &status, &error);
  g_assert_no_error (error);
  g_unlink (iso);
  if (WIFEXITED (status) && WEXITSTATUS (status) == STATUS_NOT_ALLOWED)
    g_test_skip ("this kernel lets nobody mount a drive of his own");
  else
    g_assert_cmpint (status, ==, 0);
}

static void
add_for_moments (const char        *format,
                 GTestDataFunc      test,
                 Moment             last)
{
  for (int moment = BEFORE_DISK; moment <= (int) last; moment++)
    {
      g_autofree char *path = g_strconcat (format, moment_names[moment], NULL);

      g_test_add_data_func (path, GINT_TO_POINTER (moment), test);
    }
}

int
main (int    argc,
      char **argv)
{
  setlocale (LC_ALL, "C.UTF-8");
  if (argc == 4 && g_str_equal (argv[1], "--die"))
    return build_and_die (argv[2], argv[3]);

  if (argc == 3 && g_str_equal (argv[1], "--full"))
    return build_on_full_drive (argv[2]);

  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/xeno/builder/a-machine-boots-with-spice", test_boots_with_spice);
  g_test_add_func ("/xeno/builder/a-machine-boots-with-vnc", test_boots_with_vnc);
  g_test_add_func ("/xeno/builder/a-machine-starts-with-uefi", test_starts_with_uefi);
  g_test_add_func ("/xeno/builder/an-existing-disk-is-used-in-place-and-stays", test_disk_is_used_in_place);
  g_test_add_func ("/xeno/builder/a-swapped-disk-leads-nowhere", test_swapped_disk_leads_nowhere);
  g_test_add_func ("/xeno/builder/a-failed-start-keeps-the-machine", test_failed_start_keeps_machine);
  g_test_add_func ("/xeno/builder/a-full-drive-leaves-nothing", test_full_drive_leaves_nothing);
  g_test_add_func ("/xeno/builder/of-two-at-once-one-gets-the-name", test_two_at_once);
  add_for_moments ("/xeno/builder/cancelling-leaves-nothing/", test_cancelling_leaves_nothing, AFTER_START);
  add_for_moments ("/xeno/builder/killed-leaves-all-or-nothing/", test_killed_leaves_all_or_nothing, AFTER_START);
  add_for_moments ("/xeno/builder/a-daemon-killed-leaves-all-or-nothing/", test_killed_daemon_leaves_all_or_nothing,
                   AFTER_START);
  return g_test_run ();
}
