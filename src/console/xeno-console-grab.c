/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* When the console holds the keyboard: taken as the policy says, given back by a chord and always
 * on the way out. */
#include "config.h"

#include "console/xeno-console-private.h"
#include "console/xeno-host-keyboard.h"

G_DEFINE_ENUM_TYPE (XenoGrabPolicy, xeno_grab_policy,
                    G_DEFINE_ENUM_VALUE (XENO_GRAB_WITH_FOCUS, "focus"),
                    G_DEFINE_ENUM_VALUE (XENO_GRAB_ON_CLICK, "click"),
                    G_DEFINE_ENUM_VALUE (XENO_GRAB_WITH_POINTER, "pointer"),
                    G_DEFINE_ENUM_VALUE (XENO_GRAB_NEVER, "never"))

static GdkToplevel *
get_toplevel (XenoConsole *self)
{
  GtkNative *native = gtk_widget_get_native (GTK_WIDGET (self));
  GdkSurface *surface = native != NULL ? gtk_native_get_surface (native) : NULL;

  return GDK_IS_TOPLEVEL (surface) ? GDK_TOPLEVEL (surface) : NULL;
}

static gboolean
is_active (XenoConsole *self)
{
  return self->window != NULL && gtk_window_is_active (self->window);
}

static gboolean
takes_with_focus (XenoConsole *self)
{
  switch (self->grab_policy)
    {
    case XENO_GRAB_ON_CLICK:
      return FALSE;

    case XENO_GRAB_WITH_POINTER:
      return self->knows_pointer;

    case XENO_GRAB_WITH_FOCUS:
    case XENO_GRAB_NEVER:
    default:
      return TRUE;
    }
}

void
xeno_console_follow_focus (XenoConsole *self)
{
  if (!is_active (self))
    xeno_console_ungrab (self);
  else if (takes_with_focus (self))
    xeno_console_grab (self);
}

/* The pointer has come over the console, or left it. */
void
xeno_console_follow_pointer (XenoConsole *self)
{
  if (self->grab_policy != XENO_GRAB_WITH_POINTER)
    return;

  if (!self->knows_pointer)
    xeno_console_ungrab (self);
  else if (is_active (self) && xeno_console_accepts_input (self))
    {
      gtk_widget_grab_focus (GTK_WIDGET (self));
      xeno_console_grab (self);
    }
}

static void
entered_cb (XenoConsole *self)
{
  self->has_focus = TRUE;
  xeno_console_follow_focus (self);
}

static void
left_cb (XenoConsole *self)
{
  self->has_focus = FALSE;
  xeno_console_ungrab (self);
}

static void
set_has_desktop_keys (XenoConsole *self,
                      gboolean     has_desktop_keys)
{
  if (self->has_desktop_keys == has_desktop_keys)
    return;

  self->has_desktop_keys = has_desktop_keys;
  xeno_console_notify (self, XENO_CONSOLE_PROP_HAS_DESKTOP_KEYS);
}

/* The desktop may take a while to agree, or ask the person. When it takes its shortcuts back, the
 * person has asked for that, and means all keys. */
static void
inhibited_cb (XenoConsole *self,
              GParamSpec  *pspec,
              GdkToplevel *toplevel)
{
  gboolean had_desktop_keys = self->has_desktop_keys;
  gboolean is_inhibited;

  g_object_get (toplevel, "shortcuts-inhibited", &is_inhibited, NULL);
  set_has_desktop_keys (self, is_inhibited);
  if (had_desktop_keys && !is_inhibited)
    xeno_console_ungrab (self);
}

/* An X server lets only the window that has the focus have them, and a click comes before the focus. */
static void
ask_for_desktop_keys (XenoConsole *self,
                      GParamSpec  *pspec,
                      GdkToplevel *toplevel)
{
  if (!self->has_desktop_keys && (gdk_toplevel_get_state (toplevel) & GDK_TOPLEVEL_STATE_FOCUSED) != 0)
    gdk_toplevel_inhibit_system_shortcuts (toplevel, NULL);
}

