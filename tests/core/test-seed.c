/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Seeds for cloud images: what is on their disc, read back as a guest does, whatever a person typed. */
#include "config.h"

#include <archive.h>
#include <archive_entry.h>
#include <crypt.h>
#include <locale.h>
#include <string.h>

#include <glib/gstdio.h>
#include <yaml.h>

#include "base/xeno-error.h"
#include "create/xeno-cloud-image.h"
#include "create/xeno-seed-machine.h"
#include "create/xeno-seed.h"
#include "create/xeno-ssh-key.h"
#include "create/xeno-user-data.h"
#include "support/xeno-test.h"

#define UUID "6d2b0a3e-5d5e-4f43-9d6e-0c3b5a7c1a55"
#define KEY  "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f"

static XenoSeed *
make_seed (void)
{
  XenoSeed *seed = xeno_seed_new ();

  seed->user = g_strdup ("anna");
  seed->hostname = g_strdup ("box");
  xeno_seed_set_password (seed, "secret");
  return seed;
}

/* name -> text, as Linux sees them: the names of Rock Ridge. */
static GHashTable *
read_disc (GBytes *disc)
{
  GHashTable *files = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  struct archive *archive = archive_read_new ();
  struct archive_entry *entry;
  gsize length;
  const guint8 *bytes = g_bytes_get_data (disc, &length);

  g_assert_cmpuint (length, <, XENO_SEED_MAX_BYTES);
  /* In capitals, as the standard wants them, and as it is, for Joliet: guests ask for one or the other. */
  g_assert_cmpmem (bytes + 0x8028, 8, "CIDATA  ", 8);
  g_assert_cmpmem (bytes + 0x8828, 14, "\0c\0i\0d\0a\0t\0a\0 ", 14);
  archive_read_support_format_iso9660 (archive);
  g_assert_cmpint (archive_read_open_memory (archive, bytes, length), ==, ARCHIVE_OK);
  while (archive_read_next_header (archive, &entry) == ARCHIVE_OK)
    if (archive_entry_filetype (entry) == AE_IFREG)
      {
        gsize size = archive_entry_size (entry);
        char *text = g_malloc0 (size + 1);

        g_assert_cmpint (archive_read_data (archive, text, size), ==, size);
        g_assert_cmpuint (strlen (text), ==, size);
        g_hash_table_insert (files, g_strdup (archive_entry_pathname (entry)), text);
      }
  archive_read_free (archive);
  return files;
}

static GHashTable *
make_files (const XenoSeed *seed)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) disc = xeno_seed_make_disc (seed, UUID, &error);

  g_assert_no_error (error);
  return read_disc (disc);
}

/* Reads a value by the keys and numbers that lead to it. */
static char *
find_value (const char         *text,
            const char * const *path)
{
  yaml_parser_t parser;
  yaml_document_t document;
  yaml_node_t *node;
  char *value = NULL;

  yaml_parser_initialize (&parser);
  yaml_parser_set_input_string (&parser, (const guchar *) text, strlen (text));
  g_assert_cmpint (yaml_parser_load (&parser, &document), ==, 1);
  node = yaml_document_get_root_node (&document);
  for (; *path != NULL && node != NULL; path++)
    {
      yaml_node_t *child = NULL;

      if (node->type == YAML_SEQUENCE_NODE)
        {
          yaml_node_item_t *item = node->data.sequence.items.start + atoi (*path);

          child = item < node->data.sequence.items.top ? yaml_document_get_node (&document, *item) : NULL;
        }
      else if (node->type == YAML_MAPPING_NODE)
        for (yaml_node_pair_t *pair = node->data.mapping.pairs.start; pair < node->data.mapping.pairs.top; pair++)
          if (g_str_equal (yaml_document_get_node (&document, pair->key)->data.scalar.value, *path))
            child = yaml_document_get_node (&document, pair->value);
      node = child;
    }
  if (node != NULL && node->type == YAML_SCALAR_NODE)
    value = g_strndup ((const char *) node->data.scalar.value, node->data.scalar.length);
  yaml_document_delete (&document);
  yaml_parser_delete (&parser);
  return value;
}

