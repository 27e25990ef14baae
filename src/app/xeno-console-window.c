/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A window of consoles: one, or several as tabs. */
#include "config.h"

#include "app/xeno-console-memory.h"
#include "app/xeno-console-window-private.h"
#include "pages/xeno-trust-badge.h"
#include "widgets/xeno-late-menu.h"

/* In less the title would have no room beside the buttons; the menu has what they do. */
#define WIDE 480

G_DEFINE_FINAL_TYPE (XenoConsoleWindow, xeno_console_window, ADW_TYPE_APPLICATION_WINDOW)

enum { PROP_0, PROP_VIEW, PROP_IS_WIDE, N_PROPS };

static GParamSpec *properties[N_PROPS];

/* One by one: sections within a section would run together. */
static void
append_sections (GMenu      *menu,
                 GMenuModel *sections)
{
  for (int i = 0; i < g_menu_model_get_n_items (sections); i++)
    {
      g_autoptr(GMenuModel) section = g_menu_model_get_item_link (sections, i, G_MENU_LINK_SECTION);

      if (section != NULL)
        g_menu_append_section (menu, NULL, section);
    }
}

/* The view's own actions, and those of what it shows, are the window's while it is in view. */
static void
drop_view (XenoConsoleWindow *self)
{
  GtkWidget *widget = GTK_WIDGET (self);

  g_signal_group_set_target (self->console_signals, NULL);
  gtk_widget_insert_action_group (widget, "console", NULL);
  if (self->session_prefix != NULL)
    gtk_widget_insert_action_group (widget, self->session_prefix, NULL);
  g_clear_pointer (&self->session_prefix, g_free);
  while (g_menu_model_get_n_items (G_MENU_MODEL (self->menu)) > self->n_own_sections)
    g_menu_remove (self->menu, self->n_own_sections);
}

static void
take_view (XenoConsoleWindow *self,
           XenoConsoleView   *view)
{
  GtkWidget *widget = GTK_WIDGET (self);
  XenoConsoleSession *session = xeno_console_view_get_session (view);
  GActionGroup *actions = xeno_console_session_make_actions (session, GTK_WINDOW (self));
  g_autoptr(GMenuModel) menu = xeno_console_session_make_menu (session);

  gtk_widget_insert_action_group (widget, "console", xeno_console_view_get_actions (view));
  if (actions != NULL)
    {
      self->session_prefix = g_strdup (xeno_console_session_get_prefix (session));
      gtk_widget_insert_action_group (widget, self->session_prefix, actions);
      g_object_unref (actions);
    }
  g_menu_append_section (self->menu, NULL, xeno_console_view_get_displays (view));
  g_menu_append_section (self->menu, NULL, xeno_console_view_get_faces (view));
  if (menu != NULL)
    append_sections (self->menu, menu);
  g_signal_group_set_target (self->console_signals, xeno_console_view_get_console (view));
}

static void
set_view (XenoConsoleWindow *self,
          XenoConsoleView   *view)
{
  GtkWidget *focus = gtk_root_get_focus (GTK_ROOT (self));

  if (self->view == view)
    return;

  drop_view (self);
  g_set_object (&self->view, view);
  if (view != NULL)
    take_view (self, view);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_VIEW]);
  xeno_console_window_show_bar (self);

  /* Who walks the tabs by keyboard goes on walking. */
  if (view != NULL && (focus == NULL || !gtk_widget_is_ancestor (focus, self->bar)))
    gtk_widget_grab_focus (GTK_WIDGET (view));
}

static void
selected_cb (XenoConsoleWindow *self)
{
  AdwTabPage *page = adw_tab_view_get_selected_page (self->tabs);

  set_view (self, page != NULL ? XENO_CONSOLE_VIEW (adw_tab_page_get_child (page)) : NULL);
}

static void
grabbed_cb (XenoConsoleWindow *self)
{
  if (!xeno_console_is_grabbed (xeno_console_view_get_console (self->view)))
    xeno_console_window_show_bar (self);
}

static void
restore_look (XenoConsoleWindow *self,
              XenoConsoleView   *view)
{
  g_auto(XenoConsoleLook) look = { 0 };

  if (!xeno_console_memory_recall (self->settings,
                                   xeno_console_session_get_id (xeno_console_view_get_session (view)),
                                   &look))
    return;

  xeno_console_view_set_shown (view, look.shown);
  if (adw_tab_view_get_n_pages (self->tabs) > 1)
    return;

  gtk_window_set_default_size (GTK_WINDOW (self), look.width, look.height);
  if (look.is_maximized)
    gtk_window_maximize (GTK_WINDOW (self));
}

