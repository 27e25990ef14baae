/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* An appliance on paper: what an OVF says of its machines. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * XenoOvfDisk:
 * @file: the name of its file, a plain name without folders
 * @capacity_bytes: how much a guest sees of it, or 0 where it does not say
 * @file_bytes: how long the file is, or 0 where it does not say
 * @chunk_bytes: how long each of the pieces is that the file was cut into, or 0 where it is whole
 */
typedef struct
{
  char    *file;
  guint64  capacity_bytes;
  guint64  file_bytes;
  guint64  chunk_bytes;
} XenoOvfDisk;

/**
 * XenoOvf:
 * @id: (nullable): how the description tells it from others; untrusted
 * @title: (nullable): what it is called; untrusted
 * @os_type: (nullable): its operating system in VMware's words; untrusted
 * @n_cpus: its processors, or 0 where it does not say
 * @memory_bytes: its memory, or 0 where it does not say
 * @is_uefi: it starts by UEFI
 * @nics: the kinds of its network cards: "E1000"; untrusted
 * @disks: (element-type XenoOvfDisk): its disks, in the order of the machine
 *
 * One machine.
 */
typedef struct
{
  char       *id;
  char       *title;
  char       *os_type;
  guint       n_cpus;
  guint64     memory_bytes;
  gboolean    is_uefi;
  GPtrArray  *nics;
  GPtrArray  *disks;
} XenoOvf;

XenoOvf     *xeno_ovf_new      (void);
void         xeno_ovf_free     (XenoOvf        *ovf);
XenoOvfDisk *xeno_ovf_add_disk (XenoOvf        *ovf,
                                const char     *file,
                                guint64         capacity_bytes);
GPtrArray   *xeno_ovf_parse    (const char     *xml,
                                const char     *name,
                                GError        **error);
char        *xeno_ovf_write    (const XenoOvf  *ovf);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (XenoOvf, xeno_ovf_free)

G_END_DECLS
