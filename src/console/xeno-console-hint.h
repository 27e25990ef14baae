/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a person has to know about keys while looking at a guest: pills over the console. */
#pragma once

#include "console/xeno-console.h"
#include "console/xeno-layout.h"

G_BEGIN_DECLS

#define XENO_TYPE_CONSOLE_HINT (xeno_console_hint_get_type ())

G_DECLARE_FINAL_TYPE (XenoConsoleHint, xeno_console_hint, XENO, CONSOLE_HINT, GtkWidget)

XenoConsole *xeno_console_hint_get_console  (XenoConsoleHint *self);
void         xeno_console_hint_set_console  (XenoConsoleHint *self,
                                             XenoConsole     *console);
gboolean     xeno_console_hint_get_is_windows (XenoConsoleHint *self);
void         xeno_console_hint_set_is_windows (XenoConsoleHint *self,
                                             gboolean         is_windows);
void         xeno_console_hint_type         (XenoConsoleHint *self,
                                             XenoLayout      *layout,
                                             const char      *text,
                                             gboolean         is_fast);
gboolean     xeno_console_hint_is_typing    (XenoConsoleHint *self);
void         xeno_console_hint_stop_typing  (XenoConsoleHint *self);

G_END_DECLS
