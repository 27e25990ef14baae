/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What goes to a VNC server: keys, the pointer, its wheel. */
#include "config.h"

#include "display/xeno-display-vnc-private.h"

/* What a relative pointer's event carries for "not moved". */
#define RELATIVE_ORIGIN 0x7fff

static void
send_pointer (XenoDisplayVnc *self,
              guint16         x,
              guint16         y)
{
  if (!xeno_display_vnc_can_send (self))
    return;

  vnc_connection_pointer_event (self->connection, self->buttons, x, y);
  xeno_display_vnc_nudge (self);
}

static void
xeno_display_vnc_key (XenoDisplaySource *source,
                      guint              qnum,
                      guint              keyval,
                      gboolean           pressed)
{
  XenoDisplayVnc *self = XENO_DISPLAY_VNC (source);

  if (!xeno_display_vnc_can_send (self))
    return;

  vnc_connection_key_event (self->connection, pressed, keyval, qnum);
  xeno_display_vnc_nudge (self);
}

static void
xeno_display_vnc_move_to (XenoDisplaySource *source,
                          guint              x,
                          guint              y)
{
  XenoDisplayVnc *self = XENO_DISPLAY_VNC (source);

  self->x = x;
  self->y = y;
  if (self->is_absolute)
    send_pointer (self, x, y);
}

static void
xeno_display_vnc_move_by (XenoDisplaySource *source,
                          int                dx,
                          int                dy)
{
  XenoDisplayVnc *self = XENO_DISPLAY_VNC (source);

  if (!self->is_absolute)
    send_pointer (self, RELATIVE_ORIGIN + dx, RELATIVE_ORIGIN + dy);
}

static void
press (XenoDisplayVnc *self,
       guint           button,
       gboolean        pressed)
{
  guint8 bit = 1 << (button - 1);

  self->buttons = pressed ? self->buttons | bit : self->buttons & ~bit;
  send_pointer (self,
                self->is_absolute ? self->x : RELATIVE_ORIGIN,
                self->is_absolute ? self->y : RELATIVE_ORIGIN);
}

/* The mask has eight bits, and servers do not agree on the last: back and forward stay at home. */
static void
xeno_display_vnc_button (XenoDisplaySource *source,
                         guint              button,
                         gboolean           pressed)
{
  if (button >= 1 && button <= 3)
    press (XENO_DISPLAY_VNC (source), button, pressed);
}

static void
click (XenoDisplayVnc *self,
       guint           button,
       guint           times)
{
  for (guint i = 0; i < times; i++)
    {
      press (self, button, TRUE);
      press (self, button, FALSE);
    }
}

static void
xeno_display_vnc_wheel (XenoDisplaySource *source,
                        int                dx,
                        int                dy)
{
  XenoDisplayVnc *self = XENO_DISPLAY_VNC (source);

  click (self, dy < 0 ? 4 : 5, ABS (dy));
  click (self, dx < 0 ? 6 : 7, ABS (dx));
}

/* The protocol has no message for it. Who has not told its lamps takes keys by their meaning, and needs
 * none. */
static void
tap_locks (XenoDisplayVnc *self)
{
  guint wrong = self->early_locks >= 0 ? self->leds ^ self->early_locks : 0;

  self->early_locks = -1;
  self->leds ^= xeno_display_source_tap_locks (XENO_DISPLAY_SOURCE (self), wrong);
}

static void
xeno_display_vnc_set_locks (XenoDisplaySource *source,
                            guint              wanted)
{
  XenoDisplayVnc *self = XENO_DISPLAY_VNC (source);

  self->early_locks = wanted;
  if (xeno_display_vnc_can_send (self) && self->leds >= 0)
    tap_locks (self);
}

static void
pointer_mode_changed_cb (XenoDisplayVnc *self,
                         gboolean        absolute)
{
  self->is_absolute = absolute;
  xeno_display_server_set_absolute_pointer (self->server, absolute);
  xeno_display_vnc_end_request (self);
}

static void
led_state_cb (XenoDisplayVnc *self)
{
  self->leds = MAX (vnc_connection_get_ledstate (self->connection), 0);
  xeno_display_server_set_leds (self->server, self->leds);
  tap_locks (self);
  xeno_display_vnc_end_request (self);
}

/* gvnc 1.3.1 registers this signal with a marshaller for an argument that it never gets. */
static void
connect_led_state (XenoDisplayVnc *self)
{
  GClosure *closure = g_cclosure_new_object_swap (G_CALLBACK (led_state_cb), G_OBJECT (self));

  g_closure_set_marshal (closure, g_cclosure_marshal_VOID__VOID);
  g_signal_connect_closure (self->connection, "vnc-led-state", closure, FALSE);
}

/**
 * xeno_display_vnc_add_input:
 * @source_class: the class of sources that speak VNC
 *
 * Adds what a person does to what its sources can carry.
 */
void
xeno_display_vnc_add_input (XenoDisplaySourceClass *source_class)
{
  g_return_if_fail (XENO_IS_DISPLAY_SOURCE_CLASS (source_class));

  source_class->key = xeno_display_vnc_key;
  source_class->move_to = xeno_display_vnc_move_to;
  source_class->move_by = xeno_display_vnc_move_by;
  source_class->button = xeno_display_vnc_button;
  source_class->wheel = xeno_display_vnc_wheel;
  source_class->set_locks = xeno_display_vnc_set_locks;
}

/**
 * xeno_display_vnc_connect_input:
 * @self: a source about to connect
 *
 * Hears what the server says of its keyboard and its mouse.
 */
void
xeno_display_vnc_connect_input (XenoDisplayVnc *self)
{
  g_return_if_fail (XENO_IS_DISPLAY_VNC (self));

  xeno_display_vnc_listen (self, "vnc-pointer-mode-changed", G_CALLBACK (pointer_mode_changed_cb));
  connect_led_state (self);
}
