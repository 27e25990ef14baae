/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Disks of other formats: those that qemu-img writes are recognised, those that lie are refused. */
#include "config.h"

#include <locale.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "base/xeno-error.h"
#include "create/xeno-media.h"
#include "media-files.h"
#include "support/xeno-test.h"

#define CAPACITY (G_GUINT64_CONSTANT (4) << 20)

typedef struct
{
  char *folder;
} Fixture;

/* What qemu-img makes, and what it says itself. */
static const struct
{
  const char *name;
  const char *format;
  const char *options;
  const char *kind;
} formats[] = {
  { "a.vmdk", "vmdk", "subformat=monolithicSparse", "vmdk" },
  { "b.vmdk", "vmdk", "subformat=streamOptimized", "vmdk" },
  { "a.vdi", "vdi", "static=off", "vdi" },
  { "b.vdi", "vdi", "static=on", "vdi" },
  { "a.vhd", "vpc", "subformat=dynamic,force_size=on", "vhd" },
  { "b.vhd", "vpc", "subformat=fixed,force_size=on", "vhd" },
  { "a.vhdx", "vhdx", "subformat=dynamic", "vhdx" },
};

static void
run (const char * const *argv)
{
  g_autoptr (GError) error = NULL;
  int status;

  g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_SEARCH_PATH | G_SPAWN_STDOUT_TO_DEV_NULL, NULL, NULL, NULL, NULL,
                &status, &error);
  g_assert_no_error (error);
  g_assert_true (g_spawn_check_wait_status (status, &error));
}

static char *
make_disk (Fixture    *fixture,
           const char *name,
           const char *format,
           const char *options)
{
  g_autofree char *raw = g_build_filename (fixture->folder, "raw", NULL);
  char *path = g_build_filename (fixture->folder, name, NULL);
  const char *argv[] = { "qemu-img", "convert", "-f", "raw", "-O", format, "-o", options, raw, path, NULL };

  run (argv);
  return path;
}

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  g_autoptr (GByteArray) bytes = media_make_mbr (1, 63);
  g_autofree char *raw = NULL;

  fixture->folder = g_dir_make_tmp ("xeno-disks-XXXXXX", NULL);
  raw = media_write (fixture->folder, "raw", g_byte_array_ref (bytes));
  g_assert_cmpint (truncate (raw, CAPACITY), ==, 0);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  const char *argv[] = { "rm", "-r", fixture->folder, NULL };

  run (argv);
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
assert_refused (const char *path,
                const char *sentence)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (open_path (path, &error));
  g_assert_error (error, XENO_ERROR, XENO_ERROR_BAD_MEDIA);
  if (strstr (error->message, sentence) == NULL)
    g_error ("“%s” is not in “%s”", sentence, error->message);
}

static void
assert_disk (const char *path,
             const char *kind,
             guint64     capacity)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (XenoMedia) media = open_path (path, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (xeno_media_get_kind (media), ==, kind);
  g_assert_cmpstr (xeno_media_get_device (media), ==, "disk");
  g_assert_cmpuint (xeno_media_get_capacity_bytes (media), ==, capacity);
  g_assert_cmpint (xeno_media_get_ways (media), ==, XENO_DISK_COPY);
  g_assert_null (xeno_media_get_warning (media));
}

static void
test_recognises_formats (Fixture       *fixture,
                         gconstpointer  data)
{
  for (gsize i = 0; i < G_N_ELEMENTS (formats); i++)
    {
      g_autofree char *path = make_disk (fixture, formats[i].name, formats[i].format, formats[i].options);

      assert_disk (path, formats[i].kind, CAPACITY);
    }
}

static char *
pack (Fixture    *fixture,
      const char *program,
      const char *path,
      const char *suffix)
{
  const char *argv[] = { program, "-k", path, NULL };

  run (argv);
  return g_strconcat (path, suffix, NULL);
}

