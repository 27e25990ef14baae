/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The disc with drivers for Windows, as the virtio-win project makes it: where it is, and what is where on it. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

void  xeno_driver_disc_find_async   (GCancellable         *cancellable,
                                     GAsyncReadyCallback   callback,
                                     gpointer              user_data);
char *xeno_driver_disc_find_finish  (GAsyncResult         *result,
                                     GError              **error);
char *xeno_driver_disc_find_drivers (const char           *path,
                                     const char           *os_short_id,
                                     const char           *arch);

G_END_DECLS