static void G_GNUC_NULL_TERMINATED
assert_value (const char *text,
              const char *expected,
              ...)
{
  g_autoptr (GPtrArray) path = g_ptr_array_new ();
  g_autofree char *value = NULL;
  const char *step;
  va_list steps;

  va_start (steps, expected);
  while ((step = va_arg (steps, const char *)) != NULL)
    g_ptr_array_add (path, (gpointer) step);
  va_end (steps);
  g_ptr_array_add (path, NULL);

  value = find_value (text, (const char * const *) path->pdata);
  g_assert_cmpstr (value, ==, expected);
}

static void
test_says_what_was_chosen (void)
{
  g_autoptr (XenoSeed) seed = make_seed ();
  g_autoptr (GHashTable) files = NULL;
  const char *packages[] = { "htop", "g++", NULL };
  const char *keys[] = { KEY " anna@desk", NULL };
  const char *user_data, *meta_data;

  seed->packages = g_strdupv ((char **) packages);
  seed->ssh_keys = g_strdupv ((char **) keys);
  seed->script = g_strdup ("echo hello\n");
  files = make_files (seed);
  user_data = g_hash_table_lookup (files, "user-data");
  meta_data = g_hash_table_lookup (files, "meta-data");

  g_assert_cmpuint (g_hash_table_size (files), ==, 2);
  g_assert_true (g_str_has_prefix (user_data, "#cloud-config\n"));
  assert_value (user_data, "anna", "user", "name", NULL);
  assert_value (user_data, "false", "user", "lock_passwd", NULL);
  assert_value (user_data, "box", "hostname", NULL);
  assert_value (user_data, "true", "package_update", NULL);
  assert_value (user_data, "g++", "packages", "1", NULL);
  assert_value (user_data, keys[0], "ssh_authorized_keys", "0", NULL);
  assert_value (user_data, "#!/bin/sh\necho hello\n", "write_files", "0", "content", NULL);
  assert_value (user_data, "0700", "write_files", "0", "permissions", NULL);
  assert_value (meta_data, UUID, "instance-id", NULL);
  assert_value (meta_data, "box", "local-hostname", NULL);
}

/* A little says little: what nobody chose is the image’s matter. */
static void
test_says_no_more (void)
{
  g_autoptr (XenoSeed) seed = make_seed ();
  g_autoptr (GHashTable) files = make_files (seed);
  const char *user_data = g_hash_table_lookup (files, "user-data");

  assert_value (user_data, NULL, "packages", NULL);
  assert_value (user_data, NULL, "package_update", NULL);
  assert_value (user_data, NULL, "write_files", "0", "path", NULL);
  assert_value (user_data, NULL, "ssh_authorized_keys", "0", NULL);
  g_assert_null (g_hash_table_lookup (files, "network-config"));
}

static char *
dup_hash (GHashTable *files)
{
  static const char * const path[] = { "user", "hashed_passwd", NULL };

  return find_value (g_hash_table_lookup (files, "user-data"), path);
}

static void
test_password_leaves_as_a_hash (void)
{
  static const char * const passwords[] = { "secret", "ä \"'\\: {}[]#&*!|>%@`", "$6$", "日本語", " " };

  for (gsize i = 0; i < G_N_ELEMENTS (passwords); i++)
    {
      g_autoptr (XenoSeed) seed = make_seed ();
      g_autoptr (GHashTable) files = NULL;
      g_autoptr (GHashTable) others = NULL;
      g_autofree char *hash = NULL;
      g_autofree char *other = NULL;
      struct crypt_data data = { 0 };

      xeno_seed_set_password (seed, passwords[i]);
      files = make_files (seed);
      others = make_files (seed);
      hash = dup_hash (files);
      other = dup_hash (others);
      g_assert_true (g_str_has_prefix (hash, "$6$"));
      g_assert_cmpstr (crypt_rn (passwords[i], hash, &data, sizeof data), ==, hash);
      g_assert_cmpstr (hash, !=, other); /* no salt is used twice */
      if (strlen (passwords[i]) > 3)
        g_assert_null (strstr (g_hash_table_lookup (files, "user-data"), passwords[i]));
    }
}

static void
test_no_password_locks (void)
{
  g_autoptr (XenoSeed) seed = make_seed ();
  g_autoptr (GHashTable) files = NULL;
  const char *keys[] = { KEY, NULL };

  xeno_seed_set_password (seed, NULL);
  seed->ssh_keys = g_strdupv ((char **) keys);
  files = make_files (seed);
  assert_value (g_hash_table_lookup (files, "user-data"), "true", "user", "lock_passwd", NULL);
  assert_value (g_hash_table_lookup (files, "user-data"), NULL, "user", "hashed_passwd", NULL);
}

