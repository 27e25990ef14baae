/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The window of one machine's console: its screen, its text console, and what keeps them away. */
#include "config.h"

#include <glib/gi18n.h>

#include "app/xeno-console-memory.h"
#include "app/xeno-console-window-private.h"
#include "app/xeno-graphics-socket.h"
#include "app/xeno-machine-actions.h"
#include "base/xeno-text.h"
#include "console/xeno-combination.h"
#include "virt/xeno-verb.h"

/* How long the pill says how to get the keyboard back. */
#define HINT_MS 4000

#define MAX_REASON_CHARS 500

G_DEFINE_FINAL_TYPE (XenoConsoleWindow, xeno_console_window, ADW_TYPE_APPLICATION_WINDOW)

enum { PROP_0, PROP_MACHINE, PROP_SHOWS_TEXT, N_PROPS };

static GParamSpec *properties[N_PROPS];

static XenoConsoleSituation
get_situation (XenoConsoleWindow *self)
{
  return self->shows_text ? xeno_console_window_text_situation (self)
                          : xeno_console_session_get_situation (self->session);
}

static char *
dup_reason (XenoConsoleWindow *self)
{
  g_autofree char *reason = NULL;

  if (!self->shows_text)
    reason = xeno_console_session_dup_reason (self->session);
  else if (self->text_error != NULL)
    reason = g_strdup (self->text_error->message);

  return reason != NULL ? xeno_text_clean (reason, -1, MAX_REASON_CHARS) : NULL;
}

static void
set_help (XenoConsoleWindow *self,
          const char        *label,
          const char        *action)
{
  gtk_widget_set_visible (GTK_WIDGET (self->help_button), label != NULL);
  if (label == NULL)
    return;

  gtk_button_set_label (self->help_button, label);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->help_button), action);
}

static void
offer_help (XenoConsoleWindow       *self,
            const XenoConsoleNotice *notice)
{
  const XenoVerb *verb = notice->offers_primary ? xeno_verb_get_primary (self->machine) : NULL;
  g_autofree char *verb_action = NULL;

  if (verb == NULL)
    {
      set_help (self, notice->label != NULL ? _(notice->label) : NULL, notice->action);
      return;
    }

  verb_action = g_strconcat ("machine.", verb->id, NULL);
  set_help (self, _(verb->label), verb_action);
}

static void
show_notice (XenoConsoleWindow       *self,
             const XenoConsoleNotice *notice)
{
  g_autofree char *reason = NULL;
  g_autofree char *markup = NULL;

  gtk_widget_set_visible (self->notice, notice != NULL);
  if (notice == NULL)
    return;

  reason = dup_reason (self);
  if (reason == NULL && notice->description != NULL)
    reason = g_strdup (_(notice->description));

  /* A status page takes its description as markup. */
  markup = reason != NULL ? g_markup_escape_text (reason, -1) : NULL;
  adw_status_page_set_icon_name (self->page, notice->icon_name);
  adw_status_page_set_title (self->page, _(notice->title));
  adw_status_page_set_description (self->page, markup);
  offer_help (self, notice);
}

static GtkWidget *
get_view (XenoConsoleWindow *self)
{
  return self->shows_text ? GTK_WIDGET (self->serial) : GTK_WIDGET (self->console);
}

/* Nothing typed may reach a guest behind a page, and the focus goes where it is of use; but a
 * person who is in the header bar stays there. */
static void
guide_focus (XenoConsoleWindow *self,
             gboolean           is_clear)
{
  GtkWidget *focus = gtk_root_get_focus (GTK_ROOT (self));
  gboolean is_elsewhere = focus != NULL && gtk_widget_is_ancestor (focus, self->header);

  gtk_widget_set_sensitive (GTK_WIDGET (self->console), is_clear);
  if (is_elsewhere)
    return;

  if (is_clear)
    gtk_widget_grab_focus (get_view (self));
  else if (gtk_widget_get_visible (GTK_WIDGET (self->help_button)))
    gtk_widget_grab_focus (GTK_WIDGET (self->help_button));
}

static const char *
get_chord (XenoConsoleWindow *self)
{
  return xeno_release_chord_get_label (xeno_console_get_release_chord (self->console));
}

