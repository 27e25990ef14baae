/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The monitors a guest should have: as many and as large as the consoles that show them. */
#pragma once

#include "console/xeno-console-backend.h"

G_BEGIN_DECLS

/* Instead of a monitor's number: all of them, as they stand side by side. */
#define XENO_ALL_HEADS G_MAXUINT

/**
 * XenoMonitorWish:
 * @head: the monitor's number, or %XENO_ALL_HEADS
 * @follows: whether it should get the size of the console
 * @width: of the console, in device pixels
 * @height: of the console, in device pixels
 * @width_mm: how wide that is; 0: unknown
 * @height_mm: how high that is; 0: unknown
 * @has_place: whether it is known where on the desktop the console stands
 * @x: where that is, in device pixels
 * @y: where that is, in device pixels
 *
 * What one console shows.
 */
typedef struct
{
  guint    head;
  gboolean follows;
  guint    width;
  guint    height;
  guint    width_mm;
  guint    height_mm;
  gboolean has_place;
  int      x;
  int      y;
} XenoMonitorWish;

#define XENO_TYPE_GUEST_MONITORS (xeno_guest_monitors_get_type ())

G_DECLARE_FINAL_TYPE (XenoGuestMonitors, xeno_guest_monitors, XENO, GUEST_MONITORS, GObject)

XenoGuestMonitors *xeno_guest_monitors_get    (XenoConsoleBackend *backend);
gboolean           xeno_guest_monitors_want   (XenoGuestMonitors  *self,
                                               gconstpointer       viewer,
                                               XenoMonitorWish    *wish);
void               xeno_guest_monitors_forget (XenoGuestMonitors  *self,
                                               gconstpointer       viewer);
gboolean           xeno_guest_monitors_has    (XenoGuestMonitors  *self,
                                               guint               head);
void               xeno_guest_monitors_repeat (XenoGuestMonitors  *self);

G_END_DECLS
