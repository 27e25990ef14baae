/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Who logs in to a guest, and what it is called: the rows that all have who are told that. */
#pragma once

#include <adwaita.h>

#include "create/xeno-install-offer.h"

G_BEGIN_DECLS

#define XENO_TYPE_LOGIN_GROUP (xeno_login_group_get_type ())

/* Signal: "changed" (): something else is said. */
G_DECLARE_FINAL_TYPE (XenoLoginGroup, xeno_login_group, XENO, LOGIN_GROUP, AdwPreferencesGroup)

void        xeno_login_group_set_title    (XenoLoginGroup         *self,
                                           const char             *title);
void        xeno_login_group_show_offer   (XenoLoginGroup         *self,
                                           const XenoInstallOffer *offer);
XenoSeed   *xeno_login_group_dup_seed     (XenoLoginGroup         *self);
const char *xeno_login_group_get_realname (XenoLoginGroup         *self);

G_END_DECLS