static void
update_title (XenoConsoleWindow *self)
{
  const char *title = xeno_machine_get_title (self->machine);
  const char *state = xeno_machine_state_to_label (xeno_machine_get_state (self->machine));
  g_autofree char *subtitle = NULL;
  g_autofree char *label = NULL;

  if (xeno_console_is_grabbed (self->console))
    /* Translators: the state of a machine, as “Running”, and keys, as “Left Ctrl + Left Alt” */
    subtitle = g_strdup_printf (_("%s · %s releases the keyboard"), state, get_chord (self));

  adw_window_title_set_title (self->title, title);
  adw_window_title_set_subtitle (self->title, subtitle != NULL ? subtitle : state);
  gtk_window_set_title (GTK_WINDOW (self), title);

  /* Translators: %s is the title of a machine */
  label = g_strdup_printf (_("Screen of “%s”"), title);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->console),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
}

/*
 * Follows the machine, the display and the text console.
 */
void
xeno_console_window_update (XenoConsoleWindow *self)
{
  XenoConsoleSituation situation;
  gboolean was_clear;

  if (self->session == NULL)
    return;

  xeno_console_window_update_text (self);
  situation = get_situation (self);
  was_clear = !gtk_widget_get_visible (self->notice);
  update_title (self);
  show_notice (self, xeno_console_situation_get_notice (situation));
  if (was_clear != (situation == XENO_SITUATION_CLEAR))
    guide_focus (self, situation == XENO_SITUATION_CLEAR);
  gtk_widget_set_sensitive (GTK_WIDGET (self->keys_button),
                            !self->shows_text && situation == XENO_SITUATION_CLEAR);
}

static void
backend_cb (XenoConsoleWindow *self)
{
  xeno_console_set_backend (self->console, xeno_console_session_get_backend (self->session));
}

static gboolean
hide_hint_cb (gpointer user_data)
{
  XenoConsoleWindow *self = user_data;

  self->hint_id = 0;
  gtk_revealer_set_reveal_child (self->hint, FALSE);
  return G_SOURCE_REMOVE;
}

static void
grabbed_cb (XenoConsoleWindow *self)
{
  gboolean is_grabbed = xeno_console_is_grabbed (self->console);
  g_autofree char *hint = NULL;

  /* Translators: %s is keys, as “Left Ctrl + Left Alt” */
  hint = g_strdup_printf (_("Press %s to release the keyboard"), get_chord (self));
  gtk_label_set_label (self->hint_label, hint);
  update_title (self);
  g_clear_handle_id (&self->hint_id, g_source_remove);
  gtk_revealer_set_reveal_child (self->hint, is_grabbed);
  if (is_grabbed)
    self->hint_id = g_timeout_add (HINT_MS, hide_hint_cb, self);
  else
    xeno_console_window_show_bar (self);
}

static void
serial_cb (XenoConsoleWindow *self)
{
  if (!xeno_serial_console_is_connected (self->serial) && self->shows_text &&
      xeno_machine_is_active (self->machine) && self->text_error == NULL)
    self->text_error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CLOSED,
                                            _("The text console was closed from the other side."));
  xeno_console_window_update (self);
}

static void
try_again_cb (GtkWidget  *widget,
              const char *action,
              GVariant   *parameter)
{
  XenoConsoleWindow *self = XENO_CONSOLE_WINDOW (widget);

  if (self->shows_text)
    xeno_console_window_retry_text (self);
  else
    xeno_console_session_try_again (self->session);
}

static void
send_keys_cb (GtkWidget  *widget,
              const char *action,
              GVariant   *parameter)
{
  XenoConsoleWindow *self = XENO_CONSOLE_WINDOW (widget);
  const XenoCombination *combination;

  combination = xeno_combination_find (g_variant_get_string (parameter, NULL));
  if (combination == NULL)
    return;

  xeno_console_send_keys (self->console, combination->qnums,
                          xeno_combination_get_n_keys (combination));
  gtk_widget_grab_focus (GTK_WIDGET (self->console));
}

static void
set_shows_text (XenoConsoleWindow *self,
                gboolean           shows_text)
{
  if (self->shows_text == shows_text)
    return;

  self->shows_text = shows_text;
  gtk_stack_set_visible_child_name (self->views, shows_text ? "text" : "screen");
  xeno_console_window_update (self);
  if (!gtk_widget_get_visible (self->notice))
    gtk_widget_grab_focus (get_view (self));
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SHOWS_TEXT]);
}

static void
restore_look (XenoConsoleWindow *self)
{
  XenoConsoleLook look;

  if (!xeno_console_memory_recall (self->settings, xeno_machine_get_uuid (self->machine), &look))
    return;

  gtk_window_set_default_size (GTK_WINDOW (self), look.width, look.height);
  if (look.is_maximized)
    gtk_window_maximize (GTK_WINDOW (self));
  set_shows_text (self, look.shows_text);
}

