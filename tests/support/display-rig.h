/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What tests of a display need: sockets from a path, servers to connect to, waiting for a condition. */
#pragma once

#include "console/xeno-backend-decoder.h"

G_BEGIN_DECLS

/* Opens sockets to the path of #DisplayRig; counts how often. */
extern const XenoDisplayOpener display_rig_opener;

#define DISPLAY_TYPE_RIG (display_rig_get_type ())

G_DECLARE_FINAL_TYPE (DisplayRig, display_rig, DISPLAY, RIG, GObject)

DisplayRig         *display_rig_new           (void);
const char         *display_rig_get_path      (DisplayRig         *self);
guint               display_rig_get_n_opened  (DisplayRig         *self);
void                display_rig_set_refusing  (DisplayRig         *self,
                                               gboolean            refusing);
void                display_rig_start_server  (DisplayRig         *self,
                                               const char *const  *argv);
void                display_rig_stop_server   (DisplayRig         *self);
GSubprocess        *display_rig_get_server    (DisplayRig         *self);
XenoConsoleBackend *display_rig_new_backend   (DisplayRig         *self,
                                               const char         *kind);
void                display_rig_await_state   (XenoConsoleBackend *backend,
                                               XenoConsoleState    state);
void                display_rig_await_ability (XenoConsoleBackend *backend,
                                               XenoDisplayAbility  ability);
void                display_rig_await_size    (XenoConsoleBackend *backend,
                                               guint               width,
                                               guint               height);
void                display_rig_await_sound   (const char         *path);

G_END_DECLS
