/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Text between the app's clipboard and that of QEMU, which its agent in the guest keeps. */
#pragma once

#include "display/xeno-display-server.h"

G_BEGIN_DECLS

#define XENO_TYPE_DISPLAY_QEMU_CLIPBOARD (xeno_display_qemu_clipboard_get_type ())

G_DECLARE_FINAL_TYPE (XenoDisplayQemuClipboard, xeno_display_qemu_clipboard, XENO, DISPLAY_QEMU_CLIPBOARD, GObject)

XenoDisplayQemuClipboard *xeno_display_qemu_clipboard_new     (XenoDisplayServer        *server,
                                                               GDBusConnection          *connection);
void                      xeno_display_qemu_clipboard_close   (XenoDisplayQemuClipboard *self);
void                      xeno_display_qemu_clipboard_grab    (XenoDisplayQemuClipboard *self,
                                                               guint                     forms);
void                      xeno_display_qemu_clipboard_request (XenoDisplayQemuClipboard *self,
                                                               guint                     form,
                                                               GTask                    *task);

G_END_DECLS
