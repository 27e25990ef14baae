/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The main window: the machines at the side, the chosen one beside them. */
#include "config.h"

#include <glib/gi18n.h>

#include "app/xeno-connection-page.h"
#include "app/xeno-jobs-button.h"
#include "app/xeno-machine-actions.h"
#include "app/xeno-sidebar.h"
#include "app/xeno-window.h"
#include "pages/xeno-hardware-page.h"
#include "pages/xeno-host-page.h"
#include "pages/xeno-machine-page.h"
#include "virt/xeno-verb.h"
#include "widgets/xeno-late-menu.h"

struct _XenoWindow
{
  AdwApplicationWindow  parent_instance;
  XenoConnectionList   *connections;
  GSignalGroup         *machine_signals;
  GSignalGroup         *connection_signals;
  GObject              *shown;           /* a machine, a connection, or nothing */

  GtkStack             *stack;
  AdwLeaflet           *leaflet;
  XenoSidebar          *sidebar;
  XenoJobsButton       *jobs_button;
  XenoJobsButton       *empty_jobs_button;
  GtkWidget            *content;
  AdwWindowTitle       *title;
  GtkButton            *primary_button;
  GtkWidget            *console_button;
  GtkMenuButton        *menu_button;
  GtkMenuButton        *empty_menu_button;
  GtkMenuButton        *problem_menu_button;
  GtkMenuButton        *new_button;
  GtkMenuButton        *empty_new_button;
  GMenuModel           *new_menu;
  GMenuModel           *primary_menu;
  GtkMenuButton        *machine_button;
  GtkInfoBar           *lost_bar;
  GtkLabel             *lost_label;
  GtkStack             *pages;
  XenoConnectionPage   *default_problem;
  GtkWidget            *back_button;
  GtkWidget            *machine_page;    /* this and the next three are made when first needed */
  GtkWidget            *hardware_page;
  GtkWidget            *host_page;
  GtkWidget            *problem_page;
};

G_DEFINE_FINAL_TYPE (XenoWindow, xeno_window, ADW_TYPE_APPLICATION_WINDOW)

static XenoMachine *
get_machine (XenoWindow *self)
{
  return XENO_IS_MACHINE (self->shown) ? XENO_MACHINE (self->shown) : NULL;
}

static XenoConnection *
get_connection (XenoWindow *self)
{
  XenoConnection *connection = NULL;

  if (XENO_IS_CONNECTION (self->shown))
    connection = XENO_CONNECTION (self->shown);
  else if (XENO_IS_MACHINE (self->shown))
    connection = xeno_connection_list_find_owner (self->connections, XENO_MACHINE (self->shown));
  return connection != NULL ? connection : xeno_connection_list_get_default (self->connections);
}

static void
focus_page (XenoWindow *self)
{
  GtkWidget *page = gtk_stack_get_visible_child (self->stack);

  if (page == GTK_WIDGET (self->leaflet))
    gtk_widget_grab_focus (GTK_WIDGET (self->sidebar));
  else
    gtk_widget_child_focus (page, GTK_DIR_TAB_FORWARD);
}

/* The whole window: the list as soon as it helps, else what to do first. */
static void
update_stack_cb (XenoWindow *self)
{
  GListModel *connections = xeno_connection_list_get_connections (self->connections);
  GListModel *machines = xeno_connection_list_get_machines (self->connections);
  XenoConnection *first = xeno_connection_list_get_default (self->connections);
  const char *page = gtk_stack_get_visible_child_name (self->stack);

  if (g_list_model_get_n_items (machines) > 0 || g_list_model_get_n_items (connections) > 1
      || self->shown != NULL)
    page = "machines";
  else if (xeno_connection_get_state (first) == XENO_CONNECTION_UNREACHABLE
           || xeno_connection_get_state (first) == XENO_CONNECTION_LOST)
    page = "problem";
  else if (xeno_connection_is_populated (first))
    page = "empty";
  if (g_str_equal (page, gtk_stack_get_visible_child_name (self->stack)))
    return;

  gtk_stack_set_visible_child_name (self->stack, page);
  focus_page (self);
}

