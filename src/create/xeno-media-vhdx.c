/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Disks of Hyper-V, used only when they were closed properly and stand on nothing but themselves. */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "base/xeno-error.h"
#include "create/xeno-media-bytes.h"
#include "create/xeno-media-facts.h"
#include "create/xeno-media-vhdx.h"

/* [MS-VHDX]; all numbers are little-endian. */
#define KIB              1024
#define HEADER_1         (64 * KIB)
#define HEADER_2         (128 * KIB)
#define REGIONS_1        (192 * KIB)
#define REGIONS_2        (256 * KIB)
#define TABLE_BYTES      (64 * KIB)
#define ENTRY_BYTES      32
#define MAX_ENTRIES      2047
#define LOG_GUID         48
#define HAS_PARENT       2U
#define MAX_CAPACITY     (G_GUINT64_CONSTANT (64) << 40)

static const guint8 metadata_region[16] =
  { 0x06, 0xa2, 0x7c, 0x8b, 0x90, 0x47, 0x9a, 0x4b, 0xb8, 0xfe, 0x57, 0x5f, 0x05, 0x0f, 0x88, 0x6e };
static const guint8 parameters_item[16] =
  { 0x37, 0x67, 0xa1, 0xca, 0x36, 0xfa, 0x43, 0x4d, 0xb3, 0xb6, 0x33, 0xf0, 0xaa, 0x44, 0xe7, 0x6b };
static const guint8 size_item[16] =
  { 0x24, 0x42, 0xa5, 0x2f, 0x1b, 0xcd, 0x76, 0x48, 0xb2, 0x11, 0x5d, 0xbe, 0xd8, 0x3b, 0xf4, 0xb8 };

/* Whether something was left in the log by who wrote the newer of the two headers. */
static gboolean
is_log_clean (XenoMediaFile *file)
{
  static const guint64 offsets[] = { HEADER_1, HEADER_2 };
  static const guint8 none[16] = { 0 };
  gboolean is_clean = FALSE;
  guint64 newest = 0;

  for (gsize i = 0; i < G_N_ELEMENTS (offsets); i++)
    {
      guint8 header[LOG_GUID + 16];

      if (xeno_media_file_read (file, offsets[i], header, sizeof header) < sizeof header
          || memcmp (header, "head", 4) != 0 || xeno_bytes_le64 (header + 8) < newest)
        continue;
      newest = xeno_bytes_le64 (header + 8);
      is_clean = memcmp (header + LOG_GUID, none, sizeof none) == 0;
    }
  return is_clean;
}

/* Finds an entry of the table of regions, or of the metadata's. */
static gboolean
find_entry (const guint8 *entries,
            guint         n_entries,
            const guint8 *id,
            guint8        entry[ENTRY_BYTES])
{
  for (guint i = 0; i < n_entries; i++)
    if (memcmp (entries + i * ENTRY_BYTES, id, 16) == 0)
      {
        memcpy (entry, entries + i * ENTRY_BYTES, ENTRY_BYTES);
        return TRUE;
      }
  return FALSE;
}

static gboolean
find_metadata (XenoMediaFile *file,
               guint64       *offset)
{
  static const guint64 tables[] = { REGIONS_1, REGIONS_2 };
  g_autofree guint8 *table = g_malloc (TABLE_BYTES);
  guint8 entry[ENTRY_BYTES];

  for (gsize i = 0; i < G_N_ELEMENTS (tables); i++)
    if (xeno_media_file_read (file, tables[i], table, TABLE_BYTES) == TABLE_BYTES && memcmp (table, "regi", 4) == 0
        && xeno_bytes_le32 (table + 8) <= MAX_ENTRIES
        && find_entry (table + 16, xeno_bytes_le32 (table + 8), metadata_region, entry))
      {
        *offset = xeno_bytes_le64 (entry + 16);
        return TRUE;
      }
  return FALSE;
}

static gboolean
read_item (XenoMediaFile *file,
           const guint8  *table,
           guint64        base,
           const guint8  *id,
           guint8        *value)
{
  guint n_entries = table[10] | table[11] << 8;
  guint8 entry[ENTRY_BYTES];

  return n_entries < MAX_ENTRIES && find_entry (table + ENTRY_BYTES, n_entries, id, entry)
         && base < file->size_bytes
         && xeno_media_file_read (file, base + xeno_bytes_le32 (entry + 16), value, 8) == 8;
}

static gboolean
read_metadata (XenoMediaFile *file,
               guint32       *flags,
               guint64       *capacity)
{
  g_autofree guint8 *table = g_malloc (TABLE_BYTES);
  guint8 parameters[8], size[8];
  guint64 base;

  if (!find_metadata (file, &base) || xeno_media_file_read (file, base, table, TABLE_BYTES) < TABLE_BYTES
      || memcmp (table, "metadata", 8) != 0 || !read_item (file, table, base, parameters_item, parameters)
      || !read_item (file, table, base, size_item, size))
    return FALSE;

  *flags = xeno_bytes_le32 (parameters + 4);
  *capacity = xeno_bytes_le64 (size);
  return TRUE;
}

/**
 * xeno_media_vhdx_recognise:
 * @file: a file
 *
 * Tells whether it begins as one of Hyper-V's disks does.
 *
 * Returns: %TRUE if so
 */
gboolean
xeno_media_vhdx_recognise (XenoMediaFile *file)
{
  char signature[8];

  g_return_val_if_fail (file != NULL, FALSE);

  return xeno_media_file_read (file, 0, signature, sizeof signature) == sizeof signature
         && memcmp (signature, "vhdxfile", sizeof signature) == 0;
}

/**
 * xeno_media_vhdx_inspect:
 * @file: one of Hyper-V's disks
 * @facts: where to put what its metadata says
 * @error: %XENO_ERROR_BAD_MEDIA when it is damaged or needs another disk
 *
 * Reads the headers and the metadata of a disk.
 *
 * Returns: %TRUE if it can be used
 */
gboolean
xeno_media_vhdx_inspect (XenoMediaFile   *file,
                         XenoMediaFacts  *facts,
                         GError         **error)
{
  guint64 capacity = 0;
  guint32 flags = 0;

  g_return_val_if_fail (file != NULL, FALSE);
  g_return_val_if_fail (facts != NULL, FALSE);

  if (!read_metadata (file, &flags, &capacity))
    xeno_set_error (error, XENO_ERROR_BAD_MEDIA, NULL,
                    _("“%s” ends before its own table of contents, so most of the disk is missing. "
                      "Get it again from where it came from."), file->name);
  else if (flags & HAS_PARENT)
    xeno_set_error (error, XENO_ERROR_BAD_MEDIA, NULL,
                    _("“%s” is only the changes to another disk, so it cannot be used alone. Merge it with "
                      "its parent in Hyper-V, then open the result."), file->name);
  else if (capacity == 0 || capacity > MAX_CAPACITY)
    xeno_set_error (error, XENO_ERROR_BAD_MEDIA, NULL,
                    _("“%s” is a damaged disk. Get it again from where it came from."), file->name);
  else if (!is_log_clean (file))
    xeno_set_error (error, XENO_ERROR_BAD_MEDIA, NULL,
                    _("“%s” was not closed properly when it was last used. Start and shut down its machine in "
                      "Hyper-V once, then open it again."), file->name);
  else
    {
      facts->capacity_bytes = capacity;
      facts->boots_bios = TRUE; /* what is on it shows when it runs */
      facts->boots_uefi = TRUE;
      return TRUE;
    }

  return FALSE;
}
