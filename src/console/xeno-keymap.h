/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* From the host's hardware key codes to the key numbers a guest understands, whatever the layouts. */
#pragma once

#include <gdk/gdk.h>

#include "console/xeno-qnum.h"

G_BEGIN_DECLS

/**
 * XenoKey:
 * @evdev: Linux's number of the key (GDK's hardware key code less 8)
 * @qnum: QEMU's number: scan code set 1, extended codes with 0x80 set
 * @keyval: what the key means on a US keyboard without modifiers
 *
 * One row of the key table.
 */
typedef struct
{
  guint16 evdev;
  guint16 qnum;
  guint32 keyval;
} XenoKey;

const XenoKey *xeno_keymap_list         (gsize      *n_keys);
guint          xeno_keymap_from_keycode (guint       keycode);
guint          xeno_keymap_from_keyval  (guint       keyval);
guint          xeno_keymap_from_meaning (GdkDisplay *display,
                                         guint       keycode);
guint          xeno_keymap_get_keyval   (guint       qnum);

G_END_DECLS
