/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the parts of a VNC viewer share. */
#pragma once

#include <vncbaseaudio.h>
#include <vncconnection.h>

#include "display/xeno-display-player.h"
#include "display/xeno-display-server.h"
#include "display/xeno-display-vnc.h"

G_BEGIN_DECLS

struct _XenoDisplayVnc
{
  XenoDisplaySource  parent_instance;
  XenoDisplayServer *server;
  VncConnection     *connection;
  XenoFrameBuffer   *frame;
  char              *error;
  GSourceOnceFunc    stopped;
  gpointer           stopped_data;
  guint              request_id;
  gboolean           is_remote;
  gboolean           has_auth_type;
  gboolean           has_auth_subtype;
  gboolean           has_requested;
  gboolean           is_frame_shown;
  gboolean           is_absolute;
  int                leds; /* -1: the server has not told them */
  int                early_locks; /* wanted before they were; -1: none */
  guint8             buttons;
  guint16            x;
  guint16            y;
  guint              nudge_id;
  guint              n_nudges;
  GBytes            *text; /* what the guest cut last */
  GCancellable      *asking;
  VncBaseAudio      *audio;
  XenoDisplayPlayer *player;
};

/* xeno-display-vnc.c */
void     xeno_display_vnc_listen         (XenoDisplayVnc         *self,
                                          const char             *signal,
                                          GCallback               callback);
gboolean xeno_display_vnc_can_send       (XenoDisplayVnc         *self);
void     xeno_display_vnc_set_error      (XenoDisplayVnc         *self,
                                          const char             *message);
void     xeno_display_vnc_fail           (XenoDisplayVnc         *self,
                                          XenoDisplayFailure      failure);

/* xeno-display-vnc-auth.c */
void     xeno_display_vnc_connect_auth   (XenoDisplayVnc         *self);

/* xeno-display-vnc-input.c */
void     xeno_display_vnc_add_input      (XenoDisplaySourceClass *source_class);
void     xeno_display_vnc_connect_input  (XenoDisplayVnc         *self);

/* xeno-display-vnc-sound.c */
extern const VncAudioFormat xeno_display_vnc_sound_format;

void     xeno_display_vnc_add_sound      (XenoDisplaySourceClass *source_class);
void     xeno_display_vnc_connect_sound  (XenoDisplayVnc         *self);

/* xeno-display-vnc-nudge.c */
void     xeno_display_vnc_nudge          (XenoDisplayVnc         *self);
void     xeno_display_vnc_drop_nudges    (XenoDisplayVnc         *self);

/* xeno-display-vnc-screen.c */
void     xeno_display_vnc_connect_screen (XenoDisplayVnc         *self);
void     xeno_display_vnc_show_screen    (XenoDisplayVnc         *self);
void     xeno_display_vnc_queue_request  (XenoDisplayVnc         *self);
void     xeno_display_vnc_end_request    (XenoDisplayVnc         *self);

G_END_DECLS
