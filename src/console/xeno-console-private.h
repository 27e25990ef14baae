/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the parts of the console widget share: drawing, input and grab. */
#pragma once

#include "console/xeno-console.h"
#include "console/xeno-frame.h"
#include "console/xeno-guest-sizer.h"
#include "console/xeno-painter.h"

G_BEGIN_DECLS

/* A key the guest was told is down. The key code identifies it: its meaning can differ between
 * press and release. */
typedef struct
{
  guint keycode;
  guint qnum;
  guint keyval;
} XenoPressedKey;

struct _XenoConsole
{
  GtkWidget           parent_instance;

  XenoConsoleBackend *backend;
  GSignalGroup       *backend_signals;

  XenoFrame          *frame;
  XenoPainter        *painter;
  XenoScaleMode       scale_mode;
  XenoTransform       transform;
  XenoGuestSizer     *sizer;

  GtkEventController *key_controller;
  GArray             *pressed;
  gboolean            is_evdev;
  gboolean            knows_leds;
  double              pointer_x;
  double              pointer_y;
  gboolean            knows_pointer;
  double              rest_x;
  double              rest_y;
  double              wheel_x;
  double              wheel_y;

  GtkWindow          *window;
  gulong              active_id;
  GListModel         *reserved;
  gboolean            has_focus;
  gboolean            is_grabbed;
  gboolean            is_view_only;
  gboolean            is_chord_armed;
  XenoGrabPolicy      grab_policy;
  XenoReleaseChord    release_chord;
};

/* xeno-console-input.c */
void     xeno_console_init_input      (XenoConsole *self);
void     xeno_console_attach_keyboard (XenoConsole *self);
void     xeno_console_detach_keyboard (XenoConsole *self);
void     xeno_console_release_input   (XenoConsole *self);
void     xeno_console_sync_locks      (XenoConsole *self);
gboolean xeno_console_accepts_input   (XenoConsole *self);

/* xeno-console-grab.c */
void     xeno_console_init_grab       (XenoConsole *self);
void     xeno_console_attach_window   (XenoConsole *self);
void     xeno_console_detach_window   (XenoConsole *self);
void     xeno_console_follow_focus    (XenoConsole *self);
void     xeno_console_follow_pointer  (XenoConsole *self);
gboolean xeno_console_is_reserved     (XenoConsole *self,
                                       GdkEvent    *event);
void     xeno_console_watch_press     (XenoConsole *self);
gboolean xeno_console_watch_release   (XenoConsole *self,
                                       guint        qnum);

/* xeno-console-cursor.c */
void     xeno_console_update_cursor   (XenoConsole *self);

/* xeno-console-size.c */
void     xeno_console_init_size       (XenoConsole *self);
void     xeno_console_want_size       (XenoConsole *self);

/* xeno-console.c */
void     xeno_console_notify_grabbed  (XenoConsole *self);

G_END_DECLS
