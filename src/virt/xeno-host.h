/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The computer machines run on: what it has, and whether it is ready, told in plain words. */
#pragma once

#include <gio/gio.h>

#include "virt/xeno-stats-record.h"

G_BEGIN_DECLS

/**
 * XenoCheckLevel:
 * @XENO_CHECK_GOOD: nothing to do
 * @XENO_CHECK_NOTE: it works, something could be better
 * @XENO_CHECK_BAD: something does not work until it is mended
 *
 * How a readiness check came out.
 */
typedef enum { XENO_CHECK_GOOD, XENO_CHECK_NOTE, XENO_CHECK_BAD } XenoCheckLevel;

/* One readiness check: a row of the host page and of `xeno info --host`. */
#define XENO_TYPE_CHECK (xeno_check_get_type ())
G_DECLARE_FINAL_TYPE (XenoCheck, xeno_check, XENO, CHECK, GObject)
const char     *xeno_check_get_id     (XenoCheck *self); /* "kvm", "cpu-flags", "nested", "iommu", "memory", "libvirt", "qemu" */
const char     *xeno_check_get_title  (XenoCheck *self);
const char     *xeno_check_get_result (XenoCheck *self); /* what was found */
const char     *xeno_check_get_advice (XenoCheck *self); /* what to do, or NULL */
XenoCheckLevel  xeno_check_get_level  (XenoCheck *self);

#define XENO_TYPE_HOST (xeno_host_get_type ())

/* Properties: "hostname", "n-cpus", "memory-bytes", "is-loaded", "checks" (GListModel of XenoCheck). */
G_DECLARE_FINAL_TYPE (XenoHost, xeno_host, XENO, HOST, GObject)
const char *xeno_host_get_hostname     (XenoHost *self);
guint       xeno_host_get_n_cpus       (XenoHost *self);
guint64     xeno_host_get_memory_bytes (XenoHost *self);
GListModel *xeno_host_get_checks       (XenoHost *self);

/* Reads it all in a worker; cheap to call again. */
void        xeno_host_load_async       (XenoHost *self, GCancellable *cancellable,
                                        GAsyncReadyCallback callback, gpointer user_data);
gboolean    xeno_host_load_finish      (XenoHost *self, GAsyncResult *result, GError **error);
void        xeno_host_sample_async     (XenoHost *self, GCancellable *cancellable,
                                        GAsyncReadyCallback callback, gpointer user_data);
gboolean    xeno_host_sample_finish    (XenoHost *self, GAsyncResult *result,
                                        XenoHostStatsRecord *record, GError **error);

G_END_DECLS
