/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where a console's frames come from and its input goes to; knows nothing of GTK. */
#pragma once

#include "console/xeno-guest.h"
#include "console/xeno-surface.h"
#include "display/xeno-display-protocol.h"

G_BEGIN_DECLS

/**
 * XenoConsoleState:
 * @XENO_CONSOLE_CONNECTING: waiting for the first frame
 * @XENO_CONSOLE_LIVE: frames come as the guest paints
 * @XENO_CONSOLE_FROZEN: the display went away and is being opened again; the last frame stands
 * @XENO_CONSOLE_CLOSED: it will not come back by itself; "error" may say why
 */
typedef enum
{
  XENO_CONSOLE_CONNECTING,
  XENO_CONSOLE_LIVE,
  XENO_CONSOLE_FROZEN,
  XENO_CONSOLE_CLOSED,
} XenoConsoleState;

#define XENO_TYPE_CONSOLE_STATE (xeno_console_state_get_type ())
GType xeno_console_state_get_type (void);

/* A pointer shape: straight RGBA, rows without padding. NULL pixels: hidden. */
typedef struct
{
  guint   width, height;
  int     hot_x, hot_y;
  GBytes *rgba;
} XenoCursorShape;

#define XENO_TYPE_CONSOLE_BACKEND (xeno_console_backend_get_type ())

G_DECLARE_DERIVABLE_TYPE (XenoConsoleBackend, xeno_console_backend, XENO, CONSOLE_BACKEND, GObject)

/* Signals, all in the main thread:
 *  "surface-changed"  ()                        another surface (or none): ask get_surface()
 *  "damage"           (int x, y, width, height) pixels of the surface changed
 *  "updated"          ()                        that was all damage for now: show it
 *  "heads-changed"    ()                        other monitors: ask get_heads(), get_outputs()
 *  "cursor-changed"   ()                        shape or visibility: ask get_cursor()
 *  "cursor-moved"     ()                        a relative pointer: ask get_cursor_place()
 *  "leds-changed"     ()                        lock keys of the guest
 * Properties: "state", "error" (boxed), "name" (what the server calls itself), "has-absolute-pointer"
 * (else relative).
 *
 * The base class keeps what is pressed: an implementation never sees a release without its press,
 * and sees every release before stop(). */
struct _XenoConsoleBackendClass
{
  GObjectClass parent_class;

  void (*start)            (XenoConsoleBackend *self);
  void (*stop)             (XenoConsoleBackend *self);
  void (*key)              (XenoConsoleBackend *self,
                            guint               qnum,
                            guint               keyval,
                            gboolean            pressed);
  void (*pointer_moved)    (XenoConsoleBackend *self,
                            guint               x,
                            guint               y);
  void (*pointer_moved_by) (XenoConsoleBackend *self,
                            int                 dx,
                            int                 dy);
  void (*button)           (XenoConsoleBackend *self,
                            guint               button,
                            gboolean            pressed);
  void (*wheel)            (XenoConsoleBackend *self,
                            int                 dx,
                            int                 dy);
  void (*frame_done)       (XenoConsoleBackend *self);
  void (*set_locks)        (XenoConsoleBackend *self,
                            guint               locks);

  gpointer padding[7];
};

void                   xeno_console_backend_start                (XenoConsoleBackend    *self);
void                   xeno_console_backend_stop                 (XenoConsoleBackend    *self);
XenoConsoleState       xeno_console_backend_get_state            (XenoConsoleBackend    *self);
const GError          *xeno_console_backend_get_error            (XenoConsoleBackend    *self);
const char            *xeno_console_backend_get_name             (XenoConsoleBackend    *self);
XenoSurface           *xeno_console_backend_get_surface          (XenoConsoleBackend    *self);
const XenoDisplayHead *xeno_console_backend_get_heads            (XenoConsoleBackend    *self,
                                                                  guint                 *n_heads);
guint                  xeno_console_backend_get_outputs          (XenoConsoleBackend    *self);
const XenoCursorShape *xeno_console_backend_get_cursor           (XenoConsoleBackend    *self);
gboolean               xeno_console_backend_get_cursor_place     (XenoConsoleBackend    *self,
                                                                  int                   *x,
                                                                  int                   *y);
gboolean               xeno_console_backend_has_absolute_pointer (XenoConsoleBackend    *self);
gboolean               xeno_console_backend_has_side_wheel       (XenoConsoleBackend    *self);
guint                  xeno_console_backend_get_leds             (XenoConsoleBackend    *self);
XenoGuest             *xeno_console_backend_get_guest            (XenoConsoleBackend    *self);
void                   xeno_console_backend_key                  (XenoConsoleBackend    *self,
                                                                  guint                  qnum,
                                                                  guint                  keyval,
                                                                  gboolean               pressed);
void                   xeno_console_backend_pointer_moved        (XenoConsoleBackend    *self,
                                                                  guint                  x,
                                                                  guint                  y);
void                   xeno_console_backend_pointer_moved_by     (XenoConsoleBackend    *self,
                                                                  int                    dx,
                                                                  int                    dy);
void                   xeno_console_backend_button               (XenoConsoleBackend    *self,
                                                                  guint                  button,
                                                                  gboolean               pressed);
void                   xeno_console_backend_wheel                (XenoConsoleBackend    *self,
                                                                  int                    dx,
                                                                  int                    dy);
void                   xeno_console_backend_set_locks            (XenoConsoleBackend    *self,
                                                                  guint                  locks);
void                   xeno_console_backend_release_all          (XenoConsoleBackend    *self);
void                   xeno_console_backend_frame_done           (XenoConsoleBackend    *self);

/* For implementations: compare, store, notify. */
void                   xeno_console_backend_set_guest            (XenoConsoleBackend    *self,
                                                                  XenoGuest             *guest);
void                   xeno_console_backend_set_state            (XenoConsoleBackend    *self,
                                                                  XenoConsoleState       state,
                                                                  const GError          *error);
void                   xeno_console_backend_set_name             (XenoConsoleBackend    *self,
                                                                  const char            *name);
void                   xeno_console_backend_set_surface          (XenoConsoleBackend    *self,
                                                                  XenoSurface           *surface);
void                   xeno_console_backend_set_heads            (XenoConsoleBackend    *self,
                                                                  const XenoDisplayHead *heads,
                                                                  guint                  n_heads,
                                                                  guint                  outputs);
void                   xeno_console_backend_set_cursor           (XenoConsoleBackend    *self,
                                                                  const XenoCursorShape *shape);
void                   xeno_console_backend_move_cursor          (XenoConsoleBackend    *self,
                                                                  int                    x,
                                                                  int                    y);
void                   xeno_console_backend_set_absolute_pointer (XenoConsoleBackend    *self,
                                                                  gboolean               absolute);
void                   xeno_console_backend_set_side_wheel       (XenoConsoleBackend    *self,
                                                                  gboolean               has_side_wheel);
void                   xeno_console_backend_set_leds             (XenoConsoleBackend    *self,
                                                                  guint                  leds);
void                   xeno_console_backend_damage               (XenoConsoleBackend    *self,
                                                                  int                    x,
                                                                  int                    y,
                                                                  int                    width,
                                                                  int                    height);
void                   xeno_console_backend_end_update           (XenoConsoleBackend    *self);

G_END_DECLS
