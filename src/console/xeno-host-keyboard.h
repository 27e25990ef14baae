/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The host's keyboard: what only its display server can say, or allow. */
#pragma once

#include <gdk/gdk.h>
#include <xkbcommon/xkbcommon.h>

G_BEGIN_DECLS

gboolean           xeno_host_keyboard_is_evdev   (GdkDisplay         *display);
guint              xeno_host_keyboard_find_qnum  (GdkDisplay         *display,
                                                  guint               keycode);
void               xeno_host_keyboard_allow_grab (GdkSurface         *surface);
struct xkb_keymap *xeno_host_keyboard_dup_keymap (GdkDisplay         *display,
                                                  struct xkb_context *context);

G_END_DECLS