static void
update_lost_bar (XenoWindow *self)
{
  XenoMachine *machine = get_machine (self);
  gboolean is_lost = machine != NULL && xeno_machine_is_stale (machine);

  if (is_lost)
    {
      g_autofree char *text = NULL;

      text = g_strdup_printf (_("The connection to %s was lost. What you see is what it last said; "
                                "it is being opened again."),
                              xeno_connection_get_title (get_connection (self)));
      gtk_label_set_label (self->lost_label, text);
    }
  gtk_info_bar_set_revealed (self->lost_bar, is_lost);
}

static void
update_primary_button (XenoWindow  *self,
                       XenoMachine *machine)
{
  const XenoVerb *verb = xeno_verb_get_primary (machine);
  g_autofree char *action = g_strconcat ("machine.", verb != NULL ? verb->id : "open-console", NULL);
  const char *label = verb != NULL ? _(verb->label) : _("Open Console");

  /* Where there is little room the machine's name needs it more. */
  if (adw_leaflet_get_folded (self->leaflet))
    {
      gtk_button_set_icon_name (self->primary_button, verb != NULL ? "media-playback-start-symbolic"
                                                                   : "video-display-symbolic");
      gtk_widget_set_tooltip_text (GTK_WIDGET (self->primary_button), label);
    }
  else
    {
      gtk_button_set_label (self->primary_button, label);
      gtk_widget_set_tooltip_text (GTK_WIDGET (self->primary_button),
                                   verb != NULL ? _(verb->explanation) : NULL);
    }
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->primary_button),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, label,
                                  -1);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->primary_button), action);
  gtk_widget_set_visible (self->console_button,
                          verb != NULL && !adw_leaflet_get_folded (self->leaflet));
}

static gboolean
shows_hardware (XenoWindow *self)
{
  return self->hardware_page != NULL
         && gtk_stack_get_visible_child (self->pages) == self->hardware_page;
}

static void
update_header_cb (XenoWindow *self)
{
  XenoMachine *machine = get_machine (self);

  gtk_widget_set_visible (self->back_button,
                          adw_leaflet_get_folded (self->leaflet) || shows_hardware (self));
  /* From the hardware the way back leads to the machine's page, for keys and gestures too. */
  adw_leaflet_set_can_navigate_back (self->leaflet, !shows_hardware (self));

  gtk_widget_set_visible (GTK_WIDGET (self->primary_button), machine != NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->machine_button), machine != NULL);
  if (machine != NULL)
    {
      update_primary_button (self, machine);
      adw_window_title_set_title (self->title, xeno_machine_get_title (machine));
      adw_window_title_set_subtitle (self->title, shows_hardware (self)
                                     ? _("Hardware")
                                     : xeno_machine_state_to_label (xeno_machine_get_state (machine)));
    }
  else
    {
      gtk_widget_set_visible (self->console_button, FALSE);
      adw_window_title_set_title (self->title, self->shown != NULL
                                  ? xeno_connection_get_title (XENO_CONNECTION (self->shown)) : "");
      adw_window_title_set_subtitle (self->title, self->shown != NULL
                                     ? xeno_connection_get_uri (XENO_CONNECTION (self->shown)) : "");
    }
  update_lost_bar (self);
}

/* The leaflet takes the focus along, which stays where it is while both are seen. */
static void
show_content (XenoWindow *self)
{
  GtkWidget *focus = gtk_window_get_focus (GTK_WINDOW (self));

  adw_leaflet_set_visible_child (self->leaflet, self->content);
  if (focus != NULL && !adw_leaflet_get_folded (self->leaflet))
    gtk_widget_grab_focus (focus);
}

static void
show_page (XenoWindow *self,
           GtkWidget  *page)
{
  if (gtk_widget_get_parent (page) == NULL)
    gtk_stack_add_child (self->pages, page);
  gtk_stack_set_visible_child (self->pages, page);
}