static void
size_cb (XenoConsoleWindow *self)
{
  GtkWindow *window = GTK_WINDOW (self);
  gboolean is_wide;
  int width, height;

  gtk_window_get_default_size (window, &width, &height);
  is_wide = width >= WIDE || gtk_window_is_maximized (window) || gtk_window_is_fullscreen (window);
  if (self->is_wide == is_wide)
    return;

  self->is_wide = is_wide;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_IS_WIDE]);
}

/*
 * Remembers how a console is left.
 */
void
xeno_console_window_store_look (XenoConsoleWindow *self,
                                XenoConsoleView   *view)
{
  XenoConsoleSession *session = xeno_console_view_get_session (view);
  g_auto(XenoConsoleLook) look = { .shown = g_strdup (xeno_console_view_get_shown (view)) };

  gtk_window_get_default_size (GTK_WINDOW (self), &look.width, &look.height);
  look.is_maximized = gtk_window_is_maximized (GTK_WINDOW (self));
  xeno_console_memory_store (self->settings, xeno_console_session_get_id (session), &look);
}

static gboolean
xeno_console_window_close_request (GtkWindow *window)
{
  XenoConsoleWindow *self = XENO_CONSOLE_WINDOW (window);

  for (int i = 0; i < adw_tab_view_get_n_pages (self->tabs); i++)
    {
      AdwTabPage *page = adw_tab_view_get_nth_page (self->tabs, i);
      XenoConsoleView *view = XENO_CONSOLE_VIEW (adw_tab_page_get_child (page));

      xeno_console_window_store_look (self, view);
      xeno_console_view_close (view);
    }

  return GTK_WINDOW_CLASS (xeno_console_window_parent_class)->close_request (window);
}

/* Turned by the person, or by what is bound to it: then it is that loud already. */
static void
volume_cb (XenoConsoleWindow *self,
           double             volume)
{
  XenoConsoleGuest *guest = self->view != NULL ? xeno_console_view_get_guest (self->view) : NULL;

  if (guest != NULL)
    xeno_console_guest_set_volume (guest, volume);
}

