/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a person can do to one machine, as the actions "machine.…" of a window and their menu. */
#pragma once

#include <gtk/gtk.h>

#include "virt/xeno-machine.h"

G_BEGIN_DECLS

#define XENO_TYPE_MACHINE_ACTIONS (xeno_machine_actions_get_type ())

/* A GSimpleActionGroup. Every verb of the table under its id ("start", "shut-down", …), and
 * "open-console", "show-details", "rename", "delete", "screenshot", "run-throw-away", and "autostart",
 * "template" and "share-nothing" (stateful). */
G_DECLARE_FINAL_TYPE (XenoMachineActions, xeno_machine_actions, XENO, MACHINE_ACTIONS, GSimpleActionGroup)

GActionGroup *xeno_machine_actions_new (XenoMachine *machine,
                                        GtkWindow   *window);
GMenuModel   *xeno_machine_menu_new    (gboolean     in_console);

G_END_DECLS
