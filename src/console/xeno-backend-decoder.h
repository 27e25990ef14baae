/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A console backend whose frames a decoder process reads from a SPICE or VNC server. */
#pragma once

#include "console/xeno-console-backend.h"

G_BEGIN_DECLS

/**
 * XenoDisplayOpener:
 * @open_async: begins to open one more socket to the display server
 * @open_finish: returns it to the caller, who owns it, or -1
 *
 * How to get sockets from an object, a #XenoMachine as a rule.
 */
typedef struct
{
  void (*open_async)  (GObject              *object,
                       GCancellable         *cancellable,
                       GAsyncReadyCallback   callback,
                       gpointer              user_data);
  int  (*open_finish) (GObject              *object,
                       GAsyncResult         *result,
                       GError              **error);
} XenoDisplayOpener;

#define XENO_TYPE_BACKEND_DECODER (xeno_backend_decoder_get_type ())

G_DECLARE_FINAL_TYPE (XenoBackendDecoder, xeno_backend_decoder, XENO, BACKEND_DECODER, XenoConsoleBackend)

XenoConsoleBackend *xeno_backend_decoder_new        (const XenoDisplayOpener *opener,
                                                     GObject                 *opener_object,
                                                     const char              *kind,
                                                     const char              *title);
gboolean            xeno_backend_decoder_is_active  (XenoBackendDecoder      *self);
void                xeno_backend_decoder_set_active (XenoBackendDecoder      *self,
                                                     gboolean                 active);
GPid                xeno_backend_decoder_get_pid    (XenoBackendDecoder      *self);

G_END_DECLS
