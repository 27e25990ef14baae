/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The guest's monitors in the menu of its console: which are shown here, and which in windows of their own. */
#include "config.h"

#include <glib/gi18n.h>

#include "app/xeno-console-view-private.h"
#include "console/xeno-guest-monitors.h"

static XenoConsoleBackend *
get_backend (XenoConsoleView *self)
{
  return xeno_console_session_get_backend (self->session);
}

static gboolean
can_turn_on (XenoConsoleBackend *backend)
{
  XenoGuest *guest = xeno_console_backend_get_guest (backend);

  return guest != NULL && xeno_guest_can (guest, XENO_DISPLAY_ABILITY_RESIZE);
}

static gboolean
is_on (XenoConsoleBackend *backend,
       guint               id)
{
  guint n_heads;
  const XenoDisplayHead *heads = xeno_console_backend_get_heads (backend, &n_heads);

  for (guint i = 0; i < n_heads; i++)
    if (heads[i].id == id)
      return TRUE;
  return n_heads == 0 && id == 0;
}

static void
append_item (GMenu      *menu,
             const char *label,
             const char *action,
             guint       target)
{
  g_autoptr(GMenuItem) item = g_menu_item_new (label, NULL);

  g_menu_item_set_action_and_target (item, action, "u", target);
  g_menu_append_item (menu, item);
}

static GMenuModel *
make_choice (XenoConsoleBackend *backend)
{
  GMenu *menu = g_menu_new ();
  guint n_heads;
  const XenoDisplayHead *heads = xeno_console_backend_get_heads (backend, &n_heads);

  for (guint i = 0; i < n_heads; i++)
    {
      /* Translators: the number of a guest’s monitor, its width and its height */
      g_autofree char *label = g_strdup_printf (_("Display %u (%u × %u)"), heads[i].id + 1, heads[i].width,
                                                heads[i].height);

      append_item (menu, label, "console.head", heads[i].id);
    }
  if (n_heads > 1)
    append_item (menu, _("_Side by Side"), "console.head", XENO_ALL_HEADS);
  return G_MENU_MODEL (menu);
}

static GMenuModel *
make_windows (XenoConsoleView *self,
              const guint     *ids,
              guint            n_ids)
{
  GMenu *menu = g_menu_new ();

  for (guint i = 0; i < n_ids; i++)
    {
      g_autofree char *label = NULL;

      if (is_on (get_backend (self), ids[i]))
        /* Translators: %u is the number of a guest’s monitor */
        label = g_strdup_printf (_("Open Display %u in New Window"), ids[i] + 1);
      else
        /* Translators: %u is the number of a guest’s monitor that is off */
        label = g_strdup_printf (_("Turn On Display %u in New Window"), ids[i] + 1);

      append_item (menu, label, "win.open-display", ids[i]);
    }
  g_menu_append (menu, _("_One Window Each"), "win.spread-displays");
  return G_MENU_MODEL (menu);
}

/* With one monitor on the desk there is nothing to spread over. */
static GMenuModel *
make_full_screen (XenoConsoleView *self)
{
  GListModel *monitors = gdk_display_get_monitors (gtk_widget_get_display (GTK_WIDGET (self)));
  GMenu *menu = g_menu_new ();

  if (g_list_model_get_n_items (monitors) > 1)
    g_menu_append (menu, _("_Full Screen on All Monitors"), "win.fullscreen-displays");
  return G_MENU_MODEL (menu);
}

/**
 * xeno_console_view_list_displays:
 * @self: a view
 * @ids: (out caller-allocates): numbers of monitors
 *
 * Lists the monitors that the guest has, and those that it could turn on.
 *
 * Returns: how many there are
 */
guint
xeno_console_view_list_displays (XenoConsoleView *self,
                                 guint            ids[XENO_DISPLAY_MAX_HEADS])
{
  XenoConsoleBackend *backend = get_backend (self);
  const XenoDisplayHead *heads;
  guint n_heads, n_ids = 0, outputs;

  g_return_val_if_fail (XENO_IS_CONSOLE_VIEW (self), 0);

  if (backend == NULL)
    return 0;

  outputs = can_turn_on (backend) ? xeno_console_backend_get_outputs (backend) : 0;
  for (guint id = 0; id < XENO_DISPLAY_MAX_HEADS; id++)
    if (is_on (backend, id) || id < outputs)
      ids[n_ids++] = id;

  /* A server may count from anywhere. */
  heads = xeno_console_backend_get_heads (backend, &n_heads);
  for (guint i = 0; i < n_heads && n_ids < XENO_DISPLAY_MAX_HEADS; i++)
    if (heads[i].id >= XENO_DISPLAY_MAX_HEADS)
      ids[n_ids++] = heads[i].id;
  return n_ids;
}

/*
 * With one monitor there is nothing to choose.
 */
void
xeno_console_view_update_displays (XenoConsoleView *self)
{
  g_autoptr(GMenu) displays = g_menu_new ();
  g_autoptr(GMenuModel) choice = NULL;
  g_autoptr(GMenuModel) windows = NULL;
  g_autoptr(GMenuModel) full_screen = NULL;
  guint ids[XENO_DISPLAY_MAX_HEADS];
  guint n_ids = xeno_console_view_list_displays (self, ids);

  g_menu_remove_all (self->displays);
  self->has_displays = n_ids > 1;
  if (!self->has_displays)
    return;

  choice = make_choice (get_backend (self));
  windows = make_windows (self, ids, n_ids);
  full_screen = make_full_screen (self);
  g_menu_append_section (displays, NULL, choice);
  g_menu_append_section (displays, NULL, windows);
  g_menu_append_section (displays, NULL, full_screen);
  g_menu_append_submenu (self->displays, _("_Displays"), G_MENU_MODEL (displays));
}

static void
displays_cb (XenoConsoleView *self)
{
  xeno_console_view_update_displays (self);
  xeno_console_view_update (self);
}

/*
 * To be called when the session has another display.
 */
void
xeno_console_view_follow_displays (XenoConsoleView *self)
{
  XenoConsoleBackend *backend = get_backend (self);
  XenoGuest *guest = backend != NULL ? xeno_console_backend_get_guest (backend) : NULL;

  if (backend != NULL)
    g_signal_connect_object (backend, "heads-changed", G_CALLBACK (displays_cb), self, G_CONNECT_SWAPPED);
  if (guest != NULL)
    g_signal_connect_object (guest, "notify::abilities", G_CALLBACK (displays_cb), self, G_CONNECT_SWAPPED);
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
