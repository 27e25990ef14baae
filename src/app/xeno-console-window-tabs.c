/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The console window's tabs: closed, torn off into a window of their own, and gathered again. */
#include "config.h"

#include "app/xeno-console-window-private.h"

static XenoConsoleView *
get_view (AdwTabPage *page)
{
  return XENO_CONSOLE_VIEW (adw_tab_page_get_child (page));
}

/* The one whose context menu is open, else the one in view. */
static AdwTabPage *
get_page (XenoConsoleWindow *self)
{
  return self->menu_page != NULL ? self->menu_page : adw_tab_view_get_selected_page (self->tabs);
}

/*
 * Makes a window as large as this one: what is torn off was seen at that size.
 */
XenoConsoleWindow *
xeno_console_window_make_sibling (XenoConsoleWindow *self)
{
  int width, height;

  gtk_window_get_default_size (GTK_WINDOW (self), &width, &height);
  return g_object_new (XENO_TYPE_CONSOLE_WINDOW,
                       "application", gtk_window_get_application (GTK_WINDOW (self)),
                       "default-width", width,
                       "default-height", height,
                       NULL);
}

static AdwTabView *
create_window_cb (XenoConsoleWindow *self)
{
  XenoConsoleWindow *window = xeno_console_window_make_sibling (self);

  gtk_window_present (GTK_WINDOW (window));
  return window->tabs;
}

static gboolean
close_page_cb (XenoConsoleWindow *self,
               AdwTabPage        *page)
{
  xeno_console_window_store_look (self, get_view (page));
  xeno_console_view_close (get_view (page));
  return GDK_EVENT_PROPAGATE;
}

static void
setup_menu_cb (XenoConsoleWindow *self,
               AdwTabPage        *page)
{
  self->menu_page = page;
  xeno_console_window_update_tabs (self);
}

/* Wherever its tab is by now. */
static void
gone_cb (GtkWidget *view)
{
  GtkWidget *tabs = gtk_widget_get_ancestor (view, ADW_TYPE_TAB_VIEW);

  if (tabs != NULL)
    adw_tab_view_close_page (ADW_TAB_VIEW (tabs), adw_tab_view_get_page (ADW_TAB_VIEW (tabs), view));
}

/*
 * A tab closes when what it shows is no more.
 */
void
xeno_console_window_follow_view (XenoConsoleView *view)
{
  g_signal_connect_object (xeno_console_view_get_session (view), "gone", G_CALLBACK (gone_cb), view,
                           G_CONNECT_SWAPPED);
}

static void
attached_cb (XenoConsoleWindow *self,
             AdwTabPage        *page)
{
  xeno_console_set_reserved (xeno_console_view_get_console (get_view (page)),
                             G_LIST_MODEL (self->reserved_shortcuts));
}

/* A window whose last tab went elsewhere has nothing to show. */
static void
pages_cb (XenoConsoleWindow *self)
{
  xeno_console_window_update_tabs (self);
  if (adw_tab_view_get_n_pages (self->tabs) == 0 &&
      !adw_tab_view_get_is_transferring_page (self->tabs))
    gtk_window_close (GTK_WINDOW (self));
}

static void
close_tab_cb (GtkWidget  *widget,
              const char *action,
              GVariant   *parameter)
{
  XenoConsoleWindow *self = XENO_CONSOLE_WINDOW (widget);

  /* The last one goes with its window, which is still of its size then. */
  if (adw_tab_view_get_n_pages (self->tabs) > 1)
    adw_tab_view_close_page (self->tabs, get_page (self));
  else
    gtk_window_close (GTK_WINDOW (self));
}

static void
next_tab_cb (GtkWidget  *widget,
             const char *action,
             GVariant   *parameter)
{
  XenoConsoleWindow *self = XENO_CONSOLE_WINDOW (widget);

  if (!adw_tab_view_select_next_page (self->tabs))
    adw_tab_view_set_selected_page (self->tabs, adw_tab_view_get_nth_page (self->tabs, 0));
}

