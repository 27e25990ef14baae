/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The libosinfo database itself. Every call blocks, and one thread at a time may make one. */
#pragma once

#include "create/xeno-media.h"
#include "create/xeno-os-private.h"

G_BEGIN_DECLS

typedef struct _XenoOsLibrary XenoOsLibrary;

/**
 * XenoOsFinding:
 * @id: (nullable): a libosinfo id, or %NULL where nothing was found
 * @facts: (nullable): what is known of it
 *
 * What was found in the database.
 */
typedef struct
{
  char        *id;
  XenoOsFacts *facts;
} XenoOsFinding;

XenoOsLibrary *xeno_os_library_new      (void);
XenoOsLibrary *xeno_os_library_ref      (XenoOsLibrary  *self);
void           xeno_os_library_unref    (XenoOsLibrary  *self);
GPtrArray     *xeno_os_library_load     (XenoOsLibrary  *self,
                                         GError        **error);
XenoOsFinding *xeno_os_library_describe (XenoOsLibrary  *self,
                                         const char     *id);
XenoOsFinding *xeno_os_library_identify (XenoOsLibrary  *self,
                                         XenoMedia      *media);

XenoOsFinding *xeno_os_finding_new      (const char     *id,
                                         XenoOsFacts    *facts);
void           xeno_os_finding_free     (XenoOsFinding  *finding);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (XenoOsFinding, xeno_os_finding_free)

G_END_DECLS
