/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The libosinfo database itself. Every call blocks, and one thread at a time may make one. */
#pragma once

#include "create/xeno-install-offer.h"
#include "create/xeno-media.h"
#include "create/xeno-os-private.h"

G_BEGIN_DECLS

typedef struct _XenoOsLibrary XenoOsLibrary;

XenoOsLibrary *xeno_os_library_new      (void);
XenoOsLibrary *xeno_os_library_ref      (XenoOsLibrary  *self);
void           xeno_os_library_unref    (XenoOsLibrary  *self);
GPtrArray     *xeno_os_library_load     (XenoOsLibrary  *self,
                                         GError        **error);
XenoOs        *xeno_os_library_lookup   (XenoOsLibrary  *self,
                                         const char     *id_or_short_id,
                                         GError        **error);
XenoOs        *xeno_os_library_identify (XenoOsLibrary  *self,
                                         XenoMedia      *media,
                                         GError        **error);
GPtrArray     *xeno_os_library_list_offers (XenoOsLibrary  *self,
                                            XenoOs         *os,
                                            XenoMedia      *media,
                                            GError        **error);
XenoInstallScript *xeno_os_library_write_script (XenoOsLibrary          *self,
                                                 XenoOs                 *os,
                                                 XenoMedia              *media,
                                                 const XenoInstallWish  *wish,
                                                 GError                **error);
GPtrArray     *xeno_os_library_list_downloads (XenoOsLibrary  *self,
                                               GError        **error);
void           xeno_os_library_keep     (XenoOsLibrary  *self);

G_END_DECLS
