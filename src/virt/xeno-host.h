/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The computer machines run on: what it has, what it does, and whether it is ready. */
#pragma once

#include <gio/gio.h>

#include "virt/xeno-check.h"
#include "virt/xeno-stats-record.h"

G_BEGIN_DECLS

#define XENO_TYPE_HOST (xeno_host_get_type ())

G_DECLARE_FINAL_TYPE (XenoHost, xeno_host, XENO, HOST, GObject)

const char *xeno_host_get_hostname     (XenoHost             *self);
guint       xeno_host_get_n_cpus       (XenoHost             *self);
guint64     xeno_host_get_memory_bytes (XenoHost             *self);
const char *xeno_host_get_cpu_flags    (XenoHost             *self);
gboolean    xeno_host_is_loaded        (XenoHost             *self);
GListModel *xeno_host_get_checks       (XenoHost             *self);
void        xeno_host_load_async       (XenoHost             *self,
                                        GCancellable         *cancellable,
                                        GAsyncReadyCallback   callback,
                                        gpointer              user_data);
gboolean    xeno_host_load_finish      (XenoHost             *self,
                                        GAsyncResult         *result,
                                        GError              **error);
void        xeno_host_sample_async     (XenoHost             *self,
                                        GCancellable         *cancellable,
                                        GAsyncReadyCallback   callback,
                                        gpointer              user_data);
gboolean    xeno_host_sample_finish    (XenoHost             *self,
                                        GAsyncResult         *result,
                                        XenoHostStatsRecord  *record,
                                        GError              **error);

G_END_DECLS
