/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Turns libvirt's errors into ours: the only place that knows both. */
#pragma once

#include "base/xeno-error.h"

G_BEGIN_DECLS

XenoError xeno_virt_error_map      (int          libvirt_code);
void      xeno_virt_error_silence  (void);
gboolean  xeno_virt_error_is       (int          libvirt_code);
gboolean  xeno_virt_error_is_acceleration (void);
void      xeno_virt_set_error      (GError     **error,
                                    const char  *format,
                                    ...) G_GNUC_PRINTF (2, 3);
void      xeno_virt_set_error_from (GError     **error,
                                    int          libvirt_code,
                                    const char  *libvirt_message,
                                    const char  *what);
void      xeno_virt_set_open_error (GError     **error,
                                    const char  *uri);

G_END_DECLS