static void
show_machine_page (XenoWindow  *self,
                   XenoMachine *machine)
{
  XenoConnection *connection = xeno_connection_list_find_owner (self->connections, machine);

  if (self->machine_page == NULL)
    {
      self->machine_page = xeno_machine_page_new ();
      g_object_bind_property (self->leaflet, "folded", self->machine_page, "shows-title",
                              G_BINDING_SYNC_CREATE);
    }
  xeno_machine_page_set_machine (XENO_MACHINE_PAGE (self->machine_page), machine,
                                 xeno_connection_list_get_sampler (self->connections, connection));
  show_page (self, self->machine_page);
}

static void
show_connection_page_cb (XenoWindow *self)
{
  XenoConnection *connection;

  if (!XENO_IS_CONNECTION (self->shown))
    return;

  connection = XENO_CONNECTION (self->shown);
  if (xeno_connection_get_state (connection) == XENO_CONNECTION_OPEN)
    {
      if (self->host_page == NULL)
        self->host_page = xeno_host_page_new ();
      xeno_host_page_set_connection (XENO_HOST_PAGE (self->host_page), connection,
                                     xeno_connection_list_get_sampler (self->connections, connection));
      show_page (self, self->host_page);
    }
  else
    {
      if (self->problem_page == NULL)
        self->problem_page = xeno_connection_page_new ();
      xeno_connection_page_set_connection (XENO_CONNECTION_PAGE (self->problem_page), connection);
      show_page (self, self->problem_page);
    }
}

static void
show_nothing (XenoWindow *self)
{
  if (self->machine_page != NULL)
    xeno_machine_page_set_machine (XENO_MACHINE_PAGE (self->machine_page), NULL, NULL);
  if (self->hardware_page != NULL)
    xeno_hardware_page_set_machine (XENO_HARDWARE_PAGE (self->hardware_page), NULL);
  gtk_stack_set_visible_child_name (self->pages, "none");
  adw_leaflet_navigate (self->leaflet, ADW_NAVIGATION_DIRECTION_BACK);
}

static void
show (XenoWindow *self,
      GObject    *item)
{
  GActionGroup *actions = NULL;

  if (!g_set_object (&self->shown, item))
    return;

  if (XENO_IS_MACHINE (item))
    actions = xeno_machine_actions_new (XENO_MACHINE (item), GTK_WINDOW (self));
  gtk_widget_insert_action_group (GTK_WIDGET (self), "machine", actions);
  g_clear_object (&actions);
  g_signal_group_set_target (self->machine_signals, XENO_IS_MACHINE (item) ? item : NULL);
  g_signal_group_set_target (self->connection_signals, XENO_IS_CONNECTION (item) ? item : NULL);

  if (XENO_IS_MACHINE (item))
    show_machine_page (self, XENO_MACHINE (item));
  else if (XENO_IS_CONNECTION (item))
    show_connection_page_cb (self);
  else
    show_nothing (self);
  update_header_cb (self);
  update_stack_cb (self);
}

/* A search that hides the chosen machine from the list does not take its page away. */
static void
selected_cb (XenoWindow *self)
{
  GObject *selected = xeno_sidebar_get_selected (self->sidebar);

  if (selected == NULL && XENO_IS_MACHINE (self->shown)
      && xeno_connection_list_find_owner (self->connections, XENO_MACHINE (self->shown)) != NULL)
    return;

  show (self, selected);
}

static void
activated_cb (XenoWindow *self)
{
  if (adw_leaflet_get_folded (self->leaflet))
    adw_leaflet_set_visible_child (self->leaflet, self->content);
  else if (get_machine (self) != NULL)
    gtk_widget_activate_action (GTK_WIDGET (self), "machine.open-console", NULL);
}

static void
folded_cb (XenoWindow *self)
{
  xeno_sidebar_set_touch (self->sidebar, adw_leaflet_get_folded (self->leaflet));
  update_header_cb (self);
}

static gboolean
drop_cb (GtkDropTarget *target,
         const GValue  *value,
         double         x,
         double         y,
         XenoWindow    *self)
{
  GApplication *application = G_APPLICATION (gtk_window_get_application (GTK_WINDOW (self)));
  GSList *files = g_value_get_boxed (value);

  for (GSList *l = files; l != NULL; l = l->next)
    xeno_application_review (XENO_APPLICATION (application), NULL, l->data);
  return files != NULL;
}

