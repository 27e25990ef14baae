/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Small files that look like media, made by hand. */
#include "config.h"

#include <string.h>

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
