/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What was read from the database before: kept whole, and void as soon as the database is another. */
#include "config.h"

#include <fcntl.h>
#include <locale.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "create/xeno-os-db.h"
#include "create/xeno-os-library.h"
#include "create/xeno-os-memory.h"
#include "media-files.h"
#include "support/xeno-test.h"

#define SYSTEM_FILE "os/debian.org/debian-11.xml"
#define DEVICE_FILE "device/pcisig.com/pci-1af4-1000.xml"

typedef struct
{
  char *folder; /* a database of one system */
} Fixture;

static void
write_file (Fixture    *fixture,
            const char *name,
            const char *entry)
{
  g_autofree char *path = g_build_filename (fixture->folder, name, NULL);
  g_autofree char *folder = g_path_get_dirname (path);
  g_autofree char *text = g_strdup_printf ("<libosinfo version='0.0.1'>%s</libosinfo>", entry);

  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  g_assert_true (g_file_set_contents (path, text, -1, NULL));
}

static void
write_system (Fixture    *fixture,
              const char *name)
{
  g_autofree char *entry = g_strdup_printf (
    "<os id='http://debian.org/debian/11'><short-id>debian11</short-id><name>%s</name><family>linux</family>"
    "<devices><device id='http://pcisig.com/pci/1af4/1000'/></devices><firmware arch='all' type='efi'/>"
    "<resources arch='all'><minimum><ram>1073741824</ram></minimum><recommended><n-cpus>3</n-cpus></recommended>"
    "</resources><media arch='x86_64'><iso><volume-id>Debian 11.*</volume-id></iso></media></os>", name);

  write_file (fixture, SYSTEM_FILE, entry);
}

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  fixture->folder = g_dir_make_tmp ("xeno-memory-XXXXXX", NULL);
  g_setenv ("OSINFO_SYSTEM_DIR", fixture->folder, TRUE);
  write_file (fixture, DEVICE_FILE, "<device id='http://pcisig.com/pci/1af4/1000'><name>virtio-net</name></device>");
  write_system (fixture, "Debian 11");
}

static char *
make_cache_path (void)
{
  return g_build_filename (g_get_user_cache_dir (), "xenolith", "systems", NULL);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  static const char * const names[] = { "a.iso", SYSTEM_FILE, "os/debian.org", "os", DEVICE_FILE,
                                        "device/pcisig.com", "device", "" };
  g_autofree char *cache = make_cache_path ();

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = g_build_filename (fixture->folder, names[i], NULL);

      g_remove (path);
    }
  g_unlink (cache);
  g_free (fixture->folder);
}

static XenoMedia *
open_disc (Fixture    *fixture,
           const char *label)
{
  g_autofree char *path = media_write (fixture->folder, "a.iso", media_make_iso (label, TRUE, FALSE, 21));
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GAsyncResult) result = NULL;
  GAsyncResult *pending = NULL;
  XenoMedia *media;

  xeno_media_open_async (file, NULL, xeno_test_result_cb, &pending);
  result = xeno_test_await (&pending);
  media = xeno_media_open_finish (result, NULL);
  g_assert_nonnull (media);
  g_unlink (path);
  return media;
}

/* As another run of the program would, which is told @func's answer. */
static void
run_library (void   (*func) (XenoOsLibrary *library,
                             gpointer       data),
             gpointer data)
{
  XenoOsLibrary *library = xeno_os_library_new ();

  func (library, data);
  xeno_os_library_unref (library);
}

static void
keep_cb (XenoOsLibrary *library,
         gpointer       data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) entries = xeno_os_library_load (library, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (entries->len, ==, 1);
  xeno_os_library_keep (library);
}

/* The same to look at, and of no use: whoever reads it knows nothing of Debian any more. */
static void
spoil_database (Fixture *fixture)
{
  g_autofree char *path = g_build_filename (fixture->folder, SYSTEM_FILE, NULL);
  g_autofree char *text = NULL;
  struct timespec times[2] = { { 0, UTIME_OMIT } };
  struct stat info;
  gsize length;

  g_assert_cmpint (stat (path, &info), ==, 0);
  g_assert_true (g_file_get_contents (path, &text, &length, NULL));
  memset (strstr (text, "<os "), ' ', strstr (text, "</libosinfo>") - strstr (text, "<os "));
  g_assert_true (g_file_set_contents (path, text, length, NULL));
  times[1] = info.st_mtim;
  g_assert_cmpint (utimensat (AT_FDCWD, path, times, 0), ==, 0);
}

