/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The decoder's end of the conversation with the app. */
#pragma once

#include "display/xeno-display-board.h"
#include "display/xeno-display-source.h"

G_BEGIN_DECLS

#define XENO_TYPE_DISPLAY_SERVER (xeno_display_server_get_type ())

G_DECLARE_FINAL_TYPE (XenoDisplayServer, xeno_display_server, XENO, DISPLAY_SERVER, GObject)

XenoDisplayServer *xeno_display_server_new                  (GDBusConnection      *connection,
                                                             XenoDisplaySource    *source,
                                                             XenoDisplayBoard     *board);
void               xeno_display_server_open_socket_async    (XenoDisplayServer    *self,
                                                             GCancellable         *cancellable,
                                                             GAsyncReadyCallback   callback,
                                                             gpointer              user_data);
int                xeno_display_server_open_socket_finish   (XenoDisplayServer    *self,
                                                             GAsyncResult         *result,
                                                             GError              **error);
void               xeno_display_server_ask_credentials_async (XenoDisplayServer      *self,
                                                              XenoDisplayCredentials  wanted,
                                                              GAsyncReadyCallback     callback,
                                                              gpointer                user_data);
gboolean           xeno_display_server_ask_credentials_finish (XenoDisplayServer  *self,
                                                               GAsyncResult       *result,
                                                               char              **username,
                                                               char              **password,
                                                               GError            **error);
void               xeno_display_free_secret                 (char                 *secret);
void               xeno_display_server_set_name             (XenoDisplayServer    *self,
                                                             const char           *name);
void               xeno_display_server_set_stage            (XenoDisplayServer    *self,
                                                             XenoDisplayStage      stage);
void               xeno_display_server_fail                 (XenoDisplayServer    *self,
                                                             XenoDisplayFailure    failure,
                                                             const char           *details);
void               xeno_display_server_set_frame            (XenoDisplayServer    *self,
                                                             XenoFrameBuffer      *frame);
void               xeno_display_server_damage               (XenoDisplayServer    *self,
                                                             int                   x,
                                                             int                   y,
                                                             int                   width,
                                                             int                   height);
gboolean           xeno_display_server_has_room             (XenoDisplayServer    *self);
void               xeno_display_server_set_heads            (XenoDisplayServer    *self,
                                                             const XenoDisplayHead *heads,
                                                             guint                 n_heads,
                                                             guint                 outputs);
void               xeno_display_server_define_cursor        (XenoDisplayServer    *self,
                                                             guint                 width,
                                                             guint                 height,
                                                             int                   hot_x,
                                                             int                   hot_y,
                                                             const guchar         *rgba);
void               xeno_display_server_hide_cursor          (XenoDisplayServer    *self);
void               xeno_display_server_reset_cursor         (XenoDisplayServer    *self);
void               xeno_display_server_move_cursor          (XenoDisplayServer    *self,
                                                             int                   x,
                                                             int                   y);
void               xeno_display_server_set_absolute_pointer (XenoDisplayServer    *self,
                                                             gboolean              absolute);
void               xeno_display_server_set_leds             (XenoDisplayServer    *self,
                                                             guint                 leds);
void               xeno_display_server_set_abilities        (XenoDisplayServer    *self,
                                                             guint                 mask,
                                                             guint                 abilities);
void               xeno_display_server_grab                 (XenoDisplayServer    *self,
                                                             guint                 forms);
void               xeno_display_server_request_async        (XenoDisplayServer    *self,
                                                             guint                 form,
                                                             GCancellable         *cancellable,
                                                             GAsyncReadyCallback   callback,
                                                             gpointer              user_data);
GBytes            *xeno_display_server_request_finish       (XenoDisplayServer    *self,
                                                             GAsyncResult         *result,
                                                             GError              **error);
void               xeno_display_server_open_sound_async     (XenoDisplayServer    *self,
                                                             gboolean              records,
                                                             guint                 rate,
                                                             guint                 channels,
                                                             GCancellable         *cancellable,
                                                             GAsyncReadyCallback   callback,
                                                             gpointer              user_data);
int                xeno_display_server_open_sound_finish    (XenoDisplayServer    *self,
                                                             GAsyncResult         *result,
                                                             GError              **error);
void               xeno_display_server_open_port_async      (XenoDisplayServer    *self,
                                                             XenoDisplayPort       port,
                                                             GCancellable         *cancellable,
                                                             GAsyncReadyCallback   callback,
                                                             gpointer              user_data);
int                xeno_display_server_open_port_finish     (XenoDisplayServer    *self,
                                                             GAsyncResult         *result,
                                                             GError              **error);
void               xeno_display_server_open_texture_async   (XenoDisplayServer    *self,
                                                             int                   fd,
                                                             const XenoTextureShape *shape,
                                                             GAsyncReadyCallback   callback,
                                                             gpointer              user_data);
int                xeno_display_server_open_texture_finish  (XenoDisplayServer    *self,
                                                             GAsyncResult         *result,
                                                             GError              **error);
void               xeno_display_server_read_texture_async   (XenoDisplayServer    *self,
                                                             const XenoRectangle  *rectangle,
                                                             GAsyncReadyCallback   callback,
                                                             gpointer              user_data);
gboolean           xeno_display_server_read_texture_finish  (XenoDisplayServer    *self,
                                                             GAsyncResult         *result,
                                                             GError              **error);
void               xeno_display_server_set_sent             (XenoDisplayServer    *self,
                                                             guint64               sent);

G_END_DECLS
