/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Key combinations a person has recorded, kept in the settings. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define XENO_OWN_COMBINATION_MAX_KEYS 6

#define XENO_TYPE_OWN_COMBINATION (xeno_own_combination_get_type ())

G_DECLARE_FINAL_TYPE (XenoOwnCombination, xeno_own_combination, XENO, OWN_COMBINATION, GObject)

XenoOwnCombination *xeno_own_combination_new            (const char         *name,
                                                         const guint        *qnums,
                                                         gsize               n_qnums);
const char         *xeno_own_combination_get_name       (XenoOwnCombination *self);
GVariant           *xeno_own_combination_to_variant     (XenoOwnCombination *self);
GListModel         *xeno_own_combination_load           (GSettings          *settings);
void                xeno_own_combination_store          (GSettings          *settings,
                                                         GListModel         *combinations);
void                xeno_own_combination_append_to_menu (GListModel         *combinations,
                                                         GMenu              *menu,
                                                         const char         *action);

G_END_DECLS
