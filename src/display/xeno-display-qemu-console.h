/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One of QEMU's consoles: what one output of a guest's card shows. */
#pragma once

#include "display/xeno-display-wall.h"

G_BEGIN_DECLS

#define XENO_TYPE_DISPLAY_QEMU_CONSOLE (xeno_display_qemu_console_get_type ())

G_DECLARE_FINAL_TYPE (XenoDisplayQemuConsole, xeno_display_qemu_console, XENO, DISPLAY_QEMU_CONSOLE, GObject)

XenoDisplayQemuConsole *xeno_display_qemu_console_new      (XenoDisplayServer        *server,
                                                            XenoDisplayWall          *wall,
                                                            GDBusConnection          *connection,
                                                            guint                     id);
guint                   xeno_display_qemu_console_get_id   (XenoDisplayQemuConsole   *self);
const char             *xeno_display_qemu_console_get_path (XenoDisplayQemuConsole   *self);
void                    xeno_display_qemu_console_call     (XenoDisplayQemuConsole   *self,
                                                            const char               *interface,
                                                            const char               *method,
                                                            GVariant                 *parameters);
void                    xeno_display_qemu_console_identify (XenoDisplayQemuConsole   *self);
gboolean                xeno_display_qemu_console_is_shown (XenoDisplayQemuConsole   *self);
void                    xeno_display_qemu_console_show     (XenoDisplayQemuConsole   *self);
void                    xeno_display_qemu_console_hide     (XenoDisplayQemuConsole   *self);
void                    xeno_display_qemu_console_arrange  (XenoDisplayQemuConsole   *self,
                                                            const XenoDisplayMonitor *monitor);
void                    xeno_display_qemu_console_stop     (XenoDisplayQemuConsole   *self);

G_END_DECLS
