/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* VirtualBox's disks, used only when they stand on nothing but themselves. */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "base/xeno-error.h"
#include "create/xeno-media-bytes.h"
#include "create/xeno-media-facts.h"
#include "create/xeno-media-vdi.h"

/* VDICore.h of VirtualBox; all numbers are little-endian. */
#define SIGNATURE_OFFSET 64
#define SIGNATURE        0xbeda107fU
#define VERSION          0x00010001U
#define HEADER_BYTES     512
#define TYPE_DYNAMIC     1
#define TYPE_FIXED       2
#define MAX_BLOCKS       (1024U * 1024 * 1024)

static gboolean
is_zero (const guint8 *bytes,
         gsize         length)
{
  for (gsize i = 0; i < length; i++)
    if (bytes[i] != 0)
      return FALSE;
  return TRUE;
}

static gboolean
check_whole (XenoMediaFile  *file,
             const guint8   *header,
             GError        **error)
{
  guint64 map = xeno_bytes_le32 (header + 340);
  guint64 data = xeno_bytes_le32 (header + 344);
  guint64 n_blocks = xeno_bytes_le32 (header + 384);
  guint64 n_allocated = xeno_bytes_le32 (header + 388);
  guint64 block_bytes = xeno_bytes_le32 (header + 376);

  if (map + n_blocks * 4 <= file->size_bytes && data + n_allocated * block_bytes <= file->size_bytes)
    return TRUE;

  xeno_set_error (error, XENO_ERROR_BAD_MEDIA, NULL,
                  _("“%s” ends before the disk does, so a part of the disk is missing. "
                    "Get it again from where it came from."), file->name);
  return FALSE;
}

static gboolean
check_header (XenoMediaFile  *file,
              const guint8   *header,
              GError        **error)
{
  guint32 type = xeno_bytes_le32 (header + 76);
  guint64 capacity = xeno_bytes_le64 (header + 368);
  guint64 block_bytes = xeno_bytes_le32 (header + 376);
  guint64 n_blocks = xeno_bytes_le32 (header + 384);

  if (!is_zero (header + 424, 32) || (type != TYPE_DYNAMIC && type != TYPE_FIXED))
    xeno_set_error (error, XENO_ERROR_BAD_MEDIA, NULL,
                    _("“%s” is only the changes to another disk, so it cannot be used alone. Clone the whole "
                      "disk in VirtualBox, then open the clone."), file->name);
  else if (xeno_bytes_le32 (header + 68) != VERSION || xeno_bytes_le32 (header + 360) != 512 || block_bytes != 1 << 20
           || capacity == 0 || n_blocks > MAX_BLOCKS || capacity > n_blocks * block_bytes
           || xeno_bytes_le32 (header + 388) > n_blocks)
    xeno_set_error (error, XENO_ERROR_BAD_MEDIA, NULL,
                    _("“%s” is a damaged disk. Get it again from where it came from."), file->name);
  else
    return check_whole (file, header, error);

  return FALSE;
}

/**
 * xeno_media_vdi_recognise:
 * @file: a file
 *
 * Tells whether it begins as one of VirtualBox's disks does.
 *
 * Returns: %TRUE if so
 */
gboolean
xeno_media_vdi_recognise (XenoMediaFile *file)
{
  guint8 signature[4];

  g_return_val_if_fail (file != NULL, FALSE);

  return xeno_media_file_read (file, SIGNATURE_OFFSET, signature, sizeof signature) == sizeof signature
         && xeno_bytes_le32 (signature) == SIGNATURE;
}

/**
 * xeno_media_vdi_inspect:
 * @file: one of VirtualBox's disks
 * @facts: where to put what its header says
 * @error: %XENO_ERROR_BAD_MEDIA when it is damaged or needs another disk
 *
 * Reads the header of a disk.
 *
 * Returns: %TRUE if it can be used
 */
gboolean
xeno_media_vdi_inspect (XenoMediaFile   *file,
                        XenoMediaFacts  *facts,
                        GError         **error)
{
  guint8 header[HEADER_BYTES] = { 0 };

  g_return_val_if_fail (file != NULL, FALSE);
  g_return_val_if_fail (facts != NULL, FALSE);

  if (xeno_media_file_read (file, 0, header, sizeof header) < sizeof header)
    {
      xeno_set_error (error, XENO_ERROR_BAD_MEDIA, NULL,
                      _("“%s” ends before its own table of contents, so most of the disk is missing. "
                        "Get it again from where it came from."), file->name);
      return FALSE;
    }
  if (!check_header (file, header, error))
    return FALSE;

  facts->capacity_bytes = xeno_bytes_le64 (header + 368);
  facts->boots_bios = TRUE; /* what is on it shows when it runs */
  facts->boots_uefi = TRUE;
  return TRUE;
}