static void
look_up_cb (XenoOsLibrary *library,
            gpointer       data)
{
  XenoOs **os = data;
  g_autoptr (GError) error = NULL;

  *os = xeno_os_library_lookup (library, "debian11", &error);
  g_assert_no_error (error);
}

static void
test_keeps_all_of_it (Fixture       *fixture,
                      gconstpointer  data)
{
  g_autoptr (XenoOs) os = NULL;

  run_library (keep_cb, NULL);
  spoil_database (fixture);
  run_library (look_up_cb, &os);

  g_assert_nonnull (os);
  g_assert_cmpstr (xeno_os_get_id (os), ==, "http://debian.org/debian/11");
  g_assert_cmpstr (xeno_os_get_short_id (os), ==, "debian11");
  g_assert_cmpstr (xeno_os_get_name (os), ==, "Debian 11");
  g_assert_cmpstr (xeno_os_get_family (os), ==, "linux");
  g_assert_cmpuint (xeno_os_get_memory_bytes (os, TRUE), ==, 1 << 30);
  g_assert_cmpuint (xeno_os_get_n_cpus (os, FALSE), ==, 3);
  g_assert_cmpuint (xeno_os_get_disk_bytes (os, TRUE), ==, 0);
  g_assert_true (xeno_os_supports_device (os, "virtio-net"));
  g_assert_false (xeno_os_supports_device (os, "virtio-block"));
  g_assert_true (xeno_os_supports_bios (os));
  g_assert_true (xeno_os_supports_uefi (os));
}

static void
ask_all_cb (XenoOsLibrary *library,
            gpointer       data)
{
  g_autoptr (GPtrArray) entries = xeno_os_library_load (library, NULL);
  g_autoptr (XenoOs) found = xeno_os_library_lookup (library, "debian11", NULL);
  g_autoptr (XenoOs) identified = xeno_os_library_identify (library, data, NULL);

  g_assert_nonnull (entries);
  g_assert_true (found == NULL || xeno_os_is_described (found));
  g_assert_true (identified == NULL || xeno_os_is_described (identified));
}

/* Cut off at @position, or whole and wrong there. */
static void
damage (const char *path,
        const char *bytes,
        gsize       length,
        gsize       position)
{
  g_autofree char *damaged = g_memdup2 (bytes, length);

  if (position < length)
    damaged[position] ^= 0x55;
  g_assert_true (g_file_set_contents (path, damaged, position % 2 == 0 ? length : position, NULL));
}

/* Fault matrix, row 103: a file that is garbage, empty or huge harms nobody, and a huge one is replaced. */
static void
test_damaged_file_harms_nobody (Fixture       *fixture,
                                gconstpointer  data)
{
  g_autofree char *path = make_cache_path ();
  g_autofree char *bytes = NULL;
  g_autoptr (XenoMedia) media = open_disc (fixture, "Debian 11.3.0 amd64 1");
  struct stat info;
  gsize length;

  run_library (keep_cb, NULL);
  g_assert_true (g_file_get_contents (path, &bytes, &length, NULL));
  for (gsize i = 0; i <= length; i += 3)
    {
      damage (path, bytes, length, i);
      run_library (ask_all_cb, media);
    }

  g_assert_cmpint (truncate (path, 100 << 20), ==, 0);
  run_library (keep_cb, NULL);
  g_assert_cmpint (stat (path, &info), ==, 0);
  g_assert_cmpint (info.st_size, ==, length);
}

