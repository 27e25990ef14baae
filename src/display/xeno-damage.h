/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The rectangles that changed since somebody last looked: few, whatever happens. */
#pragma once

#include "display/xeno-display-protocol.h"

G_BEGIN_DECLS

typedef struct
{
  int x, y, width, height;
} XenoRectangle;

typedef struct
{
  XenoRectangle rectangles[XENO_DISPLAY_MAX_RECTANGLES];
  guint         n_rectangles;
} XenoDamage;

void xeno_damage_add   (XenoDamage    *self,
                        XenoRectangle  added);
void xeno_damage_clear (XenoDamage    *self);

G_END_DECLS
