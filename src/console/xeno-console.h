/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The guest's screen as a widget: shows a backend's frames and sends it keyboard and pointer. */
#pragma once

#include <gtk/gtk.h>

#include "console/xeno-console-backend.h"
#include "console/xeno-release-chord.h"
#include "console/xeno-transform.h"

G_BEGIN_DECLS

/**
 * XenoGrabPolicy:
 * @XENO_GRAB_WITH_FOCUS: as soon as the console has the focus
 * @XENO_GRAB_ON_CLICK: when the console is clicked
 * @XENO_GRAB_WITH_POINTER: while the pointer is over the console
 * @XENO_GRAB_NEVER: with the focus, but the desktop's own shortcuts stay with the desktop
 *
 * When keys go to the guest rather than to the desktop.
 */
typedef enum
{
  XENO_GRAB_WITH_FOCUS,
  XENO_GRAB_ON_CLICK,
  XENO_GRAB_WITH_POINTER,
  XENO_GRAB_NEVER,
} XenoGrabPolicy;

#define XENO_TYPE_GRAB_POLICY (xeno_grab_policy_get_type ())

GType xeno_grab_policy_get_type (void);

#define XENO_TYPE_CONSOLE (xeno_console_get_type ())

G_DECLARE_FINAL_TYPE (XenoConsole, xeno_console, XENO, CONSOLE, GtkWidget)

GtkWidget          *xeno_console_new               (void);
XenoConsoleBackend *xeno_console_get_backend       (XenoConsole        *self);
void                xeno_console_set_backend       (XenoConsole        *self,
                                                    XenoConsoleBackend *backend);
XenoScaleMode       xeno_console_get_scale_mode    (XenoConsole        *self);
void                xeno_console_set_scale_mode    (XenoConsole        *self,
                                                    XenoScaleMode       scale_mode);
guint               xeno_console_get_head          (XenoConsole        *self);
void                xeno_console_set_head          (XenoConsole        *self,
                                                    guint               head);
gboolean            xeno_console_has_head          (XenoConsole        *self);
gboolean            xeno_console_could_have_head   (XenoConsole        *self);
void                xeno_console_ask_for_head      (XenoConsole        *self);
gboolean            xeno_console_is_grabbed        (XenoConsole        *self);
gboolean            xeno_console_has_desktop_keys  (XenoConsole        *self);
gboolean            xeno_console_holds_pointer     (XenoConsole        *self);
void                xeno_console_grab              (XenoConsole        *self);
void                xeno_console_ungrab            (XenoConsole        *self);
XenoGrabPolicy      xeno_console_get_grab_policy   (XenoConsole        *self);
void                xeno_console_set_grab_policy   (XenoConsole        *self,
                                                    XenoGrabPolicy      grab_policy);
XenoReleaseChord    xeno_console_get_release_chord (XenoConsole        *self);
void                xeno_console_set_release_chord (XenoConsole        *self,
                                                    XenoReleaseChord    release_chord);
gboolean            xeno_console_accepts_input     (XenoConsole        *self);
double              xeno_console_get_scroll_speed  (XenoConsole        *self);
void                xeno_console_set_scroll_speed  (XenoConsole        *self,
                                                    double              scroll_speed);
void                xeno_console_set_turns_sideways (XenoConsole       *self,
                                                     gboolean           turns_sideways);
void                xeno_console_set_reserved      (XenoConsole        *self,
                                                    GListModel         *shortcuts);
void                xeno_console_send_keys         (XenoConsole        *self,
                                                    const guint        *qnums,
                                                    gsize               n_qnums);
gboolean            xeno_console_resizes_guest     (XenoConsole        *self);
void                xeno_console_set_resizes_guest (XenoConsole        *self,
                                                    gboolean            resizes_guest);
gboolean            xeno_console_is_view_only      (XenoConsole        *self);
void                xeno_console_set_view_only     (XenoConsole        *self,
                                                    gboolean            view_only);
GdkTexture         *xeno_console_take_screenshot   (XenoConsole        *self);

G_END_DECLS
