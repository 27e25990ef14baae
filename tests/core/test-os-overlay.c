/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What we bring for databases that are years old: the discs of today are known, and nothing is there twice. */
#include "config.h"

#include <locale.h>
#include <string.h>

#include <glib/gstdio.h>

#include "create/xeno-os-library.h"
#include "media-files.h"
#include "support/xeno-test.h"

#define PRIMARY         (16 * MEDIA_SECTOR)
#define SYSTEM_AT       8
#define PUBLISHER_AT    318
#define APPLICATION_AT  574

enum
{
  LABEL,
  SYSTEM,
  PUBLISHER,
  APPLICATION,
  SHORT_ID,
  FULL_NAME,
  ARCH,
  USE,
  N_COLUMNS
};

typedef struct
{
  char *folder; /* of all that a test makes */
  char *host;   /* a database of one system */
  char *ours;   /* what is added to it */
} Fixture;

static char *
dup_overlay (void)
{
  return g_canonicalize_filename ("../../data/osinfo", g_test_get_dir (G_TEST_DIST));
}

static void
write_entry (const char *folder,
             const char *name,
             const char *entry)
{
  g_autofree char *path = g_build_filename (folder, "os", "debian.org", name, NULL);
  g_autofree char *parent = g_path_get_dirname (path);
  g_autofree char *text = g_strdup_printf ("<libosinfo version='0.0.1'>%s</libosinfo>", entry);

  g_assert_cmpint (g_mkdir_with_parents (parent, 0700), ==, 0);
  g_assert_true (g_file_set_contents (path, text, -1, NULL));
}

static void
write_our_system (Fixture    *fixture,
                  const char *name)
{
  g_autofree char *entry = g_strdup_printf (
    "<os id='http://debian.org/debian/12'><short-id>debian12</short-id><name>%s</name><family>linux</family>"
    "<derives-from id='http://debian.org/debian/11'/>"
    "<media arch='x86_64'><iso><volume-id>^Debian 12.*</volume-id></iso></media></os>", name);

  write_entry (fixture->ours, "debian-12.xml", entry);
}

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  fixture->folder = g_dir_make_tmp ("xeno-overlay-XXXXXX", NULL);
  fixture->host = g_build_filename (fixture->folder, "host", NULL);
  fixture->ours = g_build_filename (fixture->folder, "ours", NULL);
  g_setenv ("OSINFO_SYSTEM_DIR", fixture->host, TRUE);
  g_setenv ("XENOLITH_OSINFO_PATH", fixture->ours, TRUE);

  write_entry (fixture->host, "debian-11.xml",
               "<os id='http://debian.org/debian/11'><short-id>debian11</short-id><name>The host's Debian</name>"
               "<firmware arch='all' type='efi'/>"
               "<media arch='x86_64'><iso><volume-id>^Debian 11.*</volume-id></iso></media></os>");
  write_our_system (fixture, "Our Debian 12");
  write_entry (fixture->ours, "debian-11.xml",
               "<os id='http://debian.org/debian/11'><short-id>debian11</short-id><name>Our Debian</name>"
               "<derives-from id='http://debian.org/debian/11'/>"
               "<variant id='live'><name>Debian 11 live</name></variant><variant id='dvd'><name>DVD</name></variant>"
               "<media arch='x86_64' live='true'><variant id='dvd'/><iso><volume-id>^Debian 11.*</volume-id></iso></media>"
               "<media arch='x86_64' live='true'><variant id='live'/><iso><volume-id>^d-live 11</volume-id></iso></media>"
               "</os>");
}

