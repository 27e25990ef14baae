/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a console shares with its guest: the clipboard, its size, files; and whether it may. */
#pragma once

#include "app/xeno-console-session.h"
#include "console/xeno-clipboard.h"
#include "console/xeno-console.h"

G_BEGIN_DECLS

#define XENO_TYPE_CONSOLE_GUEST (xeno_console_guest_get_type ())

/* Properties: "clipboard-icon" and "clipboard-words", how the clipboard is shared; "can-share",
 * whether anything can be; "job", the #XenoJob that sends files at the moment; "has-sound" and "volume". */
G_DECLARE_FINAL_TYPE (XenoConsoleGuest, xeno_console_guest, XENO, CONSOLE_GUEST, GObject)

XenoConsoleGuest    *xeno_console_guest_new         (XenoConsole        *console,
                                                     XenoConsoleSession *session,
                                                     GActionMap         *actions);
XenoClipboardPolicy  xeno_console_guest_get_policy  (XenoConsoleGuest   *self);
double               xeno_console_guest_get_volume  (XenoConsoleGuest   *self);
void                 xeno_console_guest_set_volume  (XenoConsoleGuest   *self,
                                                     double              volume);
void                 xeno_console_guest_send_files  (XenoConsoleGuest   *self,
                                                     GListModel         *files);
void                 xeno_console_guest_set_card    (XenoConsoleGuest   *self,
                                                     const char         *reader);
void                 xeno_console_guest_set_folder  (XenoConsoleGuest   *self,
                                                     const char         *path,
                                                     gboolean            is_writable);

G_END_DECLS
