/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The table of what a machine can be made from: how to recognise it, and how a machine gets it. */
#include "config.h"

#include <errno.h>
#include <unistd.h>

#include <glib/gi18n-lib.h>

#include "create/xeno-media-iso.h"
#include "create/xeno-media-kernel.h"
#include "create/xeno-media-ova.h"
#include "create/xeno-media-ovf.h"
#include "create/xeno-media-packed.h"
#include "create/xeno-media-qcow2.h"
#include "create/xeno-media-raw.h"
#include "create/xeno-media-uki.h"
#include "create/xeno-media-vdi.h"
#include "create/xeno-media-vhd.h"
#include "create/xeno-media-vhdx.h"
#include "create/xeno-media-vmdk.h"
#include "create/xeno-media-xeno.h"

/* The first row that recognises a file has it: a hybrid ISO also carries a partition table, and so does a
 * disk with nothing but a footer; a kernel has a boot sector, and may be packed as disks are; our own archives are
 * archives, too. */
static const XenoMediaType types[] = {
  {
    "iso", N_("Disc image"), "cdrom", "raw", XENO_DISK_NEW,
    xeno_media_iso_recognise, xeno_media_iso_inspect
  },
  {
    "uki", N_("Unified kernel image"), "kernel", "raw", XENO_DISK_NEW,
    xeno_media_uki_recognise, xeno_media_uki_inspect
  },
  {
    "kernel", N_("Kernel"), "kernel", "raw", XENO_DISK_NEW,
    xeno_media_kernel_recognise, xeno_media_kernel_inspect
  },
  {
    "qcow2", N_("Disk (qcow2)"), "disk", "qcow2", XENO_DISK_IN_PLACE | XENO_DISK_OVERLAY | XENO_DISK_COPY,
    xeno_media_qcow2_recognise, xeno_media_qcow2_inspect
  },
  {
    "vmdk", N_("Disk (VMDK)"), "disk", "vmdk", XENO_DISK_COPY,
    xeno_media_vmdk_recognise, xeno_media_vmdk_inspect
  },
  {
    "vdi", N_("Disk (VDI)"), "disk", "vdi", XENO_DISK_COPY,
    xeno_media_vdi_recognise, xeno_media_vdi_inspect
  },
  {
    "vhdx", N_("Disk (VHDX)"), "disk", "vhdx", XENO_DISK_COPY,
    xeno_media_vhdx_recognise, xeno_media_vhdx_inspect
  },
  {
    "vhd", N_("Disk (VHD)"), "disk", "vpc", XENO_DISK_COPY,
    xeno_media_vhd_recognise, xeno_media_vhd_inspect
  },
  {
    "xeno", N_("Machine (Xenolith)"), "machine", NULL, XENO_DISK_COPY,
    xeno_media_xeno_recognise, xeno_media_xeno_inspect
  },
  {
    "ova", N_("Appliance (OVA)"), "disk", NULL, XENO_DISK_COPY,
    xeno_media_ova_recognise, xeno_media_ova_inspect
  },
  {
    "ovf", N_("Appliance (OVF)"), "disk", NULL, XENO_DISK_COPY,
    xeno_media_ovf_recognise, xeno_media_ovf_inspect
  },
  {
    "packed", N_("Disk, packed"), "disk", NULL, XENO_DISK_COPY,
    xeno_media_packed_recognise, xeno_media_packed_inspect
  },
  {
    "raw", N_("Disk (raw)"), "disk", "raw", XENO_DISK_IN_PLACE | XENO_DISK_OVERLAY | XENO_DISK_COPY,
    xeno_media_raw_recognise, xeno_media_raw_inspect
  },
};

/**
 * xeno_media_file_read:
 * @file: a file
 * @offset: where to begin
 * @buffer: (out caller-allocates): where to put the bytes
 * @length: how many to read
 *
 * Reads a piece of a file. A failure is kept in the file's @error_number.
 *
 * Returns: how many bytes were there, less than @length at the end of the file
 */
gsize
xeno_media_file_read (XenoMediaFile *file,
                      guint64        offset,
                      gpointer       buffer,
                      gsize          length)
{
  gsize done = 0;

  g_return_val_if_fail (file != NULL, 0);
  g_return_val_if_fail (buffer != NULL, 0);

  if (offset >= file->size_bytes || offset > G_MAXINT64 - file->base - length)
    return 0;

  length = MIN (length, file->size_bytes - offset);

  while (done < length)
    {
      gssize n = pread (file->fd, (guint8 *) buffer + done, length - done, file->base + offset + done);

      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        file->error_number = errno;
      if (n <= 0)
        break;
      done += n;
    }
  return done;
}

/**
 * xeno_media_type_list:
 * @n_types: (out): how many there are
 *
 * Gets the media table.
 *
 * Returns: (transfer none) (array length=n_types): its rows
 */
const XenoMediaType *
xeno_media_type_list (gsize *n_types)
{
  g_return_val_if_fail (n_types != NULL, NULL);

  *n_types = G_N_ELEMENTS (types);
  return types;
}

/**
 * xeno_media_type_recognise:
 * @file: a file
 *
 * Finds the row that a file belongs to.
 *
 * Returns: (nullable) (transfer none): the row, or %NULL where no machine can be made from it
 */
const XenoMediaType *
xeno_media_type_recognise (XenoMediaFile *file)
{
  g_return_val_if_fail (file != NULL, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (types); i++)
    if (types[i].recognise (file))
      return &types[i];

  return NULL;
}
