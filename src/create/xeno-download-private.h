/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What tests need to know of downloads. */
#pragma once

#include "create/xeno-download.h"

G_BEGIN_DECLS

/* How long a server may send nothing. */
#define XENO_DOWNLOAD_STALL_SECONDS 30

XenoJob *xeno_download_start_impatient (const char           *url,
                                        const char           *folder,
                                        guint                 stall_seconds,
                                        GAsyncReadyCallback   callback,
                                        gpointer              user_data);

G_END_DECLS
