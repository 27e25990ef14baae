/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The guest's monitors in the menu of its console: which one is shown, and one window for each. */
#include "config.h"

#include <glib/gi18n.h>

#include "app/xeno-console-view-private.h"

static GMenuItem *
make_item (const XenoDisplayHead *head,
           guint                  number)
{
  g_autofree char *label = NULL;
  GMenuItem *item;

  /* Translators: the number of a guest’s monitor, its width and its height */
  label = g_strdup_printf (_("Display %u (%u × %u)"), number, head->width, head->height);
  item = g_menu_item_new (label, NULL);
  g_menu_item_set_action_and_target (item, "console.head", "u", head->id);
  return item;
}

/*
 * With one monitor there is nothing to choose.
 */
void
xeno_console_view_update_displays (XenoConsoleView *self)
{
  XenoConsoleBackend *backend = xeno_console_session_get_backend (self->session);
  g_autoptr(GMenu) displays = g_menu_new ();
  const XenoDisplayHead *heads;
  guint n_heads = 0;

  g_menu_remove_all (self->displays);
  heads = backend != NULL ? xeno_console_backend_get_heads (backend, &n_heads) : NULL;
  if (n_heads < 2)
    return;

  for (guint i = 0; i < n_heads; i++)
    {
      g_autoptr(GMenuItem) item = make_item (&heads[i], i + 1);

      g_menu_append_item (displays, item);
    }
  g_menu_append (displays, _("_One Window Each"), "win.spread-displays");
  g_menu_append_submenu (self->displays, _("_Displays"), G_MENU_MODEL (displays));
}

/*
 * To be called when the session has another display.
 */
void
xeno_console_view_follow_displays (XenoConsoleView *self)
{
  XenoConsoleBackend *backend = xeno_console_session_get_backend (self->session);

  if (backend != NULL)
    g_signal_connect_object (backend, "heads-changed", G_CALLBACK (xeno_console_view_update_displays), self,
                             G_CONNECT_SWAPPED);
  xeno_console_view_update_displays (self);
}

/**
 * xeno_console_view_get_displays:
 * @self: a view
 *
 * Returns: (transfer none): the guest's monitors as a menu, empty with one monitor
 */
GMenuModel *
xeno_console_view_get_displays (XenoConsoleView *self)
{
  g_return_val_if_fail (XENO_IS_CONSOLE_VIEW (self), NULL);

  return G_MENU_MODEL (self->displays);
}
