/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The database of operating systems: loaded once, searched, and asked what is on a disc. */
#include "config.h"

#include <locale.h>

#include <glib/gstdio.h>
#include <osinfo/osinfo.h>

#include "create/xeno-os-db.h"
#include "media-files.h"
#include "support/xeno-test.h"

typedef struct
{
  XenoOsDb *db;
  char     *folder;
} Fixture;

typedef struct
{
  guint   n_done;
  XenoOs *os;
  GError *error;
} Outcome;

static void
load_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  Outcome *outcome = user_data;

  xeno_os_db_load_finish (XENO_OS_DB (source), result, &outcome->error);
  outcome->n_done++;
}

static void
lookup_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  Outcome *outcome = user_data;

  outcome->os = xeno_os_db_lookup_finish (XENO_OS_DB (source), result, &outcome->error);
  outcome->n_done++;
}

static void
identify_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  Outcome *outcome = user_data;

  outcome->os = xeno_os_db_identify_finish (XENO_OS_DB (source), result, &outcome->error);
  outcome->n_done++;
}

static void
wait_for (Outcome *outcome,
          guint    n_done)
{
  while (outcome->n_done < n_done)
    g_main_context_iteration (NULL, TRUE);
}

/* Loading takes the better part of a second: tests that only read share the database in @data. */
static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  fixture->db = data != NULL ? g_object_ref ((XenoOsDb *) data) : xeno_os_db_new ();
  fixture->folder = g_dir_make_tmp ("xeno-os-XXXXXX", NULL);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  g_autofree char *path = g_build_filename (fixture->folder, "a.iso", NULL);

  g_unlink (path);
  g_assert_cmpint (g_rmdir (fixture->folder), ==, 0);
  g_free (fixture->folder);
  if (data != NULL)
    g_object_unref (fixture->db);
  else
    g_assert_finalize_object (fixture->db);
}

static void
load (XenoOsDb *db)
{
  Outcome outcome = { 0 };

  xeno_os_db_load_async (db, NULL, load_cb, &outcome);
  wait_for (&outcome, 1);
  g_assert_no_error (outcome.error);
}

static XenoOs *
lookup (XenoOsDb   *db,
        const char *id)
{
  Outcome outcome = { 0 };

  xeno_os_db_lookup_async (db, id, NULL, lookup_cb, &outcome);
  wait_for (&outcome, 1);
  g_assert_no_error (outcome.error);
  return outcome.os;
}

static void
test_loads_once (Fixture       *fixture,
                 gconstpointer  data)
{
  Outcome outcome = { 0 };
  guint n_items;

  xeno_os_db_load_async (fixture->db, NULL, load_cb, &outcome);
  xeno_os_db_load_async (fixture->db, NULL, load_cb, &outcome);
  wait_for (&outcome, 2);
  g_assert_no_error (outcome.error);
  n_items = g_list_model_get_n_items (xeno_os_db_get_list (fixture->db));
  g_assert_cmpuint (n_items, ==, 9);

  load (fixture->db);
  g_assert_cmpuint (g_list_model_get_n_items (xeno_os_db_get_list (fixture->db)), ==, n_items);
}

static void
test_cancelled_load_loses_nothing (Fixture       *fixture,
                                   gconstpointer  data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  Outcome outcome = { 0 };

  xeno_os_db_load_async (fixture->db, cancellable, load_cb, &outcome);
  g_cancellable_cancel (cancellable);
  wait_for (&outcome, 1);
  g_assert_error (outcome.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&outcome.error);

  load (fixture->db);
  g_assert_cmpuint (g_list_model_get_n_items (xeno_os_db_get_list (fixture->db)), ==, 9);
}

static void
test_finds_by_both_ids (Fixture       *fixture,
                        gconstpointer  data)
{
  g_autoptr (XenoOs) os = lookup (fixture->db, "debian11");
  g_autoptr (XenoOs) same = lookup (fixture->db, "http://debian.org/debian/11");

  g_assert_nonnull (os);
  g_assert_cmpstr (xeno_os_get_id (os), ==, xeno_os_get_id (same));
  g_assert_cmpstr (xeno_os_get_name (os), ==, "Debian 11");
  g_assert_cmpstr (xeno_os_get_family (os), ==, "linux");
  g_assert_null (lookup (fixture->db, "debian 11"));
}

