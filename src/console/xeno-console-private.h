/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the parts of the console widget share: drawing, input and grab. */
#pragma once

#include "base/xeno-coalescer.h"
#include "console/xeno-console.h"
#include "console/xeno-cursor-cache.h"
#include "console/xeno-direct.h"
#include "console/xeno-focus-watch.h"
#include "console/xeno-frame.h"
#include "console/xeno-guest-monitors.h"
#include "console/xeno-painter.h"
#include "console/xeno-pointer-lock.h"
#include "console/xeno-qnum.h"
#include "console/xeno-touch.h"
#include "console/xeno-wheel.h"

G_BEGIN_DECLS

/* A key the guest was told is down, or is about to be told. The key code identifies it: its meaning
 * can differ between press and release. */
typedef struct
{
  guint    keycode;
  guint    qnum;
  guint    keyval;
  gboolean is_waiting;
} XenoPressedKey;

typedef enum
{
  XENO_CONSOLE_PROP_BACKEND = 1,
  XENO_CONSOLE_PROP_SCALE_MODE,
  XENO_CONSOLE_PROP_HEAD,
  XENO_CONSOLE_PROP_GRAB_POLICY,
  XENO_CONSOLE_PROP_RELEASE_CHORD,
  XENO_CONSOLE_PROP_IS_GRABBED,
  XENO_CONSOLE_PROP_RESIZES_GUEST,
  XENO_CONSOLE_PROP_VIEW_ONLY,
  XENO_CONSOLE_PROP_HAS_DESKTOP_KEYS,
  XENO_CONSOLE_PROP_HOLDS_POINTER,
  XENO_CONSOLE_PROP_SCROLL_SPEED,
  XENO_CONSOLE_N_PROPS,
} XenoConsoleProperty;

struct _XenoConsole
{
  GtkWidget           parent_instance;

  XenoConsoleBackend *backend;
  GSignalGroup       *backend_signals;

  XenoSurface        *surface; /* the backend's, or the part that one monitor shows */
  guint               head;
  XenoFrame          *frame;
  XenoPainter        *painter;
  XenoDirect         *direct;
  gulong              composited_id;
  XenoScaleMode       scale_mode;
  XenoTransform       transform;
  GdkTexture         *drawn_shape;
  XenoCursorCache    *cursors;
  GtkEventController *pan_controller;
  double              pan_x; /* the pointer in the part of the picture that is seen */
  double              pan_y;
  guint               pan_id;
  gint64              panned_us;
  gboolean            resizes_guest;

  GtkEventController *key_controller;
  GArray             *pressed;
  guint               waiting_id;
  gboolean            is_evdev;

  double              pointer_x;
  double              pointer_y;
  gboolean            knows_pointer;
  gboolean            holds_pointer;
  XenoPointerLock    *pointer_lock;
  XenoCoalescer      *movement;
  double              rest_x;
  double              rest_y;
  XenoWheel           wheel;
  gboolean            turns_sideways;
  guint               shift_id; /* while Shift is held for the wheel */
  gint64              turned_us; /* up or down, last */
  XenoTouch          *touch;
  gboolean            is_touched;
  double              scroll_speed;

  GtkWindow          *window;
  gulong              active_id;
  gulong              inhibited_id;
  gulong              focused_id;
  XenoFocusWatch     *focus_watch;
  GListModel         *reserved;
  gboolean            has_focus;
  gboolean            is_grabbed;
  gboolean            is_view_only;
  gboolean            has_desktop_keys;
  gboolean            is_chord_armed;
  XenoGrabPolicy      grab_policy;
  XenoReleaseChord    release_chord;
};

/* xeno-console-keys.c */
void     xeno_console_init_keys              (XenoConsole *self);
void     xeno_console_attach_keyboard        (XenoConsole *self);
void     xeno_console_detach_keyboard        (XenoConsole *self);
void     xeno_console_send_waiting           (XenoConsole *self);
void     xeno_console_release_keys           (XenoConsole *self);
void     xeno_console_sync_locks             (XenoConsole *self);

/* xeno-console-pointer.c */
void     xeno_console_init_pointer           (XenoConsole *self);
void     xeno_console_hold_pointer           (XenoConsole *self);
void     xeno_console_free_pointer           (XenoConsole *self);
void     xeno_console_flush_movement         (XenoConsole *self);
gboolean xeno_console_get_place              (XenoConsole *self,
                                              GdkEvent    *event,
                                              double      *x,
                                              double      *y);
void     xeno_console_move_pointer           (XenoConsole *self,
                                              double       x,
                                              double       y);
void     xeno_console_take_button            (XenoConsole *self,
                                              guint        button,
                                              gboolean     is_down);

/* xeno-console-touch.c */
void     xeno_console_init_touch             (XenoConsole *self);
gboolean xeno_console_take_touch             (XenoConsole *self,
                                              GdkEvent    *event);

/* xeno-console-wheel.c */
void     xeno_console_init_wheel             (XenoConsole *self);
void     xeno_console_end_sideways           (XenoConsole *self);
void     xeno_console_turn_wheel             (XenoConsole *self,
                                              double       dx,
                                              double       dy);
void     xeno_console_turn_wheel_by_fingers  (XenoConsole *self,
                                              double       dx,
                                              double       dy);

/* xeno-console-grab.c */
void     xeno_console_init_grab              (XenoConsole *self);
void     xeno_console_attach_window          (XenoConsole *self);
void     xeno_console_detach_window          (XenoConsole *self);
void     xeno_console_follow_focus           (XenoConsole *self);
void     xeno_console_follow_pointer         (XenoConsole *self);
gboolean xeno_console_is_reserved            (XenoConsole *self,
                                              GdkEvent    *event);
void     xeno_console_watch_press            (XenoConsole *self);
gboolean xeno_console_watch_release          (XenoConsole *self,
                                              guint        qnum);

/* xeno-console-picture.c */
void     xeno_console_init_picture           (XenoConsole *self);
void     xeno_console_realize_picture        (XenoConsole *self);
void     xeno_console_unrealize_picture      (XenoConsole *self);
void     xeno_console_finalize_picture       (XenoConsole *self);
void     xeno_console_take_surface           (XenoConsole *self);
void     xeno_console_update_head            (XenoConsole *self);
void     xeno_console_update_transform       (XenoConsole *self);
void     xeno_console_snapshot               (GtkWidget   *widget,
                                              GtkSnapshot *snapshot);

/* xeno-console-pan.c */
void     xeno_console_attach_pan             (XenoConsole *self);
void     xeno_console_detach_pan             (XenoConsole *self);

/* xeno-console-cursor.c */
void     xeno_console_update_cursor          (XenoConsole *self);
gboolean xeno_console_draws_pointer          (XenoConsole *self);
void     xeno_console_append_pointer         (XenoConsole *self,
                                              GtkSnapshot *snapshot);

/* xeno-console-size.c */
void     xeno_console_want_size              (XenoConsole *self);
void     xeno_console_forget_size            (XenoConsole *self);

/* xeno-console-properties.c */
void     xeno_console_install_properties     (GObjectClass        *object_class);
void     xeno_console_notify                 (XenoConsole         *self,
                                              XenoConsoleProperty  property);

G_END_DECLS
