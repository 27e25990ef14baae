/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where QEMU's libvirt keeps what it has of a machine and names in no document. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

char *xeno_places_dup_nvram (const char *uri,
                             const char *name);
char *xeno_places_dup_tpm   (const char *uri,
                             const char *uuid,
                             const char *version);

G_END_DECLS
