/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* From the host's hardware key codes to the key numbers a guest understands, whatever the layouts. */
#pragma once

#include <gdk/gdk.h>

G_BEGIN_DECLS

#define XENO_QNUM_CONTROL_L 0x1d
#define XENO_QNUM_ALT_L     0x38
#define XENO_QNUM_CAPS_LOCK 0x3a
#define XENO_QNUM_CONTROL_R 0x9d
#define XENO_QNUM_NUM_LOCK  0x45

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

const XenoKey *xeno_keymap_list          (gsize      *n_keys);
gboolean       xeno_keymap_is_evdev      (GdkDisplay *display);
guint          xeno_keymap_from_keycode  (guint       keycode);
guint          xeno_keymap_from_keyval   (guint       keyval);
guint          xeno_keymap_get_keyval    (guint       qnum);

G_END_DECLS
