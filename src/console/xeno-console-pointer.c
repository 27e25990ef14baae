/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The console's pointer: places or movements, and buttons. */
#include "config.h"

#include <math.h>

#include "console/xeno-console-private.h"
#include "console/xeno-side-buttons.h"

/* A mouse tells of itself a thousand times a second; a guest asks a quarter as often at most. */
#define MOVE_MS 4

/* Movements */

static void
send_movement_cb (gpointer user_data)
{
  XenoConsole *self = user_data;
  int dx = trunc (self->rest_x);
  int dy = trunc (self->rest_y);

  self->rest_x -= dx;
  self->rest_y -= dy;
  if ((dx != 0 || dy != 0) && xeno_console_accepts_input (self))
    xeno_console_backend_pointer_moved_by (self->backend, dx, dy);
}

static void
move_by (XenoConsole *self,
         double       dx,
         double       dy)
{
  self->rest_x += dx;
  self->rest_y += dy;
  xeno_coalescer_trigger (self->movement);
}

/*
 * Nothing overtakes the pointer.
 */
void
xeno_console_flush_movement (XenoConsole *self)
{
  xeno_coalescer_cancel (self->movement);
  send_movement_cb (self);
}

static GdkRectangle
get_area (XenoConsole *self,
          GtkNative   *native)
{
  GdkRectangle area = { 0 };
  graphene_rect_t bounds;
  double x, y;

  gtk_native_get_surface_transform (native, &x, &y);
  if (gtk_widget_compute_bounds (GTK_WIDGET (self), GTK_WIDGET (native), &bounds))
    {
      graphene_rect_offset (&bounds, x, y);
      area = (GdkRectangle) { bounds.origin.x, bounds.origin.y, bounds.size.width, bounds.size.height };
    }
  return area;
}

static void
set_holds_pointer (XenoConsole *self,
                   gboolean     holds_pointer)
{
  if (self->holds_pointer == holds_pointer)
    return;

  self->holds_pointer = holds_pointer;
  xeno_console_update_cursor (self);
  xeno_console_notify (self, XENO_CONSOLE_PROP_HOLDS_POINTER);
}

/*
 * Takes the pointer for a guest that asks for movements. Where the desktop has no way to hold it in
 * place, movements end at the edges.
 */
void
xeno_console_hold_pointer (XenoConsole *self)
{
  GtkNative *native = gtk_widget_get_native (GTK_WIDGET (self));
  GdkSurface *surface = gtk_native_get_surface (native);
  GdkDevice *pointer = gdk_seat_get_pointer (gdk_display_get_default_seat (gdk_surface_get_display (surface)));
  GdkRectangle area = get_area (self, native);

  if (self->holds_pointer || !self->is_grabbed || pointer == NULL ||
      xeno_console_backend_has_absolute_pointer (self->backend))
    return;

  self->pointer_lock = xeno_pointer_lock_new (surface, pointer, &area);
  if (self->pointer_lock != NULL)
    g_signal_connect_swapped (self->pointer_lock, "moved", G_CALLBACK (move_by), self);
  set_holds_pointer (self, TRUE);
}

void
xeno_console_free_pointer (XenoConsole *self)
{
  xeno_coalescer_cancel (self->movement);
  self->rest_x = self->rest_y = 0;
  g_clear_object (&self->pointer_lock);
  set_holds_pointer (self, FALSE);
}

/* Places */

/*
 * Whether @event has a place; if so, where it is on the console.
 */
gboolean
xeno_console_get_place (XenoConsole *self,
                        GdkEvent    *event,
                        double      *x,
                        double      *y)
{
  GtkNative *native = gtk_widget_get_native (GTK_WIDGET (self));
  double native_x, native_y;

  if (!gdk_event_get_position (event, x, y))
    return FALSE;

  gtk_native_get_surface_transform (native, &native_x, &native_y);
  return gtk_widget_translate_coordinates (GTK_WIDGET (native), GTK_WIDGET (self), *x - native_x,
                                           *y - native_y, x, y);
}

