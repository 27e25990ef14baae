/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* From the travel of wheels and fingers to the clicks a guest's wheel makes. */
#include "config.h"

#include <math.h>

#include "console/xeno-wheel.h"

/* A free-spinning wheel must not flood the guest: this many clicks a frame. */
#define MAX_CLICKS 8

static int
take_clicks (double *rest,
             int    *sent,
             double  delta)
{
  int clicks;

  /* Who turns back expects the next click at once, not after what was left. */
  if (*rest * delta < 0)
    *rest = 0;
  *rest += delta;
  clicks = trunc (CLAMP (*rest, -G_MAXINT16, G_MAXINT16));
  *rest -= clicks;
  if (fabs (*rest) >= 1)
    *rest = 0;

  clicks = CLAMP (clicks, -MAX_CLICKS - *sent, MAX_CLICKS - *sent);
  *sent += clicks;
  return clicks;
}

/**
 * xeno_wheel_turn:
 * @self: a wheel
 * @frame: the number of the present frame
 * @dx: to the right, in clicks
 * @dy: down, in clicks
 * @clicks_x: (out): whole clicks to the right
 * @clicks_y: (out): whole clicks down
 *
 * Turns the wheel. Fractions add up; what is more than a guest should get in a frame is dropped.
 */
void
xeno_wheel_turn (XenoWheel *self,
                 gint64     frame,
                 double     dx,
                 double     dy,
                 int       *clicks_x,
                 int       *clicks_y)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (clicks_x != NULL && clicks_y != NULL);

  if (self->frame != frame)
    self->sent[0] = self->sent[1] = 0;
  self->frame = frame;
  *clicks_x = take_clicks (&self->rest[0], &self->sent[0], dx);
  *clicks_y = take_clicks (&self->rest[1], &self->sent[1], dy);
}

/**
 * xeno_wheel_rest:
 * @self: a wheel
 *
 * Forgets fractions: the fingers have been lifted.
 */
void
xeno_wheel_rest (XenoWheel *self)
{
  g_return_if_fail (self != NULL);

  self->rest[0] = self->rest[1] = 0;
}
