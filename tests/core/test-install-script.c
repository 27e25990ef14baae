/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* An installation that goes by itself: what the installer is told, and how it finds that. */
#include "config.h"

#include <locale.h>
#include <string.h>

#include <glib/gstdio.h>

#include "base/xeno-error.h"
#include "create/xeno-driver-disc.h"
#include "create/xeno-install-keys.h"
#include "create/xeno-media-library.h"
#include "create/xeno-os-db.h"
#include "create/xeno-small-disc.h"
#include "create/xeno-small-floppy.h"
#include "support/xeno-test.h"

#define LABEL_AT     (16 * 2048 + 40)
#define LABEL_LENGTH 32

#define LABEL  "Debian 11.3.0 amd64 n"
#define WINDOWS_LABEL "CCSA_X64FRE_DE-DE_DV5"
#define OLD_WINDOWS_LABEL "WXPVOL_EN"
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
  fixture->wish = (XenoInstallWish) {
    .language = "de_DE", .keyboard = "de", .timezone = "Europe/Berlin", .seed = fixture->seed
  };
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

/* Real discs have small letters there, which libarchive does not write. */
static void
set_label (GByteArray *bytes,
           const char *label)
{
  memset (bytes->data + LABEL_AT, ' ', LABEL_LENGTH);
  memcpy (bytes->data + LABEL_AT, label, strlen (label));
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
  bytes = g_bytes_unref_to_array (disc);
  set_label (bytes, label);
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
  g_assert_cmpint (script->method, ==, XENO_INSTALL_INITRD);
  g_assert_cmpstr (script->names[0], ==, "preseed.cfg");
  g_assert_null (script->names[1]);
  g_assert_cmpstr (script->command_line, ==, "auto=box");
  /* The keyboard is known, but the script does not ask for it: libosinfo says what it always says. */
  g_assert_nonnull (strstr (script->texts[0], "root=gehe1m\nuser=anna\nhost=box\nzone=Europe/Berlin\nkeyboard=en_US\n"
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
  g_assert_nonnull (memmem (bytes + behind, length - behind, script->texts[0], strlen (script->texts[0])));
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

/* What it has no words for goes in as its installer reads it, for who logs in without a password. */
static void
test_lets_keys_in (Fixture       *fixture,
                   gconstpointer  data)
{
  static const char * const keys[] = { "ssh-ed25519 AAAA it's \"me\"", "ssh-rsa BBBB", NULL };
  g_autofree char *kickstart = xeno_install_keys_add ("fedora.ks", "reboot\n", "anna", keys);
  g_autofree char *preseed = xeno_install_keys_add ("preseed.cfg", "d-i a\n", "anna", keys);
  g_autofree char *other = xeno_install_keys_add ("autoinst.xml", "<a/>", "anna", keys);
  g_autofree char *none = xeno_install_keys_add ("fedora.ks", "reboot\n", "anna", NULL);

  g_assert_cmpstr (kickstart, ==, "sshkey --username=anna \"ssh-ed25519 AAAA\"\n"
                                  "sshkey --username=anna \"ssh-rsa BBBB\"\nreboot\n");
  g_assert_true (g_str_has_prefix (preseed, "d-i a\n\nd-i preseed/late_command string apt-install openssh-server; "));
  g_assert_nonnull (strstr (preseed, "echo 'ssh-ed25519 AAAA' >> /target/home/anna/.ssh/authorized_keys; "
                                     "echo 'ssh-rsa BBBB' >>"));
  g_assert_null (strstr (preseed, "it's"));
  g_assert_cmpstr (other, ==, "<a/>");
  g_assert_cmpstr (none, ==, "reboot\n");
}

static char *
make_driver_disc (Fixture *fixture)
{
  static const XenoSmallFile files[] = { { "amd64/w10/viostor.inf", "driver" }, { "viostor/w7/amd64/a.inf", "driver" } };
  char *path = g_build_filename (fixture->folder, "drivers.iso", NULL);
  g_autoptr (GBytes) disc = xeno_small_disc_make ("virtio-win-0.1.262", files, G_N_ELEMENTS (files), NULL);

  g_assert_true (g_file_set_contents (path, g_bytes_get_data (disc, NULL), g_bytes_get_size (disc), NULL));
  return path;
}

/* Windows looks for its answers on any disc, and for its drivers where they say. */
static void
test_windows_gets_a_disc (Fixture       *fixture,
                          gconstpointer  data)
{
  g_autofree char *drivers = make_driver_disc (fixture);
  g_autoptr (GError) error = NULL;
  g_autoptr (XenoInstallScript) script = NULL;
  g_autoptr (GBytes) answers = NULL;
  gsize length;
  const char *bytes;

  fixture->wish.product_key = "AB1DE-FG2IJ";
  fixture->wish.realname = "Anna Ö. Müller";
  fixture->wish.driver_disc = drivers;
  script = write_script (fixture, WINDOWS_LABEL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (script->method, ==, XENO_INSTALL_DISC);
  g_assert_null (script->kernel_path);
  g_assert_null (script->command_line);
  g_assert_true (script->loads_drivers);
  g_assert_true (script->needs_bios);
  g_assert_cmpstr (script->names[0], ==, "autounattend.xml");
  g_assert_cmpstr (script->names[1], ==, "windows.cmd");
  g_assert_null (script->names[2]);
  g_assert_nonnull (strstr (script->texts[0], "arch=x86_64\r\nkey=AB1DE-FG2IJ\r\nname=Anna Ö. Müller\r\nlanguage=de\r\n"
                                              "drivers=F:\\amd64\\w10\r\nscript=E\r\ndisk="));
  g_assert_cmpstr (script->texts[1], ==, "rem gehe1m\r\nshutdown\r\n");

  answers = xeno_install_script_make_answers (script, &error);
  g_assert_no_error (error);
  bytes = g_bytes_get_data (answers, &length);
  g_assert_nonnull (memmem (bytes, length, script->texts[0], strlen (script->texts[0])));
  g_assert_nonnull (memmem (bytes, length, script->texts[1], strlen (script->texts[1])));
  g_unlink (drivers);
}

static void
test_old_windows_gets_a_floppy (Fixture       *fixture,
                                gconstpointer  data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (XenoInstallScript) script = write_script (fixture, OLD_WINDOWS_LABEL, &error);
  g_autoptr (GBytes) answers = NULL;

  g_assert_no_error (error);
  g_assert_cmpint (script->method, ==, XENO_INSTALL_FLOPPY);
  g_assert_cmpstr (script->names[0], ==, "winnt.sif");
  answers = xeno_install_script_make_answers (script, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_bytes_get_size (answers), ==, 1440 * 1024);
}

/* As the tools of others read it: what is on it, in one piece or in several. */
static void
test_floppy_is_read_by_others (Fixture       *fixture,
                               gconstpointer  data)
{
  g_autofree char *large = g_strnfill (100000, 'x');
  const XenoSmallFile files[] = { { "winnt.sif", "answers\r\n" }, { "empty", "" }, { "large.txt", large },
                                  { "windows.cmd", "end" } };
  g_autofree char *path = g_build_filename (fixture->folder, "floppy.img", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) image = xeno_small_floppy_make ("ANSWERS", files, G_N_ELEMENTS (files), &error);

  g_assert_no_error (error);
  g_assert_true (g_file_set_contents (path, g_bytes_get_data (image, NULL), g_bytes_get_size (image), NULL));
  for (gsize i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autofree char *name = g_strconcat ("::", files[i].name, NULL);
      const char *argv[] = { "mtype", "-i", path, name, NULL };
      g_autofree char *text = NULL;
      int status;

      g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, &text, NULL, &status, &error);
      g_assert_no_error (error);
      g_assert_true (g_spawn_check_wait_status (status, &error));
      g_assert_cmpstr (text, ==, files[i].text);
    }
  g_unlink (path);
}

static void
test_floppy_has_its_limits (Fixture       *fixture,
                            gconstpointer  data)
{
  g_autofree char *huge = g_strnfill (1440 * 1024, 'x');
  const XenoSmallFile cases[] = { { "autounattend.xml", "" }, { "a.long", "" }, { "a b", "" }, { "", "" }, { "huge", huge } };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (xeno_small_floppy_make ("ANSWERS", &cases[i], 1, &error));
      g_assert_error (error, XENO_ERROR, XENO_ERROR_FAILED);
    }
}

static void
write_labelled (const char *folder,
                const char *name,
                const char *label)
{
  static const XenoSmallFile file = { "a", "b" };
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autoptr (GByteArray) bytes = g_bytes_unref_to_array (xeno_small_disc_make ("DISC", &file, 1, NULL));

  set_label (bytes, label);
  g_assert_true (g_file_set_contents (path, (const char *) bytes->data, bytes->len, NULL));
}

/* Among a person's discs, by what it says it is called; of several the newest. */
static void
test_finds_drivers (Fixture       *fixture,
                    gconstpointer  data)
{
  const char *folder = xeno_media_library_get_folder ();
  g_autofree char *expected = g_build_filename (folder, "b.iso", NULL);
  g_autofree char *found = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  GAsyncResult *pending = NULL;

  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  write_labelled (folder, "a.iso", "virtio-win-99.9.9");
  write_labelled (folder, "b.iso", "virtio-win-99.9.10");
  write_labelled (folder, "virtio-win.iso", "something else");
  xeno_driver_disc_find_async (NULL, xeno_test_result_cb, &pending);
  result = xeno_test_await (&pending);
  found = xeno_driver_disc_find_finish (result, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (found, ==, expected);
}

static GPtrArray *
list_offers (Fixture    *fixture,
             const char *label)
{
  g_autoptr (XenoMedia) media = open_disc (fixture, label, "initrd.gz");
  g_autoptr (GAsyncResult) identified = NULL;
  g_autoptr (GAsyncResult) listed = NULL;
  g_autoptr (XenoOs) os = NULL;
  g_autoptr (GError) error = NULL;
  GAsyncResult *pending = NULL;
  GPtrArray *offers;

  xeno_os_db_identify_async (fixture->db, media, NULL, xeno_test_result_cb, &pending);
  identified = xeno_test_await (&pending);
  os = xeno_os_db_identify_finish (fixture->db, identified, NULL);
  xeno_os_db_list_offers_async (fixture->db, os, media, NULL, xeno_test_result_cb, &pending);
  listed = xeno_test_await (&pending);
  offers = xeno_os_db_list_offers_finish (fixture->db, listed, &error);
  g_assert_no_error (error);
  return offers;
}

static void
test_offers_what_can_be (Fixture       *fixture,
                         gconstpointer  data)
{
  static const struct
  {
    const char          *label;
    const char          *profile; /* NULL: there is none */
    XenoInstallQuestion  asks;
    XenoInstallQuestion  needs;
  } cases[] = {
    { LABEL, "jeos", XENO_INSTALL_PASSWORD | XENO_INSTALL_USER | XENO_INSTALL_HOSTNAME | XENO_INSTALL_TIMEZONE
                     | XENO_INSTALL_SSH_KEYS, XENO_INSTALL_PASSWORD },
    { WINDOWS_LABEL, "desktop", XENO_INSTALL_PASSWORD | XENO_INSTALL_USER | XENO_INSTALL_REALNAME | XENO_INSTALL_HOSTNAME
                                | XENO_INSTALL_LANGUAGE | XENO_INSTALL_PRODUCT_KEY,
      XENO_INSTALL_HOSTNAME | XENO_INSTALL_PRODUCT_KEY },
    { OLD_WINDOWS_LABEL, "jeos", XENO_INSTALL_PASSWORD, 0 },
    { "d-live 11.7.0 gn amd64", NULL, 0, 0 },
    { "Debian 11.7.0 arm64 n", NULL, 0, 0 }, /* nobody knows where its kernel is */
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GPtrArray) offers = list_offers (fixture, cases[i].label);
      const XenoInstallOffer *offer;

      g_assert_cmpuint (offers->len, ==, cases[i].profile != NULL);
      if (cases[i].profile == NULL)
        continue;
      offer = g_ptr_array_index (offers, 0);
      g_assert_cmpstr (offer->profile, ==, cases[i].profile);
      g_assert_cmpint (offer->asks, ==, cases[i].asks);
      g_assert_cmpint (offer->needs, ==, cases[i].needs);
    }
}

static void
test_looks_at_answers (Fixture       *fixture,
                       gconstpointer  data)
{
  static const XenoInstallOffer offer = {
    .asks = XENO_INSTALL_HOSTNAME | XENO_INSTALL_REALNAME | XENO_INSTALL_LANGUAGE | XENO_INSTALL_KEYBOARD
            | XENO_INSTALL_TIMEZONE | XENO_INSTALL_PRODUCT_KEY,
    .needs = XENO_INSTALL_PRODUCT_KEY,
    .max_hostname_chars = 3,
    .product_key_format = (char *) "$$-##-%@*",
  };
  static const struct
  {
    XenoInstallWish  wish;
    const char      *field; /* NULL: it is good */
  } cases[] = {
    { { .product_key = "A1-23-Xx!" }, NULL },
    { { .product_key = "A1-23-Xx!", .language = "", .realname = "Jan-Óli O. Ng" }, NULL },
    { { .product_key = NULL }, "Product key" },
    { { .product_key = "" }, "Product key" },
    { { .product_key = "A1-23-Xx" }, "Product key" },
    { { .product_key = "a1-23-Xx!" }, "Product key" },
    { { .product_key = "A1-2x-Xx!" }, "Product key" },
    { { .product_key = "A1_23-Xx!" }, "Product key" },
    { { .product_key = "A1-23-xx!" }, "Product key" },
    { { .product_key = "A1-23-X1!" }, "Product key" },
    { { .product_key = "A1-23-Xx " }, "Product key" },
    { { .product_key = "A1-23-Xx!", .realname = "a\nb" }, "Full name" },
    { { .product_key = "A1-23-Xx!", .realname = "a\"b" }, "Full name" },
    { { .product_key = "A1-23-Xx!", .realname = "$(a)" }, "Full name" },
    { { .product_key = "A1-23-Xx!", .language = "de DE" }, "Language" },
    { { .product_key = "A1-23-Xx!", .keyboard = "de;" }, "Keyboard" },
    { { .product_key = "A1-23-Xx!", .timezone = "Europe/Berlin\n" }, "Time zone" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      XenoInstallWish wish = cases[i].wish;
      g_autoptr (GError) error = NULL;

      wish.seed = fixture->seed;
      g_assert_cmpint (xeno_install_offer_check (&offer, &wish, &error), ==, cases[i].field == NULL);
      if (cases[i].field != NULL)
        g_assert_true (g_str_has_prefix (error->message, cases[i].field));
      g_clear_error (&error);
    }

  g_free (fixture->seed->hostname);
  fixture->seed->hostname = g_strdup ("four");
  {
    const XenoInstallWish wish = { .product_key = "A1-23-Xx!", .seed = fixture->seed };
    g_autoptr (GError) error = NULL;

    g_assert_false (xeno_install_offer_check (&offer, &wish, &error));
    g_assert_true (g_str_has_prefix (error->message, "Host name"));
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
  { "/xeno/install-script/lets-keys-in-where-it-has-no-words-for-them", test_lets_keys_in },
  { "/xeno/install-script/windows-gets-a-disc-and-its-drivers", test_windows_gets_a_disc },
  { "/xeno/install-script/an-old-windows-gets-a-floppy", test_old_windows_gets_a_floppy },
  { "/xeno/install-offer/is-made-of-what-can-be-answered", test_offers_what_can_be },
  { "/xeno/install-offer/looks-at-each-answer", test_looks_at_answers },
  { "/xeno/driver-disc/is-found-by-its-label", test_finds_drivers },
  { "/xeno/small-floppy/is-read-by-the-tools-of-others", test_floppy_is_read_by_others },
  { "/xeno/small-floppy/has-its-limits", test_floppy_has_its_limits },
};

int
main (int    argc,
      char **argv)
{
  g_autofree char *home = g_dir_make_tmp ("xeno-home-XXXXXX", NULL);
  int status;

  setlocale (LC_ALL, "C.UTF-8");
  g_setenv ("XDG_DATA_HOME", home, TRUE);
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Fixture, NULL, set_up, tests[i].test, tear_down);
  status = g_test_run ();
  xeno_test_remove_tree (home);
  return status;
}
