/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What was found in the database before: kept, bounded, and void as soon as the database is another. */
#include "config.h"

#include <fcntl.h>
#include <locale.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "create/xeno-os-db.h"
#include "create/xeno-os-memory.h"
#include "media-files.h"
#include "support/xeno-test.h"

#define SYSTEM_FILE "os/debian.org/debian-11.xml"

typedef struct
{
  char *folder; /* a database of one system */
} Fixture;

static void
write_system (Fixture    *fixture,
              const char *name)
{
  g_autofree char *path = g_build_filename (fixture->folder, SYSTEM_FILE, NULL);
  g_autofree char *vendor = g_path_get_dirname (path);
  g_autofree char *text = g_strdup_printf (
    "<libosinfo version='0.0.1'><os id='http://debian.org/debian/11'><short-id>debian11</short-id><name>%s</name>"
    "<family>linux</family><resources arch='all'><minimum><ram>1073741824</ram></minimum><recommended><n-cpus>3"
    "</n-cpus></recommended></resources><media arch='x86_64'><iso><volume-id>Debian 11.*</volume-id></iso></media>"
    "</os></libosinfo>", name);

  g_assert_cmpint (g_mkdir_with_parents (vendor, 0700), ==, 0);
  g_assert_true (g_file_set_contents (path, text, -1, NULL));
}

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  fixture->folder = g_dir_make_tmp ("xeno-memory-XXXXXX", NULL);
  g_setenv ("OSINFO_SYSTEM_DIR", fixture->folder, TRUE);
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
  static const char * const names[] = { "a.iso", SYSTEM_FILE, "os/debian.org", "os", "" };
  g_autofree char *cache = make_cache_path ();

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = g_build_filename (fixture->folder, names[i], NULL);

      g_remove (path);
    }
  g_unlink (cache);
  g_free (fixture->folder);
}

static XenoOs *
make_os (const char *id)
{
  XenoOs *os = xeno_os_new (id, "short", "A name", NULL);
  XenoOsFacts *facts = xeno_os_facts_new ();

  facts->minimum = (XenoOsResources) { 1, 2, 3 };
  facts->recommended = (XenoOsResources) { G_GUINT64_CONSTANT (1) << 40, 5, 6 };
  g_ptr_array_add (facts->devices, (gpointer) g_intern_string ("virtio-net"));
  facts->has_uefi = TRUE;
  xeno_os_take_facts (os, facts);
  return os;
}

static void
test_keeps_answers (Fixture       *fixture,
                    gconstpointer  data)
{
  g_autoptr (XenoOs) os = make_os ("http://a.org/1");
  g_autoptr (XenoOs) known = NULL;
  XenoOs *unknown = NULL;
  XenoOs *never_asked = NULL;

  xeno_os_memory_keep ("stamp", "known", os);
  xeno_os_memory_keep ("stamp", "unknown", NULL);

  g_assert_true (xeno_os_memory_recall ("stamp", "known", &known));
  g_assert_cmpstr (xeno_os_get_id (known), ==, "http://a.org/1");
  g_assert_cmpstr (xeno_os_get_short_id (known), ==, "short");
  g_assert_cmpstr (xeno_os_get_name (known), ==, "A name");
  g_assert_null (xeno_os_get_family (known));
  g_assert_cmpuint (xeno_os_get_memory_bytes (known, TRUE), ==, 1);
  g_assert_cmpuint (xeno_os_get_memory_bytes (known, FALSE), ==, G_GUINT64_CONSTANT (1) << 40);
  g_assert_cmpuint (xeno_os_get_n_cpus (known, FALSE), ==, 5);
  g_assert_cmpuint (xeno_os_get_disk_bytes (known, TRUE), ==, 3);
  g_assert_true (xeno_os_supports_device (known, "virtio-net"));
  g_assert_false (xeno_os_supports_device (known, "virtio-block"));
  g_assert_true (xeno_os_supports_bios (known));
  g_assert_true (xeno_os_supports_uefi (known));

  g_assert_true (xeno_os_memory_recall ("stamp", "unknown", &unknown));
  g_assert_null (unknown);
  g_assert_false (xeno_os_memory_recall ("stamp", "never asked", &never_asked));
  g_assert_false (xeno_os_memory_recall ("another stamp", "known", &never_asked));
}

static void
test_forgets_the_oldest (Fixture       *fixture,
                         gconstpointer  data)
{
  XenoOs *os = NULL;

  for (guint i = 0; i < 100; i++)
    {
      g_autofree char *question = g_strdup_printf ("%u", i);

      xeno_os_memory_keep ("stamp", question, NULL);
    }
  g_assert_true (xeno_os_memory_recall ("stamp", "99", &os));
  g_assert_true (xeno_os_memory_recall ("stamp", "68", &os));
  g_assert_false (xeno_os_memory_recall ("stamp", "67", &os));
}

