/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Serves the shared folder over WebDAV. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _XenoShareServer XenoShareServer;

XenoShareServer *xeno_share_server_new    (int              folder,
                                           gboolean         is_writable);
void             xeno_share_server_free   (XenoShareServer *self);
void             xeno_share_server_accept (GIOStream       *stream,
                                           gpointer         server);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (XenoShareServer, xeno_share_server_free)

G_END_DECLS
