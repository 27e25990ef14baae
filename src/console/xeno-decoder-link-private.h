/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the parts of the link to a decoder share: its life, its gate, and what it listens to. */
#pragma once

#include "console/xeno-decoder-link.h"
#include "console/xeno-guest-decoder.h"
#include "console/xeno-texture-reader.h"
#include "display/xeno-display-board.h"

G_BEGIN_DECLS

/* What a decoder may call. */
#define XENO_DECODER_LINK_N_INTERFACES 3

struct _XenoDecoderLink
{
  GObject                  parent_instance;
  XenoConsoleBackend      *backend; /* the owner; NULL once closed */
  const XenoDisplayOpener *opener;
  GObject                 *opener_object;
  char                    *kind;
  char                    *title;

  GSubprocess             *process;
  GDBusConnection         *connection;
  GCancellable            *cancellable;
  guint                    registration_ids[XENO_DECODER_LINK_N_INTERFACES];
  guint                    filter_id;
  XenoDisplayStage         stage;
  XenoDisplayBoard        *board;
  guint                    bell_id;
  guint                    n_sockets;
  XenoTextureReader       *texture; /* the last that the decoder gave, if it can be read here */
  gboolean                 is_asking;
  guint                    quiet_id;
  gboolean                 is_asked;
  guint                    n_unanswered;

  /* Shared with GDBus's thread. */
  gint                     n_calls;
  gint                     is_refused;
};

/* xeno-decoder-link.c */
XenoGuestDecoder *xeno_decoder_link_get_guest (XenoDecoderLink  *self);
void          xeno_decoder_link_end         (XenoDecoderLink  *self,
                                             gboolean          for_good,
                                             GError           *error);
void          xeno_decoder_link_end_lost    (XenoDecoderLink  *self,
                                             const char       *details);
void          xeno_decoder_link_end_lying   (XenoDecoderLink  *self);
void          xeno_decoder_link_set_stage   (XenoDecoderLink  *self,
                                             XenoDisplayStage  stage);

/* xeno-decoder-link-board.c */
void          xeno_decoder_link_watch_board (XenoDecoderLink  *self);

/* xeno-decoder-link-credentials.c */
void          xeno_decoder_link_ask         (XenoDecoderLink       *self,
                                             GVariant              *parameters,
                                             GDBusMethodInvocation *invocation);

/* xeno-decoder-link-gate.c */
GDBusMessage *xeno_decoder_link_filter      (GDBusConnection  *connection,
                                             GDBusMessage     *message,
                                             gboolean          incoming,
                                             gpointer          user_data);

/* xeno-decoder-link-life.c */
void          xeno_decoder_link_expect_life (XenoDecoderLink  *self);

/* xeno-decoder-link-listener.c */
extern const GDBusInterfaceInfo *const xeno_decoder_link_interfaces[XENO_DECODER_LINK_N_INTERFACES];
extern const GDBusInterfaceVTable xeno_decoder_link_listener;

G_END_DECLS
