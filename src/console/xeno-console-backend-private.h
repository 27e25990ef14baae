/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the parts of a console's backend share: its life, what it shows, and what it is told. */
#pragma once

#include "console/xeno-console-backend.h"

G_BEGIN_DECLS

typedef struct
{
  guint qnum;
  guint keyval;
} XenoBackendKey;

typedef struct
{
  XenoConsoleState  state;
  GError           *error;
  char             *name;
  XenoSurface      *surface;
  XenoDisplayHead   heads[XENO_DISPLAY_MAX_HEADS];
  guint             n_heads;
  guint             outputs;
  XenoCursorShape   cursor;
  gboolean          has_cursor;
  gboolean          has_cursor_place;
  int               cursor_x;
  int               cursor_y;
  gboolean          has_absolute_pointer;
  gboolean          lacks_side_wheel;
  guint             leds;
  XenoGuest        *guest;
  GArray           *pressed_keys;
  guint             pressed_buttons;
} XenoConsoleBackendPrivate;

enum
{
  XENO_BACKEND_SURFACE_CHANGED,
  XENO_BACKEND_DAMAGE,
  XENO_BACKEND_UPDATED,
  XENO_BACKEND_HEADS_CHANGED,
  XENO_BACKEND_CURSOR_CHANGED,
  XENO_BACKEND_CURSOR_MOVED,
  XENO_BACKEND_LEDS_CHANGED,
  XENO_BACKEND_N_SIGNALS,
};

extern guint xeno_console_backend_signals[XENO_BACKEND_N_SIGNALS];

XenoConsoleBackendPrivate *xeno_console_backend_get_private (XenoConsoleBackend *self);

G_END_DECLS
