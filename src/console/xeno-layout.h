/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A keyboard layout read backwards: which keys type a character. */
#pragma once

#include <gdk/gdk.h>

G_BEGIN_DECLS

#define XENO_LAYOUT_MAX_STROKES 2

/**
 * XenoStroke:
 * @qnum: QEMU's number of the key
 * @keyval: what it means with its modifiers, for displays that take no scan codes
 * @is_shifted: whether Shift is held
 * @is_third_level: whether AltGr is held
 *
 * One key with what is held beside it.
 */
typedef struct
{
  guint    qnum;
  guint    keyval;
  gboolean is_shifted;
  gboolean is_third_level;
} XenoStroke;

#define XENO_TYPE_LAYOUT (xeno_layout_get_type ())

G_DECLARE_FINAL_TYPE (XenoLayout, xeno_layout, XENO, LAYOUT, GObject)

XenoLayout *xeno_layout_new             (const char *name);
XenoLayout *xeno_layout_new_for_display (GdkDisplay *display);
guint       xeno_layout_find            (XenoLayout *self,
                                         gunichar    character,
                                         XenoStroke  strokes[XENO_LAYOUT_MAX_STROKES]);
guint       xeno_layout_get_third_level (XenoLayout *self);
char       *xeno_layout_dup_missing     (XenoLayout *self,
                                         const char *text);

G_END_DECLS
