/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One decoder process from its start to its end, and the gate for all it says. */
#pragma once

#include "console/xeno-console-backend.h"
#include "console/xeno-backend-decoder.h"
#include "display/xeno-display-protocol.h"

G_BEGIN_DECLS

#define XENO_TYPE_DECODER_LINK (xeno_decoder_link_get_type ())

G_DECLARE_FINAL_TYPE (XenoDecoderLink, xeno_decoder_link, XENO, DECODER_LINK, GObject)

/* Signals: "progress" () when the stage has changed; "ended" (GError *, gboolean for_good) once, by
 * itself only, never by xeno_decoder_link_close(). */
XenoDecoderLink  *xeno_decoder_link_new        (XenoConsoleBackend      *backend,
                                                const XenoDisplayOpener *opener,
                                                GObject                 *opener_object,
                                                const char              *kind,
                                                const char              *title);
void              xeno_decoder_link_open       (XenoDecoderLink         *self);
void              xeno_decoder_link_close      (XenoDecoderLink         *self);
XenoDisplayStage  xeno_decoder_link_get_stage  (XenoDecoderLink         *self);
gboolean          xeno_decoder_link_is_asking  (XenoDecoderLink         *self);
GPid              xeno_decoder_link_get_pid    (XenoDecoderLink         *self);
void              xeno_decoder_link_send       (XenoDecoderLink         *self,
                                                const char              *method,
                                                GVariant                *parameters);
void              xeno_decoder_link_frame_done (XenoDecoderLink         *self);

G_END_DECLS
