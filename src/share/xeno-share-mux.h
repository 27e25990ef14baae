/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The connections of a guest's programs, which come side by side through one socket. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* A guest with more of them at a time is up to something. */
#define XENO_SHARE_MAX_CLIENTS 32

typedef struct _XenoShareMux XenoShareMux;

/**
 * XenoShareAccept:
 * @stream: (transfer full): a new connection
 * @user_data: as given
 *
 * Serves a connection.
 */
typedef void (*XenoShareAccept) (GIOStream *stream,
                                 gpointer   user_data);

XenoShareMux *xeno_share_mux_new  (int              fd,
                                   XenoShareAccept  accept,
                                   GSourceOnceFunc  ended,
                                   gpointer         user_data);
void          xeno_share_mux_free (XenoShareMux    *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (XenoShareMux, xeno_share_mux_free)

G_END_DECLS