static guint
find_position (Fixture    *fixture,
               const char *id)
{
  GListModel *list = xeno_os_db_get_list (fixture->db);

  for (guint i = 0; i < g_list_model_get_n_items (list); i++)
    {
      g_autoptr (XenoOs) os = g_list_model_get_item (list, i);

      if (g_strcmp0 (xeno_os_get_short_id (os), id) == 0)
        return i;
    }
  g_assert_not_reached ();
}

static void
test_lists_newest_first (Fixture       *fixture,
                         gconstpointer  data)
{
  g_assert_cmpuint (find_position (fixture, "debian11"), <, find_position (fixture, "debian10"));
  g_assert_cmpuint (find_position (fixture, "debian10"), <, find_position (fixture, "winxp"));
  g_assert_cmpuint (find_position (fixture, "archlinux"), <, find_position (fixture, "debian11"));
}

static void
test_knows_devices_and_resources (Fixture       *fixture,
                                  gconstpointer  data)
{
  g_autoptr (XenoOs) debian = lookup (fixture->db, "debian11");
  g_autoptr (XenoOs) windows = lookup (fixture->db, "win11");

  g_assert_true (xeno_os_supports_device (debian, "virtio-block"));
  g_assert_true (xeno_os_supports_device (debian, "virtio-net"));
  g_assert_false (xeno_os_supports_device (windows, "virtio-block"));
  g_assert_true (xeno_os_supports_device (windows, "e1000e"));
  g_assert_true (xeno_os_supports_uefi (windows));
  g_assert_false (xeno_os_supports_bios (windows));
  g_assert_true (xeno_os_supports_bios (debian));
  g_assert_cmpuint (xeno_os_get_memory_bytes (windows, FALSE), >=, G_GUINT64_CONSTANT (4) << 30);
  g_assert_cmpuint (xeno_os_get_memory_bytes (debian, FALSE), >=, xeno_os_get_memory_bytes (debian, TRUE));
  g_assert_cmpuint (xeno_os_get_disk_bytes (debian, FALSE), >=, xeno_os_get_disk_bytes (debian, TRUE));
}

static void
test_describes_who_is_asked_for (Fixture       *fixture,
                                 gconstpointer  data)
{
  g_autoptr (XenoOsDb) unread = xeno_os_db_new ();
  g_autoptr (XenoOs) known = lookup (fixture->db, "debian11");
  g_autoptr (XenoOs) first = lookup (unread, "debian11");

  g_assert_true (xeno_os_is_described (known));
  g_assert_true (xeno_os_is_described (first));
  g_assert_cmpuint (xeno_os_get_memory_bytes (known, TRUE), ==, xeno_os_get_memory_bytes (first, TRUE));
}

/* What an administrator added is merged by libosinfo: it replaces what the distribution says. */
static void
test_additions_replace_what_they_name (Fixture       *fixture,
                                       gconstpointer  data)
{
  g_autofree char *vendor = g_build_filename (fixture->folder, "os", "debian.org", NULL);
  g_autofree char *path = g_build_filename (vendor, "debian-11.xml", NULL);
  g_autoptr (XenoOs) os = NULL;
  guint n_systems;

  g_assert_cmpint (g_mkdir_with_parents (vendor, 0700), ==, 0);
  g_file_set_contents (path, "<libosinfo version='0.0.1'><os id='http://debian.org/debian/11'>"
                             "<short-id>debian11</short-id><name>Our Debian</name><resources arch='all'>"
                             "<minimum><ram>1073741824</ram></minimum></resources></os></libosinfo>", -1, NULL);
  g_setenv ("OSINFO_LOCAL_DIR", fixture->folder, TRUE);
  os = lookup (fixture->db, "debian11");
  load (fixture->db);
  g_setenv ("OSINFO_LOCAL_DIR", "/nonexistent", TRUE);
  n_systems = g_list_model_get_n_items (xeno_os_db_get_list (fixture->db));
  g_assert_cmpstr (xeno_os_get_name (os), ==, "Our Debian");
  g_assert_cmpuint (xeno_os_get_memory_bytes (os, FALSE), ==, G_GUINT64_CONSTANT (1) << 30);
  g_assert_cmpuint (n_systems, ==, 9);

  g_unlink (path);
  g_rmdir (vendor);
  g_free (g_steal_pointer (&vendor));
  vendor = g_build_filename (fixture->folder, "os", NULL);
  g_rmdir (vendor);
}

