/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Install scripts, as libosinfo writes them. */
#pragma once

#include <osinfo/osinfo.h>

#include "create/xeno-install-offer.h"
#include "create/xeno-media.h"
#include "create/xeno-os.h"

G_BEGIN_DECLS

GPtrArray         *xeno_os_script_list  (OsinfoDb               *db,
                                         XenoOs                 *os,
                                         XenoMedia              *media);
XenoInstallScript *xeno_os_script_write (OsinfoDb               *db,
                                         XenoOs                 *os,
                                         XenoMedia              *media,
                                         const XenoInstallWish  *wish,
                                         GError                **error);

G_END_DECLS
