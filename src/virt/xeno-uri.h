/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a connection's address says before anything is opened. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

gboolean  xeno_uri_is_local         (const char *uri);
gboolean  xeno_uri_has_known_driver (const char *uri);
char     *xeno_uri_dup_title        (const char *uri,
                                     const char *default_uri);

G_END_DECLS
