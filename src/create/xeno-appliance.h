/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Machines that somebody exported: what they are like, and where their disks are. */
#pragma once

#include "create/xeno-media-type.h"
#include "spec/xeno-ovf.h"

G_BEGIN_DECLS

/**
 * XenoAppliancePart:
 * @path: (nullable): the file, or %NULL where it is in the appliance's own
 * @offset: where in that it begins
 * @n_bytes: how long it is
 * @checksum: (nullable): what its bytes sum up to
 * @checksum_type: how that was made
 *
 * A disk, or one of the pieces it was cut into.
 */
typedef struct
{
  char          *path;
  guint64        offset;
  guint64        n_bytes;
  char          *checksum;
  GChecksumType  checksum_type;
} XenoAppliancePart;

/**
 * XenoApplianceDisk:
 * @parts: (element-type XenoAppliancePart): where it is, one after the other
 * @format: (nullable): its format, or %NULL where that is only known for sure once it is in one piece, unpacked
 * @capacity_bytes: how much a guest sees of it, or 0 where nobody knows
 */
typedef struct
{
  GPtrArray  *parts;
  const char *format;
  guint64     capacity_bytes;
} XenoApplianceDisk;

/**
 * XenoAppliance:
 * @ovf: what it is like
 * @os_id: (nullable): its operating system as libosinfo calls it, where that is clear
 * @disks: (element-type XenoApplianceDisk): its disks, in the order of the machine
 */
typedef struct
{
  XenoOvf    *ovf;
  const char *os_id;
  GPtrArray  *disks;
} XenoAppliance;

GPtrArray *xeno_appliance_read_archive (XenoMediaFile        *file,
                                        GError              **error);
GPtrArray *xeno_appliance_read_folder  (XenoMediaFile        *file,
                                        GError              **error);
void       xeno_appliance_free         (XenoAppliance        *appliance);
guint64    xeno_appliance_get_capacity (const XenoAppliance  *appliance);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (XenoAppliance, xeno_appliance_free)

G_END_DECLS
