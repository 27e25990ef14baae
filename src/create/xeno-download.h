/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Fetches a large file from the network: with progress, resumed where it broke off, and checked. */
#pragma once

#include "base/xeno-job.h"

G_BEGIN_DECLS

/* What the name of a file ends in while it is not whole. */
#define XENO_DOWNLOAD_PART_SUFFIX ".part"

XenoJob  *xeno_download_start      (const char           *url,
                                    const char           *folder,
                                    GAsyncReadyCallback   callback,
                                    gpointer              user_data);
char     *xeno_download_finish     (GAsyncResult         *result,
                                    gboolean             *is_checked,
                                    GError              **error);
void      xeno_download_discard    (const char           *part_path);
char     *xeno_download_make_name  (const char           *url,
                                    GError              **error);

G_END_DECLS
