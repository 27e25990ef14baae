/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the parts of a viewer share: its connections, and its questions. */
#pragma once

#include "viewer/xeno-viewer.h"

G_BEGIN_DECLS

struct _XenoViewer
{
  GObject                parent_instance;
  XenoAddress           *address;
  GSettings             *settings;
  gboolean               is_encrypted;

  /* What the person said, for when the connection is made anew. */
  char                  *username;
  char                  *password;
  gboolean               was_refused;

  XenoViewerQuestion     question;
  GTask                 *asking;
  gulong                 cancelled_id;
  XenoViewerCredentials  wanted;
  gboolean               can_remember;
  GTlsCertificate       *certificate;
  char                  *known;
};

/* xeno-viewer-answers.c */
void     xeno_viewer_ask_trust_async  (XenoViewer           *self,
                                       GTlsCertificate      *certificate,
                                       GCancellable         *cancellable,
                                       GAsyncReadyCallback   callback,
                                       gpointer              user_data);
gboolean xeno_viewer_ask_trust_finish (XenoViewer           *self,
                                       GAsyncResult         *result,
                                       GError              **error);
void     xeno_viewer_forget           (XenoViewer           *self);

/* xeno-viewer.c */
void     xeno_viewer_notify_question  (XenoViewer           *self);

G_END_DECLS
