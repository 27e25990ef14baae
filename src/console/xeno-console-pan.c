/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A guest that is larger than its window moves under it while the pointer is at an edge. */
#include "config.h"

#include "console/xeno-console-private.h"

/* How near to the edge, and how far in a second, in logical pixels. */
#define EDGE        12
#define SPEED       900.0
#define LONGEST_S   0.05

static GtkScrollable *
find_viewport (XenoConsole *self)
{
  GtkWidget *viewport = gtk_widget_get_ancestor (GTK_WIDGET (self), GTK_TYPE_VIEWPORT);

  return viewport != NULL ? GTK_SCROLLABLE (viewport) : NULL;
}

/* Which way the adjustment has to go for more of what is beyond @place, from its beginning. */
static int
find_direction (GtkAdjustment *adjustment,
                double         place)
{
  double value = gtk_adjustment_get_value (adjustment);
  double page = gtk_adjustment_get_page_size (adjustment);

  if (place < value + EDGE && value > gtk_adjustment_get_lower (adjustment))
    return -1;
  if (place >= value + page - EDGE && value + page < gtk_adjustment_get_upper (adjustment))
    return 1;
  return 0;
}

static void
move (GtkAdjustment *adjustment,
      int            direction,
      double         seconds)
{
  if (direction != 0)
    gtk_adjustment_set_value (adjustment,
                              gtk_adjustment_get_value (adjustment) + direction * SPEED * seconds);
}

/* Only while there is somewhere to go: the pointer's place on the picture moves along. */
static gboolean
pan_cb (GtkWidget     *widget,
        GdkFrameClock *clock,
        gpointer       user_data)
{
  XenoConsole *self = XENO_CONSOLE (widget);
  GtkScrollable *viewport = find_viewport (self);
  gint64 now_us = gdk_frame_clock_get_frame_time (clock);
  double seconds = MIN ((now_us - self->panned_us) / 1e6, LONGEST_S);
  GtkAdjustment *across, *down;
  int dx, dy;

  self->panned_us = now_us;
  if (viewport == NULL)
    {
      self->pan_id = 0;
      return G_SOURCE_REMOVE;
    }

  across = gtk_scrollable_get_hadjustment (viewport);
  down = gtk_scrollable_get_vadjustment (viewport);
  dx = find_direction (across, self->pan_x + gtk_adjustment_get_value (across));
  dy = find_direction (down, self->pan_y + gtk_adjustment_get_value (down));
  move (across, dx, seconds);
  move (down, dy, seconds);
  if (dx == 0 && dy == 0)
    self->pan_id = 0;
  return dx != 0 || dy != 0;
}

/* Who drags a scroll bar has it already. */
static gboolean
is_dragging (GtkEventController *controller)
{
  GdkModifierType state = gtk_event_controller_get_current_event_state (controller);

  return (state & (GDK_BUTTON1_MASK | GDK_BUTTON2_MASK | GDK_BUTTON3_MASK)) != 0;
}

static void
moved_cb (XenoConsole        *self,
          double              x,
          double              y,
          GtkEventController *controller)
{
  self->pan_x = x;
  self->pan_y = y;
  if (self->scale_mode != XENO_SCALE_ACTUAL || self->pan_id != 0 || is_dragging (controller))
    return;

  self->panned_us = g_get_monotonic_time ();
  self->pan_id = gtk_widget_add_tick_callback (GTK_WIDGET (self), pan_cb, NULL, NULL);
}

/* In full screen the pointer cannot leave, and from a window it leaves for something else. */
static void
left_cb (XenoConsole *self)
{
  if (self->pan_id != 0)
    gtk_widget_remove_tick_callback (GTK_WIDGET (self), self->pan_id);
  self->pan_id = 0;
}

/*
 * Watches the pointer in the scrolled window the console stands in, whose scroll bars lie at the edges.
 */
void
xeno_console_attach_pan (XenoConsole *self)
{
  GtkWidget *scrolled = gtk_widget_get_ancestor (GTK_WIDGET (self), GTK_TYPE_SCROLLED_WINDOW);

  if (scrolled == NULL)
    return;

  self->pan_controller = gtk_event_controller_motion_new ();
  gtk_event_controller_set_propagation_phase (self->pan_controller, GTK_PHASE_CAPTURE);
  g_signal_connect_swapped (self->pan_controller, "motion", G_CALLBACK (moved_cb), self);
  g_signal_connect_swapped (self->pan_controller, "leave", G_CALLBACK (left_cb), self);
  gtk_widget_add_controller (scrolled, self->pan_controller);
}

void
xeno_console_detach_pan (XenoConsole *self)
{
  left_cb (self);
  if (self->pan_controller == NULL)
    return;

  g_signal_handlers_disconnect_by_data (self->pan_controller, self);
  gtk_widget_remove_controller (gtk_event_controller_get_widget (self->pan_controller), self->pan_controller);
  self->pan_controller = NULL;
}
