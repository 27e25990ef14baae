/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* An operating system, as far as a new machine for it needs to know. */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/**
 * XenoOsDisc:
 * @variant: (nullable): which edition is on it, "Fedora Workstation 42"; %NULL where that is not known
 * @arch: (nullable): which processors it is for, "x86_64"; %NULL where it is for several or not known
 * @is_live: it can be used without installing anything
 *
 * A disc that a system was recognised by.
 */
typedef struct
{
  char     *variant;
  char     *arch;
  gboolean  is_live;
} XenoOsDisc;

#define XENO_TYPE_OS (xeno_os_get_type ())

G_DECLARE_FINAL_TYPE (XenoOs, xeno_os, XENO, OS, GObject)

const char       *xeno_os_get_id           (XenoOs     *self);
const char       *xeno_os_get_short_id     (XenoOs     *self);
const char       *xeno_os_get_name         (XenoOs     *self);
const char       *xeno_os_get_full_name    (XenoOs     *self);
const char       *xeno_os_get_family       (XenoOs     *self);
const XenoOsDisc *xeno_os_get_disc         (XenoOs     *self);
gboolean          xeno_os_is_generic       (XenoOs     *self);
gboolean          xeno_os_is_described     (XenoOs     *self);
guint64           xeno_os_get_memory_bytes (XenoOs     *self,
                                            gboolean    minimum);
guint             xeno_os_get_n_cpus       (XenoOs     *self,
                                            gboolean    minimum);
guint64           xeno_os_get_disk_bytes   (XenoOs     *self,
                                            gboolean    minimum);
gboolean          xeno_os_supports_device  (XenoOs     *self,
                                            const char *device_name);
gboolean          xeno_os_supports_uefi    (XenoOs     *self);
gboolean          xeno_os_supports_bios    (XenoOs     *self);

G_END_DECLS
