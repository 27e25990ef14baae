/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Machines of libvirt's test driver, one in each state, and consoles on them whose screens are fakes. */
#pragma once

#include "app/xeno-console-window.h"
#include "support/xeno-backend-fake.h"
#include "virt/xeno-connection.h"

G_BEGIN_DECLS

/* The backend a session asked for last, and how many were; tests move it. */
extern XenoConsoleBackend *last_backend;
extern guint               n_opened;

XenoConnection     *open_machines  (char          **path);
void                close_machines (XenoConnection *connection,
                                    char           *path);
XenoConsoleSession *open_session   (XenoConnection *connection,
                                    const char     *name);
void                await_gone     (gpointer        window);
gboolean            is_null        (gpointer        data);
void                set_fullscreen (gpointer        window,
                                    gboolean        fullscreen);

G_END_DECLS