static void
take_desktop_keys (XenoConsole *self)
{
  GdkToplevel *toplevel = get_toplevel (self);

  if (toplevel == NULL || self->grab_policy == XENO_GRAB_NEVER)
    return;

  self->inhibited_id = g_signal_connect_swapped (toplevel, "notify::shortcuts-inhibited",
                                                 G_CALLBACK (inhibited_cb), self);
  self->focused_id = g_signal_connect_swapped (toplevel, "notify::state",
                                               G_CALLBACK (ask_for_desktop_keys), self);
  self->focus_watch = xeno_focus_watch_new (GDK_SURFACE (toplevel));
  g_signal_connect_swapped (self->focus_watch, "lost", G_CALLBACK (xeno_console_ungrab), self);
  xeno_host_keyboard_allow_grab (GDK_SURFACE (toplevel));
  ask_for_desktop_keys (self, NULL, toplevel);
}

static void
return_desktop_keys (XenoConsole *self)
{
  GdkToplevel *toplevel = get_toplevel (self);

  if (toplevel != NULL && self->inhibited_id != 0)
    {
      g_clear_signal_handler (&self->inhibited_id, toplevel);
      g_clear_signal_handler (&self->focused_id, toplevel);
      gdk_toplevel_restore_system_shortcuts (toplevel);
    }
  self->inhibited_id = self->focused_id = 0;
  g_clear_object (&self->focus_watch);
  set_has_desktop_keys (self, FALSE);
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
                                              G_CALLBACK (xeno_console_follow_focus), self);
  xeno_console_follow_focus (self);
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

/* The chord is a tap: its keys down, nothing else beside or between. */
void
xeno_console_watch_press (XenoConsole *self)
{
  self->is_chord_armed = self->pressed->len == xeno_release_chord_get_n_keys (self->release_chord);
  for (guint i = 0; i < self->pressed->len; i++)
    if (!xeno_release_chord_has (self->release_chord,
                                 g_array_index (self->pressed, XenoPressedKey, i).qnum))
      self->is_chord_armed = FALSE;
}

gboolean
xeno_console_watch_release (XenoConsole *self,
                            guint        qnum)
{
  if (!self->is_chord_armed)
    return FALSE;

  self->is_chord_armed = FALSE;
  return xeno_release_chord_has (self->release_chord, qnum);
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
 * xeno_console_has_desktop_keys:
 * @self: a console
 *
 * Returns: whether the desktop's own shortcuts go to the guest too
 */
gboolean
xeno_console_has_desktop_keys (XenoConsole *self)
{
  g_return_val_if_fail (XENO_IS_CONSOLE (self), FALSE);

  return self->has_desktop_keys;
}

/**
 * xeno_console_grab:
 * @self: a console
 *
 * Sends all keys to the guest, those of the desktop too where the desktop and the grab policy allow
 * it. Does nothing while the guest takes no input.
 */
void
xeno_console_grab (XenoConsole *self)
{
  g_return_if_fail (XENO_IS_CONSOLE (self));

  if (self->is_grabbed || !self->has_focus || !xeno_console_accepts_input (self))
    return;

  take_desktop_keys (self);
  self->is_grabbed = TRUE;
  self->is_chord_armed = FALSE;
  xeno_console_sync_locks (self);
  xeno_console_update_cursor (self);
  xeno_console_notify (self, XENO_CONSOLE_PROP_IS_GRABBED);
}

/**
 * xeno_console_ungrab:
 * @self: a console
 *
 * Gives keyboard and pointer back to the desktop. Keys and buttons the guest saw go down come up.
 */
void
xeno_console_ungrab (XenoConsole *self)
{
  g_return_if_fail (XENO_IS_CONSOLE (self));

  xeno_console_release_keys (self);
  if (!self->is_grabbed)
    return;

  self->is_grabbed = FALSE;
  self->is_chord_armed = FALSE;
  return_desktop_keys (self);
  xeno_console_free_pointer (self);
  xeno_console_update_cursor (self);
  xeno_console_notify (self, XENO_CONSOLE_PROP_IS_GRABBED);
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
