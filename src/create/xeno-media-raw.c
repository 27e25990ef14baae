/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Disks byte for byte, known by their partition table or boot sector. */
#include "config.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "base/xeno-units.h"
#include "create/xeno-media-facts.h"
#include "create/xeno-media-raw.h"

#define SECTOR_BYTES     512
#define SIGNATURE_OFFSET 510
#define ENTRIES_OFFSET   446
#define N_ENTRIES        4
#define ENTRY_BYTES      16
#define TYPE_PROTECTIVE  0xee

static gboolean
has_boot_signature (const guint8 *sector)
{
  return sector[SIGNATURE_OFFSET] == 0x55 && sector[SIGNATURE_OFFSET + 1] == 0xaa;
}

static gboolean
read_gpt_header (XenoMediaFile *file,
                 guint8        *header)
{
  return xeno_media_file_read (file, SECTOR_BYTES, header, SECTOR_BYTES) == SECTOR_BYTES
         && memcmp (header, "EFI PART", 8) == 0;
}

static guint64
get_gpt_end (const guint8 *header)
{
  guint64 last_sector;

  /* The second copy of the table is the disk's last sector. */
  memcpy (&last_sector, header + 32, sizeof last_sector);
  last_sector = GUINT64_FROM_LE (last_sector);
  return last_sector < G_MAXUINT64 / SECTOR_BYTES ? (last_sector + 1) * SECTOR_BYTES : G_MAXUINT64;
}

static guint64
get_partitions_end (const guint8 *sector)
{
  guint64 end = 0;

  for (guint i = 0; i < N_ENTRIES; i++)
    {
      const guint8 *entry = sector + ENTRIES_OFFSET + i * ENTRY_BYTES;
      guint32 first, count;

      /* A boot sector without a table has code here; only sane entries count. */
      if (entry[4] == 0 || entry[4] == TYPE_PROTECTIVE || (entry[0] & 0x7f) != 0)
        continue;

      memcpy (&first, entry + 8, sizeof first);
      memcpy (&count, entry + 12, sizeof count);
      end = MAX (end, ((guint64) GUINT32_FROM_LE (first) + GUINT32_FROM_LE (count)) * SECTOR_BYTES);
    }
  return end;
}

/**
 * xeno_media_raw_recognise:
 * @file: a file
 *
 * Tells whether it begins with a boot sector or a partition table.
 *
 * Returns: %TRUE if so
 */
gboolean
xeno_media_raw_recognise (XenoMediaFile *file)
{
  guint8 sector[SECTOR_BYTES];

  g_return_val_if_fail (file != NULL, FALSE);

  if (xeno_media_file_read (file, 0, sector, sizeof sector) < sizeof sector)
    return FALSE;

  return has_boot_signature (sector) || read_gpt_header (file, sector);
}

/**
 * xeno_media_raw_inspect:
 * @file: a raw disk
 * @facts: where to put what its partition table says
 * @error: not used, every such disk can be tried
 *
 * Reads the partition table of a disk.
 *
 * Returns: %TRUE
 */
gboolean
xeno_media_raw_inspect (XenoMediaFile   *file,
                        XenoMediaFacts  *facts,
                        GError         **error)
{
  guint8 sector[SECTOR_BYTES];
  guint64 end;

  g_return_val_if_fail (file != NULL, FALSE);
  g_return_val_if_fail (facts != NULL, FALSE);

  facts->capacity_bytes = facts->size_bytes;
  facts->boots_bios = TRUE; /* an attempt costs nothing, and no table tells for sure */
  facts->boots_uefi = read_gpt_header (file, sector);
  if (facts->boots_uefi)
    end = get_gpt_end (sector);
  else if (xeno_media_file_read (file, 0, sector, sizeof sector) == sizeof sector)
    end = get_partitions_end (sector);
  else
    end = 0;

  if (end > facts->size_bytes)
    {
      g_autofree char *has = xeno_units_format_size (facts->size_bytes);
      g_autofree char *says = xeno_units_format_size (end);

      /* Translators: two sizes, "12.0 MiB" of "650.0 MiB". */
      facts->warning = g_strdup_printf (_("The file ends after %s of %s, so a part of the disk is "
                                          "missing. Download it again."), has, says);
    }
  return TRUE;
}
