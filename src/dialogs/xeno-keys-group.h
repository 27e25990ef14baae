/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The key combinations of a person's own: records, lists and removes them. */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define XENO_TYPE_KEYS_GROUP (xeno_keys_group_get_type ())

G_DECLARE_FINAL_TYPE (XenoKeysGroup, xeno_keys_group, XENO, KEYS_GROUP, AdwPreferencesGroup)

void xeno_keys_group_set_settings (XenoKeysGroup *self,
                                   GSettings     *settings);

G_END_DECLS
