/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Notices that another window has the focus, where GTK does not: on X11 while we hold the keyboard. */
#pragma once

#include <gdk/gdk.h>

G_BEGIN_DECLS

#define XENO_TYPE_FOCUS_WATCH (xeno_focus_watch_get_type ())

G_DECLARE_FINAL_TYPE (XenoFocusWatch, xeno_focus_watch, XENO, FOCUS_WATCH, GObject)

/* Signals:
 *  "lost" ()  the window manager has given the focus away */
XenoFocusWatch *xeno_focus_watch_new (GdkSurface *surface);

G_END_DECLS
