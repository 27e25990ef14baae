/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Small files that look like media, made by hand. */
#include "config.h"

#include <string.h>

#include <gio/gio.h>

#include "media-files.h"

#define CATALOGUE_SECTOR 20

static GByteArray *
make_zeros (gsize length)
{
  GByteArray *bytes = g_byte_array_sized_new (length);

  g_byte_array_set_size (bytes, length);
  memset (bytes->data, 0, length);
  return bytes;
}

static void
put_text (GByteArray *bytes,
          gsize       offset,
          gsize       length,
          const char *text)
{
  memset (bytes->data + offset, ' ', length);
  memcpy (bytes->data + offset, text, MIN (strlen (text), length));
}

static void
put_be32 (GByteArray *bytes,
          gsize       offset,
          guint32     value)
{
  value = GUINT32_TO_BE (value);
  media_put (bytes, offset, &value, sizeof value);
}

static void
put_le32 (GByteArray *bytes,
          gsize       offset,
          guint32     value)
{
  value = GUINT32_TO_LE (value);
  media_put (bytes, offset, &value, sizeof value);
}

static void
put_descriptor (GByteArray *bytes,
                gsize       sector,
                guint8      type)
{
  media_put (bytes, sector * MEDIA_SECTOR, &type, 1);
  media_put (bytes, sector * MEDIA_SECTOR + 1, "CD001\1", 6);
}

static void
put_catalogue (GByteArray *bytes,
               gboolean    bios,
               gboolean    uefi)
{
  const gsize start = CATALOGUE_SECTOR * MEDIA_SECTOR;
  const guint8 efi_section[] = { 0x91, 0xef, 1, 0 };

  media_put (bytes, start, "\1", 1);
  media_put (bytes, start + 30, "\x55\xaa", 2);
  if (bios)
    media_put (bytes, start + 32, "\x88", 1);
  if (uefi)
    {
      media_put (bytes, start + 64, efi_section, sizeof efi_section);
      media_put (bytes, start + 96, "\x88", 1);
    }
}

void
media_put (GByteArray *bytes,
           gsize       offset,
           const void *data,
           gsize       length)
{
  g_assert_cmpuint (offset + length, <=, bytes->len);
  memcpy (bytes->data + offset, data, length);
}

/* A disc of @n_blocks sectors, by its own word; the file has 21. */
GByteArray *
media_make_iso (const char *label,
                gboolean    bios,
                gboolean    uefi,
                guint32     n_blocks)
{
  const gsize primary = 16 * MEDIA_SECTOR;
  const gsize boot = 17 * MEDIA_SECTOR;
  GByteArray *bytes = make_zeros (21 * MEDIA_SECTOR);

  put_descriptor (bytes, 16, 1);
  put_text (bytes, primary + 8, 32, "");
  put_text (bytes, primary + 40, 32, label);
  put_le32 (bytes, primary + 80, n_blocks);
  media_put (bytes, primary + 128, "\0\x08", 2);
  put_text (bytes, primary + 318, 128, "");
  put_text (bytes, primary + 574, 128, "");
  if (bios || uefi)
    {
      put_descriptor (bytes, 17, 0);
      media_put (bytes, boot + 7, "EL TORITO SPECIFICATION", 23);
      put_le32 (bytes, boot + 71, CATALOGUE_SECTOR);
      put_catalogue (bytes, bios, uefi);
      put_descriptor (bytes, 18, 255);
    }
  else
    put_descriptor (bytes, 17, 255);
  return bytes;
}

static void
put_record (GByteArray *bytes,
            gsize       offset,
            guint32     sector,
            const char *name)
{
  const guint8 name_bytes = strlen (name);
  const guint8 length = (33 + name_bytes + 1) & ~1;

  media_put (bytes, offset, &length, 1);
  put_le32 (bytes, offset + 2, sector);
  put_le32 (bytes, offset + 10, MEDIA_SECTOR);
  media_put (bytes, offset + 32, &name_bytes, 1);
  media_put (bytes, offset + 33, name, name_bytes);
}

/* Gives a disc /EFI/BOOT/@program, behind all it has; another one goes beside it. */
void
media_put_efi (GByteArray *iso,
               const char *program)
{
  const gsize first = 21 * MEDIA_SECTOR;
  gsize end = first + 2 * MEDIA_SECTOR;

  if (iso->len == first)
    {
      g_byte_array_set_size (iso, first + 3 * MEDIA_SECTOR);
      memset (iso->data + first, 0, 3 * MEDIA_SECTOR);
      put_record (iso, 16 * MEDIA_SECTOR + 156, 21, "");
      put_record (iso, first, 22, "EFI");
      put_record (iso, first + MEDIA_SECTOR, 23, "BOOT");
    }
  while (iso->data[end] != 0)
    end += iso->data[end];
  put_record (iso, end, 0, program);
}

/* A disk of version 3 with an empty table of contents in its second cluster. */
GByteArray *
media_make_qcow2 (guint64 capacity_bytes)
{
  GByteArray *bytes = make_zeros (2 * 65536);

  media_put (bytes, 0, "QFI\xfb", 4);
  put_be32 (bytes, 4, 3);
  put_be32 (bytes, 20, 16);
  put_be32 (bytes, 24, capacity_bytes >> 32);
  put_be32 (bytes, 28, capacity_bytes & G_MAXUINT32);
  put_be32 (bytes, 36, 1);
  put_be32 (bytes, 44, 65536);
  put_be32 (bytes, 96, 4);
  put_be32 (bytes, 100, 104);
  return bytes;
}