static void
test_looks_into_packed (Fixture       *fixture,
                        gconstpointer  data)
{
  g_autofree char *raw = g_build_filename (fixture->folder, "raw", NULL);
  g_autofree char *raw_gz = pack (fixture, "gzip", raw, ".gz");
  g_autofree char *raw_xz = pack (fixture, "xz", raw, ".xz");
  g_autofree char *vmdk = make_disk (fixture, "a.vmdk", "vmdk", "subformat=monolithicSparse");
  g_autofree char *vmdk_gz = pack (fixture, "gzip", vmdk, ".gz");
  g_autofree char *vmdk_xz = pack (fixture, "xz", vmdk, ".xz");

  assert_disk (raw_gz, "packed", CAPACITY);
  assert_disk (raw_xz, "packed", CAPACITY);
  assert_disk (vmdk_gz, "packed", CAPACITY);
  assert_disk (vmdk_xz, "packed", CAPACITY);
}

/* Row 11: what is packed is refused for the same reasons. */
static void
test_refuses_bad_packed (Fixture       *fixture,
                         gconstpointer  data)
{
  g_autofree char *text = g_build_filename (fixture->folder, "letter", NULL);
  g_autofree char *overlay = g_build_filename (fixture->folder, "overlay", NULL);
  g_autofree char *raw = g_build_filename (fixture->folder, "raw", NULL);
  const char *argv[] = { "qemu-img", "create", "-f", "qcow2", "-F", "raw", "-b", raw, overlay, NULL };
  g_autofree char *packed_text = NULL;
  g_autofree char *packed_overlay = NULL;
  g_autofree char *twice = NULL;

  g_assert_true (g_file_set_contents (text, "Dear disc", -1, NULL));
  run (argv);
  packed_text = pack (fixture, "gzip", text, ".gz");
  packed_overlay = pack (fixture, "gzip", overlay, ".gz");
  twice = pack (fixture, "xz", packed_text, ".xz");
  assert_refused (packed_text, "what is in it is not a disk");
  assert_refused (packed_overlay, "is only the changes to another file");
  assert_refused (twice, "what is in it is not a disk");

  g_assert_cmpint (truncate (packed_text, 10), ==, 0);
  assert_refused (packed_text, "is damaged or cut off");
}

static void
patch (const char *path,
       gsize       offset,
       const void *bytes,
       gsize       length)
{
  FILE *file = g_fopen (path, "r+");

  g_assert_nonnull (file);
  g_assert_cmpint (fseek (file, offset, SEEK_SET), ==, 0);
  g_assert_cmpuint (fwrite (bytes, 1, length, file), ==, length);
  g_assert_cmpint (fclose (file), ==, 0);
}

/* Row 12: nothing but itself may be read through a disk. */
static void
test_refuses_vmdk_that_leads_elsewhere (Fixture       *fixture,
                                        gconstpointer  data)
{
  static const struct
  {
    const char *description;
    const char *sentence;
  } cases[] = {
    { "createType=\"monolithicFlat\"\nRW 8 FLAT \"/etc/shadow\" 0\n", "monolithicFlat" },
    { "createType=\"monolithicSparse\"\nRW 8 SPARSE \"a\"\nRW 8 SPARSE \"/etc/shadow\"\n", "“/etc/shadow”" },
    { "createType=\"monolithicSparse\"\nparentCID=12345678\nRW 8 SPARSE \"a\"\n", "a file whose name is not given" },
    { "createType=\"monolithicSparse\"\nx parentFileNameHint=\"/etc/key\"\n", "“/etc/key”" },
  };
  g_autofree char *text = g_build_filename (fixture->folder, "text.vmdk", NULL);
  g_autofree char *path = make_disk (fixture, "a.vmdk", "vmdk", "subformat=monolithicSparse");

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *alone = g_strconcat ("# Disk DescriptorFile\n", cases[i].description, NULL);
      char description[1024] = "";

      g_strlcpy (description, cases[i].description, sizeof description);
      patch (path, 512, description, sizeof description);
      assert_refused (path, cases[i].sentence);
      g_assert_true (g_file_set_contents (text, alone, -1, NULL));
      assert_refused (text, "keeps its contents in another file");
    }

  /* QEMU goes by the description alone where the header says nothing of a size. */
  patch (path, 12, "\0\0\0\0\0\0\0\0", 8);
  assert_refused (path, "is a damaged disk");
}

