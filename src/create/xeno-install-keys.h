/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SSH keys in scripts of installers, which libosinfo does not write there. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

gboolean  xeno_install_keys_can_be_in (const char         *file_name);
char     *xeno_install_keys_add       (const char         *file_name,
                                       const char         *text,
                                       const char         *user,
                                       const char * const *keys);

G_END_DECLS
