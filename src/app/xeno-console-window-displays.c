/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A guest's monitors, one window each. */
#include "config.h"

#include "app/xeno-console-window-private.h"

static gboolean
shows (XenoConsoleWindow  *self,
       XenoConsoleSession *session,
       guint               head)
{
  for (int i = 0; i < adw_tab_view_get_n_pages (self->tabs); i++)
    {
      AdwTabPage *page = adw_tab_view_get_nth_page (self->tabs, i);
      XenoConsoleView *view = XENO_CONSOLE_VIEW (adw_tab_page_get_child (page));

      if (xeno_console_view_get_session (view) == session &&
          xeno_console_get_head (xeno_console_view_get_console (view)) == head)
        return TRUE;
    }
  return FALSE;
}

static gboolean
is_shown (XenoConsoleSession *session,
          guint               head)
{
  g_autoptr(GList) windows = gtk_window_list_toplevels ();

  for (GList *l = windows; l != NULL; l = l->next)
    if (XENO_IS_CONSOLE_WINDOW (l->data) && shows (l->data, session, head))
      return TRUE;
  return FALSE;
}

static void
spread_displays_cb (GtkWidget  *widget,
                    const char *action,
                    GVariant   *parameter)
{
  XenoConsoleWindow *self = XENO_CONSOLE_WINDOW (widget);
  XenoConsoleSession *session = xeno_console_view_get_session (self->view);
  XenoConsoleBackend *backend = xeno_console_session_get_backend (session);
  const XenoDisplayHead *heads;
  guint n_heads;

  if (backend == NULL)
    return;

  heads = xeno_console_backend_get_heads (backend, &n_heads);
  for (guint i = 0; i < n_heads; i++)
    if (!is_shown (session, heads[i].id))
      {
        XenoConsoleWindow *window = xeno_console_window_make_sibling (self);

        xeno_console_window_add_session (window, session);
        xeno_console_set_head (xeno_console_view_get_console (window->view), heads[i].id);
        gtk_window_present (GTK_WINDOW (window));
      }
}

void
xeno_console_window_class_init_displays (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "win.spread-displays", NULL, spread_displays_cb);
}
