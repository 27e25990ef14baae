/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The part of the review page about how much of everything a machine gets. */
#pragma once

#include <adwaita.h>

#include "create/xeno-recipe.h"

G_BEGIN_DECLS

#define XENO_TYPE_RESOURCES_GROUP (xeno_resources_group_get_type ())

/* Signal: "changed" (): the recipe has other resources now. */
G_DECLARE_FINAL_TYPE (XenoResourcesGroup, xeno_resources_group, XENO, RESOURCES_GROUP, AdwBin)

void     xeno_resources_group_show  (XenoResourcesGroup *self,
                                     XenoRecipe         *recipe,
                                     XenoHost           *host,
                                     guint64             free_bytes);
gboolean xeno_resources_group_check (XenoResourcesGroup *self,
                                     const GError       *obstacle,
                                     guint64             promised_bytes);

G_END_DECLS
