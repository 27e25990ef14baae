/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Keeps a machine's display open while the machine runs, and knows why it is not. */
#pragma once

#include "app/xeno-console-situation.h"

G_BEGIN_DECLS

/**
 * XenoConsoleOpenFunc:
 * @machine: a running machine
 * @type: the kind of its graphics device: "spice", "vnc"
 * @index: which of its graphics devices it is
 *
 * Makes the backend that shows a graphics device.
 *
 * Returns: (transfer full) (nullable): the backend, not started; %NULL when there is none for @type
 */
typedef XenoConsoleBackend *(*XenoConsoleOpenFunc) (XenoMachine *machine,
                                                    const char  *type,
                                                    guint        index);

#define XENO_TYPE_CONSOLE_SESSION (xeno_console_session_get_type ())

G_DECLARE_FINAL_TYPE (XenoConsoleSession, xeno_console_session, XENO, CONSOLE_SESSION, GObject)

XenoConsoleSession   *xeno_console_session_new           (XenoMachine         *machine,
                                                          XenoConsoleOpenFunc  open);
XenoConsoleBackend   *xeno_console_session_get_backend   (XenoConsoleSession  *self);
XenoConsoleSituation  xeno_console_session_get_situation (XenoConsoleSession  *self);
char                 *xeno_console_session_dup_reason    (XenoConsoleSession  *self);
void                  xeno_console_session_try_again     (XenoConsoleSession  *self);
void                  xeno_console_session_close         (XenoConsoleSession  *self);

G_END_DECLS