/*
 * The pointer stands at @x and @y, on the console.
 */
void
xeno_console_move_pointer (XenoConsole *self,
                           double       x,
                           double       y)
{
  gboolean is_moved = !self->knows_pointer || x != self->pointer_x || y != self->pointer_y;
  double scale;
  guint guest_x, guest_y;

  if (!xeno_console_accepts_input (self) || self->transform.guest_width == 0)
    return;

  if (xeno_console_backend_has_absolute_pointer (self->backend))
    {
      xeno_transform_to_guest (&self->transform, x, y, &guest_x, &guest_y);
      if (is_moved)
        xeno_console_backend_pointer_moved (self->backend, guest_x, guest_y);
    }
  else if (self->knows_pointer && (self->is_touched || (self->holds_pointer && self->pointer_lock == NULL)))
    {
      scale = self->transform.scale_factor / xeno_transform_get_scale (&self->transform);
      move_by (self, (x - self->pointer_x) * scale, (y - self->pointer_y) * scale);
    }

  self->pointer_x = x;
  self->pointer_y = y;
  self->knows_pointer = TRUE;
}

static void
entered_cb (XenoConsole *self,
            double       x,
            double       y)
{
  xeno_console_move_pointer (self, x, y);
  xeno_console_follow_pointer (self);
}

static void
left_cb (XenoConsole *self)
{
  self->knows_pointer = FALSE;
  xeno_console_follow_pointer (self);
}

static void
move_to_event (XenoConsole *self,
               GdkEvent    *event)
{
  double x, y;

  if (xeno_console_get_place (self, event, &x, &y))
    xeno_console_move_pointer (self, x, y);
}

/* Buttons */

void
xeno_console_take_button (XenoConsole *self,
                          guint        button,
                          gboolean     is_down)
{
  if (is_down)
    {
      self->is_chord_armed = FALSE;
      xeno_console_send_waiting (self);
      xeno_console_end_sideways (self);
    }
  xeno_console_flush_movement (self);
  xeno_console_backend_button (self->backend, button, is_down);
}

/* A press takes keyboard and pointer first: the click that does so is the guest's as any other. */
static void
press_or_release (XenoConsole *self,
                  GdkEvent    *event,
                  gboolean     is_down)
{
  if (is_down)
    {
      gtk_widget_grab_focus (GTK_WIDGET (self));
      xeno_console_grab (self);
    }
  if (!xeno_console_accepts_input (self))
    return;

  move_to_event (self, event);
  if (is_down)
    xeno_console_hold_pointer (self);
  xeno_console_take_button (self, gdk_button_event_get_button (event), is_down);
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
    case GDK_BUTTON_RELEASE:
      press_or_release (self, event, gdk_event_get_event_type (event) == GDK_BUTTON_PRESS);
      return TRUE;

    case GDK_TOUCH_BEGIN:
    case GDK_TOUCH_UPDATE:
    case GDK_TOUCH_END:
    case GDK_TOUCH_CANCEL:
      return xeno_console_take_touch (self, event);

    default:
      return FALSE;
    }
}

void
xeno_console_init_pointer (XenoConsole *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  GtkEventController *controller;

  xeno_side_buttons_mend (gtk_widget_get_display (widget));
  self->movement = xeno_coalescer_new (MOVE_MS, send_movement_cb, self);

  controller = gtk_event_controller_motion_new ();
  g_signal_connect_swapped (controller, "enter", G_CALLBACK (entered_cb), self);
  g_signal_connect_swapped (controller, "motion", G_CALLBACK (xeno_console_move_pointer), self);
  g_signal_connect_swapped (controller, "leave", G_CALLBACK (left_cb), self);
  gtk_widget_add_controller (widget, controller);

  xeno_console_init_touch (self);
  xeno_console_init_wheel (self);
  controller = gtk_event_controller_legacy_new ();
  g_signal_connect_swapped (controller, "event", G_CALLBACK (event_cb), self);
  gtk_widget_add_controller (widget, controller);
}
