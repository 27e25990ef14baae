/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Fingers on the console, as the guest's mouse. */
#include "config.h"

#include "console/xeno-console-private.h"

static void
moved_cb (XenoConsole *self,
          double       x,
          double       y)
{
  xeno_console_move_pointer (self, x, y);
}

static void
button_cb (XenoConsole *self,
           guint        button,
           gboolean     is_down)
{
  if (xeno_console_accepts_input (self))
    xeno_console_take_button (self, button, is_down);
}

static void
scrolled_cb (XenoConsole *self,
             double       dx,
             double       dy)
{
  if (xeno_console_accepts_input (self))
    xeno_console_turn_wheel_by_fingers (self, dx, dy);
}

static void
rested_cb (XenoConsole *self)
{
  xeno_wheel_rest (&self->wheel);
}

void
xeno_console_init_touch (XenoConsole *self)
{
  self->touch = xeno_touch_new ();
  g_signal_connect_swapped (self->touch, "moved", G_CALLBACK (moved_cb), self);
  g_signal_connect_swapped (self->touch, "button", G_CALLBACK (button_cb), self);
  g_signal_connect_swapped (self->touch, "scrolled", G_CALLBACK (scrolled_cb), self);
  g_signal_connect_swapped (self->touch, "rested", G_CALLBACK (rested_cb), self);
}

gboolean
xeno_console_take_touch (XenoConsole *self,
                         GdkEvent    *event)
{
  gconstpointer finger = gdk_event_get_event_sequence (event);
  double x, y;

  if (!xeno_console_get_place (self, event, &x, &y))
    return FALSE;

  switch ((int) gdk_event_get_event_type (event))
    {
    case GDK_TOUCH_BEGIN:
      gtk_widget_grab_focus (GTK_WIDGET (self));
      xeno_console_grab (self);
      self->is_touched = TRUE;
      self->knows_pointer = FALSE;
      xeno_touch_begin (self->touch, finger, x, y);
      break;

    case GDK_TOUCH_UPDATE:
      xeno_touch_update (self->touch, finger, x, y);
      break;

    case GDK_TOUCH_END:
      xeno_touch_end (self->touch, finger);
      self->is_touched = FALSE;
      break;

    case GDK_TOUCH_CANCEL:
    default:
      xeno_touch_cancel (self->touch);
      self->is_touched = FALSE;
    }
  return TRUE;
}
