/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Key combinations the desktop would keep for itself, to be sent to a guest from a menu. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define XENO_COMBINATION_MAX_KEYS 3

/**
 * XenoCombination:
 * @id: stable name: "ctrl-alt-delete"
 * @label: untranslated title, marked with N_()
 * @section: menu section
 * @qnums: QEMU's numbers of the keys in the order they go down, 0 after the last
 *
 * One row of the Send Keys menu.
 */
typedef struct
{
  const char *id;
  const char *label;
  guint       section;
  guint       qnums[XENO_COMBINATION_MAX_KEYS + 1];
} XenoCombination;

const XenoCombination *xeno_combination_list           (gsize                 *n_combinations);
const XenoCombination *xeno_combination_find           (const char            *id);
gsize                  xeno_combination_get_n_keys     (const XenoCombination *self);
GVariant              *xeno_combination_to_variant     (const XenoCombination *self);
void                   xeno_combination_append_to_menu (GMenu                 *menu,
                                                        const char            *action);

G_END_DECLS