static void
test_refuses_changes_to_others (Fixture       *fixture,
                                gconstpointer  data)
{
  g_autofree char *vdi = make_disk (fixture, "a.vdi", "vdi", "static=off");
  g_autofree char *vhd = make_disk (fixture, "a.vhd", "vpc", "subformat=dynamic,force_size=on");
  g_autofree char *vhdx = make_disk (fixture, "a.vhdx", "vhdx", "subformat=dynamic");

  patch (vdi, 424, "\1", 1);
  assert_refused (vdi, "is only the changes to another disk");
  patch (vhd, 63, "\4", 1);
  assert_refused (vhd, "is only the changes to another disk");
  patch (vhdx, (3 << 20) + 65536 + 4, "\2", 1); /* where qemu-img puts the first item */
  assert_refused (vhdx, "is only the changes to another disk");
}

static void
test_refuses_damaged (Fixture       *fixture,
                      gconstpointer  data)
{
  g_autofree char *vmdk = make_disk (fixture, "a.vmdk", "vmdk", "subformat=monolithicSparse");
  g_autofree char *stream = make_disk (fixture, "b.vmdk", "vmdk", "subformat=streamOptimized");
  g_autofree char *vdi = make_disk (fixture, "a.vdi", "vdi", "static=off");
  g_autofree char *vhd = make_disk (fixture, "a.vhd", "vpc", "subformat=dynamic,force_size=on");
  g_autofree char *vhdx = make_disk (fixture, "a.vhdx", "vhdx", "subformat=dynamic");

  patch (vmdk, 44, "\0\0\0\0", 4);
  assert_refused (vmdk, "is a damaged disk");
  patch (stream, 56, "\xff\xff\xff\xff\xff\xff\xff\xff", 8); /* it says that there is a footer */
  assert_refused (stream, "ends before its own table of contents");
  patch (vdi, 376, "\0\0\0\0", 4);
  assert_refused (vdi, "is a damaged disk");
  patch (vhd, 20, "x", 1);
  assert_refused (vhd, "is a damaged disk");
  patch (vhdx, 64 * 1024 + 48, "x", 1);
  patch (vhdx, 128 * 1024 + 48, "x", 1);
  assert_refused (vhdx, "was not closed properly");
}

/* Cut anywhere, they are refused or warned of; none is taken for whole. */
static void
test_refuses_truncated (Fixture       *fixture,
                        gconstpointer  data)
{
  for (gsize i = 0; i < G_N_ELEMENTS (formats); i++)
    {
      g_autofree char *path = make_disk (fixture, formats[i].name, formats[i].format, formats[i].options);
      static const gsize lengths[] = { 65536 * 3, 4096, 600, 100, 24 };

      for (gsize j = 0; j < G_N_ELEMENTS (lengths); j++)
        {
          g_autoptr (GError) error = NULL;
          g_autoptr (XenoMedia) media = NULL;

          if (strstr (formats[i].name, "b.vhd") != NULL || (lengths[j] > 4096 && strstr (formats[i].name, ".vmdk") != NULL))
            continue; /* nothing tells a raw disk that was cut; a sparse one holds nothing there */
          g_assert_cmpint (truncate (path, lengths[j]), ==, 0);
          media = open_path (path, &error);
          g_assert_null (media);
          g_assert_error (error, XENO_ERROR, XENO_ERROR_BAD_MEDIA);
        }
    }
}

static const struct
{
  const char *path;
  void      (*test) (Fixture       *fixture,
                     gconstpointer  data);
} tests[] = {
  { "/xeno/disks/recognises-other-formats", test_recognises_formats },
  { "/xeno/disks/looks-into-what-is-packed", test_looks_into_packed },
  { "/xeno/disks/refuses-what-is-packed-and-no-disk", test_refuses_bad_packed },
  { "/xeno/disks/refuses-descriptions-that-lead-elsewhere", test_refuses_vmdk_that_leads_elsewhere },
  { "/xeno/disks/refuses-changes-to-other-disks", test_refuses_changes_to_others },
  { "/xeno/disks/refuses-damaged-disks", test_refuses_damaged },
  { "/xeno/disks/refuses-disks-that-are-cut", test_refuses_truncated },
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
