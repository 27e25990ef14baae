/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How the database makes operating systems. */
#pragma once

#include <osinfo/osinfo.h>

#include "create/xeno-os.h"

G_BEGIN_DECLS

/**
 * XenoOsResources:
 * @memory_bytes: memory, or 0 where nothing is known
 * @n_cpus: processors, or 0 where nothing is known
 * @disk_bytes: disk, or 0 where nothing is known
 *
 * What a system should have.
 */
typedef struct
{
  guint64 memory_bytes;
  guint   n_cpus;
  guint64 disk_bytes;
} XenoOsResources;

/**
 * XenoOsFacts:
 * @minimum: what it cannot do without
 * @recommended: what is good for it
 * @devices: (element-type utf8): interned names of what it has drivers for
 * @no_bios: a BIOS does not start it
 * @has_uefi: UEFI firmware is known to start it
 *
 * What is known of a system; plain data.
 */
typedef struct
{
  XenoOsResources  minimum;
  XenoOsResources  recommended;
  GPtrArray       *devices;
  gboolean         no_bios;
  gboolean         has_uefi;
} XenoOsFacts;

XenoOsFacts       *xeno_os_facts_new             (void);
XenoOsFacts       *xeno_os_facts_new_from_osinfo (OsinfoOs    *os,
                                                  const char  *arch);
void               xeno_os_facts_free            (XenoOsFacts *self);
gboolean           xeno_os_facts_has_device      (XenoOsFacts *self,
                                                  const char  *device_name);

XenoOs            *xeno_os_new                   (const char  *id,
                                                  const char  *short_id,
                                                  const char  *name,
                                                  const char  *family);
XenoOs            *xeno_os_new_from_osinfo       (OsinfoOs    *os);
const XenoOsFacts *xeno_os_get_facts             (XenoOs      *self);
void               xeno_os_take_facts            (XenoOs      *self,
                                                  XenoOsFacts *facts);
void               xeno_os_take_disc             (XenoOs      *self,
                                                  XenoOsDisc  *disc);
void               xeno_os_disc_free             (XenoOsDisc  *disc);
int                xeno_os_compare_age           (XenoOs      *first,
                                                  XenoOs      *second);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (XenoOsDisc, xeno_os_disc_free)

G_END_DECLS
