/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Disks of Virtual PC and early Hyper-V, used only when they stand on nothing but themselves. */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "base/xeno-error.h"
#include "create/xeno-media-bytes.h"
#include "create/xeno-media-facts.h"
#include "create/xeno-media-vhd.h"

/* Microsoft's "Virtual Hard Disk Image Format Specification" 1.0; all numbers are big-endian. */
#define FOOTER_BYTES   512
#define HEADER_BYTES   1024
#define CHECKSUM       64
#define TYPE_FIXED     2
#define TYPE_DYNAMIC   3
#define TYPE_CHANGES   4
#define MAX_CAPACITY   (G_GUINT64_CONSTANT (2040) << 30)

static gboolean
read_footer (XenoMediaFile *file,
             guint64        offset,
             guint8        *footer)
{
  return xeno_media_file_read (file, offset, footer, FOOTER_BYTES) == FOOTER_BYTES
         && memcmp (footer, "conectix", 8) == 0;
}

/* A fixed disk has it at the end alone, the others at the beginning, too. */
static gboolean
find_footer (XenoMediaFile *file,
             guint8        *footer)
{
  if (read_footer (file, 0, footer))
    return TRUE;

  return file->size_bytes > FOOTER_BYTES && read_footer (file, file->size_bytes - FOOTER_BYTES, footer)
         && xeno_bytes_be32 (footer + 60) == TYPE_FIXED;
}

static gboolean
is_sum_right (const guint8 *footer)
{
  guint32 sum = 0;

  for (gsize i = 0; i < FOOTER_BYTES; i++)
    if (i < CHECKSUM || i >= CHECKSUM + 4)
      sum += footer[i];
  return ~sum == xeno_bytes_be32 (footer + CHECKSUM);
}

static gboolean
is_whole (XenoMediaFile *file,
          const guint8  *footer)
{
  guint64 capacity = xeno_bytes_be64 (footer + 48);
  guint64 header_offset = xeno_bytes_be64 (footer + 16);
  guint8 header[HEADER_BYTES];
  guint8 copy[FOOTER_BYTES];
  guint64 table_offset, table_bytes;

  if (xeno_bytes_be32 (footer + 60) == TYPE_FIXED)
    return capacity <= file->size_bytes - FOOTER_BYTES;

  if (file->size_bytes < 2 * FOOTER_BYTES || !read_footer (file, file->size_bytes - FOOTER_BYTES, copy)
      || xeno_media_file_read (file, header_offset, header, sizeof header) < sizeof header)
    return FALSE;

  table_offset = xeno_bytes_be64 (header + 16);
  table_bytes = (guint64) xeno_bytes_be32 (header + 28) * 4;
  return table_offset < file->size_bytes && table_bytes <= file->size_bytes - table_offset;
}

static gboolean
check (XenoMediaFile  *file,
       const guint8   *footer,
       GError        **error)
{
  guint32 type = xeno_bytes_be32 (footer + 60);
  guint64 capacity = xeno_bytes_be64 (footer + 48);

  if (type == TYPE_CHANGES)
    xeno_set_error (error, XENO_ERROR_BAD_MEDIA, NULL,
                    _("“%s” is only the changes to another disk, so it cannot be used alone. Merge it with "
                      "its parent in Hyper-V, then open the result."), file->name);
  else if (!is_sum_right (footer) || (type != TYPE_FIXED && type != TYPE_DYNAMIC)
           || capacity == 0 || capacity > MAX_CAPACITY)
    xeno_set_error (error, XENO_ERROR_BAD_MEDIA, NULL,
                    _("“%s” is a damaged disk. Get it again from where it came from."), file->name);
  else if (!is_whole (file, footer))
    xeno_set_error (error, XENO_ERROR_BAD_MEDIA, NULL,
                    _("“%s” ends before the disk does, so a part of the disk is missing. "
                      "Get it again from where it came from."), file->name);
  else
    return TRUE;

  return FALSE;
}

/**
 * xeno_media_vhd_recognise:
 * @file: a file
 *
 * Tells whether it begins or ends as such a disk does.
 *
 * Returns: %TRUE if so
 */
gboolean
xeno_media_vhd_recognise (XenoMediaFile *file)
{
  guint8 footer[FOOTER_BYTES];

  g_return_val_if_fail (file != NULL, FALSE);

  return find_footer (file, footer);
}

/**
 * xeno_media_vhd_inspect:
 * @file: such a disk
 * @facts: where to put what its footer says
 * @error: %XENO_ERROR_BAD_MEDIA when it is damaged or needs another disk
 *
 * Reads the footer of a disk.
 *
 * Returns: %TRUE if it can be used
 */
gboolean
xeno_media_vhd_inspect (XenoMediaFile   *file,
                        XenoMediaFacts  *facts,
                        GError         **error)
{
  guint8 footer[FOOTER_BYTES] = { 0 };

  g_return_val_if_fail (file != NULL, FALSE);
  g_return_val_if_fail (facts != NULL, FALSE);

  find_footer (file, footer);
  if (!check (file, footer, error))
    return FALSE;

  facts->capacity_bytes = xeno_bytes_be64 (footer + 48);
  facts->boots_bios = TRUE; /* what is on it shows when it runs */
  facts->boots_uefi = TRUE;
  return TRUE;
}
