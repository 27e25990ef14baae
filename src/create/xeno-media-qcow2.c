/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Disks in QEMU's qcow2 format, used only when they stand on nothing but themselves. */
#include "config.h"

#include <string.h>
#include <sys/statvfs.h>

#include <glib/gi18n-lib.h>

#include "base/xeno-error.h"
#include "base/xeno-text.h"
#include "base/xeno-units.h"
#include "create/xeno-media-facts.h"
#include "create/xeno-media-qcow2.h"

/* docs/interop/qcow2.txt of QEMU; all numbers are big-endian. */
#define MAGIC                  0x514649fbU
#define VERSION_2_BYTES        72
#define VERSION_3_BYTES        104
#define MAX_HEADER_BYTES       4096
#define MAX_PATH_BYTES         1023
#define MAX_L1_BYTES           (32 * 1024 * 1024)
#define INCOMPATIBLE_CORRUPT   (G_GUINT64_CONSTANT (1) << 1)
#define INCOMPATIBLE_DATA_FILE (G_GUINT64_CONSTANT (1) << 2)
#define EXTENSION_END          0
#define EXTENSION_DATA_FILE    0x44415441U

typedef struct
{
  guint8 bytes[MAX_HEADER_BYTES];
  gsize  length;
} Header;

static guint32
get32 (const Header *header,
       gsize         offset)
{
  guint32 value;

  g_assert (offset + sizeof value <= sizeof header->bytes);

  memcpy (&value, header->bytes + offset, sizeof value);
  return GUINT32_FROM_BE (value);
}

static guint64
get64 (const Header *header,
       gsize         offset)
{
  return (guint64) get32 (header, offset) << 32 | get32 (header, offset + 4);
}

static guint64
get_incompatible (const Header *header)
{
  return get32 (header, 4) >= 3 ? get64 (header, 72) : 0;
}

static char *
read_path (XenoMediaFile *file,
           guint64        offset,
           gsize          length)
{
  char path[MAX_PATH_BYTES];

  length = xeno_media_file_read (file, offset, path, MIN (length, sizeof path));
  return xeno_text_clean (path, length, MAX_PATH_BYTES);
}

static char *
read_data_file_path (XenoMediaFile *file,
                     const Header  *header)
{
  gsize offset = get32 (header, 100);

  while (offset + 8 <= header->length && get32 (header, offset) != EXTENSION_END)
    {
      guint32 length = get32 (header, offset + 4);

      if (get32 (header, offset) == EXTENSION_DATA_FILE)
        return read_path (file, offset + 8, length);
      if (length > MAX_HEADER_BYTES)
        break;
      offset += 8 + ((length + 7) & ~7U);
    }
  return g_strdup (_("a file whose name is not given"));
}

static gboolean
check_is_whole (XenoMediaFile  *file,
                const Header   *header,
                GError        **error)
{
  guint32 version = get32 (header, 4);
  gsize needed = version == 2 ? VERSION_2_BYTES : VERSION_3_BYTES;
  guint64 l1_bytes = (guint64) get32 (header, 36) * 8;
  guint32 cluster_bits = get32 (header, 20);

  if (header->length >= 8 && version != 2 && version != 3)
    xeno_set_error (error, XENO_ERROR_BAD_MEDIA, NULL,
                    _("“%s” is a qcow2 disk of version %u, which QEMU does not use today. "
                      "Convert it with “qemu-img convert -O qcow2” first."), file->name, version);
  else if (header->length < needed || get64 (header, 40) > file->size_bytes
           || l1_bytes > file->size_bytes - get64 (header, 40))
    xeno_set_error (error, XENO_ERROR_BAD_MEDIA, NULL,
                    _("“%s” ends before its own table of contents, so most of the disk is missing. "
                      "Get it again from where it came from."), file->name);
  else if (cluster_bits < 9 || cluster_bits > 21 || l1_bytes > MAX_L1_BYTES
           || get_incompatible (header) & INCOMPATIBLE_CORRUPT)
    xeno_set_error (error, XENO_ERROR_BAD_MEDIA, NULL,
                    _("“%s” is a damaged disk. Try to repair it with “qemu-img check -r all”."),
                    file->name);
  else
    return TRUE;

  return FALSE;
}

