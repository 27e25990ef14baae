/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The process that serves a folder to a guest: it reaches that folder, and nothing else. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define XENO_TYPE_SHARE_PROCESS (xeno_share_process_get_type ())

G_DECLARE_FINAL_TYPE (XenoShareProcess, xeno_share_process, XENO, SHARE_PROCESS, GObject)

XenoShareProcess *xeno_share_process_new        (void);
void              xeno_share_process_set_folder (XenoShareProcess  *self,
                                                 int                folder,
                                                 gboolean           is_writable);
gboolean          xeno_share_process_has_folder (XenoShareProcess  *self);
int               xeno_share_process_open       (XenoShareProcess  *self,
                                                 GError           **error);
void              xeno_share_process_stop       (XenoShareProcess  *self);

G_END_DECLS