static void
xeno_console_window_get_property (GObject    *object,
                                  guint       prop_id,
                                  GValue     *value,
                                  GParamSpec *pspec)
{
  XenoConsoleWindow *self = XENO_CONSOLE_WINDOW (object);

  switch (prop_id)
    {
    case PROP_VIEW:
      g_value_set_object (value, self->view);
      break;

    case PROP_IS_WIDE:
      g_value_set_boolean (value, self->is_wide);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
xeno_console_window_dispose (GObject *object)
{
  XenoConsoleWindow *self = XENO_CONSOLE_WINDOW (object);

  xeno_console_window_close_bar (self);
  if (self->view != NULL)
    drop_view (self);
  g_clear_object (&self->view);
  g_clear_object (&self->console_signals);
  g_clear_object (&self->settings);

  G_OBJECT_CLASS (xeno_console_window_parent_class)->dispose (object);

  g_clear_object (&self->reserved_shortcuts);
  g_clear_object (&self->reserved);
}

/* For what stands beside its title; not every display is a machine's. */
static XenoMachine *
find_machine (XenoConsoleWindow  *self,
              XenoConsoleSession *session)
{
  XenoMachine *machine = session != NULL ? xeno_console_session_get_machine (session) : NULL;

  return machine != NULL ? g_object_ref (machine) : NULL;
}

static void
xeno_console_window_class_init (XenoConsoleWindowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = xeno_console_window_dispose;
  object_class->get_property = xeno_console_window_get_property;
  GTK_WINDOW_CLASS (klass)->close_request = xeno_console_window_close_request;

  /**
   * XenoConsoleWindow:view:
   *
   * The console in view.
   */
  properties[PROP_VIEW] =
    g_param_spec_object ("view", NULL, NULL, XENO_TYPE_CONSOLE_VIEW,
                         G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  /**
   * XenoConsoleWindow:is-wide:
   *
   * Whether there is room for all buttons.
   */
  properties[PROP_IS_WIDE] =
    g_param_spec_boolean ("is-wide", NULL, NULL, TRUE,
                          G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);

  g_type_ensure (XENO_TYPE_CONSOLE_SESSION);
  g_type_ensure (XENO_TYPE_CONSOLE_VIEW);
  g_type_ensure (XENO_TYPE_TRUST_BADGE);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/unaos/Xenolith/xeno-console-window.ui");
  gtk_widget_class_bind_template_callback (widget_class, find_machine);
  gtk_widget_class_bind_template_callback (widget_class, volume_cb);
  gtk_widget_class_bind_template_child (widget_class, XenoConsoleWindow, flap);
  gtk_widget_class_bind_template_child (widget_class, XenoConsoleWindow, bar);
  gtk_widget_class_bind_template_child (widget_class, XenoConsoleWindow, title);
  gtk_widget_class_bind_template_child (widget_class, XenoConsoleWindow, keys_button);
  gtk_widget_class_bind_template_child (widget_class, XenoConsoleWindow, share_button);
  gtk_widget_class_bind_template_child (widget_class, XenoConsoleWindow, share_menu);
  gtk_widget_class_bind_template_child (widget_class, XenoConsoleWindow, menu_button);
  gtk_widget_class_bind_template_child (widget_class, XenoConsoleWindow, menu);
  gtk_widget_class_bind_template_child (widget_class, XenoConsoleWindow, monitors_menu);
  gtk_widget_class_bind_template_child (widget_class, XenoConsoleWindow, tabs);
  gtk_widget_class_bind_template_child (widget_class, XenoConsoleWindow, shortcuts);
  gtk_widget_class_bind_template_child (widget_class, XenoConsoleWindow, tab_shortcuts);
  gtk_widget_class_bind_template_callback (widget_class, selected_cb);
  xeno_console_window_class_init_displays (widget_class);
  xeno_console_window_class_init_monitors (widget_class);
  xeno_console_window_class_init_tabs (widget_class);

  gtk_widget_class_install_property_action (widget_class, "win.fullscreen", "fullscreened");
}

static void
xeno_console_window_init (XenoConsoleWindow *self)
{
  g_autoptr(GMenuModel) keys = NULL;

  self->is_wide = TRUE;
  self->settings = g_settings_new (XENO_APP_ID);
  keys = xeno_console_view_keys_menu_new (self->settings);
  self->console_signals = g_signal_group_new (XENO_TYPE_CONSOLE);
  g_signal_group_connect_swapped (self->console_signals, "notify::is-grabbed",
                                  G_CALLBACK (grabbed_cb), self);

  gtk_widget_init_template (GTK_WIDGET (self));

  /* Its own keys are a guest's, as Ctrl+Tab. */
  adw_tab_view_remove_shortcuts (self->tabs, ADW_TAB_VIEW_SHORTCUT_ALL_SHORTCUTS);
  self->n_own_sections = g_menu_model_get_n_items (G_MENU_MODEL (self->menu));
  xeno_late_menu_set (self->keys_button, keys);
  xeno_late_menu_set (self->share_button, self->share_menu);
  xeno_late_menu_set (self->menu_button, G_MENU_MODEL (self->menu));
  self->reserved = g_list_store_new (G_TYPE_LIST_MODEL);
  g_list_store_append (self->reserved, self->shortcuts);
  self->reserved_shortcuts =
    gtk_flatten_list_model_new (G_LIST_MODEL (g_object_ref (self->reserved)));
  g_signal_connect (self, "notify::default-width", G_CALLBACK (size_cb), NULL);
  g_signal_connect (self, "notify::maximized", G_CALLBACK (size_cb), NULL);
  g_signal_connect (self, "notify::fullscreened", G_CALLBACK (size_cb), NULL);
  g_signal_connect (self, "notify::is-active", G_CALLBACK (xeno_console_window_update_tabs), NULL);
  xeno_console_window_update_tabs (self);
  xeno_console_window_init_bar (self);
  xeno_console_window_init_monitors (self);
}

/**
 * xeno_console_window_new:
 * @application: (nullable): the application
 * @session: what it shows
 *
 * Returns: (transfer none): a window on the console of @session, as it was left; it starts nothing
 */
GtkWidget *
xeno_console_window_new (GtkApplication     *application,
                         XenoConsoleSession *session)
{
  XenoConsoleWindow *self;

  g_return_val_if_fail (application == NULL || GTK_IS_APPLICATION (application), NULL);
  g_return_val_if_fail (XENO_IS_CONSOLE_SESSION (session), NULL);

  self = g_object_new (XENO_TYPE_CONSOLE_WINDOW, "application", application, NULL);
  xeno_console_window_add_session (self, session);
  return GTK_WIDGET (self);
}

/* What stands in the way of a console is seen on its tab; a running one needs no sign. */
static gboolean
situation_to_icon (GBinding     *binding,
                   const GValue *from,
                   GValue       *to,
                   gpointer      user_data)
{
  const XenoConsoleNotice *notice = xeno_console_situation_get_notice (g_value_get_enum (from));

  g_value_take_object (to, notice != NULL ? g_themed_icon_new (notice->icon_name) : NULL);
  return TRUE;
}

/**
 * xeno_console_window_add_session:
 * @self: a console window
 * @session: what to show as well
 *
 * Shows @session in a tab of its own, and selects it.
 */
void
xeno_console_window_add_session (XenoConsoleWindow  *self,
                                 XenoConsoleSession *session)
{
  XenoConsoleView *view;
  AdwTabPage *page;

  g_return_if_fail (XENO_IS_CONSOLE_WINDOW (self));
  g_return_if_fail (XENO_IS_CONSOLE_SESSION (session));

  view = XENO_CONSOLE_VIEW (xeno_console_view_new (session));
  page = adw_tab_view_append (self->tabs, GTK_WIDGET (view));
  g_object_bind_property (session, "title", page, "title", G_BINDING_SYNC_CREATE);
  g_object_bind_property_full (session, "situation", page, "icon", G_BINDING_SYNC_CREATE,
                               situation_to_icon, NULL, NULL, NULL);
  xeno_console_window_follow_view (view);
  restore_look (self, view);
  adw_tab_view_set_selected_page (self->tabs, page);
}

/**
 * xeno_console_window_select:
 * @self: a console window
 * @id: what tells a session from others
 *
 * Selects the tab that shows a session.
 *
 * Returns: whether there is one
 */
gboolean
xeno_console_window_select (XenoConsoleWindow *self,
                            const char        *id)
{
  g_return_val_if_fail (XENO_IS_CONSOLE_WINDOW (self), FALSE);
  g_return_val_if_fail (id != NULL, FALSE);

  for (int i = 0; i < adw_tab_view_get_n_pages (self->tabs); i++)
    {
      AdwTabPage *page = adw_tab_view_get_nth_page (self->tabs, i);
      XenoConsoleView *view = XENO_CONSOLE_VIEW (adw_tab_page_get_child (page));

      if (!g_str_equal (xeno_console_session_get_id (xeno_console_view_get_session (view)), id))
        continue;

      adw_tab_view_set_selected_page (self->tabs, page);
      return TRUE;
    }

  return FALSE;
}

/**
 * xeno_console_window_get_view:
 * @self: a console window
 *
 * Returns: (transfer none) (nullable): the console in view; %NULL only while the window goes
 */
XenoConsoleView *
xeno_console_window_get_view (XenoConsoleWindow *self)
{
  g_return_val_if_fail (XENO_IS_CONSOLE_WINDOW (self), NULL);

  return self->view;
}

/**
 * xeno_console_window_add_keys:
 * @self: a console window
 * @keys: (nullable): keys in GTK's words; what is none is passed over
 * @action: what they do
 * @target: (nullable): what @action is told; a floating one is taken
 *
 * Keeps these keys from the guest.
 */
void
xeno_console_window_add_keys (XenoConsoleWindow *self,
                              const char        *keys,
                              const char        *action,
                              GVariant          *target)
{
  g_autoptr (GVariant) told = target != NULL ? g_variant_ref_sink (target) : NULL;
  GtkShortcutTrigger *trigger;
  GtkShortcut *shortcut;

  g_return_if_fail (XENO_IS_CONSOLE_WINDOW (self));
  g_return_if_fail (action != NULL);

  trigger = keys != NULL ? gtk_shortcut_trigger_parse_string (keys) : NULL;
  if (trigger == NULL)
    return;

  shortcut = gtk_shortcut_new (trigger, gtk_named_action_new (action));
  gtk_shortcut_set_arguments (shortcut, told);
  gtk_shortcut_controller_add_shortcut (GTK_SHORTCUT_CONTROLLER (self->shortcuts), shortcut);
}

/**
 * xeno_console_window_get_machine:
 * @self: a console window
 *
 * Returns: (transfer none) (nullable): the machine whose console is in view, if it is one's
 */
XenoMachine *
xeno_console_window_get_machine (XenoConsoleWindow *self)
{
  g_return_val_if_fail (XENO_IS_CONSOLE_WINDOW (self), NULL);

  return self->view != NULL
         ? xeno_console_session_get_machine (xeno_console_view_get_session (self->view)) : NULL;
}
