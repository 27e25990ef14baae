/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Appliances: what they say is taken up, and those that lie are refused. */
#include "config.h"

#include <locale.h>
#include <string.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "appliance-files.h"
#include "base/xeno-error.h"
#include "create/xeno-media-facts.h"
#include "create/xeno-recipe.h"
#include "media-files.h"
#include "support/xeno-test.h"

#define DISK_BYTES (64 * 512)

typedef struct
{
  char       *folder;
  GByteArray *disk;
} Fixture;

static const char * const one_disk[] = { "disk.img", NULL };

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  fixture->folder = g_dir_make_tmp ("xeno-appliance-XXXXXX", NULL);
  fixture->disk = media_make_mbr (1, 63);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  const char *argv[] = { "rm", "-r", fixture->folder, NULL };

  g_assert_true (g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL, NULL));
  g_byte_array_unref (fixture->disk);
  g_free (fixture->folder);
}

static XenoMedia *
open_path (const char  *path,
           GError     **error)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GAsyncResult) result = NULL;
  GAsyncResult *pending = NULL;

  xeno_media_open_async (file, NULL, xeno_test_result_cb, &pending);
  result = xeno_test_await (&pending);
  return xeno_media_open_finish (result, error);
}

static void
assert_path_refused (const char *path,
                     const char *sentence)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (open_path (path, &error));
  g_assert_nonnull (error);
  if (strstr (error->message, sentence) == NULL)
    g_error ("“%s” is not in “%s”", sentence, error->message);
}

/* Takes @archive. */
static void
assert_refused (Fixture    *fixture,
                GByteArray *archive,
                const char *sentence)
{
  g_autofree char *path = media_write (fixture->folder, "a.ova", archive);

  assert_path_refused (path, sentence);
}

static GByteArray *
begin (const char * const *disks,
       const char         *more)
{
  g_autofree char *ovf = appliance_make_ovf (disks, more);

  return appliance_add_text (g_byte_array_new (), "a.ovf", ovf);
}

static GByteArray *
add_disk (Fixture    *fixture,
          GByteArray *archive,
          const char *name)
{
  return appliance_add (archive, name, fixture->disk->data, fixture->disk->len);
}

static const XenoPlanPart *
get_part (const XenoPlanFile *file)
{
  g_assert_cmpuint (file->parts->len, ==, 1);
  return g_ptr_array_index (file->parts, 0);
}

static const XenoAppliancePart *
get_first_part (XenoMedia *media)
{
  const XenoApplianceDisk *disk = g_ptr_array_index (xeno_media_get_facts (media)->appliance->disks, 0);

  g_assert_cmpuint (disk->parts->len, ==, 1);
  return g_ptr_array_index (disk->parts, 0);
}