/* Scripts are free text: whatever is in one arrives, and nothing else comes of it. */
static void
test_hostile_text_stays_text (void)
{
  static const char * const scripts[] = {
    "#!/bin/sh\necho \"a: b\" 'c' `d` $e \\f\n",
    "#!/usr/bin/env python3\nprint({'a': [1, 2]})  # {{ x }} {% y %}\n",
    "#!x\n---\n...\nuser: root\n- &a *a !!python/object:os.system\n",
    "#!x\r\nCR\rLF\n\n\ttab\x01\x1b[31m\x7f\n",
    "#!x\n\xc2\x85\xe2\x80\xa8\xe2\x80\xa9\xef\xbb\xbf\xf0\x9f\x98\x80\xed\x9f\xbf\n",
    "#!x\nyes\nno\nnull\n~\n1e3\n0777\n2001-01-01\n",
    "#!x\n   leading and trailing   \n\n\n",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (scripts); i++)
    {
      g_autoptr (XenoSeed) seed = make_seed ();
      g_autoptr (GHashTable) files = NULL;

      seed->script = g_strdup (scripts[i]);
      files = make_files (seed);
      assert_value (g_hash_table_lookup (files, "user-data"), scripts[i], "write_files", "0", "content", NULL);
      assert_value (g_hash_table_lookup (files, "user-data"), "anna", "user", "name", NULL);
    }
}

/* Their document is theirs, byte for byte; ours stands behind it. */
static void
test_own_user_data_goes_first (void)
{
  static const char own[] = "#cloud-config\n# mine\ntimezone: Europe/Berlin\nusers:\n  - name: bob\n";
  g_autoptr (XenoSeed) seed = make_seed ();
  g_autoptr (GHashTable) files = NULL;

  seed->user_data = g_strdup (own);
  files = make_files (seed);
  g_assert_cmpuint (g_hash_table_size (files), ==, 3);
  g_assert_cmpstr (g_hash_table_lookup (files, "user-data"), ==, own);
  g_assert_true (g_str_has_prefix (g_hash_table_lookup (files, "vendor-data"), "#cloud-config\n"));
  assert_value (g_hash_table_lookup (files, "vendor-data"), "anna", "user", "name", NULL);
}

/* A machine as it was noted, with the seed in its drive. */
static XenoSpec *
make_machine (const XenoSeed *seed,
              const char     *path)
{
  XenoSpec *spec = xeno_spec_new ();
  g_autoptr (XenoDevice) disk = xeno_spec_add_device (spec, "disk");
  g_autoptr (XenoDevice) drive = xeno_spec_add_device (spec, "disk");

  xeno_device_set_string (disk, "device", "disk");
  xeno_device_set_string (disk, "source-file", "/pool/" UUID "-seed.iso");
  xeno_device_set_string (drive, "device", "cdrom");
  xeno_device_set_string (drive, "source-file", path);
  xeno_seed_note (seed, spec);
  return spec;
}

/* A copy becomes one of its own without becoming another: nothing secret is noted, nothing is done twice. */
static void
test_a_copy_is_told_again (void)
{
  g_autoptr (XenoSeed) seed = make_seed ();
  g_autoptr (XenoSpec) spec = NULL;
  g_autoptr (XenoSeed) again = NULL;
  g_autoptr (XenoSeed) same = NULL;
  g_autoptr (GHashTable) files = NULL;
  g_autofree char *xml = NULL;
  const char *packages[] = { "htop", NULL };
  const char *user_data;

  seed->packages = g_strdupv ((char **) packages);
  seed->script = g_strdup ("echo once");
  spec = make_machine (seed, "/pool/" UUID "-seed.iso");
  xml = xeno_spec_to_xml (spec);
  g_assert_null (strstr (xml, "secret"));
  g_assert_null (strstr (xml, "once"));

  again = xeno_seed_new_again (spec, "Box (copy)");
  same = xeno_seed_new_again (spec, NULL);
  g_assert_cmpstr (same->hostname, ==, "box");
  files = make_files (again);
  user_data = g_hash_table_lookup (files, "user-data");
  assert_value (user_data, "anna", "user", "name", NULL);
  assert_value (user_data, "false", "user", "lock_passwd", NULL);
  assert_value (user_data, NULL, "user", "hashed_passwd", NULL);
  assert_value (user_data, "box-copy", "hostname", NULL);
  assert_value (user_data, NULL, "packages", NULL);
  assert_value (user_data, "#!/bin/sh\nrm -f /etc/machine-id /var/lib/dbus/machine-id\nsystemd-machine-id-setup\n",
                "write_files", "0", "content", NULL);
  g_assert_null (same->script);
}