static gboolean
check_stands_alone (XenoMediaFile  *file,
                    const Header   *header,
                    GError        **error)
{
  g_autofree char *path = NULL;

  if (get64 (header, 8) != 0)
    {
      path = read_path (file, get64 (header, 8), get32 (header, 16));
      xeno_set_error (error, XENO_ERROR_BAD_MEDIA, NULL,
                      _("“%s” is only the changes to another file, “%s”, which a machine would then read. "
                        "Merge them with “qemu-img convert -O qcow2” if you trust both."),
                      file->name, path);
    }
  else if (get_incompatible (header) & INCOMPATIBLE_DATA_FILE)
    {
      path = read_data_file_path (file, header);
      xeno_set_error (error, XENO_ERROR_BAD_MEDIA, NULL,
                      _("“%s” keeps its contents in another file, “%s”, which a machine would then read. "
                        "Merge them with “qemu-img convert -O qcow2” if you trust both."),
                      file->name, path);
    }
  else if (get32 (header, 32) != 0)
    xeno_set_error (error, XENO_ERROR_BAD_MEDIA, NULL,
                    _("“%s” is an encrypted disk, which Xenolith cannot open. "
                      "Decrypt it with “qemu-img convert” first."), file->name);
  else
    return TRUE;

  return FALSE;
}

static void
warn_if_huge (XenoMediaFile  *file,
              XenoMediaFacts *facts)
{
  struct statvfs place;
  g_autofree char *sees = NULL;
  g_autofree char *has = NULL;

  if (fstatvfs (file->fd, &place) < 0 || place.f_blocks == 0
      || facts->capacity_bytes / place.f_frsize < place.f_blocks)
    return;

  sees = xeno_units_format_size (facts->capacity_bytes);
  has = xeno_units_format_size ((guint64) place.f_blocks * place.f_frsize);
  /* Translators: two sizes, "1.0 PiB" and "50.0 GiB". */
  facts->warning = g_strdup_printf (_("The guest would see a disk of %s, but the drive the file is on has "
                                      "only %s. The machine will stop when that is full."), sees, has);
}

/**
 * xeno_media_qcow2_recognise:
 * @file: a file
 *
 * Tells whether it begins as a qcow2 disk does.
 *
 * Returns: %TRUE if so
 */
gboolean
xeno_media_qcow2_recognise (XenoMediaFile *file)
{
  guint32 magic;

  g_return_val_if_fail (file != NULL, FALSE);

  return xeno_media_file_read (file, 0, &magic, sizeof magic) == sizeof magic
         && GUINT32_FROM_BE (magic) == MAGIC;
}

/**
 * xeno_media_qcow2_inspect:
 * @file: a qcow2 disk
 * @facts: where to put what its header says
 * @error: %XENO_ERROR_BAD_MEDIA when it is damaged or leads to other files
 *
 * Reads the header of a disk, and refuses one that QEMU would follow to another file.
 *
 * Returns: %TRUE if it can be used
 */
gboolean
xeno_media_qcow2_inspect (XenoMediaFile   *file,
                          XenoMediaFacts  *facts,
                          GError         **error)
{
  Header header = { 0 };

  g_return_val_if_fail (file != NULL, FALSE);
  g_return_val_if_fail (facts != NULL, FALSE);

  header.length = xeno_media_file_read (file, 0, header.bytes, sizeof header.bytes);
  if (!check_is_whole (file, &header, error) || !check_stands_alone (file, &header, error))
    return FALSE;

  facts->capacity_bytes = get64 (&header, 24);
  facts->boots_bios = TRUE; /* what is on it shows when it runs */
  facts->boots_uefi = TRUE;
  warn_if_huge (file, facts);
  return TRUE;
}
