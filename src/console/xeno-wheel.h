/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* From the travel of wheels and fingers to the clicks a guest's wheel makes. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * XenoWheel:
 *
 * What is left of the travel on each axis, and how much the present frame has sent. All zeros to begin
 * with.
 */
typedef struct
{
  double rest[2];
  int    sent[2];
  gint64 frame;
} XenoWheel;

void xeno_wheel_turn (XenoWheel *self,
                      gint64     frame,
                      double     dx,
                      double     dy,
                      int       *clicks_x,
                      int       *clicks_y);
void xeno_wheel_rest (XenoWheel *self);

G_END_DECLS