static void
store_look (XenoConsoleWindow *self)
{
  XenoConsoleLook look = { .shows_text = self->shows_text };

  gtk_window_get_default_size (GTK_WINDOW (self), &look.width, &look.height);
  look.is_maximized = gtk_window_is_maximized (GTK_WINDOW (self));
  xeno_console_memory_store (self->settings, xeno_machine_get_uuid (self->machine), &look);
}

static gboolean
xeno_console_window_close_request (GtkWindow *window)
{
  XenoConsoleWindow *self = XENO_CONSOLE_WINDOW (window);

  store_look (self);
  xeno_console_ungrab (self->console);
  xeno_console_session_close (self->session);
  xeno_console_window_close_text (self);

  return GTK_WINDOW_CLASS (xeno_console_window_parent_class)->close_request (window);
}

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

static void
insert_machine (XenoConsoleWindow  *self,
                XenoMachine        *machine,
                XenoConsoleSession *session)
{
  GActionGroup *actions = xeno_machine_actions_new (machine, GTK_WINDOW (self));
  g_autoptr(GMenuModel) menu = xeno_machine_menu_new ();
  g_autoptr(GMenuModel) keys = xeno_combination_menu_new ("win.send-keys");

  self->machine = g_object_ref (machine);
  gtk_widget_insert_action_group (GTK_WIDGET (self), "machine", actions);
  g_object_unref (actions);
  append_sections (self->menu, menu);
  gtk_menu_button_set_menu_model (self->keys_button, keys);

  self->session = g_object_ref (session);
  g_signal_connect_object (self->session, "notify::backend", G_CALLBACK (backend_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->session, "notify::situation",
                           G_CALLBACK (xeno_console_window_update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (machine, "notify", G_CALLBACK (xeno_console_window_update), self,
                           G_CONNECT_SWAPPED);
  backend_cb (self);
  restore_look (self);
  xeno_console_window_update (self);
  gtk_widget_grab_focus (GTK_WIDGET (self->console));
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
    case PROP_MACHINE:
      g_value_set_object (value, self->machine);
      break;

    case PROP_SHOWS_TEXT:
      g_value_set_boolean (value, self->shows_text);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
xeno_console_window_set_property (GObject      *object,
                                  guint         prop_id,
                                  const GValue *value,
                                  GParamSpec   *pspec)
{
  XenoConsoleWindow *self = XENO_CONSOLE_WINDOW (object);

  switch (prop_id)
    {
    case PROP_SHOWS_TEXT:
      set_shows_text (self, g_value_get_boolean (value));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
xeno_console_window_dispose (GObject *object)
{
  XenoConsoleWindow *self = XENO_CONSOLE_WINDOW (object);

  g_clear_handle_id (&self->hint_id, g_source_remove);
  g_clear_handle_id (&self->bar_id, g_source_remove);
  g_action_map_remove_action (G_ACTION_MAP (self), "scale-mode");
  if (self->machine != NULL)
    xeno_console_window_close_text (self);
  g_clear_object (&self->session);
  g_clear_object (&self->settings);
  g_clear_object (&self->machine);

  G_OBJECT_CLASS (xeno_console_window_parent_class)->dispose (object);
}

static void
xeno_console_window_class_init (XenoConsoleWindowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = xeno_console_window_dispose;
  object_class->get_property = xeno_console_window_get_property;
  object_class->set_property = xeno_console_window_set_property;
  GTK_WINDOW_CLASS (klass)->close_request = xeno_console_window_close_request;

  /**
   * XenoConsoleWindow:machine:
   *
   * The machine whose console this is.
   */
  properties[PROP_MACHINE] =
    g_param_spec_object ("machine", NULL, NULL, XENO_TYPE_MACHINE,
                         G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  /**
   * XenoConsoleWindow:shows-text:
   *
   * Whether the text console is shown in place of the screen.
   */
  properties[PROP_SHOWS_TEXT] =
    g_param_spec_boolean ("shows-text", NULL, NULL, FALSE,
                          G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);

  g_type_ensure (XENO_TYPE_CONSOLE);
  g_type_ensure (XENO_TYPE_SERIAL_CONSOLE);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/unaos/Xenolith/xeno-console-window.ui");
  gtk_widget_class_bind_template_child (widget_class, XenoConsoleWindow, toasts);
  gtk_widget_class_bind_template_child (widget_class, XenoConsoleWindow, flap);
  gtk_widget_class_bind_template_child (widget_class, XenoConsoleWindow, header);
  gtk_widget_class_bind_template_child (widget_class, XenoConsoleWindow, title);
  gtk_widget_class_bind_template_child (widget_class, XenoConsoleWindow, keys_button);
  gtk_widget_class_bind_template_child (widget_class, XenoConsoleWindow, menu_button);
  gtk_widget_class_bind_template_child (widget_class, XenoConsoleWindow, menu);
  gtk_widget_class_bind_template_child (widget_class, XenoConsoleWindow, views);
  gtk_widget_class_bind_template_child (widget_class, XenoConsoleWindow, console);
  gtk_widget_class_bind_template_child (widget_class, XenoConsoleWindow, serial);
  gtk_widget_class_bind_template_child (widget_class, XenoConsoleWindow, notice);
  gtk_widget_class_bind_template_child (widget_class, XenoConsoleWindow, page);
  gtk_widget_class_bind_template_child (widget_class, XenoConsoleWindow, help_button);
  gtk_widget_class_bind_template_child (widget_class, XenoConsoleWindow, hint);
  gtk_widget_class_bind_template_child (widget_class, XenoConsoleWindow, hint_label);
  gtk_widget_class_bind_template_child (widget_class, XenoConsoleWindow, shortcuts);
  gtk_widget_class_bind_template_callback (widget_class, grabbed_cb);
  gtk_widget_class_bind_template_callback (widget_class, serial_cb);

  gtk_widget_class_install_action (widget_class, "win.try-again", NULL, try_again_cb);
  gtk_widget_class_install_action (widget_class, "win.send-keys", "s", send_keys_cb);
  gtk_widget_class_install_property_action (widget_class, "win.fullscreen", "fullscreened");
  gtk_widget_class_install_property_action (widget_class, "win.text-console", "shows-text");
}

static void
xeno_console_window_init (XenoConsoleWindow *self)
{
  g_autoptr(GPropertyAction) scale_mode = NULL;

  gtk_widget_init_template (GTK_WIDGET (self));

  self->settings = g_settings_new (XENO_APP_ID);
  g_settings_bind (self->settings, "console-grab", self->console, "grab-policy", G_SETTINGS_BIND_GET);
  g_settings_bind (self->settings, "console-release", self->console, "release-chord", G_SETTINGS_BIND_GET);
  g_settings_bind (self->settings, "console-scale", self->console, "scale-mode", G_SETTINGS_BIND_GET);
  scale_mode = g_property_action_new ("scale-mode", self->console, "scale-mode");
  g_action_map_add_action (G_ACTION_MAP (self), G_ACTION (scale_mode));
  xeno_console_set_reserved (self->console, G_LIST_MODEL (self->shortcuts));
  xeno_console_window_init_bar (self);
}

/**
 * xeno_console_window_new:
 * @application: the application
 * @machine: the machine
 *
 * Returns: (transfer none): a window on the console of @machine; it starts nothing
 */
GtkWidget *
xeno_console_window_new (GtkApplication *application,
                         XenoMachine    *machine)
{
  return xeno_console_window_new_with_open (application, machine, xeno_graphics_socket_open);
}

/**
 * xeno_console_window_new_with_open:
 * @application: (nullable): the application
 * @machine: the machine
 * @open: (scope forever): makes a backend for its display
 *
 * Returns: (transfer none): a window on the console of @machine, shown by another backend
 */
GtkWidget *
xeno_console_window_new_with_open (GtkApplication      *application,
                                   XenoMachine         *machine,
                                   XenoConsoleOpenFunc  open)
{
  g_autoptr(XenoConsoleSession) session = NULL;
  XenoConsoleWindow *self;

  g_return_val_if_fail (application == NULL || GTK_IS_APPLICATION (application), NULL);
  g_return_val_if_fail (XENO_IS_MACHINE (machine), NULL);
  g_return_val_if_fail (open != NULL, NULL);

  /* The decoder starts while the window is made. */
  session = xeno_console_session_new (machine, open);
  self = g_object_new (XENO_TYPE_CONSOLE_WINDOW, "application", application, NULL);
  insert_machine (self, machine, session);
  return GTK_WIDGET (self);
}

/**
 * xeno_console_window_get_machine:
 * @self: a console window
 *
 * Returns: (transfer none): the machine whose console it is
 */
XenoMachine *
xeno_console_window_get_machine (XenoConsoleWindow *self)
{
  g_return_val_if_fail (XENO_IS_CONSOLE_WINDOW (self), NULL);

  return self->machine;
}