static void
test_stamp_is_the_databases (Fixture       *fixture,
                             gconstpointer  data)
{
  const char * const folders[] = { fixture->folder, NULL };
  const char * const more[] = { fixture->folder, g_get_tmp_dir (), NULL };
  g_autofree char *stamp = xeno_os_memory_make_stamp (folders, "x86_64");
  g_autofree char *same = xeno_os_memory_make_stamp (folders, "x86_64");
  g_autofree char *additions = xeno_os_memory_make_stamp (more, "x86_64");
  g_autofree char *other_arch = xeno_os_memory_make_stamp (folders, "aarch64");
  g_autofree char *changed = NULL;
  g_autofree char *loop = g_build_filename (fixture->folder, "os", "loop", NULL);
  g_autofree char *endless = NULL;

  g_assert_cmpstr (stamp, ==, same);
  g_assert_cmpstr (stamp, !=, other_arch);
  g_assert_cmpstr (stamp, !=, additions);
  write_system (fixture, "Debian 11!");
  changed = xeno_os_memory_make_stamp (folders, "x86_64");
  g_assert_cmpstr (stamp, !=, changed);

  g_assert_cmpint (symlink ("..", loop), ==, 0);
  endless = xeno_os_memory_make_stamp (folders, "x86_64");
  g_assert_cmpstr (endless, !=, changed);
  g_unlink (loop);
}

/* As another run of the program would. */
static char *
identify (XenoMedia *media)
{
  g_autoptr (XenoOsDb) db = xeno_os_db_new ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (XenoOs) os = NULL;
  GAsyncResult *pending = NULL;

  xeno_os_db_identify_async (db, media, NULL, xeno_test_result_cb, &pending);
  result = xeno_test_await (&pending);
  os = xeno_os_db_identify_finish (db, result, &error);
  g_assert_no_error (error);
  return os != NULL ? g_strdup (xeno_os_get_name (os)) : NULL;
}

static gboolean
is_kept (gpointer data)
{
  g_autofree char *path = make_cache_path ();

  return g_file_test (path, G_FILE_TEST_EXISTS);
}

static void
test_new_disc_needs_no_database (Fixture       *fixture,
                                 gconstpointer  data)
{
  g_autoptr (XenoMedia) media = open_disc (fixture, "Debian 11.3.0 amd64 1");
  g_autoptr (XenoMedia) never_seen = open_disc (fixture, "Debian 11.4.0 amd64 1");
  g_autoptr (XenoMedia) unknown = open_disc (fixture, "Fedora-S-dvd-x86_64-37");
  g_autofree char *first = identify (media);
  g_autofree char *second = NULL;
  g_autofree char *third = NULL;

  xeno_test_until (is_kept, NULL);
  spoil_database (fixture);
  second = identify (never_seen);
  third = identify (unknown);

  g_assert_cmpstr (first, ==, "Debian 11");
  g_assert_cmpstr (second, ==, "Debian 11");
  g_assert_null (third);
}

static void
test_changed_database_is_read_again (Fixture       *fixture,
                                     gconstpointer  data)
{
  g_autoptr (XenoMedia) media = open_disc (fixture, "Debian 11.3.0 amd64 1");
  g_autofree char *before = identify (media);
  g_autofree char *after = NULL;

  xeno_test_until (is_kept, NULL);
  write_system (fixture, "Debian 11 (bullseye)");
  after = identify (media);
  g_assert_cmpstr (before, ==, "Debian 11");
  g_assert_cmpstr (after, ==, "Debian 11 (bullseye)");
}

static const struct
{
  const char *path;
  void      (*test) (Fixture       *fixture,
                     gconstpointer  data);
} tests[] = {
  { "/xeno/os-memory/keeps-all-of-it", test_keeps_all_of_it },
  { "/xeno/os-memory/a-damaged-file-harms-nobody", test_damaged_file_harms_nobody },
  { "/xeno/os-memory/the-stamp-is-the-databases", test_stamp_is_the_databases },
  { "/xeno/os-memory/a-new-disc-needs-no-database", test_new_disc_needs_no_database },
  { "/xeno/os-memory/a-changed-database-is-read-again", test_changed_database_is_read_again },
};

int
main (int    argc,
      char **argv)
{
  g_autofree char *home = g_dir_make_tmp ("xeno-cache-XXXXXX", NULL);
  g_autofree char *folder = g_build_filename (home, "xenolith", NULL);
  int status;

  setlocale (LC_ALL, "C.UTF-8");
  g_setenv ("XDG_CACHE_HOME", home, TRUE);
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Fixture, NULL, set_up, tests[i].test, tear_down);
  status = g_test_run ();
  g_rmdir (folder);
  g_rmdir (home);
  return status;
}
