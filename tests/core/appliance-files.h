/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Appliances made by hand. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

char       *appliance_make_ovf (const char *const *disks,
                                const char        *more);
char       *appliance_make_several (const char *const *disks);
GByteArray *appliance_add      (GByteArray        *archive,
                                const char        *name,
                                const void        *bytes,
                                gsize              n_bytes);
GByteArray *appliance_add_text (GByteArray        *archive,
                                const char        *name,
                                const char        *text);
GByteArray *appliance_end      (GByteArray        *archive);

G_END_DECLS