static void
previous_tab_cb (GtkWidget  *widget,
                 const char *action,
                 GVariant   *parameter)
{
  XenoConsoleWindow *self = XENO_CONSOLE_WINDOW (widget);
  int n_pages = adw_tab_view_get_n_pages (self->tabs);

  if (!adw_tab_view_select_previous_page (self->tabs))
    adw_tab_view_set_selected_page (self->tabs, adw_tab_view_get_nth_page (self->tabs, n_pages - 1));
}

static void
move_to_new_window_cb (GtkWidget  *widget,
                       const char *action,
                       GVariant   *parameter)
{
  XenoConsoleWindow *self = XENO_CONSOLE_WINDOW (widget);
  XenoConsoleWindow *window = xeno_console_window_make_sibling (self);

  adw_tab_view_transfer_page (self->tabs, get_page (self), window->tabs, 0);
  gtk_window_present (GTK_WINDOW (window));
}

static GList *
list_others (XenoConsoleWindow *self)
{
  g_autoptr(GList) windows = gtk_window_list_toplevels ();
  GList *others = NULL;

  for (GList *l = windows; l != NULL; l = l->next)
    if (XENO_IS_CONSOLE_WINDOW (l->data) && l->data != self)
      others = g_list_prepend (others, l->data);

  return others;
}

static void
gather_cb (GtkWidget  *widget,
           const char *action,
           GVariant   *parameter)
{
  XenoConsoleWindow *self = XENO_CONSOLE_WINDOW (widget);
  g_autoptr(GList) others = list_others (self);

  /* The last tab that goes takes its window along. */
  for (GList *l = others; l != NULL; l = l->next)
    {
      g_autoptr(AdwTabView) tabs = g_object_ref (XENO_CONSOLE_WINDOW (l->data)->tabs);

      for (int n_pages = adw_tab_view_get_n_pages (tabs); n_pages > 0; n_pages--)
        adw_tab_view_transfer_page (tabs, adw_tab_view_get_nth_page (tabs, 0), self->tabs,
                                    adw_tab_view_get_n_pages (self->tabs));
    }
}

/*
 * What can be done with tabs, and which keys are theirs, follows how many there are.
 */
void
xeno_console_window_update_tabs (XenoConsoleWindow *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  g_autoptr(GList) others = list_others (self);
  gboolean has_several = adw_tab_view_get_n_pages (self->tabs) > 1;
  gboolean reserves_tabs = g_list_model_get_n_items (G_LIST_MODEL (self->reserved)) > 1;

  gtk_widget_action_set_enabled (widget, "win.next-tab", has_several);
  gtk_widget_action_set_enabled (widget, "win.previous-tab", has_several);
  gtk_widget_action_set_enabled (widget, "win.move-to-new-window", has_several);
  gtk_widget_action_set_enabled (widget, "win.gather", others != NULL);

  if (has_several && !reserves_tabs)
    g_list_store_append (self->reserved, self->tab_shortcuts);
  else if (!has_several && reserves_tabs)
    g_list_store_remove (self->reserved, 1);
}

void
xeno_console_window_class_init_tabs (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_callback (widget_class, attached_cb);
  gtk_widget_class_bind_template_callback (widget_class, close_page_cb);
  gtk_widget_class_bind_template_callback (widget_class, create_window_cb);
  gtk_widget_class_bind_template_callback (widget_class, pages_cb);
  gtk_widget_class_bind_template_callback (widget_class, setup_menu_cb);

  gtk_widget_class_install_action (widget_class, "win.close-tab", NULL, close_tab_cb);
  gtk_widget_class_install_action (widget_class, "win.next-tab", NULL, next_tab_cb);
  gtk_widget_class_install_action (widget_class, "win.previous-tab", NULL, previous_tab_cb);
  gtk_widget_class_install_action (widget_class, "win.move-to-new-window", NULL,
                                   move_to_new_window_cb);
  gtk_widget_class_install_action (widget_class, "win.gather", NULL, gather_cb);
}