static XenoMedia *
open_media (const char *path)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  GAsyncResult *pending = NULL;
  XenoMedia *media;

  xeno_media_open_async (file, NULL, xeno_test_result_cb, &pending);
  result = xeno_test_await (&pending);
  media = xeno_media_open_finish (result, &error);
  g_assert_no_error (error);
  return media;
}

static char *
ask_libosinfo (OsinfoDb   *db,
               const char *path)
{
  g_autoptr (OsinfoMedia) media = osinfo_media_create_from_location (path, NULL, NULL);
  OsinfoOs *os;

  if (media == NULL || !osinfo_db_identify_media (db, media))
    return NULL;

  os = osinfo_media_get_os (media);
  return g_strdup (osinfo_entity_get_id (OSINFO_ENTITY (os)));
}

/* We read the disc ourselves and hand the fields over; libosinfo reading it must say the same. */
static void
test_identifies_as_libosinfo_does (Fixture       *fixture,
                                   gconstpointer  data)
{
  static const struct
  {
    const char *label;
    const char *short_id;
  } cases[] = {
    { "Debian 11.3.0 amd64 1", "debian11" },
    { "Debian 10.0.0 amd64 n", "debian10" },
    { "ARCH_202211", "archlinux" },
    { "CCCOMA_X64FRE_EN-US_DV9", NULL }, /* without its publisher */
    { "Nobody knows this one", NULL },
  };

  g_autoptr (OsinfoLoader) loader = osinfo_loader_new ();

  osinfo_loader_process_path (loader, g_getenv ("OSINFO_SYSTEM_DIR"), NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = media_write (fixture->folder, "a.iso", media_make_iso (cases[i].label, TRUE, FALSE, 21));
      g_autofree char *expected = ask_libosinfo (osinfo_loader_get_db (loader), path);
      g_autoptr (XenoMedia) media = open_media (path);
      g_autoptr (XenoOs) os = NULL;
      Outcome outcome = { 0 };

      xeno_os_db_identify_async (fixture->db, media, NULL, identify_cb, &outcome);
      wait_for (&outcome, 1);
      g_assert_no_error (outcome.error);
      os = outcome.os;
      g_assert_true (os == NULL || xeno_os_is_described (os));
      g_assert_cmpstr (os != NULL ? xeno_os_get_id (os) : NULL, ==, expected);
      g_assert_cmpstr (os != NULL ? xeno_os_get_short_id (os) : NULL, ==, cases[i].short_id);
    }
}

static const struct
{
  const char *path;
  void      (*test) (Fixture       *fixture,
                     gconstpointer  data);
  gboolean    is_fresh;
} tests[] = {
  { "/xeno/os-db/loads-once", test_loads_once, TRUE },
  { "/xeno/os-db/a-cancelled-load-loses-nothing", test_cancelled_load_loses_nothing, TRUE },
  { "/xeno/os-db/finds-by-both-ids", test_finds_by_both_ids },
  { "/xeno/os-db/lists-the-newest-first", test_lists_newest_first },
  { "/xeno/os-db/knows-devices-and-resources", test_knows_devices_and_resources },
  { "/xeno/os-db/identifies-as-libosinfo-does", test_identifies_as_libosinfo_does },
  { "/xeno/os-db/describes-who-is-asked-for", test_describes_who_is_asked_for },
  { "/xeno/os-db/additions-replace-what-they-name", test_additions_replace_what_they_name, TRUE },
};

int
main (int    argc,
      char **argv)
{
  XenoOsDb *db = xeno_os_db_new ();
  int status;

  setlocale (LC_ALL, "C.UTF-8");
  g_test_init (&argc, &argv, NULL);
  load (db);
  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Fixture, tests[i].is_fresh ? NULL : db, set_up, tests[i].test, tear_down);
  status = g_test_run ();
  g_assert_finalize_object (db);
  return status;
}
