/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Menus that are built when somebody opens them.
 *
 * A menu costs a window a tenth of its start, and most windows are closed with theirs unopened. */
#include "config.h"

#include "widgets/xeno-late-menu.h"

static void
build_cb (GtkMenuButton *button,
          gpointer       user_data)
{
  if (gtk_menu_button_get_menu_model (button) == NULL)
    gtk_menu_button_set_menu_model (button, user_data);
}

/**
 * xeno_late_menu_set:
 * @button: a button without a menu
 * @menu: what it opens
 *
 * Gives @button a menu, whose widgets are made when it is first opened.
 */
void
xeno_late_menu_set (GtkMenuButton *button,
                    GMenuModel    *menu)
{
  g_return_if_fail (GTK_IS_MENU_BUTTON (button));
  g_return_if_fail (G_IS_MENU_MODEL (menu));

  gtk_menu_button_set_create_popup_func (button, build_cb, g_object_ref (menu), g_object_unref);
}