static void
test_is_taken_up (Fixture       *fixture,
                  gconstpointer  data)
{
  static const char * const disks[] = { "disk.img", "data.img", NULL };
  GByteArray *archive = begin (disks, "<vmw:Config vmw:key='firmware' vmw:value='efi'/>");
  g_autofree char *path = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (XenoMedia) media = NULL;
  g_autoptr (XenoRecipe) recipe = NULL;
  g_autoptr (GPtrArray) files = NULL;
  const XenoMediaFacts *facts;
  XenoPlanFile *file;

  archive = add_disk (fixture, add_disk (fixture, archive, "data.img"), "disk.img");
  path = media_write (fixture->folder, "a.ova", appliance_end (archive));
  media = open_path (path, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (xeno_media_get_kind (media), ==, "ova");
  g_assert_cmpuint (xeno_media_get_capacity_bytes (media), ==, 2 * DISK_BYTES);
  g_assert_cmpint (xeno_media_get_ways (media), ==, XENO_DISK_COPY);
  g_assert_true (xeno_media_needs_uefi (media));

  facts = xeno_media_get_facts (media);
  g_assert_cmpstr (facts->appliance->os_id, ==, "http://debian.org/debian/11");
  g_assert_cmpuint (facts->appliance->ovf->nics->len, ==, 2);
  recipe = xeno_recipe_new (media);
  xeno_recipe_recommend (recipe, NULL, NULL, NULL, 0);
  g_assert_cmpstr (xeno_recipe_get_title (recipe), ==, "My appliance");
  g_assert_cmpuint (xeno_recipe_get_memory_bytes (recipe), ==, 96 << 20);
  g_assert_cmpuint (xeno_recipe_get_n_cpus (recipe), ==, 1);

  files = xeno_plan_list_files (XENO_PLAN (recipe));
  g_assert_cmpuint (files->len, ==, 2);
  file = g_ptr_array_index (files, 0);
  g_assert_cmpstr (get_part (file)->path, ==, path);
  g_assert_cmpstr (file->source_format, ==, "raw");
  g_assert_cmpuint (get_part (file)->n_bytes, ==, DISK_BYTES);
  g_assert_cmpuint (get_part (file)->offset, >, get_part (g_ptr_array_index (files, 1))->offset);
}

static void
test_checks_list (Fixture       *fixture,
                  gconstpointer  data)
{
  g_autofree char *ovf = appliance_make_ovf (one_disk, "");
  g_autofree char *ovf_sum = g_compute_checksum_for_string (G_CHECKSUM_SHA256, ovf, -1);
  g_autofree char *disk_sum = g_compute_checksum_for_data (G_CHECKSUM_SHA1, fixture->disk->data, fixture->disk->len);
  g_autofree char *whole = g_strdup_printf ("SHA256(a.ovf)= %s\r\nSHA1 (disk.img) = %s\n", ovf_sum, disk_sum);
  g_autofree char *without = g_strdup_printf ("SHA256(a.ovf)= %s\n", ovf_sum);
  g_autofree char *wrong = g_strdup_printf ("SHA256(a.ovf)= %064d\nSHA1(disk.img)= %s\n", 0, disk_sum);
  g_autofree char *path = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (XenoMedia) media = NULL;
  const XenoAppliancePart *disk;

  path = media_write (fixture->folder, "a.ova",
                      appliance_end (add_disk (fixture, appliance_add_text (begin (one_disk, ""), "a.mf", whole), "disk.img")));
  media = open_path (path, &error);
  g_assert_no_error (error);
  disk = get_first_part (media);
  g_assert_cmpstr (disk->checksum, ==, disk_sum);
  g_assert_cmpint (disk->checksum_type, ==, G_CHECKSUM_SHA1);

  assert_refused (fixture, add_disk (fixture, appliance_add_text (begin (one_disk, ""), "a.mf", without), "disk.img"),
                  "does not say what “disk.img” should be");
  assert_refused (fixture, add_disk (fixture, appliance_add_text (begin (one_disk, ""), "a.mf", wrong), "disk.img"),
                  "it was damaged or changed");
}

static void
test_refuses_other_places (Fixture       *fixture,
                           gconstpointer  data)
{
  static const char * const names[] = { "../disk.img", "/etc/shadow", "a/disk.img", "..", "a\\b" };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      const char * const disks[] = { names[i], NULL };

      assert_refused (fixture, add_disk (fixture, begin (one_disk, ""), names[i]), "in another folder");
      assert_refused (fixture, begin (disks, ""), "which is not beside it");
    }
}

static GByteArray *
add_kind (GByteArray *archive,
          char        kind)
{
  guint start = archive->len;
  guint sum = 0;

  appliance_add (archive, "disk.img", "", 0);
  archive->data[start + 156] = kind;
  memcpy (archive->data + start + 157, "/etc/shadow", 11);
  memset (archive->data + start + 148, ' ', 8);
  for (guint i = 0; i < 512; i++)
    sum += archive->data[start + i];
  g_snprintf ((char *) archive->data + start + 148, 8, "%06o", sum);
  return archive;
}

static void
test_refuses_links (Fixture       *fixture,
                    gconstpointer  data)
{
  static const char kinds[] = { '1', '2', '3', '4', '5', '6' };

  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    assert_refused (fixture, add_kind (begin (one_disk, ""), kinds[i]), "is a link, a folder or a device");
}

