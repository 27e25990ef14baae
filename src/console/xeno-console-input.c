/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Keyboard, pointer and wheel of the console: what the person does, as the guest understands it. */
#include "config.h"

#include <math.h>

#include "console/xeno-console-private.h"
#include "console/xeno-keymap.h"

/* So far a touchpad's finger travels for one click of the wheel, in logical pixels. */
#define PIXELS_PER_CLICK 15

/* A free-spinning wheel must not flood the guest. */
#define MAX_CLICKS 8

#define LED_NUM_LOCK  2
#define LED_CAPS_LOCK 4

/* Keys */

static guint
find_qnum (XenoConsole *self,
           guint        keyval,
           guint        keycode)
{
  return self->is_evdev ? xeno_keymap_from_keycode (keycode) : xeno_keymap_from_keyval (keyval);
}

static int
find_pressed (XenoConsole *self,
              guint        keycode)
{
  for (guint i = 0; i < self->pressed->len; i++)
    if (g_array_index (self->pressed, XenoPressedKey, i).keycode == keycode)
      return i;

  return -1;
}

static void
tap (XenoConsole *self,
     guint        qnum)
{
  xeno_console_send_keys (self, &qnum, 1);
}

static gboolean
is_wake_up (guint           keyval,
            GdkModifierType state)
{
  return (keyval == GDK_KEY_Return || keyval == GDK_KEY_KP_Enter || keyval == GDK_KEY_space) &&
         (state & (GDK_CONTROL_MASK | GDK_ALT_MASK | GDK_SHIFT_MASK | GDK_SUPER_MASK)) == 0;
}

static gboolean
key_pressed_cb (XenoConsole           *self,
                guint                  keyval,
                guint                  keycode,
                GdkModifierType        state,
                GtkEventControllerKey *controller)
{
  XenoPressedKey key = { keycode, find_qnum (self, keyval, keycode), keyval };
  GdkEvent *event;

  if (!self->is_grabbed)
    {
      if (!self->has_focus || !is_wake_up (keyval, state))
        return FALSE;

      xeno_console_grab (self);
      return self->is_grabbed;
    }

  event = gtk_event_controller_get_current_event (GTK_EVENT_CONTROLLER (controller));
  if (xeno_console_is_reserved (self, event))
    return FALSE;
  if (key.qnum == 0)
    return TRUE;

  if (find_pressed (self, keycode) < 0)
    g_array_append_val (self->pressed, key);
  xeno_console_watch_press (self);
  xeno_console_backend_key (self->backend, key.qnum, keyval, TRUE);
  return TRUE;
}

static void
key_released_cb (XenoConsole           *self,
                 guint                  keyval,
                 guint                  keycode,
                 GdkModifierType        state,
                 GtkEventControllerKey *controller)
{
  int i = find_pressed (self, keycode);
  XenoPressedKey key;

  if (i < 0)
    return;

  key = g_array_index (self->pressed, XenoPressedKey, i);
  g_array_remove_index (self->pressed, i);
  xeno_console_backend_key (self->backend, key.qnum, key.keyval, FALSE);
  if (xeno_console_watch_release (self, key.qnum))
    xeno_console_ungrab (self);
}

/* Pointer */

static void
move_by (XenoConsole *self,
         double       dx,
         double       dy)
{
  double scale = self->transform.scale_factor / xeno_transform_get_scale (&self->transform);
  int whole_x, whole_y;

  self->rest_x += dx * scale;
  self->rest_y += dy * scale;
  whole_x = trunc (self->rest_x);
  whole_y = trunc (self->rest_y);
  self->rest_x -= whole_x;
  self->rest_y -= whole_y;
  if (whole_x != 0 || whole_y != 0)
    xeno_console_backend_pointer_moved_by (self->backend, whole_x, whole_y);
}

