/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A guest's monitors in windows of their own, and one on each monitor of the desk. */
#include "config.h"

#include "app/xeno-console-window-private.h"
#include "console/xeno-guest-monitors.h"

static AdwTabPage *
find_page (XenoConsoleWindow  *self,
           XenoConsoleSession *session,
           guint               head)
{
  for (int i = 0; i < adw_tab_view_get_n_pages (self->tabs); i++)
    {
      AdwTabPage *page = adw_tab_view_get_nth_page (self->tabs, i);
      XenoConsoleView *view = XENO_CONSOLE_VIEW (adw_tab_page_get_child (page));

      if (xeno_console_view_get_session (view) == session &&
          xeno_console_get_head (xeno_console_view_get_console (view)) == head)
        return page;
    }
  return NULL;
}

/* The window that shows a monitor of the guest's, with it in view. */
static XenoConsoleWindow *
find_window (XenoConsoleSession *session,
             guint               head)
{
  g_autoptr(GList) windows = gtk_window_list_toplevels ();

  for (GList *l = windows; l != NULL; l = l->next)
    {
      XenoConsoleWindow *window = XENO_IS_CONSOLE_WINDOW (l->data) ? l->data : NULL;
      AdwTabPage *page = window != NULL ? find_page (window, session, head) : NULL;

      if (page == NULL)
        continue;

      adw_tab_view_set_selected_page (window->tabs, page);
      return window;
    }
  return NULL;
}

static XenoConsoleWindow *
ensure_window (XenoConsoleWindow *self,
               guint              head)
{
  XenoConsoleSession *session = xeno_console_view_get_session (self->view);
  XenoConsoleWindow *window = find_window (session, head);

  if (window != NULL)
    return window;

  window = xeno_console_window_make_sibling (self);
  xeno_console_window_add_session (window, session);
  xeno_console_view_set_shown (window->view, "screen");
  xeno_console_set_head (xeno_console_view_get_console (window->view), head);
  return window;
}

static void
open_display_cb (GtkWidget  *widget,
                 const char *action,
                 GVariant   *parameter)
{
  XenoConsoleWindow *self = XENO_CONSOLE_WINDOW (widget);

  gtk_window_present (GTK_WINDOW (ensure_window (self, g_variant_get_uint32 (parameter))));
}

/* Of those that are on; for more a person asks one by one. */
static void
spread_displays_cb (GtkWidget  *widget,
                    const char *action,
                    GVariant   *parameter)
{
  XenoConsoleWindow *self = XENO_CONSOLE_WINDOW (widget);
  XenoConsoleBackend *backend =
    xeno_console_session_get_backend (xeno_console_view_get_session (self->view));
  XenoConsole *console = xeno_console_view_get_console (self->view);
  const XenoDisplayHead *heads;
  guint n_heads;

  if (backend == NULL)
    return;

  heads = xeno_console_backend_get_heads (backend, &n_heads);
  if (n_heads > 0 && (xeno_console_get_head (console) == XENO_ALL_HEADS || xeno_console_get_head (console) == 0))
    xeno_console_set_head (console, heads[0].id);
  for (guint i = 0; i < n_heads; i++)
    gtk_window_present (GTK_WINDOW (ensure_window (self, heads[i].id)));
}

/* As many as there are monitors on the desk. What the guest has not, it is asked for. A window that GDK makes
 * full screen before it is mapped is not painted by itself under some window managers. */
static void
fullscreen_displays_cb (GtkWidget  *widget,
                        const char *action,
                        GVariant   *parameter)
{
  XenoConsoleWindow *self = XENO_CONSOLE_WINDOW (widget);
  GListModel *monitors = gdk_display_get_monitors (gtk_widget_get_display (widget));
  guint ids[XENO_DISPLAY_MAX_HEADS];
  guint n_ids = xeno_console_view_list_displays (self->view, ids);

  if (n_ids > 0)
    xeno_console_set_head (xeno_console_view_get_console (self->view), ids[0]);
  for (guint i = 0; i < MIN (n_ids, g_list_model_get_n_items (monitors)); i++)
    {
      g_autoptr(GdkMonitor) monitor = g_list_model_get_item (monitors, i);
      XenoConsoleWindow *window = i > 0 ? ensure_window (self, ids[i]) : self;

      gtk_window_present (GTK_WINDOW (window));
      gtk_window_fullscreen_on_monitor (GTK_WINDOW (window), monitor);
    }
}

void
xeno_console_window_class_init_displays (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "win.open-display", "u", open_display_cb);
  gtk_widget_class_install_action (widget_class, "win.spread-displays", NULL, spread_displays_cb);
  gtk_widget_class_install_action (widget_class, "win.fullscreen-displays", NULL, fullscreen_displays_cb);
}
