/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The thread on which libvirt's events happen, apart from every window. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

void          xeno_event_loop_ensure      (void);
GMainContext *xeno_event_loop_get_context (void);

G_END_DECLS
