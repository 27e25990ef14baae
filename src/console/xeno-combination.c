/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Key combinations the desktop would keep for itself, to be sent to a guest from a menu. */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "console/xeno-combination.h"

#define CTRL  0x1d
#define ALT   0x38
#define SUPER 0xdb

static const XenoCombination combinations[] = {
  { "ctrl-alt-delete", N_("Ctrl+Alt+Delete"), 0, { CTRL, ALT, 0xd3 } },
  { "ctrl-alt-backspace", N_("Ctrl+Alt+Backspace"), 0, { CTRL, ALT, 0x0e } },
  { "alt-tab", N_("Alt+Tab"), 1, { ALT, 0x0f } },
  { "ctrl-escape", N_("Ctrl+Escape"), 1, { CTRL, 0x01 } },
  { "super", N_("Super"), 1, { SUPER } },
  { "print", N_("Print Screen"), 1, { 0x54 } },
  { "alt-sysrq", N_("Alt+SysRq"), 1, { ALT, 0x54 } },
  { "ctrl-alt-f1", N_("Ctrl+Alt+F1"), 2, { CTRL, ALT, 0x3b } },
  { "ctrl-alt-f2", N_("Ctrl+Alt+F2"), 2, { CTRL, ALT, 0x3c } },
  { "ctrl-alt-f3", N_("Ctrl+Alt+F3"), 2, { CTRL, ALT, 0x3d } },
  { "ctrl-alt-f4", N_("Ctrl+Alt+F4"), 2, { CTRL, ALT, 0x3e } },
  { "ctrl-alt-f5", N_("Ctrl+Alt+F5"), 2, { CTRL, ALT, 0x3f } },
  { "ctrl-alt-f6", N_("Ctrl+Alt+F6"), 2, { CTRL, ALT, 0x40 } },
  { "ctrl-alt-f7", N_("Ctrl+Alt+F7"), 2, { CTRL, ALT, 0x41 } },
  { "ctrl-alt-f8", N_("Ctrl+Alt+F8"), 2, { CTRL, ALT, 0x42 } },
  { "ctrl-alt-f9", N_("Ctrl+Alt+F9"), 2, { CTRL, ALT, 0x43 } },
  { "ctrl-alt-f10", N_("Ctrl+Alt+F10"), 2, { CTRL, ALT, 0x44 } },
  { "ctrl-alt-f11", N_("Ctrl+Alt+F11"), 2, { CTRL, ALT, 0x57 } },
  { "ctrl-alt-f12", N_("Ctrl+Alt+F12"), 2, { CTRL, ALT, 0x58 } },
};

/**
 * xeno_combination_list:
 * @n_combinations: (out): how many there are
 *
 * Returns: (array length=n_combinations): the combinations, in the order of the menu
 */
const XenoCombination *
xeno_combination_list (gsize *n_combinations)
{
  g_return_val_if_fail (n_combinations != NULL, NULL);

  *n_combinations = G_N_ELEMENTS (combinations);
  return combinations;
}

/**
 * xeno_combination_find:
 * @id: stable name of a combination
 *
 * Returns: (nullable): the combination
 */
const XenoCombination *
xeno_combination_find (const char *id)
{
  g_return_val_if_fail (id != NULL, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (combinations); i++)
    if (g_str_equal (combinations[i].id, id))
      return &combinations[i];

  return NULL;
}

/**
 * xeno_combination_get_n_keys:
 * @self: a combination
 *
 * Returns: how many keys it has
 */
gsize
xeno_combination_get_n_keys (const XenoCombination *self)
{
  gsize n_keys = 0;

  g_return_val_if_fail (self != NULL, 0);

  while (n_keys < XENO_COMBINATION_MAX_KEYS && self->qnums[n_keys] != 0)
    n_keys++;

  return n_keys;
}

/**
 * xeno_combination_menu_new:
 * @action: detailed name of an action that takes a combination's id
 *
 * Returns: (transfer full): a menu of all combinations
 */
GMenuModel *
xeno_combination_menu_new (const char *action)
{
  GMenu *menu = g_menu_new ();
  g_autoptr(GMenu) section = NULL;

  g_return_val_if_fail (action != NULL, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (combinations); i++)
    {
      g_autoptr(GMenuItem) item = g_menu_item_new (_(combinations[i].label), NULL);

      if (i == 0 || combinations[i].section != combinations[i - 1].section)
        {
          g_clear_object (&section);
          section = g_menu_new ();
          g_menu_append_section (menu, NULL, G_MENU_MODEL (section));
        }

      g_menu_item_set_action_and_target (item, action, "s", combinations[i].id);
      g_menu_append_item (section, item);
    }

  return G_MENU_MODEL (menu);
}
