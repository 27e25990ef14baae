/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A “#cloud-config” that a person wrote: whether cloud-init could read it, and what it is about. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _XenoUserData XenoUserData;

XenoUserData *xeno_user_data_parse   (const char    *text,
                                      GError       **error);
void          xeno_user_data_free    (XenoUserData  *self);
gboolean      xeno_user_data_has_key (XenoUserData  *self,
                                      const char    *key);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (XenoUserData, xeno_user_data_free)

G_END_DECLS
