/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The keys that code knows by name, in QEMU's numbers: scan code set 1, the e0 prefix as 0x80. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define XENO_QNUM_CONTROL_L 0x1d
#define XENO_QNUM_SHIFT_L   0x2a
#define XENO_QNUM_SHIFT_R   0x36
#define XENO_QNUM_ALT_L     0x38
#define XENO_QNUM_CAPS_LOCK 0x3a
#define XENO_QNUM_NUM_LOCK  0x45
#define XENO_QNUM_CONTROL_R 0x9d
#define XENO_QNUM_ALT_R     0xb8
#define XENO_QNUM_SUPER_L   0xdb
#define XENO_QNUM_SUPER_R   0xdc

/* The lamps of a keyboard, as a guest tells them. */
#define XENO_LED_SCROLL_LOCK 1
#define XENO_LED_NUM_LOCK    2
#define XENO_LED_CAPS_LOCK   4

static inline gboolean
xeno_qnum_is_modifier (guint qnum)
{
  return qnum == XENO_QNUM_CONTROL_L || qnum == XENO_QNUM_CONTROL_R ||
         qnum == XENO_QNUM_SHIFT_L || qnum == XENO_QNUM_SHIFT_R ||
         qnum == XENO_QNUM_ALT_L || qnum == XENO_QNUM_ALT_R ||
         qnum == XENO_QNUM_SUPER_L || qnum == XENO_QNUM_SUPER_R;
}

G_END_DECLS
