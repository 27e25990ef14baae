/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A console backend whose frames a decoder process reads from a SPICE or VNC server. */
#pragma once

#include "console/xeno-console-backend.h"

G_BEGIN_DECLS

/**
 * XenoDisplayOpener:
 * @open_async: begins to open one more socket to the display server
 * @open_finish: returns it to the caller, who owns it, or -1; and says whether what passes goes through
 *   TLS with a server whose certificate is believed
 * @ask_async: (nullable): begins to ask the person for #XenoDisplayCredentials; where it is missing, a
 *   server that wants any is refused
 * @ask_finish: (nullable): returns them to the caller, who wipes the password
 * @take_refusal: (nullable): hears that the server did not take what the person said; there will be
 *   another attempt
 * @is_asking: (nullable): whether a person is being asked something, which may take its time
 * @is_remote: the server is beyond a network
 * @gives_up: an attempt that fails before there was a picture is the last one
 *
 * How to get sockets from an object, a #XenoMachine as a rule.
 */
typedef struct
{
  void     (*open_async)   (GObject              *object,
                            GCancellable         *cancellable,
                            GAsyncReadyCallback   callback,
                            gpointer              user_data);
  int      (*open_finish)  (GObject              *object,
                            GAsyncResult         *result,
                            gboolean             *is_certified,
                            GError              **error);
  void     (*ask_async)    (GObject              *object,
                            guint                 wanted,
                            GCancellable         *cancellable,
                            GAsyncReadyCallback   callback,
                            gpointer              user_data);
  gboolean (*ask_finish)   (GObject              *object,
                            GAsyncResult         *result,
                            char                **username,
                            char                **password,
                            GError              **error);
  void     (*take_refusal) (GObject              *object);
  gboolean (*is_asking)    (GObject              *object);
  gboolean is_remote;
  gboolean gives_up;
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
