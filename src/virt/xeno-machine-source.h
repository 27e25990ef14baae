/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A machine as what others are made from: its whole document and its disks. */
#pragma once

#include "virt/xeno-machine.h"

G_BEGIN_DECLS

/**
 * XenoSourceImage:
 * @path: a file
 * @format: what is in it
 *
 * An image that others stand on.
 */
typedef struct
{
  char *path;
  char *format;
} XenoSourceImage;

/**
 * XenoSourceDisk:
 * @target: which disk of the document, by its target
 * @path: its image
 * @format: the format of that, as the document states it
 * @capacity_bytes: what the guest sees
 * @allocated_bytes: what it takes on the host, without what it is built on
 * @below: (element-type XenoSourceImage): what it is built on, from its own base to the deepest
 *
 * A disk that a copy must have one of its own for.
 */
typedef struct
{
  char      *target;
  char      *path;
  char      *format;
  guint64    capacity_bytes;
  guint64    allocated_bytes;
  GPtrArray *below;
} XenoSourceDisk;

/**
 * XenoMachineSource:
 * @spec: its document, with its secrets
 * @disks: (element-type XenoSourceDisk): what it writes to
 * @nvram: (nullable): where the variables of its firmware are, or will be, where it has some
 * @tpm: (nullable): where what its TPM keeps is, or will be
 * @snapshots: what libvirt noted of its snapshots, each behind the one it was made after
 * @current_snapshot: (nullable): the name of the one it stands on
 * @hypervisor_version: of what runs it, as libvirt counts; 0 unknown
 *
 * What another machine is made from.
 */
typedef struct
{
  XenoSpec  *spec;
  GPtrArray *disks;
  char      *nvram;
  gulong     hypervisor_version;
  char      *tpm;
  GStrv      snapshots;
  char      *current_snapshot;
} XenoMachineSource;

void               xeno_machine_source_free        (XenoMachineSource    *source);
void               xeno_machine_read_source_async  (XenoMachine          *self,
                                                    GCancellable         *cancellable,
                                                    GAsyncReadyCallback   callback,
                                                    gpointer              user_data);
XenoMachineSource *xeno_machine_read_source_finish (XenoMachine          *self,
                                                    GAsyncResult         *result,
                                                    GError              **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (XenoMachineSource, xeno_machine_source_free)

G_END_DECLS
