/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Addresses of displays, and the files that describe them, well and badly meant. */
#include "config.h"

#define G_SETTINGS_ENABLE_BACKEND
#include <gio/gsettingsbackend.h>
#include <string.h>

#include "base/xeno-error.h"
#include "viewer/xeno-address-memory.h"

static const char proxmox[] =
  "[virt-viewer]\n"
  "type=spice\n"
  "host=pvespiceproxy:673f1b2c:100:pve1::0a1b2c3d\n"
  "proxy=http://pve1.example:3128\n"
  "tls-port=61000\n"
  "password=einmalig\n"
  "ca=-----BEGIN CERTIFICATE-----\\nAAAA\\n-----END CERTIFICATE-----\\n\n"
  "host-subject=OU=PVE Cluster Node,O=Proxmox Virtual Environment,CN=pve1.example\n"
  "title=VM 100 - \x1b[31mtest\n"
  "delete-this-file=1\n"
  "toggle-fullscreen=Shift+F11\n"
  "release-cursor=Ctrl+Alt+R\n"
  "secure-attention=Ctrl+Alt+Ins\n";

/* As oVirt's engine writes it, with the way to its own account beside the display. */
static const char ovirt[] =
  "[virt-viewer]\n"
  "type=spice\n"
  "host=node1.example\n"
  "port=5900\n"
  "password=einmalig\n"
  "# Password is valid for 120 seconds.\n"
  "delete-this-file=1\n"
  "fullscreen=0\n"
  "title=fedora:%d - Press SHIFT+F12 to Release Cursor\n"
  "toggle-fullscreen=shift+f11\n"
  "release-cursor=shift+f12\n"
  "secure-attention=ctrl+alt+end\n"
  "tls-port=5901\n"
  "enable-smartcard=0\n"
  "enable-usb-autoshare=1\n"
  "usb-filter=-1,-1,-1,-1,0\n"
  "tls-ciphers=DEFAULT\n"
  "host-subject=O=example,CN=node1.example\n"
  "ca=-----BEGIN CERTIFICATE-----\\nAAAA\\n-----END CERTIFICATE-----\\n\n"
  "secure-channels=main;inputs;cursor;playback;record;display;smartcard;usbredir\n"
  "versions=rhev-win64:2.0-160;rhev-win32:2.0-160;rhel7:2.0-6;rhel6:99.0-1\n"
  "newer-version-url=https://engine.example/ovirt-engine/rhev/client-resources\n"
  "\n"
  "[ovirt]\n"
  "host=engine.example:443\n"
  "vm-guid=7c7a1a9c-8f7c-4a5e-9b29-8fb0a2c1d7b4\n"
  "sso-token=nobody-needs-it\n"
  "admin=1\n"
  "ca=-----BEGIN CERTIFICATE-----\\nBBBB\\n-----END CERTIFICATE-----\\n\n";

