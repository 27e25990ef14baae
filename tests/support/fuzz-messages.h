/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Messages of the display protocol as no honest end would send them, the same for the same seed. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

gboolean fuzz_messages_send (GDBusConnection                 *connection,
                             int                              socket_fd,
                             const GDBusInterfaceInfo *const *interfaces,
                             guint                            n_interfaces,
                             guint32                          seed,
                             guint                            n_messages);

G_END_DECLS