/* Fault matrix, row 103: a file that is garbage, empty or huge is no answer, and is replaced. */
static void
test_damaged_file_is_no_answer (Fixture       *fixture,
                                gconstpointer  data)
{
  g_autofree char *path = make_cache_path ();
  g_autofree char *bytes = NULL;
  g_autoptr (XenoOs) made = make_os ("http://a.org/1");
  gsize length;

  xeno_os_memory_keep ("stamp", "question", made);
  g_assert_true (g_file_get_contents (path, &bytes, &length, NULL));
  for (gsize i = 0; i <= length; i++)
    {
      g_autofree char *damaged = g_memdup2 (bytes, length);
      XenoOs *os = NULL;

      if (i < length)
        damaged[i] ^= 0x55;
      g_assert_true (g_file_set_contents (path, damaged, i % 2 == 0 ? length : i, NULL));
      if (xeno_os_memory_recall ("stamp", "question", &os))
        g_clear_object (&os); /* a letter of a name is no harm */
    }

  g_assert_cmpint (truncate (path, 100 << 20), ==, 0);
  {
    XenoOs *os = NULL;

    g_assert_false (xeno_os_memory_recall ("stamp", "question", &os));
    xeno_os_memory_keep ("stamp", "question", made);
    g_assert_true (xeno_os_memory_recall ("stamp", "question", &os));
    g_clear_object (&os);
  }
}

static void
test_stamp_is_the_databases (Fixture       *fixture,
                             gconstpointer  data)
{
  g_autofree char *stamp = xeno_os_memory_make_stamp (fixture->folder, "x86_64");
  g_autofree char *same = xeno_os_memory_make_stamp (fixture->folder, "x86_64");
  g_autofree char *other_arch = xeno_os_memory_make_stamp (fixture->folder, "aarch64");
  g_autofree char *changed = NULL;
  g_autofree char *loop = g_build_filename (fixture->folder, "os", "loop", NULL);
  g_autofree char *endless = NULL;

  g_assert_cmpstr (stamp, ==, same);
  g_assert_cmpstr (stamp, !=, other_arch);
  write_system (fixture, "Debian 11!");
  changed = xeno_os_memory_make_stamp (fixture->folder, "x86_64");
  g_assert_cmpstr (stamp, !=, changed);

  g_assert_cmpint (symlink ("..", loop), ==, 0);
  endless = xeno_os_memory_make_stamp (fixture->folder, "x86_64");
  g_assert_cmpstr (endless, !=, changed);
  g_unlink (loop);
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

static void
test_known_disc_needs_no_database (Fixture       *fixture,
                                   gconstpointer  data)
{
  g_autofree char *path = g_build_filename (fixture->folder, SYSTEM_FILE, NULL);
  g_autoptr (XenoMedia) media = open_disc (fixture, "Debian 11.3.0 amd64 1");
  g_autoptr (XenoMedia) other = open_disc (fixture, "Debian 11.4.0 amd64 1");
  g_autofree char *first = identify (media);
  g_autofree char *second = NULL;
  g_autofree char *third = NULL;
  g_autofree char *text = NULL;
  struct timespec times[2] = { { 0, UTIME_OMIT } };
  struct stat info;
  gsize length;

  /* The same to look at, and of no use: whoever reads it knows nothing of Debian any more. */
  g_assert_cmpint (stat (path, &info), ==, 0);
  g_assert_true (g_file_get_contents (path, &text, &length, NULL));
  memcpy (strstr (text, "Debian 11.*"), "Nothing....", strlen ("Debian 11.*"));
  g_assert_true (g_file_set_contents (path, text, length, NULL));
  times[1] = info.st_mtim;
  g_assert_cmpint (utimensat (AT_FDCWD, path, times, 0), ==, 0);
  second = identify (media);
  third = identify (other);

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
  { "/xeno/os-memory/keeps-answers-until-the-database-is-another", test_keeps_answers },
  { "/xeno/os-memory/forgets-the-oldest", test_forgets_the_oldest },
  { "/xeno/os-memory/a-damaged-file-is-no-answer", test_damaged_file_is_no_answer },
  { "/xeno/os-memory/the-stamp-is-the-databases", test_stamp_is_the_databases },
  { "/xeno/os-memory/a-known-disc-needs-no-database", test_known_disc_needs_no_database },
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
