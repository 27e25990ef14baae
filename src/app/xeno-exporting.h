/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Exporting a machine: asks for a file, and says when it is there. */
#pragma once

#include <gtk/gtk.h>

#include "virt/xeno-machine.h"

G_BEGIN_DECLS

void xeno_exporting_begin (XenoMachine *machine,
                           GtkWindow   *window);

G_END_DECLS
