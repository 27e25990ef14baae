/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* When the console holds the keyboard: taken with the focus, given back by a chord and always on
 * the way out. */
#include "config.h"

#include "console/xeno-console-private.h"
#include "console/xeno-keymap.h"

static GdkToplevel *
get_toplevel (XenoConsole *self)
{
  GtkNative *native = gtk_widget_get_native (GTK_WIDGET (self));
  GdkSurface *surface = native != NULL ? gtk_native_get_surface (native) : NULL;

  return GDK_IS_TOPLEVEL (surface) ? GDK_TOPLEVEL (surface) : NULL;
}

static gboolean
is_pressed (XenoConsole *self,
            guint        qnum)
{
  for (guint i = 0; i < self->pressed->len; i++)
    if (g_array_index (self->pressed, XenoPressedKey, i).qnum == qnum)
      return TRUE;

  return FALSE;
}

static void
follow_focus (XenoConsole *self)
{
  if (self->window != NULL && gtk_window_is_active (self->window))
    xeno_console_grab (self);
  else
    xeno_console_ungrab (self);
}

static void
entered_cb (XenoConsole *self)
{
  self->has_focus = TRUE;
  follow_focus (self);
}

static void
left_cb (XenoConsole *self)
{
  self->has_focus = FALSE;
  xeno_console_ungrab (self);
}

void
xeno_console_init_grab (XenoConsole *self)
{
  GtkEventController *focus = gtk_event_controller_focus_new ();

  g_signal_connect_swapped (focus, "enter", G_CALLBACK (entered_cb), self);
  g_signal_connect_swapped (focus, "leave", G_CALLBACK (left_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), focus);
}

void
xeno_console_attach_window (XenoConsole *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));

  if (!GTK_IS_WINDOW (root))
    return;

  self->window = GTK_WINDOW (root);
  self->active_id = g_signal_connect_swapped (self->window, "notify::is-active",
                                              G_CALLBACK (follow_focus), self);
  follow_focus (self);
}

void
xeno_console_detach_window (XenoConsole *self)
{
  xeno_console_ungrab (self);
  if (self->window != NULL)
    g_clear_signal_handler (&self->active_id, self->window);
  self->window = NULL;
}

gboolean
xeno_console_is_reserved (XenoConsole *self,
                          GdkEvent    *event)
{
  guint n_shortcuts = self->reserved != NULL ? g_list_model_get_n_items (self->reserved) : 0;

  for (guint i = 0; i < n_shortcuts; i++)
    {
      g_autoptr(GtkShortcut) shortcut = g_list_model_get_item (self->reserved, i);

      if (gtk_shortcut_trigger_trigger (gtk_shortcut_get_trigger (shortcut), event, FALSE) ==
          GDK_KEY_MATCH_EXACT)
        return TRUE;
    }

  return FALSE;
}

/* The chord is a tap: both keys down, nothing else beside or between. */
void
xeno_console_watch_press (XenoConsole *self)
{
  self->is_chord_armed = self->pressed->len == 2 &&
                         is_pressed (self, XENO_QNUM_CONTROL_L) &&
                         is_pressed (self, XENO_QNUM_ALT_L);
}

gboolean
xeno_console_watch_release (XenoConsole *self,
                            guint        qnum)
{
  if (!self->is_chord_armed)
    return FALSE;

  self->is_chord_armed = FALSE;
  return qnum == XENO_QNUM_CONTROL_L || qnum == XENO_QNUM_ALT_L;
}

/**
 * xeno_console_is_grabbed:
 * @self: a console
 *
 * Returns: whether all keys go to the guest
 */
gboolean
xeno_console_is_grabbed (XenoConsole *self)
{
  g_return_val_if_fail (XENO_IS_CONSOLE (self), FALSE);

  return self->is_grabbed;
}

/**
 * xeno_console_grab:
 * @self: a console
 *
 * Sends all keys to the guest, those of the desktop too where the desktop allows it. Does nothing
 * while the guest takes no input.
 */
void
xeno_console_grab (XenoConsole *self)
{
  GdkToplevel *toplevel;

  g_return_if_fail (XENO_IS_CONSOLE (self));

  if (self->is_grabbed || !self->has_focus || !xeno_console_accepts_input (self))
    return;

  toplevel = get_toplevel (self);
  if (toplevel != NULL)
    gdk_toplevel_inhibit_system_shortcuts (toplevel, NULL);

  self->is_grabbed = TRUE;
  self->is_chord_armed = FALSE;
  xeno_console_sync_locks (self);
  xeno_console_update_cursor (self);
  xeno_console_notify_grabbed (self);
}

/**
 * xeno_console_ungrab:
 * @self: a console
 *
 * Gives the keyboard back to the desktop. Keys and buttons the guest saw go down come up.
 */
void
xeno_console_ungrab (XenoConsole *self)
{
  GdkToplevel *toplevel;

  g_return_if_fail (XENO_IS_CONSOLE (self));

  xeno_console_release_input (self);
  if (!self->is_grabbed)
    return;

  toplevel = get_toplevel (self);
  if (toplevel != NULL)
    gdk_toplevel_restore_system_shortcuts (toplevel);

  self->is_grabbed = FALSE;
  self->is_chord_armed = FALSE;
  xeno_console_update_cursor (self);
  xeno_console_notify_grabbed (self);
}

/**
 * xeno_console_set_reserved:
 * @self: a console
 * @shortcuts: (nullable): a list of #GtkShortcut
 *
 * Keeps shortcuts for the window, even while the console has the keyboard.
 */
void
xeno_console_set_reserved (XenoConsole *self,
                           GListModel  *shortcuts)
{
  g_return_if_fail (XENO_IS_CONSOLE (self));
  g_return_if_fail (shortcuts == NULL || G_IS_LIST_MODEL (shortcuts));

  g_set_object (&self->reserved, shortcuts);
}
