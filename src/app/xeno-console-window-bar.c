/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The console window's bar in full screen: hidden, until the pointer rests at the top edge. */
#include "config.h"

#include "app/xeno-console-window-private.h"

/* How long the bar stays after the pointer left it. */
#define HIDE_MS 2000

/* The top edge: this many rows of pixels. A guest has something up there too: passing by or
 * clicking does not reveal the bar, resting does. */
#define EDGE    2
#define REST_MS 250

#define BUTTONS (GDK_BUTTON1_MASK | GDK_BUTTON2_MASK | GDK_BUTTON3_MASK)

static gboolean
is_fullscreen (XenoConsoleWindow *self)
{
  return gtk_window_is_fullscreen (GTK_WINDOW (self));
}

static gboolean
is_open (GtkMenuButton *button)
{
  GtkPopover *popover = gtk_menu_button_get_popover (button);

  return popover != NULL && gtk_widget_get_visible (GTK_WIDGET (popover));
}

static gboolean
is_in_use (XenoConsoleWindow *self)
{
  GtkWidget *focus = gtk_root_get_focus (GTK_ROOT (self));

  return is_open (self->keys_button) || is_open (self->menu_button) ||
         (focus != NULL && gtk_widget_is_ancestor (focus, self->bar));
}

static gboolean
hide_cb (gpointer user_data)
{
  XenoConsoleWindow *self = user_data;

  if (is_in_use (self))
    return G_SOURCE_CONTINUE;

  self->hide_id = 0;
  g_object_set (self->flap, "reveal-flap", FALSE, NULL);
  return G_SOURCE_REMOVE;
}

static void
hide_later (XenoConsoleWindow *self)
{
  if (self->hide_id == 0)
    self->hide_id = g_timeout_add (HIDE_MS, hide_cb, self);
}

static gboolean
show_cb (gpointer user_data)
{
  XenoConsoleWindow *self = user_data;

  self->show_id = 0;
  g_object_set (self->flap, "reveal-flap", TRUE, NULL);
  return G_SOURCE_REMOVE;
}

static void
moved_cb (XenoConsoleWindow  *self,
          double              x,
          double              y,
          GtkEventController *controller)
{
  GdkModifierType state = gtk_event_controller_get_current_event_state (controller);

  if (!is_fullscreen (self))
    return;

  if (y >= EDGE || (state & BUTTONS) != 0)
    g_clear_handle_id (&self->show_id, g_source_remove);
  else if (self->show_id == 0)
    self->show_id = g_timeout_add (REST_MS, show_cb, self);

  if (y < gtk_widget_get_height (self->bar))
    g_clear_handle_id (&self->hide_id, g_source_remove);
  else
    hide_later (self);
}

static void
left_cb (XenoConsoleWindow *self)
{
  g_clear_handle_id (&self->show_id, g_source_remove);
  if (is_fullscreen (self))
    hide_later (self);
}

/* Over the guest, not beside it: the guest must not be resized for a bar that comes and goes. */
static void
fullscreened_cb (XenoConsoleWindow *self)
{
  GEnumClass *policies;

  policies = G_ENUM_CLASS (g_type_class_ref (g_type_from_name ("AdwFlapFoldPolicy")));
  g_object_set (self->flap,
                "fold-policy", g_enum_get_value_by_nick (policies, is_fullscreen (self) ? "always" : "never")->value,
                "reveal-flap", TRUE,
                NULL);
  g_type_class_unref (policies);

  xeno_console_window_close_bar (self);
  if (!is_fullscreen (self))
    return;

  /* Whoever pressed the button in the bar is done with the bar. */
  if (self->view != NULL)
    gtk_widget_grab_focus (GTK_WIDGET (self->view));
  hide_later (self);
}

/* The way back from the bar by keyboard. */
static gboolean
escape_cb (GtkWidget *bar,
           GVariant  *parameter,
           gpointer   user_data)
{
  XenoConsoleWindow *self = user_data;

  return self->view != NULL && gtk_widget_grab_focus (GTK_WIDGET (self->view));
}

/* Whoever closes a menu is done with the bar, too. */
static void
menu_closed_cb (XenoConsoleWindow *self)
{
  if (self->view != NULL)
    gtk_widget_grab_focus (GTK_WIDGET (self->view));
}

static void
follow_menu_cb (GtkMenuButton     *button,
                GParamSpec        *pspec,
                XenoConsoleWindow *self)
{
  GtkPopover *popover = gtk_menu_button_get_popover (button);

  if (popover != NULL)
    g_signal_connect_object (popover, "closed", G_CALLBACK (menu_closed_cb), self, G_CONNECT_SWAPPED);
}

/* A button has another popover with each menu it is given. */
static void
follow_menu (XenoConsoleWindow *self,
             GtkMenuButton     *button)
{
  g_signal_connect_object (button, "notify::popover", G_CALLBACK (follow_menu_cb), self, 0);
  follow_menu_cb (button, NULL, self);
}

void
xeno_console_window_init_bar (XenoConsoleWindow *self)
{
  GtkEventController *motion = gtk_event_controller_motion_new ();
  GtkEventController *keys = gtk_shortcut_controller_new ();

  gtk_event_controller_set_propagation_phase (motion, GTK_PHASE_CAPTURE);
  g_signal_connect_swapped (motion, "motion", G_CALLBACK (moved_cb), self);
  g_signal_connect_swapped (motion, "leave", G_CALLBACK (left_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), motion);

  gtk_shortcut_controller_add_shortcut (GTK_SHORTCUT_CONTROLLER (keys),
                                        gtk_shortcut_new (gtk_keyval_trigger_new (GDK_KEY_Escape, 0),
                                                          gtk_callback_action_new (escape_cb, self,
                                                                                   NULL)));
  gtk_widget_add_controller (self->bar, keys);
  g_signal_connect (self, "notify::fullscreened", G_CALLBACK (fullscreened_cb), NULL);
  follow_menu (self, self->keys_button);
  follow_menu (self, self->menu_button);
}

void
xeno_console_window_close_bar (XenoConsoleWindow *self)
{
  g_clear_handle_id (&self->show_id, g_source_remove);
  g_clear_handle_id (&self->hide_id, g_source_remove);
}

/* For a person without a pointer: the bar comes with the keyboard, when the guest gives it back. */
void
xeno_console_window_show_bar (XenoConsoleWindow *self)
{
  if (!is_fullscreen (self))
    return;

  g_object_set (self->flap, "reveal-flap", TRUE, NULL);
  hide_later (self);
}
