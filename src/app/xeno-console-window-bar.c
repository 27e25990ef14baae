/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The console window's header bar in full screen: hidden, until the pointer is pushed to the top. */
#include "config.h"

#include "app/xeno-console-window-private.h"

/* How long the bar stays after the pointer left it. */
#define HIDE_MS 2000

/* The top edge: this many rows of pixels. */
#define EDGE 2

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
         (focus != NULL && gtk_widget_is_ancestor (focus, self->header));
}

static gboolean
hide_cb (gpointer user_data)
{
  XenoConsoleWindow *self = user_data;

  if (is_in_use (self))
    return G_SOURCE_CONTINUE;

  self->bar_id = 0;
  g_object_set (self->flap, "reveal-flap", FALSE, NULL);
  return G_SOURCE_REMOVE;
}

static void
hide_later (XenoConsoleWindow *self)
{
  if (self->bar_id == 0)
    self->bar_id = g_timeout_add (HIDE_MS, hide_cb, self);
}

static void
moved_cb (XenoConsoleWindow *self,
          double             x,
          double             y)
{
  if (!gtk_window_is_fullscreen (GTK_WINDOW (self)))
    return;

  if (y < EDGE)
    g_object_set (self->flap, "reveal-flap", TRUE, NULL);
  if (y < gtk_widget_get_height (self->header))
    g_clear_handle_id (&self->bar_id, g_source_remove);
  else
    hide_later (self);
}

/* Over the guest, not beside it: the guest must not be resized for a bar that comes and goes. */
static void
fullscreened_cb (XenoConsoleWindow *self)
{
  gboolean is_fullscreen = gtk_window_is_fullscreen (GTK_WINDOW (self));
  GEnumClass *policies;

  policies = G_ENUM_CLASS (g_type_class_ref (g_type_from_name ("AdwFlapFoldPolicy")));
  g_object_set (self->flap,
                "fold-policy", g_enum_get_value_by_nick (policies, is_fullscreen ? "always" : "never")->value,
                "reveal-flap", TRUE,
                NULL);
  g_type_class_unref (policies);

  g_clear_handle_id (&self->bar_id, g_source_remove);
  if (is_fullscreen)
    hide_later (self);
}

void
xeno_console_window_init_bar (XenoConsoleWindow *self)
{
  GtkEventController *controller = gtk_event_controller_motion_new ();

  gtk_event_controller_set_propagation_phase (controller, GTK_PHASE_CAPTURE);
  g_signal_connect_swapped (controller, "motion", G_CALLBACK (moved_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), controller);
  g_signal_connect (self, "notify::fullscreened", G_CALLBACK (fullscreened_cb), NULL);
}

/* For a person without a pointer: the bar comes with the keyboard, when the guest gives it back. */
void
xeno_console_window_show_bar (XenoConsoleWindow *self)
{
  if (!gtk_window_is_fullscreen (GTK_WINDOW (self)))
    return;

  g_object_set (self->flap, "reveal-flap", TRUE, NULL);
  hide_later (self);
}
