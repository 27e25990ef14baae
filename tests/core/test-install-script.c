/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* An installation that goes by itself: what the installer is told, and how it finds that. */
#include "config.h"

#include <locale.h>
#include <string.h>

#include <glib/gstdio.h>

#include "base/xeno-error.h"
#include "create/xeno-os-db.h"
#include "create/xeno-small-disc.h"
#include "support/xeno-test.h"

#define LABEL_AT     (16 * 2048 + 40)
#define LABEL_LENGTH 32

#define LABEL  "Debian 11.3.0 amd64 n"
#define KERNEL "this is the kernel"
#define INITRD "this is the RAM disk, odd"

typedef struct
{
  XenoOsDb        *db;
  XenoSeed        *seed;
  XenoInstallWish  wish;
  char            *folder;
  char            *disc;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  fixture->db = xeno_os_db_new ();
  fixture->folder = g_dir_make_tmp ("xeno-install-XXXXXX", NULL);
  fixture->disc = g_build_filename (fixture->folder, "a.iso", NULL);
  fixture->seed = xeno_seed_new ();
  fixture->seed->user = g_strdup ("anna");
  fixture->seed->hostname = g_strdup ("box");
  xeno_seed_set_password (fixture->seed, "gehe1m");
  fixture->wish = (XenoInstallWish) { NULL, "de_DE", "de", "Europe/Berlin", fixture->seed };
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  g_object_unref (fixture->db);
  xeno_seed_free (fixture->seed);
  g_unlink (fixture->disc);
  g_rmdir (fixture->folder);
  g_free (fixture->disc);
  g_free (fixture->folder);
}

static XenoMedia *
open_disc (Fixture    *fixture,
           const char *label,
           const char *initrd_name)
{
  const XenoSmallFile files[] = { { "vmlinuz", KERNEL }, { initrd_name, INITRD } };
  g_autoptr (GFile) file = g_file_new_for_path (fixture->disc);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GByteArray) bytes = NULL;
  g_autoptr (GError) error = NULL;
  GAsyncResult *pending = NULL;
  XenoMedia *media;
  GBytes *disc;

  disc = xeno_small_disc_make ("DISC", files, G_N_ELEMENTS (files), &error);
  g_assert_no_error (error);
  /* Real discs have small letters there, which libarchive does not write. */
  bytes = g_bytes_unref_to_array (disc);
  memset (bytes->data + LABEL_AT, ' ', LABEL_LENGTH);
  memcpy (bytes->data + LABEL_AT, label, strlen (label));
  g_assert_true (g_file_set_contents (fixture->disc, (const char *) bytes->data, bytes->len, NULL));
  xeno_media_open_async (file, NULL, xeno_test_result_cb, &pending);
  result = xeno_test_await (&pending);
  media = xeno_media_open_finish (result, &error);
  g_assert_no_error (error);
  return media;
}

static XenoInstallScript *
write_for (Fixture    *fixture,
           XenoMedia  *media,
           GError    **error)
{
  g_autoptr (GAsyncResult) identified = NULL;
  g_autoptr (GAsyncResult) written = NULL;
  g_autoptr (XenoOs) os = NULL;
  GAsyncResult *pending = NULL;

  xeno_os_db_identify_async (fixture->db, media, NULL, xeno_test_result_cb, &pending);
  identified = xeno_test_await (&pending);
  os = xeno_os_db_identify_finish (fixture->db, identified, NULL);
  g_assert_nonnull (os);
  pending = NULL;
  xeno_os_db_write_script_async (fixture->db, os, media, &fixture->wish, NULL, xeno_test_result_cb, &pending);
  written = xeno_test_await (&pending);
  return xeno_os_db_write_script_finish (fixture->db, written, error);
}

static XenoInstallScript *
write_script (Fixture    *fixture,
              const char *label,
              GError    **error)
{
  g_autoptr (XenoMedia) media = open_disc (fixture, label, "initrd.gz");

  return write_for (fixture, media, error);
}