static void
back_cb (GtkWidget  *widget,
         const char *name,
         GVariant   *parameter)
{
  XenoWindow *self = XENO_WINDOW (widget);

  if (!shows_hardware (self))
    {
      adw_leaflet_navigate (self->leaflet, ADW_NAVIGATION_DIRECTION_BACK);
      return;
    }

  show_page (self, self->machine_page);
  update_header_cb (self);
}

/* Of the two buttons the one that can be seen. */
static void
new_menu_cb (GtkWidget  *widget,
             const char *name,
             GVariant   *parameter)
{
  XenoWindow *self = XENO_WINDOW (widget);

  gtk_menu_button_popup (gtk_widget_get_mapped (GTK_WIDGET (self->empty_new_button)) ? self->empty_new_button
                                                                                      : self->new_button);
}

static void
machine_menu_cb (GtkWidget  *widget,
                 const char *name,
                 GVariant   *parameter)
{
  XenoWindow *self = XENO_WINDOW (widget);

  if (gtk_widget_get_mapped (GTK_WIDGET (self->machine_button)))
    gtk_menu_button_popup (self->machine_button);
}

static void
search_cb (GtkWidget  *widget,
           const char *name,
           GVariant   *parameter)
{
  xeno_window_search (XENO_WINDOW (widget), NULL);
}

static void
retry_cb (GtkWidget  *widget,
          const char *name,
          GVariant   *parameter)
{
  xeno_connection_retry (get_connection (XENO_WINDOW (widget)));
}

/* Before it is mapped nothing in it takes the focus; then GTK gives it to the first button. */
static void
xeno_window_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (xeno_window_parent_class)->map (widget);

  focus_page (XENO_WINDOW (widget));
}

static void
xeno_window_dispose (GObject *object)
{
  XenoWindow *self = XENO_WINDOW (object);

  g_clear_object (&self->machine_signals);
  g_clear_object (&self->connection_signals);
  g_clear_object (&self->shown);
  g_clear_object (&self->connections);

  G_OBJECT_CLASS (xeno_window_parent_class)->dispose (object);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  gtk_widget_class_set_template_from_resource (widget_class, "/org/unaos/Xenolith/xeno-window.ui");
  gtk_widget_class_bind_template_child (widget_class, XenoWindow, stack);
  gtk_widget_class_bind_template_child (widget_class, XenoWindow, leaflet);
  gtk_widget_class_bind_template_child (widget_class, XenoWindow, sidebar);
  gtk_widget_class_bind_template_child (widget_class, XenoWindow, jobs_button);
  gtk_widget_class_bind_template_child (widget_class, XenoWindow, empty_jobs_button);
  gtk_widget_class_bind_template_child (widget_class, XenoWindow, content);
  gtk_widget_class_bind_template_child (widget_class, XenoWindow, title);
  gtk_widget_class_bind_template_child (widget_class, XenoWindow, back_button);
  gtk_widget_class_bind_template_child (widget_class, XenoWindow, primary_button);
  gtk_widget_class_bind_template_child (widget_class, XenoWindow, console_button);
  gtk_widget_class_bind_template_child (widget_class, XenoWindow, menu_button);
  gtk_widget_class_bind_template_child (widget_class, XenoWindow, empty_menu_button);
  gtk_widget_class_bind_template_child (widget_class, XenoWindow, problem_menu_button);
  gtk_widget_class_bind_template_child (widget_class, XenoWindow, new_button);
  gtk_widget_class_bind_template_child (widget_class, XenoWindow, empty_new_button);
  gtk_widget_class_bind_template_child (widget_class, XenoWindow, new_menu);
  gtk_widget_class_bind_template_child (widget_class, XenoWindow, primary_menu);
  gtk_widget_class_bind_template_child (widget_class, XenoWindow, machine_button);
  gtk_widget_class_bind_template_child (widget_class, XenoWindow, lost_bar);
  gtk_widget_class_bind_template_child (widget_class, XenoWindow, lost_label);
  gtk_widget_class_bind_template_child (widget_class, XenoWindow, pages);
  gtk_widget_class_bind_template_child (widget_class, XenoWindow, default_problem);
  gtk_widget_class_bind_template_callback (widget_class, selected_cb);
  gtk_widget_class_bind_template_callback (widget_class, activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, folded_cb);
}

