/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The file an exported machine is written to, which is there when it is whole and not before. */
#pragma once

#include "spec/xeno-ovf.h"

#include <gio/gio.h>

G_BEGIN_DECLS

typedef void (*XenoExportFunc) (double    fraction,
                                gpointer  user_data);

int      xeno_export_open_nameless (const char      *folder,
                                    GError         **error);
void     xeno_export_set_error     (GError         **error,
                                    const char      *folder,
                                    int              number);
gboolean xeno_export_give_name     (int              fd,
                                    const char      *path,
                                    const char      *folder,
                                    GError         **error);
gboolean xeno_export_write         (const char      *path,
                                    const XenoOvf   *ovf,
                                    const int       *disks,
                                    GCancellable    *cancellable,
                                    XenoExportFunc   progress,
                                    gpointer         user_data,
                                    GError         **error);

G_END_DECLS