static void
test_tells_what_is_asked (Fixture       *fixture,
                          gconstpointer  data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (XenoInstallScript) script = write_script (fixture, LABEL, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (script->file_name, ==, "preseed.cfg");
  g_assert_cmpstr (script->command_line, ==, "auto=box");
  /* The keyboard is known, but the script does not ask for it: libosinfo says what it always says. */
  g_assert_nonnull (strstr (script->text, "root=gehe1m\nuser=anna\nhost=box\nzone=Europe/Berlin\nkeyboard=en_US\n"
                                          "disk=/dev/vda"));
}

/* Linux unpacks the archive behind the one that is there, which begins at a multiple of four. */
static void
test_script_is_in_the_ram_disk (Fixture       *fixture,
                                gconstpointer  data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (XenoInstallScript) script = write_script (fixture, LABEL, &error);
  g_autoptr (GBytes) kernel = xeno_install_script_make_kernel (script, &error);
  g_autoptr (GBytes) initrd = xeno_install_script_make_initrd (script, &error);
  gsize length, behind = (strlen (INITRD) + 3) / 4 * 4;
  const char *bytes;

  g_assert_no_error (error);
  g_assert_cmpmem (g_bytes_get_data (kernel, NULL), g_bytes_get_size (kernel), KERNEL, strlen (KERNEL));
  bytes = g_bytes_get_data (initrd, &length);
  g_assert_cmpuint (length, >, behind + 110);
  g_assert_cmpmem (bytes, strlen (INITRD), INITRD, strlen (INITRD));
  g_assert_cmpmem (bytes + behind, 6, "070701", 6);
  g_assert_cmpstr (bytes + behind + 110, ==, "preseed.cfg");
  g_assert_nonnull (memmem (bytes + behind, length - behind, script->text, strlen (script->text)));
  g_assert_nonnull (memmem (bytes + behind, length - behind, "TRAILER!!!", 10));
}

static void
test_damaged_disc_is_refused (Fixture       *fixture,
                              gconstpointer  data)
{
  g_autoptr (XenoMedia) media = open_disc (fixture, LABEL, "another");
  g_autoptr (GError) error = NULL;
  g_autoptr (XenoInstallScript) script = write_for (fixture, media, &error);
  g_autoptr (GBytes) initrd = NULL;

  g_assert_no_error (error);
  initrd = xeno_install_script_make_initrd (script, &error);
  g_assert_null (initrd);
  g_assert_error (error, XENO_ERROR, XENO_ERROR_BAD_MEDIA);
  g_clear_error (&error);

  g_assert_true (g_file_set_contents (fixture->disc, "no disc", -1, NULL));
  g_assert_null (xeno_install_script_make_kernel (script, &error));
  g_assert_error (error, XENO_ERROR, XENO_ERROR_BAD_MEDIA);
}

static void
test_refuses_what_cannot_be (Fixture       *fixture,
                             gconstpointer  data)
{
  static const struct
  {
    const char *label;
    const char *password; /* NULL: none */
    const char *profile;
    int         code;
  } cases[] = {
    { LABEL, NULL, NULL, XENO_ERROR_INVALID },
    { LABEL, "two words", NULL, XENO_ERROR_INVALID },
    { LABEL, "a#comment", NULL, XENO_ERROR_INVALID },
    { LABEL, "a\"quote", NULL, XENO_ERROR_INVALID },
    { LABEL, "gehe1m", "desktop", XENO_ERROR_NOT_SUPPORTED },
    { "d-live 11.7.0 gn amd64", "gehe1m", NULL, XENO_ERROR_NOT_SUPPORTED },
    { "Debian 11.7.0 arm64 n", "gehe1m", NULL, XENO_ERROR_NOT_SUPPORTED },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (XenoInstallScript) script = NULL;
      g_autoptr (GError) error = NULL;

      xeno_seed_set_password (fixture->seed, cases[i].password);
      fixture->wish.profile = cases[i].profile;
      script = write_script (fixture, cases[i].label, &error);
      g_assert_null (script);
      g_assert_error (error, XENO_ERROR, cases[i].code);
      g_assert_true (cases[i].password == NULL || strstr (error->message, cases[i].password) == NULL);
    }
}

static const struct
{
  const char *path;
  void      (*test) (Fixture       *fixture,
                     gconstpointer  data);
} tests[] = {
  { "/xeno/install-script/tells-what-is-asked-and-no-more", test_tells_what_is_asked },
  { "/xeno/install-script/is-found-in-the-ram-disk", test_script_is_in_the_ram_disk },
  { "/xeno/install-script/a-damaged-disc-is-refused", test_damaged_disc_is_refused },
  { "/xeno/install-script/refuses-what-cannot-be", test_refuses_what_cannot_be },
};

int
main (int    argc,
      char **argv)
{
  setlocale (LC_ALL, "C.UTF-8");
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Fixture, NULL, set_up, tests[i].test, tear_down);
  return g_test_run ();
}