/* Keys of this window alone: in a console they are the guest's. */
static void
bind_keys (GtkWidgetClass *widget_class)
{
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_n, GDK_CONTROL_MASK, "app.create", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_n, GDK_CONTROL_MASK | GDK_SHIFT_MASK, "win.new-menu", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_o, GDK_CONTROL_MASK, "app.create", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_q, GDK_CONTROL_MASK, "app.quit", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_comma, GDK_CONTROL_MASK,
                                       "app.preferences", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_question,
                                       GDK_CONTROL_MASK | GDK_SHIFT_MASK, "app.shortcuts", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_question, GDK_CONTROL_MASK,
                                       "app.shortcuts", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_f, GDK_CONTROL_MASK, "win.search", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_w, GDK_CONTROL_MASK, "window.close", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Left, GDK_ALT_MASK, "win.back", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Return, GDK_ALT_MASK,
                                       "machine.show-hardware", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Menu, 0, "win.machine-menu", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_F10, GDK_SHIFT_MASK, "win.machine-menu", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_F2, 0, "machine.rename", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Delete, 0, "machine.delete", NULL);
}

static void
xeno_window_class_init (XenoWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = xeno_window_dispose;
  widget_class->map = xeno_window_map;

  g_type_ensure (XENO_TYPE_CONNECTION_PAGE);
  g_type_ensure (XENO_TYPE_JOBS_BUTTON);
  g_type_ensure (XENO_TYPE_SIDEBAR);
  bind_template (widget_class);
  bind_keys (widget_class);

  gtk_widget_class_install_action (widget_class, "win.back", NULL, back_cb);
  gtk_widget_class_install_action (widget_class, "win.machine-menu", NULL, machine_menu_cb);
  gtk_widget_class_install_action (widget_class, "win.new-menu", NULL, new_menu_cb);
  gtk_widget_class_install_action (widget_class, "win.search", NULL, search_cb);
  gtk_widget_class_install_action (widget_class, "win.retry", NULL, retry_cb);
}

static void
follow_machine (XenoWindow *self)
{
  static const char * const followed[] = {
    "notify::title", "notify::state", "notify::is-stale", "notify::has-saved-state",
  };

  self->machine_signals = g_signal_group_new (XENO_TYPE_MACHINE);
  for (gsize i = 0; i < G_N_ELEMENTS (followed); i++)
    g_signal_group_connect_object (self->machine_signals, followed[i], G_CALLBACK (update_header_cb),
                                   self, G_CONNECT_SWAPPED);

  self->connection_signals = g_signal_group_new (XENO_TYPE_CONNECTION);
  g_signal_group_connect_object (self->connection_signals, "notify::state",
                                 G_CALLBACK (show_connection_page_cb), self, G_CONNECT_SWAPPED);
}

static void
xeno_window_init (XenoWindow *self)
{
  GtkDropTarget *target;
  g_autoptr (GMenuModel) menu = NULL;

  gtk_widget_init_template (GTK_WIDGET (self));
  follow_machine (self);

  menu = xeno_machine_menu_new (FALSE);
  xeno_late_menu_set (self->machine_button, menu);
  xeno_late_menu_set (self->new_button, self->new_menu);
  xeno_late_menu_set (self->empty_new_button, self->new_menu);
  xeno_late_menu_set (self->menu_button, self->primary_menu);
  xeno_late_menu_set (self->empty_menu_button, self->primary_menu);
  xeno_late_menu_set (self->problem_menu_button, self->primary_menu);

  target = gtk_drop_target_new (GDK_TYPE_FILE_LIST, GDK_ACTION_COPY);
  g_signal_connect_object (target, "drop", G_CALLBACK (drop_cb), self, 0);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (target));
}

