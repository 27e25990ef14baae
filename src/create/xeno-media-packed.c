/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Disks that somebody packed with gzip or xz. */
#include "config.h"

#include <sys/mman.h>
#include <unistd.h>

#include <glib/gi18n-lib.h>

#include "base/xeno-error.h"
#include "create/xeno-media-facts.h"
#include "create/xeno-media-packed.h"
#include "create/xeno-packing.h"

/* As far in as the headers of disks are. */
#define HEAD_BYTES (3 * 1024 * 1024)

/* Where nobody knows how long it is: no header leads beyond this. */
#define ANY_LENGTH (G_GUINT64_CONSTANT (1) << 60)

/* The beginning as a file, so that the other rows can look at it. */
static int
open_head (XenoMediaFile *file)
{
  g_autofree guint8 *head = g_malloc (HEAD_BYTES);
  gsize length = xeno_packing_read_head (file, head, HEAD_BYTES);
  int fd = length > 0 ? memfd_create ("xeno-head", MFD_CLOEXEC) : -1;

  if (fd >= 0 && write (fd, head, length) != (gssize) length)
    {
      close (fd);
      return -1;
    }
  return fd;
}

static gboolean
inspect_head (XenoMediaFile   *file,
              XenoMediaFile   *head,
              XenoMediaFacts  *facts,
              GError         **error)
{
  g_autoptr (XenoMediaFacts) inner = g_new0 (XenoMediaFacts, 1);

  inner->size_bytes = head->size_bytes;
  inner->type = xeno_media_type_recognise (head);
  if (inner->type == NULL || inner->type->format == NULL || !g_str_equal (inner->type->device, "disk"))
    {
      xeno_set_error (error, XENO_ERROR_BAD_MEDIA, NULL,
                      _("“%s” is packed, and what is in it is not a disk. Unpack it first, then open what was in it."),
                      file->name);
      return FALSE;
    }
  if (!inner->type->inspect (head, inner, error))
    return FALSE;

  facts->capacity_bytes = inner->capacity_bytes == ANY_LENGTH ? 0 : inner->capacity_bytes;
  facts->boots_bios = inner->boots_bios;
  facts->boots_uefi = inner->boots_uefi;
  facts->warning = g_steal_pointer (&inner->warning);
  return TRUE;
}

/**
 * xeno_media_packed_recognise:
 * @file: a file
 *
 * Tells whether it begins as a packed file does.
 *
 * Returns: %TRUE if so
 */
gboolean
xeno_media_packed_recognise (XenoMediaFile *file)
{
  g_return_val_if_fail (file != NULL, FALSE);

  return xeno_packing_is_packed (file);
}

/**
 * xeno_media_packed_inspect:
 * @file: a packed disk
 * @facts: where to put what the headers in it say
 * @error: %XENO_ERROR_BAD_MEDIA when there is no disk in it, or one that leads to other files
 *
 * Unpacks the beginning and looks at that. The whole is looked at again once it is unpacked.
 *
 * Returns: %TRUE if it can be used
 */
gboolean
xeno_media_packed_inspect (XenoMediaFile   *file,
                           XenoMediaFacts  *facts,
                           GError         **error)
{
  XenoMediaFile head = { -1, 0, NULL, 0 };
  gboolean is_good;

  g_return_val_if_fail (file != NULL, FALSE);
  g_return_val_if_fail (facts != NULL, FALSE);

  head.fd = open_head (file);
  head.size_bytes = xeno_packing_get_unpacked (file);
  head.name = file->name;
  if (head.size_bytes == 0)
    head.size_bytes = ANY_LENGTH;
  if (head.fd < 0)
    {
      xeno_set_error (error, XENO_ERROR_BAD_MEDIA, NULL,
                      _("“%s” is damaged or cut off, so it cannot be unpacked. Get it again from where it came from."),
                      file->name);
      return FALSE;
    }

  is_good = inspect_head (file, &head, facts, error);
  close (head.fd);
  return is_good;
}
