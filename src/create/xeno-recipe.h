/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A machine as wished for: what the review page and `xeno create` fill in, before anything is made. */
#pragma once

#include <gio/gio.h>

#include "create/xeno-choice.h"
#include "create/xeno-direct-boot.h"
#include "create/xeno-firmware.h"
#include "create/xeno-install-script.h"
#include "create/xeno-media.h"
#include "create/xeno-os-db.h"
#include "create/xeno-plan.h"
#include "create/xeno-seed.h"
#include "spec/xeno-caps.h"
#include "spec/xeno-spec.h"
#include "virt/xeno-host.h"

G_BEGIN_DECLS

/**
 * XenoRange:
 * @minimum: the least a value may be
 * @recommended: what is good for the operating system on this host
 * @maximum: the most it may be
 *
 * What a value may and should be.
 */
typedef struct
{
  guint64 minimum;
  guint64 recommended;
  guint64 maximum;
} XenoRange;

#define XENO_TYPE_RECIPE (xeno_recipe_get_type ())

G_DECLARE_FINAL_TYPE (XenoRecipe, xeno_recipe, XENO, RECIPE, GObject)

XenoRecipe   *xeno_recipe_new               (XenoMedia     *media);
void          xeno_recipe_recommend         (XenoRecipe    *self,
                                             XenoOs        *os,
                                             XenoHost      *host,
                                             XenoCaps      *caps,
                                             guint64        free_disk_bytes);
void          xeno_recipe_make_title_unique (XenoRecipe    *self,
                                             GListModel    *machines);

XenoMedia    *xeno_recipe_get_media         (XenoRecipe    *self);
XenoOs       *xeno_recipe_get_os            (XenoRecipe    *self);
const char   *xeno_recipe_get_title         (XenoRecipe    *self);
void          xeno_recipe_set_title         (XenoRecipe    *self,
                                             const char    *title);
const char   *xeno_recipe_get_os_id         (XenoRecipe    *self);
void          xeno_recipe_set_os_id         (XenoRecipe    *self,
                                             const char    *os_id);
guint64       xeno_recipe_get_memory_bytes  (XenoRecipe    *self);
void          xeno_recipe_set_memory_bytes  (XenoRecipe    *self,
                                             guint64        bytes);
guint         xeno_recipe_get_n_cpus        (XenoRecipe    *self);
void          xeno_recipe_set_n_cpus        (XenoRecipe    *self,
                                             guint          n_cpus);
guint64       xeno_recipe_get_disk_bytes    (XenoRecipe    *self);
void          xeno_recipe_set_disk_bytes    (XenoRecipe    *self,
                                             guint64        bytes);
XenoFirmware  xeno_recipe_get_firmware      (XenoRecipe    *self);
void          xeno_recipe_set_firmware      (XenoRecipe    *self,
                                             XenoFirmware   firmware);
XenoAccel     xeno_recipe_get_accel         (XenoRecipe    *self);
void          xeno_recipe_set_accel         (XenoRecipe    *self,
                                             XenoAccel      accel);
const char   *xeno_recipe_get_graphics      (XenoRecipe    *self);
void          xeno_recipe_set_graphics      (XenoRecipe    *self,
                                             const char    *graphics);
XenoDiskWay   xeno_recipe_get_disk_way      (XenoRecipe    *self);
void          xeno_recipe_set_disk_way      (XenoRecipe    *self,
                                             XenoDiskWay    way);
const XenoSeed *xeno_recipe_get_seed        (XenoRecipe    *self);
void          xeno_recipe_set_seed          (XenoRecipe    *self,
                                             const XenoSeed *seed);
const XenoInstallScript *xeno_recipe_get_install_script (XenoRecipe              *self);
void                     xeno_recipe_set_install_script (XenoRecipe              *self,
                                                         const XenoInstallScript *script);
const char   *xeno_recipe_get_network       (XenoRecipe    *self);
void          xeno_recipe_set_network       (XenoRecipe    *self,
                                             const char    *network);

const char   *xeno_recipe_get_arch          (XenoRecipe    *self);
void          xeno_recipe_set_arch          (XenoRecipe    *self,
                                             const char    *arch);
const char   *xeno_recipe_get_driver_disc   (XenoRecipe    *self);
void          xeno_recipe_set_driver_disc   (XenoRecipe    *self,
                                             const char    *path);
XenoChoice    xeno_recipe_get_secure_boot   (XenoRecipe    *self);
void          xeno_recipe_set_secure_boot   (XenoRecipe    *self,
                                             XenoChoice     choice);
XenoChoice    xeno_recipe_get_tpm           (XenoRecipe    *self);
void          xeno_recipe_set_tpm           (XenoRecipe    *self,
                                             XenoChoice     choice);
gboolean      xeno_recipe_boots_network     (XenoRecipe    *self);
void          xeno_recipe_set_boots_network (XenoRecipe    *self,
                                             gboolean       boots_network);
XenoDirectBoot *xeno_recipe_get_direct_boot (XenoRecipe    *self);
gboolean      xeno_recipe_is_windows        (XenoRecipe    *self);

gboolean      xeno_recipe_wants_uefi        (XenoRecipe    *self,
                                             XenoCaps      *caps);
gboolean      xeno_recipe_wants_secure_boot (XenoRecipe    *self,
                                             XenoCaps      *caps);
gboolean      xeno_recipe_wants_tpm         (XenoRecipe    *self,
                                             XenoCaps      *caps);

XenoRange     xeno_recipe_get_memory_range  (XenoRecipe    *self);
XenoRange     xeno_recipe_get_cpu_range     (XenoRecipe    *self);
XenoRange     xeno_recipe_get_disk_range    (XenoRecipe    *self);
gboolean      xeno_recipe_check             (XenoRecipe    *self,
                                             GError       **error);
char         *xeno_recipe_dup_warning       (XenoRecipe    *self,
                                             guint64        promised_bytes);
const char   *xeno_recipe_choose_virt_type  (XenoRecipe    *self,
                                             XenoCaps      *caps,
                                             char         **reason);
XenoSpec     *xeno_recipe_to_spec           (XenoRecipe    *self,
                                             XenoCaps      *caps,
                                             const char    *name,
                                             const char    *uuid,
                                             GPtrArray     *files,
                                             GError       **error);

G_END_DECLS