static void
test_refuses_bad_archives (Fixture       *fixture,
                           gconstpointer  data)
{
  GByteArray *cut = add_disk (fixture, begin (one_disk, ""), "disk.img");
  GByteArray *sum = add_disk (fixture, begin (one_disk, ""), "disk.img");
  GByteArray *letter = appliance_add_text (g_byte_array_new (), "letter.txt", "Dear disc");
  GByteArray *shadowed = appliance_add_text (begin (one_disk, ""), "disk.img", "Dear disc, I am a letter.");

  assert_refused (fixture, add_disk (fixture, add_disk (fixture, begin (one_disk, ""), "disk.img"), "disk.img"), "twice");
  assert_refused (fixture, letter, "holds no appliance");
  assert_refused (fixture, begin (one_disk, ""), "needs the disk “disk.img”, which is not there");
  assert_refused (fixture, shadowed, "is not an installation image but a text file");
  assert_refused (fixture, appliance_add_text (begin (one_disk, ""), "disk.img", ""), "is empty");
  g_byte_array_set_size (cut, cut->len - 600);
  assert_refused (fixture, cut, "ends too early");
  sum->data[sum->len - DISK_BYTES - 512 + 125]++; /* its size, without its sum */
  assert_refused (fixture, sum, "ends too early");
}

