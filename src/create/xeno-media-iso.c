/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Disc images: ISO 9660, and whether El Torito finds something to boot on them. */
#include "config.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "base/xeno-error.h"
#include "base/xeno-units.h"
#include "create/xeno-media-facts.h"
#include "create/xeno-media-iso.h"

/* ECMA-119: descriptors of one sector each, from the sixteenth on. */
#define SECTOR_BYTES      2048
#define FIRST_DESCRIPTOR  16
#define MAX_DESCRIPTORS   32
#define TYPE_BOOT         0
#define TYPE_PRIMARY      1
#define TYPE_TERMINATOR   255

/* El Torito: a catalogue of entries of 32 bytes. */
#define ENTRY_BYTES       32
#define HEADER_VALIDATION 0x01
#define HEADER_SECTION    0x90
#define HEADER_LAST       0x91
#define ENTRY_BOOTABLE    0x88
#define PLATFORM_X86      0x00
#define PLATFORM_EFI      0xef

/* ECMA-119: a record of a folder, of which the first is the root's, in the primary descriptor. */
#define ROOT_RECORD       156
#define RECORD_EXTENT     2
#define RECORD_LENGTH     10
#define RECORD_NAME_BYTES 32
#define RECORD_NAME       33
#define MAX_FOLDER_SECTORS 32

/* UEFI 2.10, 3.5.1.1: what firmware starts from a removable medium, by the processor it is for. */
static const struct
{
  const char *name;
  const char *arch;
} programs[] = {
  { "BOOTX64.EFI", "x86_64" },
  { "BOOTIA32.EFI", NULL },
  { "BOOTAA64.EFI", "aarch64" },
  { "BOOTARM.EFI", "armv7l" },
  { "BOOTRISCV64.EFI", "riscv64" },
  { "BOOTLOONGARCH64.EFI", "loongarch64" },
};

typedef struct
{
  guint32 sector;
  guint32 n_bytes;
} Extent;

static guint32
read_le32 (const guint8 *bytes)
{
  return bytes[0] | bytes[1] << 8 | bytes[2] << 16 | (guint32) bytes[3] << 24;
}

static gboolean
read_descriptor (XenoMediaFile *file,
                 guint          index,
                 guint8        *sector)
{
  return xeno_media_file_read (file, (FIRST_DESCRIPTOR + index) * SECTOR_BYTES, sector, SECTOR_BYTES) == SECTOR_BYTES
         && memcmp (sector + 1, "CD001", 5) == 0;
}

static char *
dup_field (const guint8 *sector,
           gsize         offset,
           gsize         length)
{
  const char *field = (const char *) sector + offset;
  g_autofree char *text = g_utf8_make_valid (field, strnlen (field, length));

  g_strchomp (text);
  return *text != '\0' ? g_steal_pointer (&text) : NULL;
}

static void
take_primary (XenoMediaFacts *facts,
              const guint8   *sector,
              Extent         *root)
{
  guint block_bytes = sector[128] | sector[129] << 8;

  if (block_bytes == 0)
    block_bytes = SECTOR_BYTES;

  *root = (Extent) { read_le32 (sector + ROOT_RECORD + RECORD_EXTENT),
                     read_le32 (sector + ROOT_RECORD + RECORD_LENGTH) };
  facts->capacity_bytes = (guint64) read_le32 (sector + 80) * block_bytes;
  facts->system_id = dup_field (sector, 8, 32);
  facts->volume_id = dup_field (sector, 40, 32);
  facts->publisher_id = dup_field (sector, 318, 128);
  facts->application_id = dup_field (sector, 574, 128);
}

static void
take_entry (XenoMediaFacts *facts,
            guint8          platform)
{
  if (platform == PLATFORM_X86)
    facts->boots_bios = TRUE;
  else if (platform == PLATFORM_EFI)
    facts->boots_uefi = TRUE;
}

static void
take_boot_catalogue (XenoMediaFile  *file,
                     XenoMediaFacts *facts,
                     guint32         sector)
{
  guint8 catalogue[SECTOR_BYTES];
  gsize length = xeno_media_file_read (file, (guint64) sector * SECTOR_BYTES, catalogue, sizeof catalogue);
  guint8 platform;

  if (length < 2 * ENTRY_BYTES || catalogue[0] != HEADER_VALIDATION || catalogue[30] != 0x55 || catalogue[31] != 0xaa)
    return;

  platform = catalogue[1];
  for (gsize i = ENTRY_BYTES; i + ENTRY_BYTES <= length; i += ENTRY_BYTES)
    {
      const guint8 *entry = catalogue + i;

      if (entry[0] == HEADER_SECTION || entry[0] == HEADER_LAST)
        platform = entry[1];
      else if (entry[0] == ENTRY_BOOTABLE)
        take_entry (facts, platform);
    }
}

