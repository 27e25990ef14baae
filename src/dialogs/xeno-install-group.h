/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The part of the review page in which a person lets a system install itself. */
#pragma once

#include <adwaita.h>

#include "create/xeno-recipe.h"

G_BEGIN_DECLS

#define XENO_TYPE_INSTALL_GROUP (xeno_install_group_get_type ())

/* Signal: "changed" (): something else is said. */
G_DECLARE_FINAL_TYPE (XenoInstallGroup, xeno_install_group, XENO, INSTALL_GROUP, AdwBin)

void     xeno_install_group_show         (XenoInstallGroup     *self,
                                          XenoOsDb             *os_db,
                                          XenoRecipe           *recipe,
                                          XenoOs               *os);
void     xeno_install_group_set_title    (XenoInstallGroup     *self,
                                          const char           *title);
gboolean xeno_install_group_is_wanted    (XenoInstallGroup     *self);
gboolean xeno_install_group_check        (XenoInstallGroup     *self);
void     xeno_install_group_write_async  (XenoInstallGroup     *self,
                                          GCancellable         *cancellable,
                                          GAsyncReadyCallback   callback,
                                          gpointer              user_data);
gboolean xeno_install_group_write_finish (XenoInstallGroup     *self,
                                          GAsyncResult         *result,
                                          GError              **error);

G_END_DECLS