static void
move_to (XenoConsole *self,
         double       x,
         double       y)
{
  guint guest_x, guest_y;

  if (!xeno_console_accepts_input (self) || self->transform.guest_width == 0)
    return;

  if (!xeno_console_backend_has_absolute_pointer (self->backend))
    {
      if (self->knows_pointer)
        move_by (self, x - self->pointer_x, y - self->pointer_y);
    }
  else if (!self->knows_pointer || x != self->pointer_x || y != self->pointer_y)
    {
      xeno_transform_to_guest (&self->transform, x, y, &guest_x, &guest_y);
      xeno_console_backend_pointer_moved (self->backend, guest_x, guest_y);
    }

  self->pointer_x = x;
  self->pointer_y = y;
  self->knows_pointer = TRUE;
}

static void
pointer_entered_cb (XenoConsole *self,
                    double       x,
                    double       y)
{
  move_to (self, x, y);
  xeno_console_follow_pointer (self);
}

static void
pointer_left_cb (XenoConsole *self)
{
  self->knows_pointer = FALSE;
  xeno_console_follow_pointer (self);
}

static void
move_to_event (XenoConsole *self,
               GdkEvent    *event)
{
  GtkNative *native = gtk_widget_get_native (GTK_WIDGET (self));
  double x, y, native_x, native_y;

  if (!gdk_event_get_position (event, &x, &y))
    return;

  gtk_native_get_surface_transform (native, &native_x, &native_y);
  if (gtk_widget_translate_coordinates (GTK_WIDGET (native), GTK_WIDGET (self), x - native_x,
                                        y - native_y, &x, &y))
    move_to (self, x, y);
}

static void
press_button (XenoConsole *self,
              GdkEvent    *event)
{
  gtk_widget_grab_focus (GTK_WIDGET (self));
  xeno_console_grab (self);
  if (!xeno_console_accepts_input (self))
    return;

  self->is_chord_armed = FALSE;
  move_to_event (self, event);
  xeno_console_backend_button (self->backend, gdk_button_event_get_button (event), TRUE);
}

static void
release_button (XenoConsole *self,
                GdkEvent    *event)
{
  if (!xeno_console_accepts_input (self))
    return;

  move_to_event (self, event);
  xeno_console_backend_button (self->backend, gdk_button_event_get_button (event), FALSE);
}

/* Raw events: a click gesture can be cancelled between press and release. */
static gboolean
event_cb (XenoConsole              *self,
          GdkEvent                 *event,
          GtkEventControllerLegacy *controller)
{
  switch ((int) gdk_event_get_event_type (event))
    {
    case GDK_BUTTON_PRESS:
      press_button (self, event);
      return TRUE;

    case GDK_BUTTON_RELEASE:
      release_button (self, event);
      return TRUE;

    default:
      return FALSE;
    }
}

/* Wheel */

static int
take_clicks (double *travel,
             double  delta)
{
  int clicks;

  if (*travel * delta < 0)
    *travel = 0;
  *travel += delta;
  clicks = trunc (*travel);
  *travel -= clicks;
  return CLAMP (clicks, -MAX_CLICKS, MAX_CLICKS);
}

static gboolean
scroll_cb (XenoConsole              *self,
           double                    dx,
           double                    dy,
           GtkEventControllerScroll *controller)
{
  int clicks_x, clicks_y;

  if (!xeno_console_accepts_input (self))
    return FALSE;

  if (gtk_event_controller_scroll_get_unit (controller) == GDK_SCROLL_UNIT_SURFACE)
    {
      dx /= PIXELS_PER_CLICK;
      dy /= PIXELS_PER_CLICK;
    }

  clicks_x = take_clicks (&self->wheel_x, dx);
  clicks_y = take_clicks (&self->wheel_y, dy);
  if (clicks_x != 0 || clicks_y != 0)
    xeno_console_backend_wheel (self->backend, clicks_x, clicks_y);
  return TRUE;
}

static void
scroll_end_cb (XenoConsole *self)
{
  self->wheel_x = 0;
  self->wheel_y = 0;
}

