/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Carries bytes between a server's connection and the decoder's socket. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

void xeno_relay_run (GIOStream *server,
                     GSocket   *socket,
                     GIOStream *decoder);

G_END_DECLS
