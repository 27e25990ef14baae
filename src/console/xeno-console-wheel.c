/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The console's wheel: clicks and fingers, up and down and to the side. */
#include "config.h"

#include "console/xeno-console-private.h"

/* So far a finger travels for one click of the wheel, in logical pixels. */
#define PIXELS_PER_CLICK 15

/* A guest hears of its pointer and of its keyboard by different ways, the pointer's the longer one: Shift stays
 * down for this long after the click it is for. */
#define SHIFT_MS 150

/* Fingers that go down go a little to the side as well, which nobody means. */
#define SIDEWAYS_US (300 * G_TIME_SPAN_MILLISECOND)

/*
 * Lets go of the Shift that was pressed for the wheel, before anything it was not meant for.
 */
void
xeno_console_end_sideways (XenoConsole *self)
{
  if (self->shift_id == 0)
    return;

  g_clear_handle_id (&self->shift_id, g_source_remove);
  if (self->backend != NULL)
    xeno_console_backend_key (self->backend, XENO_QNUM_SHIFT_L, GDK_KEY_Shift_L, FALSE);
}

static gboolean
end_sideways_cb (gpointer user_data)
{
  xeno_console_end_sideways (user_data);
  return G_SOURCE_REMOVE;
}

/* Not for who moves a pointer in a game, holds keys or buttons for something else, or scrolls down. */
static gboolean
can_turn_sideways (XenoConsole *self)
{
  return self->turns_sideways && !xeno_console_backend_has_side_wheel (self->backend) &&
         xeno_console_backend_has_absolute_pointer (self->backend) && self->pressed->len == 0 &&
         !self->is_touched && g_get_monotonic_time () - self->turned_us > SIDEWAYS_US;
}

/* What most programs take a wheel with Shift for. It is held through all clicks of a movement, as a person
 * would: pressed for each of them it could be taken for a wish for sticky keys. */
static void
turn_sideways (XenoConsole *self,
               int          clicks)
{
  if (self->shift_id == 0)
    xeno_console_backend_key (self->backend, XENO_QNUM_SHIFT_L, GDK_KEY_Shift_L, TRUE);
  g_clear_handle_id (&self->shift_id, g_source_remove);
  self->shift_id = g_timeout_add (SHIFT_MS, end_sideways_cb, self);
  xeno_console_backend_wheel (self->backend, 0, clicks);
}

/*
 * Turns the guest's wheel by @dx and @dy clicks.
 */
void
xeno_console_turn_wheel (XenoConsole *self,
                         double       dx,
                         double       dy)
{
  GdkFrameClock *clock = gtk_widget_get_frame_clock (GTK_WIDGET (self));
  int clicks_x, clicks_y;

  xeno_wheel_turn (&self->wheel, clock != NULL ? gdk_frame_clock_get_frame_counter (clock) : 0, dx, dy,
                   &clicks_x, &clicks_y);
  if (clicks_x == 0 && clicks_y == 0)
    return;

  xeno_console_send_waiting (self);
  xeno_console_flush_movement (self);
  if (clicks_y != 0)
    {
      self->turned_us = g_get_monotonic_time ();
      xeno_console_end_sideways (self);
    }
  if (clicks_x != 0 && can_turn_sideways (self))
    turn_sideways (self, clicks_x);
  else
    xeno_console_backend_wheel (self->backend, clicks_x, clicks_y);
}

/*
 * The same for fingers that went @dx and @dy logical pixels.
 */
void
xeno_console_turn_wheel_by_fingers (XenoConsole *self,
                                    double       dx,
                                    double       dy)
{
  double scale = self->scroll_speed / PIXELS_PER_CLICK;

  xeno_console_turn_wheel (self, dx * scale, dy * scale);
}

/* On X11 a touchpad counts in clicks too, and in fractions of them. */
static gboolean
scroll_cb (XenoConsole        *self,
           double              dx,
           double              dy,
           GtkEventController *controller)
{
  GdkDevice *device = gtk_event_controller_get_current_event_device (controller);

  if (!xeno_console_accepts_input (self))
    return FALSE;

  if (gtk_event_controller_scroll_get_unit (GTK_EVENT_CONTROLLER_SCROLL (controller)) ==
      GDK_SCROLL_UNIT_SURFACE)
    xeno_console_turn_wheel_by_fingers (self, dx, dy);
  else if (device != NULL && gdk_device_get_source (device) == GDK_SOURCE_TOUCHPAD)
    xeno_console_turn_wheel_by_fingers (self, dx * PIXELS_PER_CLICK, dy * PIXELS_PER_CLICK);
  else
    xeno_console_turn_wheel (self, dx, dy);
  return TRUE;
}

static void
scroll_end_cb (XenoConsole *self)
{
  xeno_wheel_rest (&self->wheel);
}

void
xeno_console_init_wheel (XenoConsole *self)
{
  GtkEventController *controller = gtk_event_controller_scroll_new (GTK_EVENT_CONTROLLER_SCROLL_BOTH_AXES);

  self->turns_sideways = TRUE;
  g_signal_connect_swapped (controller, "scroll", G_CALLBACK (scroll_cb), self);
  g_signal_connect_swapped (controller, "scroll-end", G_CALLBACK (scroll_end_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), controller);
}

/**
 * xeno_console_set_turns_sideways:
 * @self: a console
 * @turns_sideways: whether Shift may be pressed for a wheel that is turned to the side, where the display
 *   cannot carry that; it may, to begin with
 */
void
xeno_console_set_turns_sideways (XenoConsole *self,
                                 gboolean     turns_sideways)
{
  g_return_if_fail (XENO_IS_CONSOLE (self));

  self->turns_sideways = turns_sideways;
}
