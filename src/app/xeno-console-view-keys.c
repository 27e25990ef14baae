/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What can be pressed on a console's keyboard at once: combinations, those of the person's own among them. */
#include "config.h"

#include <glib/gi18n.h>

#include "app/xeno-console-view-private.h"
#include "console/xeno-combination.h"
#include "console/xeno-own-combination.h"

/* What libosinfo calls the systems that want Ctrl+Alt+Delete before anybody signs in. */
#define WINDOWS_PREFIX "http://microsoft.com/win"

static void
send_keys_cb (GSimpleAction *action,
              GVariant      *parameter,
              gpointer       user_data)
{
  XenoConsoleView *self = user_data;
  gsize n_qnums;
  const guint *qnums = g_variant_get_fixed_array (parameter, &n_qnums, sizeof *qnums);

  for (gsize i = 0; i < n_qnums; i++)
    if (qnums[i] == 0 || qnums[i] > 0xff)
      return;

  xeno_console_send_keys (self->console, qnums, n_qnums);
  gtk_widget_grab_focus (GTK_WIDGET (self->console));
}

void
xeno_console_view_add_keys (XenoConsoleView *self)
{
  static const GActionEntry entries[] = {
    { "send-keys", send_keys_cb, "au" },
  };

  g_action_map_add_action_entries (G_ACTION_MAP (self->actions), entries, G_N_ELEMENTS (entries), self);
}

/*
 * Follows the session: what system it is decides which keys are offered over its screen.
 */
void
xeno_console_view_update_keys (XenoConsoleView *self)
{
  XenoMachine *machine = xeno_console_session_get_machine (self->session);
  const char *os_id = machine != NULL ? xeno_machine_get_os_id (machine) : NULL;
  gboolean is_windows = os_id != NULL && g_str_has_prefix (os_id, WINDOWS_PREFIX);

  g_simple_action_set_enabled (G_SIMPLE_ACTION (g_action_map_lookup_action (G_ACTION_MAP (self->actions), "send-keys")),
                               self->accepts_keys);
  xeno_console_hint_set_is_windows (self->hint, is_windows);

  /* Windows asks about sticky keys when Shift is pressed a few times. */
  xeno_console_set_turns_sideways (self->console, !is_windows);
}

static void
fill_menu (GMenu      *menu,
           const char *key,
           GSettings  *settings)
{
  g_autoptr (GListModel) own = xeno_own_combination_load (settings);
  g_autoptr (GMenu) texts = g_menu_new ();

  g_menu_remove_all (menu);
  xeno_own_combination_append_to_menu (own, menu, "console.send-keys");
  xeno_combination_append_to_menu (menu, "console.send-keys");
  xeno_console_view_append_typing_to_menu (texts);
  g_menu_append_section (menu, NULL, G_MENU_MODEL (texts));
}

/**
 * xeno_console_view_keys_menu_new:
 * @settings: the application's settings
 *
 * Makes the Send Keys menu, for actions of the view that is seen. It follows the settings.
 *
 * Returns: (transfer full): the menu
 */
GMenuModel *
xeno_console_view_keys_menu_new (GSettings *settings)
{
  GMenu *menu;

  g_return_val_if_fail (G_IS_SETTINGS (settings), NULL);

  menu = g_menu_new ();
  g_signal_connect_object (settings, "changed::console-combinations", G_CALLBACK (fill_menu), menu,
                           G_CONNECT_SWAPPED);
  fill_menu (menu, NULL, settings);
  return G_MENU_MODEL (menu);
}