/* A disk of 64 sectors with one partition, or none where @count is 0. */
GByteArray *
media_make_mbr (guint32 first,
                guint32 count)
{
  GByteArray *bytes = make_zeros (64 * 512);

  if (count > 0)
    {
      media_put (bytes, 446, "\x80", 1);
      media_put (bytes, 450, "\x83", 1);
      put_le32 (bytes, 454, first);
      put_le32 (bytes, 458, count);
    }
  media_put (bytes, 510, "\x55\xaa", 2);
  return bytes;
}

/* A disk of 64 sectors that says where its last one is. */
GByteArray *
media_make_gpt (guint64 last_sector)
{
  GByteArray *bytes = make_zeros (64 * 512);

  media_put (bytes, 512, "EFI PART", 8);
  put_le32 (bytes, 512 + 32, last_sector & G_MAXUINT32);
  put_le32 (bytes, 512 + 36, last_sector >> 32);
  return bytes;
}

/* Takes @bytes. */
char *
media_write (const char *folder,
             const char *name,
             GByteArray *bytes)
{
  char *path = g_build_filename (folder, name, NULL);
  g_autoptr (GError) error = NULL;

  g_file_set_contents (path, (const char *) bytes->data, bytes->len, &error);
  g_assert_no_error (error);
  g_byte_array_unref (bytes);
  return path;
}

/* A kernel of x86: its setup sectors, and @n_bytes that follow them, of which at most 4096 are there. */
GByteArray *
media_make_kernel (const char *version,
                   guint32     n_bytes)
{
  GByteArray *bytes = make_zeros (1024 + MIN (n_bytes, 4096));

  media_put (bytes, 0x1f1, "\1", 1);
  put_le32 (bytes, 0x1f4, n_bytes / 16);
  media_put (bytes, 0x1fe, "\x55\xaa", 2);
  media_put (bytes, 0x202, "HdrS\x0f\x02", 6);
  if (*version != '\0')
    {
      media_put (bytes, 0x20e, "\x80\x00", 2);
      media_put (bytes, 0x280, version, strlen (version));
    }
  return bytes;
}

/* A kernel of another architecture, as its build leaves it, or packed by gzip. */
GByteArray *
media_make_image (const char *magic,
                  gboolean    packed)
{
  GByteArray *bytes = make_zeros (8192);
  g_autoptr (GConverter) packer = NULL;
  guint8 small[8192];
  gsize n_read, n_written;

  media_put (bytes, 56, magic, 4);
  if (!packed)
    return bytes;

  packer = G_CONVERTER (g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP, 6));
  g_assert_cmpint (g_converter_convert (packer, bytes->data, bytes->len, small, sizeof small,
                                        G_CONVERTER_INPUT_AT_END, &n_read, &n_written, NULL), ==, G_CONVERTER_FINISHED);
  g_byte_array_set_size (bytes, 0);
  return g_byte_array_append (bytes, small, n_written);
}

/* An EFI program that unpacks a kernel. */
GByteArray *
media_make_zboot (guint16 machine)
{
  GByteArray *bytes = make_zeros (2048);
  guint8 little[] = { machine & 0xff, machine >> 8 };

  media_put (bytes, 0, "MZ\0\0zimg", 8);
  put_le32 (bytes, 0x3c, 0x80);
  media_put (bytes, 0x80, "PE\0\0", 4);
  media_put (bytes, 0x84, little, 2);
  return bytes;
}

/* An EFI program with a kernel, and what it says of itself. */
GByteArray *
media_make_uki (const char *release,
                const char *version,
                const char *cmdline)
{
  const struct
  {
    const char *name;
    const char *text;
  } sections[] = {
    { ".osrel", release }, { ".uname", version }, { ".cmdline", cmdline }, { ".linux", "a kernel, so to speak" },
  };
  GByteArray *bytes = make_zeros (0x200 + G_N_ELEMENTS (sections) * 0x200);
  guint n_sections = 0;

  media_put (bytes, 0, "MZ", 2);
  put_le32 (bytes, 0x3c, 0x80);
  media_put (bytes, 0x80, "PE\0\0\x64\x86", 6);
  for (gsize i = 0; i < G_N_ELEMENTS (sections); i++)
    {
      gsize header = 0x98 + n_sections * 40;
      gsize place = 0x200 + i * 0x200;

      if (sections[i].text == NULL)
        continue;
      media_put (bytes, header, sections[i].name, strlen (sections[i].name));
      put_le32 (bytes, header + 8, i == 3 ? 0x200 : strlen (sections[i].text));
      put_le32 (bytes, header + 16, 0x200);
      put_le32 (bytes, header + 20, place);
      media_put (bytes, place, sections[i].text, strlen (sections[i].text));
      n_sections++;
    }
  media_put (bytes, 0x86, (guint8[]) { n_sections, 0 }, 2);
  return bytes;
}