static void
remove_tree (const char *path)
{
  g_autoptr (GDir) folder = g_dir_open (path, 0, NULL);
  const char *name;

  while (folder != NULL && (name = g_dir_read_name (folder)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      remove_tree (child);
    }
  g_assert_cmpint (g_remove (path), ==, 0);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  remove_tree (fixture->folder);
  g_free (fixture->folder);
  g_free (fixture->host);
  g_free (fixture->ours);
}

static void
put_field (GByteArray *iso,
           gsize       offset,
           const char *text)
{
  if (!g_str_equal (text, "-"))
    media_put (iso, PRIMARY + offset, text, strlen (text));
}

static XenoMedia *
open_disc (const char *folder,
           char      **row)
{
  GByteArray *iso = media_make_iso (row[LABEL], TRUE, TRUE, 21);
  g_autofree char *path = NULL;
  g_autoptr (GFile) file = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  GAsyncResult *pending = NULL;
  XenoMedia *media;

  put_field (iso, SYSTEM_AT, row[SYSTEM]);
  put_field (iso, PUBLISHER_AT, row[PUBLISHER]);
  put_field (iso, APPLICATION_AT, row[APPLICATION]);
  path = media_write (folder, "a.iso", iso);
  file = g_file_new_for_path (path);
  xeno_media_open_async (file, NULL, xeno_test_result_cb, &pending);
  result = xeno_test_await (&pending);
  media = xeno_media_open_finish (result, &error);
  g_assert_no_error (error);
  g_unlink (path);
  return media;
}

static XenoOs *
identify (Fixture    *fixture,
          const char *label)
{
  char *row[N_COLUMNS] = { (char *) label, (char *) "-", (char *) "-", (char *) "-" };
  g_autoptr (XenoMedia) media = open_disc (fixture->folder, row);
  XenoOsLibrary *library = xeno_os_library_new ();
  g_autoptr (GError) error = NULL;
  XenoOs *os = xeno_os_library_identify (library, media, &error);

  g_assert_no_error (error);
  xeno_os_library_unref (library);
  return os;
}

static void
test_host_knows_best (Fixture       *fixture,
                      gconstpointer  data)
{
  XenoOsLibrary *library = xeno_os_library_new ();
  g_autoptr (GPtrArray) entries = xeno_os_library_load (library, NULL);
  g_autoptr (XenoOs) old = identify (fixture, "Debian 11.3.0 amd64 1");
  g_autoptr (XenoOs) ours = identify (fixture, "d-live 11.3.0 gn amd64");

  g_assert_cmpuint (entries->len, ==, 2);
  g_assert_cmpstr (xeno_os_get_name (old), ==, "The host's Debian");
  g_assert_cmpstr (xeno_os_get_full_name (old), ==, "DVD");
  g_assert_cmpstr (xeno_os_get_name (ours), ==, "The host's Debian");
  g_assert_cmpstr (xeno_os_get_full_name (ours), ==, "Debian 11 live");
  g_assert_true (xeno_os_get_disc (ours)->is_live);
  g_assert_false (xeno_os_get_disc (old)->is_live);
  xeno_os_library_unref (library);
}

static void
test_new_system_has_what_the_old_one_had (Fixture       *fixture,
                                          gconstpointer  data)
{
  g_autoptr (XenoOs) os = identify (fixture, "Debian 12.5.0 amd64 n");

  g_assert_cmpstr (xeno_os_get_name (os), ==, "Our Debian 12");
  g_assert_true (xeno_os_supports_uefi (os));
}

static void
test_changed_additions_are_read_again (Fixture       *fixture,
                                       gconstpointer  data)
{
  XenoOsLibrary *library = xeno_os_library_new ();
  g_autoptr (GPtrArray) entries = xeno_os_library_load (library, NULL);
  g_autoptr (XenoOs) before = NULL;
  g_autoptr (XenoOs) after = NULL;

  xeno_os_library_keep (library);
  xeno_os_library_unref (library);
  before = identify (fixture, "Debian 12.5.0 amd64 n");
  write_our_system (fixture, "Our Debian 12 (bookworm)");
  after = identify (fixture, "Debian 12.5.0 amd64 n");
  g_assert_cmpstr (xeno_os_get_name (before), ==, "Our Debian 12");
  g_assert_cmpstr (xeno_os_get_name (after), ==, "Our Debian 12 (bookworm)");
}

static void
test_bad_additions_harm_nobody (Fixture       *fixture,
                                gconstpointer  data)
{
  g_autoptr (XenoOs) os = NULL;

  write_entry (fixture->ours, "debian-11.xml", "<os id='http://debian.org/debian/11'><media>");
  write_entry (fixture->ours, "debian-12.xml", "<os");
  os = identify (fixture, "Debian 11.3.0 amd64 1");
  g_assert_cmpstr (xeno_os_get_name (os), ==, "The host's Debian");
}

/* Whether the host's own database has the system, and so names what is on its discs. */
static gboolean
is_known_to_host (XenoOs *os)
{
  g_autofree char *path = g_strconcat (xeno_os_get_id (os) + strlen ("http://"), ".xml", NULL);
  g_autofree char *file = NULL;

  g_strdelimit (strchr (path, '/') + 1, "/", '-');
  file = g_build_filename (XENO_OSINFO_DATADIR, "os", path, NULL);
  return g_file_test (file, G_FILE_TEST_EXISTS);
}

static void
check_row (XenoOsLibrary *library,
           const char    *folder,
           char         **row)
{
  g_autoptr (XenoMedia) media = open_disc (folder, row);
  g_autoptr (GError) error = NULL;
  g_autoptr (XenoOs) os = xeno_os_library_identify (library, media, &error);
  const XenoOsDisc *disc;

  g_assert_no_error (error);
  g_test_message ("%s: %s, %s", row[LABEL], os != NULL ? xeno_os_get_short_id (os) : "unknown",
                  os != NULL ? xeno_os_get_full_name (os) : "");
  g_assert_nonnull (os);
  g_assert_cmpstr (xeno_os_get_short_id (os), ==, row[SHORT_ID]);
  disc = xeno_os_get_disc (os);
  g_assert_nonnull (disc);
  if (!g_str_equal (row[FULL_NAME], "*") && !is_known_to_host (os))
    {
      g_assert_cmpstr (xeno_os_get_full_name (os), ==, row[FULL_NAME]);
      g_assert_cmpuint (xeno_os_get_memory_bytes (os, FALSE), >, 0);
      g_assert_cmpuint (xeno_os_get_disk_bytes (os, FALSE), >, 0);
      g_assert_true (xeno_os_supports_bios (os));
    }
  if (!g_str_equal (row[ARCH], "*"))
    g_assert_cmpstr (disc->arch, ==, row[ARCH]);
  g_assert_cmpstr (disc->is_live ? "live" : "installer", ==, row[USE]);
}

/* The host's database, of whatever age, and what we bring. */
static void
test_discs_of_today_are_known (void)
{
  g_autofree char *ours = dup_overlay ();
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "..", "fixtures", "discs", "labels.txt", NULL);
  g_autofree char *folder = g_dir_make_tmp ("xeno-overlay-XXXXXX", NULL);
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;
  XenoOsLibrary *library;
  guint n_rows = 0;

  g_setenv ("OSINFO_SYSTEM_DIR", XENO_OSINFO_DATADIR, TRUE);
  g_setenv ("XENOLITH_OSINFO_PATH", ours, TRUE);
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  lines = g_strsplit (g_strchomp (text), "\n", -1);
  library = xeno_os_library_new ();
  for (gsize i = 0; lines[i] != NULL; i++)
    {
      g_auto (GStrv) row = NULL;

      if (*lines[i] == '#')
        continue;

      row = g_strsplit (lines[i], " | ", -1);
      g_assert_cmpuint (g_strv_length (row), ==, N_COLUMNS);
      check_row (library, folder, row);
      n_rows++;
    }
  g_assert_cmpuint (n_rows, >, 60);
  xeno_os_library_unref (library);
  g_assert_cmpint (g_rmdir (folder), ==, 0);
}

static const struct
{
  const char *path;
  void      (*test) (Fixture       *fixture,
                     gconstpointer  data);
} tests[] = {
  { "/xeno/os-overlay/the-host-knows-best", test_host_knows_best },
  { "/xeno/os-overlay/a-new-system-has-what-the-old-one-had", test_new_system_has_what_the_old_one_had },
  { "/xeno/os-overlay/changed-additions-are-read-again", test_changed_additions_are_read_again },
  { "/xeno/os-overlay/bad-additions-harm-nobody", test_bad_additions_harm_nobody },
};

int
main (int    argc,
      char **argv)
{
  g_autofree char *cache = g_dir_make_tmp ("xeno-overlay-cache-XXXXXX", NULL);
  int status;

  setlocale (LC_ALL, "C.UTF-8");
  g_setenv ("XDG_CACHE_HOME", cache, TRUE);
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Fixture, NULL, set_up, tests[i].test, tear_down);
  g_test_add_func ("/xeno/os-overlay/the-discs-of-today-are-known", test_discs_of_today_are_known);
  status = g_test_run ();
  remove_tree (cache);
  return status;
}
