/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A machine as what a console shows: its display is open while it runs. */
#pragma once

#include "app/xeno-console-session.h"

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

#define XENO_TYPE_MACHINE_SESSION (xeno_machine_session_get_type ())

G_DECLARE_FINAL_TYPE (XenoMachineSession, xeno_machine_session, XENO, MACHINE_SESSION,
                      XenoConsoleSession)

XenoConsoleSession *xeno_machine_session_new (XenoMachine         *machine,
                                              XenoConsoleOpenFunc  open);

G_END_DECLS
