/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Deleting a machine: asks with every disk in sight, and can be taken back while the toast shows. */
#pragma once

#include <gtk/gtk.h>

#include "virt/xeno-machine.h"

G_BEGIN_DECLS

void xeno_deletion_begin (XenoMachine *machine,
                          GtkWindow   *window);

G_END_DECLS
