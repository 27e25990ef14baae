/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A machine in one file, for other computers and other programs. */
#pragma once

#include "base/xeno-job.h"
#include "virt/xeno-machine.h"

G_BEGIN_DECLS

XenoJob    *xeno_export_start        (XenoMachine          *machine,
                                      const char           *path,
                                      const char           *format,
                                      GAsyncReadyCallback   callback,
                                      gpointer              user_data);
gboolean    xeno_export_finish       (GAsyncResult         *result,
                                      GError              **error);
GStrv       xeno_export_get_missing  (GAsyncResult         *result);
const char *xeno_export_guess_format (const char           *path);

G_END_DECLS