/* Names have a version behind them: "BOOTX64.EFI;1". */
static gboolean
has_name (const guint8 *record,
          const char   *name)
{
  gsize length = strlen (name);

  return record[RECORD_NAME_BYTES] >= length
         && g_ascii_strncasecmp ((const char *) record + RECORD_NAME, name, length) == 0
         && (record[RECORD_NAME_BYTES] == length || record[RECORD_NAME + length] == ';');
}

static gboolean
find_in_sector (const guint8 *sector,
                const char   *name,
                Extent       *found)
{
  for (gsize i = 0; i + RECORD_NAME < SECTOR_BYTES && sector[i] > RECORD_NAME; i += sector[i])
    {
      const guint8 *record = sector + i;

      if (i + record[0] > SECTOR_BYTES || RECORD_NAME + record[RECORD_NAME_BYTES] > record[0])
        return FALSE;
      if (!has_name (record, name))
        continue;
      *found = (Extent) { read_le32 (record + RECORD_EXTENT), read_le32 (record + RECORD_LENGTH) };
      return TRUE;
    }
  return FALSE;
}

static gboolean
find_in_folder (XenoMediaFile *file,
                Extent         folder,
                const char    *name,
                Extent        *found)
{
  guint n_sectors = MIN (folder.n_bytes / SECTOR_BYTES, MAX_FOLDER_SECTORS);
  guint8 sector[SECTOR_BYTES];

  for (guint i = 0; i < n_sectors; i++)
    {
      guint64 offset = ((guint64) folder.sector + i) * SECTOR_BYTES;

      if (xeno_media_file_read (file, offset, sector, sizeof sector) != sizeof sector)
        return FALSE;
      if (find_in_sector (sector, name, found))
        return TRUE;
    }
  return FALSE;
}

/* The one kind of processor that the disc has a program for, where there is one. */
static const char *
find_arch (XenoMediaFile *file,
           Extent         root)
{
  Extent folder;
  Extent program;
  const char *arch = NULL;
  guint n_found = 0;

  if (!find_in_folder (file, root, "EFI", &folder) || !find_in_folder (file, folder, "BOOT", &folder))
    return NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (programs); i++)
    if (find_in_folder (file, folder, programs[i].name, &program) && programs[i].arch != NULL)
      {
        arch = programs[i].arch;
        n_found++;
      }
  return n_found == 1 ? arch : NULL;
}

static void
warn (XenoMediaFacts *facts)
{
  if (facts->capacity_bytes > facts->size_bytes)
    {
      g_autofree char *has = xeno_units_format_size (facts->size_bytes);
      g_autofree char *says = xeno_units_format_size (facts->capacity_bytes);

      /* Translators: two sizes, "12.0 MiB" of "650.0 MiB". */
      facts->warning = g_strdup_printf (_("The file ends after %s of %s, so a part of the disc is "
                                          "missing. Download it again."), has, says);
    }
  else if (!facts->boots_bios && !facts->boots_uefi)
    facts->warning = g_strdup (_("Nothing on this disc can be started, so a new machine will find "
                                 "nothing to boot."));
}

/**
 * xeno_media_iso_recognise:
 * @file: a file
 *
 * Tells whether it begins as a disc image does.
 *
 * Returns: %TRUE if so
 */
gboolean
xeno_media_iso_recognise (XenoMediaFile *file)
{
  guint8 sector[SECTOR_BYTES];

  g_return_val_if_fail (file != NULL, FALSE);

  return read_descriptor (file, 0, sector);
}

/**
 * xeno_media_iso_inspect:
 * @file: a disc image
 * @facts: where to put what it says of itself
 * @error: %XENO_ERROR_BAD_MEDIA when it says nothing
 *
 * Reads the descriptors of a disc image, its boot catalogue, and for which processors it has programs to
 * start.
 *
 * Returns: %TRUE if it can be used
 */
gboolean
xeno_media_iso_inspect (XenoMediaFile   *file,
                        XenoMediaFacts  *facts,
                        GError         **error)
{
  guint8 sector[SECTOR_BYTES];
  gboolean has_primary = FALSE;
  Extent root = { 0, 0 };

  g_return_val_if_fail (file != NULL, FALSE);
  g_return_val_if_fail (facts != NULL, FALSE);

  for (guint i = 0; i < MAX_DESCRIPTORS && read_descriptor (file, i, sector); i++)
    {
      if (sector[0] == TYPE_TERMINATOR)
        break;
      if (sector[0] == TYPE_PRIMARY && !has_primary)
        {
          take_primary (facts, sector, &root);
          has_primary = TRUE;
        }
      else if (sector[0] == TYPE_BOOT && memcmp (sector + 7, "EL TORITO SPECIFICATION", 23) == 0)
        take_boot_catalogue (file, facts, read_le32 (sector + 71));
    }

  if (!has_primary)
    {
      xeno_set_error (error, XENO_ERROR_BAD_MEDIA, NULL,
                      _("“%s” begins like a disc image, but its description is missing. "
                        "Download it again."), file->name);
      return FALSE;
    }

  facts->arch = find_arch (file, root);
  warn (facts);
  return TRUE;
}
