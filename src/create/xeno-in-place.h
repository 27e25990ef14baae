/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Whether a machine can have a file as its disk, where the file is. */
#pragma once

#include "virt/xeno-connection.h"

G_BEGIN_DECLS

void     xeno_in_place_check_async  (XenoConnection       *connection,
                                     const char           *path,
                                     GCancellable         *cancellable,
                                     GAsyncReadyCallback   callback,
                                     gpointer              user_data);
gboolean xeno_in_place_check_finish (GAsyncResult         *result,
                                     GError              **error);

G_END_DECLS
