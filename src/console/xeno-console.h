/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The guest's screen as a widget: shows a backend's frames and sends it keyboard and pointer. */
#pragma once

#include <gtk/gtk.h>

#include "console/xeno-console-backend.h"
#include "console/xeno-transform.h"

G_BEGIN_DECLS

#define XENO_TYPE_CONSOLE (xeno_console_get_type ())

G_DECLARE_FINAL_TYPE (XenoConsole, xeno_console, XENO, CONSOLE, GtkWidget)

GtkWidget          *xeno_console_new              (void);
XenoConsoleBackend *xeno_console_get_backend      (XenoConsole        *self);
void                xeno_console_set_backend      (XenoConsole        *self,
                                                   XenoConsoleBackend *backend);
XenoScaleMode       xeno_console_get_scale_mode   (XenoConsole        *self);
void                xeno_console_set_scale_mode   (XenoConsole        *self,
                                                   XenoScaleMode       scale_mode);
gboolean            xeno_console_is_grabbed       (XenoConsole        *self);
void                xeno_console_grab             (XenoConsole        *self);
void                xeno_console_ungrab           (XenoConsole        *self);
void                xeno_console_set_reserved     (XenoConsole        *self,
                                                   GListModel         *shortcuts);
void                xeno_console_send_keys        (XenoConsole        *self,
                                                   const guint        *qnums,
                                                   gsize               n_qnums);
GdkTexture         *xeno_console_take_screenshot  (XenoConsole        *self);

G_END_DECLS
