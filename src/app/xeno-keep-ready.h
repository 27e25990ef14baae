/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Keeps copies of machines ready for throw-away copies, after asking. */
#pragma once

#include <gtk/gtk.h>

#include "virt/xeno-machine.h"

G_BEGIN_DECLS

void     xeno_keep_ready_begin   (XenoMachine *machine,
                                  GtkWindow   *window);
void     xeno_keep_ready_discard (XenoMachine *machine,
                                  GtkWindow   *window);
gboolean xeno_keep_ready_has     (XenoMachine *machine);

G_END_DECLS
