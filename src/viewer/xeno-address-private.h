/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the two ways to describe an address share. */
#pragma once

#include "viewer/xeno-address.h"

G_BEGIN_DECLS

/* A host name, a subject, a title: nothing that is longer is one. */
#define XENO_ADDRESS_MAX_TEXT 512

XenoAddress *xeno_address_new_empty (void);
const char  *xeno_address_find_kind (const char         *name);
gboolean     xeno_address_check     (const XenoAddress  *self,
                                     GError            **error);

G_END_DECLS