static void
test_a_seed_is_found_in_its_drive (void)
{
  static const struct
  {
    const char *path;
    gboolean    is_seed;
  } paths[] = {
    { "/pool/" UUID "-seed.iso", TRUE },
    { "/home/anna/my-seed.iso", FALSE },
    { "/pool/-seed.iso", FALSE },
    { "/pool/" UUID ".iso", FALSE },
    { NULL, FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (paths); i++)
    {
      g_autoptr (XenoSeed) seed = make_seed ();
      g_autoptr (XenoSpec) spec = make_machine (seed, paths[i].path);
      g_autoptr (XenoDevice) drive = xeno_seed_find_drive (spec);

      g_assert_cmpint (drive != NULL, ==, paths[i].is_seed);
    }
}

/* Notes are written by anybody, and a machine of another maker has none. */
static void
test_no_more_is_told_than_was_noted (void)
{
  g_autoptr (XenoSpec) plain = xeno_spec_new ();
  g_autoptr (XenoSeed) bad = make_seed ();
  g_autoptr (XenoSpec) forged = NULL;

  g_assert_null (xeno_seed_new_again (plain, "x"));
  g_free (bad->user);
  bad->user = g_strdup ("root: x");
  forged = make_machine (bad, NULL);
  g_assert_null (xeno_seed_new_again (forged, "x"));
}

static void
test_bad_values_are_refused (void)
{
  static const struct
  {
    const char *field;
    const char *value; /* NULL: none */
    const char *words; /* NULL: it is good */
  } values[] = {
    { "user", "anna", NULL },
    { "user", "_a-9", NULL },
    { "user", NULL, "is empty" },
    { "user", "", "is empty" },
    { "user", "root", "cannot log in" },
    { "user", "Anna", "small letter" },
    { "user", "9a", "small letter" },
    { "user", "-x", "small letter" },
    { "user", "a b", "small letter" },
    { "user", "a\nroot: x", "small letter" },
    { "user", "ä", "small letter" },
    { "user", "abcdefghijklmnopqrstuvwxyzabcdefg", "small letter" },
    { "password", "a\nb", "nobody can type" },
    { "password", "\x1b[A", "nobody can type" },
    { "password", "\xff\xfe", "nobody can type" },
    { "hostname", "box-1", NULL },
    { "hostname", NULL, "is empty" },
    { "hostname", "-box", "letters from a to z" },
    { "hostname", "box-", "letters from a to z" },
    { "hostname", "a b", "letters from a to z" },
    { "hostname", "a\nb", "letters from a to z" },
    { "hostname", "日本", "letters from a to z" },
    { "package", "python3.11-dev", NULL },
    { "package", "-oAPT::x", "not the name of a package" },
    { "package", "", "not the name of a package" },
    { "package", "a b", "not the name of a package" },
    { "package", "a;b", "not the name of a package" },
    { "package", "a\n- b", "not the name of a package" },
    { "ssh-key", KEY, NULL },
    { "ssh-key", KEY "\nroot: x", "no public key" },
    { "ssh-key", "command=\"x\" " KEY, "no public key" },
    { "ssh-key", "ssh-rsa AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYH", "no public key" },
    { "ssh-key", "-----BEGIN OPENSSH PRIVATE KEY-----", "private key" },
    { "script", "\xff", "not text" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (values); i++)
    {
      g_autoptr (XenoSeed) seed = make_seed ();
      g_autoptr (GError) error = NULL;
      g_autoptr (GBytes) disc = NULL;
      const char *texts[] = { values[i].value, NULL };

      if (g_str_equal (values[i].field, "user"))
        {
          g_free (seed->user);
          seed->user = g_strdup (values[i].value);
        }
      else if (g_str_equal (values[i].field, "hostname"))
        {
          g_free (seed->hostname);
          seed->hostname = g_strdup (values[i].value);
        }
      else if (g_str_equal (values[i].field, "password"))
        xeno_seed_set_password (seed, values[i].value);
      else if (g_str_equal (values[i].field, "package"))
        seed->packages = g_strdupv ((char **) texts);
      else if (g_str_equal (values[i].field, "ssh-key"))
        seed->ssh_keys = g_strdupv ((char **) texts);
      else
        seed->script = g_strdup (values[i].value);

      xeno_seed_check (seed, &error);
      g_test_message ("%s: %s", values[i].field, error != NULL ? error->message : "good");
      if (values[i].words == NULL)
        g_assert_no_error (error);
      else
        {
          g_assert_error (error, XENO_ERROR, XENO_ERROR_INVALID);
          g_assert_nonnull (strstr (error->message, values[i].words));
          disc = xeno_seed_make_disc (seed, UUID, NULL);
          g_assert_null (disc);
        }
    }
}

static void
test_nobody_is_locked_out (void)
{
  g_autoptr (XenoSeed) seed = make_seed ();
  g_autoptr (GError) error = NULL;

  xeno_seed_set_password (seed, "");
  g_assert_false (xeno_seed_check (seed, &error));
  g_assert_nonnull (strstr (error->message, "nobody could log in"));

  seed->user_data = g_strdup ("#cloud-config\nusers: [{name: bob}]\n");
  g_clear_error (&error);
  xeno_seed_check (seed, &error);
  g_assert_no_error (error);
}

static void
test_own_user_data_is_looked_at (void)
{
  static const struct
  {
    const char *text;
    const char *words; /* NULL: it is good */
  } documents[] = {
    { "#cloud-config\ntimezone: UTC\n", NULL },
    { "#cloud-config \r\n{timezone: UTC}\n", NULL },
    { "#cloud-config\n---\na: &x [1, *x]\n", NULL },
    { "", "first line" },
    { "timezone: UTC\n", "first line" },
    { "# cloud-config\na: b\n", "first line" },
    { "#cloud-config-archive\n- a\n", "first line" },
    { "#!/bin/sh\n", "first line" },
    { "#cloud-config", "no settings" },
    { "#cloud-config\n", "no settings" },
    { "#cloud-config\n- a\n", "no settings" },
    { "#cloud-config\nfoo\n", "no settings" },
    { "#cloud-config\na: b\n---\nc: d\n", "more than one document" },
    { "#cloud-config\na: [b\nc: d\n", "line 3" },
    { "#cloud-config\na:\n\t- b\n", "line 3" },
    { "#cloud-config\na: 'b\n", "not YAML" },
    { "#cloud-config\na: *nobody\n", "line 2" },
    { "#cloud-config\na: \xff\n", "not text" },
    { "#cloud-config\na: \x01\n", "line 2 is not YAML" },
    { "#cloud-config\npackages: [vim]\n", "“packages” of its own" },
    { "#cloud-config\nwrite_files: []\n", "the script would not arrive" },
  };
  const char *packages[] = { "htop", NULL };

  for (gsize i = 0; i < G_N_ELEMENTS (documents); i++)
    {
      g_autoptr (XenoSeed) seed = make_seed ();
      g_autoptr (GError) error = NULL;

      seed->user_data = g_strdup (documents[i].text);
      seed->packages = g_strdupv ((char **) packages);
      seed->script = g_strdup ("true");
      xeno_seed_check (seed, &error);
      g_test_message ("%s", error != NULL ? error->message : "good");
      if (documents[i].words == NULL)
        g_assert_no_error (error);
      else
        {
          g_assert_error (error, XENO_ERROR, XENO_ERROR_INVALID);
          g_assert_nonnull (strstr (error->message, documents[i].words));
        }
    }
}

/* Deep, long and self-referring documents end soon. */
static void
test_huge_user_data_ends_soon (void)
{
  g_autoptr (GString) deep = g_string_new ("#cloud-config\na: ");
  g_autoptr (GString) laughs = g_string_new ("#cloud-config\na0: &a0 [x, x]\n");
  g_autoptr (GString) large = g_string_new ("#cloud-config\na: ");
  const GString * const documents[] = { deep, laughs, large };
  gint64 start = g_get_monotonic_time ();

  for (guint i = 0; i < 60000; i++)
    g_string_append_c (deep, '[');
  for (guint i = 1; i < 60; i++)
    g_string_append_printf (laughs, "a%u: &a%u [*a%u, *a%u, *a%u]\n", i, i, i - 1, i - 1, i - 1);
  for (guint i = 0; i < 300000; i++)
    g_string_append_c (large, 'x');

  for (gsize i = 0; i < G_N_ELEMENTS (documents); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (XenoUserData) user_data = xeno_user_data_parse (documents[i]->str, &error);

      g_assert_cmpint (user_data != NULL, ==, documents[i] == laughs);
    }
  g_assert_cmpint (g_get_monotonic_time () - start, <, 5 * G_USEC_PER_SEC);
}

static void
test_hostnames_come_from_titles (void)
{
  static const struct
  {
    const char *title;
    const char *hostname;
  } titles[] = {
    { "Debian 12", "debian-12" },
    { "Ätna <1>", NULL },
    { "Ubuntu 24.04 LTS", "ubuntu-24-04-lts" },
    { "日本語", NULL },
    { "...", NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (titles); i++)
    {
      g_autoptr (XenoSeed) seed = make_seed ();
      g_autoptr (GError) error = NULL;

      g_free (seed->hostname);
      seed->hostname = xeno_seed_make_hostname (titles[i].title);
      g_test_message ("%s: %s", titles[i].title, seed->hostname);
      if (titles[i].hostname != NULL)
        g_assert_cmpstr (seed->hostname, ==, titles[i].hostname);
      xeno_seed_check (seed, &error);
      g_assert_no_error (error);
    }
}

static void
write_file (const char *folder,
            const char *name,
            const char *text)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);

  g_assert_true (g_file_set_contents (path, text, -1, NULL));
}

static void
test_keys_are_found (void)
{
  g_autofree char *folder = g_dir_make_tmp ("xeno-ssh-XXXXXX", NULL);
  static const char * const names[] = { "a.pub", "b.pub", "c.pub", "d", "e.pub" };
  g_autoptr (GPtrArray) keys = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  GAsyncResult *pending = NULL;
  const XenoSshKey *key;

  write_file (folder, "a.pub", KEY " <b>anna</b>\x1b[31m@desk\n");
  write_file (folder, "b.pub", "nonsense\n");
  write_file (folder, "c.pub", KEY "\n" KEY "\n");
  write_file (folder, "d", KEY "\n");
  write_file (folder, "e.pub", KEY "\n");
  xeno_ssh_key_list_async (folder, NULL, xeno_test_result_cb, &pending);
  result = xeno_test_await (&pending);
  keys = xeno_ssh_key_list_finish (result, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (keys->len, ==, 2);
  key = g_ptr_array_index (keys, 0);
  g_assert_cmpstr (key->type, ==, "ssh-ed25519");
  g_assert_true (g_str_has_prefix (key->comment, "<b>anna</b>"));
  g_assert_null (strchr (key->comment, '\x1b'));
  key = g_ptr_array_index (keys, 1);
  g_assert_cmpstr (key->comment, ==, "");
  g_assert_cmpstr (key->line, ==, KEY);

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = g_build_filename (folder, names[i], NULL);

      g_unlink (path);
    }
  g_rmdir (folder);
}

static void
test_images_say_what_they_are (void)
{
  static const struct
  {
    const char *name;
    gboolean    is_cloud;
    const char *os_id;
  } images[] = {
    { "debian-12-genericcloud-amd64-20240211-1654.qcow2", TRUE, "debian12" },
    { "debian-13-generic-amd64.qcow2", TRUE, "debian13" },
    { "debian-12-nocloud-amd64.qcow2", FALSE, NULL },
    { "ubuntu-24.04-server-cloudimg-amd64.img", TRUE, "ubuntu24.04" },
    { "noble-server-cloudimg-amd64.img", TRUE, "ubuntu24.04" },
    { "jammy-minimal-cloudimg-amd64.img", TRUE, "ubuntu22.04" },
    { "Fedora-Cloud-Base-37-1.7.x86_64.qcow2", TRUE, "fedora37" },
    { "Fedora-Cloud-Base-Generic.x86_64-40-1.14.qcow2", TRUE, "fedora40" },
    { "Fedora-Cloud-Base-Generic-41-1.4.x86_64.qcow2", TRUE, "fedora41" },
    { "CentOS-Stream-GenericCloud-9-20240101.0.x86_64.qcow2", TRUE, "centos-stream9" },
    { "CentOS-Stream-GenericCloud-x86_64-10-latest.x86_64.qcow2", TRUE, "centos-stream10" },
    { "CentOS-7-x86_64-GenericCloud.qcow2", TRUE, "centos7.0" },
    { "Rocky-9-GenericCloud-Base.latest.x86_64.qcow2", TRUE, "rocky9" },
    { "AlmaLinux-9-GenericCloud-latest.x86_64.qcow2", TRUE, "almalinux9" },
    { "rhel-9.4-x86_64-kvm.qcow2", TRUE, "rhel9.4" },
    { "OL9U4_x86_64-kvm-b234.qcow2", TRUE, "ol9.4" },
    { "openSUSE-Leap-15.6-Minimal-VM.x86_64-Cloud.qcow2", TRUE, "opensuse15.6" },
    { "openSUSE-Tumbleweed-Minimal-VM.x86_64-Cloud.qcow2", TRUE, "opensusetumbleweed" },
    { "Arch-Linux-x86_64-cloudimg.qcow2", TRUE, "archlinux" },
    { "nocloud_alpine-3.20.3-x86_64-bios-cloudinit-r0.qcow2", TRUE, "alpinelinux3.20" },
    { "FreeBSD-14.1-RELEASE-amd64-BASIC-CLOUDINIT-ufs.qcow2", TRUE, "freebsd14.1" },
    { "al2023-kvm-2023.5.20240805.0-kernel-6.1-x86_64.xfs.gpt.qcow2", TRUE, NULL },
    { "my-cloud-image.qcow2", TRUE, NULL },
    { "something.cloud.raw", TRUE, NULL },
    { "windows.qcow2", FALSE, NULL },
    { "Wolke.qcow2", FALSE, NULL },
    { "nextcloud.qcow2", FALSE, NULL },
    { "\xff\xfe.qcow2", FALSE, NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (images); i++)
    {
      g_autofree char *path = g_build_filename ("/cloud-init", images[i].name, NULL);
      g_autofree char *os_id = NULL;

      g_test_message ("%s", images[i].name);
      g_assert_cmpint (xeno_cloud_image_recognise (path, &os_id), ==, images[i].is_cloud);
      g_assert_cmpstr (os_id, ==, images[i].os_id);
    }
}

int
main (int    argc,
      char **argv)
{
  setlocale (LC_ALL, "C.UTF-8");
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/xeno/seed/says-what-was-chosen", test_says_what_was_chosen);
  g_test_add_func ("/xeno/seed/says-no-more-than-that", test_says_no_more);
  g_test_add_func ("/xeno/seed/a-password-leaves-as-a-hash", test_password_leaves_as_a_hash);
  g_test_add_func ("/xeno/seed/without-a-password-it-is-locked", test_no_password_locks);
  g_test_add_func ("/xeno/seed/hostile-text-stays-text", test_hostile_text_stays_text);
  g_test_add_func ("/xeno/seed/what-a-person-wrote-goes-first", test_own_user_data_goes_first);
  g_test_add_func ("/xeno/seed/a-copy-is-told-again", test_a_copy_is_told_again);
  g_test_add_func ("/xeno/seed/is-found-in-its-drive", test_a_seed_is_found_in_its_drive);
  g_test_add_func ("/xeno/seed/no-more-is-told-than-was-noted", test_no_more_is_told_than_was_noted);
  g_test_add_func ("/xeno/seed/bad-values-are-refused-in-words", test_bad_values_are_refused);
  g_test_add_func ("/xeno/seed/nobody-is-locked-out", test_nobody_is_locked_out);
  g_test_add_func ("/xeno/seed/hostnames-come-from-titles", test_hostnames_come_from_titles);
  g_test_add_func ("/xeno/user-data/is-looked-at-before-it-leaves", test_own_user_data_is_looked_at);
  g_test_add_func ("/xeno/user-data/huge-documents-end-soon", test_huge_user_data_ends_soon);
  g_test_add_func ("/xeno/ssh-key/those-of-a-person-are-found", test_keys_are_found);
  g_test_add_func ("/xeno/cloud-image/says-by-its-name-what-it-is", test_images_say_what_they_are);
  return g_test_run ();
}
