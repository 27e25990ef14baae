/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the ways to export a machine share. */
#pragma once

#include "create/xeno-export.h"

G_BEGIN_DECLS

gboolean xeno_export_check_room    (XenoMachine  *machine,
                                    const char   *folder,
                                    guint64       needed_bytes,
                                    GError      **error);
void     xeno_export_set_missing   (GTask        *task,
                                    GStrv         missing);

void     xeno_export_ova_begin     (GTask        *task,
                                    XenoJob      *job,
                                    const char   *path);
void     xeno_export_machine_begin (GTask        *task,
                                    XenoJob      *job,
                                    const char   *path);

G_END_DECLS
