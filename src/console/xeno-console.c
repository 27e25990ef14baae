/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The guest's screen as a widget: shows a backend's frames and sends it keyboard and pointer. */
#include "config.h"

#include "console/xeno-console-private.h"

G_DEFINE_FINAL_TYPE (XenoConsole, xeno_console, GTK_TYPE_WIDGET)

static void
state_cb (XenoConsole *self)
{
  if (!xeno_console_accepts_input (self))
    xeno_console_ungrab (self);
  else
    xeno_console_follow_focus (self);
  xeno_console_update_cursor (self);
}

static void
pointer_mode_cb (XenoConsole *self)
{
  xeno_console_free_pointer (self);
  xeno_console_update_cursor (self);
}

static void
cursor_moved_cb (XenoConsole *self)
{
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
xeno_console_measure (GtkWidget      *widget,
                      GtkOrientation  orientation,
                      int             for_size,
                      int            *minimum,
                      int            *natural,
                      int            *minimum_baseline,
                      int            *natural_baseline)
{
  XenoConsole *self = XENO_CONSOLE (widget);
  int factor = gtk_widget_get_scale_factor (widget);

  *natural = 0;
  if (self->surface != NULL)
    *natural = ((orientation == GTK_ORIENTATION_HORIZONTAL ? xeno_surface_get_width (self->surface)
                                                           : xeno_surface_get_height (self->surface))
                + factor - 1) / factor;
  *minimum = self->scale_mode == XENO_SCALE_ACTUAL ? *natural : 0;
}

static void
xeno_console_size_allocate (GtkWidget *widget,
                            int        width,
                            int        height,
                            int        baseline)
{
  xeno_console_update_transform (XENO_CONSOLE (widget));
  xeno_console_want_size (XENO_CONSOLE (widget));
}

static void
xeno_console_realize (GtkWidget *widget)
{
  XenoConsole *self = XENO_CONSOLE (widget);

  GTK_WIDGET_CLASS (xeno_console_parent_class)->realize (widget);

  xeno_pointer_lock_prepare (gtk_widget_get_display (widget));
  xeno_console_realize_picture (self);
}

static void
xeno_console_unrealize (GtkWidget *widget)
{
  XenoConsole *self = XENO_CONSOLE (widget);

  xeno_console_unrealize_picture (self);

  GTK_WIDGET_CLASS (xeno_console_parent_class)->unrealize (widget);
}

static void
xeno_console_map (GtkWidget *widget)
{
  XenoConsole *self = XENO_CONSOLE (widget);

  GTK_WIDGET_CLASS (xeno_console_parent_class)->map (widget);

  xeno_console_attach_keyboard (self);
  xeno_console_attach_window (self);
  xeno_console_attach_pan (self);
  xeno_frame_resume (self->frame);
}

static void
xeno_console_unmap (GtkWidget *widget)
{
  XenoConsole *self = XENO_CONSOLE (widget);

  xeno_frame_pause (self->frame);
  xeno_console_detach_pan (self);
  xeno_console_detach_window (self);
  xeno_console_detach_keyboard (self);

  GTK_WIDGET_CLASS (xeno_console_parent_class)->unmap (widget);
}

static void
xeno_console_state_flags_changed (GtkWidget     *widget,
                                  GtkStateFlags  previous)
{
  GtkStateFlags changed = previous ^ gtk_widget_get_state_flags (widget);

  if (changed & GTK_STATE_FLAG_INSENSITIVE)
    state_cb (XENO_CONSOLE (widget));
}

static void
xeno_console_dispose (GObject *object)
{
  XenoConsole *self = XENO_CONSOLE (object);

  xeno_console_set_backend (self, NULL);

  G_OBJECT_CLASS (xeno_console_parent_class)->dispose (object);
}

static void
xeno_console_finalize (GObject *object)
{
  XenoConsole *self = XENO_CONSOLE (object);

  g_object_unref (self->backend_signals);
  xeno_console_finalize_picture (self);
  g_object_unref (self->movement);
  g_object_unref (self->touch);
  g_array_unref (self->pressed);
  g_clear_object (&self->reserved);

  G_OBJECT_CLASS (xeno_console_parent_class)->finalize (object);
}

static void
xeno_console_class_init (XenoConsoleClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = xeno_console_dispose;
  object_class->finalize = xeno_console_finalize;

  widget_class->measure = xeno_console_measure;
  widget_class->size_allocate = xeno_console_size_allocate;
  widget_class->snapshot = xeno_console_snapshot;
  widget_class->realize = xeno_console_realize;
  widget_class->unrealize = xeno_console_unrealize;
  widget_class->map = xeno_console_map;
  widget_class->unmap = xeno_console_unmap;
  widget_class->state_flags_changed = xeno_console_state_flags_changed;

  xeno_console_install_properties (object_class);

  /**
   * XenoConsole::size-wanted:
   * @self: a console
   * @width: in guest pixels
   * @height: in guest pixels
   *
   * The guest will be asked for a screen of this size.
   */
  g_signal_new ("size-wanted", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                0, NULL, NULL, NULL, G_TYPE_NONE, 2, G_TYPE_UINT, G_TYPE_UINT);

  gtk_widget_class_set_css_name (widget_class, "console");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
xeno_console_init (XenoConsole *self)
{
  GtkWidget *widget = GTK_WIDGET (self);

  gtk_widget_set_focusable (widget, TRUE);
  gtk_widget_set_overflow (widget, GTK_OVERFLOW_HIDDEN);

  self->backend_signals = g_signal_group_new (XENO_TYPE_CONSOLE_BACKEND);
  g_signal_group_connect_swapped (self->backend_signals, "cursor-changed",
                                  G_CALLBACK (xeno_console_update_cursor), self);
  g_signal_group_connect_swapped (self->backend_signals, "cursor-moved",
                                  G_CALLBACK (cursor_moved_cb), self);
  g_signal_group_connect_swapped (self->backend_signals, "notify::has-absolute-pointer",
                                  G_CALLBACK (pointer_mode_cb), self);
  g_signal_group_connect_swapped (self->backend_signals, "notify::state",
                                  G_CALLBACK (state_cb), self);

  self->scroll_speed = 1;
  xeno_console_init_picture (self);
  xeno_console_init_keys (self);
  xeno_console_init_pointer (self);
  xeno_console_init_grab (self);
}

/**
 * xeno_console_get_grab_policy:
 * @self: a console
 *
 * Returns: when keys go to the guest rather than to the desktop
 */
XenoGrabPolicy
xeno_console_get_grab_policy (XenoConsole *self)
{
  g_return_val_if_fail (XENO_IS_CONSOLE (self), XENO_GRAB_WITH_FOCUS);

  return self->grab_policy;
}

/**
 * xeno_console_set_grab_policy:
 * @self: a console
 * @grab_policy: when keys go to the guest rather than to the desktop
 *
 * Another policy begins with a free keyboard.
 */
void
xeno_console_set_grab_policy (XenoConsole    *self,
                              XenoGrabPolicy  grab_policy)
{
  g_return_if_fail (XENO_IS_CONSOLE (self));

  if (self->grab_policy == grab_policy)
    return;

  xeno_console_ungrab (self);
  self->grab_policy = grab_policy;
  xeno_console_follow_focus (self);
  xeno_console_notify (self, XENO_CONSOLE_PROP_GRAB_POLICY);
}

/**
 * xeno_console_get_release_chord:
 * @self: a console
 *
 * Returns: which keys, tapped together, give the keyboard back
 */
XenoReleaseChord
xeno_console_get_release_chord (XenoConsole *self)
{
  g_return_val_if_fail (XENO_IS_CONSOLE (self), XENO_RELEASE_CHORD_CTRL_ALT);

  return self->release_chord;
}

/**
 * xeno_console_set_release_chord:
 * @self: a console
 * @release_chord: which keys, tapped together, give the keyboard back
 */
void
xeno_console_set_release_chord (XenoConsole      *self,
                                XenoReleaseChord  release_chord)
{
  g_return_if_fail (XENO_IS_CONSOLE (self));

  if (self->release_chord == release_chord)
    return;

  self->release_chord = release_chord;
  self->is_chord_armed = FALSE;
  xeno_console_notify (self, XENO_CONSOLE_PROP_RELEASE_CHORD);
}

/**
 * xeno_console_get_scroll_speed:
 * @self: a console
 *
 * Returns: how far a guest scrolls for fingers on a touchpad or the screen; 1 is usual
 */
double
xeno_console_get_scroll_speed (XenoConsole *self)
{
  g_return_val_if_fail (XENO_IS_CONSOLE (self), 1);

  return self->scroll_speed;
}

/**
 * xeno_console_set_scroll_speed:
 * @self: a console
 * @scroll_speed: how far a guest scrolls for fingers on a touchpad or the screen; 1 is usual
 *
 * The click of a mouse's wheel stays one click.
 */
void
xeno_console_set_scroll_speed (XenoConsole *self,
                               double       scroll_speed)
{
  g_return_if_fail (XENO_IS_CONSOLE (self));

  scroll_speed = CLAMP (scroll_speed, 0.1, 10);
  if (self->scroll_speed == scroll_speed)
    return;

  self->scroll_speed = scroll_speed;
  xeno_console_notify (self, XENO_CONSOLE_PROP_SCROLL_SPEED);
}

/**
 * xeno_console_holds_pointer:
 * @self: a console
 *
 * Returns: whether the pointer is kept for a guest that takes movements
 */
gboolean
xeno_console_holds_pointer (XenoConsole *self)
{
  g_return_val_if_fail (XENO_IS_CONSOLE (self), FALSE);

  return self->holds_pointer;
}

/**
 * xeno_console_accepts_input:
 * @self: a console
 *
 * Returns: whether there is a guest that may be told of keys and the pointer
 */
gboolean
xeno_console_accepts_input (XenoConsole *self)
{
  g_return_val_if_fail (XENO_IS_CONSOLE (self), FALSE);

  return self->backend != NULL && !self->is_view_only && gtk_widget_is_sensitive (GTK_WIDGET (self)) &&
         xeno_console_backend_get_state (self->backend) == XENO_CONSOLE_LIVE;
}

/**
 * xeno_console_new:
 *
 * Returns: (transfer floating): a black console without a backend
 */
GtkWidget *
xeno_console_new (void)
{
  return g_object_new (XENO_TYPE_CONSOLE, NULL);
}

/**
 * xeno_console_get_backend:
 * @self: a console
 *
 * Returns: (transfer none) (nullable): where the frames come from and the input goes to
 */
XenoConsoleBackend *
xeno_console_get_backend (XenoConsole *self)
{
  g_return_val_if_fail (XENO_IS_CONSOLE (self), NULL);

  return self->backend;
}

/**
 * xeno_console_set_backend:
 * @self: a console
 * @backend: (nullable): where the frames come from and the input goes to
 *
 * Shows another guest. Starting and stopping the backend is its owner's business.
 */
void
xeno_console_set_backend (XenoConsole        *self,
                          XenoConsoleBackend *backend)
{
  g_return_if_fail (XENO_IS_CONSOLE (self));
  g_return_if_fail (backend == NULL || XENO_IS_CONSOLE_BACKEND (backend));

  if (self->backend == backend)
    return;

  xeno_console_ungrab (self);
  xeno_console_end_sideways (self);
  xeno_console_forget_size (self);
  g_set_object (&self->backend, backend);
  g_signal_group_set_target (self->backend_signals, backend);
  xeno_console_take_surface (self);
  xeno_console_want_size (self);
  state_cb (self);
  xeno_console_notify (self, XENO_CONSOLE_PROP_BACKEND);
}

/**
 * xeno_console_get_scale_mode:
 * @self: a console
 *
 * Returns: how the guest's picture is scaled to the widget
 */
XenoScaleMode
xeno_console_get_scale_mode (XenoConsole *self)
{
  g_return_val_if_fail (XENO_IS_CONSOLE (self), XENO_SCALE_FIT);

  return self->scale_mode;
}

/**
 * xeno_console_set_scale_mode:
 * @self: a console
 * @scale_mode: how the guest's picture is scaled to the widget
 *
 * With %XENO_SCALE_ACTUAL the console asks for all the room the picture needs: put it into a
 * scrolled window.
 */
void
xeno_console_set_scale_mode (XenoConsole   *self,
                             XenoScaleMode  scale_mode)
{
  g_return_if_fail (XENO_IS_CONSOLE (self));

  if (self->scale_mode == scale_mode)
    return;

  self->scale_mode = scale_mode;
  gtk_widget_queue_resize (GTK_WIDGET (self));
  gtk_widget_queue_draw (GTK_WIDGET (self));
  xeno_console_notify (self, XENO_CONSOLE_PROP_SCALE_MODE);
}

/**
 * xeno_console_is_view_only:
 * @self: a console
 *
 * Returns: whether nothing a person does reaches the guest
 */
gboolean
xeno_console_is_view_only (XenoConsole *self)
{
  g_return_val_if_fail (XENO_IS_CONSOLE (self), FALSE);

  return self->is_view_only;
}

/**
 * xeno_console_set_view_only:
 * @self: a console
 * @view_only: whether nothing a person does reaches the guest
 *
 * What is pressed comes up before the guest hears nothing more.
 */
void
xeno_console_set_view_only (XenoConsole *self,
                            gboolean     view_only)
{
  g_return_if_fail (XENO_IS_CONSOLE (self));

  if (self->is_view_only == !!view_only)
    return;

  xeno_console_ungrab (self);
  self->is_view_only = !!view_only;
  state_cb (self);
  xeno_console_notify (self, XENO_CONSOLE_PROP_VIEW_ONLY);
}

/**
 * xeno_console_get_head:
 * @self: a console
 *
 * Returns: which of the guest's monitors it shows, or would if there were one of this number, or
 *   %XENO_ALL_HEADS
 */
guint
xeno_console_get_head (XenoConsole *self)
{
  g_return_val_if_fail (XENO_IS_CONSOLE (self), 0);

  return self->head;
}

/**
 * xeno_console_set_head:
 * @self: a console
 * @head: which of the guest's monitors to show
 *
 * 0 is the first one, whatever its number. With %XENO_ALL_HEADS they are shown side by side. A monitor that
 * the guest does not have is asked for.
 */
void
xeno_console_set_head (XenoConsole *self,
                       guint        head)
{
  g_return_if_fail (XENO_IS_CONSOLE (self));

  if (self->head == head)
    return;

  self->head = head;
  xeno_console_update_head (self);
  xeno_console_want_size (self);
  xeno_console_notify (self, XENO_CONSOLE_PROP_HEAD);
}
