/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How the database lists what can be downloaded. */
#pragma once

#include <osinfo/osinfo.h>

#include "create/xeno-os-download.h"

G_BEGIN_DECLS

GPtrArray *xeno_os_download_list (OsinfoDb   *db,
                                  OsinfoDb   *more_discs,
                                  const char *host_arch);

G_END_DECLS
