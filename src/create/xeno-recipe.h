/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A machine as wished for: what the review page and `xeno create` fill in, before anything is made. */
#pragma once

#include <gio/gio.h>

#include "spec/xeno-caps.h"
#include "spec/xeno-spec.h"
#include "create/xeno-media.h"
#include "create/xeno-os-db.h"
#include "virt/xeno-host.h"

G_BEGIN_DECLS

typedef enum { XENO_FIRMWARE_AUTO, XENO_FIRMWARE_BIOS, XENO_FIRMWARE_UEFI } XenoFirmware;

#define XENO_TYPE_RECIPE (xeno_recipe_get_type ())
/* Properties, read-write: "title", "os-id", "memory-bytes", "n-cpus", "disk-bytes" (0: none),
 * "firmware", "accel", "media" (XenoMedia or NULL), "graphics" ("auto", "spice", "vnc"). */
G_DECLARE_FINAL_TYPE (XenoRecipe, xeno_recipe, XENO, RECIPE, GObject)

/* What a value may be and should be, from the OS data bounded by the host. */
typedef struct { guint64 minimum, recommended, maximum; } XenoRange;

XenoRecipe *xeno_recipe_new           (XenoMedia *media);
/* Fills in recommended values: name from the OS, memory, processors, disk, firmware. */
void        xeno_recipe_recommend     (XenoRecipe *self, XenoOs *os, XenoHost *host, XenoCaps *caps, guint64 free_disk_bytes);
XenoRange   xeno_recipe_get_memory_range (XenoRecipe *self);
XenoRange   xeno_recipe_get_cpu_range    (XenoRecipe *self);
XenoRange   xeno_recipe_get_disk_range   (XenoRecipe *self);
/* Whether it can be made; the error's sentence names the field. */
gboolean    xeno_recipe_check         (XenoRecipe *self, GError **error);
/* The document. @name: slug; @disk_path: NULL without a disk. */
XenoSpec   *xeno_recipe_to_spec       (XenoRecipe *self, XenoCaps *caps, const char *name, const char *uuid, const char *disk_path, GError **error);

G_END_DECLS
