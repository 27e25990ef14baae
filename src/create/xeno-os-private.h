/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How the database makes operating systems. */
#pragma once

#include <osinfo/osinfo.h>

#include "create/xeno-os.h"

G_BEGIN_DECLS

XenoOs *xeno_os_new_from_osinfo (OsinfoOs   *os,
                                 const char *arch);
int     xeno_os_compare_age     (XenoOs     *first,
                                 XenoOs     *second);

G_END_DECLS
