/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* An operating system, as far as a new machine for it needs to know. */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

#define XENO_TYPE_OS (xeno_os_get_type ())

G_DECLARE_FINAL_TYPE (XenoOs, xeno_os, XENO, OS, GObject)

const char *xeno_os_get_id           (XenoOs     *self);
const char *xeno_os_get_short_id     (XenoOs     *self);
const char *xeno_os_get_name         (XenoOs     *self);
const char *xeno_os_get_family       (XenoOs     *self);
gboolean    xeno_os_is_described     (XenoOs     *self);
guint64     xeno_os_get_memory_bytes (XenoOs     *self,
                                      gboolean    minimum);
guint       xeno_os_get_n_cpus       (XenoOs     *self,
                                      gboolean    minimum);
guint64     xeno_os_get_disk_bytes   (XenoOs     *self,
                                      gboolean    minimum);
gboolean    xeno_os_supports_device  (XenoOs     *self,
                                      const char *device_name);
gboolean    xeno_os_supports_uefi    (XenoOs     *self);
gboolean    xeno_os_supports_bios    (XenoOs     *self);

G_END_DECLS