static void
test_refuses_bad_descriptions (Fixture       *fixture,
                               gconstpointer  data)
{
  static const char bomb[] =
    "<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b 'bbbbbbbbbb'><!ENTITY c '&b;&b;&b;&b;'>]><Envelope>&c;</Envelope>";
  static const char outside[] =
    "<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><Envelope>&b;</Envelope>";
  g_autofree char *huge = g_strnfill (3 << 20, ' ');
  g_autofree char *good = appliance_make_ovf (one_disk, "");
  g_autofree char *half = g_strndup (good, strlen (good) / 2);
  const struct { const char *xml; const char *sentence; } cases[] = {
    { bomb, "cannot be read" },
    { outside, "cannot be read" },
    { half, "cannot be read" },
    { huge, "ends too early" },
    { "<Envelope/>", "describes no machine" },
    { "<Envelope><VirtualSystemCollection/></Envelope>", "describes no machine" },
    { "<domain/>", "cannot be read" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    assert_refused (fixture, appliance_add_text (g_byte_array_new (), "a.ovf", cases[i].xml), cases[i].sentence);
}

static void
test_folder (Fixture       *fixture,
             gconstpointer  data)
{
  g_autofree char *ovf = appliance_make_ovf (one_disk, "");
  g_autofree char *disk = media_write (fixture->folder, "disk.img", g_byte_array_ref (fixture->disk));
  g_autofree char *path = g_build_filename (fixture->folder, "a.ovf", NULL);
  g_autofree char *manifest = g_build_filename (fixture->folder, "a.mf", NULL);
  g_autofree char *moved = g_build_filename (fixture->folder, "moved.img", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (XenoMedia) media = NULL;

  g_assert_true (g_file_set_contents (path, ovf, -1, NULL));
  media = open_path (path, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (xeno_media_get_kind (media), ==, "ovf");
  g_assert_cmpstr (get_first_part (media)->path, ==, disk);

  g_assert_true (g_file_set_contents (manifest, "SHA1(a.ovf)= 0000000000000000000000000000000000000000\n", -1, NULL));
  assert_path_refused (path, "it was damaged or changed");
  g_assert_cmpint (g_unlink (manifest), ==, 0);

  /* What lies beside it is a file, not a way to another. */
  g_assert_cmpint (g_rename (disk, moved), ==, 0);
  assert_path_refused (path, "which is not there");
  g_assert_cmpint (symlink (moved, disk), ==, 0);
  assert_path_refused (path, "which is not there");
}

static void
test_several_machines (Fixture       *fixture,
                       gconstpointer  data)
{
  g_autofree char *ovf = appliance_make_several (one_disk);
  g_autofree char *path = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (XenoMedia) media = NULL;
  g_autoptr (XenoMedia) second = NULL;
  g_autoptr (XenoRecipe) recipe = NULL;
  g_auto (GStrv) names = NULL;

  path = media_write (fixture->folder, "a.ova",
                      appliance_end (add_disk (fixture, appliance_add_text (g_byte_array_new (), "a.ovf", ovf), "disk.img")));
  media = open_path (path, &error);
  g_assert_no_error (error);
  names = xeno_media_list_machines (media);
  g_assert_cmpuint (g_strv_length (names), ==, 3);
  g_assert_cmpstr (names[0], ==, "My appliance");
  g_assert_cmpstr (names[1], ==, "Database");
  g_assert_cmpstr (names[2], ==, "My appliance 3");
  g_assert_cmpuint (xeno_media_get_machine (media), ==, 0);

  second = xeno_media_dup_machine (media, 1);
  g_clear_object (&media);
  g_assert_cmpuint (xeno_media_get_machine (second), ==, 1);
  recipe = xeno_recipe_new (second);
  xeno_recipe_recommend (recipe, NULL, NULL, NULL, 0);
  g_assert_cmpstr (xeno_recipe_get_title (recipe), ==, "Database");
}

/* As it is written with a disk of @size bytes in pieces of @chunk. */
static char *
make_chunked (guint64 size,
              guint64 chunk)
{
  g_autofree char *ovf = appliance_make_ovf (one_disk, "");
  g_auto (GStrv) around = g_strsplit (ovf, "ovf:href='disk.img'", 2);

  return g_strdup_printf ("%sovf:href='disk.img' ovf:size='%" G_GUINT64_FORMAT "' ovf:chunkSize='%" G_GUINT64_FORMAT "'%s",
                          around[0], size, chunk, around[1]);
}

static GByteArray *
begin_chunked (Fixture *fixture,
               guint64  size,
               guint64  chunk,
               guint    n_chunks)
{
  g_autofree char *ovf = make_chunked (size, chunk);
  GByteArray *archive = appliance_add_text (g_byte_array_new (), "a.ovf", ovf);

  for (guint i = 0; i < n_chunks; i++)
    {
      g_autofree char *name = g_strdup_printf ("disk.img.%09u", i);

      appliance_add (archive, name, fixture->disk->data + i * chunk, MIN (chunk, DISK_BYTES - i * chunk));
    }
  return archive;
}

static void
test_pieces (Fixture       *fixture,
             gconstpointer  data)
{
  g_autofree char *path = media_write (fixture->folder, "a.ova",
                                       appliance_end (begin_chunked (fixture, DISK_BYTES, 10000, 4)));
  g_autoptr (GError) error = NULL;
  g_autoptr (XenoMedia) media = open_path (path, &error);
  g_autoptr (XenoRecipe) recipe = NULL;
  g_autoptr (GPtrArray) files = NULL;
  const XenoPlanFile *unpacked, *disk;

  g_assert_no_error (error);
  g_assert_cmpuint (xeno_media_get_capacity_bytes (media), ==, 4 << 20); /* as the description says */
  recipe = xeno_recipe_new (media);
  files = xeno_plan_list_files (XENO_PLAN (recipe));
  g_assert_cmpuint (files->len, ==, 2);
  unpacked = g_ptr_array_index (files, 0);
  disk = g_ptr_array_index (files, 1);
  g_assert_cmpstr (unpacked->maker, ==, "unpack");
  g_assert_true (unpacked->is_temporary);
  g_assert_cmpuint (unpacked->parts->len, ==, 4);
  g_assert_cmpuint (unpacked->room_bytes, ==, DISK_BYTES);
  g_assert_cmpstr (disk->source_role, ==, unpacked->role);
  g_assert_null (disk->source_format);

  assert_refused (fixture, begin_chunked (fixture, DISK_BYTES, 10000, 3), "“disk.img.000000003”, which is not there");
  assert_refused (fixture, begin_chunked (fixture, DISK_BYTES - 1, 10000, 4), "not as long together");
  assert_refused (fixture, begin_chunked (fixture, G_MAXUINT64, 1, 4), "which is not there");
}

static void
test_packing (Fixture       *fixture,
              gconstpointer  data)
{
  g_autofree char *ovf = appliance_make_ovf (one_disk, "");
  g_auto (GStrv) around = g_strsplit (ovf, "ovf:href='disk.img'", 2);
  g_autofree char *odd = g_strconcat (around[0], "ovf:href='disk.img' ovf:compression='bzip2'", around[1], NULL);
  g_autofree char *packed = g_strconcat (around[0], "ovf:href='disk.img' ovf:compression='gzip'", around[1], NULL);
  g_autoptr (GConverter) packer = G_CONVERTER (g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP, 6));
  g_autofree guint8 *bytes = g_malloc (2 * DISK_BYTES);
  g_autofree char *path = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (XenoMedia) media = NULL;
  g_autoptr (XenoRecipe) recipe = NULL;
  g_autoptr (GPtrArray) files = NULL;
  gsize n_read, n_written;

  assert_refused (fixture, add_disk (fixture, appliance_add_text (g_byte_array_new (), "a.ovf", odd), "disk.img"),
                  "packed with “bzip2”");

  g_converter_convert (packer, fixture->disk->data, DISK_BYTES, bytes, 2 * DISK_BYTES, G_CONVERTER_INPUT_AT_END,
                       &n_read, &n_written, &error);
  g_assert_no_error (error);
  path = media_write (fixture->folder, "a.ova",
                      appliance_end (appliance_add (appliance_add_text (g_byte_array_new (), "a.ovf", packed), "disk.img",
                                                    bytes, n_written)));
  media = open_path (path, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (xeno_media_get_capacity_bytes (media), ==, DISK_BYTES);
  recipe = xeno_recipe_new (media);
  files = xeno_plan_list_files (XENO_PLAN (recipe));
  g_assert_cmpuint (files->len, ==, 2);
  g_assert_cmpstr (((XenoPlanFile *) g_ptr_array_index (files, 0))->maker, ==, "unpack");
  g_assert_cmpuint (get_part (g_ptr_array_index (files, 0))->n_bytes, ==, n_written);
}

/* Broken anywhere, an archive is used or refused, and never trusted. */
static void
test_mutations (Fixture       *fixture,
                gconstpointer  data)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (20261121);
  g_autoptr (GByteArray) good = appliance_end (add_disk (fixture, begin (one_disk, ""), "disk.img"));

  for (guint i = 0; i < 1500; i++)
    {
      g_autoptr (GByteArray) bytes = g_byte_array_append (g_byte_array_new (), good->data, good->len);
      g_autofree char *path = NULL;
      g_autoptr (XenoMediaFacts) facts = NULL;
      g_autoptr (GError) error = NULL;
      guint n = g_rand_int_range (rand, 1, 6);

      while (n-- > 0)
        bytes->data[g_rand_int_range (rand, 0, 6000)] = g_rand_int_range (rand, 0, 256);
      if (i % 4 == 0)
        g_byte_array_set_size (bytes, g_rand_int_range (rand, 1, bytes->len));
      path = media_write (fixture->folder, "a.ova", g_steal_pointer (&bytes));
      facts = xeno_media_facts_read (path, &error);
      g_assert_true ((facts == NULL) == (error != NULL));
      if (error != NULL)
        g_assert_true (g_utf8_validate (error->message, -1, NULL));
    }
}

static const struct
{
  const char *path;
  void      (*test) (Fixture       *fixture,
                     gconstpointer  data);
} tests[] = {
  { "/xeno/appliance/what-it-says-is-taken-up", test_is_taken_up },
  { "/xeno/appliance/its-list-of-checksums-is-believed", test_checks_list },
  { "/xeno/appliance/refuses-names-that-lead-elsewhere", test_refuses_other_places },
  { "/xeno/appliance/refuses-links-and-devices", test_refuses_links },
  { "/xeno/appliance/refuses-archives-that-lie", test_refuses_bad_archives },
  { "/xeno/appliance/refuses-descriptions-that-explode", test_refuses_bad_descriptions },
  { "/xeno/appliance/disks-lie-beside-a-description", test_folder },
  { "/xeno/appliance/of-several-machines-one-is-chosen", test_several_machines },
  { "/xeno/appliance/pieces-are-put-together", test_pieces },
  { "/xeno/appliance/packed-disks-are-unpacked", test_packing },
  { "/xeno/appliance/broken-anywhere-it-is-never-trusted", test_mutations },
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
