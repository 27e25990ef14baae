/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A decoder's process: how it is started, and how it is made to end. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

GSubprocess *xeno_decoder_process_start (const char   *kind,
                                         gboolean      is_remote,
                                         int           fd,
                                         int           board_fd,
                                         int           bell_fd,
                                         GError      **error);
void         xeno_decoder_process_end   (GSubprocess  *process);

G_END_DECLS
