/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Keeps a picture of a machine's screen among the person's pictures. */
#pragma once

#include <gtk/gtk.h>

#include "virt/xeno-machine.h"

G_BEGIN_DECLS

void xeno_screenshot_take (XenoMachine *machine,
                           GtkWindow   *window);

G_END_DECLS
