/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What becomes of the disks of a machine that is deleted, and why. */
#pragma once

#include "virt/xeno-machine.h"

G_BEGIN_DECLS

/**
 * XenoDiskFate:
 * @path: the file
 * @size_bytes: what it takes on the host
 * @may_remove: whether it can be removed at all
 * @remove: whether it should be, unless the person says otherwise
 * @reason: translated sentence: why it will or will not be removed
 *
 * What becomes of one disk.
 */
typedef struct
{
  char     *path;
  guint64   size_bytes;
  gboolean  may_remove;
  gboolean  remove;
  char     *reason;
} XenoDiskFate;

void       xeno_disk_fate_free            (XenoDiskFate         *fate);
void       xeno_machine_plan_delete_async (XenoMachine          *self,
                                           GCancellable         *cancellable,
                                           GAsyncReadyCallback   callback,
                                           gpointer              user_data);
GPtrArray *xeno_machine_plan_delete_finish (XenoMachine         *self,
                                            GAsyncResult        *result,
                                            GError             **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (XenoDiskFate, xeno_disk_fate_free)

G_END_DECLS
