/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What we know of systems and discs that the host's database is too old for. */
#pragma once

#include <osinfo/osinfo.h>

G_BEGIN_DECLS

char     *xeno_os_overlay_dup_folder (void);
OsinfoDb *xeno_os_overlay_read       (OsinfoLoader *loader);

G_END_DECLS
