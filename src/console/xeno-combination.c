/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Key combinations the desktop would keep for itself, to be sent to a guest from a menu. */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "console/xeno-combination.h"
#include "console/xeno-qnum.h"

#define CTRL  XENO_QNUM_CONTROL_L
#define ALT   XENO_QNUM_ALT_L
#define SUPER XENO_QNUM_SUPER_L

static const XenoCombination combinations[] = {
  { "ctrl-alt-delete", N_("Ctrl+Alt+Delete"), 0, { CTRL, ALT, 0xd3 } },
  { "ctrl-alt-backspace", N_("Ctrl+Alt+Backspace"), 0, { CTRL, ALT, 0x0e } },
  { "alt-tab", N_("Alt+Tab"), 1, { ALT, 0x0f } },
  { "ctrl-escape", N_("Ctrl+Escape"), 1, { CTRL, 0x01 } },
  { "super", N_("Super"), 1, { SUPER } },
  { "print", N_("Print Screen"), 1, { 0x54 } },
  { "ctrl-alt-left", N_("Ctrl+Alt+Left"), 2, { CTRL, ALT, 0xcb } },
  { "ctrl-alt-right", N_("Ctrl+Alt+Right"), 2, { CTRL, ALT, 0xcd } },
  { "ctrl-alt-up", N_("Ctrl+Alt+Up"), 2, { CTRL, ALT, 0xc8 } },
  { "ctrl-alt-down", N_("Ctrl+Alt+Down"), 2, { CTRL, ALT, 0xd0 } },
  { "ctrl-alt-f1", N_("Ctrl+Alt+F1"), 3, { CTRL, ALT, 0x3b } },
  { "ctrl-alt-f2", N_("Ctrl+Alt+F2"), 3, { CTRL, ALT, 0x3c } },
  { "ctrl-alt-f3", N_("Ctrl+Alt+F3"), 3, { CTRL, ALT, 0x3d } },
  { "ctrl-alt-f4", N_("Ctrl+Alt+F4"), 3, { CTRL, ALT, 0x3e } },
  { "ctrl-alt-f5", N_("Ctrl+Alt+F5"), 3, { CTRL, ALT, 0x3f } },
  { "ctrl-alt-f6", N_("Ctrl+Alt+F6"), 3, { CTRL, ALT, 0x40 } },
  { "ctrl-alt-f7", N_("Ctrl+Alt+F7"), 3, { CTRL, ALT, 0x41 } },
  { "ctrl-alt-f8", N_("Ctrl+Alt+F8"), 3, { CTRL, ALT, 0x42 } },
  { "ctrl-alt-f9", N_("Ctrl+Alt+F9"), 3, { CTRL, ALT, 0x43 } },
  { "ctrl-alt-f10", N_("Ctrl+Alt+F10"), 3, { CTRL, ALT, 0x44 } },
  { "ctrl-alt-f11", N_("Ctrl+Alt+F11"), 3, { CTRL, ALT, 0x57 } },
  { "ctrl-alt-f12", N_("Ctrl+Alt+F12"), 3, { CTRL, ALT, 0x58 } },
  { "alt-sysrq", N_("Alt+SysRq"), 4, { ALT, 0x54 } },
  { "alt-sysrq-r", N_("Alt+SysRq+R: take the keyboard back"), 4, { ALT, 0x54, 0x13 } },
  { "alt-sysrq-e", N_("Alt+SysRq+E: ask all programs to end"), 4, { ALT, 0x54, 0x12 } },
  { "alt-sysrq-i", N_("Alt+SysRq+I: end all programs"), 4, { ALT, 0x54, 0x17 } },
  { "alt-sysrq-s", N_("Alt+SysRq+S: write everything to disk"), 4, { ALT, 0x54, 0x1f } },
  { "alt-sysrq-u", N_("Alt+SysRq+U: make disks read-only"), 4, { ALT, 0x54, 0x16 } },
  { "alt-sysrq-b", N_("Alt+SysRq+B: reboot at once"), 4, { ALT, 0x54, 0x30 } },
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

/* The menu's sections; those with a name are menus of their own. */
static const char *const sections[] = {
  NULL, NULL, N_("Ctrl+Alt+_Arrows"), N_("Ctrl+Alt+_F Keys"), N_("Magic _SysRq"),
};

static GMenuModel *
make_section (guint       number,
              const char *action)
{
  GMenu *section = g_menu_new ();

  for (gsize i = 0; i < G_N_ELEMENTS (combinations); i++)
    {
      g_autoptr(GMenuItem) item = NULL;

      if (combinations[i].section != number)
        continue;

      item = g_menu_item_new (_(combinations[i].label), NULL);
      g_menu_item_set_action_and_target_value (item, action, xeno_combination_to_variant (&combinations[i]));
      g_menu_append_item (section, item);
    }

  return G_MENU_MODEL (section);
}

/**
 * xeno_combination_to_variant:
 * @self: a combination
 *
 * Returns: (transfer floating): its keys, as the action of the menu takes them: "au"
 */
GVariant *
xeno_combination_to_variant (const XenoCombination *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return g_variant_new_fixed_array (G_VARIANT_TYPE_UINT32, self->qnums, xeno_combination_get_n_keys (self),
                                    sizeof *self->qnums);
}

/**
 * xeno_combination_append_to_menu:
 * @menu: a menu
 * @action: name of an action that takes the numbers of keys: "au"
 *
 * Appends all combinations, in sections and in menus below.
 */
void
xeno_combination_append_to_menu (GMenu      *menu,
                                 const char *action)
{
  g_autoptr(GMenu) more = g_menu_new ();

  g_return_if_fail (G_IS_MENU (menu));
  g_return_if_fail (action != NULL);

  for (guint i = 0; i < G_N_ELEMENTS (sections); i++)
    {
      g_autoptr(GMenuModel) section = make_section (i, action);

      if (sections[i] == NULL)
        g_menu_append_section (menu, NULL, section);
      else
        g_menu_append_submenu (more, _(sections[i]), section);
    }
  g_menu_append_section (menu, NULL, G_MENU_MODEL (more));
}