/**
 * xeno_window_new:
 * @application: the application
 *
 * Makes the main window.
 *
 * Returns: (transfer floating): the window
 */
XenoWindow *
xeno_window_new (XenoApplication *application)
{
  XenoWindow *self;
  GSettings *settings;

  g_return_val_if_fail (XENO_IS_APPLICATION (application), NULL);

  self = g_object_new (XENO_TYPE_WINDOW, "application", application, NULL);
  self->connections = g_object_ref (xeno_application_get_connections (application));

  settings = xeno_application_get_settings (application);
  g_settings_bind (settings, "window-width", self, "default-width", G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (settings, "window-height", self, "default-height", G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (settings, "window-maximized", self, "maximized", G_SETTINGS_BIND_DEFAULT);

  g_settings_bind (settings, "list-graphs", self->sidebar, "shows-graphs", G_SETTINGS_BIND_GET);
  xeno_sidebar_set_connections (self->sidebar, self->connections);
  xeno_jobs_button_set_jobs (self->jobs_button, xeno_application_get_jobs (application));
  xeno_jobs_button_set_jobs (self->empty_jobs_button, xeno_application_get_jobs (application));
  xeno_connection_page_set_connection (self->default_problem,
                                       xeno_connection_list_get_default (self->connections));

  g_signal_connect_object (self->connections, "changed", G_CALLBACK (update_stack_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (xeno_connection_list_get_machines (self->connections), "items-changed",
                           G_CALLBACK (update_stack_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (xeno_connection_list_get_connections (self->connections), "items-changed",
                           G_CALLBACK (update_stack_cb), self, G_CONNECT_SWAPPED);
  update_stack_cb (self);
  update_header_cb (self);
  return self;
}

/**
 * xeno_window_show_machine:
 * @self: a window
 * @machine: a machine
 *
 * Selects @machine and shows its page.
 */
void
xeno_window_show_machine (XenoWindow  *self,
                          XenoMachine *machine)
{
  g_return_if_fail (XENO_IS_WINDOW (self));
  g_return_if_fail (XENO_IS_MACHINE (machine));

  xeno_sidebar_select (self->sidebar, G_OBJECT (machine));
  if (shows_hardware (self))
    show_page (self, self->machine_page);
  update_header_cb (self);
  show_content (self);
}

/**
 * xeno_window_show_hardware:
 * @self: a window
 * @machine: a machine
 *
 * Selects @machine and shows what it is made of.
 */
void
xeno_window_show_hardware (XenoWindow  *self,
                           XenoMachine *machine)
{
  g_return_if_fail (XENO_IS_WINDOW (self));
  g_return_if_fail (XENO_IS_MACHINE (machine));

  xeno_window_show_machine (self, machine);
  if (self->hardware_page == NULL)
    self->hardware_page = xeno_hardware_page_new ();
  xeno_hardware_page_set_machine (XENO_HARDWARE_PAGE (self->hardware_page), machine);
  show_page (self, self->hardware_page);
  update_header_cb (self);
}

/**
 * xeno_window_show_connection:
 * @self: a window
 * @connection: a connection
 *
 * Shows the page of the computer behind @connection.
 */
void
xeno_window_show_connection (XenoWindow     *self,
                             XenoConnection *connection)
{
  g_return_if_fail (XENO_IS_WINDOW (self));
  g_return_if_fail (XENO_IS_CONNECTION (connection));

  xeno_sidebar_select (self->sidebar, G_OBJECT (connection));
  show (self, G_OBJECT (connection));
  show_content (self);
}

/**
 * xeno_window_search:
 * @self: a window
 * @text: (nullable): what to search for, or %NULL to let the person type
 *
 * Opens the search.
 */
void
xeno_window_search (XenoWindow *self,
                    const char *text)
{
  g_return_if_fail (XENO_IS_WINDOW (self));

  adw_leaflet_navigate (self->leaflet, ADW_NAVIGATION_DIRECTION_BACK);
  xeno_sidebar_search (self->sidebar, text);
}
