/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Remembers how each machine's console window was left. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * XenoConsoleLook:
 * @width: of the window, in logical pixels
 * @height: of the window, in logical pixels
 * @is_maximized: whether it fills the screen
 * @shown: (transfer full): which of the console's faces it shows
 *
 * What is remembered of a console window.
 */
typedef struct
{
  int      width;
  int      height;
  gboolean is_maximized;
  char    *shown;
} XenoConsoleLook;

void     xeno_console_look_clear    (XenoConsoleLook       *look);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (XenoConsoleLook, xeno_console_look_clear)

gboolean xeno_console_memory_recall (GSettings             *settings,
                                     const char            *uuid,
                                     XenoConsoleLook       *look);
void     xeno_console_memory_store  (GSettings             *settings,
                                     const char            *uuid,
                                     const XenoConsoleLook *look);

G_END_DECLS
