/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What QEMU says at the viewer's end: pixels and the pointer's shape. */
#pragma once

#include "display/xeno-display-wall.h"

G_BEGIN_DECLS

#define XENO_TYPE_DISPLAY_QEMU_LISTENER (xeno_display_qemu_listener_get_type ())

G_DECLARE_FINAL_TYPE (XenoDisplayQemuListener, xeno_display_qemu_listener, XENO, DISPLAY_QEMU_LISTENER, GObject)

XenoDisplayQemuListener *xeno_display_qemu_listener_new      (XenoDisplayServer        *server,
                                                              XenoDisplayWall          *wall,
                                                              guint                     id);
gboolean                 xeno_display_qemu_listener_export   (XenoDisplayQemuListener  *self,
                                                              GDBusConnection          *connection,
                                                              GError                  **error);
void                     xeno_display_qemu_listener_unexport (XenoDisplayQemuListener  *self);

G_END_DECLS
