/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Somebody who looks at an address: connects to it, and asks the person what only they know. */
#pragma once

#include "viewer/xeno-certificate.h"

G_BEGIN_DECLS

/**
 * XenoViewerQuestion:
 * @XENO_VIEWER_ASKS_NOTHING: nothing
 * @XENO_VIEWER_ASKS_CREDENTIALS: who the person is
 * @XENO_VIEWER_ASKS_TRUST: whether the server's certificate is to be trusted
 *
 * What a viewer waits for.
 */
typedef enum
{
  XENO_VIEWER_ASKS_NOTHING,
  XENO_VIEWER_ASKS_CREDENTIALS,
  XENO_VIEWER_ASKS_TRUST,
} XenoViewerQuestion;

/**
 * XenoViewerCredentials:
 * @XENO_VIEWER_USERNAME: a user name
 * @XENO_VIEWER_PASSWORD: a password
 *
 * What a server wants to know.
 */
typedef enum
{
  XENO_VIEWER_USERNAME = 1 << 0,
  XENO_VIEWER_PASSWORD = 1 << 1,
} XenoViewerCredentials;

#define XENO_TYPE_VIEWER (xeno_viewer_get_type ())

G_DECLARE_FINAL_TYPE (XenoViewer, xeno_viewer, XENO, VIEWER, GObject)

XenoViewer            *xeno_viewer_new                   (XenoAddress            *address,
                                                          GSettings              *settings);
XenoAddress           *xeno_viewer_get_address           (XenoViewer             *self);
gboolean               xeno_viewer_is_encrypted          (XenoViewer             *self);
void                   xeno_viewer_open_async            (XenoViewer             *self,
                                                          GCancellable           *cancellable,
                                                          GAsyncReadyCallback     callback,
                                                          gpointer                user_data);
int                    xeno_viewer_open_finish           (XenoViewer             *self,
                                                          GAsyncResult           *result,
                                                          gboolean               *is_certified,
                                                          GError                **error);
void                   xeno_viewer_ask_async             (XenoViewer             *self,
                                                          XenoViewerCredentials   wanted,
                                                          GCancellable           *cancellable,
                                                          GAsyncReadyCallback     callback,
                                                          gpointer                user_data);
gboolean               xeno_viewer_ask_finish            (XenoViewer             *self,
                                                          GAsyncResult           *result,
                                                          char                  **username,
                                                          char                  **password,
                                                          GError                **error);
void                   xeno_viewer_take_refusal          (XenoViewer             *self);

/* The question, and its answers. */
XenoViewerQuestion     xeno_viewer_get_question          (XenoViewer             *self);
XenoViewerCredentials  xeno_viewer_get_wanted            (XenoViewer             *self);
const char            *xeno_viewer_get_username          (XenoViewer             *self);
gboolean               xeno_viewer_was_refused           (XenoViewer             *self);
gboolean               xeno_viewer_can_remember          (XenoViewer             *self);
GTlsCertificate       *xeno_viewer_get_certificate       (XenoViewer             *self);
const char            *xeno_viewer_get_known_fingerprint (XenoViewer             *self);
void                   xeno_viewer_answer_credentials    (XenoViewer             *self,
                                                          const char             *username,
                                                          const char             *password,
                                                          gboolean                remember);
void                   xeno_viewer_answer_trust          (XenoViewer             *self);
void                   xeno_viewer_refuse_answer         (XenoViewer             *self);

G_END_DECLS
