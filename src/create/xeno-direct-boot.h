/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How a machine starts a kernel without a boot loader. */
#pragma once

#include "create/xeno-media.h"
#include "spec/xeno-caps.h"

G_BEGIN_DECLS

#define XENO_TYPE_DIRECT_BOOT (xeno_direct_boot_get_type ())

G_DECLARE_FINAL_TYPE (XenoDirectBoot, xeno_direct_boot, XENO, DIRECT_BOOT, GObject)

XenoDirectBoot *xeno_direct_boot_new              (void);
const char     *xeno_direct_boot_get_initrd       (XenoDirectBoot *self);
void            xeno_direct_boot_set_initrd       (XenoDirectBoot *self,
                                                   const char     *path);
const char     *xeno_direct_boot_get_cmdline      (XenoDirectBoot *self);
void            xeno_direct_boot_set_cmdline      (XenoDirectBoot *self,
                                                   const char     *cmdline);
const char     *xeno_direct_boot_get_root_folder  (XenoDirectBoot *self);
void            xeno_direct_boot_set_root_folder  (XenoDirectBoot *self,
                                                   const char     *path);
XenoMedia      *xeno_direct_boot_get_root_disk    (XenoDirectBoot *self);
void            xeno_direct_boot_set_root_disk    (XenoDirectBoot *self,
                                                   XenoMedia      *disk);
gboolean        xeno_direct_boot_is_light         (XenoDirectBoot *self);
void            xeno_direct_boot_set_light        (XenoDirectBoot *self,
                                                   gboolean        is_light);
gboolean        xeno_direct_boot_has_debugger     (XenoDirectBoot *self);
void            xeno_direct_boot_set_debugger     (XenoDirectBoot *self,
                                                   gboolean        has_debugger);
gboolean        xeno_direct_boot_waits            (XenoDirectBoot *self);
void            xeno_direct_boot_set_waits        (XenoDirectBoot *self,
                                                   gboolean        waits);

char           *xeno_direct_boot_dup_full_cmdline (XenoDirectBoot *self,
                                                   const char     *arch,
                                                   gboolean        is_virtiofs);
char           *xeno_direct_boot_dup_gdb_address  (const char     *name,
                                                   gboolean        is_session);

G_END_DECLS
