/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A machine out of an archive of ours, as it was. */
#pragma once

#include "create/xeno-media.h"
#include "create/xeno-plan.h"

G_BEGIN_DECLS

#define XENO_TYPE_RESTORE (xeno_restore_get_type ())

G_DECLARE_FINAL_TYPE (XenoRestore, xeno_restore, XENO, RESTORE, GObject)

/* What a medium is that this is made from. */
#define XENO_RESTORE_DEVICE "machine"

XenoRestore *xeno_restore_new             (XenoMedia    *media);
XenoMedia   *xeno_restore_get_media       (XenoRestore  *self);
GStrv        xeno_restore_list_disks      (XenoRestore  *self);
GStrv        xeno_restore_list_snapshots  (XenoRestore  *self);
GStrv        xeno_restore_list_left_out   (XenoRestore  *self);
GStrv        xeno_restore_list_missing    (XenoRestore  *self);
guint64      xeno_restore_get_room_bytes  (XenoRestore  *self);
guint64      xeno_restore_get_memory_bytes (XenoRestore *self);
guint        xeno_restore_get_n_cpus      (XenoRestore  *self);

G_END_DECLS
