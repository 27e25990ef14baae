/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Keeps a picture of a screen among the person's pictures, and copies it. */
#pragma once

#include <gtk/gtk.h>

#include "virt/xeno-machine.h"

G_BEGIN_DECLS

void xeno_screenshot_take (XenoMachine *machine,
                           GtkWindow   *window);
void xeno_screenshot_keep (GdkTexture  *texture,
                           const char  *title,
                           GtkWindow   *window);

G_END_DECLS
