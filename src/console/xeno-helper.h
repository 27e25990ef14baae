/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A process that serves one of the guest's ports, out of reach of everything it does not need. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define XENO_TYPE_HELPER (xeno_helper_get_type ())

G_DECLARE_FINAL_TYPE (XenoHelper, xeno_helper, XENO, HELPER, GObject)

XenoHelper *xeno_helper_new  (const char         *variable,
                              const char         *path);
int         xeno_helper_open (XenoHelper         *self,
                              const char *const  *arguments,
                              int                 other_fd,
                              GError            **error);
void        xeno_helper_stop (XenoHelper         *self);

G_END_DECLS
