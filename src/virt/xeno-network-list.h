/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The networks a host has for its machines, by name. */
#pragma once

#include "virt/xeno-connection.h"

G_BEGIN_DECLS

void  xeno_network_list_async  (XenoConnection       *connection,
                                GCancellable         *cancellable,
                                GAsyncReadyCallback   callback,
                                gpointer              user_data);
GStrv xeno_network_list_finish (XenoConnection       *connection,
                                GAsyncResult         *result,
                                GError              **error);

G_END_DECLS