void
xeno_console_init_input (XenoConsole *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  GtkEventController *controller;

  self->pressed = g_array_new (FALSE, FALSE, sizeof (XenoPressedKey));

  controller = gtk_event_controller_motion_new ();
  g_signal_connect_swapped (controller, "enter", G_CALLBACK (pointer_entered_cb), self);
  g_signal_connect_swapped (controller, "motion", G_CALLBACK (move_to), self);
  g_signal_connect_swapped (controller, "leave", G_CALLBACK (pointer_left_cb), self);
  gtk_widget_add_controller (widget, controller);

  controller = gtk_event_controller_legacy_new ();
  g_signal_connect_swapped (controller, "event", G_CALLBACK (event_cb), self);
  gtk_widget_add_controller (widget, controller);

  controller = gtk_event_controller_scroll_new (GTK_EVENT_CONTROLLER_SCROLL_BOTH_AXES);
  g_signal_connect_swapped (controller, "scroll", G_CALLBACK (scroll_cb), self);
  g_signal_connect_swapped (controller, "scroll-end", G_CALLBACK (scroll_end_cb), self);
  gtk_widget_add_controller (widget, controller);
}

/* The controller belongs on the window, and last: one on the console would run after the
 * application's accelerators, and the guest would get their releases only. */
void
xeno_console_attach_keyboard (XenoConsole *self)
{
  GtkWidget *widget = GTK_WIDGET (self);

  self->is_evdev = xeno_keymap_is_evdev (gtk_widget_get_display (widget));
  self->key_controller = gtk_event_controller_key_new ();
  gtk_event_controller_set_propagation_phase (self->key_controller, GTK_PHASE_CAPTURE);
  g_signal_connect_object (self->key_controller, "key-pressed", G_CALLBACK (key_pressed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->key_controller, "key-released", G_CALLBACK (key_released_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_widget_add_controller (GTK_WIDGET (gtk_widget_get_root (widget)), self->key_controller);
}

void
xeno_console_detach_keyboard (XenoConsole *self)
{
  if (self->key_controller == NULL)
    return;

  gtk_widget_remove_controller (gtk_event_controller_get_widget (self->key_controller),
                                self->key_controller);
  self->key_controller = NULL;
}

void
xeno_console_release_input (XenoConsole *self)
{
  g_array_set_size (self->pressed, 0);
  if (self->backend != NULL)
    xeno_console_backend_release_all (self->backend);
}

/* The person's lock keys may have changed while another window had the focus. */
void
xeno_console_sync_locks (XenoConsole *self)
{
  GdkSeat *seat = gdk_display_get_default_seat (gtk_widget_get_display (GTK_WIDGET (self)));
  GdkDevice *keyboard = seat != NULL ? gdk_seat_get_keyboard (seat) : NULL;
  guint leds;

  if (keyboard == NULL || !self->knows_leds)
    return;

  leds = xeno_console_backend_get_leds (self->backend);
  if (gdk_device_get_caps_lock_state (keyboard) != ((leds & LED_CAPS_LOCK) != 0))
    tap (self, XENO_QNUM_CAPS_LOCK);
  if (gdk_device_get_num_lock_state (keyboard) != ((leds & LED_NUM_LOCK) != 0))
    tap (self, XENO_QNUM_NUM_LOCK);
}

gboolean
xeno_console_accepts_input (XenoConsole *self)
{
  return self->backend != NULL && !self->is_view_only && gtk_widget_is_sensitive (GTK_WIDGET (self)) &&
         xeno_console_backend_get_state (self->backend) == XENO_CONSOLE_LIVE;
}

/**
 * xeno_console_send_keys:
 * @self: a console
 * @qnums: (array length=n_qnums): QEMU's numbers of the keys, in the order they go down
 * @n_qnums: how many
 *
 * Presses keys together and lets them go, whoever has the keyboard.
 */
void
xeno_console_send_keys (XenoConsole *self,
                        const guint *qnums,
                        gsize        n_qnums)
{
  g_return_if_fail (XENO_IS_CONSOLE (self));
  g_return_if_fail (qnums != NULL || n_qnums == 0);

  if (!xeno_console_accepts_input (self))
    return;

  for (gsize i = 0; i < n_qnums; i++)
    xeno_console_backend_key (self->backend, qnums[i], xeno_keymap_get_keyval (qnums[i]), TRUE);
  for (gsize i = n_qnums; i > 0; i--)
    xeno_console_backend_key (self->backend, qnums[i - 1], xeno_keymap_get_keyval (qnums[i - 1]),
                              FALSE);
}