static void
test_reads_what_people_type (void)
{
  static const struct
  {
    const char *text;
    const char *kind;
    const char *host;
    const char *path;
    guint16     port;
    guint16     tls_port;
    const char *uri;
  } cases[] = {
    { "vnc://host", "vnc", "host", NULL, 5900, 0, "vnc://host:5900" },
    { "vnc://host:1", "vnc", "host", NULL, 5901, 0, "vnc://host:5901" },
    { "vnc://host:99", "vnc", "host", NULL, 5999, 0, "vnc://host:5999" },
    { "vnc://host:5901", "vnc", "host", NULL, 5901, 0, "vnc://host:5901" },
    { "vnc://host::80", "vnc", "host", NULL, 80, 0, "vnc://host::80" },
    { "vnc://host/", "vnc", "host", NULL, 5900, 0, "vnc://host:5900" },
    { "VNC://host:2", "vnc", "host", NULL, 5902, 0, "vnc://host:5902" },
    { "  host:2 ", "vnc", "host", NULL, 5902, 0, "vnc://host:5902" },
    { "host.example", "vnc", "host.example", NULL, 5900, 0, "vnc://host.example:5900" },
    { "vnc://[::1]:5901", "vnc", "::1", NULL, 5901, 0, "vnc://[::1]:5901" },
    { "vnc://anna@host:1", "vnc", "host", NULL, 5901, 0, "vnc://anna@host:5901" },
    { "spice://host", "spice", "host", NULL, 5900, 0, "spice://host:5900" },
    { "spice://host:80", "spice", "host", NULL, 80, 0, "spice://host:80" },
    { "spice://host:5900?tls-port=5901", "spice", "host", NULL, 5900, 5901, "spice://host:5900?tls-port=5901" },
    { "spice://host?tls-port=5901", "spice", "host", NULL, 0, 5901, "spice://host?tls-port=5901" },
    { "spice://host?port=5930", "spice", "host", NULL, 5930, 0, "spice://host:5930" },
    { "spice+tls://host:5901", "spice", "host", NULL, 0, 5901, "spice://host?tls-port=5901" },
    { "spice+unix:///run/a%20b.sock", "spice", NULL, "/run/a b.sock", 0, 0, "spice+unix:///run/a%20b.sock" },
    { "vnc+unix:///run/q.sock", "vnc", NULL, "/run/q.sock", 0, 0, "vnc+unix:///run/q.sock" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (XenoAddress) address = xeno_address_new (cases[i].text, &error);
      g_autoptr (XenoAddress) again = NULL;
      g_autofree char *uri = NULL;
      g_autofree char *uri_again = NULL;

      if (address == NULL)
        g_error ("“%s”: %s", cases[i].text, error->message);
      g_assert_cmpstr (address->kind, ==, cases[i].kind);
      g_assert_cmpstr (address->host, ==, cases[i].host);
      g_assert_cmpstr (address->path, ==, cases[i].path);
      g_assert_cmpuint (address->port, ==, cases[i].port);
      g_assert_cmpuint (address->tls_port, ==, cases[i].tls_port);
      uri = xeno_address_to_uri (address);
      g_assert_cmpstr (uri, ==, cases[i].uri);

      again = xeno_address_new (uri, &error);
      g_assert_no_error (error);
      uri_again = xeno_address_to_uri (again);
      g_assert_cmpstr (uri_again, ==, uri);
    }
}

static void
test_refuses_what_is_none (void)
{
  static const char *const cases[] = {
    "", "   ", "://", "vnc://", "vnc://:5900", "http://host", "file:///etc/passwd", "spice://host:0",
    "vnc://host:70000", "vnc://host:-1", "vnc://host:abc", "vnc://ho st", "vnc://host/path",
    "spice://host?tls-port=0", "spice://host?port=99999", "spice://host?tls-port=x", "vnc+unix://",
    "vnc+unix://host/run/q.sock", "spice+unix:relative", "vnc://h%00st", "vnc://h%0ast", "vnc+unix:///run/%0a",
    "vnc://[::1", "vnc://\xff\xfe",
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (XenoAddress) address = xeno_address_new (cases[i], &error);

      if (address != NULL)
        g_error ("“%s” was taken for an address", cases[i]);
      g_assert_error (error, XENO_ERROR, XENO_ERROR_INVALID);
    }
}

static void
test_wants_no_password_in_it (void)
{
  static const char *const cases[] = {
    "vnc://anna:geheim@host", "spice://host?password=geheim", "spice://host:5900?tls-port=1&password=geheim",
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (XenoAddress) address = xeno_address_new (cases[i], &error);

      g_assert_null (address);
      g_assert_error (error, XENO_ERROR, XENO_ERROR_INVALID);
      g_assert_nonnull (strstr (error->message, "password"));
      g_assert_null (strstr (error->message, "geheim"));
    }
}

static void
test_reads_what_a_web_console_gives_out (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (XenoAddress) address = xeno_address_new_from_data (proxmox, strlen (proxmox), &error);
  g_autofree char *uri = NULL;

  g_assert_no_error (error);
  g_assert_cmpstr (address->kind, ==, "spice");
  g_assert_cmpstr (address->host, ==, "pvespiceproxy:673f1b2c:100:pve1::0a1b2c3d");
  g_assert_cmpuint (address->tls_port, ==, 61000);
  g_assert_cmpstr (address->proxy, ==, "http://pve1.example:3128");
  g_assert_cmpstr (address->password, ==, "einmalig");
  g_assert_cmpstr (address->ca, ==, "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
  g_assert_cmpstr (address->subject, ==, "OU=PVE Cluster Node,O=Proxmox Virtual Environment,CN=pve1.example");
  g_assert_null (strchr (address->title, '\033'));
  g_assert_cmpstr (address->full_screen_key, ==, "<Shift>F11");
  g_assert_cmpstr (address->release_key, ==, "<Control><Alt>R");
  g_assert_cmpstr (address->attention_key, ==, "<Control><Alt>Insert");
  g_assert_true (address->deletes_file);
  g_assert_false (address->is_full_screen);

  uri = xeno_address_to_uri (address);
  g_assert_null (strstr (uri, "einmalig"));
}

static void
test_reads_what_ovirt_gives_out (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (XenoAddress) address = xeno_address_new_from_data (ovirt, strlen (ovirt), &error);

  g_assert_no_error (error);
  g_assert_cmpstr (address->host, ==, "node1.example");
  g_assert_cmpuint (address->tls_port, ==, 5901);
  g_assert_cmpstr (address->title, ==, "fedora:%d - Press SHIFT+F12 to Release Cursor");
  g_assert_cmpstr (address->release_key, ==, "<Shift>F12");
  g_assert_cmpstr (address->attention_key, ==, "<Control><Alt>End");
  g_assert_cmpstr (address->subject, ==, "O=example,CN=node1.example");
  g_assert_nonnull (strstr (address->ca, "AAAA"));
  g_assert_null (strstr (address->ca, "BBBB"));
  g_assert_true (address->deletes_file);
  g_assert_false (address->is_full_screen);
}

#define PLACE "[virt-viewer]\ntype=spice\nhost=h\nport=1\n"

static gboolean
is_same (const XenoAddress *a,
         const XenoAddress *b)
{
  return g_strcmp0 (a->host, b->host) == 0 && a->port == b->port && a->tls_port == b->tls_port &&
         g_strcmp0 (a->proxy, b->proxy) == 0 && g_strcmp0 (a->ca, b->ca) == 0 &&
         g_strcmp0 (a->subject, b->subject) == 0 && g_strcmp0 (a->username, b->username) == 0 &&
         g_strcmp0 (a->password, b->password) == 0 && g_strcmp0 (a->title, b->title) == 0 &&
         g_strcmp0 (a->full_screen_key, b->full_screen_key) == 0 &&
         g_strcmp0 (a->release_key, b->release_key) == 0 &&
         g_strcmp0 (a->attention_key, b->attention_key) == 0 &&
         a->is_full_screen == b->is_full_screen && a->deletes_file == b->deletes_file;
}

/* Every key that virt-viewer documents: it means something here, or it changes nothing. */
static void
test_knows_each_documented_key (void)
{
  static const struct
  {
    const char *line;
    gboolean    counts;
    gboolean    is_refused;
  } cases[] = {
    { "version=99.0", FALSE },
    { "versions=debian12:99.0", FALSE },
    { "newer-version-url=http://example/", FALSE },
    { "username=mona", TRUE },
    { "password=geheim", TRUE },
    { "tls-port=2", TRUE },
    { "disable-channels=playback;record", FALSE },
    { "tls-ciphers=HIGH:!aNULL", FALSE },
    { "title=Rechner", TRUE },
    { "fullscreen=1", TRUE },
    { "ca=-----BEGIN CERTIFICATE-----\\nAA\\n-----END CERTIFICATE-----", TRUE },
    { "host-subject=CN=h", TRUE },
    { "toggle-fullscreen=shift+f11", TRUE },
    { "release-cursor=shift+f12", TRUE },
    { "secure-attention=ctrl+alt+end", TRUE },
    { "zoom-in=ctrl+plus", FALSE },
    { "zoom-out=ctrl+minus", FALSE },
    { "zoom-reset=ctrl+0", FALSE },
    { "smartcard-insert=shift+f8", FALSE },
    { "smartcard-remove=shift+f9", FALSE },
    { "usb-device-reset=shift+f10", FALSE },
    { "color-depth=16", FALSE },
    { "disable-effects=all", FALSE },
    { "enable-smartcard=1", FALSE },
    { "enable-usbredir=1", FALSE },
    { "enable-usb-autoshare=1", FALSE },
    { "usb-filter=-1,-1,-1,-1,1", FALSE },
    { "secure-channels=main;inputs\ntls-port=2", TRUE },
    { "secure-channels=main;inputs", FALSE, TRUE },
    { "delete-this-file=1", TRUE },
    { "proxy=http://proxy:3128", TRUE },
    { "nobody-knows-this=1", FALSE },
  };
  g_autoptr (XenoAddress) plain = xeno_address_new_from_data (PLACE, strlen (PLACE), NULL);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *data = g_strconcat (PLACE, cases[i].line, "\n", NULL);
      g_autoptr (XenoAddress) address = xeno_address_new_from_data (data, strlen (data), NULL);

      g_test_message ("%s", cases[i].line);
      g_assert_cmpint (address == NULL, ==, cases[i].is_refused);
      if (address != NULL)
        g_assert_cmpint (is_same (address, plain), ==, !cases[i].counts);
    }
}

static void
test_refuses_files_that_describe_nothing (void)
{
  static const char *const cases[] = {
    "", "\n", "nonsense", "[virt-viewer]\n", "[virt-viewer]\ntype=rdp\nhost=h\nport=1\n",
    "[virt-viewer]\ntype=spice\n", "[virt-viewer]\ntype=spice\nhost=h\n", "[virt-viewer]\ntype=vnc\nhost=h\ntls-port=1\n",
    "[virt-viewer]\ntype=vnc\nhost=h\nport=65536\n", "[virt-viewer]\ntype=vnc\nhost=h\nport=-1\n",
    "[virt-viewer]\ntype=vnc\nhost=h\nport=99999999999999999999999\n",
    "[virt-viewer]\ntype=vnc\nhost=a b\nport=1\n", "[virt-viewer]\ntype=vnc\nhost=a\\nb\nport=1\n",
    "[virt-viewer]\ntype=vnc\nunix-path=relative\n", "[other]\ntype=vnc\nhost=h\nport=1\n",
    "[virt-viewer]\ntype=vnc\nhost=\xff\xfe\nport=1\n",
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (XenoAddress) address = xeno_address_new_from_data (cases[i], strlen (cases[i]), &error);

      if (address != NULL)
        g_error ("“%s” was taken for an address", cases[i]);
      g_assert_error (error, XENO_ERROR, XENO_ERROR_BAD_MEDIA);
    }
}

static void
test_does_not_read_a_huge_file (void)
{
  g_autofree char *data = g_malloc (XENO_ADDRESS_MAX_FILE_SIZE + 1);
  g_autoptr (GError) error = NULL;
  g_autoptr (XenoAddress) address = NULL;

  memset (data, '#', XENO_ADDRESS_MAX_FILE_SIZE + 1);
  memcpy (data, proxmox, strlen (proxmox));
  address = xeno_address_new_from_data (data, XENO_ADDRESS_MAX_FILE_SIZE + 1, &error);
  g_assert_error (error, XENO_ERROR, XENO_ERROR_BAD_MEDIA);
}

/* Whatever is done to a file, it is refused or leads somewhere. */
static void
test_bears_damaged_files (void)
{
  for (guint round = 0; round < 20000; round++)
    {
      gsize size = strlen (proxmox);
      g_autofree char *data = g_memdup2 (proxmox, size);
      guint n = g_test_rand_int_range (1, 8);
      g_autoptr (XenoAddress) address = NULL;

      for (guint i = 0; i < n; i++)
        data[g_test_rand_int_range (0, size)] = g_test_rand_int_range (0, 256);
      if (g_test_rand_bit ())
        size = g_test_rand_int_range (0, size);

      address = xeno_address_new_from_data (data, size, NULL);
      if (address != NULL)
        {
          g_autofree char *uri = xeno_address_to_uri (address);

          g_assert_true (g_utf8_validate (uri, -1, NULL));
          g_assert_true (address->host != NULL || address->path != NULL);
        }
    }
}

static void
test_knows_files_by_their_names (void)
{
  static const struct
  {
    const char *path;
    gboolean    is_one;
  } cases[] = {
    { "/tmp/console.vv", TRUE },
    { "/tmp/CONSOLE.VV", TRUE },
    { "/tmp/disc.iso", FALSE },
    { "/tmp/vv", FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GFile) file = g_file_new_for_path (cases[i].path);

      g_assert_cmpint (xeno_address_is_file (file), ==, cases[i].is_one);
    }
}

static void
test_remembers_what_was_opened_last (void)
{
  g_autoptr (GSettingsBackend) backend = g_memory_settings_backend_new ();
  g_autoptr (GSettings) settings = g_settings_new_with_backend (XENO_APP_ID, backend);
  g_autoptr (XenoAddress) once = xeno_address_new_from_data (proxmox, strlen (proxmox), NULL);
  g_auto (GStrv) known = NULL;
  g_auto (GStrv) rest = NULL;

  for (guint i = 0; i < 20; i++)
    {
      g_autofree char *uri = g_strdup_printf ("vnc://host%u:5901", i % 15);
      g_autoptr (XenoAddress) address = xeno_address_new (uri, NULL);

      xeno_address_memory_note (settings, address);
    }
  xeno_address_memory_note (settings, once);

  known = xeno_address_memory_list (settings);
  g_assert_cmpuint (g_strv_length (known), ==, 12);
  g_assert_cmpstr (known[0], ==, "vnc://host4:5901");

  xeno_address_memory_forget (settings, "vnc://host4:5901");
  rest = xeno_address_memory_list (settings);
  g_assert_cmpuint (g_strv_length (rest), ==, 11);
  g_assert_cmpstr (rest[0], ==, "vnc://host3:5901");
}

static void
test_forgets_what_is_no_address (void)
{
  static const char *const damaged[] = { "vnc://host:5901", "rm -rf /", "", "spice://", NULL };
  g_autoptr (GSettingsBackend) backend = g_memory_settings_backend_new ();
  g_autoptr (GSettings) settings = g_settings_new_with_backend (XENO_APP_ID, backend);
  g_auto (GStrv) known = NULL;

  g_settings_set_strv (settings, "addresses", damaged);
  known = xeno_address_memory_list (settings);
  g_assert_cmpuint (g_strv_length (known), ==, 1);
  g_assert_cmpstr (known[0], ==, "vnc://host:5901");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/xeno/address/reads-what-people-type", test_reads_what_people_type);
  g_test_add_func ("/xeno/address/refuses-what-is-none", test_refuses_what_is_none);
  g_test_add_func ("/xeno/address/wants-no-password-in-it", test_wants_no_password_in_it);
  g_test_add_func ("/xeno/address/reads-what-a-web-console-gives-out", test_reads_what_a_web_console_gives_out);
  g_test_add_func ("/xeno/address/reads-what-ovirt-gives-out", test_reads_what_ovirt_gives_out);
  g_test_add_func ("/xeno/address/knows-each-documented-key", test_knows_each_documented_key);
  g_test_add_func ("/xeno/address/refuses-files-that-describe-nothing", test_refuses_files_that_describe_nothing);
  g_test_add_func ("/xeno/address/does-not-read-a-huge-file", test_does_not_read_a_huge_file);
  g_test_add_func ("/xeno/address/bears-damaged-files", test_bears_damaged_files);
  g_test_add_func ("/xeno/address/knows-files-by-their-names", test_knows_files_by_their_names);
  g_test_add_func ("/xeno/address/remembers-what-was-opened-last", test_remembers_what_was_opened_last);
  g_test_add_func ("/xeno/address/forgets-what-is-no-address", test_forgets_what_is_no_address);

  return g_test_run ();
}
